#pragma once
/// \file
/// A close look at tensors: statistics, first values, where their bytes are.

#include <string_view>
#include <vector>

#include "dlv/progress.h"
#include "dlv/result.h"
#include "dlv/tensor_report.h"
#include "storage/store/store.h"

namespace dlv::store {

/// As Repository::Inspect.
Result<std::vector<TensorReport>> Inspect(Store& store, std::string_view reference,
                                          const InspectOptions& options,
                                          const Operation& operation);

struct NonFiniteReport {
  std::vector<NonFiniteTensor> tensors;  ///< in the order of the layout
  std::uint64_t tensors_read = 0;
  std::uint64_t read_bytes = 0;
};

/// Looks for NaN and infinite elements in all tensors of the snapshot, or in those of the
/// reference's pattern; each distinct tensor once. Reads sign and exponent alone; a chunk where an
/// exponent says "not finite" is read whole.
/// Errors: those of Inspect.
Result<NonFiniteReport> FindNonFinite(Store& store, std::string_view reference,
                                      const Operation& operation);

}  // namespace dlv::store

#pragma once
/// \file
/// Lossy versions beside the exact ones.

#include <string_view>
#include <vector>

#include "dlv/commit.h"
#include "dlv/progress.h"
#include "dlv/quantize.h"
#include "dlv/result.h"
#include "storage/store/store.h"

namespace dlv::store {

/// What goes with the tensors into the new version.
struct QuantizeExtras {
  std::vector<FileInput> files;
  KeyValues tags;
};

/// As Repository::Quantize. What was done is said in the attributes of the edge to the parent:
/// "scheme", "tensors" (how many changed), "max_error", "relative_error", and for each changed
/// tensor "error/NAME" = "max M relative R".
Result<QuantizeResult> Quantize(Store& store, std::string_view reference,
                                const QuantizeOptions& options, const QuantizeExtras& extras,
                                const Operation& operation);

}  // namespace dlv::store

#pragma once
/// \file
/// Lossy versions beside the exact ones.

#include <string_view>

#include "dlv/progress.h"
#include "dlv/quantize.h"
#include "dlv/result.h"
#include "storage/store/store.h"

namespace dlv::store {

/// As Repository::Quantize. What was done is said in the attributes of the edge to the parent:
/// "scheme", "tensors" (how many changed), "max_error", "relative_error", and for each changed
/// tensor "error/NAME" = "max M relative R".
Result<QuantizeResult> Quantize(Store& store, std::string_view reference,
                                const QuantizeOptions& options, const Operation& operation);

}  // namespace dlv::store

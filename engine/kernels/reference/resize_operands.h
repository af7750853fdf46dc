#pragma once
/// \file
/// Operands of Resize and Upsample, checked.

#include "engine/kernels/call.h"

namespace dlv::kernels {

/// For each axis the place of the input that each place of the output has its elements from;
/// nothing where elements are mixed (linear, cubic). Errors: kInvalidArgument, kUnsupported.
Result<std::optional<std::vector<Wholes>>> ReadNearestPlaces(const Call& call);

}  // namespace dlv::kernels

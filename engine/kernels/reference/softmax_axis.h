#pragma once
/// \file
/// What Softmax runs over.

#include <cstdint>

#include "engine/kernels/call.h"

namespace dlv::kernels {

/// The input as [outer, size, inner]; each sum goes over `size`.
struct SoftmaxAxis {
  std::int64_t outer = 1, size = 1, inner = 1;
};
/// Errors: kInvalidArgument, where there is no such axis.
Result<SoftmaxAxis> ReadSoftmaxAxis(const Call& call);

}  // namespace dlv::kernels

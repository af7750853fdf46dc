#pragma once
/// \file
/// Operands of operators that take parts of a value, checked.

#include "engine/kernels/call.h"

namespace dlv::kernels {

/// Elements of a value: how many along each axis, by which steps, from which place on.
struct Part {
  Shape shape;
  Strides steps;
  std::int64_t first = 0;
};

/// Of Split: one an output. `strides`: of the input. Errors: kInvalidArgument.
Result<std::vector<Part>> ReadSplit(const Call& call, const Strides& strides);
/// Of Slice. Steps may be negative. Errors: kInvalidArgument.
Result<Part> ReadSlice(const Call& call, const Strides& strides);

}  // namespace dlv::kernels

#pragma once
/// \file
/// Operands of operators that give elements another shape or order, checked.

#include "engine/kernels/call.h"

namespace dlv::kernels {

/// The shape that Reshape, Flatten, Squeeze or Unsqueeze gives its input, of as many elements.
/// Errors: kInvalidArgument (got, wanted).
Result<Shape> ReadNewShape(const Call& call);
/// Of Transpose: the axis of the input that each axis of the output is. Errors: kInvalidArgument.
Result<Wholes> ReadPermutation(const Call& call);

}  // namespace dlv::kernels

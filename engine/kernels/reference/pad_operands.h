#pragma once
/// \file
/// Operands of Pad, checked.

#include "engine/kernels/call.h"

namespace dlv::kernels {

/// Elements added at the borders; one number an axis, negative where elements are cut off.
struct Pads {
  Wholes before, after;
};

/// Errors: kInvalidArgument (got, wanted).
Result<Pads> ReadPads(const Call& call, std::size_t rank);
/// The shape of the output. Errors: kInvalidArgument.
Result<Shape> PaddedShape(const Call& call, const Pads& pads, const Shape& in);
/// The one element that fills: operand 2, or attribute "value"; 0 unless given. Errors:
/// kInvalidArgument, as Converted.
Result<Value> ReadFiller(const Call& call, DType dtype);

}  // namespace dlv::kernels

#pragma once
/// \file
/// Elements of one type as those of another.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "dlv/dtype.h"
#include "dlv/result.h"
#include "engine/kernels/memory.h"
#include "engine/kernels/value.h"

namespace dlv::kernels {

/// Returns whether elements of the type can be converted: all but opaque and complex ones.
bool CanConvert(DType dtype);

/// ONNX's numbers of the types that values may have (TensorProto.DataType).
std::optional<DType> TypeOfNumber(std::int64_t number);

/// Writes `count` elements. Real to real rounds to nearest; real to whole goes towards zero, stops
/// at the least and greatest number, and makes 0 of NaN; whole to whole keeps the low bits; to a
/// truth value is `!= 0`. Both types must be convertible; f16, bf16 and f8 can only be read.
void ConvertElements(DType from_dtype, const std::byte* from, DType to_dtype, std::byte* to,
                     std::size_t count);

/// Returns the value in another type; the same elements where it has it already.
/// Errors: kUnsupported (types that do not convert), Memory::Make.
Result<Value> Converted(const Value& value, DType dtype, Memory& memory);

/// Returns a value of working type (value.h) of elements as they are stored.
/// Errors: kInvalidArgument (another number of bytes than the shape has), as Converted.
Result<Value> FromBytes(DType dtype, const Shape& shape, std::span<const std::byte> bytes,
                        DType real, Memory& memory);

/// The elements of a small value of a convertible type; real ones towards zero.
Wholes WholesOf(const Value& value);
std::vector<double> RealsOf(const Value& value);

}  // namespace dlv::kernels

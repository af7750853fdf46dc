#pragma once
/// \file
/// Whole numbers and truth values that a network takes, from real numbers that are such.

#include <span>

#include "dlv/dtype.h"
#include "dlv/result.h"
#include "engine/kernels/memory.h"
#include "engine/kernels/value.h"

namespace dlv::api {

/// Writes the numbers as elements of `dtype`, which must convert (kernels::CanConvert).
/// Errors: kInvalidArgument (a number that the type does not hold: "0.5 at 17, want whole numbers,
/// i64"; beyond 2^53 doubles have gaps, and none is held). Of real types all are.
Status PutNumbers(std::span<const double> numbers, DType dtype, std::byte* out);

/// A value of these numbers. Errors: as PutNumbers; Memory::Make.
Result<kernels::Value> WholesFrom(std::span<const float> numbers, DType dtype,
                                  const kernels::Shape& shape, kernels::Memory& memory);

}  // namespace dlv::api

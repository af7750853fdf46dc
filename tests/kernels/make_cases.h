#pragma once
/// \file
/// Cases for the kernels' tests, made by the codec.

#include <optional>
#include <span>
#include <vector>

#include "dlv/dtype.h"
#include "tests/kernels/float_case.h"

namespace dlv::kernels::test {

/// Encodes elements in mode float and takes the chunk apart. Nothing where they have no such form
/// (exponents too far apart). Of its levels the first, the third and the last two are taken.
std::optional<FloatCase> MakeCase(const std::string& name, DType dtype,
                                  std::span<const std::byte> elements);

/// Centres, which are numbers of the format, as bits of it.
Bytes BytesOfCentres(std::span<const double> centres, const cuda::ElementFormat& format);

/// Of complex types the type of a component.
DType ComponentOf(DType dtype);

/// Every type, many sizes, every kind of data. `large`: whole chunks too.
std::vector<FloatCase> MakeCases(bool large);

}  // namespace dlv::kernels::test

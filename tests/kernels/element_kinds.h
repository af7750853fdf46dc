#pragma once
/// \file
/// What cases are made of: types, and kinds of data.

#include <cstddef>
#include <cstring>
#include <initializer_list>
#include <span>
#include <vector>

#include "dlv/dtype.h"
#include "tests/kernels/float_case.h"
#include "tests/unit/storage/codec/sample_data.h"

namespace dlv::kernels::test {

/// All that have exponents.
inline constexpr DType kFloatTypes[] = {DType::kF32,       DType::kBF16,      DType::kF16,
                                        DType::kF64,       DType::kF8E4M3,    DType::kF8E5M2,
                                        DType::kComplex64, DType::kComplex128};

/// `make`: so many elements.
struct ElementKind {
  const char* name;
  std::vector<std::byte> (*make)(DType, std::size_t);
};

inline constexpr ElementKind kWeightKind = {
    "weights", [](DType dtype, std::size_t n) { return codec::test::Weights(dtype, n); }};
inline constexpr ElementKind kSparseKind = {
    "sparse", [](DType dtype, std::size_t n) { return codec::test::Sparse(dtype, n, 300); }};

/// The kinds that every mode is tried with, and others.
inline std::vector<ElementKind> KindsWith(std::initializer_list<ElementKind> others) {
  std::vector<ElementKind> kinds = {
      kWeightKind,
      kSparseKind,
      {"masked", [](DType dtype, std::size_t n) { return codec::test::Masked(dtype, n); }},
      {"awkward", [](DType dtype, std::size_t n) { return codec::test::Awkward(dtype, n); }}};
  kinds.insert(kinds.end(), others);
  return kinds;
}

inline Bytes CopyOf(std::span<const std::byte> from) {
  Bytes bytes(from.size());
  if (!from.empty()) std::memcpy(bytes.data(), from.data(), from.size());
  return bytes;
}

}  // namespace dlv::kernels::test

#pragma once
/// \file
/// Element types of tensors.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace dlv {

/// The type of a tensor's elements. On disk: do not renumber (docs/format/archive.md, "Element
/// types").
enum class DType : std::uint16_t {
  kOpaque = 0,  ///< bytes of a type dlv does not know; one element is one byte
  kBool = 1,
  kU8 = 2,
  kI8 = 3,
  kU16 = 4,
  kI16 = 5,
  kU32 = 6,
  kI32 = 7,
  kU64 = 8,
  kI64 = 9,
  kF16 = 10,   ///< IEEE 754 binary16
  kBF16 = 11,  ///< the high half of binary32
  kF32 = 12,
  kF64 = 13,
  kF8E4M3 = 14,  ///< OCP "fn" form: no infinities
  kF8E5M2 = 15,
  kComplex64 = 16,   ///< pairs of binary32
  kComplex128 = 17,  ///< pairs of binary64
};

inline constexpr std::uint16_t kDTypeCount = 18;

/// Returns the size of one element in bytes.
constexpr std::size_t SizeOf(DType dtype) {
  switch (dtype) {
    case DType::kOpaque:
    case DType::kBool:
    case DType::kU8:
    case DType::kI8:
    case DType::kF8E4M3:
    case DType::kF8E5M2:
      return 1;
    case DType::kU16:
    case DType::kI16:
    case DType::kF16:
    case DType::kBF16:
      return 2;
    case DType::kU32:
    case DType::kI32:
    case DType::kF32:
      return 4;
    case DType::kU64:
    case DType::kI64:
    case DType::kF64:
    case DType::kComplex64:
      return 8;
    case DType::kComplex128:
      return 16;
  }
  return 1;
}

/// Returns the name as dlv prints it: "f32", "bf16", "i64", "f8_e4m3", "c64", ...
constexpr std::string_view NameOf(DType dtype) {
  constexpr std::string_view kNames[kDTypeCount] = {
      "opaque", "bool", "u8",   "i8",  "u16", "i16",     "u32",     "i32", "u64",
      "i64",    "f16",  "bf16", "f32", "f64", "f8_e4m3", "f8_e5m2", "c64", "c128"};
  const auto index = static_cast<std::size_t>(dtype);
  return index < kDTypeCount ? kNames[index] : std::string_view("opaque");
}

/// Returns the type with that name, or nothing.
constexpr std::optional<DType> DTypeFromName(std::string_view name) {
  for (std::uint16_t i = 0; i < kDTypeCount; ++i) {
    if (NameOf(static_cast<DType>(i)) == name) return static_cast<DType>(i);
  }
  return std::nullopt;
}

/// Returns whether the elements are real floating-point numbers (those with sign, exponent and
/// mantissa planes).
constexpr bool IsFloat(DType dtype) {
  return dtype == DType::kF16 || dtype == DType::kBF16 || dtype == DType::kF32 ||
         dtype == DType::kF64 || dtype == DType::kF8E4M3 || dtype == DType::kF8E5M2;
}

}  // namespace dlv

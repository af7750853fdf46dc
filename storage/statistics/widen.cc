#include "storage/statistics/widen.h"

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <limits>

namespace dlv::statistics {
namespace {

template <class T>
T Load(const std::byte* at) {
  T value;
  std::memcpy(&value, at, sizeof value);
  return value;
}

template <class T>
void WidenPlain(const std::byte* bytes, std::span<double> out) {
  for (std::size_t i = 0; i < out.size(); ++i) {
    out[i] = static_cast<double>(Load<T>(bytes + i * sizeof(T)));
  }
}

void WidenBool(const std::byte* bytes, std::span<double> out) {
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = bytes[i] == std::byte{0} ? 0 : 1;
}

void WidenBF16(const std::byte* bytes, std::span<double> out) {
  for (std::size_t i = 0; i < out.size(); ++i) {
    const std::uint32_t bits = std::uint32_t{Load<std::uint16_t>(bytes + 2 * i)} << 16;
    out[i] = static_cast<double>(std::bit_cast<float>(bits));
  }
}

/// The exponent is moved to its place in binary64 and corrected by one multiplication, which also
/// makes subnormal numbers normal.
void WidenF16(const std::byte* bytes, std::span<double> out) {
  constexpr double kCorrection = 0x1p1008;  // bias of binary64 less that of binary16
  for (std::size_t i = 0; i < out.size(); ++i) {
    const std::uint64_t half = Load<std::uint16_t>(bytes + 2 * i);
    const std::uint64_t sign = (half & 0x8000) << 48;
    const std::uint64_t magnitude = (half & 0x7fff) << 42;
    const double value = std::bit_cast<double>(magnitude) * kCorrection;
    const std::uint64_t special = magnitude | 0x7ff0000000000000;  // infinity or NaN
    const bool is_special = (half & 0x7c00) == 0x7c00;
    out[i] =
        std::bit_cast<double>((is_special ? special : std::bit_cast<std::uint64_t>(value)) | sign);
  }
}

/// `mantissa_bits` 3: e4m3fn, whose only special value is NaN; 2: e5m2, like a short binary16.
std::array<double, 256> MakeF8Table(int mantissa_bits) {
  std::array<double, 256> table{};
  const int exponent_bits = 7 - mantissa_bits;
  const int bias = (1 << (exponent_bits - 1)) - 1;
  const int top = (1 << exponent_bits) - 1;
  const int mantissa_mask = (1 << mantissa_bits) - 1;
  for (int code = 0; code < 256; ++code) {
    const int exponent = (code & 0x7f) >> mantissa_bits;
    const int mantissa = code & mantissa_mask;
    const int whole = exponent == 0 ? mantissa : mantissa | (mantissa_mask + 1);
    const int shift = (exponent == 0 ? 1 : exponent) - bias - mantissa_bits;
    double value = shift >= 0 ? whole * static_cast<double>(1 << shift)
                              : whole / static_cast<double>(1 << -shift);
    if (mantissa_bits == 3 && (code & 0x7f) == 0x7f) {
      value = std::numeric_limits<double>::quiet_NaN();
    } else if (mantissa_bits == 2 && exponent == top) {
      value = mantissa == 0 ? std::numeric_limits<double>::infinity()
                            : std::numeric_limits<double>::quiet_NaN();
    }
    table[static_cast<std::size_t>(code)] = (code & 0x80) != 0 ? -value : value;
  }
  return table;
}

void WidenF8(const std::array<double, 256>& table, const std::byte* bytes, std::span<double> out) {
  for (std::size_t i = 0; i < out.size(); ++i) {
    out[i] = table[std::to_integer<std::size_t>(bytes[i])];
  }
}

}  // namespace

void Widen(DType dtype, std::span<const std::byte> bytes, std::span<double> out) {
  static const std::array<double, 256> kE4M3 = MakeF8Table(3), kE5M2 = MakeF8Table(2);
  const std::byte* at = bytes.data();
  switch (dtype) {
    case DType::kOpaque:
      return;
    case DType::kBool:
      return WidenBool(at, out);
    case DType::kU8:
      return WidenPlain<std::uint8_t>(at, out);
    case DType::kI8:
      return WidenPlain<std::int8_t>(at, out);
    case DType::kU16:
      return WidenPlain<std::uint16_t>(at, out);
    case DType::kI16:
      return WidenPlain<std::int16_t>(at, out);
    case DType::kU32:
      return WidenPlain<std::uint32_t>(at, out);
    case DType::kI32:
      return WidenPlain<std::int32_t>(at, out);
    case DType::kU64:
      return WidenPlain<std::uint64_t>(at, out);
    case DType::kI64:
      return WidenPlain<std::int64_t>(at, out);
    case DType::kF16:
      return WidenF16(at, out);
    case DType::kBF16:
      return WidenBF16(at, out);
    case DType::kF8E4M3:
      return WidenF8(kE4M3, at, out);
    case DType::kF8E5M2:
      return WidenF8(kE5M2, at, out);
    case DType::kF32:
    case DType::kComplex64:
      return WidenPlain<float>(at, out);
    case DType::kF64:
    case DType::kComplex128:
      return WidenPlain<double>(at, out);
  }
}

}  // namespace dlv::statistics

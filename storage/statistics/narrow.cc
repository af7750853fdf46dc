#include "storage/statistics/narrow.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>

#include "storage/statistics/widen.h"

namespace dlv::statistics {
namespace {

/// A small binary format: one sign, `exponent_bits`, `mantissa_bits`.
struct Format {
  int exponent_bits;
  int mantissa_bits;
  bool has_infinity;  // else the pattern of all ones is the only special value
};

/// `magnitude` rounded to a whole number of units 2^-shift of its last place; it is below 2^63.
std::uint64_t ShiftRounded(std::uint64_t magnitude, int shift) {
  if (shift > 63) return 0;
  if (shift <= 0) return magnitude;
  const std::uint64_t whole = magnitude >> shift;
  const std::uint64_t rest = magnitude & ((std::uint64_t{1} << shift) - 1);
  const std::uint64_t half = std::uint64_t{1} << (shift - 1);
  return whole + (rest > half || (rest == half && (whole & 1) != 0) ? 1 : 0);
}

/// Returns the bits of `value` in the format, by integer arithmetic alone.
std::uint32_t Encode(const Format& format, double value) {
  const auto bits = std::bit_cast<std::uint64_t>(value);
  const int width = 1 + format.exponent_bits + format.mantissa_bits;
  const auto sign = static_cast<std::uint32_t>(bits >> 63) << (width - 1);
  const std::uint32_t ones = (1u << format.exponent_bits) - 1;
  const std::uint32_t infinity = ones << format.mantissa_bits;
  const std::uint32_t all_ones = (1u << (width - 1)) - 1;
  const std::uint32_t quiet_nan =
      format.has_infinity ? infinity | 1u << (format.mantissa_bits - 1) : all_ones;
  const auto exponent = static_cast<int>(bits >> 52 & 0x7ff);
  const std::uint64_t mantissa = bits & 0xfffffffffffff;
  if (exponent == 0x7ff && mantissa != 0) return sign | quiet_nan;
  const std::uint32_t beyond = format.has_infinity ? infinity : all_ones;
  if (exponent == 0x7ff) return sign | beyond;
  if (exponent == 0) return sign;  // below every format's least number
  const int bias = (1 << (format.exponent_bits - 1)) - 1;
  const int target = exponent - 1023 + bias;  // exponent field, if it is 1 or more
  const std::uint64_t whole = mantissa | std::uint64_t{1} << 52;
  const int drop = 52 - format.mantissa_bits;
  const std::uint64_t rounded =
      target >= 1 ? ShiftRounded(whole, drop) : ShiftRounded(whole, drop + 1 - target);
  // The leading bit of `rounded` counts as one exponent; a carry makes it two.
  const std::uint64_t code =
      rounded + (target >= 1 ? static_cast<std::uint64_t>(target - 1) << format.mantissa_bits : 0);
  return sign | (code >= beyond ? beyond : static_cast<std::uint32_t>(code));
}

template <class T>
void Store(std::byte* at, T value) {
  std::memcpy(at, &value, sizeof value);
}

/// Rounds a block and writes it; the caller compares.
void Write(DType to, std::span<const double> values, std::byte* out) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double x = values[i];
    switch (to) {
      case DType::kF64:
        Store(out + 8 * i, x);
        break;
      case DType::kF32:
        Store(out + 4 * i, static_cast<float>(x));
        break;
      case DType::kF16:
        Store(out + 2 * i, static_cast<std::uint16_t>(Encode({5, 10, true}, x)));
        break;
      case DType::kBF16:
        Store(out + 2 * i, static_cast<std::uint16_t>(Encode({8, 7, true}, x)));
        break;
      case DType::kF8E4M3:
        Store(out + i, static_cast<std::uint8_t>(Encode({4, 3, false}, x)));
        break;
      default:
        Store(out + i, static_cast<std::uint8_t>(Encode({5, 2, true}, x)));
        break;
    }
  }
}

}  // namespace

void Narrow(DType to, std::span<const double> values, std::span<std::byte> out,
            NarrowReport& report) {
  constexpr std::size_t kNarrowBlock = 1024;
  double back[kNarrowBlock];
  const std::size_t size = SizeOf(to);
  for (std::size_t first = 0; first < values.size(); first += kNarrowBlock) {
    const auto block = values.subspan(first, std::min(kNarrowBlock, values.size() - first));
    const auto written = out.subspan(first * size, block.size() * size);
    Write(to, block, written.data());
    Widen(to, written, std::span(back).first(block.size()));
    for (std::size_t i = 0; i < block.size(); ++i) {
      const bool was_nan = std::isnan(block[i]);
      report.changed += !was_nan && back[i] != block[i] ? 1 : 0;
      report.overflows += std::isfinite(block[i]) && !std::isfinite(back[i]) ? 1 : 0;
      report.vanished += block[i] != 0 && back[i] == 0 ? 1 : 0;
    }
  }
  report.values += values.size();
}

}  // namespace dlv::statistics

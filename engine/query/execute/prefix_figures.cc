#include "engine/query/execute/prefix_figures.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstring>

namespace dlv::query {
namespace {

constexpr std::size_t kBlock = 1024;

struct Format {
  unsigned bits, exponent_bits;
};

std::optional<Format> FormatOf(DType dtype) {
  switch (dtype) {
    case DType::kF16:
      return Format{16, 5};
    case DType::kBF16:
      return Format{16, 8};
    case DType::kF32:
      return Format{32, 8};
    case DType::kF64:
      return Format{64, 11};
    default:
      return std::nullopt;
  }
}

double HalfMagnitude(std::uint32_t bits) {
  const auto exponent = static_cast<int>(bits >> 10 & 31);
  const auto mantissa = static_cast<double>(bits & 1023);
  return exponent == 0 ? std::ldexp(mantissa, -24) : std::ldexp(mantissa + 1024, exponent - 25);
}

/// The magnitude of bits without their sign; the exponent is not all ones.
double MagnitudeOf(DType dtype, std::uint64_t bits) {
  switch (dtype) {
    case DType::kF16:
      return HalfMagnitude(static_cast<std::uint32_t>(bits));
    case DType::kBF16:
      return std::bit_cast<float>(static_cast<std::uint32_t>(bits) << 16);
    case DType::kF32:
      return std::bit_cast<float>(static_cast<std::uint32_t>(bits));
    default:
      return std::bit_cast<double>(bits);
  }
}

}  // namespace

std::optional<unsigned> LeastPlanes(DType dtype) {
  const auto format = FormatOf(dtype);
  return format ? std::optional(1 + format->exponent_bits) : std::nullopt;
}

void PrefixAccumulator::AddBlock(std::span<const double> low, std::span<const double> high) {
  const auto count = static_cast<double>(low.size());
  double middles = 0;
  Interval sum, magnitudes, squares;
  for (std::size_t i = 0; i < low.size(); ++i) {
    const double least = low[i] >= 0 ? low[i] : (high[i] <= 0 ? -high[i] : 0);
    const double most = std::max(std::fabs(low[i]), std::fabs(high[i]));
    sum.low += low[i];
    sum.high += high[i];
    magnitudes.low += least;
    magnitudes.high += most;
    squares.low += least * least;
    squares.high += most * most;
    norm_inf_.low = std::max(norm_inf_.low, least);
    norm_inf_.high = std::max(norm_inf_.high, most);
    below_surely_ += most <= threshold_ ? 1 : 0;
    below_perhaps_ += least <= threshold_ ? 1 : 0;
    const bool first = count_ == 0 && i == 0;
    min_low_ = first ? low[i] : std::min(min_low_, low[i]);
    min_high_ = first ? high[i] : std::min(min_high_, high[i]);
    max_low_ = first ? low[i] : std::max(max_low_, low[i]);
    max_high_ = first ? high[i] : std::max(max_high_, high[i]);
    middles += low[i] / 2 + high[i] / 2;
  }
  const double mean = middles / count;
  double deviation = 0;
  for (std::size_t i = 0; i < low.size(); ++i) {
    const double middle = low[i] / 2 + high[i] / 2;
    const double radius = high[i] / 2 - low[i] / 2;
    deviation += (middle - mean) * (middle - mean);
    middle_squares_ += middle * middle;
    radius_squares_ += radius * radius;
  }
  const double total = count_ + count, distance = mean - mean_;
  deviation_ += deviation + distance * distance * (count_ * count / total);
  mean_ += distance * (count / total);
  count_ = total;
  sum_ = {sum_.low + sum.low, sum_.high + sum.high};
  magnitudes_ = {magnitudes_.low + magnitudes.low, magnitudes_.high + magnitudes.high};
  squares_ = {squares_.low + squares.low, squares_.high + squares.high};
}

template <class Bits>
void PrefixAccumulator::AddAll(std::span<const std::byte> bytes, unsigned planes) {
  const Format format = *FormatOf(dtype_);
  const Bits sign = static_cast<Bits>(Bits{1} << (format.bits - 1));
  const Bits unread =
      planes >= format.bits ? Bits{0} : static_cast<Bits>((Bits{1} << (format.bits - planes)) - 1);
  const Bits exponent = static_cast<Bits>(((Bits{1} << format.exponent_bits) - 1)
                                          << (format.bits - 1 - format.exponent_bits));
  std::array<double, kBlock> low, high;
  const std::size_t count = bytes.size() / sizeof(Bits);
  for (std::size_t begin = 0; begin < count; begin += kBlock) {
    const std::size_t length = std::min(kBlock, count - begin);
    for (std::size_t i = 0; i < length; ++i) {
      Bits bits;
      std::memcpy(&bits, bytes.data() + (begin + i) * sizeof(Bits), sizeof bits);
      if ((bits & exponent) == exponent) {
        special_ = true;
        return;
      }
      const auto magnitude = static_cast<Bits>(bits & ~sign);
      const double least = MagnitudeOf(dtype_, magnitude);
      const double most = MagnitudeOf(dtype_, static_cast<Bits>(magnitude | unread));
      const bool negative = (bits & sign) != 0;
      low[i] = negative ? -most : least;
      high[i] = negative ? -least : most;
    }
    AddBlock(std::span(low).first(length), std::span(high).first(length));
  }
}

void PrefixAccumulator::Add(std::span<const std::byte> bytes, unsigned planes) {
  const auto least = LeastPlanes(dtype_);
  if (!least || planes < *least) special_ = true;
  if (special_) return;
  switch (SizeOf(dtype_)) {
    case 2:
      return AddAll<std::uint16_t>(bytes, planes);
    case 4:
      return AddAll<std::uint32_t>(bytes, planes);
    default:
      return AddAll<std::uint64_t>(bytes, planes);
  }
}

PrefixFigures PrefixAccumulator::Finish() const {
  PrefixFigures figures;
  if (special_ || count_ == 0 || !std::isfinite(squares_.high)) return figures;
  // Squares of doubles near the least vanish, and then bound nothing.
  if (norm_inf_.high != 0 && squares_.high < 0x1p-900) return figures;
  figures.known = true;
  const double slack = 0x1p-40 + (8192 + count_ / 1024) * 0x1p-52;
  const auto outward = [&](Interval of) {
    return Interval{of.low * (1 - slack), of.high * (1 + slack)};
  };
  figures.norm1 = outward(magnitudes_);
  figures.norm2 = outward({std::sqrt(squares_.low), std::sqrt(squares_.high)});
  figures.norm_inf = norm_inf_;
  figures.min = {min_low_, min_high_};
  figures.max = {max_low_, max_high_};
  figures.sparsity = {below_surely_ / count_, below_perhaps_ / count_};
  const double error = slack * magnitudes_.high;
  figures.mean = {(sum_.low - error) / count_, (sum_.high + error) / count_};
  const double std = std::sqrt(deviation_ / count_);
  const double radius =
      (std::sqrt(radius_squares_ / count_) + slack * std::sqrt(middle_squares_ / count_)) *
      (1 + slack);
  figures.std = {std::max(0.0, std * (1 - slack) - radius), std * (1 + slack) + radius};
  return figures;
}

namespace {

template <class Element>
double CountBelow(std::span<const std::byte> bytes, double threshold) {
  double below = 0;
  for (std::size_t at = 0; at + sizeof(Element) <= bytes.size(); at += sizeof(Element)) {
    Element element;
    std::memcpy(&element, bytes.data() + at, sizeof element);
    below += std::fabs(static_cast<double>(element)) <= threshold ? 1 : 0;
  }
  return below;
}

/// Of types of 16 bits without a C++ type.
double CountBelow16(DType dtype, std::span<const std::byte> bytes, double threshold) {
  const std::uint32_t special = dtype == DType::kF16 ? 0x7c00 : 0x7f80;
  double below = 0;
  for (std::size_t at = 0; at + 2 <= bytes.size(); at += 2) {
    std::uint16_t bits;
    std::memcpy(&bits, bytes.data() + at, sizeof bits);
    const std::uint32_t magnitude = bits & 0x7fffu;
    const bool finite = magnitude < special;
    below += finite && MagnitudeOf(dtype, magnitude) <= threshold ? 1 : 0;
  }
  return below;
}

}  // namespace

bool HasMagnitudes(DType dtype) {
  return LeastPlanes(dtype).has_value() || (dtype >= DType::kU8 && dtype <= DType::kI64);
}

void ExactShare::Add(std::span<const std::byte> bytes) {
  count_ += static_cast<double>(bytes.size() / SizeOf(dtype_));
  const auto count = [&]() -> double {
    switch (dtype_) {
      case DType::kF16:
      case DType::kBF16:
        return CountBelow16(dtype_, bytes, threshold_);
      case DType::kF32:
        return CountBelow<float>(bytes, threshold_);
      case DType::kF64:
        return CountBelow<double>(bytes, threshold_);
      case DType::kU8:
        return CountBelow<std::uint8_t>(bytes, threshold_);
      case DType::kI8:
        return CountBelow<std::int8_t>(bytes, threshold_);
      case DType::kU16:
        return CountBelow<std::uint16_t>(bytes, threshold_);
      case DType::kI16:
        return CountBelow<std::int16_t>(bytes, threshold_);
      case DType::kU32:
        return CountBelow<std::uint32_t>(bytes, threshold_);
      case DType::kI32:
        return CountBelow<std::int32_t>(bytes, threshold_);
      case DType::kU64:
        return CountBelow<std::uint64_t>(bytes, threshold_);
      case DType::kI64:
        return CountBelow<std::int64_t>(bytes, threshold_);
      default:
        return 0;
    }
  };
  below_ += count();
}

}  // namespace dlv::query

#include "tests/format/golden_values.h"

namespace dlv::testing::golden {
namespace {

/// A number like a weight: sum of four uniforms, scaled.
double Weight(std::uint64_t random) {
  double sum = 0;
  for (int i = 0; i < 4; ++i)
    sum += static_cast<double>(random >> (16 * i) & 0xffff) / 65536.0 - 0.5;
  return sum * 0.0625;
}

}  // namespace

Bytes Weights(DType dtype, std::uint64_t count, std::uint64_t seed) {
  Bytes bytes;
  for (std::uint64_t i = 0; i < count; ++i) {
    const std::uint64_t random = SplitMix(seed * 1'000'003 + i);
    const double weight = Weight(random);
    const auto single = static_cast<float>(weight);
    std::uint32_t bits = 0;
    std::memcpy(&bits, &single, sizeof bits);
    switch (dtype) {
      case DType::kF32:
        Append(bytes, single);
        break;
      case DType::kF64:
        Append(bytes, weight);
        break;
      case DType::kBF16:
        Append(bytes, static_cast<std::uint16_t>(bits >> 16));
        break;
      case DType::kF16:
        Append(bytes, static_cast<std::uint16_t>(0x2400 + (random & 0x83ff)));
        break;
      case DType::kI64:
        Append(bytes, static_cast<std::int64_t>(random % 1000) - 500);
        break;
      case DType::kComplex64:
        Append(bytes, single);
        Append(bytes, -single);
        break;
      case DType::kBool:
        Append(bytes, static_cast<std::uint8_t>(random & 1));
        break;
      default:
        Append(bytes, static_cast<std::uint8_t>(random & 15));
        break;
    }
  }
  return bytes;
}

Bytes WithZeros(Bytes bytes, DType dtype, unsigned zero_bits) {
  const std::size_t width = dtype == DType::kComplex64 ? 4 : SizeOf(dtype);
  for (std::size_t i = 0; i < bytes.size(); i += width) {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes.data() + i, width);
    word = word >> zero_bits << zero_bits;
    std::memcpy(bytes.data() + i, &word, width);
  }
  return bytes;
}

Bytes Rows(std::uint64_t count, std::uint64_t seed, bool rough) {
  Bytes bytes;
  for (std::uint64_t i = 0; i < count; ++i) {
    const std::uint64_t column = SplitMix(seed * 1'000'003 + i % 48);
    const std::uint64_t row = SplitMix(seed * 3'000'017 + i / 48);
    const std::uint64_t mantissa = SplitMix(seed * 5'000'011 + i) & 0x7fffff;
    const std::uint64_t last = SplitMix(seed * 7'000'003 + i) & 1;
    const std::uint64_t even = 90 + column % 20 / 2 * 2 + row % 8 / 2 * 2;
    const std::uint64_t exponent = rough ? even + last : 90 + column % 20 + row % 8;
    Append(bytes, static_cast<std::uint32_t>(((column ^ row) >> 40 & 1) << 31 | exponent << 23 |
                                             mantissa));
  }
  return bytes;
}

Bytes Quantised(std::uint64_t count, std::uint64_t seed) {
  Bytes bytes;
  for (std::uint64_t i = 0; i < count; ++i) {
    int sum = -254;
    for (std::uint64_t part = 0; part < 4; ++part)
      sum += static_cast<int>(SplitMix(seed * 5'000'011 + 4 * i + part) % 128);
    bytes.push_back(static_cast<std::byte>(sum / 2));
  }
  return bytes;
}

Bytes Requantised(const Bytes& bytes, std::uint64_t seed, int offset) {
  Bytes moved;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const auto value = static_cast<std::int8_t>(bytes[i]);
    const std::uint64_t random = SplitMix(seed * 11'000'027 + i);
    const int spread = i / 512 % 3 == 0 ? 15 : 5;
    const int step = static_cast<int>(random % static_cast<unsigned>(spread)) - spread / 2;
    moved.push_back(
        static_cast<std::byte>(value + value / 16 + offset + (random >> 20) % 2 * step));
  }
  return moved;
}

}  // namespace dlv::testing::golden

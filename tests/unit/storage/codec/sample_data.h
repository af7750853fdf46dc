#pragma once
/// \file
/// Element arrays for the codec's tests: weights, awkward floats, sparse and repetitive data. From
/// a fixed seed.

#include <cmath>
#include <cstdint>
#include <cstring>
#include <random>
#include <vector>

#include "dlv/dtype.h"
#include "storage/codec/float_format.h"

namespace dlv::codec::test {

inline constexpr std::uint64_t kSeed = 20251120;

template <class T>
std::vector<std::byte> BytesOf(const std::vector<T>& values) {
  std::vector<std::byte> bytes(values.size() * sizeof(T));
  if (!bytes.empty()) std::memcpy(bytes.data(), values.data(), bytes.size());
  return bytes;
}

/// Normal weights of standard deviation 0.05, converted to `dtype` by cutting the lower bits of
/// wider forms.
inline std::vector<std::byte> Weights(DType dtype, std::size_t n, std::uint64_t seed = kSeed) {
  std::mt19937_64 random(seed);
  std::normal_distribution<double> normal(0.0, 0.05);
  const std::size_t width = SizeOf(dtype);
  std::vector<std::byte> bytes(n * width);
  for (std::size_t i = 0; i < n; ++i) {
    const double wide = normal(random);
    const auto narrow = static_cast<float>(wide);
    std::uint64_t bits = 0;
    std::uint32_t f32 = 0;
    std::memcpy(&bits, &wide, 8);
    std::memcpy(&f32, &narrow, 4);
    switch (dtype) {
      case DType::kF32:
        bits = f32;
        break;
      case DType::kBF16:
        bits = f32 >> 16;
        break;
      case DType::kF16:
        bits = ((f32 >> 16) & 0x8000) | ((f32 >> 13) & 0x3fff);
        break;
      case DType::kF8E4M3:
        bits = ((f32 >> 24) & 0x80) | ((f32 >> 20) & 0x7f);
        break;
      case DType::kF8E5M2:
        bits = ((f32 >> 24) & 0x80) | ((f32 >> 21) & 0x7f);
        break;
      case DType::kComplex64:
        bits = f32 | (static_cast<std::uint64_t>(f32 ^ 0x80001234u) << 32);
        break;
      default:
        break;
    }
    if (width == 16) {
      std::memcpy(bytes.data() + i * 16, &bits, 8);
      std::memcpy(bytes.data() + i * 16 + 8, &bits, 8);
    } else {
      std::memcpy(bytes.data() + i * width, &bits, width);
    }
  }
  return bytes;
}

/// Every kind of element: weights, zeros of both signs, denormals, infinities, NaNs with payloads,
/// random bits.
inline std::vector<std::byte> Awkward(DType dtype, std::size_t n, std::uint64_t seed = kSeed) {
  std::vector<std::byte> bytes = Weights(dtype, n, seed);
  std::mt19937_64 random(seed + 1);
  const std::size_t width = SizeOf(dtype);
  for (std::size_t i = 0; i < n; ++i) {
    std::byte* const at = bytes.data() + i * width;
    switch (random() % 12) {
      case 0:
        std::memset(at, 0, width);
        break;
      case 1:
        std::memset(at, 0, width);
        at[width - 1] = std::byte{0x80};
        break;
      case 2:
        std::memset(at, 0, width);
        at[0] = static_cast<std::byte>(random());
        break;
      case 3:
        at[width - 1] = std::byte{0x7f};
        at[width / 2] |= std::byte{0xf0};
        break;
      case 4:
        for (std::size_t k = 0; k < width; ++k) at[k] = static_cast<std::byte>(random());
        break;
      default:
        break;
    }
  }
  return bytes;
}

/// Weights of which `zero_per_mille` in 1000 are +0.0, in runs.
inline std::vector<std::byte> Sparse(DType dtype, std::size_t n, unsigned zero_per_mille,
                                     std::uint64_t seed = kSeed) {
  std::vector<std::byte> bytes = Weights(dtype, n, seed);
  std::mt19937_64 random(seed + 2);
  const std::size_t width = SizeOf(dtype);
  for (std::size_t i = 0; i < n;) {
    const std::size_t run = std::min<std::size_t>(n - i, 1 + random() % 40);
    if (random() % 1000 < zero_per_mille) std::memset(bytes.data() + i * width, 0, run * width);
    i += run;
  }
  return bytes;
}

/// Weights of which about half were multiplied by 0, so that their signs stayed.
inline std::vector<std::byte> Masked(DType dtype, std::size_t n, std::uint64_t seed = kSeed) {
  std::vector<std::byte> bytes = Weights(dtype, n, seed);
  std::mt19937_64 random(seed + 3);
  const std::size_t width = SizeOf(dtype);
  for (std::size_t i = 0; i < n; ++i) {
    if (random() % 2 == 0) continue;
    std::memset(bytes.data() + i * width, 0, width - 1);
    bytes[(i + 1) * width - 1] &= std::byte{0x80};
  }
  return bytes;
}

/// The same elements with only some of the values that the lowest byte can have, as sums of few
/// quantised steps give.
inline std::vector<std::byte> WithUnevenTail(DType dtype, std::vector<std::byte> bytes) {
  const bool is_complex = dtype == DType::kComplex64 || dtype == DType::kComplex128;
  const std::size_t width = SizeOf(dtype) / (is_complex ? 2 : 1);
  for (std::size_t i = 0; i < bytes.size(); i += width) bytes[i] &= std::byte{0x5b};
  return bytes;
}

/// The same elements with the uppermost mantissa bit cleared in three of four, as where values are
/// fewer the larger they are. For types of one component.
inline std::vector<std::byte> WithUnevenFirstBit(DType dtype, std::vector<std::byte> bytes,
                                                 std::uint64_t seed = kSeed) {
  const FloatFormat format = FormatOf(dtype);
  std::mt19937_64 random(seed + 7);
  const unsigned bit = format.mantissa_bits - 1;
  for (std::size_t i = 0; i < bytes.size(); i += format.width) {
    if (random() % 4 != 0) bytes[i + bit / 8] &= ~(std::byte{1} << (bit % 8));
  }
  return bytes;
}

/// Rows of 64 f32 elements, each a row of signs and exponents of its own times a power of two: an
/// outer product, as gradients are. Mantissas are noise, and with `rough` the last bit of
/// exponents.
inline std::vector<std::byte> OuterProduct(std::size_t n, bool rough = false,
                                           std::uint64_t seed = kSeed) {
  std::mt19937_64 random(seed + 4);
  std::uint32_t column[64];
  for (std::uint32_t& bits : column) {
    bits = static_cast<std::uint32_t>((random() % 2) << 31 | (80 + random() % 24) << 23);
  }
  std::vector<std::uint32_t> values(n);
  std::uint32_t row = 0;
  for (std::size_t i = 0; i < n; ++i) {
    if (i % 64 == 0) row = static_cast<std::uint32_t>((random() % 2) << 31 | (random() % 16) << 23);
    values[i] = (column[i % 64] ^ (row & 0x80000000u)) + (row & 0x7fffffffu) +
                static_cast<std::uint32_t>(random() % (1u << 23));
    if (rough) values[i] ^= static_cast<std::uint32_t>(random() % 2) << 23;
  }
  return BytesOf(values);
}

/// One of `values` numbers of `dtype`, at random; small ones more often.
inline std::vector<std::byte> FewValues(DType dtype, std::size_t n, std::size_t values,
                                        std::uint64_t seed = kSeed) {
  const std::vector<std::byte> book = Weights(dtype, values, seed + 5);
  std::mt19937_64 random(seed + 6);
  const std::size_t width = SizeOf(dtype);
  std::vector<std::byte> bytes(n * width);
  for (std::size_t i = 0; i < n; ++i) {
    const std::size_t number = std::min(random() % values, random() % values);
    std::memcpy(bytes.data() + i * width, book.data() + number * width, width);
  }
  return bytes;
}

}  // namespace dlv::codec::test

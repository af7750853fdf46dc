#include "storage/codec/delta_ratio.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <span>
#include <vector>

namespace dlv::codec {
namespace {

constexpr std::size_t kMaxSamples = 512;
constexpr std::size_t kMinSamples = 64;
constexpr float kLimit = 1024;

std::uint32_t LoadWide(unsigned bytes, const std::uint8_t* at) {
  std::uint32_t bits = 0;
  std::memcpy(reinterpret_cast<std::uint8_t*>(&bits) + 4 - bytes, at, bytes);
  return bits;
}

bool IsNormal(std::uint32_t bits) {
  const std::uint32_t exponent = bits & 0x7f800000;
  return exponent != 0 && exponent != 0x7f800000;
}

}  // namespace

float MedianRatio(unsigned element_bytes, const std::uint8_t* child, const std::uint8_t* base,
                  std::size_t n) {
  std::vector<float> ratios;
  ratios.reserve(kMaxSamples);
  const std::size_t step = std::max<std::size_t>(1, n / kMaxSamples);
  for (std::size_t i = 0; i < n && ratios.size() < kMaxSamples; i += step) {
    const std::uint32_t to = LoadWide(element_bytes, child + i * element_bytes);
    const std::uint32_t from = LoadWide(element_bytes, base + i * element_bytes);
    if (to == from || ((to ^ from) >> 31) != 0 || !IsNormal(to) || !IsNormal(from)) continue;
    ratios.push_back(std::bit_cast<float>(to) / std::bit_cast<float>(from));
  }
  if (ratios.size() < kMinSamples) return 0;
  // The mode, by halving: the densest half of the samples, the densest half of that, and so on.
  std::sort(ratios.begin(), ratios.end());
  std::span<const float> part(ratios);
  while (part.size() > 3) {
    const std::size_t half = (part.size() + 1) / 2;
    std::size_t best = 0;
    for (std::size_t i = 0; i + half <= part.size(); ++i) {
      if (part[i + half - 1] - part[i] < part[best + half - 1] - part[best]) best = i;
    }
    part = part.subspan(best, half);
  }
  const float ratio = part[part.size() / 2];
  return ratio != 1 && ratio > 1 / kLimit && ratio < kLimit ? ratio : 0;
}

}  // namespace dlv::codec

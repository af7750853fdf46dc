#include "storage/codec/delta_second_bits.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace dlv::codec {
namespace {

constexpr std::uint8_t kLastCodedState = 1;

std::uint32_t GetBits(DeltaBitsIn& in, unsigned width) {
  std::uint32_t window = 0;
  std::memcpy(&window, in.bytes + (in.position >> 3), sizeof window);
  window >>= in.position & 7;
  in.position += width;
  return window & ((1u << width) - 1);
}

/// Without a branch: when a word is full is noise.
void PutBits(DeltaBits& out, std::uint32_t value, unsigned width) {
  out.pending |= std::uint64_t{value} << out.used;
  out.used += width;
  std::memcpy(out.at, &out.pending, sizeof out.pending);
  out.at += out.used >> 3;
  out.pending >>= out.used & ~7u;
  out.used &= 7;
}

/// A field lies in two planes: its low eight bits, and the rest.
std::uint32_t GetField(DeltaBitsIn& low, DeltaBitsIn& high, unsigned width) {
  const unsigned low_width = std::min(width, 8u);
  const std::uint32_t field = GetBits(low, low_width);
  return field | GetBits(high, width - low_width) << 8;
}

void PutField(DeltaBits& low, DeltaBits& high, std::uint32_t field, unsigned width) {
  const unsigned low_width = std::min(width, 8u);
  PutBits(low, field & ((1u << low_width) - 1), low_width);
  PutBits(high, field >> low_width, width - low_width);
}

/// Below the sign, which stands at the top of the field.
std::uint32_t WithoutSecond(std::uint32_t field, unsigned width) {
  const unsigned below = width - 2;
  const std::uint32_t rest = field & ((1u << below) - 1);
  return (field >> (width - 1)) << below | rest;
}

/// Symbols from here on are changes of sign, which have no second bit: after those of one bit
/// length each, and after those with second bits.
struct Flips {
  unsigned single, paired;
};

Flips FlipsOf(const DeltaLevelPlace& place) {
  if (place.level != 0) return {256, 256};
  return {8 * place.level_bytes, 16 * place.level_bytes - 2};
}

/// How a stored field becomes a whole one: its `below` low bits stay, the others move up by `gap`,
/// the second bit comes between.
struct Rule {
  std::uint8_t stored, below, gap, second;
  std::uint8_t symbol;  // as kernels know it
};

/// By symbol; the last is for elements without one.
using Rules = std::array<Rule, kDeltaMostSecondSymbols + 1>;

Rules RulesOf(const DeltaLevelPlace& place) {
  const Flips flips = FlipsOf(place);
  Rules rules{};
  for (unsigned symbol = 0; symbol < kDeltaMostSecondSymbols; ++symbol) {
    const bool flip = symbol >= flips.paired;
    const unsigned length = flip ? symbol - flips.paired : DeltaLengthOfSecond(symbol);
    const bool has_second = !flip && length >= 2;
    rules[symbol] = {static_cast<std::uint8_t>(has_second ? length - 1 : length),
                     static_cast<std::uint8_t>(has_second ? length - 2 : 0),
                     static_cast<std::uint8_t>(has_second ? 1 : 0),
                     static_cast<std::uint8_t>(has_second ? symbol & 1 : 0),
                     static_cast<std::uint8_t>(flip ? length + flips.single : length)};
  }
  rules.back().stored = static_cast<std::uint8_t>(8 * place.level_bytes);
  return rules;
}

/// Without branches on what an element is: that is noise.
template <unsigned kBytes>
void PutSecondBitsOf(const DeltaLevelPlace& place, DeltaBitsIn& low_in, DeltaBitsIn& high_in,
                     std::uint8_t* symbols, DeltaBits& low_out, DeltaBits& high_out) {
  const Rules rules = RulesOf(place);
  DeltaBitsIn low = low_in, high = high_in;  // apart: what is stored below could be the arguments
  DeltaBits out_low = low_out, out_high = high_out;
  for (std::size_t first = 0; first < place.count; first += kDeltaBlock) {
    if (place.block_scale[first / kDeltaBlock] == 0) continue;
    for (std::size_t i = first; i < std::min(first + kDeltaBlock, place.count); ++i) {
      const bool coded = place.state[i] <= kLastCodedState;
      const Rule rule = rules[coded ? *symbols : kDeltaMostSecondSymbols];
      *symbols = coded ? rule.symbol : *symbols;
      symbols += coded ? 1 : 0;
      const unsigned low_stored = kBytes == 2 ? std::min<unsigned>(rule.stored, 8) : rule.stored;
      std::uint32_t field = GetBits(low, low_stored);
      if (kBytes == 2) field |= GetBits(high, rule.stored - low_stored) << 8;
      const std::uint32_t kept = field & ((1u << rule.below) - 1);
      field = kept | static_cast<std::uint32_t>(rule.second) << rule.below |
              (field >> rule.below) << (rule.below + rule.gap);
      const unsigned whole = rule.stored + rule.gap;
      const unsigned low_whole = kBytes == 2 ? std::min(whole, 8u) : whole;
      PutBits(out_low, field & 0xff, low_whole);
      if (kBytes == 2) PutBits(out_high, field >> 8, whole - low_whole);
    }
  }
  low_in = low;
  high_in = high;
  low_out = out_low;
  high_out = out_high;
}

}  // namespace

unsigned SecondBitStep(const DeltaShape& shape, unsigned level, unsigned scale, unsigned length) {
  unsigned below = 8u * shape.element_bytes;
  for (unsigned i = 0; i <= level; ++i) below -= 8u * shape.level_bytes[i];
  below -= std::min<unsigned>(below, shape.ignored_bits);
  const int expected = static_cast<int>(scale) - 2;
  const int above = static_cast<int>(length + below) - expected;
  return static_cast<unsigned>(std::clamp(above, 0, static_cast<int>(kSecondBitSteps) - 1));
}

void TakeSecondBits(const DeltaLevelPlace& place, DeltaBitsIn low, DeltaBitsIn high,
                    std::uint8_t* symbols, DeltaBits& out_low, DeltaBits& out_high) {
  const Flips flips = FlipsOf(place);
  const auto take = [&](std::uint8_t& symbol) {
    const bool flip = symbol >= flips.single;
    const unsigned length = flip ? symbol - flips.single : symbol;
    const std::uint32_t field = GetField(low, high, length);
    if (flip) symbol = static_cast<std::uint8_t>(length + flips.paired);
    if (flip || length < 2) return PutField(out_low, out_high, field, length);
    symbol = static_cast<std::uint8_t>(2 * length - 2 + (field >> (length - 2) & 1));
    PutField(out_low, out_high, WithoutSecond(field, length), length - 1);
  };
  const unsigned whole = 8 * place.level_bytes;
  for (std::size_t first = 0; first < place.count; first += kDeltaBlock) {
    if (place.block_scale[first / kDeltaBlock] == 0) continue;
    for (std::size_t i = first; i < std::min(first + kDeltaBlock, place.count); ++i) {
      if (place.state[i] <= kLastCodedState) {
        take(*symbols++);
      } else {
        PutField(out_low, out_high, GetField(low, high, whole), whole);
      }
    }
  }
}

void PutSecondBits(const DeltaLevelPlace& place, DeltaBitsIn& low, DeltaBitsIn& high,
                   std::uint8_t* symbols, DeltaBits& out_low, DeltaBits& out_high) {
  const auto put = place.level_bytes == 2 ? PutSecondBitsOf<2> : PutSecondBitsOf<1>;
  put(place, low, high, symbols, out_low, out_high);
}

void FlushDeltaBits(const DeltaBits& bits) {
  std::memcpy(bits.at, &bits.pending, sizeof bits.pending);
}

}  // namespace dlv::codec

#include "storage/codec/delta_tables.h"

#include <algorithm>
#include <bit>

namespace dlv::codec {
namespace {

constexpr std::uint32_t kTableSum = 1u << kDeltaTableBits;

/// log2(x) in 1/256, by repeated squaring: the same on every machine.
constexpr std::uint32_t Log2(std::uint32_t x) {
  const auto whole = static_cast<std::uint32_t>(std::bit_width(x)) - 1;
  std::uint64_t mantissa = (std::uint64_t{x} << 31) >> whole;  // in [2^31, 2^32)
  std::uint32_t fraction = 0;
  for (int bit = 0; bit < 8; ++bit) {
    mantissa = (mantissa * mantissa) >> 31;
    fraction <<= 1;
    if (mantissa >= (std::uint64_t{1} << 32)) {
      mantissa >>= 1;
      fraction |= 1;
    }
  }
  return (whole << 8) | fraction;
}

/// Cost in 1/256 bit of a symbol of that frequency.
constexpr auto kCosts = [] {
  std::array<std::uint16_t, kTableSum + 1> costs{};
  for (std::uint32_t f = 1; f <= kTableSum; ++f) {
    costs[f] = static_cast<std::uint16_t>((kDeltaTableBits << 8) - Log2(f));
  }
  return costs;
}();

constexpr auto kLogs = [] {
  std::array<std::uint16_t, 1024> logs{};
  for (std::uint32_t x = 1; x < logs.size(); ++x) logs[x] = static_cast<std::uint16_t>(Log2(x));
  return logs;
}();

/// log2(x) in 1/256 from the upper ten bits.
std::uint32_t FastLog2(std::uint32_t x) {
  const auto length = static_cast<unsigned>(std::bit_width(x));
  const unsigned drop = length > 10 ? length - 10 : 0;
  return kLogs[x >> drop] + (drop << 8);
}

std::uint64_t CostOf(std::span<const std::uint32_t> counts, const DeltaFrequencies& frequencies) {
  std::uint64_t cost = 0;
  for (std::size_t s = 0; s < counts.size(); ++s)
    cost += std::uint64_t{counts[s]} * kCosts[frequencies[s]];
  return cost;
}

// An own table: 5 bits for the last symbol, then for each symbol up to it a weight of 4 significant
// bits: its bit length in 4 bits (0: absent), then up to 3 bits below the leading one.
constexpr unsigned kLastBits = 5;
constexpr unsigned kLengthBits = 4;
constexpr unsigned kMantissaBits = 3;
constexpr unsigned kMaxLength = 10;

constexpr unsigned MantissaBits(unsigned length) {
  return length == 0 ? 0 : std::min(length - 1, kMantissaBits);
}

struct Weights {
  std::array<std::uint16_t, kDeltaMaxSymbols> weight{};
  unsigned last = 0;

  std::uint64_t Bits() const {
    std::uint64_t bits = kLastBits;
    for (unsigned s = 0; s <= last; ++s) {
      bits += kLengthBits + MantissaBits(static_cast<unsigned>(std::bit_width(weight[s])));
    }
    return bits;
  }
};

std::uint16_t RoundWeight(std::uint32_t value) {
  const auto length = static_cast<unsigned>(std::bit_width(value));
  if (length <= kMantissaBits + 1) return static_cast<std::uint16_t>(value);
  const unsigned drop = length - kMantissaBits - 1;
  const std::uint32_t rounded = ((value + (1u << (drop - 1))) >> drop) << drop;
  return static_cast<std::uint16_t>(std::min(rounded, 0x3c0u));
}

Weights WeightsOf(std::span<const std::uint32_t> counts) {
  Weights weights;
  const std::uint32_t largest = *std::max_element(counts.begin(), counts.end());
  for (unsigned s = 0; s < counts.size(); ++s) {
    if (counts[s] == 0) continue;
    const std::uint64_t scaled = (std::uint64_t{counts[s]} * 960 + largest / 2) / largest;
    weights.weight[s] = RoundWeight(static_cast<std::uint32_t>(std::max<std::uint64_t>(scaled, 1)));
    weights.last = s;
  }
  return weights;
}

/// docs/format/delta.md §7: each weight above 0 gets 1 and its share of the rest, rounded down;
/// what is left goes to the largest (the first of equals). A lone symbol shares with its neighbour.
DeltaFrequencies FrequenciesOf(const Weights& weights) {
  DeltaFrequencies frequencies{};
  std::uint32_t total = 0;
  std::uint32_t used = 0;
  std::size_t largest = 0;
  for (std::size_t s = 0; s < weights.weight.size(); ++s) {
    total += weights.weight[s];
    used += weights.weight[s] != 0 ? 1 : 0;
    if (weights.weight[s] > weights.weight[largest]) largest = s;
  }
  if (used == 1) {
    frequencies[largest] = kTableSum - 1;
    frequencies[largest == 0 ? 1 : largest - 1] = 1;
    return frequencies;
  }
  std::uint32_t sum = 0;
  for (std::size_t s = 0; s < weights.weight.size(); ++s) {
    if (weights.weight[s] == 0) continue;
    frequencies[s] = static_cast<std::uint16_t>(1 + weights.weight[s] * (kTableSum - used) / total);
    sum += frequencies[s];
  }
  frequencies[largest] = static_cast<std::uint16_t>(frequencies[largest] + kTableSum - sum);
  return frequencies;
}

bool ReadWeights(BitReader& in, unsigned symbols, Weights& out) {
  out = {};
  out.last = in.Get(kLastBits);
  if (out.last >= symbols) return false;
  for (unsigned s = 0; s <= out.last; ++s) {
    const unsigned length = in.Get(kLengthBits);
    if (length > kMaxLength) return false;
    if (length == 0) continue;
    const unsigned kept = MantissaBits(length);
    const std::uint32_t value = ((1u << kept) | in.Get(kept)) << (length - 1 - kept);
    out.weight[s] = static_cast<std::uint16_t>(value);
  }
  return in.ok() && out.weight[out.last] != 0;
}

}  // namespace

DeltaTableKind DeltaTableKindOf(const DeltaShape& shape, unsigned level) {
  if (shape.element_bytes == 4) {
    return level == 0   ? DeltaTableKind::kFirst32
           : level == 1 ? DeltaTableKind::kSecond32
                        : DeltaTableKind::kThird32;
  }
  if (shape.element_bytes == 2) return DeltaTableKind::kFirst16;
  if (shape.element_bytes == 8)
    return level == 0 ? DeltaTableKind::kFirst32 : DeltaTableKind::kFlat17;
  return DeltaTableKind::kFirst8;
}

std::uint64_t ChooseDeltaTables(DeltaTableKind kind, unsigned contexts, unsigned symbols,
                                const DeltaHistogram& histogram, DeltaTableSet& out) {
  std::uint64_t total = 256;
  bool any = false;
  for (unsigned context = 0; context < contexts; ++context) {
    const auto counts = std::span(histogram).subspan(context * kDeltaHistogramRow, symbols);
    out.own[context] = false;
    out.frequencies[context] = BuiltInDeltaTable(kind, context);
    if (std::all_of(counts.begin(), counts.end(), [](std::uint32_t c) { return c == 0; })) continue;
    const std::uint64_t built_in = CostOf(counts, out.frequencies[context]);
    const Weights weights = WeightsOf(counts);
    const DeltaFrequencies frequencies = FrequenciesOf(weights);
    const std::uint64_t own = CostOf(counts, frequencies) + (weights.Bits() << 8);
    out.own[context] = own < built_in;
    if (own < built_in) out.frequencies[context] = frequencies;
    if (own < built_in) out.weights[context] = weights.weight;
    any = any || own < built_in;
    total += std::min(own, built_in);
  }
  return any ? total + (std::uint64_t{contexts} << 8) : total;
}

std::uint64_t EstimateDeltaTables(unsigned contexts, unsigned symbols,
                                  const DeltaHistogram& histogram) {
  std::uint64_t total = 0;
  for (unsigned context = 0; context < contexts; ++context) {
    std::uint32_t sum = 0;
    std::uint64_t parts = 0;
    for (unsigned s = 0; s < symbols; ++s) {
      const std::uint32_t count = histogram[context * kDeltaHistogramRow + s];
      if (count == 0) continue;
      sum += count;
      parts += std::uint64_t{count} * FastLog2(count);
    }
    if (sum != 0) total += std::uint64_t{sum} * FastLog2(sum) - parts;
  }
  return total;
}

void SplitDeltaTables(const DeltaShape& shape, unsigned level, const SecondBitShares& shares,
                      DeltaTableSet& set) {
  const unsigned bits = 8u * shape.level_bytes[level];
  const unsigned lengths = level == 0 ? bits : bits + 1;
  for (unsigned context = 0; context < DeltaContextsOf(level); ++context) {
    const DeltaFrequencies single = set.frequencies[context];
    Weights split;
    auto* next = split.weight.data();
    for (unsigned length = 0; length < lengths; ++length) {
      const unsigned zeros =
          length < 2 ? kSecondBitParts
                     : shares.zeros[SecondBitStep(shape, level, context % kDeltaScales, length)];
      *next++ = static_cast<std::uint16_t>(single[length] * zeros);
      if (length < 2) continue;
      *next++ = static_cast<std::uint16_t>(single[length] * (kSecondBitParts - zeros));
    }
    for (unsigned length = 0; level == 0 && length < lengths; ++length)
      *next++ = static_cast<std::uint16_t>(single[lengths + length] * kSecondBitParts);
    set.frequencies[context] = FrequenciesOf(split);
  }
}

void WriteDeltaTables(const DeltaTableSet& set, unsigned contexts, BitWriter& out) {
  const bool any =
      std::find(set.own.begin(), set.own.begin() + contexts, true) != set.own.begin() + contexts;
  out.Put(any ? 1 : 0, 1);
  if (!any) return;
  for (unsigned context = 0; context < contexts; ++context) out.Put(set.own[context] ? 1 : 0, 1);
  for (unsigned context = 0; context < contexts; ++context) {
    if (!set.own[context]) continue;
    const auto& weight = set.weights[context];
    unsigned last = kDeltaMaxSymbols - 1;
    while (weight[last] == 0) --last;
    out.Put(last, kLastBits);
    for (unsigned s = 0; s <= last; ++s) {
      const auto length = static_cast<unsigned>(std::bit_width(weight[s]));
      out.Put(length, kLengthBits);
      if (length == 0) continue;
      const unsigned kept = MantissaBits(length);
      out.Put((static_cast<std::uint32_t>(weight[s]) >> (length - 1 - kept)) & ((1u << kept) - 1),
              kept);
    }
  }
}

bool ReadDeltaTables(BitReader& in, DeltaTableKind kind, unsigned contexts, unsigned symbols,
                     DeltaTableSet& out) {
  out.own.fill(false);
  if (in.Get(1) != 0) {
    for (unsigned context = 0; context < contexts; ++context) out.own[context] = in.Get(1) != 0;
  }
  for (unsigned context = 0; context < contexts; ++context) {
    if (!out.own[context]) {
      out.frequencies[context] = BuiltInDeltaTable(kind, context);
      continue;
    }
    Weights weights;
    if (!ReadWeights(in, symbols, weights)) return false;
    out.frequencies[context] = FrequenciesOf(weights);
  }
  return in.ok();
}

}  // namespace dlv::codec

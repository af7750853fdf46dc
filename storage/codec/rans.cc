#include "storage/codec/rans.h"

#include <algorithm>
#include <array>
#include <bit>

#include "storage/codec/kernels.h"

namespace dlv::codec {
namespace {

// Class of a frequency: 0 for 0, else its bit length; then come the bits below the leading one.
constexpr unsigned kClassBits = 4;
constexpr unsigned kFirstClass = 4;  // the class that the first symbol's is compared with

unsigned ClassOf(std::uint16_t frequency) {
  return static_cast<unsigned>(std::bit_width(static_cast<unsigned>(frequency)));
}

// Neighbouring symbols have similar frequencies: 0 same class, 10 one up, 110 one down, 111 + 4
// bits any class.
void PutClass(unsigned previous, unsigned now, BitWriter& out) {
  if (now == previous) {
    out.Put(0, 1);
  } else if (now == previous + 1) {
    out.Put(0b01, 2);
  } else if (now + 1 == previous) {
    out.Put(0b011, 3);
  } else {
    out.Put(0b111, 3);
    out.Put(now, kClassBits);
  }
}

unsigned GetClass(unsigned previous, BitReader& in) {
  if (in.Get(1) == 0) return previous;
  if (in.Get(1) == 0) return previous + 1;
  if (in.Get(1) == 0) return previous - 1;  // wraps at 0: refused by the caller
  return in.Get(kClassBits);
}

std::span<const std::uint8_t> InSlotOrder(std::span<const std::uint16_t> frequencies,
                                          SlotOrder order, std::array<std::uint8_t, 256>& symbols) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < frequencies.size(); ++i) {
    if (frequencies[i] != 0) symbols[count++] = static_cast<std::uint8_t>(i);
  }
  const auto used = std::span(symbols).first(count);
  if (order == SlotOrder::kByFrequency) {
    std::stable_sort(used.begin(), used.end(), [&](std::uint8_t a, std::uint8_t b) {
      return frequencies[a] > frequencies[b];
    });
  }
  return used;
}

std::size_t LargestIndex(std::span<const std::uint16_t> values) {
  return static_cast<std::size_t>(std::max_element(values.begin(), values.end()) - values.begin());
}

}  // namespace

void NormalizeFrequencies(std::span<const std::uint32_t> counts, unsigned scale,
                          std::span<std::uint16_t> frequencies) {
  const std::uint32_t want = 1u << scale;
  std::uint64_t total = 0;
  for (const std::uint32_t count : counts) total += count;
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    const std::uint64_t scaled = (std::uint64_t{counts[i]} * want + total / 2) / total;
    const auto frequency = static_cast<std::uint16_t>(
        counts[i] == 0 ? 0 : std::clamp<std::uint64_t>(scaled, 1, want - 1));
    frequencies[i] = frequency;
    sum += frequency;
  }
  while (sum > want) {
    std::uint16_t& largest = frequencies[LargestIndex(frequencies.first(counts.size()))];
    const std::uint32_t cut = std::min<std::uint32_t>(sum - want, std::max(1u, largest / 8u));
    largest = static_cast<std::uint16_t>(largest - cut);
    sum -= cut;
  }
  if (sum < want) {
    const std::size_t at = LargestIndex(frequencies.first(counts.size()));
    const std::uint32_t raise = std::min(want - sum, want - 1 - frequencies[at]);
    frequencies[at] = static_cast<std::uint16_t>(frequencies[at] + raise);
    sum += raise;
    // Only a lone symbol cannot take all: its neighbour gets the last slot.
    if (sum < want) ++frequencies[at == 0 ? 1 : at - 1];
  }
}

void WriteFrequencies(std::span<const std::uint16_t> frequencies, BitWriter& out) {
  std::size_t first = 0;
  while (first + 1 < frequencies.size() && frequencies[first] == 0) ++first;
  std::size_t last = frequencies.size() - 1;
  while (last > first && frequencies[last] == 0) --last;
  out.Put(static_cast<std::uint32_t>(first), 8);
  out.Put(static_cast<std::uint32_t>(last), 8);
  unsigned previous = kFirstClass;
  for (std::size_t i = first; i <= last; ++i) {
    const unsigned now = ClassOf(frequencies[i]);
    PutClass(previous, now, out);
    if (now > 1) out.Put(frequencies[i] & ((1u << (now - 1)) - 1), now - 1);
    previous = now;
  }
}

bool ReadFrequencies(BitReader& in, unsigned scale, std::span<std::uint16_t> frequencies) {
  std::fill(frequencies.begin(), frequencies.end(), std::uint16_t{0});
  const std::uint32_t first = in.Get(8);
  const std::uint32_t last = in.Get(8);
  if (!in.ok() || first > last || last >= frequencies.size()) return false;
  std::uint32_t sum = 0;
  unsigned previous = kFirstClass;
  for (std::size_t i = first; i <= last; ++i) {
    const unsigned now = GetClass(previous, in);
    if (now > scale) return false;
    if (now != 0) {
      const std::uint32_t low = now > 1 ? in.Get(now - 1) : 0;
      frequencies[i] = static_cast<std::uint16_t>((1u << (now - 1)) | low);
    }
    sum += frequencies[i];
    previous = now;
  }
  return in.ok() && sum == 1u << scale;
}

void BuildRansEncodeTable(std::span<const std::uint16_t> frequencies,
                          std::span<std::uint32_t, 256> table, SlotOrder order) {
  std::uint32_t start = 0;
  std::fill(table.begin(), table.end(), 0u);
  std::array<std::uint8_t, 256> symbols;
  for (const std::uint8_t symbol : InSlotOrder(frequencies, order, symbols)) {
    table[symbol] = frequencies[symbol] | (start << 16);
    start += frequencies[symbol];
  }
}

void BuildRansDecodeTable(std::span<const std::uint16_t> frequencies, unsigned scale,
                          std::uint32_t* table, SlotOrder order) {
  std::uint32_t slot = 0;
  std::array<std::uint8_t, 256> symbols;
  for (const std::uint8_t symbol : InSlotOrder(frequencies, order, symbols)) {
    const std::uint32_t frequency = frequencies[symbol];
    const std::uint32_t entry = symbol | (frequency << 8);
    for (std::uint32_t k = 0; k < frequency; ++k) table[slot++] = entry | (k << 20);
  }
  DLV_CHECK(slot == 1u << scale, "frequencies were validated");
}

std::size_t RansEncode(const std::uint8_t* symbols, const std::uint8_t* contexts, std::size_t n,
                       unsigned scale, const std::uint32_t* tables, std::byte* out) {
  if (n == 0) return 0;
  return ActiveKernels().rans_encode(symbols, contexts, n, RansLanes(n), scale, tables,
                                     reinterpret_cast<std::uint8_t*>(out));
}

bool RansDecode(std::span<const std::byte> coded, const std::uint8_t* contexts, std::size_t n,
                unsigned scale, const std::uint32_t* tables, std::uint8_t* symbols) {
  if (n == 0) return coded.empty();
  const std::size_t states = 4 * RansLanes(n);
  if (coded.size() < states || coded.size() > RansBound(n) || (coded.size() - states) % 2 != 0) {
    return false;
  }
  return ActiveKernels().rans_decode(reinterpret_cast<const std::uint8_t*>(coded.data()),
                                     coded.size(), contexts, n, RansLanes(n), scale, tables,
                                     symbols);
}

}  // namespace dlv::codec

#pragma once
/// \file
/// Bits in the context of symbols (docs/format/codec.md §5.4), one after the other. In an unnamed
/// namespace, as kernels_generic.h.

#include "storage/codec/kernels_generic.h"

namespace dlv::codec {
namespace {

constexpr unsigned kBitScale = 10;
constexpr uint32_t kBitSlots = 1u << kBitScale;

/// The eight bits of a byte as bytes of 0 and 1, the lowest first.
struct SpreadBits {
  uint64_t of[256];
};

constexpr SpreadBits MakeSpreadBits() {
  SpreadBits spread{};
  for (uint64_t byte = 0; byte < 256; ++byte) {
    for (unsigned k = 0; k < 8; ++k) spread.of[byte] |= (byte >> k & 1) << 8 * k;
  }
  return spread;
}

constexpr SpreadBits kSpreadBits = MakeSpreadBits();

inline void GenericPairBits(const uint8_t* contexts, const uint8_t* plane, size_t n,
                            const BitModel& model, uint8_t* pairs) {
  const uint8_t low = model.low;
  const uint8_t count = model.count;
  for (size_t i = 0; i < n; ++i) {
    const auto context = static_cast<uint8_t>(contexts[i] - low);
    pairs[i] = static_cast<uint8_t>(2 * (context < count ? context : count));
  }
  for (size_t i = 0; i < n; i += 8) {
    StoreAs(pairs + i, LoadAs<uint64_t>(pairs + i) + kSpreadBits.of[plane[i / 8]]);
  }
}

/// How many slots a 1 has in each context.
struct BitFrequencies {
  uint16_t of[256];
};

inline void SpreadModel(const BitModel& model, BitFrequencies& out) {
  for (uint16_t& frequency : out.of) frequency = kBitSlots / 2;
  for (unsigned k = 0; k < model.count; ++k) {
    out.of[(model.low + k) & 0xff] = static_cast<uint16_t>(8 * model.ones[k]);
  }
}

/// The state after a bit, before it takes a word; `bit` becomes 0 or 1.
inline uint32_t AfterBit(uint32_t x, uint32_t ones, uint32_t& bit) {
  const uint32_t slot = x & (kBitSlots - 1);
  const uint32_t share = ones * (x >> kBitScale);
  bit = slot < ones ? 1 : 0;
  const uint32_t if_one = share + slot;
  const uint32_t if_zero = x - ones - share;
  return if_zero ^ ((if_zero ^ if_one) & (0u - bit));
}

// Blocks of 64 without a check and without a branch, as long as the words suffice for the worst
// case. Returns how many bits there were.
template <unsigned kLanes>
size_t BitRounds(RansCursor& cursor, const uint8_t* contexts, size_t n,
                 const BitFrequencies& frequencies, uint8_t* plane) {
  const uint8_t* words = cursor.words;
  size_t i = 0;
  for (; n - i >= 64 && cursor.end - words >= 128; i += 64) {
    size_t taken = 0;
    uint64_t bits = 0;
#pragma GCC unroll 16
    for (size_t k = 0; k < 64; ++k) {
      uint32_t bit;
      uint32_t x = AfterBit(cursor.state[k % kLanes], frequencies.of[contexts[i + k]], bit);
      const uint32_t longer = (x << 16) | LoadAs<uint16_t>(words + 2 * taken);
      ReplaceWhereBelow(x, 1u << 16, longer, x, taken);
      cursor.state[k % kLanes] = x;
      bits |= uint64_t{bit} << k;
    }
    words += 2 * taken;
    StoreAs(plane + i / 8, bits);
  }
  cursor.words = words;
  return i;
}

/// Bits `from` (a multiple of 8) to n, and the check of the end.
inline bool FinishBits(RansCursor& cursor, const uint8_t* contexts, size_t from, size_t n,
                       unsigned lanes, const BitFrequencies& frequencies, uint8_t* plane) {
  memset(plane + from / 8, 0, (n + 7) / 8 - from / 8);
  for (size_t i = from; i < n; ++i) {
    uint32_t& state = cursor.state[i & (lanes - 1)];
    uint32_t bit;
    uint32_t x = AfterBit(state, frequencies.of[contexts[i]], bit);
    if (x < 1u << 16) {
      if (cursor.words == cursor.end) return false;
      x = (x << 16) | LoadAs<uint16_t>(cursor.words);
      cursor.words += 2;
    }
    state = x;
    plane[i / 8] = static_cast<uint8_t>(plane[i / 8] | bit << (i % 8));
  }
  return RansDone(cursor, lanes);
}

inline bool GenericDecodeBits(const uint8_t* coded, size_t size, const uint8_t* contexts, size_t n,
                              unsigned lanes, const BitModel& model, uint8_t* plane) {
  BitFrequencies frequencies;
  SpreadModel(model, frequencies);
  RansCursor cursor;
  RansStart(cursor, coded, size, lanes);
  size_t done = 0;
  if (lanes == 4) done = BitRounds<4>(cursor, contexts, n, frequencies, plane);
  if (lanes == 16) done = BitRounds<16>(cursor, contexts, n, frequencies, plane);
  if (lanes == 32) done = BitRounds<32>(cursor, contexts, n, frequencies, plane);
  return FinishBits(cursor, contexts, done, n, lanes, frequencies, plane);
}

}  // namespace
}  // namespace dlv::codec

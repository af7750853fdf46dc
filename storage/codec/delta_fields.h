#pragma once
/// \file
/// Fields of 0 to 8 bits of a block of 64 elements, and bytes of some of its elements: the parts of
/// the delta coder's loops in which a place depends on what came before it. With PDEP and PEXT
/// (DLV_FAST_PDEP) eight elements at a time. In an unnamed namespace: each file that includes this
/// compiles its own copy for its own instruction set. C headers only (see cpu_dispatch.h).

#include <string.h>

#include "storage/codec/delta_kernels.h"

#if defined(DLV_FAST_PDEP)
#include <immintrin.h>
#endif

namespace dlv::codec {
namespace {

inline uint64_t Load64(const uint8_t* at) {
  uint64_t value;
  memcpy(&value, at, sizeof value);
  return value;
}

inline bool AnyOf(const uint8_t* bytes) {
  uint64_t any = 0;
  for (unsigned i = 0; i < kDeltaBlock; i += 8) any |= Load64(bytes + i);
  return any != 0;
}

inline void Store64(uint8_t* at, uint64_t value) { memcpy(at, &value, sizeof value); }

#if defined(DLV_FAST_PDEP)

/// The bits that fields of these widths have.
inline void OnesOf(const uint8_t* widths, uint8_t* ones) {
  const __m256i of_width = _mm256_broadcastsi128_si256(
      _mm_setr_epi8(0, 1, 3, 7, 15, 31, 63, 127, -1, 0, 0, 0, 0, 0, 0, 0));
  for (unsigned half = 0; half < kDeltaBlock; half += 32) {
    const __m256i width = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(widths + half));
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(ones + half),
                        _mm256_shuffle_epi8(of_width, width));
  }
}

/// Appends fields of `widths`, whose bits are `ones`.
inline void PutFields(DeltaBits& out, const uint8_t* values, const uint8_t* /*widths*/,
                      const uint8_t* ones) {
  uint64_t pending = out.pending;
  uint8_t* at = out.at;
  unsigned used = out.used;  // below 8
  for (unsigned i = 0; i < kDeltaBlock; i += 8) {
    const uint64_t mask = Load64(ones + i);
    const uint64_t bits = _pext_u64(Load64(values + i), mask);
    const uint64_t first = pending | bits << used;
    const uint64_t beyond = (bits >> 1) >> (63 - used);  // what a word has no room for
    Store64(at, first);
    used += static_cast<unsigned>(_mm_popcnt_u64(mask));
    pending = used >= 64 ? beyond : first >> (used & 56);
    at += used >> 3;
    used &= 7;
  }
  out = {at, pending, used};
}

/// Reads fields of `widths`, whose bits are `ones`.
inline void GetFields(DeltaBitsIn& in, const uint8_t* /*widths*/, const uint8_t* ones,
                      uint8_t* values) {
  uint64_t position = in.position;
  for (unsigned i = 0; i < kDeltaBlock; i += 8) {
    const uint64_t mask = Load64(ones + i);
    const uint8_t* const from = in.bytes + (position >> 3);
    const unsigned shift = position & 7;
    const uint64_t beyond = (uint64_t{from[8]} << 1) << (63 - shift);
    Store64(values + i, _pdep_u64(Load64(from) >> shift | beyond, mask));
    position += static_cast<unsigned>(_mm_popcnt_u64(mask));
  }
  in.position = position;
}

/// Copies the bytes whose `chosen` is 1 (others: 0); returns their number. May write 7 bytes more.
inline unsigned TakeChosen(const uint8_t* bytes, const uint8_t* chosen, uint8_t* out) {
  unsigned count = 0;
  for (unsigned i = 0; i < kDeltaBlock; i += 8) {
    const uint64_t mask = Load64(chosen + i) * 255;
    Store64(out + count, _pext_u64(Load64(bytes + i), mask));
    count += static_cast<unsigned>(_mm_popcnt_u64(mask)) >> 3;
  }
  return count;
}

/// The same of two arrays.
inline unsigned TakeBoth(const uint8_t* first, const uint8_t* second, const uint8_t* chosen,
                         uint8_t* first_out, uint8_t* second_out) {
  TakeChosen(first, chosen, first_out);
  return TakeChosen(second, chosen, second_out);
}

/// The way back; what is not chosen gets any value. Returns how many bytes were taken. May read 7
/// bytes more.
inline unsigned PlaceChosen(const uint8_t* bytes, const uint8_t* chosen, uint8_t* out) {
  unsigned count = 0;
  for (unsigned i = 0; i < kDeltaBlock; i += 8) {
    const uint64_t mask = Load64(chosen + i) * 255;
    Store64(out + i, _pdep_u64(Load64(bytes + count), mask));
    count += static_cast<unsigned>(_mm_popcnt_u64(mask)) >> 3;
  }
  return count;
}

#else

/// With the compiler's vectors: it makes jumps of the loop.
inline void OnesOf(const uint8_t* widths, uint8_t* ones) {
  typedef int8_t Bytes __attribute__((vector_size(16)));
  for (unsigned i = 0; i < kDeltaBlock; i += sizeof(Bytes)) {
    Bytes width;
    memcpy(&width, widths + i, sizeof width);
    Bytes bits = {};
    for (int k = 0; k < 8; ++k) {
      bits |= (width > static_cast<int8_t>(k)) & static_cast<int8_t>(static_cast<uint8_t>(1 << k));
    }
    memcpy(ones + i, &bits, sizeof bits);
  }
}

/// Four neighbouring fields each as one. Multiplied by powers of two, as few processors shift each
/// number of a vector by its own width.
inline void JoinFours(const uint8_t* values, const uint8_t* ones, uint32_t* fours) {
  typedef uint16_t Pairs __attribute__((vector_size(16)));
  typedef uint32_t Fours __attribute__((vector_size(16)));
  for (unsigned i = 0; i < kDeltaBlock; i += sizeof(Pairs)) {
    Pairs value, one;
    memcpy(&value, values + i, sizeof value);
    memcpy(&one, ones + i, sizeof one);
    const Pairs beyond_first = (one & 0xff) + 1;
    const auto pair = reinterpret_cast<Fours>((value & 0xff) + (value >> 8) * beyond_first);
    const auto pair_ones = reinterpret_cast<Fours>((one & 0xff) + (one >> 8) * beyond_first);
    const Fours four = (pair & 0xffff) + (pair >> 16) * ((pair_ones & 0xffff) + 1);
    memcpy(fours + i / 4, &four, sizeof four);
  }
}

inline void PutFields(DeltaBits& out, const uint8_t* values, const uint8_t* widths,
                      const uint8_t* ones) {
  uint32_t fours[kDeltaBlock / 4];
  JoinFours(values, ones, fours);
  DeltaBits bits = out;  // fewer than 8 are pending
  for (unsigned i = 0; i < kDeltaBlock; i += 8) {
    constexpr uint64_t kSum = 0x0101010101010101;
    const uint64_t width = Load64(widths + i);
    const auto first_width = static_cast<uint32_t>(width) * static_cast<uint32_t>(kSum) >> 24;
    const uint64_t eight = fours[i / 4] | uint64_t{fours[i / 4 + 1]} << first_width;
    const uint64_t first = bits.pending | eight << bits.used;
    const uint64_t beyond = (eight >> 1) >> (63 - bits.used);  // what a word has no room for
    Store64(bits.at, first);
    const unsigned used = bits.used + static_cast<unsigned>(width * kSum >> 56);
    bits = {bits.at + (used >> 3), used >= 64 ? beyond : first >> (used & 56), used & 7};
  }
  out = bits;
}

/// Of four fields, with what lies behind them; returns how many bits they have.
inline unsigned GetFour(const uint8_t* bytes, uint64_t position, const uint8_t* widths,
                        uint8_t* values) {
  const uint64_t window = Load64(bytes + (position >> 3)) >> (position & 7);
  const unsigned first = widths[0];
  const unsigned second = first + widths[1];
  const unsigned third = second + widths[2];
  values[0] = static_cast<uint8_t>(window);
  values[1] = static_cast<uint8_t>(window >> first);
  values[2] = static_cast<uint8_t>(window >> second);
  values[3] = static_cast<uint8_t>(window >> third);
  return third + widths[3];
}

inline void GetFields(DeltaBitsIn& in, const uint8_t* widths, const uint8_t* ones,
                      uint8_t* values) {
  uint64_t position = in.position;
  for (unsigned i = 0; i < kDeltaBlock; i += 8) {
    if (Load64(ones + i) == ~uint64_t{0}) {  // whole bytes
      const uint8_t* const from = in.bytes + (position >> 3);
      const unsigned shift = position & 7;
      const uint64_t beyond = (uint64_t{from[8]} << 1) << (63 - shift);
      Store64(values + i, Load64(from) >> shift | beyond);
      position += 64;
    } else {
      position += GetFour(in.bytes, position, widths + i, values + i);
      position += GetFour(in.bytes, position, widths + i + 4, values + i + 4);
    }
  }
  for (unsigned i = 0; i < kDeltaBlock; ++i) values[i] &= ones[i];
  in.position = position;
}

/// A bit for each of the block's bytes, which are 1 or 0.
inline uint64_t BitsOf(const uint8_t* chosen) {
  constexpr uint64_t kGather = 0x0102040810204080;  // byte k to bit 56 + k
  uint64_t bits = 0;
  for (unsigned i = 0; i < kDeltaBlock; i += 8) bits |= (Load64(chosen + i) * kGather >> 56) << i;
  return bits;
}

inline unsigned SumOf(const uint8_t* chosen) {
  uint64_t sums = 0;  // of every eighth, at most 8
  for (unsigned i = 0; i < kDeltaBlock; i += 8) sums += Load64(chosen + i);
  return static_cast<unsigned>(sums * 0x0101010101010101 >> 56);
}

/// So few, coded or not, are looked for by their bits; of more, all elements are gone through.
constexpr unsigned kFewChosen = 20;
constexpr unsigned kFewHoles = 12;

/// Calls each(place) for the bits that are set, in order.
template <class Each>
inline void ForBits(uint64_t bits, const Each& each) {
  for (; bits != 0; bits &= bits - 1) each(static_cast<unsigned>(__builtin_ctzll(bits)));
}

inline unsigned TakeOneByOne(const uint8_t* bytes, const uint8_t* chosen, uint8_t* out) {
  unsigned count = 0;
  for (unsigned i = 0; i < kDeltaBlock; ++i) {
    out[count] = bytes[i];
    count += chosen[i];
  }
  return count;
}

/// Copies a block without what stands at the holes: whole blocks, each over the end of the one
/// before. Writes a block behind what it takes.
inline unsigned TakeAround(const uint8_t* bytes, uint64_t holes, uint8_t* out) {
  uint8_t room[2 * kDeltaBlock];  // as blocks that begin at any place are read
  memcpy(room, bytes, kDeltaBlock);
  memset(room + kDeltaBlock, 0, kDeltaBlock);
  unsigned from = 0;
  unsigned count = 0;
  ForBits(holes, [&](unsigned hole) {
    memcpy(out + count, room + from, kDeltaBlock);
    count += hole - from;
    from = hole + 1;
  });
  memcpy(out + count, room + from, kDeltaBlock);
  return count + static_cast<unsigned>(kDeltaBlock) - from;
}

/// As with PDEP, but may write a block more.
inline unsigned TakeChosen(const uint8_t* bytes, const uint8_t* chosen, uint8_t* out) {
  const unsigned all = SumOf(chosen);
  if (all == kDeltaBlock) {
    memcpy(out, bytes, kDeltaBlock);
    return all;
  }
  if (all >= kDeltaBlock - kFewHoles) return TakeAround(bytes, ~BitsOf(chosen), out);
  if (all > kFewChosen) return TakeOneByOne(bytes, chosen, out);
  unsigned count = 0;
  ForBits(BitsOf(chosen), [&](unsigned place) { out[count++] = bytes[place]; });
  return count;
}

inline unsigned TakeBoth(const uint8_t* first, const uint8_t* second, const uint8_t* chosen,
                         uint8_t* first_out, uint8_t* second_out) {
  const unsigned all = SumOf(chosen);
  if (all >= kDeltaBlock - kFewHoles) {
    const uint64_t holes = ~BitsOf(chosen);
    TakeAround(first, holes, first_out);
    return TakeAround(second, holes, second_out);
  }
  if (all > kFewChosen) {  // in one loop it takes half as long again
    TakeOneByOne(first, chosen, first_out);
    return TakeOneByOne(second, chosen, second_out);
  }
  unsigned count = 0;
  ForBits(BitsOf(chosen), [&](unsigned place) {
    first_out[count] = first[place];
    second_out[count++] = second[place];
  });
  return count;
}

/// As with PDEP, but may read a block more.
inline unsigned PlaceChosen(const uint8_t* bytes, const uint8_t* chosen, uint8_t* out) {
  const unsigned all = SumOf(chosen);
  unsigned count = 0;
  if (all >= kDeltaBlock - kFewHoles) {
    uint8_t room[2 * kDeltaBlock];
    unsigned to = 0;
    ForBits(~BitsOf(chosen), [&](unsigned hole) {
      memcpy(room + to, bytes + count, kDeltaBlock);
      count += hole - to;
      to = hole + 1;
    });
    memcpy(room + to, bytes + count, kDeltaBlock);
    memcpy(out, room, kDeltaBlock);
    return all;
  }
  if (all <= kFewChosen) {
    memset(out, 0, kDeltaBlock);
    ForBits(BitsOf(chosen), [&](unsigned place) { out[place] = bytes[count++]; });
    return count;
  }
  for (unsigned i = 0; i < kDeltaBlock; ++i) {
    out[i] = bytes[count];
    count += chosen[i];
  }
  return count;
}

#endif

}  // namespace
}  // namespace dlv::codec

#pragma once
/// \file
/// Kernels in plain C++, in an unnamed namespace: each file that includes this compiles its own
/// copy for its own instruction set (the loops are written so that the compiler vectorises them). C
/// headers only (see cpu_dispatch.h).

#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "storage/codec/kernels.h"

namespace dlv::codec {
namespace {

inline uint64_t GenericChecksum(const void* bytes, size_t size) { return XXH3_64bits(bytes, size); }

template <class T>
inline T LoadAs(const uint8_t* at) {
  T value;
  memcpy(&value, at, sizeof value);
  return value;
}

template <class T>
inline void StoreAs(uint8_t* at, T value) {
  memcpy(at, &value, sizeof value);
}

// ---- interleaved rANS, one element after the other
// -------------------------------------------------------------------

// An encoder works from the last element to the first and writes its words downwards.
struct RansWriter {
  uint32_t state[64];
  uint8_t* words;
  uint8_t* end;
};

inline void RansStart(RansWriter& writer, size_t n, unsigned lanes, uint8_t* out) {
  for (unsigned lane = 0; lane < lanes; ++lane) writer.state[lane] = 1u << 16;
  writer.words = writer.end = out + 4 * lanes + 2 * n;
}

// For division by a frequency: floor((2^64 - 1) / f). With x below 2^32 and f below 2^12,
// floor(x / f) is the upper half of (x + 1) times it: the product falls short of 2^64 (x + 1) / f
// by less than 2^32, and so below the next whole number only where f divides x + 1.
struct Reciprocals {
  uint64_t of[1u << 12];
};

constexpr Reciprocals MakeReciprocals() {
  Reciprocals result{};
  for (uint64_t f = 1; f < 1u << 12; ++f) result.of[f] = ~uint64_t{0} / f;
  return result;
}

constexpr Reciprocals kReciprocals = MakeReciprocals();

__extension__ typedef unsigned __int128 Wide;

inline uint32_t DividedBy(uint32_t x, uint32_t frequency) {
  return static_cast<uint32_t>(Wide{uint64_t{x} + 1} * kReciprocals.of[frequency] >> 64);
}

// Where a < b: x becomes `other`, and `count` one more. Compilers like to make a jump of this,
// which would be mispredicted every sixth time, or half a dozen instructions.
inline void ReplaceWhereBelow(uint32_t a, uint32_t b, uint32_t other, uint32_t& x, size_t& count) {
#if defined(__x86_64__)
  __asm__("cmpl %4, %3\n\tcmovbl %2, %0\n\tadcq $0, %1"
          : "+r"(x), "+r"(count)
          : "r"(other), "r"(a), "ri"(b)
          : "cc");
#else
  const uint64_t below =
      static_cast<uint64_t>(static_cast<int64_t>(a) - static_cast<int64_t>(b)) >> 63;
  x ^= (x ^ other) & (0u - static_cast<uint32_t>(below));
  count += below;
#endif
}

// Elements from `from` down to `to`. Inlined, so that callers may fix lanes and scale: shifts by a
// variable cost three times as much.
[[gnu::always_inline]] inline void RansEncodeEach(RansWriter& writer, const uint8_t* symbols,
                                                  const uint8_t* contexts, size_t from, size_t to,
                                                  unsigned lanes, unsigned scale,
                                                  const uint32_t* tables) {
  uint8_t* words = writer.words - 2;
  size_t without = 0;  // elements that gave no word
  for (size_t i = from; i-- > to;) {
    const uint32_t before = writer.state[i & (lanes - 1)];
    const uint32_t context = contexts != nullptr ? contexts[i] : 0;
    const uint32_t entry = tables[(context << 8) | symbols[i]];
    const uint32_t frequency = entry & 0xffff;
    // Without a branch: what turns out not to be given is overwritten by the next.
    StoreAs(words + 2 * without, static_cast<uint16_t>(before));
    words -= 2;
    uint32_t x = before >> 16;
    ReplaceWhereBelow(before >> (32 - scale), frequency, before, x, without);
    // The quotient, scaled, and the remainder.
    writer.state[i & (lanes - 1)] =
        x + DividedBy(x, frequency) * ((1u << scale) - frequency) + (entry >> 16);
  }
  writer.words = words + 2 + 2 * without;
}

// What an encoder needs of a symbol of the delta coder, laid out so that a step takes few
// instructions: ceil(2^64 / f), by which the upper half of a product is floor(x / f) for x below
// 2^32 (too large by less than 2^-32). For f = 1 that has no room: one less gives x - 1, and the
// start makes up for it.
struct RansSymbol {
  uint64_t reciprocal;
  uint32_t last;  // frequency - 1
  uint32_t rest;  // 2^scale - frequency
  uint32_t start;
};
constexpr unsigned kSymbolScale = 10;
constexpr size_t kSymbolRow = 32;
constexpr size_t kSymbolRows = 72;
static_assert(kSymbolRows * kSymbolRow * sizeof(RansSymbol) < 1u << 16, "offsets of 16 bits");

struct RansSymbols {
  RansSymbol of[kSymbolRows * kSymbolRow];
};

inline uint8_t LargestOf(const uint8_t* bytes, size_t n) {
  uint8_t largest = 0;
  for (size_t i = 0; i < n; ++i) largest = bytes[i] > largest ? bytes[i] : largest;
  return largest;
}

inline RansSymbol SymbolOf(uint32_t entry) {
  const uint32_t frequency = entry & 0xffff;
  const uint32_t rest = (1u << kSymbolScale) - frequency;
  if (frequency <= 1) return {~uint64_t{0}, frequency - 1, rest, (entry >> 16) + rest};
  return {kReciprocals.of[frequency] + 1, frequency - 1, rest, entry >> 16};
}

// Returns false where there are more contexts or symbols than fit.
inline bool GatherSymbols(const uint8_t* symbols, const uint8_t* contexts, size_t n,
                          const uint32_t* tables, RansSymbols& out) {
  const size_t last_context = LargestOf(contexts, n);
  const size_t last_symbol = LargestOf(symbols, n);
  if (last_context >= kSymbolRows || last_symbol >= kSymbolRow) return false;
  for (size_t context = 0; context <= last_context; ++context) {
    for (size_t symbol = 0; symbol <= last_symbol; ++symbol) {
      out.of[context * kSymbolRow + symbol] = SymbolOf(tables[context << 8 | symbol]);
    }
  }
  return true;
}

// As ReplaceWhereBelow, but `count` becomes one less.
inline void ReplaceAndStepBack(uint32_t a, uint32_t b, uint32_t other, uint32_t& x,
                               ptrdiff_t& count) {
#if defined(__x86_64__)
  __asm__("cmpl %4, %3\n\tcmovbl %2, %0\n\tsbbq $0, %1"
          : "+r"(x), "+r"(count)
          : "r"(other), "rm"(a), "r"(b)
          : "cc");
#else
  const uint64_t below =
      static_cast<uint64_t>(static_cast<int64_t>(a) - static_cast<int64_t>(b)) >> 63;
  x ^= (x ^ other) & (0u - static_cast<uint32_t>(below));
  count -= static_cast<ptrdiff_t>(below);
#endif
}

// Whole rounds of 64 lanes; `n` is a multiple of it.
inline void RansEncodeRounds(RansWriter& writer, const uint8_t* symbols, const uint8_t* contexts,
                             size_t n, const RansSymbols& tables) {
  const auto* const first = reinterpret_cast<const uint8_t*>(tables.of);
  uint8_t* const words = writer.words;
  ptrdiff_t at = -1;  // where the next word goes
  for (size_t i = n; i != 0;) {
    i -= 64;
    uint16_t offsets[64];
    for (size_t lane = 0; lane < 64; ++lane) {
      offsets[lane] = static_cast<uint16_t>((contexts[i + lane] * kSymbolRow + symbols[i + lane]) *
                                            sizeof(RansSymbol));
    }
#pragma GCC unroll 8
    for (size_t lane = 64; lane-- > 0;) {
      const uint32_t before = writer.state[lane];
      const auto& symbol = *reinterpret_cast<const RansSymbol*>(first + offsets[lane]);
      // Without a branch: what turns out not to be given is overwritten by the next.
      StoreAs(words + 2 * at, static_cast<uint16_t>(before));
      uint32_t x = before;
      ReplaceAndStepBack(symbol.last, before >> (32 - kSymbolScale), before >> 16, x, at);
      const auto quotient = static_cast<uint32_t>(Wide{x} * symbol.reciprocal >> 64);
      writer.state[lane] = x + quotient * symbol.rest + symbol.start;
    }
  }
  writer.words = words + 2 * (at + 1);
}

// Puts states and words together at `out`; returns their size.
inline size_t RansFinish(const RansWriter& writer, unsigned lanes, uint8_t* out) {
  const size_t word_bytes = static_cast<size_t>(writer.end - writer.words);
  memmove(out + 4 * lanes, writer.words, word_bytes);
  memcpy(out, writer.state, 4 * lanes);
  return 4 * lanes + word_bytes;
}

inline size_t GenericRansEncode(const uint8_t* symbols, const uint8_t* contexts, size_t n,
                                unsigned lanes, unsigned scale, const uint32_t* tables,
                                uint8_t* out) {
  RansWriter writer;
  RansStart(writer, n, lanes, out);
  RansSymbols gathered;
  if (lanes == 64 && scale == kSymbolScale && contexts != nullptr &&
      GatherSymbols(symbols, contexts, n, tables, gathered)) {
    const size_t whole = n & ~size_t{63};
    RansEncodeEach(writer, symbols, contexts, n, whole, 64, kSymbolScale, tables);
    RansEncodeRounds(writer, symbols, contexts, whole, gathered);
  } else {
    RansEncodeEach(writer, symbols, contexts, n, 0, lanes, scale, tables);
  }
  return RansFinish(writer, lanes, out);
}

// A decoder that can stop at any element: the SIMD forms finish their tails with it.
struct RansCursor {
  uint32_t state[64];
  const uint8_t* words;
  const uint8_t* end;
  uint8_t spill[256];  // for the last words of a SIMD form
};

inline void RansStart(RansCursor& cursor, const uint8_t* coded, size_t size, unsigned lanes) {
  memcpy(cursor.state, coded, 4 * lanes);
  cursor.words = coded + 4 * lanes;
  cursor.end = coded + size;
}

// A SIMD form reads words in vectors: near the end from a copy with zeros behind it. It checks its
// cursor after each block, so that a stream that is too short is noticed before the zeros end.
struct PaddedWords {
  uint8_t bytes[512];
  bool used = false;
};

// `reach`: bytes that a block may touch.
inline void PadWords(RansCursor& cursor, PaddedWords& padded, ptrdiff_t reach) {
  if (padded.used || cursor.end - cursor.words >= reach) return;
  const auto left = static_cast<size_t>(cursor.end - cursor.words);
  memset(padded.bytes, 0, sizeof padded.bytes);
  memcpy(padded.bytes, cursor.words, left);
  cursor.words = padded.bytes;
  cursor.end = padded.bytes + left;
  padded.used = true;
}

inline bool RansStep(RansCursor& cursor, unsigned lane, uint32_t context, unsigned scale,
                     const uint32_t* tables, uint8_t* symbol) {
  uint32_t x = cursor.state[lane];
  const uint32_t entry = tables[(context << scale) | (x & ((1u << scale) - 1))];
  x = ((entry >> 8) & 0xfff) * (x >> scale) + (entry >> 20);
  if (x < 1u << 16) {
    if (cursor.words == cursor.end) return false;
    x = (x << 16) | LoadAs<uint16_t>(cursor.words);
    cursor.words += 2;
  }
  cursor.state[lane] = x;
  *symbol = static_cast<uint8_t>(entry);
  return true;
}

inline bool RansDone(const RansCursor& cursor, unsigned lanes) {
  bool initial = cursor.words == cursor.end;
  for (unsigned lane = 0; lane < lanes; ++lane) initial &= cursor.state[lane] == 1u << 16;
  return initial;
}

inline bool RansFinish(RansCursor& cursor, const uint8_t* contexts, size_t from, size_t n,
                       unsigned lanes, unsigned scale, const uint32_t* tables, uint8_t* symbols) {
  for (size_t i = from; i < n; ++i) {
    const uint32_t context = contexts != nullptr ? contexts[i] : 0;
    const auto lane = static_cast<unsigned>(i & (lanes - 1));
    if (!RansStep(cursor, lane, context, scale, tables, symbols + i)) return false;
  }
  return RansDone(cursor, lanes);
}

// Whole rounds of 64 lanes without a check and without a branch, as long as the words suffice for
// the worst case. The scale is constant: shifts by a variable cost three times as much.
template <unsigned kScale, bool kContexts>
size_t RansRounds(RansCursor& cursor, const uint8_t* contexts, size_t n, const uint32_t* tables,
                  uint8_t* symbols) {
  constexpr uint32_t kMask = (1u << kScale) - 1;
  const uint8_t* words = cursor.words;
  size_t i = 0;
  while (n - i >= 64 && cursor.end - words >= 128) {
    size_t taken = 0;
#pragma GCC unroll 8
    for (size_t lane = 0; lane < 64; ++lane) {
      const uint32_t before = cursor.state[lane];
      const uint32_t context = kContexts ? contexts[i + lane] : 0;
      const uint32_t entry = tables[(context << kScale) | (before & kMask)];
      uint32_t x = ((entry >> 8) & 0xfff) * (before >> kScale) + (entry >> 20);
      const uint32_t longer = (x << 16) | LoadAs<uint16_t>(words + 2 * taken);
      ReplaceWhereBelow(x, 1u << 16, longer, x, taken);
      cursor.state[lane] = x;
      symbols[i + lane] = static_cast<uint8_t>(entry);
    }
    words += 2 * taken;
    i += 64;
  }
  cursor.words = words;
  return i;
}

template <unsigned kScale>
size_t RansRounds(RansCursor& cursor, const uint8_t* contexts, size_t n, const uint32_t* tables,
                  uint8_t* symbols) {
  return contexts == nullptr ? RansRounds<kScale, false>(cursor, contexts, n, tables, symbols)
                             : RansRounds<kScale, true>(cursor, contexts, n, tables, symbols);
}

inline bool GenericRansDecode(const uint8_t* coded, size_t size, const uint8_t* contexts, size_t n,
                              unsigned lanes, unsigned scale, const uint32_t* tables,
                              uint8_t* symbols) {
  RansCursor cursor;
  RansStart(cursor, coded, size, lanes);
  size_t done = 0;
  if (lanes == 64 && scale == 10) done = RansRounds<10>(cursor, contexts, n, tables, symbols);
  if (lanes == 64 && scale == 12) done = RansRounds<12>(cursor, contexts, n, tables, symbols);
  return RansFinish(cursor, contexts, done, n, lanes, scale, tables, symbols);
}

inline uint32_t ChainContext(uint32_t previous, unsigned low, unsigned count) {
  const uint32_t above = previous > low ? previous - low : 0;
  return above < count ? above : count - 1;
}

inline bool RansFinishChained(RansCursor& cursor, size_t from, unsigned low, unsigned count,
                              size_t n, unsigned lanes, unsigned scale, const uint32_t* tables,
                              uint8_t* symbols) {
  for (size_t i = from; i < n; ++i) {
    const uint32_t context = i < lanes ? 0 : ChainContext(symbols[i - lanes], low, count);
    const auto lane = static_cast<unsigned>(i & (lanes - 1));
    if (!RansStep(cursor, lane, context, scale, tables, symbols + i)) return false;
  }
  return RansDone(cursor, lanes);
}

inline bool GenericRansDecodeChained(const uint8_t* coded, size_t size, unsigned low,
                                     unsigned count, size_t n, unsigned lanes, unsigned scale,
                                     const uint32_t* tables, uint8_t* symbols) {
  RansCursor cursor;
  RansStart(cursor, coded, size, lanes);
  return RansFinishChained(cursor, 0, low, count, n, lanes, scale, tables, symbols);
}

// ---- elements and symbols
// ----------------------------------------------------------------------------------------------

template <class T>
FloatScan ScanOf(const uint8_t* elements, size_t n, unsigned shift, unsigned bits) {
  const T mask = static_cast<T>((T{1} << bits) - 1);
  T any = 0;
  T low = static_cast<T>(~T{0});
  T high = 0;
  uint32_t zeros = 0;
  constexpr size_t kStep = 128;  // narrow counters cannot overflow within a step
  for (size_t at = 0; at < n; at += kStep) {
    const size_t stop = n - at < kStep ? n - at : kStep;
    T zeros_here = 0;
    for (size_t i = 0; i < stop; ++i) {
      const T x = LoadAs<T>(elements + (at + i) * sizeof(T));
      const T exponent = static_cast<T>(static_cast<T>(x >> shift) & mask);
      const T lowered = static_cast<T>(exponent - 1);  // 0 becomes the largest value
      any = static_cast<T>(any | x);
      low = lowered < low ? lowered : low;
      high = exponent > high ? exponent : high;
      zeros_here = static_cast<T>(zeros_here + (x == 0 ? 1 : 0));
    }
    zeros += static_cast<uint32_t>(zeros_here);
  }
  FloatScan scan;
  scan.any_bits = static_cast<uint64_t>(any);
  scan.min_exponent = low == static_cast<T>(~T{0}) ? 0xffffffffu : static_cast<uint32_t>(low) + 1;
  scan.max_exponent = static_cast<uint32_t>(high);
  scan.zero_count = zeros;
  return scan;
}

template <class T>
void SymbolsOf(const uint8_t* elements, size_t n, const SymbolMap& map, uint8_t* symbols) {
  const unsigned shift = map.exponent_shift;
  const T mask = static_cast<T>((T{1} << map.exponent_bits) - 1);
  const T first = static_cast<T>(map.first);
  const T rule = static_cast<T>(map.zero_rule);
  for (size_t i = 0; i < n; ++i) {
    const T x = LoadAs<T>(elements + i * sizeof(T));
    const T exponent = static_cast<T>(static_cast<T>(x >> shift) & mask);
    const T above = static_cast<T>(exponent == 0 ? T{0} : static_cast<T>(exponent - first + 1));
    const T offset = static_cast<T>(x == 0 ? T{0} : rule);
    symbols[i] = static_cast<uint8_t>(above + offset);
  }
}

template <class T>
void ExponentsOf(const uint8_t* symbols, size_t n, const SymbolMap& map, uint8_t* elements) {
  const unsigned shift = map.exponent_shift;
  const T rule = static_cast<T>(map.zero_rule);
  const T offset = static_cast<T>(map.first - 1 - map.zero_rule);
  for (size_t i = 0; i < n; ++i) {
    const T symbol = symbols[i];
    const T exponent = static_cast<T>(symbol <= rule ? T{0} : static_cast<T>(symbol + offset));
    const T x = LoadAs<T>(elements + i * sizeof(T));
    StoreAs(elements + i * sizeof(T), static_cast<T>(x | static_cast<T>(exponent << shift)));
  }
}

template <class T>
size_t KeepOf(const uint8_t* elements, size_t n, uint8_t* kept) {
  size_t count = 0;
  for (size_t i = 0; i < n; ++i) {
    const T x = LoadAs<T>(elements + i * sizeof(T));
    StoreAs(kept + count * sizeof(T), x);
    count += x != 0 ? 1 : 0;
  }
  return count;
}

template <class T>
void SpreadOf(const uint8_t* symbols, size_t n, const uint8_t* kept, uint8_t* elements) {
  size_t count = 0;
  for (size_t i = 0; i < n; ++i) {
    const T x = LoadAs<T>(kept + count * sizeof(T));
    const bool present = symbols[i] != 0;
    StoreAs(elements + i * sizeof(T), static_cast<T>(present ? x : T{0}));
    count += present ? 1 : 0;
  }
}

inline size_t GenericCountZeroBytes(const uint8_t* bytes, size_t n) {
  size_t zeros = 0;
  for (size_t i = 0; i < n; ++i) zeros += bytes[i] == 0 ? 1 : 0;
  return zeros;
}

#define DLV_FOR_WIDTH(width, call) \
  switch (width) {                 \
    case 1: {                      \
      using T = uint8_t;           \
      call;                        \
    }                              \
    case 2: {                      \
      using T = uint16_t;          \
      call;                        \
    }                              \
    case 4: {                      \
      using T = uint32_t;          \
      call;                        \
    }                              \
    default: {                     \
      using T = uint64_t;          \
      call;                        \
    }                              \
  }

inline FloatScan GenericScan(const uint8_t* elements, size_t n, unsigned width, unsigned shift,
                             unsigned bits) {
  DLV_FOR_WIDTH(width, return ScanOf<T>(elements, n, shift, bits))
}

inline void GenericToSymbols(const uint8_t* elements, size_t n, unsigned width,
                             const SymbolMap& map, uint8_t* symbols) {
  DLV_FOR_WIDTH(width, return SymbolsOf<T>(elements, n, map, symbols))
}

inline void GenericAddExponents(const uint8_t* symbols, size_t n, unsigned width,
                                const SymbolMap& map, uint8_t* elements) {
  DLV_FOR_WIDTH(width, return ExponentsOf<T>(symbols, n, map, elements))
}

inline size_t GenericKeepNonzero(const uint8_t* elements, size_t n, unsigned width, uint8_t* kept) {
  DLV_FOR_WIDTH(width, return KeepOf<T>(elements, n, kept))
}

inline void GenericSpreadKept(const uint8_t* symbols, size_t n, unsigned width, const uint8_t* kept,
                              uint8_t* elements) {
  DLV_FOR_WIDTH(width, return SpreadOf<T>(symbols, n, kept, elements))
}

}  // namespace
}  // namespace dlv::codec

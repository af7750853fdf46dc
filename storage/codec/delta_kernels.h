#pragma once
/// \file
/// The inner loops of the delta coder (docs/format/delta.md). The reference form defines what is
/// right; every other form gives the same bytes. All checking is done by the callers.
///
/// Words: a *level* is 16 or 8 bits of each element, from the top. Elements are handled in blocks
/// of 64; arrays of a tile are padded to whole blocks, and what padding holds does not matter.
///
/// Included by files compiled for special instruction sets: C headers only (see cpu_dispatch.h).

#include <stddef.h>
#include <stdint.h>

namespace dlv::codec {

inline constexpr size_t kDeltaBlock = 64;
/// Elements handled at a time: what a tile needs stays in the first cache.
inline constexpr size_t kDeltaTile = 2048;
inline constexpr size_t kDeltaTileBlocks = kDeltaTile / kDeltaBlock;
inline constexpr unsigned kDeltaMaxLevels = 4;
/// Values of an element's predicted bit length, which selects the table of frequencies.
inline constexpr unsigned kDeltaScales = 34;

/// How the numbers of a dtype are cut. On disk: docs/format/delta.md §2.
struct DeltaShape {
  uint8_t element_bytes;  ///< of a component, for complex numbers
  uint8_t level_count;
  uint8_t level_bytes[kDeltaMaxLevels];  ///< 2 or 1
  uint8_t exponent_shift;                ///< in the first level
  uint8_t ignored_bits;  ///< low bits of a difference that the block scale does not count
  int32_t scale_bias;
  uint8_t has_ratio;      ///< whether r times base may predict
  uint8_t mantissa_bits;  ///< of what two bases may predict; 0: they may not
};

/// Levels of a tile. Levels of two bytes are uint16_t.
struct DeltaTile {
  uint8_t* child[kDeltaMaxLevels];                            ///< room for whole blocks
  alignas(64) uint8_t base[kDeltaMaxLevels][2 * kDeltaTile];  ///< predictions
  alignas(64) uint8_t scale[kDeltaTile];  ///< predicted bit length, below kDeltaScales
  alignas(64) uint8_t state[kDeltaTile];  ///< see the document, §5
};

/// A level of a chunk. With second bits (§9 of the document) the bit below the leading one of a
/// difference is in its symbol and not in its field.
struct DeltaLevel {
  unsigned index;
  unsigned bytes;  ///< of an element: 2 or 1
  bool second_bits;
};

/// With second bits: symbols of the first level from here on are changes of sign.
constexpr unsigned DeltaFirstFlip(unsigned level_bytes) { return 16 * level_bytes - 2; }

/// Bits appended from bit 0 of byte 0 on. `at` has room for 16 bytes more than what is written.
struct DeltaBits {
  uint8_t* at;
  uint64_t pending;
  unsigned used;  ///< bits of `pending`: 0..63
};

/// Bits read in the same order; 16 bytes past the end are readable.
struct DeltaBitsIn {
  const uint8_t* bytes;
  uint64_t position;  ///< in bits
};

struct DeltaKernels {
  const char* name;

  /// Compares child and base (`n` elements, at most a tile): fills block_scale (0: block equals its
  /// prediction) and block_ratio (1: predicted by ratio) for each block, and tile.child, tile.base,
  /// tile.scale; zeroes tile.state. ratio 0: none is tried.
  void (*model)(const DeltaShape* shape, const uint8_t* child, const uint8_t* base, size_t n,
                float ratio, uint8_t* block_scale, uint8_t* block_ratio, DeltaTile* tile);

  /// Codes one level of a tile: appends symbols and contexts (returns how many) and fields, and
  /// advances tile.state. `low` takes the low bytes of fields, `high` the high bytes of two-byte
  /// levels. 64 bytes past the last symbol and context may be overwritten.
  size_t (*encode_level)(DeltaLevel level, const uint8_t* child, const uint8_t* base,
                         const uint8_t* scale, uint8_t* state, const uint8_t* block_scale, size_t n,
                         uint8_t* symbols, uint8_t* contexts, DeltaBits* low, DeltaBits* high);

  /// Predictions of the levels whose bits are set in `wanted`, from the base, with the flags of
  /// blocks given. Level 0 also gives `scale`.
  void (*predict)(const DeltaShape* shape, unsigned wanted, const uint8_t* base, size_t n,
                  float ratio, const uint8_t* block_scale, const uint8_t* block_ratio,
                  uint8_t* const* predictions, uint8_t* scale);

  /// What levels 0..levels-1 are predicted from where there are two bases, in place of the base:
  /// for each level the bits of base + beta/16 (base - second), as far as that level shows them.
  /// The bits of further levels are zero or anything.
  void (*extrapolate)(const DeltaShape* shape, unsigned levels, const uint8_t* base,
                      const uint8_t* second, size_t n, int beta, uint8_t* out);

  /// Contexts of the coded elements of blocks that have a scale; returns their number. May
  /// overwrite 64 bytes more.
  size_t (*contexts)(const uint8_t* scale, const uint8_t* state, const uint8_t* block_scale,
                     size_t n, uint8_t* contexts);

  /// Turns predictions into values, in place, and advances the state; returns how many symbols it
  /// took. Symbols are in the range of the level; 64 bytes past the last one are readable. Fields
  /// take at most 8 bits an element of `low` and of `high`; where they end, `position` says.
  size_t (*decode_level)(DeltaLevel level, uint8_t* values, uint8_t* state,
                         const uint8_t* block_scale, size_t n, const uint8_t* symbols,
                         DeltaBitsIn* low, DeltaBitsIn* high);

  /// Elements from the first `levels` levels; the bits of the others are zero.
  void (*join)(const DeltaShape* shape, unsigned levels, const uint8_t* const* values, size_t n,
               uint8_t* elements);

  /// hist[context * 32 + symbol] += 1, for symbols without second bits.
  void (*count)(const uint8_t* symbols, const uint8_t* contexts, size_t n, uint32_t* histogram);

  /// What BuildRansDecodeTable (rans.h) makes of a table of `symbols` frequencies with sum 2^10.
  void (*fill_table)(const uint16_t* frequencies, unsigned symbols, uint32_t* table);
};

/// The plain form: what is right.
const DeltaKernels& ReferenceDeltaKernels();
/// For any machine.
const DeltaKernels& PortableDeltaKernels();
#if defined(__x86_64__)
/// With PDEP and PEXT; the plain one without.
const DeltaKernels& Avx2DeltaKernels();
const DeltaKernels& Avx2PlainDeltaKernels();
const DeltaKernels& Avx512DeltaKernels();
const DeltaKernels& Avx512VbmiDeltaKernels();
#endif
const DeltaKernels& ActiveDeltaKernels();

}  // namespace dlv::codec

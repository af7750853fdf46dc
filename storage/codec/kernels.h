#pragma once
/// \file
/// The inner loops of the codec. The reference form defines what is right; every other form gives
/// the same bytes. Kernels know pointers and sizes, nothing else: all checking is done by the
/// callers.
///
/// Included by files compiled for special instruction sets: C headers only (see cpu_dispatch.h).

#include <stddef.h>
#include <stdint.h>

namespace dlv::codec {

/// What a pass over float elements finds.
struct FloatScan {
  uint64_t any_bits;  ///< OR of all elements
  uint32_t
      min_exponent;  ///< of elements whose biased exponent is not 0; 0xffffffff if there is none
  uint32_t max_exponent;  ///< 0 if there is none
  uint32_t zero_count;    ///< elements with all bits zero (+0.0)
};

/// Where the exponent of an element lies and how it becomes a symbol (docs/format/codec.md §6):
///   exponent 0 -> zero_rule, exponent e -> e - first + 1 + zero_rule; with the zero rule all-zero
///   bits -> 0.
struct SymbolMap {
  unsigned exponent_shift;
  unsigned exponent_bits;
  uint32_t first;
  unsigned zero_rule;  ///< 0 or 1
};

/// How often bits are 1 in the context of symbols (docs/format/codec.md §5.4), of 128.
inline constexpr unsigned kMaxBitContexts = 16;
inline constexpr uint8_t kEvenChance = 64;
struct BitModel {
  uint8_t low;                    ///< the first symbol with a chance of its own
  uint8_t count;                  ///< so many have one; low + count <= 256
  uint8_t ones[kMaxBitContexts];  ///< of symbol low + k, 1 to 127; of all others kEvenChance
};

/// Planes are addressed by bit index in the element (0 = least significant); plane[bit] has one bit
/// an element, element i is bit i % 8 of byte i / 8. A null pointer: not wanted (reading from
/// elements) or zero (writing to elements).
inline constexpr unsigned kMaxPlanes = 64;

struct Kernels {
  const char* name;

  /// XXH3-64, seed 0.
  uint64_t (*checksum)(const void* bytes, size_t size);

  /// rans.h; n > 0, any number of lanes. `out` has RansBound(n) + 64 bytes.
  size_t (*rans_encode)(const uint8_t* symbols, const uint8_t* contexts, size_t n, unsigned lanes,
                        unsigned scale, const uint32_t* tables, uint8_t* out);
  bool (*rans_decode)(const uint8_t* coded, size_t size, const uint8_t* contexts, size_t n,
                      unsigned lanes, unsigned scale, const uint32_t* tables, uint8_t* symbols);
  /// As rans_decode, with the context of element i >= lanes = clamp(symbol[i - lanes] - low, 0,
  /// count - 1), else 0.
  bool (*rans_decode_chained)(const uint8_t* coded, size_t size, unsigned low, unsigned count,
                              size_t n, unsigned lanes, unsigned scale, const uint32_t* tables,
                              uint8_t* symbols);

  /// pairs[i] = 2 * min(contexts[i] - low (modulo 256), count) + bit i of `plane`. `pairs` has room
  /// for n + 8 bytes.
  void (*pair_bits)(const uint8_t* contexts, const uint8_t* plane, size_t n, const BitModel& model,
                    uint8_t* pairs);
  /// Bits in the context of bytes, n > 0; 4, 16 or 32 lanes, whose states `coded` holds. `plane`:
  /// (n + 7) / 8 bytes; padding bits are zero. Returns false where the stream does not end as it
  /// should.
  bool (*decode_bits)(const uint8_t* coded, size_t size, const uint8_t* contexts, size_t n,
                      unsigned lanes, const BitModel& model, uint8_t* plane);

  /// Elements of `width` = 1, 2, 4 or 8 bytes, any alignment.
  FloatScan (*scan)(const uint8_t* elements, size_t n, unsigned width, unsigned exponent_shift,
                    unsigned exponent_bits);
  void (*to_symbols)(const uint8_t* elements, size_t n, unsigned width, const SymbolMap& map,
                     uint8_t* symbols);
  /// Copies the elements that are not all-zero bits; returns their number. `kept` has room for n
  /// elements + 64 bytes.
  size_t (*keep_nonzero)(const uint8_t* elements, size_t n, unsigned width, uint8_t* kept);
  /// Writes (n + 7) / 8 bytes to each wanted plane; padding bits are zero.
  void (*to_planes)(const uint8_t* elements, size_t n, unsigned width,
                    uint8_t* const plane[kMaxPlanes]);
  /// Elements from planes; the bits of absent planes are zero.
  void (*from_planes)(const uint8_t* const plane[kMaxPlanes], size_t n, unsigned width,
                      uint8_t* elements);
  /// The number of bytes that are 0.
  size_t (*count_zero_bytes)(const uint8_t* bytes, size_t n);
  /// elements[i] = symbols[i] == 0 ? 0 : the next of `kept`, readable 64 bytes past those needed.
  void (*spread_kept)(const uint8_t* symbols, size_t n, unsigned width, const uint8_t* kept,
                      uint8_t* elements);
  /// elements[i] |= exponent of symbols[i]; the caller knows that all are in range.
  void (*add_exponents)(const uint8_t* symbols, size_t n, unsigned width, const SymbolMap& map,
                        uint8_t* elements);
};

const Kernels& ReferenceKernels();
#if defined(DLV_X86_KERNELS)
const Kernels& Avx2Kernels();
const Kernels& Avx512Kernels();
const Kernels& Avx512VbmiKernels();
#endif

/// The table for ActiveKernelLevel().
const Kernels& ActiveKernels();

}  // namespace dlv::codec

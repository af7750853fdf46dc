#pragma once
/// \file
/// What the kernels of deltas are told (docs/format/delta.md): one level of one chunk against a
/// base on the device. C++17.

#include <cstddef>
#include <cstdint>

#include "dlv/dtype.h"

namespace dlv::kernels::cuda {

inline constexpr std::uint32_t kDeltaLevels = 4;
inline constexpr std::uint32_t kDeltaBlock = 64;      ///< components with one scale
inline constexpr std::uint32_t kDeltaScales = 34;     ///< contexts of the first level
inline constexpr std::uint32_t kDeltaTableRow = 32;   ///< frequencies of a context
inline constexpr std::uint32_t kDeltaTableBits = 10;  ///< they sum to 2^10

/// How a type is cut (§2).
struct DeltaFormat {
  std::uint32_t bytes = 0;  ///< of a component; 0: a type without deltas
  std::uint32_t levels = 0;
  std::uint32_t first_bytes = 0;    ///< of the first level's values: 2 or 1
  std::uint32_t further_bytes = 0;  ///< of the other levels'
  std::uint32_t exponent_shift = 0;
  std::int32_t scale_bias = 0;
  bool has_ratio = false;
  std::uint32_t mantissa_bits = 0;  ///< of what two bases may predict; 0: they may not
};

constexpr DeltaFormat DeltaFormatOf(DType dtype) {
  switch (dtype) {
    case DType::kF32:
    case DType::kComplex64:
      return {4, 3, 2, 1, 7, 128, true, 23};
    case DType::kBF16:
      return {2, 1, 2, 0, 7, 128, true, 7};
    case DType::kF16:
      return {2, 1, 2, 0, 10, 0, false, 10};
    case DType::kF64:
    case DType::kComplex128:
      return {8, 4, 2, 2, 4, 1920, false, 52};
    case DType::kF8E4M3:
      return {1, 1, 1, 0, 3, 0, false, 0};
    case DType::kF8E5M2:
      return {1, 1, 1, 0, 2, 0, false, 0};
    default:
      return {};
  }
}

/// How a level is stored (§6), as the host reads it from the level's first byte; kZero too where
/// the whole chunk equals its base (then all block scales are 0).
enum class DeltaMode : std::uint32_t { kZero = 0, kCoded = 1, kPlain = 2 };

/// One level of one chunk. The host has read what is small: block scales and flags, sizes, tables.
struct DeltaJob {
  const void* base = nullptr;  ///< `count` components, aligned to their size; bits of lower levels
                               ///< than this one do not matter
  const void* second_base = nullptr;  ///< the same of what the base was made from: predictions
                                      ///< come from both, ratios do not count; null: one base
  const std::uint8_t* block_scales = nullptr;  ///< one a block
  const std::uint8_t* block_ratios = nullptr;  ///< one a block, 1: by ratio; null: none is
  std::uint8_t* states = nullptr;  ///< `count` bytes, handed on from level to level; the first
                                   ///< level does not read them
  std::uint8_t* symbols =
      nullptr;             ///< room for `count` bytes: from DecodeDeltaSymbols to ApplyDelta
  void* values = nullptr;  ///< the result: `count` numbers of the level's size, aligned
  const std::uint8_t* coded = nullptr;         ///< kCoded: the rANS stream
  const std::uint8_t* low = nullptr;           ///< kCoded: the low plane; kPlain: the values
  const std::uint8_t* high = nullptr;          ///< kCoded: the high plane
  const std::uint16_t* frequencies = nullptr;  ///< kCoded: kDeltaTableRow for each context (34 at
                                               ///< the first level, else 68)
  std::uint32_t coded_bytes = 0, low_bytes = 0, high_bytes = 0;
  std::uint32_t count = 0;  ///< components, 1 to 2^18
  float ratio = 0;          ///< positive, normal; 0: none
  std::int32_t beta = 0;    ///< with a second base: sixteenths, -128 to 127
  DeltaMode mode = DeltaMode::kZero;
};

enum class DeltaFault : std::uint32_t {
  kNone = 0,
  kTable = 1,    ///< frequencies of a context do not sum to 2^10
  kSymbols = 2,  ///< the stream is malformed, too short or too long
  kFields = 3,   ///< planes or values have another size than the symbols say
};

/// Values of levels, the first one's the upper bits, to elements.
struct JoinJob {
  const void* values[kDeltaLevels] = {};
  void* out = nullptr;      ///< `count` components, aligned to their size (bf16: to 2)
  std::uint32_t count = 0;  ///< components
};

}  // namespace dlv::kernels::cuda

#pragma once
/// \file
/// What the kernels of chunks by significance are told (docs/format/codec.md §6.5). C++17.

#include <cstddef>
#include <cstdint>

#include "engine/kernels/cuda/jobs.h"

namespace dlv::kernels::cuda {

inline constexpr std::uint32_t kSymbolKinds = 256;
/// Components whose symbols one warp counts, and which one warp puts together.
inline constexpr std::uint32_t kRankTile = 4096;
/// Levels of a chunk at most.
inline constexpr std::uint32_t kSignificanceLevels = 32;
/// The step of a level that has all bits.
inline constexpr std::uint32_t kWholeStep = 0xffff;

DLV_EVERYWHERE constexpr std::uint32_t RankTiles(std::uint32_t count) {
  return (count + kRankTile - 1) / kRankTile;
}

/// One chunk, of which the first `levels_read` levels are there. Depths and sizes are those of the
/// chunk's header, of all of its levels.
struct SignificanceJob {
  const std::uint8_t* symbols = nullptr;  ///< `count` bytes
  const std::uint8_t* bits = nullptr;     ///< what the levels read hold besides coded symbols, end
                                          ///< to end
  std::uint32_t* ranks = nullptr;         ///< room for RankTiles(count) * kSymbolKinds numbers
  std::uint32_t* places = nullptr;        ///< room for kSymbolKinds * stored_bits numbers
  void* out = nullptr;            ///< `count` components, aligned to their size (bf16: to 2)
  std::uint32_t count = 0;        ///< components, 1 to 2^18
  std::uint32_t first = 1;        ///< exponent of symbol 1 (with the zero rule: 2)
  std::uint32_t zero_rule = 0;    ///< 0 or 1
  std::uint32_t max_symbol = 1;   ///< the largest that has an exponent, at most 255
  std::uint32_t stored_bits = 1;  ///< of a component: the sign, mantissa bits less absent ones
  std::uint32_t origin = 0;       ///< the step that depth 0 stands for
  std::uint32_t level_count = 1;  ///< 1 to kSignificanceLevels
  std::uint32_t levels_read = 1;  ///< 1 to level_count
  std::uint32_t level_bytes[kSignificanceLevels] = {};  ///< level 0 without its coded symbols
  std::uint8_t depths[kSignificanceLevels] = {};        ///< that of the last level counts for all
};

/// The last step of which all bits are known.
DLV_EVERYWHERE constexpr std::uint32_t LastStepOf(const SignificanceJob& job) {
  return job.levels_read == job.level_count ? kWholeStep
                                            : job.origin + job.depths[job.levels_read - 1];
}

enum class SignificanceFault : std::uint32_t {
  kNone = 0,
  kSymbols = 1,  ///< a symbol is above the largest
  kLevels = 2,   ///< levels have other sizes than the symbols say
};

}  // namespace dlv::kernels::cuda

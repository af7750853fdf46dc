#pragma once
/// \file
/// What Gram iteration is told and leaves behind (docs/progressive.md, "Spectral norm"). C++17.

#include <cstddef>
#include <cstdint>

#include "engine/kernels/cuda/jobs.h"

namespace dlv::kernels::cuda {

inline constexpr std::uint32_t kGramRounds = 8;      ///< squarings at most
inline constexpr std::uint32_t kGramTile = 32;       ///< rows and columns that one warp multiplies
inline constexpr std::uint32_t kGramSlab = 8;        ///< terms that it takes at a time
inline constexpr std::uint64_t kGramSide = 1 << 16;  ///< the greatest smaller side

/// A matrix values - centres, row-major, f32 or f64, on the device. The differences must be exact
/// in double, which those from centres are (docs/progressive.md, "Centres").
struct GramMatrix {
  const void* values = nullptr;
  const void* centres = nullptr;  ///< null: zeros
  std::uint64_t rows = 0;
  std::uint64_t columns = 0;
};

/// How a symmetric product of n rows, with k terms an element, is cut: terms into parts that are
/// added up one after another. Depends on n and k alone, so the sums do.
struct GramShape {
  std::uint64_t n = 0;
  std::uint64_t k = 0;
  std::uint64_t parts = 1;
  std::uint64_t part_terms = 0;  ///< a multiple of kGramSlab
};

DLV_EVERYWHERE constexpr std::uint64_t GramTiles(std::uint64_t n) {
  return (n + kGramTile - 1) / kGramTile;
}

/// Small matrices are cut, so that a device has something to do: 4,096 warps, 256 terms or more.
constexpr GramShape GramShapeOf(std::uint64_t n, std::uint64_t k) {
  const std::uint64_t tiles = GramTiles(n) * (GramTiles(n) + 1) / 2;
  const std::uint64_t wanted = tiles == 0 ? 1 : 4096 / tiles, most = k / 256;
  std::uint64_t parts = wanted < most ? wanted : most;
  parts = parts < 1 ? 1 : parts > 64 ? 64 : parts;
  const std::uint64_t slabs = (k + kGramSlab - 1) / kGramSlab;
  return {n, k, parts, (slabs + parts - 1) / parts * kGramSlab};
}

/// Doubles that GramIteration needs besides: the product, its parts, sums of rows, magnitudes.
constexpr std::uint64_t GramScratch(std::uint64_t rows, std::uint64_t columns) {
  const std::uint64_t n = rows < columns ? rows : columns, k = rows < columns ? columns : rows;
  return n * n * (1 + GramShapeOf(n, k).parts) + 2 * n + SquaresParts(rows * columns);
}

/// Of the product G after a round.
struct GramRound {
  double trace = 0;
  double squares = 0;         ///< the sum of the squares of its elements
  std::int32_t exponent = 0;  ///< the next round squares 2^-exponent G
};

/// All that the bound is made of: engine/bounds/gram.h, NormOfGramAbove.
struct GramRecord {
  double greatest = 0;        ///< magnitude of an element; infinite where one is not finite
  std::int32_t exponent = 0;  ///< the first product is that of 2^-exponent (values - centres)
  GramRound rounds[kGramRounds + 1];
};

}  // namespace dlv::kernels::cuda

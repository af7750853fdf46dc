#pragma once
/// \file
/// Gram iteration on the processor (emulated_kernels.h): the order of the launches is that of
/// gram.cu.

#include <vector>

#include "engine/kernels/cuda/emulated_warp.h"
#include "engine/kernels/cuda/gram_body.h"

namespace dlv::kernels::test {

class EmulatedGram {
 public:
  using Warp = cuda::EmulatedWarp;

  explicit EmulatedGram(Warp::Order order) : order_(order) {}

  /// T: float or double, as the matrix has.
  template <class T>
  cuda::GramRecord Run(const cuda::GramMatrix& matrix, unsigned rounds) {
    cuda::GramRecord record;
    const std::uint64_t count = matrix.rows * matrix.columns;
    if (count == 0) return record;
    const bool turned = matrix.rows > matrix.columns;
    const std::uint64_t n = turned ? matrix.columns : matrix.rows;
    const std::uint64_t k = turned ? matrix.rows : matrix.columns;
    std::vector<double> magnitudes(cuda::SquaresParts(count));
    Warp warp(order_);
    for (std::size_t part = 0; part < magnitudes.size(); ++part)
      magnitudes[part] = cuda::GreatestOfPart<T>(warp, matrix, part);
    cuda::StartRecord(warp, magnitudes.data(), magnitudes.size(), record);
    product_.assign(n * n, 0);
    Round(cuda::ResidualSource<T>(matrix, record), cuda::GramShapeOf(n, k), record.rounds[0]);
    for (unsigned round = 0; round < rounds; ++round) {
      Round(cuda::SymmetricSource(product_.data(), n, record.rounds[round]),
            cuda::GramShapeOf(n, n), record.rounds[round + 1]);
    }
    return record;
  }

  /// The last product.
  const std::vector<double>& product() const { return product_; }
  /// Accesses of shared memory at fault.
  std::size_t faults() const { return faults_; }

 private:
  template <class Source>
  void Round(const Source& source, const cuda::GramShape& shape, cuda::GramRound& round) {
    constexpr std::size_t kCells = std::size_t{cuda::kGramTile} * cuda::kGramSlab;
    std::vector<double> parts(shape.parts * shape.n * shape.n), sums(2 * shape.n);
    const std::uint64_t tiles = cuda::GramTiles(shape.n);
    for (std::uint64_t i = 0; i < tiles * tiles * shape.parts; ++i) {
      const std::uint64_t tile = i % (tiles * tiles), part = i / (tiles * tiles);
      if (tile / tiles > tile % tiles) continue;
      Warp warp(order_);
      cuda::GramMemory<Warp> memory{{warp, kCells}, {warp, kCells}};
      cuda::GramMultiplier<Warp, Source>(warp, memory, source, shape)
          .Run(tile / tiles, tile % tiles, part, parts.data() + part * shape.n * shape.n);
      faults_ += warp.faults();
    }
    Warp warp(order_);
    for (std::uint64_t row = 0; row < shape.n; ++row)
      cuda::FoldRow(warp, shape, parts.data(), row, product_.data(), sums.data());
    cuda::CloseRound(warp, sums.data(), shape.n, round);
  }

  Warp::Order order_;
  std::vector<double> product_;
  std::size_t faults_ = 0;
};

}  // namespace dlv::kernels::test

#pragma once
/// \file
/// The bound of a whole residual block, beside those of its layers.

#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <vector>

#include "engine/progressive/layer.h"

namespace dlv::progressive {

struct LayerGraph;
class LinearLayer;

/// sum = skip(x) + B f(A x): A and B linear layers, B without strides, f with slopes from 0 to 1,
/// skip x itself or the part of it at A's strides. Values and layers by their places in the graph.
class ResidualBound {
 public:
  struct Places {
    std::uint32_t x = 0, first = 0, second = 0, sum = 0;  ///< values; of A, of B, of the sum
    std::size_t first_linear = 0, second_linear = 0;      ///< in LayerGraph::linears
    /// Which channel of x each channel of the sum has added; -1: none.
    std::vector<std::int64_t> skip;
  };
  explicit ResidualBound(Places places) : places_(std::move(places)) {}

  const Places& places() const { return places_; }
  /// At least the norm of the map of differences by the true weights, whatever slopes f has;
  /// infinite until it is set.
  double norm() const { return norm_; }
  void SetNorm(double norm) { norm_ = norm; }

  /// Lowers the spread of the sum to what the block as a whole allows.
  void Tighten(const LayerGraph& graph, SampleRange samples, std::vector<Spread>& spreads) const;

 private:
  Places places_;
  double norm_ = std::numeric_limits<double>::infinity();
};

/// All blocks of a graph.
std::vector<std::unique_ptr<ResidualBound>> FindResidualBlocks(const LayerGraph& graph);

}  // namespace dlv::progressive

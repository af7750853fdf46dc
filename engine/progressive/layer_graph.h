#pragma once
/// \file
/// The layers of a network that proofs are made over, and how they are found in it.

#include <memory>
#include <string>
#include <vector>

#include "dlv/network.h"
#include "dlv/result.h"
#include "engine/progressive/affine_layer.h"
#include "engine/progressive/layer.h"
#include "engine/progressive/level_source.h"
#include "engine/progressive/linear_layer.h"
#include "engine/progressive/memory_meter.h"
#include "engine/progressive/residual_bound.h"

namespace dlv::progressive {

/// A linear layer and where its weights come from.
struct LinearPlan {
  LinearLayer* layer = nullptr;
  /// The tensor that is read a few bits at a time; null: `constant`, known exactly.
  const NetworkParameter* parameter = nullptr;
  /// Element k of the matrix is element order[k] of the tensor; empty: k.
  std::vector<std::uint32_t> order;
  std::vector<double> constant;
  /// What is folded into it: its bias, a normalisation behind it.
  Affine affine;
};

/// Value 0 is the input; value i + 1 is made by layer i, which reads earlier ones.
struct LayerGraph {
  Extent input;
  std::vector<std::unique_ptr<Layer>> layers;
  std::vector<LinearPlan> linears;  ///< in the order of the layers
  std::vector<std::unique_ptr<ResidualBound>> blocks;
  std::uint32_t output = 0;  ///< the value of the scores: before a Softmax, which keeps order
  /// Parameters that are read whole, whatever the level: biases, normalisations.
  std::vector<const NetworkParameter*> whole_parameters;
  /// Counts passes and weights; shared with them.
  std::shared_ptr<MemoryMeter> memory = std::make_shared<MemoryMeter>();

  std::size_t value_count() const { return layers.size() + 1; }
  const Extent& ExtentOf(std::uint32_t value) const {
    return value == 0 ? input : layers[value - 1]->extent();
  }
};

/// What became of a network: the graph, or the node that no rule knows with the reason.
struct PlannedGraph {
  std::unique_ptr<LayerGraph> graph;  ///< null: there is none
  std::string stopped_by;             ///< "norm1 (LRN): no rule for this operator"
};

/// Refers to `network`, which must outlive it.
/// Errors: those of reading whole parameters.
Result<PlannedGraph> PlanLayers(const Network& network, LevelSource& source);

/// Returns the numbers of a tensor that was read exactly.
/// Errors: kUnsupported (not real numbers).
Result<std::vector<double>> NumbersOf(const LeveledTensor& tensor);

}  // namespace dlv::progressive

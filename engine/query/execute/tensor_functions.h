#pragma once
/// \file
/// Figures of weights, and comparisons of them that read no more planes than they need.

#include <optional>
#include <span>
#include <unordered_map>

#include "dlv/result.h"
#include "engine/query/execute/execution.h"
#include "engine/query/execute/prefix_figures.h"
#include "engine/query/operators.h"
#include "engine/query/three_valued.h"

namespace dlv::query {

/// Remembers what it has read of each tensor. Not thread-safe.
class TensorFunctions {
 public:
  explicit TensorFunctions(Execution& execution) : execution_(execution) {}

  /// kNorm to kCosine; operands are the tensors, then the function's constants.
  /// Errors: kInvalidArgument (element counts that differ), kCorruption, kIo, kCancelled.
  Result<Value> Exact(Function function, std::span<const Value> operands);

  /// Whether the figure compares so with `bound`, a number: what Exact and CompareValues say, but
  /// read plane by plane until it is decided.
  Result<Truth> Decide(Comparison comparison, Function function, std::span<const Value> operands,
                       const Value& bound);

 private:
  using Tensors = std::vector<TensorRef>;
  Result<const TensorStatistics*> Statistics(const TensorEntry& tensor);
  Result<TensorStatistics> StatisticsOf(const Tensors& tensors);
  Result<double> Share(const Tensors& tensors, double threshold);
  Result<double> Entropy(const Tensors& tensors);
  Result<Value> Pair(Function function, const Value& a, const Value& b);
  Result<const PrefixFigures*> Prefix(const TensorEntry& tensor, unsigned planes, double threshold);
  Result<std::optional<Truth>> DecideByPrefix(Comparison comparison, Function function,
                                              std::span<const Value> operands, double bound);
  Result<std::optional<Truth>> DecideDistance(Comparison comparison,
                                              std::span<const Value> operands, double bound);
  void Count(std::uint64_t bytes, unsigned planes);

  Execution& execution_;
  std::unordered_map<TensorId, TensorStatistics> statistics_;
  std::unordered_map<TensorId, double> entropies_;
  struct KnownPrefix {
    unsigned planes = 0;  ///< given
    double threshold = 0;
    PrefixFigures figures;
  };
  std::unordered_map<TensorId, KnownPrefix> prefixes_;
};

}  // namespace dlv::query

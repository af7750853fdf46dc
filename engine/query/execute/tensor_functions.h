#pragma once
/// \file
/// Figures of weights, whole ones and what leading planes say of them.

#include <optional>
#include <span>
#include <unordered_map>

#include "dlv/result.h"
#include "engine/query/execute/execution.h"
#include "engine/query/execute/prefix_figures.h"

namespace dlv::query {

std::int64_t ElementsOf(const TensorEntry& tensor);

/// Remembers what it has read of each tensor. Not thread-safe.
class TensorFunctions {
 public:
  explicit TensorFunctions(Execution& execution) : execution_(execution) {}

  /// kNorm to kCosine; operands are the tensors, then the function's constants.
  /// Errors: kInvalidArgument (element counts that differ), kCorruption, kIo, kCancelled.
  Result<Value> Exact(Function function, std::span<const Value> operands);

  /// Whether Exact takes the function's constants. Errors: kInvalidArgument.
  static Status Check(Function function, std::span<const Value> operands);

  struct KnownPrefix {
    unsigned planes = 0;  ///< given
    double threshold = 0;
    PrefixFigures figures;
  };
  /// What at least `planes` leading bits of the elements say; `threshold` is that of sparsity.
  /// Valid until the tensor's prefix is asked for again.
  Result<const KnownPrefix*> Prefix(const TensorEntry& tensor, unsigned planes, double threshold);
  Result<PairStatistics> PairPrefix(const TensorEntry& a, const TensorEntry& b, unsigned planes);
  /// Whether its figures were read before, so that Exact costs nothing.
  bool IsKnown(const TensorEntry& tensor) const { return statistics_.contains(tensor.id); }

 private:
  using Tensors = std::vector<TensorRef>;
  Result<const TensorStatistics*> Statistics(const TensorEntry& tensor);
  Result<TensorStatistics> StatisticsOf(const Tensors& tensors);
  Result<double> Share(const Tensors& tensors, double threshold);
  Result<double> Entropy(const Tensors& tensors);
  Result<Value> Pair(Function function, const Value& a, const Value& b);
  void Count(std::uint64_t bytes, unsigned planes);

  Execution& execution_;
  std::unordered_map<TensorId, TensorStatistics> statistics_;
  std::unordered_map<TensorId, double> entropies_;
  std::unordered_map<TensorId, KnownPrefix> prefixes_;
};

}  // namespace dlv::query

#pragma once
/// \file
/// Finds which tensors may be worth storing against which, without comparing all with all.

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <utility>
#include <vector>

#include "dlv/progress.h"
#include "storage/plan/tensor_sketch.h"

namespace dlv::plan {

/// A base that a tensor may be stored against, both by the numbers that Add gave.
struct BaseCandidate {
  std::uint32_t tensor = 0;
  std::uint32_t base = 0;
  double estimated_bytes = 0;  ///< of the tensor as a delta (EstimateDeltaBytes)
};

struct CandidateOptions {
  /// At most so many bases a tensor.
  std::size_t most_bases = 20;
  /// A base must save this share of the tensor's size without one.
  double least_saving = 0.005;
  /// EstimateDeltaBytes of two tensors by number, or where that is known already.
  std::function<double(std::uint32_t tensor, std::uint32_t base)> estimate = {};
  /// By number: only pairs with one of these are looked at. Empty: all.
  std::vector<bool> searched = {};
  /// Once it is set Find comes back with nothing.
  const CancellationToken* cancel = nullptr;
};

/// Two ways lead to a candidate. Whoever knows of a kinship (lineage, the snapshot before, the same
/// name) gives it as a pair. And each tensor is looked up among those of its type and size by
/// bands: 16 of the bits of above_median(), drawn at random, hashed as one key, 64 times. Kin, of
/// which few bits differ, agree in some band (99.9 % where 10 % of the bits differ, 91 % where
/// 18.6 % do, which is a relative distance of 0.66); strangers hardly ever do (0.1 %). From a full
/// bucket a tensor gets its neighbours at distances 1, 2, 4, ... in the order of Add, so that the
/// cost is nearly linear in the number of tensors, however many are alike.
/// Source of the banding: Indyk, Motwani, Approximate nearest neighbors, 1998; Leskovec, Rajaraman,
/// Ullman, Mining of massive datasets, chapter 3.
class CandidateSearch {
 public:
  /// Numbers the tensors 0, 1, ...; snapshots are best given in the order of their making.
  std::uint32_t Add(TensorSketch sketch);
  /// Says that two tensors are likely kin, in both directions. Pairs that cannot be compared are
  /// dropped.
  void AddPair(std::uint32_t a, std::uint32_t b);

  /// Returns the candidates that save enough, by tensor, the best first. May be called once more
  /// after further calls of Add.
  std::vector<BaseCandidate> Find(const CandidateOptions& options = {});

  std::size_t size() const { return sketches_.size(); }
  const TensorSketch& sketch(std::uint32_t number) const { return sketches_[number]; }
  /// How many pairs were estimated by Find.
  std::size_t pairs_compared() const { return pairs_compared_; }

 private:
  static constexpr std::size_t kBands = 64;

  using Pair = std::pair<std::uint32_t, std::uint32_t>;
  class Wanted;
  std::vector<Pair> PairsToCompare(const Wanted& wanted) const;
  void AddPairsOfBand(std::span<const std::uint32_t> group, std::size_t band, const Wanted& wanted,
                      std::vector<Pair>& pairs) const;
  void Append(std::vector<BaseCandidate>& found, std::span<BaseCandidate> of_tensor,
              const CandidateOptions& options) const;

  std::vector<TensorSketch> sketches_;
  std::map<std::pair<DType, std::uint64_t>, std::vector<std::uint32_t>> groups_;
  std::vector<Pair> pairs_;
  std::size_t pairs_compared_ = 0;
};

}  // namespace dlv::plan

#pragma once
/// \file
/// Whether the weights of two versions come from each other: a few hundred values of each of a few
/// of the larger tensors, compared value by value. Names and shapes say nothing of that: all runs
/// of one network have the same.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "storage/plan/base_choice.h"
#include "storage/plan/tensor_sketch.h"

namespace dlv::plan {

/// Where a tensor is sampled: a stretch inside one chunk, so that a stored tensor costs the
/// decoding of one.
struct SamplePlace {
  std::size_t tensor = 0;   ///< among the keys
  std::uint64_t first = 0;  ///< element
  std::uint64_t count = 0;
};

/// Tensors that are sampled at the most, and elements of a stretch.
inline constexpr std::size_t kSampledTensors = 8;
inline constexpr std::uint64_t kStretchElements = 1u << 14;

/// Returns places in parameters (in whatever is no optimizer state, where there are no parameters)
/// of at least an eighth of the largest one's elements, evenly spread over the snapshot; the
/// smallest tensors first. They depend on the keys alone.
std::vector<SamplePlace> SamplePlacesOf(std::span<const TensorKey> keys);

/// Values of a stretch. Numbers have a sketch; of other types, of integers of few values and of
/// tables only equality counts.
class StretchSample {
 public:
  /// `bytes`: the elements of the stretch. Nothing where most values repeat: masks, tables and what
  /// a layer starts with are alike in strangers.
  static std::optional<StretchSample> Of(DType dtype, std::vector<std::byte> bytes);

  DType dtype() const { return dtype_; }
  std::size_t size_bytes() const { return bytes_.size(); }

 private:
  friend class WeightLikeness;
  DType dtype_ = DType::kF32;
  std::vector<std::byte> bytes_;
  std::optional<TensorSketch> sketch_;
};

/// Of which part of the values it differs whether they are above the median: of strangers half, in
/// a copy none. For normal weights that are correlated by r it is arccos(r) / pi, so that a third
/// says r = 1/2: half of what the weights are comes from there. Measured: runs of one network from
/// other starts 0.49 to 0.50; start and end of one run 0.17, neighbours in it below 0.04; detectors
/// trained from one backbone 0.23 to 0.31.
inline constexpr double kMostApart = 1.0 / 3;

/// How near some weights are to others, over samples of a snapshot, by the elements of their
/// tensors.
class WeightLikeness {
 public:
  /// Counts a tensor of `elements` elements; both samples are of one stretch and dtype. Null: the
  /// other one's values mostly repeat.
  void Add(const StretchSample& ours, const StretchSample* theirs, std::uint64_t elements);
  /// Counts one that the other version has bit for bit.
  void AddSame(std::uint64_t elements) { compared_ += static_cast<double>(elements); }
  /// Counts one that the other version has nothing for.
  void AddMissing(std::uint64_t elements) { missing_ += static_cast<double>(elements); }

  /// The mean part that differs (kMostApart) of what both have; 1/2 where that is nothing.
  double apart() const { return compared_ > 0 ? apart_ / compared_ : 0.5; }
  /// What is sampled takes this part of its coded size, as deltas to the other version
  /// (EstimateDeltaBytes); at most 1.
  double cost() const { return all() > 0 ? (cost_ + missing_) / all() : 1; }
  bool alike() const { return compared_ > 0 && apart() <= kMostApart; }

  /// Whether these are nearer than `other` by more than the samples may err: they make smaller
  /// deltas or, where both make none that are worth it, differ in fewer values.
  bool ClearlyNearer(const WeightLikeness& other) const;

 private:
  double all() const { return compared_ + missing_; }

  double compared_ = 0, missing_ = 0;  ///< elements
  double apart_ = 0, cost_ = 0;        ///< means times elements
};

}  // namespace dlv::plan

#include "storage/plan/weight_likeness.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <functional>
#include <set>

#include "storage/plan/size_estimate.h"

namespace dlv::plan {
namespace {

/// As the codec's chunks (docs/format/codec.md §1).
constexpr std::uint64_t kSampledChunkElements = 1u << 17;
/// Tensors with a smaller part of the largest one's elements are left out.
constexpr std::uint64_t kLargePart = 8;
/// Elements of all types but floating point are taken for repetitive with fewer distinct ones.
constexpr std::size_t kFewestDistinct = 16;
/// Two standard deviations of an estimate from a few samples, seen on real series.
constexpr double kSameCost = 0.01;
constexpr double kSameApart = 0.02;

SamplePlace PlaceIn(std::span<const TensorKey> keys, std::size_t tensor) {
  const std::uint64_t elements = keys[tensor].element_count;
  const std::uint64_t chunks = (elements + kSampledChunkElements - 1) / kSampledChunkElements;
  const std::uint64_t chunk_first = (chunks - 1) / 2 * kSampledChunkElements;
  const std::uint64_t chunk_count = std::min(kSampledChunkElements, elements - chunk_first);
  const std::uint64_t count = std::min(kStretchElements, chunk_count);
  return {tensor, chunk_first + (chunk_count - count) / 2, count};
}

std::vector<std::byte> RunsOf(std::span<const std::byte> stretch, std::size_t element_bytes) {
  std::vector<std::byte> bytes;
  for (const SketchRun& run : SketchRunsOf(stretch.size() / element_bytes)) {
    const auto part = stretch.subspan(static_cast<std::size_t>(run.first) * element_bytes,
                                      static_cast<std::size_t>(run.count) * element_bytes);
    bytes.insert(bytes.end(), part.begin(), part.end());
  }
  return bytes;
}

bool HasManyValues(std::span<const std::byte> bytes, std::size_t element_bytes) {
  std::set<std::uint64_t> distinct;
  const std::size_t width = std::min<std::size_t>(element_bytes, 8);
  for (std::size_t at = 0; at + element_bytes <= bytes.size(); at += element_bytes) {
    std::uint64_t value = 0;
    std::memcpy(&value, bytes.data() + at, width);
    if (distinct.insert(value).second && distinct.size() >= kFewestDistinct) return true;
  }
  return false;
}

/// Whether the order of the values may be a sign of kinship: not in tables, which rise or fall
/// alike in strangers.
bool SaysWhoseItIs(const TensorSketch& sketch) {
  const auto values = sketch.ordered();
  return !sketch.is_monotonous() && !std::ranges::is_sorted(values) &&
         !std::ranges::is_sorted(values, std::greater<>());
}

}  // namespace

std::vector<SamplePlace> SamplePlacesOf(std::span<const TensorKey> keys) {
  const auto is_parameter = [](const TensorKey& key) {
    return key.role == TensorRole::kParameter && key.element_count > 0;
  };
  const bool has_parameters = std::ranges::any_of(keys, is_parameter);
  std::vector<std::size_t> eligible;
  std::uint64_t largest = 0;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (keys[i].element_count == 0 || keys[i].role == TensorRole::kOptimizer) continue;
    if (has_parameters && !is_parameter(keys[i])) continue;
    eligible.push_back(i);
    largest = std::max(largest, keys[i].element_count);
  }
  std::erase_if(eligible,
                [&](std::size_t i) { return keys[i].element_count < largest / kLargePart; });
  const std::size_t count = std::min(eligible.size(), kSampledTensors);
  std::vector<SamplePlace> places;
  for (std::size_t i = 0; i < count; ++i)
    places.push_back(PlaceIn(keys, eligible[i * eligible.size() / count]));
  std::ranges::stable_sort(places, [&](const SamplePlace& a, const SamplePlace& b) {
    return keys[a.tensor].element_count < keys[b.tensor].element_count;
  });
  return places;
}

std::optional<StretchSample> StretchSample::Of(DType dtype, std::vector<std::byte> bytes) {
  const std::size_t element_bytes = SizeOf(dtype);
  if (element_bytes == 0 || bytes.empty()) return std::nullopt;
  StretchSample sample;
  sample.dtype_ = dtype;
  if (CanBeSketched(dtype)) {
    sample.sketch_ =
        TensorSketch::Of(dtype, bytes.size() / element_bytes, RunsOf(bytes, element_bytes));
    if (sample.sketch_ && !SaysWhoseItIs(*sample.sketch_)) sample.sketch_.reset();
  }
  const bool is_float = LayoutOf(dtype).mantissa != 0;
  if (is_float ? !sample.sketch_ : !HasManyValues(bytes, element_bytes)) return std::nullopt;
  sample.bytes_ = std::move(bytes);
  return sample;
}

void WeightLikeness::Add(const StretchSample& ours, const StretchSample* theirs,
                         std::uint64_t elements) {
  const auto weight = static_cast<double>(elements);
  AddSame(elements);
  if (theirs != nullptr && ours.bytes_ == theirs->bytes_) return;
  if (theirs == nullptr || !ours.sketch_ || !theirs->sketch_ ||
      !ours.sketch_->IsComparable(*theirs->sketch_)) {
    apart_ += weight / 2;
    cost_ += weight;
    return;
  }
  apart_ += weight * ours.sketch_->OrderDistance(*theirs->sketch_);
  cost_ += weight * EstimateDeltaBytes(*ours.sketch_, *theirs->sketch_) /
           EstimateBaseBytes(*ours.sketch_);
}

bool WeightLikeness::ClearlyNearer(const WeightLikeness& other) const {
  if (std::abs(cost() - other.cost()) > kSameCost) return cost() < other.cost();
  return apart() + kSameApart < other.apart();
}

}  // namespace dlv::plan

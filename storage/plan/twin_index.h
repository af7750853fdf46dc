#pragma once
/// \file
/// Finds tensors that are near copies of others in the same snapshot: averages of weights, target
/// networks, layers that started alike. A few values of each are compared.

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "dlv/dtype.h"

namespace dlv::plan {

/// Where values are taken from a tensor: up to 4 runs of 16 elements, evenly spread.
struct SampleRun {
  std::uint64_t first = 0;  ///< element
  std::uint64_t count = 0;
};
inline constexpr std::size_t kSampleRuns = 4;
inline constexpr std::size_t kRunElements = 16;
inline constexpr std::size_t kSampleElements = kSampleRuns * kRunElements;
std::array<SampleRun, kSampleRuns> SampleRunsOf(std::uint64_t element_count);

/// Values of a tensor, comparable with those of another of the same type and size.
class TwinSample {
 public:
  /// `bytes`: the elements of SampleRunsOf, end to end. Nothing for types and sizes that cannot
  /// have a twin (no floating point, very few elements, values that mostly repeat).
  static std::optional<TwinSample> Of(DType dtype, std::uint64_t element_count,
                                      std::span<const std::byte> bytes);

  /// Returns the mean length in bits of the difference to `other`; elements of other sign count as
  /// wholly different. Both are of one type and size.
  double Distance(const TwinSample& other) const;

  DType dtype() const { return dtype_; }
  std::uint64_t element_count() const { return element_count_; }

 private:
  friend class TwinIndex;
  bool IsMonotonous() const;
  bool SignsDiffer(const TwinSample& other) const;

  DType dtype_ = DType::kF32;
  std::uint64_t element_count_ = 0;
  std::size_t size_ = 0;
  std::uint64_t signs_ = 0;                                 ///< bit i: sign of element i
  std::array<std::uint64_t, kSampleElements> magnitude_{};  ///< the other bits
};

/// The tensors that may serve as bases, by sample. Not thread-safe.
class TwinIndex {
 public:
  struct Twin {
    std::size_t tag = 0;
    double distance = 0;
  };

  /// Remembers a tensor under the caller's `tag`.
  void Add(const TwinSample& sample, std::size_t tag);
  /// Returns the nearest of those that are near enough to be worth a delta.
  std::optional<Twin> Find(const TwinSample& sample) const;

 private:
  using Key = std::pair<DType, std::uint64_t>;
  std::map<Key, std::vector<std::pair<TwinSample, std::size_t>>> groups_;
};

}  // namespace dlv::plan

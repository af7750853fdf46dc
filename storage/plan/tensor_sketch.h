#pragma once
/// \file
/// A few hundred values of a tensor, taken at places that depend on the number of elements alone,
/// so that the sketches of two tensors of one type and size can be compared element by element.
/// Derived data: it can be made again from the tensor at any time.

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "dlv/dtype.h"

namespace dlv::plan {

/// Where a sketch looks: up to 32 runs of 16 elements, evenly spread. Runs, because neighbours are
/// needed to see the scale of a neighbourhood, and because each costs a chunk to decode.
inline constexpr std::size_t kSketchRuns = 32;
inline constexpr std::size_t kSketchRunElements = 16;
inline constexpr std::size_t kSketchElements = kSketchRuns * kSketchRunElements;

struct SketchRun {
  std::uint64_t first = 0;  ///< element
  std::uint64_t count = 0;
};
/// Returns the runs in order; one of them, with everything, for small tensors.
std::vector<SketchRun> SketchRunsOf(std::uint64_t element_count);

/// 4 KiB for a large tensor. Immutable; const methods may run together.
class TensorSketch {
 public:
  /// `bytes`: the elements of SketchRunsOf, end to end, little-endian. Nothing for types for which
  /// CanBeSketched does not hold and for fewer than 16 elements.
  static std::optional<TensorSketch> Of(DType dtype, std::uint64_t element_count,
                                        std::span<const std::byte> bytes);

  DType dtype() const { return dtype_; }
  std::uint64_t element_count() const { return element_count_; }
  bool IsComparable(const TensorSketch& other) const {
    return dtype_ == other.dtype_ && element_count_ == other.element_count_;
  }

  /// The sampled elements as unsigned integers in the order of their values.
  std::span<const std::uint64_t> ordered() const { return ordered_; }
  /// For each sampled element whether it is above the median of the sample: of tensors that have
  /// nothing to do with each other half of these agree. (Signs would do for weights, but not for
  /// scales and second moments, which are all positive.)
  std::span<const std::uint64_t> above_median() const { return above_; }
  /// Low bits that are 0 in every sampled element: 16 in bfloat16 weights that a file has as f32.
  unsigned zero_bits() const { return zero_bits_; }
  /// Whether most sampled values repeat: such tensors are small as they are, and their order is no
  /// sign of kinship.
  bool is_monotonous() const { return is_monotonous_; }

  /// Returns which part of above_median() differs, 0 to 1. Both must be comparable.
  double OrderDistance(const TensorSketch& other) const;

 private:
  void Summarise();

  DType dtype_ = DType::kF32;
  std::uint64_t element_count_ = 0;
  std::vector<std::uint64_t> ordered_;
  std::array<std::uint64_t, kSketchElements / 64> above_{};
  unsigned zero_bits_ = 0;
  bool is_monotonous_ = false;
};

/// Floating-point numbers of one component but those of 8 bits; integers, booleans and bytes.
bool CanBeSketched(DType dtype);

/// How a floating point type is laid out; mantissa 0 for all other types.
struct FloatLayout {
  unsigned width = 0;
  unsigned mantissa = 0;
};
FloatLayout LayoutOf(DType dtype);

}  // namespace dlv::plan

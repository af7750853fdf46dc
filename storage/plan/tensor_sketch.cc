#include "storage/plan/tensor_sketch.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace dlv::plan {
namespace {

/// With fewer elements a delta saves less than it costs.
constexpr std::uint64_t kFewestSketched = 16;

}  // namespace

FloatLayout LayoutOf(DType dtype) {
  switch (dtype) {
    case DType::kF64:
      return {64, 52};
    case DType::kF32:
      return {32, 23};
    case DType::kF16:
      return {16, 10};
    case DType::kBF16:
      return {16, 7};
    default:
      return {};
  }
}

std::vector<SketchRun> SketchRunsOf(std::uint64_t element_count) {
  if (element_count <= kSketchElements) return {{0, element_count}};
  std::vector<SketchRun> runs;
  const std::uint64_t part = element_count / kSketchRuns;
  for (std::size_t i = 0; i < kSketchRuns; ++i)
    runs.push_back({i * part + (part - kSketchRunElements) / 2, kSketchRunElements});
  return runs;
}

std::optional<TensorSketch> TensorSketch::Of(DType dtype, std::uint64_t element_count,
                                             std::span<const std::byte> bytes) {
  const FloatLayout layout = LayoutOf(dtype);
  if (layout.mantissa == 0 || element_count < kFewestSketched) return std::nullopt;
  TensorSketch sketch;
  sketch.dtype_ = dtype;
  sketch.element_count_ = element_count;
  const std::size_t size = layout.width / 8;
  const std::uint64_t sign = std::uint64_t{1} << (layout.width - 1);
  std::uint64_t any = sign;
  sketch.ordered_.reserve(std::min(bytes.size() / size, kSketchElements));
  for (std::size_t at = 0; at + size <= bytes.size() && sketch.ordered_.size() < kSketchElements;
       at += size) {
    std::uint64_t bits = 0;
    std::memcpy(&bits, bytes.data() + at, size);
    any |= bits;
    sketch.ordered_.push_back((bits & sign) != 0 ? 2 * sign - 1 - bits : bits | sign);
  }
  sketch.zero_bits_ = static_cast<unsigned>(std::countr_zero(any));
  sketch.Summarise();
  return sketch;
}

void TensorSketch::Summarise() {
  std::vector<std::uint64_t> sorted = ordered_;
  std::ranges::sort(sorted);
  if (sorted.empty()) return;
  const std::uint64_t median = sorted[sorted.size() / 2];
  for (std::size_t i = 0; i < ordered_.size(); ++i) {
    if (ordered_[i] > median) above_[i / 64] |= std::uint64_t{1} << i % 64;
  }
  const auto distinct =
      static_cast<std::size_t>(std::unique(sorted.begin(), sorted.end()) - sorted.begin());
  // Of coarse types many values coincide by nature; a quarter is what real bfloat16 weights keep.
  is_monotonous_ = distinct * 4 < ordered_.size();
}

double TensorSketch::OrderDistance(const TensorSketch& other) const {
  int differing = 0;
  for (std::size_t i = 0; i < above_.size(); ++i)
    differing += std::popcount(above_[i] ^ other.above_[i]);
  return static_cast<double>(differing) / static_cast<double>(ordered_.size());
}

}  // namespace dlv::plan

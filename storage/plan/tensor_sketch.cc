#include "storage/plan/tensor_sketch.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace dlv::plan {
namespace {

/// With fewer elements a delta saves less than it costs.
constexpr std::uint64_t kFewestSketched = 16;
/// Integers of fewer values are masks, tables, labels. (Quantised weights have 100 and more, packed
/// ones of 4 bits as many.)
constexpr std::size_t kFewestIntegers = 16;

bool IsInteger(DType dtype) { return dtype <= DType::kI64; }

bool IsSignedInteger(DType dtype) {
  return dtype == DType::kI8 || dtype == DType::kI16 || dtype == DType::kI32 ||
         dtype == DType::kI64;
}

/// The bits as an unsigned number in the order of the values.
std::uint64_t OrderedBits(DType dtype, std::uint64_t bits) {
  const std::uint64_t sign = std::uint64_t{1} << (8 * SizeOf(dtype) - 1);
  if (IsInteger(dtype)) return IsSignedInteger(dtype) ? bits ^ sign : bits;
  return (bits & sign) != 0 ? 2 * sign - 1 - bits : bits | sign;
}

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

bool CanBeSketched(DType dtype) { return IsInteger(dtype) || LayoutOf(dtype).mantissa != 0; }

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
  if (!CanBeSketched(dtype) || element_count < kFewestSketched) return std::nullopt;
  TensorSketch sketch;
  sketch.dtype_ = dtype;
  sketch.element_count_ = element_count;
  const std::size_t size = SizeOf(dtype);
  std::uint64_t any = std::uint64_t{1} << (8 * size - 1);
  sketch.ordered_.reserve(std::min(bytes.size() / size, kSketchElements));
  for (std::size_t at = 0; at + size <= bytes.size() && sketch.ordered_.size() < kSketchElements;
       at += size) {
    std::uint64_t bits = 0;
    std::memcpy(&bits, bytes.data() + at, size);
    any |= bits;
    sketch.ordered_.push_back(OrderedBits(dtype, bits));
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
  is_monotonous_ = IsInteger(dtype_) ? distinct < kFewestIntegers : distinct * 4 < ordered_.size();
}

double TensorSketch::OrderDistance(const TensorSketch& other) const {
  int differing = 0;
  for (std::size_t i = 0; i < above_.size(); ++i)
    differing += std::popcount(above_[i] ^ other.above_[i]);
  return static_cast<double>(differing) / static_cast<double>(ordered_.size());
}

}  // namespace dlv::plan

#include "storage/plan/size_estimate.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <map>

#include "storage/plan/integer_estimate.h"

namespace dlv::plan {
namespace {

/// Header, checksums and tables of a chunk of 2^17 elements.
constexpr double kChunkOverheadBytes = 160;
constexpr double kChunkElements = 131072;
/// What a tensor in a cluster adds to tables and headers.
constexpr double kSmallOverheadBytes = 8;
constexpr std::uint64_t kSmallTensor = 32768;

/// Counts of symbols -64 to 64; what lies beyond counts as the nearest.
class Histogram {
 public:
  void Add(int symbol) { ++counts_[static_cast<std::size_t>(std::clamp(symbol, -64, 64) + 64)]; }

  /// The bits that all symbols together take at their entropy; with the correction of Miller and
  /// Madow for few samples.
  double TotalBits() const {
    double total = 0;
    int kinds = 0;
    for (const int count : counts_) {
      total += count;
      kinds += count > 0 ? 1 : 0;
    }
    if (kinds == 0) return 0;
    double bits = (kinds - 1) / (2 * std::log(2.0));
    for (const int count : counts_) {
      if (count > 0) bits -= count * std::log2(count / total);
    }
    return bits;
  }

 private:
  std::array<int, 129> counts_{};
};

double WithOverhead(double bits_per_element, std::uint64_t element_count) {
  const auto count = static_cast<double>(element_count);
  const double chunks = std::ceil(count / kChunkElements);
  const double overhead =
      element_count < kSmallTensor ? kSmallOverheadBytes : chunks * kChunkOverheadBytes;
  return bits_per_element * count / 8 + overhead;
}

int ExponentOf(std::uint64_t ordered, const FloatLayout& layout) {
  const std::uint64_t sign = std::uint64_t{1} << (layout.width - 1);
  const std::uint64_t magnitude = (ordered & sign) != 0 ? ordered & (sign - 1) : sign - 1 - ordered;
  return static_cast<int>(magnitude >> layout.mantissa);
}

/// Sampled elements with what the estimate needs of each.
class Differences {
 public:
  Differences(const TensorSketch& tensor, std::span<const std::uint64_t> predicted)
      : layout_(LayoutOf(tensor.dtype())), dropped_(DroppedBits(tensor, layout_)) {
    const auto ordered = tensor.ordered();
    for (std::size_t i = 0; i < ordered.size(); ++i) {
      const std::uint64_t a = ordered[i];
      const std::uint64_t b = predicted[i];
      lengths_.push_back(static_cast<int>(std::bit_width(a > b ? a - b : b - a)));
      exponents_.push_back(ExponentOf(b, layout_));
    }
  }

  /// The contexts of the codec see the scale of a neighbourhood and the exponent of the base; of a
  /// sample one or the other is the better model, or none.
  double BitsPerElement() const {
    double raw = 0;
    Histogram plain;
    Histogram given_scale;
    std::map<int, Histogram> given_exponent;
    for (std::size_t i = 0; i < lengths_.size(); ++i) {
      raw += std::max(lengths_[i] - dropped_, 0);  // a sign and what is below the leading one
      plain.Add(lengths_[i]);
      given_scale.Add(lengths_[i] == 0 ? kUnchanged : lengths_[i] - Expected(i));
      given_exponent[exponents_[i]].Add(lengths_[i]);
    }
    double by_exponent = 0;
    for (const auto& [exponent, lengths] : given_exponent) by_exponent += lengths.TotalBits();
    return (raw + std::min({plain.TotalBits(), given_scale.TotalBits(), by_exponent})) /
           static_cast<double>(lengths_.size());
  }

 private:
  static constexpr int kUnchanged = 64;

  /// Low bits of an element that a delta does not store: zeros below its first level.
  static int DroppedBits(const TensorSketch& tensor, const FloatLayout& layout) {
    constexpr unsigned kFirstLevel = 16;
    return static_cast<int>(std::min(tensor.zero_bits(), layout.width - kFirstLevel));
  }

  /// Steps of training have an absolute size: the length in units of the last place is the scale
  /// of the others in the run less the exponent here.
  int Expected(std::size_t element) const {
    const std::size_t first = element / kSketchRunElements * kSketchRunElements;
    const std::size_t last = std::min(first + kSketchRunElements, lengths_.size());
    int sum = 0;
    int others = 0;
    for (std::size_t i = first; i < last; ++i) {
      if (i == element || lengths_[i] == 0) continue;
      sum += lengths_[i] + exponents_[i];
      ++others;
    }
    if (others == 0) return 0;
    return static_cast<int>(std::lround(static_cast<double>(sum) / others)) - exponents_[element];
  }

  FloatLayout layout_;
  int dropped_;
  std::vector<int> lengths_;
  std::vector<int> exponents_;
};

/// Only of f32 and bf16, for which the codec has the factor.
class Scaled {
 public:
  explicit Scaled(DType dtype) : shift_(32 - LayoutOf(dtype).width) {}
  static bool Supports(DType dtype) { return dtype == DType::kF32 || dtype == DType::kBF16; }

  float ValueOf(std::uint64_t ordered) const {
    const auto wide = static_cast<std::uint32_t>(ordered << shift_);
    const std::uint32_t low = shift_ == 0 ? 0 : 0xffffU;
    const std::uint32_t bits = (wide & kSign) != 0 ? wide & ~kSign : ~(wide | low);
    return std::bit_cast<float>(bits);
  }

  std::uint64_t OrderedOf(float value) const {
    const auto bits = std::bit_cast<std::uint32_t>(value);
    return ((bits & kSign) != 0 ? ~bits : bits | kSign) >> shift_;
  }

  /// The factor at which values most densely lie; 0 where there is none.
  float FactorOf(const TensorSketch& tensor, const TensorSketch& base) const {
    std::vector<float> factors;
    for (std::size_t i = 0; i < tensor.ordered().size(); ++i) {
      const float to = ValueOf(tensor.ordered()[i]);
      const float from = ValueOf(base.ordered()[i]);
      if (to != from && to * from > 0 && std::isnormal(to / from)) factors.push_back(to / from);
    }
    if (factors.size() < kFewestFactors) return 0;
    std::ranges::sort(factors);
    std::span<const float> part(factors);
    while (part.size() > 3) part = DensestHalf(part);
    return part[part.size() / 2];
  }

 private:
  static constexpr std::uint32_t kSign = 0x80000000U;
  static constexpr std::size_t kFewestFactors = 64;

  static std::span<const float> DensestHalf(std::span<const float> sorted) {
    const std::size_t half = (sorted.size() + 1) / 2;
    std::size_t best = 0;
    for (std::size_t i = 0; i + half <= sorted.size(); ++i) {
      if (sorted[i + half - 1] - sorted[i] < sorted[best + half - 1] - sorted[best]) best = i;
    }
    return sorted.subspan(best, half);
  }

  unsigned shift_;
};

double ScaledBits(const TensorSketch& tensor, const TensorSketch& base) {
  const Scaled scaled(tensor.dtype());
  const float factor = scaled.FactorOf(tensor, base);
  if (factor == 0 || factor == 1) return HUGE_VAL;
  std::vector<std::uint64_t> predicted;
  for (const std::uint64_t ordered : base.ordered()) {
    const float value = scaled.ValueOf(ordered);
    predicted.push_back(std::isfinite(value) ? scaled.OrderedOf(factor * value) : ordered);
  }
  return Differences(tensor, predicted).BitsPerElement();
}

}  // namespace

double EstimateBaseBytes(const TensorSketch& tensor) {
  const FloatLayout layout = LayoutOf(tensor.dtype());
  if (layout.mantissa == 0) return WithOverhead(IntegerBaseBits(tensor), tensor.element_count());
  std::map<int, int> exponents;
  for (const std::uint64_t ordered : tensor.ordered()) ++exponents[ExponentOf(ordered, layout)];
  const auto total = static_cast<double>(tensor.ordered().size());
  double bits = static_cast<double>(exponents.size() - 1) / (2 * std::log(2.0));
  for (const auto& [exponent, count] : exponents) bits -= count * std::log2(count / total);
  const unsigned stored = layout.mantissa - std::min(tensor.zero_bits(), layout.mantissa) + 1;
  return WithOverhead(bits / total + stored, tensor.element_count());
}

double EstimateDeltaBytes(const TensorSketch& tensor, const TensorSketch& base) {
  if (LayoutOf(tensor.dtype()).mantissa == 0) {
    const double bits = IntegerDeltaBits(tensor, base);
    return std::min(WithOverhead(bits, tensor.element_count()), EstimateBaseBytes(tensor));
  }
  double bits = Differences(tensor, base.ordered()).BitsPerElement();
  if (Scaled::Supports(tensor.dtype())) bits = std::min(bits, ScaledBits(tensor, base));
  return std::min(WithOverhead(bits, tensor.element_count()), EstimateBaseBytes(tensor));
}

}  // namespace dlv::plan

#include "storage/plan/integer_estimate.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <map>

namespace dlv::plan {
namespace {

/// A sample tells the entropy of so many values, hardly of more.
constexpr std::size_t kMostCounted = 64;

/// Counts of what occurs.
class Counts {
 public:
  void Add(std::uint64_t item) { ++counts_[item]; }
  std::size_t size() const { return counts_.size(); }

  /// Bits for each at their entropy; with the correction of Miller and Madow for few samples.
  double BitsEach() const {
    double total = 0;
    for (const auto& [item, count] : counts_) total += count;
    double bits = static_cast<double>(counts_.size() - 1) / (2 * std::log(2.0));
    for (const auto& [item, count] : counts_) bits -= count * std::log2(count / total);
    return bits / total;
  }

 private:
  std::map<std::uint64_t, int> counts_;
};

/// Signed numbers of `width` bits, as unsigned ones.
class Distances {
 public:
  explicit Distances(unsigned width) : width_(width) {}

  void Add(std::uint64_t difference) {
    const std::uint64_t ones = ~std::uint64_t{0} >> (64 - width_);
    difference &= ones;
    const std::uint64_t size = std::min(difference, (0 - difference) & ones);
    const auto length = static_cast<unsigned>(std::bit_width(size));
    values_.Add(difference);
    lengths_.Add(length);
    below_ += length;  // the sign, and what is below the leading one
    ++count_;
  }

  double BitsEach() const {
    if (count_ == 0) return 0;
    const double by_length = lengths_.BitsEach() + below_ / count_;
    const double by_value = values_.size() <= kMostCounted ? values_.BitsEach() : by_length;
    return std::min({by_length, by_value, static_cast<double>(width_)});
  }

 private:
  unsigned width_;
  Counts values_, lengths_;
  double below_ = 0, count_ = 0;
};

unsigned WidthOf(const TensorSketch& tensor) {
  return static_cast<unsigned>(8 * SizeOf(tensor.dtype()));
}

double BitsByByte(const TensorSketch& tensor, const TensorSketch& base) {
  double bits = 0;
  for (unsigned shift = 0; shift < WidthOf(tensor); shift += 8) {
    Distances distances(8);
    for (std::size_t i = 0; i < tensor.ordered().size(); ++i)
      distances.Add((tensor.ordered()[i] >> shift) - (base.ordered()[i] >> shift));
    bits += distances.BitsEach();
  }
  return bits;
}

}  // namespace

double IntegerBaseBits(const TensorSketch& tensor) {
  std::vector<std::uint64_t> sorted(tensor.ordered().begin(), tensor.ordered().end());
  if (sorted.empty()) return 0;
  const auto middle = sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 2);
  std::ranges::nth_element(sorted, middle);
  Distances distances(WidthOf(tensor));
  for (const std::uint64_t value : tensor.ordered()) distances.Add(value - *middle);
  return distances.BitsEach();
}

double IntegerDeltaBits(const TensorSketch& tensor, const TensorSketch& base) {
  Distances distances(WidthOf(tensor));
  for (std::size_t i = 0; i < tensor.ordered().size(); ++i)
    distances.Add(tensor.ordered()[i] - base.ordered()[i]);
  const double whole = distances.BitsEach();
  return WidthOf(tensor) == 8 ? whole : std::min(whole, BitsByByte(tensor, base));
}

}  // namespace dlv::plan

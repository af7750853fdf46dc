#include "storage/statistics/value_survey.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <iterator>

namespace dlv::statistics {
namespace {

constexpr std::size_t kBins = 65536;

/// The upper half of the binary32 form, so arranged that larger values have larger numbers.
std::size_t BinOf(double value) {
  constexpr double kMost = std::numeric_limits<float>::max();
  const auto narrow = static_cast<float>(std::clamp(value, -kMost, kMost));
  const auto bits = std::bit_cast<std::uint32_t>(narrow);
  const std::uint32_t upper = bits >> 16;
  return (upper & 0x8000U) != 0 ? 0xffffU - upper : upper | 0x8000U;
}

void KeepFirst(std::optional<std::uint64_t>& first, const std::optional<std::uint64_t>& other) {
  if (!first) first = other;
}

}  // namespace

ValueSurvey::ValueSurvey(double limit, bool with_bins)
    : limit_(limit), bins_(with_bins ? kBins : 0) {}

void ValueSurvey::Add(std::span<const double> values, std::uint64_t first) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double value = values[i];
    if (!std::isfinite(value)) {
      KeepFirst(first_non_finite_, first + i);
      continue;
    }
    if (std::abs(value) >= limit_) KeepFirst(first_too_large_, first + i);
    ++finite_count_;
    min_ = std::min(min_, value);
    max_ = std::max(max_, value);
    if (bins_.empty()) continue;
    ValueBin& bin = bins_[BinOf(value)];
    ++bin.count;
    bin.sum += value;
  }
}

void ValueSurvey::Merge(const ValueSurvey& later) {
  finite_count_ += later.finite_count_;
  min_ = std::min(min_, later.min_);
  max_ = std::max(max_, later.max_);
  KeepFirst(first_non_finite_, later.first_non_finite_);
  KeepFirst(first_too_large_, later.first_too_large_);
  for (std::size_t i = 0; i < bins_.size() && i < later.bins_.size(); ++i) {
    bins_[i].count += later.bins_[i].count;
    bins_[i].sum += later.bins_[i].sum;
  }
}

double ValueSurvey::max_magnitude() const {
  return finite_count_ == 0 ? 0 : std::max(std::abs(min_), std::abs(max_));
}

std::vector<ValueBin> ValueSurvey::Bins() const {
  std::vector<ValueBin> bins;
  std::copy_if(bins_.begin(), bins_.end(), std::back_inserter(bins),
               [](const ValueBin& bin) { return bin.count != 0; });
  return bins;
}

}  // namespace dlv::statistics

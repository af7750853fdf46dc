#include "storage/statistics/codebook.h"

#include <algorithm>
#include <cmath>

namespace dlv::statistics {
namespace {

/// Far more than it ever takes to settle to what binary32 can tell apart.
constexpr int kMostRounds = 200;

/// Sums over the first i bins.
struct Sums {
  std::vector<double> counts, totals;

  explicit Sums(std::span<const ValueBin> bins) : counts(bins.size() + 1), totals(bins.size() + 1) {
    for (std::size_t i = 0; i < bins.size(); ++i) {
      counts[i + 1] = counts[i] + static_cast<double>(bins[i].count);
      totals[i + 1] = totals[i] + bins[i].sum;
    }
  }
};

/// Where the density is p, optimal values lie as dense as its cube root; its square root, which
/// every machine rounds alike, is as good a beginning.
std::vector<double> FirstValues(std::span<const double> means, std::span<const ValueBin> bins,
                                std::size_t size) {
  std::vector<double> shares(means.size() + 1);
  for (std::size_t i = 0; i < means.size(); ++i) {
    const double below = i == 0 ? means[1] - means[0] : means[i] - means[i - 1];
    const double above = i + 1 == means.size() ? below : means[i + 1] - means[i];
    const double width = (below + above) / 2;
    shares[i + 1] = shares[i] + std::sqrt(static_cast<double>(bins[i].count) * width);
  }
  std::vector<double> values;
  for (std::size_t k = 0; k < size; ++k) {
    const double at =
        (static_cast<double>(k) + 0.5) / static_cast<double>(size) * shares[means.size()];
    const auto found = std::upper_bound(shares.begin() + 1, shares.end(), at);
    const auto bin = static_cast<std::size_t>(found - (shares.begin() + 1));
    values.push_back(means[std::min(bin, means.size() - 1)]);
  }
  return values;
}

/// Moves each value to the mean of what is nearest to it; returns whether any moved.
bool Settle(std::vector<double>& values, std::span<const double> means, const Sums& sums) {
  bool moved = false;
  std::size_t begin = 0;
  for (std::size_t k = 0; k < values.size(); ++k) {
    std::size_t end = means.size();
    if (k + 1 < values.size()) {
      const double border = (values[k] + values[k + 1]) / 2;
      end = static_cast<std::size_t>(std::upper_bound(means.begin(), means.end(), border) -
                                     means.begin());
    }
    end = std::max(end, begin);
    const double count = sums.counts[end] - sums.counts[begin];
    if (count > 0) {
      const double mean = (sums.totals[end] - sums.totals[begin]) / count;
      moved = moved || mean != values[k];
      values[k] = mean;
    }
    begin = end;
  }
  return moved;
}

}  // namespace

std::vector<double> MakeCodebook(std::span<const ValueBin> bins, std::size_t size) {
  std::vector<double> means;
  for (const ValueBin& bin : bins) means.push_back(bin.mean());
  if (means.size() <= size) return means;
  const Sums sums(bins);
  std::vector<double> values = FirstValues(means, bins, size);
  for (int round = 0; round < kMostRounds && Settle(values, means, sums); ++round) {
  }
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
  return values;
}

std::vector<double> MakeUniformBook(double min, double max, std::size_t size) {
  if (min == max) return {min};
  std::vector<double> values;
  for (std::size_t k = 0; k < size; ++k) {
    const double share = static_cast<double>(k) / static_cast<double>(size - 1);
    values.push_back(min * (1 - share) + max * share);  // no overflow, and both ends exact
  }
  return values;
}

NearestValue::NearestValue(std::vector<double> book) : book_(std::move(book)) {
  for (std::size_t k = 0; k + 1 < book_.size(); ++k) {
    borders_.push_back(book_[k] / 2 + book_[k + 1] / 2);
  }
}

double NearestValue::operator()(double value) const {
  const auto border = std::lower_bound(borders_.begin(), borders_.end(), value);
  return book_[static_cast<std::size_t>(border - borders_.begin())];
}

}  // namespace dlv::statistics

#include "storage/statistics/histogram.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "storage/statistics/widen.h"

namespace dlv::statistics {
namespace {

constexpr std::size_t kBlock = 4096;

std::vector<double> LinearEdges(double low, double high, std::size_t bins) {
  if (low == high) {  // as numpy.histogram
    low -= 0.5;
    high += 0.5;
  }
  if (!(low < high)) return {};  // half a unit is nothing beside the value
  std::vector<double> edges(bins + 1);
  const auto count = static_cast<long double>(bins);
  for (std::size_t k = 0; k <= bins; ++k) {
    const auto part = static_cast<long double>(k) / count;
    edges[k] = static_cast<double>((1 - part) * low + part * high);
  }
  edges.front() = low;
  edges.back() = high;
  return edges;
}

std::vector<double> LogarithmicEdges(double low, double high, std::size_t bins) {
  if (low == high) {
    low /= 2;
    high = std::min(high * 2, std::numeric_limits<double>::max());
  }
  std::vector<double> edges(bins + 1);
  const double first = std::log2(low), last = std::log2(high);
  for (std::size_t k = 0; k <= bins; ++k) {
    edges[k] =
        std::exp2(first + (last - first) * static_cast<double>(k) / static_cast<double>(bins));
  }
  edges.front() = low;
  edges.back() = high;
  return edges;
}

}  // namespace

std::vector<double> HistogramEdges(const TensorStatistics& figures, HistogramScale scale,
                                   std::size_t bins) {
  bins = std::clamp<std::size_t>(bins, 1, kMaxBins);
  const bool linear = scale == HistogramScale::kLinear;
  if (std::isnan(linear ? figures.min : figures.least_magnitude)) return {};
  return linear ? LinearEdges(figures.min, figures.max, bins)
                : LogarithmicEdges(figures.least_magnitude, figures.norm_inf, bins);
}

HistogramCounter::HistogramCounter(DType dtype, HistogramScale scale, std::vector<double> edges)
    : dtype_(dtype), histogram_{scale, std::move(edges), {}} {
  if (histogram_.edges.size() < 2) return;
  const std::size_t bins = histogram_.edges.size() - 1;
  histogram_.counts.assign(bins, 0);
  double low = histogram_.edges.front(), high = histogram_.edges.back();
  if (scale == HistogramScale::kLogarithmic) {
    low = std::log2(low);
    high = std::log2(high);
  }
  if (!std::isfinite(high - low)) shrink_ = 0.25;
  first_ = low * shrink_;
  const double width = high * shrink_ - first_;
  bins_per_unit_ = width > 0 ? static_cast<double>(bins) / width : 0;
  if (!std::isfinite(bins_per_unit_)) bins_per_unit_ = 0;  // then the edges alone decide
}

std::size_t HistogramCounter::BinOf(double value) const {
  const std::vector<double>& edges = histogram_.edges;
  const std::size_t last = histogram_.counts.size() - 1;
  if (bins_per_unit_ == 0) {
    const auto above = std::upper_bound(edges.begin(), edges.end(), value);
    return std::min(static_cast<std::size_t>(above - edges.begin()) - 1, last);
  }
  const double place = histogram_.scale == HistogramScale::kLinear ? value : std::log2(value);
  const double guess = (place * shrink_ - first_) * bins_per_unit_;
  std::size_t bin = guess <= 0 ? 0 : std::min(static_cast<std::size_t>(guess), last);
  while (bin > 0 && value < edges[bin]) --bin;
  while (bin < last && value >= edges[bin + 1]) ++bin;
  return bin;
}

void HistogramCounter::AddValues(std::span<const double> values) {
  if (histogram_.counts.empty()) return;
  const double low = histogram_.edges.front(), high = histogram_.edges.back();
  const bool linear = histogram_.scale == HistogramScale::kLinear;
  for (const double value : values) {
    const double x = linear ? value : std::fabs(value);
    if (x >= low && x <= high) ++histogram_.counts[BinOf(x)];  // false for NaN
  }
}

void HistogramCounter::Add(std::span<const std::byte> bytes) {
  const std::size_t components = ComponentsOf(dtype_);
  if (components == 0 || histogram_.counts.empty()) return;
  const std::size_t elements = bytes.size() / SizeOf(dtype_);
  const std::size_t step = kBlock / components;
  std::array<double, kBlock> block;
  for (std::size_t first = 0; first < elements; first += step) {
    const std::size_t count = std::min(step, elements - first);
    const std::span<double> values = std::span(block).first(count * components);
    Widen(dtype_, bytes.subspan(first * SizeOf(dtype_), count * SizeOf(dtype_)), values);
    AddValues(values);
  }
}

void HistogramCounter::Merge(const HistogramCounter& other) {
  for (std::size_t k = 0; k < histogram_.counts.size() && k < other.histogram_.counts.size(); ++k) {
    histogram_.counts[k] += other.histogram_.counts[k];
  }
}

}  // namespace dlv::statistics

#include "storage/statistics/accumulator.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "storage/statistics/widen.h"

namespace dlv::statistics {
namespace {

constexpr std::size_t kSumBlock = 4096;
constexpr std::size_t kSumLanes = 8;
using Lanes = std::array<double, kSumLanes>;

/// Calls body(lane, value) for each value; the compiler keeps the lanes in vector registers.
template <class Body>
void ForLanes(std::span<const double> values, Body&& body) {
  const std::size_t whole = values.size() / kSumLanes * kSumLanes;
  for (std::size_t i = 0; i < whole; i += kSumLanes) {
    for (std::size_t lane = 0; lane < kSumLanes; ++lane) body(lane, values[i + lane]);
  }
  for (std::size_t i = whole; i < values.size(); ++i) body(i - whole, values[i]);
}

double Sum(const Lanes& lanes) {
  return ((lanes[0] + lanes[1]) + (lanes[2] + lanes[3])) +
         ((lanes[4] + lanes[5]) + (lanes[6] + lanes[7]));
}

bool AllFinite(std::span<const double> values) {
  Lanes sums{};  // x - x is 0, or NaN for what is not finite
  ForLanes(values, [&](std::size_t lane, double x) { sums[lane] += x - x; });
  return Sum(sums) == 0;
}

/// Moves the finite values to the front, counts the others, returns how many are left.
std::size_t TakeOut(std::span<double> values, TensorStatistics& seen) {
  std::size_t kept = 0;
  for (const double x : values) {
    if (std::isnan(x)) {
      ++seen.nan_count;
    } else if (std::isinf(x)) {
      ++seen.inf_count;
    } else {
      values[kept++] = x;
    }
  }
  return kept;
}

/// Updates counts and extremes; returns the greatest magnitude in `values`, which are finite.
double Extremes(std::span<const double> values, TensorStatistics& seen) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  Lanes low, high, least, zeros{}, negative{};
  low.fill(kInfinity);
  high.fill(-kInfinity);
  least.fill(kInfinity);
  ForLanes(values, [&](std::size_t lane, double x) {
    const double magnitude = std::fabs(x);
    low[lane] = x < low[lane] ? x : low[lane];
    high[lane] = x > high[lane] ? x : high[lane];
    const double above_zero = magnitude == 0 ? kInfinity : magnitude;
    least[lane] = above_zero < least[lane] ? above_zero : least[lane];
    zeros[lane] += x == 0 ? 1.0 : 0.0;
    negative[lane] += x < 0 ? 1.0 : 0.0;
  });
  const double min = *std::min_element(low.begin(), low.end());
  const double max = *std::max_element(high.begin(), high.end());
  const double smallest = *std::min_element(least.begin(), least.end());
  seen.zero_count += static_cast<std::uint64_t>(Sum(zeros));
  seen.negative_count += static_cast<std::uint64_t>(Sum(negative));
  seen.min = std::fmin(seen.min, min);  // fmin and fmax pass over NaN, which stands for "none yet"
  seen.max = std::fmax(seen.max, max);
  if (smallest != kInfinity) seen.least_magnitude = std::fmin(seen.least_magnitude, smallest);
  const double greatest = std::fmax(std::fabs(min), std::fabs(max));
  seen.norm_inf = std::fmax(seen.norm_inf, greatest);
  return greatest;
}

}  // namespace

void Accumulator::Add(std::span<const std::byte> bytes) {
  const std::size_t components = ComponentsOf(dtype_);
  const std::size_t elements = bytes.size() / SizeOf(dtype_);
  if (components == 0) {
    seen_.count += elements;
    return;
  }
  seen_.count += elements * components;
  const std::size_t step = kSumBlock / components;
  std::array<double, kSumBlock> block;
  for (std::size_t first = 0; first < elements; first += step) {
    const std::size_t count = std::min(step, elements - first);
    const std::span<double> values = std::span(block).first(count * components);
    Widen(dtype_, bytes.subspan(first * SizeOf(dtype_), count * SizeOf(dtype_)), values);
    if (HasNonFinite(dtype_) && !AllFinite(values)) {
      AddFinite(values.first(TakeOut(values, seen_)));
    } else {
      AddFinite(values);
    }
  }
}

void Accumulator::AddFinite(std::span<const double> values) {
  if (values.empty()) return;
  const double greatest = Extremes(values, seen_);
  const int exponent = greatest == 0 ? 0 : std::clamp(std::ilogb(greatest), -1000, 1000);
  const double scale = std::ldexp(1.0, -exponent);
  Lanes sum{}, magnitudes{}, squares{};
  ForLanes(values, [&](std::size_t lane, double x) {
    const double scaled = x * scale;
    sum[lane] += scaled;
    magnitudes[lane] += std::fabs(scaled);
    squares[lane] += scaled * scaled;
  });
  const double total = Sum(sum);
  const double mean = total / static_cast<double>(values.size());
  Lanes away{}, deviation{};
  ForLanes(values, [&](std::size_t lane, double x) {
    const double distance = x * scale - mean;
    away[lane] += distance;  // rounding of the mean, taken back below
    deviation[lane] += distance * distance;
  });
  const auto count = static_cast<long double>(values.size());
  const long double rest = Sum(away);
  const long double corrected = std::fmax(0.0L, Sum(deviation) - rest * rest / count);
  sum_ += std::ldexp(static_cast<long double>(total), exponent);
  magnitudes_ += std::ldexp(static_cast<long double>(Sum(magnitudes)), exponent);
  squares_ += std::ldexp(static_cast<long double>(Sum(squares)), 2 * exponent);
  MergeMoments(values.size(), std::ldexp(total / count, exponent),
               std::ldexp(corrected, 2 * exponent));
}

void Accumulator::MergeMoments(std::uint64_t count, long double mean, long double deviation) {
  if (count == 0) return;
  const auto before = static_cast<long double>(finite_);
  const auto added = static_cast<long double>(count);
  const long double distance = mean - mean_;
  finite_ += count;
  mean_ += distance * (added / (before + added));
  deviation_ += deviation + distance * distance * (before * added / (before + added));
}

void Accumulator::Merge(const Accumulator& other) {
  seen_.count += other.seen_.count;
  seen_.nan_count += other.seen_.nan_count;
  seen_.inf_count += other.seen_.inf_count;
  seen_.zero_count += other.seen_.zero_count;
  seen_.negative_count += other.seen_.negative_count;
  seen_.min = std::fmin(seen_.min, other.seen_.min);
  seen_.max = std::fmax(seen_.max, other.seen_.max);
  seen_.least_magnitude = std::fmin(seen_.least_magnitude, other.seen_.least_magnitude);
  seen_.norm_inf = std::fmax(seen_.norm_inf, other.seen_.norm_inf);
  sum_ += other.sum_;
  magnitudes_ += other.magnitudes_;
  squares_ += other.squares_;
  MergeMoments(other.finite_, other.mean_, other.deviation_);
}

TensorStatistics Accumulator::Finish() const {
  TensorStatistics out = seen_;
  if (finite_ == 0) return out;
  const auto count = static_cast<long double>(finite_);
  out.mean = static_cast<double>(sum_ / count);
  out.std = static_cast<double>(std::sqrt(deviation_ / count));
  out.norm1 = static_cast<double>(magnitudes_);
  out.norm2 = static_cast<double>(std::sqrt(squares_));
  return out;
}

}  // namespace dlv::statistics

#include "storage/statistics/pair_accumulator.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <numbers>

#include "storage/statistics/pair_sums.h"
#include "storage/statistics/widen.h"

namespace dlv::statistics {
namespace {

using Block = std::array<double, kPairBlock>;

struct FloatLayout {
  int exponent_bits = 0, mantissa_bits = 0;
};

FloatLayout LayoutOf(DType dtype) {
  switch (dtype) {
    case DType::kF32:
    case DType::kComplex64:
      return {8, 23};
    case DType::kF64:
    case DType::kComplex128:
      return {11, 52};
    default:
      return {};  // never read in part
  }
}

bool IsEightByteFloat(DType dtype) { return dtype == DType::kF64 || dtype == DType::kComplex128; }

/// Sums of squares below this have lost bits, or all of them.
constexpr double kVanishing = 0x1p-900;

bool NeedsScaling(const PairSums& sums) {
  return sums.squares_a < kVanishing || sums.squares_b < kVanishing ||
         sums.squares_difference < kVanishing;
}

bool AllFinite(const PairSums& sums) {
  return std::isfinite(sums.squares_a + sums.squares_b + sums.squares_difference);
}

}  // namespace

void DifferenceHistogram::Coarsen() {
  std::array<std::uint64_t, 2 * kHalf> coarse{};
  for (int bin = -kHalf; bin < kHalf; ++bin) {
    const int half = bin >= 0 ? bin / 2 : (bin - 1) / 2;  // rounds down
    coarse[static_cast<std::size_t>(half + kHalf)] +=
        counts_[static_cast<std::size_t>(bin + kHalf)];
  }
  counts_ = coarse;
}

void DifferenceHistogram::Widen(double greatest) {
  // Above -1000, so that 2^-exponent is a number.
  const int wanted = std::max(std::ilogb(greatest) - 4, -1000);  // greatest < kHalf * 2^wanted
  if (any_ && wanted <= exponent_) return;
  for (int step = exponent_; any_ && step < std::min(wanted, exponent_ + 7); ++step) Coarsen();
  any_ = true;
  exponent_ = wanted;
  per_width_ = std::ldexp(1.0, -wanted);
}

void DifferenceHistogram::Merge(const DifferenceHistogram& other) {
  zeros_ += other.zeros_;
  if (!other.any_) return;
  if (!any_) {
    const std::uint64_t zeros = zeros_;
    *this = other;
    zeros_ = zeros;
    return;
  }
  DifferenceHistogram fine = other;
  for (int step = exponent_; step < std::min(fine.exponent_, exponent_ + 7); ++step) Coarsen();
  for (int step = fine.exponent_; step < std::min(exponent_, fine.exponent_ + 7); ++step)
    fine.Coarsen();
  exponent_ = std::max(exponent_, fine.exponent_);
  per_width_ = std::ldexp(1.0, -exponent_);
  for (std::size_t bin = 0; bin < counts_.size(); ++bin) counts_[bin] += fine.counts_[bin];
}

Histogram DifferenceHistogram::Finish() const {
  Histogram histogram;
  if (!any_) return histogram;
  std::array<std::uint64_t, 2 * kHalf> counts = counts_;
  counts[kHalf] += zeros_;
  const auto full = [](std::uint64_t count) { return count > 0; };
  const auto first = std::find_if(counts.begin(), counts.end(), full);
  const auto last = std::find_if(counts.rbegin(), counts.rend(), full).base();
  const auto low = static_cast<int>(first - counts.begin()) - kHalf;
  for (int bin = low; bin <= low + static_cast<int>(last - first); ++bin) {
    histogram.edges.push_back(std::ldexp(bin, exponent_));
  }
  histogram.counts.assign(first, last);
  return histogram;
}

PairAccumulator::PairAccumulator(DType before, DType after, unsigned planes_before,
                                 unsigned planes_after, bool histogram)
    : before_(before), after_(after), with_histogram_(histogram) {
  const auto prepare = [this](DType dtype, unsigned planes, ReadUnit& unit) {
    const FloatLayout layout = LayoutOf(dtype);
    const int kept = static_cast<int>(planes) - 1 - layout.exponent_bits;
    if (planes == 0 || layout.mantissa_bits == 0 || kept >= layout.mantissa_bits) return;
    unit.relative = std::ldexp(1.0, -std::max(kept, 0));
    unit.least = std::ldexp(1.0, 2 - (1 << (layout.exponent_bits - 1)));
    planes_ = planes_ == 0 ? planes : std::min(planes_, planes);
  };
  prepare(before, planes_before, unit_before_);
  prepare(after, planes_after, unit_after_);
}

void PairAccumulator::Add(std::span<const std::byte> before, std::span<const std::byte> after) {
  const std::size_t components = ComponentsOf(before_);
  const std::size_t elements = before.size() / SizeOf(before_);
  if (components == 0 || components != ComponentsOf(after_)) {
    seen_.count += elements;
    return;
  }
  const std::size_t step = kPairBlock / components;
  const bool floats = before_ == DType::kF32 && after_ == DType::kF32;
  Block a, b;
  std::array<float, kPairBlock> c, d;
  for (std::size_t first = 0; first < elements; first += step) {
    const std::size_t count = std::min(step, elements - first);
    const std::size_t values = count * components;
    const auto from = before.subspan(first * SizeOf(before_), count * SizeOf(before_));
    const auto to = after.subspan(first * SizeOf(after_), count * SizeOf(after_));
    seen_.count += values;
    if (floats) {
      std::memcpy(c.data(), from.data(), from.size());
      std::memcpy(d.data(), to.data(), to.size());
      const PairSums sums = SumPairs(c.data(), d.data(), count);
      if (AllFinite(sums) && !with_histogram_) {
        AddCounts(sums);
        if (planes_ == 0) AddSums(sums, 0);
        if (planes_ != 0) AddEstimates(c.data(), d.data(), count, sums);
        continue;
      }
    }
    Widen(before_, from, std::span(a).first(values));
    Widen(after_, to, std::span(b).first(values));
    AddDoubles(std::span(a).first(values), std::span(b).first(values));
  }
}

void PairAccumulator::AddCounts(const PairSums& sums) {
  seen_.differing += sums.differing;
  seen_.sign_flips += sums.sign_flips;
  seen_.zero_before += sums.zeros_a;
  seen_.zero_after += sums.zeros_b;
}

/// The sums are those of values times 2^-exponent.
void PairAccumulator::AddSums(const PairSums& sums, int exponent) {
  const auto scaled = [exponent](double sum) {
    return std::ldexp(static_cast<long double>(sum), 2 * exponent);
  };
  squares_before_ += scaled(sums.squares_a);
  squares_after_ += scaled(sums.squares_b);
  squares_difference_ += scaled(sums.squares_difference);
  products_ += scaled(sums.products);
  seen_.max_difference =
      std::max(seen_.max_difference, std::ldexp(sums.greatest_difference, exponent));
}

/// Moves the pairs of finite values to the front, counts the others, returns how many are left.
std::size_t PairAccumulator::TakeOut(std::span<double> before, std::span<double> after) {
  std::size_t kept = 0;
  for (std::size_t i = 0; i < before.size(); ++i) {
    const double a = before[i], b = after[i];
    if (std::isfinite(a) && std::isfinite(b)) {
      before[kept] = a;
      after[kept++] = b;
      continue;
    }
    seen_.nonfinite += 1;
    seen_.nan_before += std::isnan(a) ? 1 : 0;
    seen_.nan_after += std::isnan(b) ? 1 : 0;
    seen_.inf_before += std::isinf(a) ? 1 : 0;
    seen_.inf_after += std::isinf(b) ? 1 : 0;
    seen_.differing += a == b || (std::isnan(a) && std::isnan(b)) ? 0 : 1;
  }
  return kept;
}

void PairAccumulator::AddDoubles(std::span<double> before, std::span<double> after) {
  PairSums sums = SumPairs(before.data(), after.data(), before.size());
  if (!AllFinite(sums)) {
    const std::size_t kept = TakeOut(before, after);
    before = before.first(kept);
    after = after.first(kept);
    sums = SumPairs(before.data(), after.data(), kept);
  }
  if (before.empty()) return;
  AddCounts(sums);
  if (with_histogram_) AddToHistogram(before, after, sums.greatest_difference);
  if (planes_ != 0) return AddEstimates(before.data(), after.data(), before.size(), sums);
  const bool eight_bytes = IsEightByteFloat(before_) || IsEightByteFloat(after_);
  if (AllFinite(sums) && !(eight_bytes && NeedsScaling(sums))) return AddSums(sums, 0);
  double greatest = 0;
  for (const double x : before) greatest = std::max(greatest, std::fabs(x));
  for (const double x : after) greatest = std::max(greatest, std::fabs(x));
  if (greatest == 0) return;
  const int exponent = std::clamp(std::ilogb(greatest), -1000, 1000);
  const double scale = std::ldexp(1.0, -exponent);
  for (double& x : before) x *= scale;
  for (double& x : after) x *= scale;
  AddSums(SumPairs(before.data(), after.data(), before.size()), exponent);
}

void PairAccumulator::AddToHistogram(std::span<const double> before, std::span<const double> after,
                                     double greatest) {
  if (greatest == 0) return histogram_.AddZeros(before.size());
  if (!std::isfinite(greatest)) return;  // a difference beyond binary64: in no bin
  histogram_.Widen(greatest);
  for (std::size_t i = 0; i < before.size(); ++i) histogram_.Add(after[i] - before[i]);
}

/// What was read of an element is its magnitude rounded down to a multiple of `u`. A difference d
/// is read as a multiple of u on either side of it, right in the mean: sums of |d| need no
/// correction, and nor do products of two different ones. Sums of squares are too large by up to
/// u^2 / 4 each, u^2 / 6 in the mean where d is large against u. Where it is small, the squares
/// are taken from the products of different elements of a run of 64, as if the differences of a
/// run were normally distributed: mean of |x| |y| = 2 / pi sigma^2.
template <class T>
void PairAccumulator::AddEstimates(const T* before, const T* after, std::size_t count,
                                   const PairSums& sums) {
  std::array<RunSums, kPairBlock / kPairRun> runs;
  SumRuns(before, after, count, unit_before_, unit_after_, runs.data());
  for (std::size_t first = 0; first < count; first += kPairRun) {
    const RunSums& run = runs[first / kPairRun];
    const std::size_t length = std::min(kPairRun, count - first);
    const bool coarse = run.squares < 4 * run.errors && length >= 8;
    const double pairs =
        (run.magnitudes * run.magnitudes - run.squares) / static_cast<double>(length - 1);
    const double likely = coarse ? std::numbers::pi / 2 * pairs : run.squares - run.errors / 6;
    squares_before_ += run.squares_a;
    squares_after_ += run.squares_b;
    squares_difference_ += std::max(0.0, likely);
    squares_error_ += run.errors;
    squares_read_ += run.squares;
  }
  seen_.max_difference = std::max(seen_.max_difference, sums.greatest_difference);
}

void PairAccumulator::Merge(const PairAccumulator& other) {
  const PairStatistics& from = other.seen_;
  seen_.count += from.count;
  seen_.differing += from.differing;
  seen_.nonfinite += from.nonfinite;
  seen_.nan_before += from.nan_before;
  seen_.nan_after += from.nan_after;
  seen_.inf_before += from.inf_before;
  seen_.inf_after += from.inf_after;
  seen_.zero_before += from.zero_before;
  seen_.zero_after += from.zero_after;
  seen_.sign_flips += from.sign_flips;
  seen_.max_difference = std::max(seen_.max_difference, from.max_difference);
  squares_before_ += other.squares_before_;
  squares_after_ += other.squares_after_;
  squares_difference_ += other.squares_difference_;
  products_ += other.products_;
  squares_error_ += other.squares_error_;
  squares_read_ += other.squares_read_;
  if (other.planes_ != 0) planes_ = planes_ == 0 ? other.planes_ : std::min(planes_, other.planes_);
  histogram_.Merge(other.histogram_);
}

PairStatistics PairAccumulator::Finish() const {
  PairStatistics figures = seen_;
  const auto root = [](long double squares) { return static_cast<double>(std::sqrt(squares)); };
  figures.norm_before = root(squares_before_);
  figures.norm_after = root(squares_after_);
  figures.norm_difference = root(squares_difference_);
  figures.planes = planes_;
  long double products = products_;
  if (planes_ != 0) {
    figures.norm_error = root(squares_error_);
    figures.norm_read = root(squares_read_);
    products = (squares_before_ + squares_after_ - squares_difference_) / 2;
  }
  if (squares_before_ > 0 && squares_after_ > 0) {
    const long double norms = std::sqrt(squares_before_) * std::sqrt(squares_after_);
    figures.cosine = static_cast<double>(std::clamp(products / norms, -1.0L, 1.0L));
  }
  if (with_histogram_) figures.difference = histogram_.Finish();
  return figures;
}

}  // namespace dlv::statistics

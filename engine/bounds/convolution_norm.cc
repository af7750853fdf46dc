#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <numeric>
#include <vector>

#include "engine/bounds/blas.h"
#include "engine/bounds/gram.h"
#include "engine/bounds/rounding.h"
#include "engine/bounds/spectral_norm.h"

namespace dlv::bounds {
namespace {

/// Multiplications spent on one kernel: about a second.
constexpr double kWork = 6e9;
constexpr std::int64_t kMostFrequencies = 1 << 16;
/// How far a cosine or sine of a multiple of 2 pi / M may be off, its argument's rounding included:
/// the argument is off by 4 roundings of at most 2 pi, the function by 4 units of its last place.
constexpr double kWaveError = 0x1p-48;
/// Rounds of Gram iteration, stage by stage; stage 0 is the cheap bound.
constexpr int kRounds[] = {0, 1, 3, 6};
constexpr int kLastStage = 3;

/// A frequency of a group's kernel, and the best bound of it so far.
struct Frequency {
  std::int64_t group = 0, vertical = 0, horizontal = 0;
  double bound = 0;
  int stage = 0;
  bool operator<(const Frequency& other) const { return bound < other.bound; }
};

/// The kernel's Fourier transform, frequency by frequency.
class Spectrum {
 public:
  Spectrum(std::span<const double> scaled, const ConvolutionView& view)
      : view_(view), kernel_(scaled), taps_(view.kernel[0] * view.kernel[1]) {
    for (std::size_t axis = 0; axis < 2; ++axis) {
      sizes_[axis] = view.kernel[axis] == 1 ? 1 : view.padded[axis];
      FillWaves(axis);
    }
    for (std::int64_t group = 0; group < view.groups; ++group) AddError(group);
  }

  /// One of each pair of frequencies with conjugate kernels, of all groups; empty: too many.
  std::vector<Frequency> Frequencies() const {
    const double count = static_cast<double>(sizes_[0] / 2 + 1) * static_cast<double>(sizes_[1]);
    if (count * static_cast<double>(view_.groups) > kMostFrequencies) return {};
    std::vector<Frequency> all;
    for (std::int64_t group = 0; group < view_.groups; ++group) {
      for (std::int64_t y = 0; y <= sizes_[0] / 2; ++y) {
        const bool own_mirror = y == 0 || 2 * y == sizes_[0];
        const std::int64_t last = own_mirror ? sizes_[1] / 2 : sizes_[1] - 1;
        for (std::int64_t x = 0; x <= last; ++x) all.push_back({group, y, x, kInfinity, 0});
      }
    }
    return all;
  }

  /// Multiplications that the transform and the cheap bound of one frequency take.
  double TransformWork() const {
    return static_cast<double>(MatrixSize()) * static_cast<double>(2 * taps_ + 8);
  }
  double GramWork(int rounds) const {
    const auto n = static_cast<double>(std::min(Rows(), view_.in_channels));
    return 3 * n * static_cast<double>(MatrixSize()) + 3.0 * rounds * n * n * n;
  }

  /// Lowers the bounds of `some`, which are of one group, to what stage `stage` gives.
  void Bound(std::span<Frequency> some, int stage) {
    const std::int64_t group = some.front().group;
    Transform(some);
    for (std::size_t i = 0; i < some.size(); ++i) {
      const auto size = static_cast<std::size_t>(MatrixSize());
      const std::span<const double> all = transformed_;
      const ComplexMatrix matrix{Rows(), view_.in_channels, all.subspan(2 * i * size, size),
                                 all.subspan((2 * i + 1) * size, size)};
      const double norm =
          stage == 0 ? CheapComplexNormAbove(matrix) : GramNormAbove(matrix, kRounds[stage]);
      const double above = SumAbove(norm, errors_[static_cast<std::size_t>(group)]);
      some[i].bound = std::min(some[i].bound, above);
      some[i].stage = stage;
    }
  }

 private:
  std::int64_t Rows() const { return view_.out_channels / view_.groups; }
  std::int64_t MatrixSize() const { return Rows() * view_.in_channels; }

  std::span<const double> KernelOf(std::int64_t group) const {
    const auto size = static_cast<std::size_t>(MatrixSize() * taps_);
    return kernel_.subspan(static_cast<std::size_t>(group) * size, size);
  }

  void FillWaves(std::size_t axis) {
    const auto size = static_cast<double>(sizes_[axis]);
    for (std::int64_t i = 0; i < sizes_[axis]; ++i) {
      const double angle = 2 * std::numbers::pi * static_cast<double>(i) / size;
      cosines_[axis].push_back(std::cos(angle));
      sines_[axis].push_back(std::sin(angle));
    }
  }

  /// The transform is off by at most sqrt(2) (4 wave errors + gamma) times the Frobenius norm of
  /// the sums of magnitudes over the taps.
  void AddError(std::int64_t group) {
    const auto kernel = KernelOf(group);
    const auto taps = static_cast<std::size_t>(taps_);
    std::vector<double> sums(static_cast<std::size_t>(MatrixSize()));
    for (std::size_t i = 0; i < kernel.size(); ++i) sums[i / taps] += std::fabs(kernel[i]);
    const auto terms = static_cast<double>(taps_);
    const double relative = SumAbove(4 * kWaveError, GammaAbove(terms + 2));
    const double norm = Above(NormAbove(sums), terms);
    errors_.push_back(SumAbove(ProductAbove(1.5, ProductAbove(relative, norm)), 0x1p-1000));
  }

  /// Rows of cosines and negative sines of one frequency, a column for each tap.
  void FillPhases(const Frequency& frequency, double* cosines, double* sines) const {
    for (std::int64_t y = 0; y < view_.kernel[0]; ++y) {
      const auto v = Phase(0, frequency.vertical, y);
      for (std::int64_t x = 0; x < view_.kernel[1]; ++x) {
        const auto h = Phase(1, frequency.horizontal, x);
        *cosines++ = cosines_[0][v] * cosines_[1][h] - sines_[0][v] * sines_[1][h];
        *sines++ = -(sines_[0][v] * cosines_[1][h] + cosines_[0][v] * sines_[1][h]);
      }
    }
  }

  std::size_t Phase(std::size_t axis, std::int64_t frequency, std::int64_t tap) const {
    const std::int64_t step = tap * view_.dilations[axis] % sizes_[axis];
    return static_cast<std::size_t>(frequency * step % sizes_[axis]);
  }

  void Transform(std::span<const Frequency> some) {
    const auto taps = static_cast<std::size_t>(taps_);
    std::vector<double> phases(2 * some.size() * taps);
    for (std::size_t i = 0; i < some.size(); ++i) {
      FillPhases(some[i], phases.data() + 2 * i * taps, phases.data() + (2 * i + 1) * taps);
    }
    const std::int64_t rows = 2 * static_cast<std::int64_t>(some.size());
    transformed_.resize(static_cast<std::size_t>(rows * MatrixSize()));
    MultiplyAdd(Transpose::kNo, Transpose::kYes, rows, MatrixSize(), taps_, phases.data(), taps_,
                KernelOf(some.front().group).data(), taps_, 0, transformed_.data(), MatrixSize());
  }

  ConvolutionView view_;
  std::span<const double> kernel_;
  std::int64_t taps_ = 1;
  std::array<std::int64_t, 2> sizes_{1, 1};
  std::array<std::vector<double>, 2> cosines_, sines_;
  std::vector<double> errors_;  // of a group's transform, in the Frobenius norm
  std::vector<double> transformed_;
};

/// Gives all frequencies their cheap bounds.
void BoundCheaply(Spectrum& spectrum, std::vector<Frequency>& all, std::int64_t matrix_size) {
  const std::size_t batch = static_cast<std::size_t>(
      std::max<std::int64_t>(1, (1 << 19) / std::max<std::int64_t>(1, matrix_size)));
  for (std::size_t first = 0; first < all.size();) {
    std::size_t last = first;
    while (last < all.size() && last - first < batch && all[last].group == all[first].group) ++last;
    spectrum.Bound(std::span(all).subspan(first, last - first), 0);
    first = last;
  }
}

/// The greatest of the true norms is at most the greatest of the bounds: so only the greatest bound
/// is worth lowering, until it cannot be lowered or the work is spent.
double GreatestNormAbove(Spectrum& spectrum, std::vector<Frequency>& all, double work) {
  std::make_heap(all.begin(), all.end());
  while (all.front().stage < kLastStage && work > 0) {
    std::pop_heap(all.begin(), all.end());
    const int stage = all.back().stage + 1;
    spectrum.Bound(std::span(&all.back(), 1), stage);
    work -= spectrum.TransformWork() + spectrum.GramWork(kRounds[stage]);
    std::push_heap(all.begin(), all.end());
  }
  return all.front().bound;
}

double TorusNormAbove(std::span<const double> scaled, const ConvolutionView& view) {
  Spectrum spectrum(scaled, view);
  std::vector<Frequency> all = spectrum.Frequencies();
  const double work = kWork - static_cast<double>(all.size()) * spectrum.TransformWork();
  if (all.empty() || work < 0) return kInfinity;
  BoundCheaply(spectrum, all, view.out_channels / view.groups * view.in_channels);
  return GreatestNormAbove(spectrum, all, work);
}

std::int64_t CeilingOf(std::int64_t a, std::int64_t b) { return (a + b - 1) / b; }

/// Windows along an axis that read one element at most.
std::int64_t OverlapOf(const ConvolutionView& view, std::size_t axis) {
  const std::int64_t stride = view.strides[axis], dilation = view.dilations[axis];
  const std::int64_t reach = (view.kernel[axis] - 1) * dilation + 1;
  const std::int64_t windows =
      view.padded[axis] < reach ? 0 : (view.padded[axis] - reach) / stride + 1;
  return std::min(windows, CeilingOf(view.kernel[axis] * std::gcd(stride, dilation), stride));
}

std::size_t KernelSize(const ConvolutionView& view) {
  return static_cast<std::size_t>(view.out_channels * view.in_channels * view.kernel[0] *
                                  view.kernel[1]);
}

bool HasSizes(const ConvolutionView& view) {
  const auto positive = [](std::int64_t size) { return size > 0; };
  return view.out_channels > 0 && view.in_channels > 0 && view.groups > 0 &&
         view.out_channels % view.groups == 0 && std::ranges::all_of(view.kernel, positive) &&
         std::ranges::all_of(view.strides, positive) &&
         std::ranges::all_of(view.dilations, positive) &&
         std::ranges::all_of(view.padded, positive);
}

}  // namespace

double WindowOverlap(const ConvolutionView& view) {
  return HasSizes(view) ? static_cast<double>(OverlapOf(view, 0) * OverlapOf(view, 1)) : 0;
}

double ConvolutionNormAbove(std::span<const double> kernel, const ConvolutionView& view) {
  if (kernel.empty()) return 0;
  if (!HasSizes(view) || kernel.size() != KernelSize(view)) return kInfinity;
  const ScaledNumbers scaled = ScaledCopy(kernel);
  if (!scaled.finite) return kInfinity;
  const double overlap = WindowOverlap(view);
  if (scaled.zero || overlap == 0) return 0;
  const std::int64_t columns = view.in_channels * view.kernel[0] * view.kernel[1];
  double norm = ProductAbove(
      RootAbove(overlap),
      BlockNormAbove(scaled.numbers, view.groups, view.out_channels / view.groups, columns));
  if (overlap > 1) norm = std::min(norm, TorusNormAbove(scaled.numbers, view));
  return UnscaledAbove(norm, scaled.exponent, static_cast<std::int64_t>(kernel.size()));
}

}  // namespace dlv::bounds

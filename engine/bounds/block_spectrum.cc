#include "engine/bounds/block_spectrum.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "engine/bounds/rounding.h"

namespace dlv::bounds {
namespace {

constexpr std::int64_t kMostTorusPlaces = 1 << 12;
constexpr std::int64_t kMostColumns = 512;
/// Multiplications that a form at all frequencies may take: some seconds.
constexpr double kFormWork = 2e9;
constexpr double kElementLimit = 0x1p100;
/// How far a cosine or sine of a multiple of 2 pi / M may be off (convolution_norm.cc).
constexpr double kPhaseError = 0x1p-48;

std::int64_t FloorOf(std::int64_t a, std::int64_t b) {
  return a >= 0 ? a / b : -((-a + b - 1) / b);
}

/// Places along an axis that values need, so that no window reaches around: the input lies at
/// 0 ... in - 1, windows from -pad on.
std::int64_t ReachOf(const BlockConvolution& convolution, std::size_t axis) {
  const std::int64_t last = (convolution.out[axis] - 1) * convolution.strides[axis] +
                            (convolution.size[axis] - 1) * convolution.dilations[axis] -
                            convolution.pads[axis];
  return std::max({convolution.in[axis] + convolution.pads[axis], last + 1, convolution.in[axis]});
}

std::int64_t SizeOf(const ResidualBlock& block, std::size_t axis) {
  const std::int64_t stride = block.first.strides[axis];
  return std::max({ReachOf(block.second, axis), block.first.out[axis],
                   (ReachOf(block.first, axis) + stride - 1) / stride});
}

bool HasSizes(const BlockConvolution& convolution) {
  const auto fits = [](std::int64_t one) { return one > 0 && one <= (1 << 20); };
  const auto all = [&](const auto& pair) { return std::ranges::all_of(pair, fits); };
  const bool pads = std::ranges::all_of(
      convolution.pads, [](std::int64_t pad) { return pad >= 0 && pad <= (1 << 20); });
  if (!fits(convolution.out_channels) || !fits(convolution.in_channels) || !pads ||
      !all(convolution.size) || !all(convolution.strides) || !all(convolution.dilations) ||
      !all(convolution.in) || !all(convolution.out))
    return false;
  return convolution.size[0] * convolution.size[1] <= 1024;
}

bool HasKernel(const BlockConvolution& convolution) {
  const std::int64_t count = convolution.out_channels * convolution.in_channels;
  return static_cast<std::int64_t>(convolution.kernel.size()) ==
             count * convolution.size[0] * convolution.size[1] &&
         std::ranges::all_of(convolution.kernel,
                             [](double one) { return std::abs(one) <= kElementLimit; });
}

bool SkipFits(const ResidualBlock& block) {
  const std::int64_t channels = block.first.in_channels;
  if (static_cast<std::int64_t>(block.skip.size()) != block.second.out_channels) return false;
  std::vector<bool> used(static_cast<std::size_t>(channels), false);
  for (const std::int64_t from : block.skip) {
    if (from < 0) continue;
    if (from >= channels || used[static_cast<std::size_t>(from)]) return false;
    used[static_cast<std::size_t>(from)] = true;
  }
  return true;
}

}  // namespace

bool BlockSpectrum::CanBe(const ResidualBlock& block) {
  return CanBeBySizes(block) && HasKernel(block.first) && HasKernel(block.second);
}

bool BlockSpectrum::CanBeBySizes(const ResidualBlock& block) {
  const BlockConvolution &first = block.first, &second = block.second;
  if (!HasSizes(first) || !HasSizes(second) || !SkipFits(block)) return false;
  if (first.out_channels != second.in_channels || first.out != second.in) return false;
  if (second.strides[0] != 1 || second.strides[1] != 1 || second.out != second.in) return false;
  const std::int64_t columns = first.in_channels * first.strides[0] * first.strides[1];
  if (columns > kMostColumns || first.out_channels > kMostColumns) return false;
  const std::int64_t rows = SizeOf(block, 0), across = SizeOf(block, 1);
  if (rows > kMostTorusPlaces || (rows / 2 + 1) * across > kMostTorusPlaces) return false;
  const auto n = static_cast<double>(columns + first.out_channels);
  return static_cast<double>((rows / 2 + 1) * across) * n * n * n <= kFormWork;
}

BlockSpectrum::BlockSpectrum(const ResidualBlock& block)
    : middle_(static_cast<std::size_t>(block.first.out_channels)),
      out_(static_cast<std::size_t>(block.second.out_channels)),
      first_(TapsOf(block.first)),
      second_(TapsOf(block.second)) {
  for (std::size_t axis = 0; axis < 2; ++axis) {
    sizes_[axis] = bounds::SizeOf(block, axis);
    for (std::int64_t i = 0; i < sizes_[axis]; ++i) {
      const double angle =
          2 * std::numbers::pi * static_cast<double>(i) / static_cast<double>(sizes_[axis]);
      cosines_[axis].push_back(std::cos(angle));
      sines_[axis].push_back(std::sin(angle));
    }
  }
  for (std::int64_t y = 0; y <= sizes_[0] / 2; ++y) {
    const bool own_mirror = y == 0 || 2 * y == sizes_[0];
    for (std::int64_t x = 0; x <= (own_mirror ? sizes_[1] / 2 : sizes_[1] - 1); ++x)
      frequencies_.push_back({y, x});
  }
}

/// Position p reads x at stride p + offset, which is element p + floor(offset / stride) of those
/// that lie offset mod stride within a stride.
BlockSpectrum::Taps BlockSpectrum::TapsOf(const BlockConvolution& convolution) {
  const std::int64_t down = convolution.strides[0], across = convolution.strides[1];
  const std::int64_t height = convolution.size[0], width = convolution.size[1];
  Taps all{static_cast<std::size_t>(convolution.out_channels),
           static_cast<std::size_t>(down * across * convolution.in_channels),
           {}};
  for (std::int64_t tap = 0; tap < height * width; ++tap) {
    const std::int64_t y = tap / width * convolution.dilations[0] - convolution.pads[0];
    const std::int64_t x = tap % width * convolution.dilations[1] - convolution.pads[1];
    const std::array<std::int64_t, 2> shift{FloorOf(y, down), FloorOf(x, across)};
    const std::int64_t place = (y - shift[0] * down) * across + (x - shift[1] * across);
    const auto known = std::ranges::find(all.taps, shift, &Tap::shift);
    Tap& to = known != all.taps.end()
                  ? *known
                  : all.taps.emplace_back(Tap{shift, std::vector<double>(all.rows * all.columns)});
    for (std::size_t o = 0; o < all.rows; ++o) {
      for (std::int64_t c = 0; c < convolution.in_channels; ++c) {
        const auto from =
            (static_cast<std::int64_t>(o) * convolution.in_channels + c) * height * width + tap;
        const auto column = static_cast<std::size_t>(place * convolution.in_channels + c);
        // No other tap has this shift and place.
        to.matrix[o * all.columns + column] = convolution.kernel[static_cast<std::size_t>(from)];
      }
    }
  }
  return all;
}

void BlockSpectrum::Transform(const Taps& taps, std::size_t frequency, Matrix& out) const {
  out.assign(taps.rows * taps.columns, 0);
  const auto& [vertical, horizontal] = frequencies_[frequency];
  const auto place = [&](std::size_t axis, std::int64_t wave, std::int64_t shift) {
    const std::int64_t size = sizes_[axis];
    const std::int64_t step = (shift % size + size) % size;
    return static_cast<std::size_t>(wave * step % size);
  };
  for (const Tap& tap : taps.taps) {
    const std::size_t v = place(0, vertical, tap.shift[0]), h = place(1, horizontal, tap.shift[1]);
    const double cosine = cosines_[0][v] * cosines_[1][h] - sines_[0][v] * sines_[1][h];
    const double sine = sines_[0][v] * cosines_[1][h] + cosines_[0][v] * sines_[1][h];
    for (std::size_t k = 0; k < out.size(); ++k) {
      out[k] = {out[k].real() + tap.matrix[k] * cosine, out[k].imag() + tap.matrix[k] * sine};
    }
  }
}

void BlockSpectrum::At(std::size_t frequency, Matrix& first, Matrix& second) const {
  Transform(first_, frequency, first);
  Transform(second_, frequency, second);
}

std::vector<double> BlockSpectrum::Magnitudes(const Taps& taps) {
  std::vector<double> sums(taps.rows * taps.columns, 0);
  for (const Tap& tap : taps.taps) {
    for (std::size_t k = 0; k < sums.size(); ++k) sums[k] += std::abs(tap.matrix[k]);
  }
  return sums;
}

BlockSpectrum::Errors BlockSpectrum::ErrorsWith(std::span<const double> scales) const {
  std::vector<double> first = Magnitudes(first_), second = Magnitudes(second_);
  for (std::size_t k = 0; k < first.size(); ++k) first[k] *= scales[k / first_.columns] / 2;
  for (std::size_t k = 0; k < second.size(); ++k) second[k] /= scales[k % second_.columns];
  const auto error = [](const std::vector<double>& sums, std::size_t taps) {
    const auto terms = static_cast<double>(taps);
    const double relative = SumAbove(4 * kPhaseError, GammaAbove(terms + 8));
    return SumAbove(Above(1.5 * relative * NormAbove(sums), terms + 6), 0x1p-800);
  };
  return {error(first, first_.taps.size()), error(second, second_.taps.size())};
}

}  // namespace dlv::bounds

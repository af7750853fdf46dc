#include "engine/bounds/residual_block.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>

#include "engine/bounds/block_scales.h"
#include "engine/bounds/spectral_norm.h"

namespace dlv::bounds {
namespace {

using Numbers = std::vector<double>;

/// A convolution with its kernel, applied and applied backwards, element by element.
struct Made {
  BlockConvolution view;
  Numbers kernel;

  std::size_t reads() const {
    return static_cast<std::size_t>(view.in_channels * view.in[0] * view.in[1]);
  }
  std::size_t writes() const {
    return static_cast<std::size_t>(view.out_channels * view.out[0] * view.out[1]);
  }
  template <class Function>
  void ForEach(Function&& function) const {
    std::size_t k = 0;
    for (std::int64_t o = 0; o < view.out_channels; ++o) {
      for (std::int64_t c = 0; c < view.in_channels; ++c) {
        for (std::int64_t ky = 0; ky < view.size[0]; ++ky) {
          for (std::int64_t kx = 0; kx < view.size[1]; ++kx, ++k)
            ForEachPlace(o, c, ky, kx, k, function);
        }
      }
    }
  }
  Numbers Apply(const Numbers& x) const {
    Numbers y(writes(), 0);
    ForEach([&](std::size_t to, std::size_t from, double w) { y[to] += w * x[from]; });
    return y;
  }
  Numbers Back(const Numbers& y) const {
    Numbers x(reads(), 0);
    ForEach([&](std::size_t to, std::size_t from, double w) { x[from] += w * y[to]; });
    return x;
  }

 private:
  template <class Function>
  void ForEachPlace(std::int64_t o, std::int64_t c, std::int64_t ky, std::int64_t kx, std::size_t k,
                    Function& function) const {
    for (std::int64_t y = 0; y < view.out[0]; ++y) {
      for (std::int64_t x = 0; x < view.out[1]; ++x) {
        const std::int64_t row = y * view.strides[0] + ky * view.dilations[0] - view.pads[0];
        const std::int64_t column = x * view.strides[1] + kx * view.dilations[1] - view.pads[1];
        if (row < 0 || row >= view.in[0] || column < 0 || column >= view.in[1]) continue;
        function(static_cast<std::size_t>((o * view.out[0] + y) * view.out[1] + x),
                 static_cast<std::size_t>((c * view.in[0] + row) * view.in[1] + column), kernel[k]);
      }
    }
  }
};

struct Block {
  Made first, second;
  std::vector<std::int64_t> skip;

  ResidualBlock View() const {
    ResidualBlock view{first.view, second.view, skip};
    view.first.kernel = first.kernel;
    view.second.kernel = second.kernel;
    return view;
  }
  std::size_t PlaceOf(std::int64_t channel, std::int64_t y, std::int64_t x) const {
    const BlockConvolution& v = first.view;
    return static_cast<std::size_t>((channel * v.in[0] + y * v.strides[0]) * v.in[1] +
                                    x * v.strides[1]);
  }
  template <class Function>
  void ForEachSkip(Function&& function) const {
    std::size_t to = 0;
    for (const std::int64_t channel : skip) {
      for (std::int64_t y = 0; y < second.view.out[0]; ++y) {
        for (std::int64_t x = 0; x < second.view.out[1]; ++x, ++to) {
          if (channel >= 0) function(to, PlaceOf(channel, y, x));
        }
      }
    }
  }
  Numbers Apply(const Numbers& slopes, const Numbers& x) const {
    Numbers middle = first.Apply(x);
    for (std::size_t k = 0; k < middle.size(); ++k) middle[k] *= slopes[k];
    Numbers y = second.Apply(middle);
    ForEachSkip([&](std::size_t to, std::size_t from) { y[to] += x[from]; });
    return y;
  }
  Numbers Back(const Numbers& slopes, const Numbers& y) const {
    Numbers middle = second.Back(y);
    for (std::size_t k = 0; k < middle.size(); ++k) middle[k] *= slopes[k];
    Numbers x = first.Back(middle);
    ForEachSkip([&](std::size_t to, std::size_t from) { x[from] += y[to]; });
    return x;
  }
};

double NormOf(const Numbers& v) {
  double squares = 0;
  for (const double one : v) squares += one * one;
  return std::sqrt(squares);
}
void Normalise(Numbers& v) {
  const double norm = NormOf(v);
  for (double& one : v) one /= norm == 0 ? 1 : norm;
}

/// Nearly the greatest norm over slopes from 0 to 1, from below: the slopes that one singular pair
/// likes best, that pair again, and so on.
double WorstNorm(const Block& block, std::mt19937_64& random) {
  std::normal_distribution<double> normal;
  std::uniform_real_distribution<double> share;
  double worst = 0;
  for (int start = 0; start < 4; ++start) {
    Numbers x(block.first.reads()), slopes(block.first.writes());
    for (double& one : x) one = normal(random);
    for (double& one : slopes)
      one = start == 0 ? 1 : start == 1 ? share(random) : static_cast<double>(random() % 2);
    for (int turn = 0; turn < 12; ++turn) {
      Numbers y;
      for (int times = 0; times < 15; ++times) {
        Normalise(x);
        y = block.Apply(slopes, x);
        worst = std::max(worst, NormOf(y));
        x = block.Back(slopes, y);
      }
      Normalise(x);
      y = block.Apply(slopes, x);
      const Numbers ahead = block.first.Apply(x), behind = block.second.Back(y);
      for (std::size_t k = 0; k < slopes.size(); ++k) slopes[k] = ahead[k] * behind[k] > 0 ? 1 : 0;
    }
  }
  return worst;
}

Made Convolution(std::mt19937_64& random, std::int64_t out, std::int64_t in,
                 std::array<std::int64_t, 2> size, std::array<std::int64_t, 2> strides,
                 std::array<std::int64_t, 2> dilations, std::array<std::int64_t, 2> pads,
                 std::array<std::int64_t, 2> from, std::array<std::int64_t, 2> to) {
  std::normal_distribution<double> normal;
  Made made{{{}, out, in, size, strides, dilations, pads, from, to}, {}};
  made.kernel.resize(static_cast<std::size_t>(out * in * size[0] * size[1]));
  for (double& one : made.kernel) one = 0.5 * normal(random);
  return made;
}

Block RandomBlock(std::mt19937_64& random) {
  const auto whole = [&](std::int64_t least, std::int64_t most) {
    return std::uniform_int_distribution<std::int64_t>(least, most)(random);
  };
  const std::int64_t in = whole(1, 3), middle = whole(1, 4), out = whole(1, 4);
  std::array<std::int64_t, 2> from{}, to{}, sizes[2], strides{}, dilations[2], pads[2];
  for (std::size_t axis = 0; axis < 2; ++axis) {
    strides[axis] = whole(1, 2);
    from[axis] = whole(1, 7);
    to[axis] = (from[axis] + strides[axis] - 1) / strides[axis];
    for (std::size_t k = 0; k < 2; ++k) {
      sizes[k][axis] = whole(1, 3);
      dilations[k][axis] = whole(1, 2);
      pads[k][axis] = whole(0, (sizes[k][axis] - 1) * dilations[k][axis]);
    }
  }
  Block block{Convolution(random, middle, in, sizes[0], strides, dilations[0], pads[0], from, to),
              Convolution(random, out, middle, sizes[1], {1, 1}, dilations[1], pads[1], to, to),
              std::vector<std::int64_t>(static_cast<std::size_t>(out), -1)};
  for (std::int64_t c = 0; c < std::min(in, out); ++c) {
    if (random() % 4 != 0) block.skip[static_cast<std::size_t>(out - 1 - c)] = c;
  }
  return block;
}

TEST(ResidualBlocks, NoSlopesGiveMoreThanTheBound) {
  std::mt19937_64 random(7);
  double nearest = 0, nearness = 0;
  constexpr int kCount = 120;
  for (int i = 0; i < kCount; ++i) {
    SCOPED_TRACE(i);
    const Block block = RandomBlock(random);
    const BlockNorm bound = ResidualBlockNormAbove(block.View());
    const double worst = WorstNorm(block, random);
    ASSERT_TRUE(std::isfinite(bound.norm));
    ASSERT_GE(bound.norm, worst * (1 - 1e-12));
    nearest = std::max(nearest, worst / bound.norm);
    nearness += worst / bound.norm / kCount;
    // Any scales give a bound: the ones found, pushed about.
    Numbers pushed = bound.scales;
    for (double& one : pushed) one *= 1 + 0.2 * static_cast<double>(random() % 16);
    EXPECT_GE(ResidualBlockNormAbove(block.View(), pushed), worst * (1 - 1e-12));
    EXPECT_LE(ResidualBlockNormAbove(block.View(), bound.scales), bound.norm * (1 + 1e-12));
  }
  EXPECT_GT(nearest, 0.99);
  EXPECT_GT(nearness, 0.5);
}

Block OfNumbers(double a, double b) {
  std::mt19937_64 random(1);
  Block block{Convolution(random, 1, 1, {1, 1}, {1, 1}, {1, 1}, {0, 0}, {1, 1}, {1, 1}),
              Convolution(random, 1, 1, {1, 1}, {1, 1}, {1, 1}, {0, 0}, {1, 1}, {1, 1}),
              {0}};
  block.first.kernel = {a};
  block.second.kernel = {b};
  return block;
}

/// x + b m a x: the greatest of |1 + m a b|.
TEST(ResidualBlocks, OfSingleNumbers) {
  for (const auto& [a, b, norm] : {std::array{2.0, 3.0, 7.0}, std::array{2.0, -3.0, 5.0},
                                   std::array{-1.0, 1.0, 1.0}, std::array{0.5, 0.5, 1.25}}) {
    const double bound = ResidualBlockNormAbove(OfNumbers(a, b).View()).norm;
    EXPECT_GE(bound, norm) << a << " " << b;
    EXPECT_LE(bound, 1.02 * norm) << a << " " << b;
  }
}

/// On a torus of the input's size alone, taps would come around and take each other away.
TEST(ResidualBlocks, WindowsDoNotReachAround) {
  std::mt19937_64 random(1);
  for (const bool of_first : {true, false}) {
    Block block{Convolution(random, 1, 1, {3, 3}, {1, 1}, {1, 1}, {1, 1}, {1, 1}, {1, 1}),
                Convolution(random, 1, 1, {3, 3}, {1, 1}, {1, 1}, {1, 1}, {1, 1}, {1, 1}),
                {-1}};
    for (Numbers* kernel : {&block.first.kernel, &block.second.kernel}) {
      std::ranges::fill(*kernel, 0.0);
      (*kernel)[4] = 1;
    }
    (of_first ? block.first : block.second).kernel[0] = -1;
    EXPECT_GE(ResidualBlockNormAbove(block.View()).norm, 1);
  }
}

TEST(ResidualBlocks, AreBetterThanProductsOfNorms) {
  std::mt19937_64 random(3);
  Block block{Convolution(random, 8, 8, {3, 3}, {1, 1}, {1, 1}, {1, 1}, {6, 6}, {6, 6}),
              Convolution(random, 8, 8, {3, 3}, {1, 1}, {1, 1}, {1, 1}, {6, 6}, {6, 6}),
              {0, 1, 2, 3, 4, 5, 6, 7}};
  const ConvolutionView view{8, 8, {3, 3}, 1, {1, 1}, {1, 1}, {8, 8}};
  const double products = 1 + ConvolutionNormAbove(block.first.kernel, view) *
                                  ConvolutionNormAbove(block.second.kernel, view);
  const double bound = ResidualBlockNormAbove(block.View()).norm;
  EXPECT_GE(bound, WorstNorm(block, random));
  EXPECT_LT(bound, 0.75 * products);
}

TEST(ResidualBlocks, SameNumbersAgain) {
  std::mt19937_64 random(5);
  const Block block = RandomBlock(random);
  const BlockNorm once = ResidualBlockNormAbove(block.View());
  const BlockNorm again = ResidualBlockNormAbove(block.View());
  EXPECT_EQ(once.norm, again.norm);
  EXPECT_EQ(once.scales, again.scales);
}

TEST(ResidualBlocks, WithoutABound) {
  const Block good = OfNumbers(2, 3);
  const auto norm = [](const Block& block) { return ResidualBlockNormAbove(block.View()).norm; };
  ASSERT_TRUE(std::isfinite(norm(good)));
  for (const double bad : {std::numeric_limits<double>::quiet_NaN(),
                           std::numeric_limits<double>::infinity(), 0x1p200}) {
    Block block = good;
    block.first.kernel[0] = bad;
    EXPECT_EQ(norm(block), std::numeric_limits<double>::infinity());
    block = good;
    block.second.kernel[0] = -bad;
    EXPECT_EQ(norm(block), std::numeric_limits<double>::infinity());
  }
  Block block = good;
  block.skip = {1};
  EXPECT_EQ(norm(block), std::numeric_limits<double>::infinity()) << "no such channel";
  block.skip = {0, 0};
  EXPECT_EQ(norm(block), std::numeric_limits<double>::infinity()) << "more channels";
  block = good;
  block.second.view.strides = {2, 1};
  EXPECT_EQ(norm(block), std::numeric_limits<double>::infinity());
  block = good;
  block.first.kernel.push_back(1);
  EXPECT_EQ(norm(block), std::numeric_limits<double>::infinity());
  block = good;
  block.first.view.out = {2, 1};
  EXPECT_EQ(norm(block), std::numeric_limits<double>::infinity());
  for (const double scale : {0.0, -1.0, std::numeric_limits<double>::quiet_NaN(), 0x1p120}) {
    EXPECT_EQ(ResidualBlockNormAbove(good.View(), std::array{scale}),
              std::numeric_limits<double>::infinity());
  }
  EXPECT_EQ(ResidualBlockNormAbove(good.View(), std::array{1.0, 1.0}),
            std::numeric_limits<double>::infinity());
}

/// Nothing but zeros: the skip's norm, and no more than what is proved of it without one.
TEST(ResidualBlocks, OfZeros) {
  Block block = OfNumbers(0, 0);
  const double bound = ResidualBlockNormAbove(block.View()).norm;
  EXPECT_GE(bound, 1);
  EXPECT_LE(bound, 1.01);
}

}  // namespace
}  // namespace dlv::bounds

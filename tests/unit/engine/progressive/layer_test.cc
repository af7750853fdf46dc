// Single layers, with inputs moved where it hurts most: what Bound, Pull and Cut promise.

#include "engine/progressive/layer.h"

#include <gtest/gtest.h>

#include "engine/progressive/kink_layer.h"
#include "engine/progressive/pool_layer.h"
#include "tests/unit/engine/progressive/layer_stand.h"

namespace dlv::progressive {
namespace {

Truth KinkTruth(Kinks kinks) {
  return [kinks](const Sample& sample) {
    return truth::Mapped(sample, [&](Quad x) {
      Quad value = kinks.first_value + kinks.first_slope * (x - Quad(kinks.kinks[0].at));
      double slope = kinks.first_slope;
      for (const auto& kink : kinks.kinks) {
        if (x > Quad(kink.at)) value += Quad(kink.slope - slope) * (x - Quad(kink.at));
        slope = kink.slope;
      }
      return value;
    });
  };
}

TEST(Layers, KinksHoldWhereInputsMoveMost) {
  const Extent extent{2, 2, 3};
  std::uint64_t seed = 1;
  for (const Kinks& kinks : {Kinks::Relu(), Kinks::LeakyRelu(0.125), Kinks::Clip(-0.5, 0.75)}) {
    const KinkLayer layer("kink", 0, extent, kinks);
    CheckAtRandom(layer, extent, seed++, KinkTruth(kinks));
  }
}

truth::Windows WindowsOf(const Window& window) {
  truth::Windows windows;
  windows.kernel = {window.height, window.width};
  windows.strides = {window.stride_height, window.stride_width};
  windows.dilations = {window.dilation_height, window.dilation_width};
  windows.pads = {window.pad_top, window.pad_left, window.pad_top, window.pad_left};
  return windows;
}

const std::vector<Window>& PoolWindows() {
  static const std::vector<Window> kWindows = {
      {2, 2, 2, 2}, {2, 2}, {3, 3, 2, 2, 1, 1, 1, 1}, {3, 2, 1, 2}, {2, 3, 2, 2, 2, 2}};
  return kWindows;
}

TEST(Layers, PoolsHoldWhereInputsMoveMost) {
  const Extent in{2, 5, 5};
  std::uint64_t seed = 11;
  for (const Window& window : PoolWindows()) {
    const truth::Windows windows = WindowsOf(window);
    const Extent out = windows.Out(in.channels, in);
    CheckAtRandom(MaxPoolLayer("pool", 0, in, out, window), in, seed++,
                  [&](const Sample& x) { return truth::GreatestOf(x, windows); });
    Numbers divisors(AsSize(out.positions()), 0.0);
    ForEachTap(window, in, out, [&](std::size_t p, std::size_t, std::size_t) { ++divisors[p]; });
    CheckAtRandom(MeanPoolLayer("pool", 0, in, out, window, divisors), in, seed++,
                  [&](const Sample& x) { return truth::MeanOf(x, windows, false); });
  }
}

/// One element is the greatest of four windows: all four move with it.
TEST(Layers, MaximumOfOverlappingWindows_OverlapDropped) {
  const Extent in{1, 3, 3}, out{1, 2, 2};
  const Window window{2, 2};
  const MaxPoolLayer layer("pool", 0, in, out, window);
  Numbers values(9, 0.0), entries(9, 1.0), d(9, 0.0);
  values[4] = 3;
  d[4] = -1;
  const Stand stand(layer, in, values, 1, entries);
  stand.Check(d, Numbers(4, 1.0),
              [&](const Sample& x) { return truth::GreatestOf(x, WindowsOf(window)); });
  EXPECT_LE(stand.spread().whole[0], 2 * (1 + 1e-12));
}

/// Two windows share the element that comes from behind, while their own greatest fall.
TEST(Layers, WayBackThroughOverlappingMaxima_OverlapDropped) {
  const Extent in{1, 1, 3}, out{1, 1, 2};
  const Window window{1, 2};
  const MaxPoolLayer layer("pool", 0, in, out, window);
  const double up = std::sqrt(2.0 / 3) * (1 - 1e-15), down = std::sqrt(1.0 / 6) * (1 - 1e-15);
  const Stand stand(layer, in, {0.01, 0, 0.01}, 1, Numbers(3, 1.0));
  stand.Check({-down, up, -down}, {-1, -1},
              [&](const Sample& x) { return truth::GreatestOf(x, WindowsOf(window)); });
}

/// All elements move alike: means of overlapping windows move as much.
TEST(Layers, MeanOfOverlappingWindows_OverlapDropped) {
  const Extent in{1, 1, 40}, out{1, 1, 39};
  const Window window{1, 2};
  const MeanPoolLayer layer("pool", 0, in, out, window, Numbers(39, 2.0));
  const double each = 1 / std::sqrt(40.0) * (1 - 1e-15);
  const Stand stand(layer, in, Numbers(40, 1.0), 1, Numbers(40, 1.0));
  stand.Check(Numbers(40, each), Numbers(39, -1.0),
              [&](const Sample& x) { return truth::MeanOf(x, WindowsOf(window), false); });
}

/// All at the kink, moved over it.
TEST(Layers, RectifiersLoseWhatTheyCan_RemainderHalved) {
  const Extent extent{4, 1, 1};
  const KinkLayer layer("relu", 0, extent, Kinks::Relu());
  const Stand stand(layer, extent, Numbers(4, -1.0), 6, Numbers(1, 6.0));
  stand.Check(Numbers(4, 3 * (1 - 1e-15)), Numbers(4, -1.0), KinkTruth(Kinks::Relu()));
}

}  // namespace
}  // namespace dlv::progressive

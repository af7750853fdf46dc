// Single layers, with inputs moved where it hurts most: what Bound, Pull and Cut promise.

#include "engine/progressive/layer.h"

#include <gtest/gtest.h>

#include <functional>
#include <random>

#include "engine/progressive/curve_layer.h"
#include "engine/progressive/kink_layer.h"
#include "engine/progressive/pool_layer.h"
#include "tests/unit/engine/progressive/functions.h"
#include "tests/unit/engine/progressive/truth.h"

namespace dlv::progressive {
namespace {

using truth::Quad;
using truth::Sample;
using Numbers = std::vector<double>;
using Truth = std::function<Sample(const Sample&)>;

/// A layer at one sample, with a spread of what it reads.
class Stand {
 public:
  Stand(const Layer& layer, Extent in, Numbers values, double whole, Numbers entries)
      : layer_(layer), in_(in), values_(std::move(values)), read_{{whole}, std::move(entries)} {
    out_.resize(layer.count());
    spread_ = {{0}, Numbers(layer.positions())};
    layer_.Compute(std::span<const Operand>(Read()), 1, out_);
    layer_.Bound(std::span<const Operand>(Read()), 1, out_, spread_);
  }

  const Spread& spread() const { return spread_; }
  const Spread& read() const { return read_; }

  /// Checks the promises for inputs moved by d, and outputs seen along v.
  void Check(const Numbers& d, const Numbers& v, const Truth& truth) const {
    Sample moved{in_, {values_.begin(), values_.end()}};
    for (std::size_t i = 0; i < d.size(); ++i) moved.values[i] += Quad(d[i]);
    const Sample after = truth(moved);
    Quad whole = 0, along_v = 0;
    std::vector<Quad> squares(layer_.positions(), Quad(0));
    for (std::size_t i = 0; i < out_.size(); ++i) {
      const Quad off = after.values[i] - Quad(out_[i]);
      whole += off * off;
      squares[i % layer_.positions()] += off * off;
      along_v += Quad(v[i]) * off;
    }
    EXPECT_GE(Quad(spread_.whole[0]) * Quad(spread_.whole[0]), whole);
    for (std::size_t p = 0; p < squares.size(); ++p) {
      EXPECT_GE(Quad(spread_.by_position[p]) * Quad(spread_.by_position[p]), squares[p]);
    }
    Numbers pulled(values_.size());
    std::span<double> room(pulled);
    Backward backward;
    layer_.Pull(Read(), out_, spread_, v, backward, std::span(&room, 1));
    Quad first_order = 0;
    for (std::size_t i = 0; i < d.size(); ++i) first_order += Quad(pulled[i]) * Quad(d[i]);
    EXPECT_GE(along_v, first_order - Quad(backward.loss)) << "pull";
    EXPECT_GE(Quad(layer_.Cut(Read(), v, 0, std::numeric_limits<double>::infinity())), -along_v)
        << "cut";
  }

 private:
  std::vector<Operand> Read() const { return {{&values_, &read_, in_, Precision::kF64}}; }

  const Layer& layer_;
  Extent in_;
  Values values_, out_;
  Spread read_, spread_;
};

/// Moves within the spreads: all of it on one element, on two, on many.
Numbers Move(std::mt19937_64& random, const Extent& extent, const Spread& spread) {
  std::normal_distribution<double> normal;
  Numbers d(AsSize(extent.count()), 0.0);
  const auto kind = random() % 3;
  if (kind == 2) {
    for (double& one : d) one = normal(random);
  } else {
    for (std::uint64_t i = 0; i <= kind; ++i) d[random() % d.size()] = normal(random) < 0 ? -1 : 1;
  }
  const auto positions = AsSize(extent.positions());
  double norm = 0;
  for (const double one : d) norm += one * one;
  const double scale = spread.whole[0] / std::sqrt(norm) * (1 - 1e-15);
  for (double& one : d) one *= scale;
  Numbers squares(positions, 0.0);
  for (std::size_t i = 0; i < d.size(); ++i) squares[i % positions] += d[i] * d[i];
  for (std::size_t i = 0; i < d.size(); ++i) {
    const double entry = spread.by_position[i % positions];
    const double here = std::sqrt(squares[i % positions]);
    if (here > entry) d[i] *= entry / here * (1 - 1e-15);
  }
  return d;
}

/// Values of about `scale`, spreads of about 2 times `spread`.
void CheckAtRandom(const Layer& layer, const Extent& in, std::uint64_t seed, const Truth& truth,
                   double scale = 1, double spread = 1) {
  std::mt19937_64 random(seed);
  std::normal_distribution<double> normal;
  for (int trial = 0; trial < 60 && !::testing::Test::HasFailure(); ++trial) {
    Numbers values(AsSize(in.count())), entries(AsSize(in.positions())), v(layer.count());
    for (double& one : values) one = scale * normal(random);
    for (double& one : v) one = normal(random);
    const double whole = 2 * spread * std::abs(normal(random));
    for (double& one : entries) one = std::min(whole, 2 * spread * std::abs(normal(random)));
    const Stand stand(layer, in, values, whole, entries);
    for (int i = 0; i < 12; ++i) stand.Check(Move(random, in, stand.read()), v, truth);
  }
}

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

TEST(Layers, CurvesHoldWhereInputsMoveMost) {
  const Extent extent{2, 2, 3};
  std::uint64_t seed = 21;
  auto functions = truth::Functions();
  for (auto& one : truth::FunctionsOfOtherNodes()) functions.push_back(std::move(one));
  for (const auto& function : functions) {
    SCOPED_TRACE(function.op);
    const CurveLayer layer("curve", 0, extent, {function.curve});
    const Truth truth = [&](const Sample& x) { return truth::Mapped(x, function.truth); };
    for (const double spread : {0x1p-40, 0x1p-6, 1.0, 8.0})
      CheckAtRandom(layer, extent, seed++, truth, 2, spread);
  }
}

TEST(Layers, SlopesOfTheirOwnAChannelHold) {
  const Extent extent{3, 2, 2};
  const std::vector<double> slopes = {0.25, -0.5, 1.75};
  std::vector<Curve> curves;
  for (const double slope : slopes) curves.push_back(*Curve::PRelu(slope));
  CheckAtRandom(CurveLayer("prelu", 0, extent, curves), extent, 5, [&](Sample x) {
    for (std::size_t i = 0; i < x.values.size(); ++i) {
      if (x.values[i] < 0) x.values[i] *= Quad(slopes[i / 4]);
    }
    return x;
  });
}

/// At the place where it is bent the most, moved all the way against v: the second order is all
/// there is beside what is pulled.
TEST(Layers, CurvesLoseWhatTheirBendTakes_SecondOrderDropped) {
  const Extent extent{1, 1, 1};
  const Truth truth = [](const Sample& x) { return truth::Mapped(x, truth::Tanh); };
  const CurveLayer layer("tanh", 0, extent, {Curve::Tanh()});
  for (const double move : {0.1, -0.1}) {
    const Stand stand(layer, extent, {0.6584789484624084}, 0.1, Numbers(1, 0.1));
    stand.Check({move}, {1}, truth);
    const Stand below(layer, extent, {-0.6584789484624084}, 0.1, Numbers(1, 0.1));
    below.Check({move}, {-1}, truth);
  }
}

/// Beyond a kink of HardSwish the slope falls by a half, within a move from x.
TEST(Layers, CurvesLoseWhatTheirKinksTake_KinkDropped) {
  const Extent extent{1, 1, 1};
  const CurveLayer layer("hardswish", 0, extent, {*Curve::HardSwish(1.0 / 6, 0.5)});
  const Truth truth = [](const Sample& x) {
    return truth::Mapped(x, [](Quad v) { return v * truth::Share(v / 6 + Quad(0.5)); });
  };
  for (const double x : {2.9, 3.1, -2.9, -3.1}) {
    const Stand stand(layer, extent, {x}, 0.5, Numbers(1, 0.5));
    for (const double move : {0.5, -0.5}) {
      for (const double v : {1.0, -1.0}) stand.Check({move}, {v}, truth);
    }
  }
}

/// A function that is bounded does not make a bound of what has none.
TEST(Layers, BoundedCurvesDoNotHideWhatIsNotFinite) {
  const Extent extent{1, 1, 2};
  for (const Curve& curve : {Curve::Tanh(), Curve::Sigmoid(), *Curve::HardSigmoid(0.2, 0.5)}) {
    const CurveLayer layer("curve", 0, extent, {curve});
    for (const double bad : {HUGE_VAL, -HUGE_VAL, std::nan("")}) {
      const Stand value(layer, extent, {bad, 0}, 1, Numbers(2, 1.0));
      EXPECT_FALSE(std::isfinite(value.spread().whole[0]));
      EXPECT_FALSE(std::isfinite(value.spread().by_position[0]));
      const Stand moved(layer, extent, {1, 0}, std::abs(bad), {std::abs(bad), 1});
      EXPECT_FALSE(std::isfinite(moved.spread().whole[0]));
      EXPECT_FALSE(std::isfinite(moved.spread().by_position[0]));
    }
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

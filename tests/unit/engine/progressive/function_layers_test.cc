// Layers of curves, responses and products, with inputs moved where it hurts most.

#include <gtest/gtest.h>

#include "engine/progressive/curve_layer.h"
#include "engine/progressive/product_layer.h"
#include "engine/progressive/response_layer.h"
#include "tests/unit/engine/progressive/functions.h"
#include "tests/unit/engine/progressive/layer_stand.h"

namespace dlv::progressive {
namespace {

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

Truth ResponseTruth(const Response& response, double alpha) {
  return [=](const Sample& x) {
    return truth::Responses(x, response.within, response.size, alpha, response.bias,
                            static_cast<std::int64_t>(4 * response.beta));
  };
}

TEST(Layers, ResponsesHoldWhereInputsMoveMost) {
  const Extent extent{4, 3, 4};
  std::uint64_t seed = 61;
  for (const bool within : {false, true}) {
    for (const double alpha : {8.0, 0.25}) {
      const Response response{3, within, alpha / (within ? 9 : 3), 0.75, within ? 1.0 : 0.5};
      const ResponseLayer layer("lrn", 0, extent, response);
      for (const double spread : {0x1p-30, 0x1p-5, 1.0})
        CheckAtRandom(layer, extent, seed++, ResponseTruth(response, alpha), 2, spread);
    }
  }
}

/// An element that is 0 moves only what is around it: of three channels alike the outer two fall
/// where the middle one grows.
TEST(Layers, ResponsesToWhatIsAround_OthersDropped) {
  const Extent extent{3, 1, 1};
  const Response response{3, false, 1, 1, 0.125};
  const ResponseLayer layer("lrn", 0, extent, response);
  const Stand stand(layer, extent, {0.25, 0.375, 0.25}, 0x1p-8, Numbers(1, 0x1p-8));
  for (const double move : {0x1p-8, -0x1p-8}) {
    for (const double v : {1.0, -1.0})
      stand.Check({0, move, 0}, {v, 0, v}, ResponseTruth(response, 3));
  }
  // The derivative of the whole is longer than any number's own.
  EXPECT_GT(stand.spread().whole[0], 0x1p-8 / (0.125 + 0.28125));
}

/// The second order of x / (1 + x^2), which is all there is beside what is pulled.
TEST(Layers, ResponsesLoseTheirSecondOrder_ChangesDropped) {
  const Extent extent{1, 1, 1};
  const Response response{1, false, 1, 1, 1};
  const ResponseLayer layer("lrn", 0, extent, response);
  const Stand stand(layer, extent, {0.375}, 0x1p-6, Numbers(1, 0x1p-6));
  for (const double move : {0x1p-6, -0x1p-6}) {
    for (const double v : {1.0, -1.0}) stand.Check({move}, {v}, ResponseTruth(response, 1));
  }
}

/// One number is around all nine of its channel, and the greatest of them: moved, it moves the
/// others by more than the greatest row of the derivative has.
TEST(Layers, ResponsesWithinAChannel_OverlapDropped) {
  const Extent extent{1, 3, 3};
  const Response response{3, true, 64, 8, 1};
  const ResponseLayer layer("lrn", 0, extent, response);
  Numbers values(9, 0.625), d(9, 0.0);
  values[4] = 1;
  for (const double move : {0x1p-20, -0x1p-20}) {
    d[4] = move;
    const Stand stand(layer, extent, values, 0x1p-20, Numbers(9, 0x1p-20));
    for (const double v : {1.0, -1.0}) stand.Check(d, Numbers(9, v), ResponseTruth(response, 576));
  }
}

/// A product of two values, each moved on its own, and what the layer promises of it.
struct ProductStand {
  ProductStand(const Extent& extent, Numbers first, Numbers second, double whole_a, double whole_b)
      : a(std::move(first)),
        b(std::move(second)),
        by_channel(extent.positions() > 1),
        layer("mul", 0, 1, extent, by_channel),
        in{extent.channels, 1, 1},
        read_a{{whole_a}, Numbers(layer.positions(), whole_a)},
        read_b{{whole_b}, {whole_b}},
        out(layer.count()),
        spread{{0}, Numbers(layer.positions())} {
    const Layer& base = layer;
    base.Compute(std::span<const Operand>(Read()), 1, out);
    base.Bound(std::span<const Operand>(Read()), 1, out, spread);
  }
  std::vector<Operand> Read() const {
    return {{&a, &read_a, layer.extent(), Precision::kF64}, {&b, &read_b, in, Precision::kF64}};
  }
  void Check(const Numbers& da, const Numbers& db, const Numbers& v) const {
    Quad along = 0, whole = 0, first_order = 0;
    Numbers pulled_a(a.size()), pulled_b(b.size());
    const std::vector<std::span<double>> rooms = {pulled_a, pulled_b};
    Backward backward;
    layer.Pull(Read(), out, spread, v, backward, rooms);
    for (std::size_t i = 0; i < a.size(); ++i) {
      const std::size_t gate = by_channel ? i / layer.positions() : i;
      const Quad off = (Quad(a[i]) + Quad(da[i])) * (Quad(b[gate]) + Quad(db[gate])) - Quad(out[i]);
      along += Quad(v[i]) * off;
      whole += off * off;
      first_order += Quad(pulled_a[i]) * Quad(da[i]);
    }
    for (std::size_t i = 0; i < b.size(); ++i) first_order += Quad(pulled_b[i]) * Quad(db[i]);
    EXPECT_GE(Quad(spread.whole[0]) * Quad(spread.whole[0]), whole);
    EXPECT_GE(along, first_order - Quad(backward.loss));
  }
  Numbers a, b;
  bool by_channel;
  ProductLayer layer;
  Extent in;
  Spread read_a, read_b;
  Values out;
  Spread spread;
};

TEST(Layers, ProductsHoldWhereBothMove_SecondOrderDropped) {
  const ProductStand zero({1, 1, 1}, {0}, {0}, 1, 1);
  zero.Check({1}, {1}, {-1});
  zero.Check({1}, {-1}, {1});
  const ProductStand gate({1, 2, 2}, Numbers(4, 0.0), {0}, 1, 1);
  gate.Check(Numbers(4, 0.5), {1}, Numbers(4, -1.0));
  const ProductStand one({1, 1, 1}, {1}, {0x1.000002p0}, 0, 0);
  one.Check({0}, {0}, {1});
}

/// A number a channel meets every position of it.
TEST(Layers, ProductsByChannel_PositionsDropped) {
  const ProductStand gate({2, 2, 2}, Numbers(8, 1.0), {0.5, 0.5}, 0.25, 0.5);
  const double each = 0.25 / std::sqrt(8.0) * (1 - 1e-15);
  gate.Check(Numbers(8, each), {0.5 * (1 - 1e-15), 0}, Numbers(8, 1.0));
  gate.Check(Numbers(8, -each), {-0.5 * (1 - 1e-15), 0}, Numbers(8, 1.0));
}

/// What is rounded counts where nothing else moves.
TEST(Layers, ProductOfTwo_RoundingDropped) {
  const ProductStand stand({1, 1, 1}, {1 + 0x1p-30}, {1 + 0x1p-30}, 0, 0);
  stand.Check({0}, {0}, {1});
  stand.Check({0}, {0}, {-1});
}

}  // namespace
}  // namespace dlv::progressive

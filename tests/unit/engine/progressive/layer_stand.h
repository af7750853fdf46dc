#pragma once
/// \file
/// A layer by itself, with inputs moved where it hurts most: whether what Bound, Pull and Cut
/// promise holds.

#include <gtest/gtest.h>

#include <functional>
#include <random>

#include "engine/progressive/layer.h"
#include "tests/unit/engine/progressive/truth.h"

namespace dlv::progressive {

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
inline Numbers Move(std::mt19937_64& random, const Extent& extent, const Spread& spread) {
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
inline void CheckAtRandom(const Layer& layer, const Extent& in, std::uint64_t seed,
                          const Truth& truth, double scale = 1, double spread = 1) {
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

}  // namespace dlv::progressive

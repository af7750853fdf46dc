#include "engine/network/folded_norm.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace dlv::network {
namespace {

using Places = std::vector<std::optional<std::size_t>>;

/// A normalisation of two channels, numbers that differ with `seed`.
NormVectors Norm(double seed) {
  return {{1 + seed, 0.5}, {seed, -1}, {0.25, seed}, {1, 2 + seed}, {}};
}

std::vector<double> Folded(const NormVectors& norm, double epsilon) {
  std::vector<double> bias;
  for (std::size_t i = 0; i < norm.scale.size(); ++i) {
    const double before = norm.conv_bias.empty() ? 0 : norm.conv_bias[i];
    bias.push_back(norm.shift[i] +
                   norm.scale[i] * (before - norm.mean[i]) / std::sqrt(norm.variance[i] + epsilon));
  }
  return bias;
}

TEST(FoldedNorm, IsFoundWhateverTheOrder) {
  const std::vector<NormVectors> norms = {Norm(1), Norm(2), Norm(3)};
  EXPECT_EQ(MatchFoldedBiases({Folded(norms[2], 1e-5), Folded(norms[0], 1e-3)}, norms),
            (Places{2, 0}));
}

TEST(FoldedNorm, CountsTheBiasOfTheConvolution) {
  std::vector<NormVectors> norms = {Norm(1), Norm(2)};
  norms[1].conv_bias = {5, 6};
  EXPECT_EQ(MatchFoldedBiases({Folded(norms[1], 1e-5)}, norms), Places{1});
  EXPECT_EQ(MatchFoldedBiases({Folded(Norm(2), 1e-5)}, norms), Places{std::nullopt});
}

TEST(FoldedNorm, OnesThatAreAlikeAreNotChosenFrom) {
  const std::vector<NormVectors> norms = {Norm(1), Norm(1), Norm(2)};
  EXPECT_EQ(MatchFoldedBiases({Folded(norms[0], 1e-5), Folded(norms[2], 1e-5)}, norms),
            (Places{std::nullopt, 2}));
  const auto bias = Folded(norms[2], 1e-5);
  EXPECT_EQ(MatchFoldedBiases({bias, bias}, norms), (Places{std::nullopt, std::nullopt}));
}

TEST(FoldedNorm, NothingMatchesWhatIsNotThere) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  std::vector<NormVectors> norms = {Norm(1), {}};
  EXPECT_EQ(MatchFoldedBiases({{}, {0, 0}, {1}, {nan, 1}}, norms), Places(4));
  norms[0].variance = {-1, nan};
  EXPECT_EQ(MatchFoldedBiases({Folded(Norm(1), 1e-5)}, norms), Places(1));
}

}  // namespace
}  // namespace dlv::network

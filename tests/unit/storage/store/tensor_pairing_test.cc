#include "storage/store/tensor_pairing.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace dlv::store {
namespace {

TensorInfo Named(const std::string& name, std::uint8_t content, Shape shape = {4, 8},
                 TensorRole role = TensorRole::kParameter) {
  TensorInfo info;
  info.name = name;
  info.role = role;
  info.shape = std::move(shape);
  info.id.bytes[0] = content;
  return info;
}

using Pairs = std::vector<std::pair<std::string, std::string>>;

Pairs PairsOf(const std::vector<TensorInfo>& before, const std::vector<TensorInfo>& after,
              const TensorPairing& pairing) {
  Pairs pairs;
  for (std::size_t i = 0; i < after.size(); ++i) {
    if (const auto partner = pairing.partners()[i])
      pairs.emplace_back(before[*partner].name, after[i].name);
  }
  return pairs;
}

TEST(TensorPairing, OneNameInTwoFilesIsPairedInOrder) {
  const std::vector<TensorInfo> before = {Named("w", 1), Named("w", 2)};
  const std::vector<TensorInfo> after = {Named("w", 3), Named("w", 4), Named("w", 5)};
  TensorPairing pairing(before, after);
  pairing.ByKey();
  EXPECT_EQ(pairing.partners()[0], 0U);
  EXPECT_EQ(pairing.partners()[1], 1U);
  EXPECT_EQ(pairing.partners()[2], std::nullopt);
}

TEST(TensorPairing, TheRoleMayDiffer) {
  const std::vector<TensorInfo> before = {Named("bn.mean", 1, {4}, TensorRole::kBuffer)};
  const std::vector<TensorInfo> after = {Named("bn.mean", 2, {4})};
  TensorPairing pairing(before, after);
  pairing.ByKey();
  EXPECT_FALSE(pairing.is_paired(0));
  pairing.ByName();
  EXPECT_TRUE(pairing.is_paired(0));
}

TEST(TensorPairing, FindsPrefixesThatCameWentOrChanged) {
  for (const auto& [from, to] : Pairs{{"", "module."}, {"_orig_mod.", ""}, {"model.net.", "a/"}}) {
    std::vector<TensorInfo> before, after;
    for (std::uint8_t i = 0; i < 20; ++i) {
      const std::string name = "layer" + std::to_string(i) + ".weight";
      before.push_back(Named(from + name, i));
      after.push_back(Named(to + name, static_cast<std::uint8_t>(100 + i)));
    }
    TensorPairing pairing(before, after);
    pairing.ByKey();
    pairing.ByPrefix();
    ASSERT_EQ(pairing.prefixes().size(), 1U);
    EXPECT_EQ(pairing.prefixes()[0].before, from);
    EXPECT_EQ(pairing.prefixes()[0].after, to);
    EXPECT_EQ(pairing.prefixes()[0].tensors, 20U);
    for (std::size_t i = 0; i < before.size(); ++i) EXPECT_EQ(pairing.partners()[i], i);
  }
}

TEST(TensorPairing, OneTensorNeedsAKnownPrefix) {
  const std::vector<TensorInfo> before = {Named("module.w", 1)};
  const std::vector<TensorInfo> known = {Named("w", 2)};
  const std::vector<TensorInfo> unknown = {Named("other.w", 2)};
  TensorPairing first(before, known), second(before, unknown);
  first.ByPrefix();
  second.ByPrefix();
  EXPECT_TRUE(first.is_paired(0));
  EXPECT_FALSE(second.is_paired(0));
}

/// Numbered names end alike: "9.weight" is not "x.weight" where "10" holds the numbers of x.
TEST(TensorPairing, EqualNumbersCountMoreThanAPrefix) {
  const std::vector<TensorInfo> before = {Named("x.weight", 1), Named("x.bias", 2, {4}),
                                          Named("523", 3), Named("525", 4, {4})};
  const std::vector<TensorInfo> after = {Named("9.weight", 3), Named("9.bias", 4, {4}),
                                         Named("10.weight", 1), Named("10.bias", 2, {4})};
  TensorPairing pairing(before, after);
  pairing.ByKey();
  pairing.ByPrefix();
  pairing.ByContent();
  EXPECT_EQ(PairsOf(before, after, pairing), (Pairs{{"523", "9.weight"},
                                                    {"525", "9.bias"},
                                                    {"x.weight", "10.weight"},
                                                    {"x.bias", "10.bias"}}));
  ASSERT_EQ(pairing.prefixes().size(), 1U);
  EXPECT_EQ(pairing.prefixes()[0].after, "10.");
}

TEST(TensorPairing, WhatIsResizedFollowsItsPrefix) {
  const std::vector<TensorInfo> before = {Named("module.a", 1), Named("module.b", 2),
                                          Named("module.fc", 3, {10, 8})};
  const std::vector<TensorInfo> after = {Named("a", 4), Named("b", 5), Named("fc", 6, {20, 8})};
  TensorPairing pairing(before, after);
  pairing.ByPrefix();
  EXPECT_EQ(pairing.partners()[2], 2U);
}

TEST(TensorPairing, ContentAloneWillDo) {
  const std::vector<TensorInfo> before = {Named("a", 1), Named("zero.bias", 9), Named("z.x", 9)};
  const std::vector<TensorInfo> after = {Named("other", 1), Named("n.bias", 9), Named("n.y", 9)};
  TensorPairing pairing(before, after);
  pairing.ByContent();
  EXPECT_EQ(PairsOf(before, after, pairing), (Pairs{{"a", "other"}, {"zero.bias", "n.bias"}}));
}

TEST(TensorPairing, AShapeAsksForCloseness) {
  const std::vector<TensorInfo> before = {Named("a", 1, {3, 7}), Named("b", 2, {5, 5}),
                                          Named("c", 3, {6, 6}), Named("d", 4, {6, 6})};
  const std::vector<TensorInfo> after = {Named("x", 5, {3, 7}), Named("y", 6, {5, 5}),
                                         Named("z", 7, {6, 6})};
  TensorPairing pairing(before, after);
  std::vector<std::string> asked;
  ASSERT_TRUE(pairing
                  .ByShape([&](const TensorInfo& a, const TensorInfo& b) -> Result<bool> {
                    asked.push_back(a.name + b.name);
                    return a.name == "a";
                  })
                  .ok());
  EXPECT_EQ(PairsOf(before, after, pairing), (Pairs{{"a", "x"}}));
  EXPECT_EQ(asked, (std::vector<std::string>{"ax", "by"}));
  EXPECT_FALSE(TensorPairing(before, after)
                   .ByShape([](const auto&, const auto&) -> Result<bool> {
                     return Error{ErrorCode::kIo, "no"};
                   })
                   .ok());
}

TEST(TensorPairing, ManyPartsInANameTakeNoLonger) {
  std::string deep;
  for (int i = 0; i < 20'000; ++i) deep += "a.";
  const std::vector<TensorInfo> before = {Named(deep + "x", 1), Named(deep + "y", 2)};
  const std::vector<TensorInfo> after = {Named("module." + deep + "x", 3),
                                         Named("module." + deep + "y", 4)};
  TensorPairing pairing(before, after);
  pairing.ByPrefix();
  EXPECT_TRUE(pairing.is_paired(0));
  EXPECT_TRUE(pairing.is_paired(1));
}

// Each of 20,000 names ends like all others: looking at every pair would take a minute.
TEST(TensorPairing, ManyNamesWithOneEndTakeNoLonger) {
  std::vector<TensorInfo> before, after;
  for (std::int64_t i = 0; i < 20'000; ++i) {
    before.push_back(Named("a" + std::to_string(i) + ".weight", 1, {i + 1, 1, 1, 1, 1, 1}));
    after.push_back(Named("b" + std::to_string(i) + ".weight", 2, {i + 50'000, 1, 1, 1, 1, 1}));
  }
  TensorPairing pairing(before, after);
  pairing.ByPrefix();
  EXPECT_TRUE(pairing.prefixes().empty());
}

}  // namespace
}  // namespace dlv::store

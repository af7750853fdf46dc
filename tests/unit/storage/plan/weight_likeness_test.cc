#include "storage/plan/weight_likeness.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/unit/storage/plan/sketch_fixture.h"

namespace dlv::plan {
namespace {

using testing::Quantised;
using testing::RandomWeights;
using testing::Tuned;

constexpr std::uint64_t kElements = 20'000;

TensorKey Large(const char* name, std::uint64_t count, TensorRole role = TensorRole::kParameter) {
  return {role, name, DType::kF32, count};
}

template <class Value>
std::optional<StretchSample> SampleOf(DType dtype, const std::vector<Value>& values) {
  const auto bytes = std::as_bytes(std::span(values));
  return StretchSample::Of(dtype, {bytes.begin(), bytes.end()});
}

template <class Value>
WeightLikeness Compared(DType dtype, const std::vector<Value>& ours,
                        const std::vector<Value>& theirs) {
  const auto other = SampleOf(dtype, theirs);
  WeightLikeness likeness;
  likeness.Add(*SampleOf(dtype, ours), other ? &*other : nullptr, ours.size());
  return likeness;
}

WeightLikeness Compared(const std::vector<float>& ours, const std::vector<float>& theirs) {
  return Compared(DType::kF32, ours, theirs);
}

TEST(SamplePlaces, AreInTheLargerParametersInsideOneChunk) {
  const std::vector<TensorKey> keys = {
      Large("small", 9'999),  Large("momentum", 1'000'000, TensorRole::kOptimizer),
      Large("w", 80'000),     Large("mask", 900'000, TensorRole::kBuffer),
      Large("head", 300'001), Large("nothing", 0)};
  const auto places = SamplePlacesOf(keys);
  ASSERT_EQ(places.size(), 2U);
  EXPECT_EQ(places[0].tensor, 2U);
  EXPECT_EQ(places[1].tensor, 4U);
  for (const SamplePlace& place : places) {
    EXPECT_EQ(place.count, kStretchElements);
    EXPECT_LE(place.first + place.count, keys[place.tensor].element_count);
    EXPECT_EQ(place.first >> 17, (place.first + place.count - 1) >> 17);
  }
}

TEST(SamplePlaces, OfManyEqualTensorsAFewEvenlySpread) {
  std::vector<TensorKey> keys;
  for (int i = 0; i < 80; ++i) keys.push_back(Large("layer", 500));
  const auto places = SamplePlacesOf(keys);
  ASSERT_EQ(places.size(), kSampledTensors);
  for (std::size_t i = 0; i < places.size(); ++i) {
    EXPECT_EQ(places[i].tensor, 10 * i);
    EXPECT_EQ(places[i].first, 0U);
    EXPECT_EQ(places[i].count, 500U);
  }
}

TEST(SamplePlaces, WithoutParametersInWhateverIsNoOptimizer) {
  const std::vector<TensorKey> keys = {Large("a", 500, TensorRole::kOther),
                                       Large("m", 500, TensorRole::kOptimizer)};
  ASSERT_EQ(SamplePlacesOf(keys).size(), 1U);
  EXPECT_EQ(SamplePlacesOf(keys)[0].tensor, 0U);
  EXPECT_TRUE(SamplePlacesOf({}).empty());
}

TEST(StretchSamples, RepetitiveValuesAreNone) {
  EXPECT_FALSE(SampleOf(DType::kF32, std::vector<float>(1000, 1.0F)));
  EXPECT_FALSE(SampleOf(DType::kI64, std::vector<std::int64_t>(1000, 3)));
  EXPECT_FALSE(SampleOf(DType::kF32, std::vector<float>()));
  EXPECT_TRUE(SampleOf(DType::kF32, RandomWeights(1000, 1)));
}

TEST(WeightLikenesses, StrangersAreHalfApartHoweverManyTheSeeds) {
  for (unsigned seed = 1; seed <= 20; ++seed) {
    const WeightLikeness likeness =
        Compared(RandomWeights(kElements, seed), RandomWeights(kElements, seed + 100));
    EXPECT_NEAR(likeness.apart(), 0.5, 0.1) << seed;
    EXPECT_GT(likeness.cost(), 0.97) << seed;
    EXPECT_FALSE(likeness.alike()) << seed;
  }
}

TEST(WeightLikenesses, AFineTuneIsAlikeAndTheNearerTheCheaper) {
  const std::vector<float> base = RandomWeights(kElements, 1);
  WeightLikeness before;
  for (const float distance : {1.0F, 0.3F, 0.1F, 0.01F, 0.0001F}) {
    const WeightLikeness likeness = Compared(Tuned(base, distance, 2), base);
    EXPECT_TRUE(likeness.alike()) << distance;
    EXPECT_TRUE(likeness.ClearlyNearer(before)) << distance;
    EXPECT_FALSE(before.ClearlyNearer(likeness)) << distance;
    before = likeness;
  }
  EXPECT_FALSE(Compared(Tuned(base, 4.0F, 2), base).alike());
}

TEST(WeightLikenesses, SameIsZeroAndAsNearIsNotNearer) {
  const std::vector<float> base = RandomWeights(kElements, 1);
  const WeightLikeness same = Compared(base, base);
  EXPECT_EQ(same.apart(), 0);
  EXPECT_EQ(same.cost(), 0);
  EXPECT_TRUE(same.alike());
  const WeightLikeness one = Compared(Tuned(base, 0.01F, 2), base);
  const WeightLikeness other = Compared(Tuned(base, 0.01F, 3), base);
  EXPECT_FALSE(one.ClearlyNearer(other));
  EXPECT_FALSE(other.ClearlyNearer(one));
  EXPECT_TRUE(same.ClearlyNearer(one));
}

TEST(WeightLikenesses, WhatTheOtherLacksCostsButDoesNotSetApart) {
  const std::vector<float> base = RandomWeights(kElements, 1);
  WeightLikeness likeness = Compared(Tuned(base, 0.01F, 2), base);
  const WeightLikeness whole = likeness;
  likeness.AddMissing(kElements);
  EXPECT_EQ(likeness.apart(), whole.apart());
  EXPECT_DOUBLE_EQ(likeness.cost(), (1 + whole.cost()) / 2);
  EXPECT_TRUE(whole.ClearlyNearer(likeness));
  WeightLikeness nothing;
  EXPECT_FALSE(nothing.alike());
  nothing.AddMissing(1);
  EXPECT_FALSE(nothing.alike());
  nothing.AddSame(1);
  EXPECT_TRUE(nothing.alike());
}

TEST(WeightLikenesses, AConstantIsAStranger) {
  const WeightLikeness likeness =
      Compared(RandomWeights(kElements, 1), std::vector<float>(kElements, 0.5F));
  EXPECT_EQ(likeness.apart(), 0.5);
  EXPECT_FALSE(likeness.alike());
}

TEST(WeightLikenesses, QuantisedWeightsAreAlikeAsWeightsAre) {
  const std::vector<float> base = RandomWeights(kElements, 1);
  const auto compared = [&](const std::vector<float>& other) {
    return Compared(DType::kI8, Quantised(other), Quantised(base));
  };
  WeightLikeness before;
  for (const float distance : {0.3F, 0.1F, 0.02F}) {
    const WeightLikeness likeness = compared(Tuned(base, distance, 2));
    EXPECT_TRUE(likeness.alike()) << distance;
    EXPECT_TRUE(likeness.ClearlyNearer(before)) << distance;
    before = likeness;
  }
  EXPECT_FALSE(compared(RandomWeights(kElements, 3)).alike());
  EXPECT_EQ(compared(base).cost(), 0);
}

TEST(WeightLikenesses, OfTablesOnlyEqualityCounts) {
  std::vector<std::int32_t> ours(1000);
  for (std::size_t i = 0; i < ours.size(); ++i) ours[i] = static_cast<std::int32_t>(i * i);
  std::vector<std::int32_t> theirs = ours;
  theirs[500] += 1;
  EXPECT_TRUE(Compared(DType::kI32, ours, ours).alike());
  EXPECT_FALSE(Compared(DType::kI32, ours, theirs).alike());
}

}  // namespace
}  // namespace dlv::plan

#include "storage/plan/candidate_search.h"

#include <gtest/gtest.h>

#include <set>

#include "tests/unit/storage/plan/sketch_fixture.h"

namespace dlv::plan {
namespace {

using namespace testing;

std::set<std::pair<std::uint32_t, std::uint32_t>> PairsOf(
    const std::vector<BaseCandidate>& candidates) {
  std::set<std::pair<std::uint32_t, std::uint32_t>> pairs;
  for (const BaseCandidate& candidate : candidates) pairs.emplace(candidate.tensor, candidate.base);
  return pairs;
}

TEST(CandidateSearch, FindsUnrecordedKinAndNoStrangers) {
  CandidateSearch search;
  constexpr std::uint32_t kFamilies = 20;
  for (std::uint32_t i = 0; i < kFamilies; ++i) {
    const auto base = RandomWeights(2048, 100 + i);
    search.Add(SketchOf(base));
    search.Add(SketchOf(Tuned(base, 0.1F, 1000 + i)));
  }
  const auto pairs = PairsOf(search.Find());
  std::size_t found = 0;
  for (std::uint32_t i = 0; i < kFamilies; ++i)
    found += pairs.contains({2 * i + 1, 2 * i}) && pairs.contains({2 * i, 2 * i + 1}) ? 1 : 0;
  EXPECT_GE(found, kFamilies - 2);
  for (const auto& [tensor, base] : pairs) EXPECT_EQ(tensor / 2, base / 2) << "a stranger";
}

TEST(CandidateSearch, ComparesOnlyWhatHasOneTypeAndSize) {
  CandidateSearch search;
  const auto base = RandomWeights(2048, 1);
  search.Add(SketchOf(base));
  search.Add(SketchOf(std::vector<float>(base.begin(), base.end() - 1)));
  search.AddPair(0, 1);
  EXPECT_TRUE(search.Find().empty());
}

TEST(CandidateSearch, TakesTheWordOfThoseWhoKnow) {
  CandidateSearch search;
  // So far apart that bands will not agree.
  const auto base = RandomWeights(4096, 1);
  search.Add(SketchOf(base));
  search.Add(SketchOf(Tuned(base, 5, 2)));
  EXPECT_TRUE(search.Find({.least_saving = -1}).empty());
  search.AddPair(1, 0);
  const auto found = search.Find({.least_saving = -1});
  EXPECT_EQ(PairsOf(found), (std::set<std::pair<std::uint32_t, std::uint32_t>>{{0, 1}, {1, 0}}));
}

TEST(CandidateSearch, TheBestComeFirstAndNoMoreThanAskedFor) {
  CandidateSearch search;
  auto values = RandomWeights(2048, 1);
  for (unsigned i = 0; i < 16; ++i) {
    search.Add(SketchOf(values));
    values = Tuned(values, 0.01F, 50 + i);
  }
  const auto found = search.Find({.most_bases = 3, .least_saving = 0.02});
  std::vector<std::size_t> bases(16);
  for (std::size_t i = 0; i < found.size(); ++i) {
    ++bases[found[i].tensor];
    if (i > 0 && found[i].tensor == found[i - 1].tensor) {
      EXPECT_GE(found[i].estimated_bytes, found[i - 1].estimated_bytes);
    } else {
      const auto distance = static_cast<int>(found[i].base) - static_cast<int>(found[i].tensor);
      EXPECT_LE(std::abs(distance), 2) << "the nearest checkpoint is the best base";
    }
  }
  for (const std::size_t count : bases) EXPECT_EQ(count, 3U);
}

TEST(CandidateSearch, CostsNearlyInProportion) {
  const auto compared = [](unsigned tensors) {
    CandidateSearch search;  // all alike: every bucket is full
    const auto base = RandomWeights(64, 1);
    for (unsigned i = 0; i < tensors; ++i) search.Add(SketchOf(Tuned(base, 0.001F, i)));
    (void)search.Find();
    return search.pairs_compared();
  };
  const std::size_t few = compared(40);
  const std::size_t many = compared(160);
  EXPECT_LT(many, 8 * few);  // all pairs would be 16 times as many
}

TEST(CandidateSearch, TakesEstimatesThatAreKnown) {
  CandidateSearch search;
  const auto base = RandomWeights(64, 1);
  for (unsigned i = 0; i < 2; ++i) search.Add(SketchOf(Tuned(base, 0.001F, i)));
  CandidateOptions options;
  options.estimate = [](std::uint32_t tensor, std::uint32_t) { return tensor == 0 ? 17.0 : 1e9; };
  const auto found = search.Find(options);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].estimated_bytes, 17);
  CancellationToken cancel;
  options.cancel = &cancel;
  EXPECT_EQ(search.Find(options).size(), 1U);
  cancel.Cancel();
  EXPECT_TRUE(search.Find(options).empty());
}

TEST(CandidateSearch, LooksOnlyForWhatIsSearched) {
  CandidateSearch search;
  const auto base = RandomWeights(2048, 1);
  for (unsigned i = 0; i < 24; ++i) search.Add(SketchOf(Tuned(base, 0.01F, 50 + i)));
  search.AddPair(1, 2);
  const auto all = PairsOf(search.Find({.most_bases = 30}));
  const std::size_t compared = search.pairs_compared();
  CandidateOptions options{.most_bases = 30};
  options.searched.resize(24);
  options.searched[23] = true;
  const auto found = PairsOf(search.Find(options));
  EXPECT_LT(search.pairs_compared(), 24U);
  EXPECT_LT(search.pairs_compared() * 4, compared);
  std::set<std::pair<std::uint32_t, std::uint32_t>> with_it;
  for (const auto& pair : all)
    if (pair.first == 23 || pair.second == 23) with_it.insert(pair);
  EXPECT_FALSE(with_it.empty());
  EXPECT_EQ(found, with_it) << "of these as many as among all";
}

TEST(CandidateSearch, ConstantsAreNobodysKin) {
  CandidateSearch search;
  for (int i = 0; i < 3; ++i) search.Add(SketchOf(std::vector<float>(1024, 1.0F)));
  EXPECT_TRUE(search.Find().empty());
}

}  // namespace
}  // namespace dlv::plan

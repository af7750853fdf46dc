#include "cli/human.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

namespace dlv::cli {
namespace {

TEST(HumanBytes, ShowsThreeOrFourDigits) {
  EXPECT_EQ(HumanBytes(0), "0 B");
  EXPECT_EQ(HumanBytes(999), "999 B");
  EXPECT_EQ(HumanBytes(1000), "1.0 KiB");
  EXPECT_EQ(HumanBytes(249'958), "244.1 KiB");
  EXPECT_EQ(HumanBytes(1023 * 1024), "1.0 MiB");
  EXPECT_EQ(HumanBytes(46'976'204), "44.8 MiB");
  EXPECT_EQ(HumanBytes(3'554'000'000), "3.31 GiB");
  EXPECT_EQ(HumanBytes(std::numeric_limits<std::uint64_t>::max()), "16.0 EiB");
}

TEST(HumanCount, UsesDecimalSuffixes) {
  EXPECT_EQ(HumanCount(999), "999");
  EXPECT_EQ(HumanCount(61'706), "61.7 k");
  EXPECT_EQ(HumanCount(11'300'000), "11.3 M");
  EXPECT_EQ(HumanCount(7'000'000'000), "7.00 G");
}

TEST(HumanRate, ShowsSlowOnes) {
  EXPECT_EQ(HumanRate(0.8), "0.8");
  EXPECT_EQ(HumanRate(9.94), "9.9");
  EXPECT_EQ(HumanRate(9.96), "10");
  EXPECT_EQ(HumanRate(310), "310");
  EXPECT_EQ(HumanRate(11'400), "11.4 k");
}

TEST(Age, CountsInTheUnitThatFits) {
  constexpr std::int64_t kNow = 1'700'000'000;
  EXPECT_EQ(Age(kNow, kNow), "now");
  EXPECT_EQ(Age(kNow - 59, kNow), "59 s");
  EXPECT_EQ(Age(kNow - 60, kNow), "1 min");
  EXPECT_EQ(Age(kNow - 7'200, kNow), "2 h");
  EXPECT_EQ(Age(kNow - 47 * 3600, kNow), "47 h");
  EXPECT_EQ(Age(kNow - 48 * 3600, kNow), "2 d");
  EXPECT_EQ(Age(kNow - 400 * 86400LL, kNow), "13 mo");
  EXPECT_EQ(Age(kNow - 800 * 86400LL, kNow), "2 y");
  EXPECT_EQ(RelativeTime(kNow - 7'200, kNow), "2 h ago");
  EXPECT_EQ(RelativeTime(kNow + 30, kNow), "now");
  EXPECT_EQ(RelativeTime(kNow + 3600, kNow), "in the future");
}

TEST(HumanDuration, GrowsFromSecondsToHours) {
  EXPECT_EQ(HumanDuration(0.04), "0.0 s");
  EXPECT_EQ(HumanDuration(9.9), "9.9 s");
  EXPECT_EQ(HumanDuration(9.96), "10 s");
  EXPECT_EQ(HumanDuration(187), "3:07");
  EXPECT_EQ(HumanDuration(7500), "2:05:00");
  EXPECT_EQ(HumanDuration(std::nan("")), "?");
  EXPECT_EQ(HumanDuration(-1), "?");
}

TEST(HumanRatio, SaysNothingOfNothing) {
  EXPECT_EQ(HumanRatio(100, 0), "-");
  EXPECT_EQ(HumanRatio(312, 100), "3.12x");
  EXPECT_EQ(HumanRatio(31200, 100), "312x");
}

}  // namespace
}  // namespace dlv::cli

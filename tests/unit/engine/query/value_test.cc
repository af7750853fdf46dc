#include "engine/query/value.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "engine/query/operators.h"
#include "engine/query/three_valued.h"

namespace dlv::query {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

TEST(Compare, NumbersExactly) {
  EXPECT_EQ(Compare(std::int64_t{1}, 1.0), 0);
  EXPECT_EQ(Compare(std::int64_t{9007199254740993}, 9007199254740992.0), 1);
  EXPECT_EQ(Compare(std::numeric_limits<std::int64_t>::max(), 9223372036854775808.0), -1);
  EXPECT_EQ(Compare(std::numeric_limits<std::int64_t>::min(), -9223372036854775808.0), 0);
  EXPECT_EQ(Compare(std::int64_t{-3}, -2.5), -1);
  EXPECT_EQ(Compare(2.5, std::int64_t{2}), 1);
  EXPECT_EQ(Compare(std::int64_t{0}, std::numeric_limits<double>::infinity()), -1);
}

TEST(Compare, NullNanAndOtherTypesAreUnknown) {
  EXPECT_EQ(Compare(Value(), 1.0), std::nullopt);
  EXPECT_EQ(Compare(kNan, kNan), std::nullopt);
  EXPECT_EQ(Compare("1", std::int64_t{1}), std::nullopt);
  EXPECT_EQ(Compare(true, std::int64_t{1}), std::nullopt);
  EXPECT_EQ(Compare("a", "b"), -1);
}

TEST(OrderBy, NanThenNullComeLastInBothDirections) {
  for (const bool descending : {false, true}) {
    EXPECT_LT(OrderBy(1.0, kNan, descending, false), 0);
    EXPECT_LT(OrderBy(kNan, Value(), descending, false), 0);
    EXPECT_LT(OrderBy(Value(), 1.0, descending, true), 0);
  }
  EXPECT_LT(OrderBy(2.0, 1.0, true, false), 0);
}

TEST(Hash, FitsEquality) {
  EXPECT_EQ(ValueHash()(Value(std::int64_t{3})), ValueHash()(Value(3.0)));
  EXPECT_EQ(ValueHash()(Value(0.0)), ValueHash()(Value(-0.0)));
  EXPECT_TRUE(ValueSame()(Value(kNan), Value(kNan)));
  EXPECT_TRUE(ValueSame()(List{1.0, "a"}, List{std::int64_t{1}, "a"}));
}

TEST(Time, ParsesAndPrints) {
  EXPECT_EQ(ParseTime("1970-01-01")->seconds, 0);
  EXPECT_EQ(ParseTime("2015-11-22")->seconds, 1448150400);
  EXPECT_EQ(ParseTime("2015-11-22T10:30:15Z")->seconds, 1448150400 + 37815);
  EXPECT_EQ(ParseTime("2015-11-22 10:30+02:00")->seconds, 1448150400 + 8 * 3600 + 1800);
  EXPECT_EQ(ParseTime("2016-02-29")->seconds, 1456704000);
  for (const char* wrong : {"", "2015", "2015-13-01", "2015-02-29", "2015-11-22T",
                            "2015-11-22 25:00", "2015-11-22 10:30+2", "2015-11-22x10:30", "Z"}) {
    EXPECT_FALSE(ParseTime(wrong)) << wrong;
  }
  EXPECT_EQ(FormatTime({1448150400}), "2015-11-22T00:00:00Z");
  EXPECT_EQ(FormatTime({-1}), "1969-12-31T23:59:59Z");
}

TEST(Logic, HasThreeValues) {
  constexpr Truth kAll[] = {Truth::kFalse, Truth::kTrue, Truth::kUnknown};
  for (const Truth a : kAll) {
    for (const Truth b : kAll) {
      EXPECT_EQ(And(a, b), And(b, a));
      EXPECT_EQ(Not(And(a, b)), Or(Not(a), Not(b)));
    }
  }
  EXPECT_EQ(And(Truth::kFalse, Truth::kUnknown), Truth::kFalse);
  EXPECT_EQ(Or(Truth::kTrue, Truth::kUnknown), Truth::kTrue);
  EXPECT_EQ(And(Truth::kTrue, Truth::kUnknown), Truth::kUnknown);
}

TEST(Arithmetic, OverflowsAreErrors) {
  constexpr auto kMost = std::numeric_limits<std::int64_t>::max();
  constexpr auto kLeast = std::numeric_limits<std::int64_t>::min();
  EXPECT_FALSE(Calculate(Arithmetic::kAdd, kMost, std::int64_t{1}).ok());
  EXPECT_FALSE(Calculate(Arithmetic::kSubtract, kLeast, std::int64_t{1}).ok());
  EXPECT_FALSE(Calculate(Arithmetic::kMultiply, kMost, std::int64_t{2}).ok());
  EXPECT_FALSE(Negate(kLeast).ok());
  EXPECT_EQ(*Calculate(Arithmetic::kModulo, kLeast, std::int64_t{-1})->As<std::int64_t>(), 0);
  EXPECT_EQ(*Calculate(Arithmetic::kDivide, std::int64_t{1}, std::int64_t{2})->As<double>(), 0.5);
  EXPECT_TRUE(Calculate(Arithmetic::kDivide, 1.0, 0.0)->is_null());
  EXPECT_TRUE(Calculate(Arithmetic::kAdd, Value(), 0.0)->is_null());
}

TEST(Like, MatchesAsSqlDoes) {
  const auto like = [](const char* text, const char* pattern) {
    return Like(text, pattern, 0, false);
  };
  EXPECT_TRUE(like("alexnet-avgv1", "alexnet-avgv1%"));
  EXPECT_TRUE(like("abcabcd", "%abcd"));
  EXPECT_FALSE(like("abcabc", "%abcd"));
  EXPECT_TRUE(like("grün", "gr_n"));
  EXPECT_TRUE(like("", "%"));
  EXPECT_FALSE(like("", "_"));
  EXPECT_FALSE(like("ABC", "abc"));
  EXPECT_TRUE(Like("ABC", "abc", 0, true));
  EXPECT_TRUE(Like("100%", "100\\%", '\\', false));
  EXPECT_FALSE(Like("1000", "100\\%", '\\', false));
  EXPECT_FALSE(like(std::string(5000, 'a').c_str(), (std::string("%a%a%a%a%a%a%b")).c_str()));
}

}  // namespace
}  // namespace dlv::query

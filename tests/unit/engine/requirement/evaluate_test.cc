#include "engine/requirement/evaluate.h"

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <string>

namespace dlv::requirement {
namespace {

class Values final : public ValueLookup {
 public:
  std::map<std::string, Value> values = {{"acc", 0.91},
                                         {"best.acc", 0.92},
                                         {"loss", std::nan("")},
                                         {"big", 1e300},
                                         {"optimizer", std::string("adam")},
                                         {"ema", true}};
  Result<Value> Find(const std::vector<std::string>& name) override {
    std::string whole;
    for (const std::string& part : name) whole += (whole.empty() ? "" : ".") + part;
    const auto found = values.find(whole);
    if (found == values.end()) return Error{ErrorCode::kNotFound, "no " + whole};
    return found->second;
  }
};

Result<RequirementResult> Check(const std::string& text) {
  Values values;
  DLV_ASSIGN(const Expression expression, Parse(text));
  return Evaluate(expression, values);
}

bool Passes(const std::string& text) {
  const auto result = Check(text);
  EXPECT_TRUE(result.ok()) << text << ": " << result.error().message;
  return result.ok() && result->passed;
}

std::string ErrorOf(const std::string& text, ErrorCode code) {
  const auto result = Check(text);
  EXPECT_FALSE(result.ok()) << text;
  if (result.ok()) return {};
  EXPECT_EQ(result.error().code, code) << text;
  return result.error().message;
}

TEST(Evaluate, ComparesAndReckons) {
  EXPECT_TRUE(Passes("acc >= best.acc - 0.02"));
  EXPECT_FALSE(Passes("acc >= best.acc - 0.005"));
  EXPECT_TRUE(Passes("2 + 3 * 4 == 14 and (2 + 3) * 4 == 20"));
  EXPECT_TRUE(Passes("7 / 2 == 3.5 and -2 < -1 and abs(-3) == 3"));
  EXPECT_TRUE(Passes("min(3, 1, 2) == 1 and max(3, 1, 2) == 3"));
  EXPECT_TRUE(Passes("1 != 2 and 1 <= 1 and 2 > 1 and not 1 > 2"));
  EXPECT_TRUE(Passes("big / 0 > big"));
}

TEST(Evaluate, NothingHoldsOfNan) {
  EXPECT_FALSE(Passes("loss < 1"));
  EXPECT_FALSE(Passes("loss >= 1"));
  EXPECT_FALSE(Passes("loss == loss"));
  EXPECT_TRUE(Passes("loss != 1"));
  EXPECT_FALSE(Passes("max(loss, 1) >= 1"));
}

TEST(Evaluate, TextsAndTruthValues) {
  EXPECT_TRUE(Passes("optimizer == 'adam'"));
  EXPECT_TRUE(Passes("optimizer != \"sgd\" and ema"));
  EXPECT_FALSE(Passes("not ema"));
  const std::pair<const char*, const char*> cases[] = {{"optimizer > 1", "a text with a number"},
                                                       {"optimizer == 1", "a text with a number"},
                                                       {"'a' < 'b'", "only numbers"},
                                                       {"optimizer + 1 > 0", "want a number"},
                                                       {"acc and ema", "want a comparison"},
                                                       {"acc - 1", "want a comparison"}};
  for (const auto& [text, want] : cases) {
    EXPECT_NE(ErrorOf(text, ErrorCode::kInvalidArgument).find(want), std::string::npos) << text;
  }
}

TEST(Evaluate, TellsBothSidesAndTheValuesOfNames) {
  const auto result = Check("acc >= best.acc - 0.005 or acc > 0.9");
  ASSERT_TRUE(result.ok());
  EXPECT_TRUE(result->passed);
  ASSERT_EQ(result->comparisons.size(), 2u);
  EXPECT_EQ(result->comparisons[0].left, "0.91");
  EXPECT_EQ(result->comparisons[0].right, "0.915");
  EXPECT_EQ(result->comparisons[0].operation, ">=");
  EXPECT_FALSE(result->comparisons[0].passed);
  EXPECT_TRUE(result->comparisons[1].passed);
  const std::vector<std::pair<std::string, std::string>> want = {{"acc", "0.91"},
                                                                 {"best.acc", "0.92"}};
  EXPECT_EQ(result->values, want) << "each name once";
}

TEST(Evaluate, AMissingNameNeverHidesBehindAnd) {
  ErrorOf("1 > 2 and nothing > 3", ErrorCode::kNotFound);
  ErrorOf("2 > 1 or nothing > 3", ErrorCode::kNotFound);
}

}  // namespace
}  // namespace dlv::requirement

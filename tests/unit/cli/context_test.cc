#include "cli/context.h"

#include <gtest/gtest.h>

#include "cli/exit_status.h"

namespace dlv::cli {
namespace {

TEST(ParseDuration, ReadsUnits) {
  EXPECT_EQ(*ParseDuration("500ms", 1000, "--x"), 500);
  EXPECT_EQ(*ParseDuration("30", 1000, "--x"), 30'000);
  EXPECT_EQ(*ParseDuration("30s", 1, "--x"), 30'000);
  EXPECT_EQ(*ParseDuration("2min", 1, "--x"), 120'000);
  EXPECT_EQ(*ParseDuration("14d", 1, "--x"), 14 * 86'400'000LL);
  EXPECT_EQ(*ParseDuration("0", 86'400'000, "--grace"), 0);
}

TEST(ParseDuration, RefusesTheRest) {
  for (const char* text : {"", "d", "-1d", "1x", "1 d", "99999999999999999999d", "1e3s"}) {
    const Result<std::int64_t> parsed = ParseDuration(text, 1, "--grace");
    ASSERT_FALSE(parsed.ok()) << text;
    EXPECT_EQ(parsed.error().code, ErrorCode::kInvalidArgument);
    EXPECT_NE(parsed.error().message.find("--grace"), std::string::npos);
  }
}

TEST(SplitKeyValue, SplitsAtTheFirstSign) {
  EXPECT_EQ(*SplitKeyValue("a=b=c", "--x"), (std::pair<std::string, std::string>("a", "b=c")));
  EXPECT_EQ(*SplitKeyValue("a=", "--x"), (std::pair<std::string, std::string>("a", "")));
  EXPECT_FALSE(SplitKeyValue("=b", "--x").ok());
  EXPECT_FALSE(SplitKeyValue("ab", "--x").ok());
}

TEST(ExitStatusOf, IsTheDocumentedTable) {
  EXPECT_EQ(ExitStatusOf(ErrorCode::kInvalidArgument), 2);
  EXPECT_EQ(ExitStatusOf(ErrorCode::kSyntax), 2);
  EXPECT_EQ(ExitStatusOf(ErrorCode::kNotFound), 3);
  EXPECT_EQ(ExitStatusOf(ErrorCode::kConflict), 4);
  EXPECT_EQ(ExitStatusOf(ErrorCode::kCorruption), 5);
  EXPECT_EQ(ExitStatusOf(ErrorCode::kIo), 6);
  EXPECT_EQ(ExitStatusOf(ErrorCode::kRemote), 7);
  EXPECT_EQ(ExitStatusOf(ErrorCode::kDenied), 8);
  EXPECT_EQ(ExitStatusOf(ErrorCode::kUnsafe), 9);
  EXPECT_EQ(ExitStatusOf(ErrorCode::kUnsupported), 70);
  EXPECT_EQ(ExitStatusOf(ErrorCode::kInternal), 70);
  EXPECT_EQ(ExitStatusOf(ErrorCode::kCancelled), 130);
}

}  // namespace
}  // namespace dlv::cli

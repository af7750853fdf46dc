#include "cli/arguments.h"

#include <gtest/gtest.h>

namespace dlv::cli {
namespace {

class ArgumentsTest : public ::testing::Test {
 protected:
  ArgumentsTest() {
    arguments_.Operands("FILE", &files_, true);
    arguments_.Values("--hparam", &hparams_, "K=V", "");
    arguments_.Value("-m,--message", &message_, "TEXT", "");
    arguments_.Flag("--force", &force_, "");
    arguments_.Number("--limit", &limit_, "N", "");
  }
  Arguments arguments_;
  std::vector<std::string> files_, hparams_;
  std::optional<std::string> message_;
  std::optional<std::uint64_t> limit_;
  bool force_ = false;
};

TEST_F(ArgumentsTest, RepeatedOptionsTakeOneValueEach) {
  ASSERT_TRUE(
      arguments_.Parse({"--hparam", "a=1", "x.pt", "--hparam", "b=-2", "y.pt", "--force"}).ok());
  EXPECT_EQ(hparams_, (std::vector<std::string>{"a=1", "b=-2"}));
  EXPECT_EQ(files_, (std::vector<std::string>{"x.pt", "y.pt"}));
  EXPECT_TRUE(force_);
}

TEST_F(ArgumentsTest, TakesOperandsThatLookLikeOptionsAfterDashes) {
  ASSERT_TRUE(arguments_.Parse({"--", "-x.pt", "--force"}).ok());
  EXPECT_EQ(files_, (std::vector<std::string>{"-x.pt", "--force"}));
  EXPECT_FALSE(force_);
}

TEST_F(ArgumentsTest, TakesValuesWithSignsAndDashes) {
  ASSERT_TRUE(arguments_.Parse({"--message=-dash", "x"}).ok());
  EXPECT_EQ(message_, "-dash");
}

TEST_F(ArgumentsTest, SuggestsTheOptionThatWasMeant) {
  const Status parsed = arguments_.Parse({"x.pt", "--mesage", "hello"});
  ASSERT_FALSE(parsed.ok());
  EXPECT_EQ(parsed.error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(parsed.error().message, "unknown option --mesage");
  EXPECT_EQ(parsed.error().hint, "did you mean \"--message\"?");
}

TEST_F(ArgumentsTest, RefusesWordsForNumbers) {
  EXPECT_FALSE(arguments_.Parse({"x", "--limit", "ten"}).ok());
  EXPECT_FALSE(arguments_.Parse({"x", "--limit", "-1"}).ok());
  EXPECT_FALSE(arguments_.Parse({"x", "-m"}).ok());
}

TEST_F(ArgumentsTest, SaysWhichOperandIsMissing) {
  ASSERT_TRUE(arguments_.Parse({"--force"}).ok());
  const Status complete = arguments_.CheckRequired();
  ASSERT_FALSE(complete.ok());
  EXPECT_EQ(complete.error().message, "FILE is missing");
}

}  // namespace
}  // namespace dlv::cli

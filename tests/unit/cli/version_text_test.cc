#include "cli/version_text.h"

#include <gtest/gtest.h>

namespace dlv::cli {
namespace {

TEST(VersionText, TheSubjectOfAMessageIsItsFirstParagraph) {
  EXPECT_EQ(SubjectOf(""), "");
  EXPECT_EQ(SubjectOf("one line"), "one line");
  EXPECT_EQ(SubjectOf("one\n"), "one");
  EXPECT_EQ(SubjectOf("two\nlines\n\nand more"), "two lines");
  EXPECT_EQ(SubjectOf("\n\nlate"), "late");
  EXPECT_EQ(SubjectOf("\n"), "");
}

}  // namespace
}  // namespace dlv::cli

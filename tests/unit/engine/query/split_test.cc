#include "engine/query/split.h"

#include <gtest/gtest.h>

namespace dlv::query {
namespace {

/// The statements, each in brackets; unfinished ones with "..." behind.
std::string Cut(std::string_view text) {
  std::string shown;
  for (const auto& statement : SplitStatements(text)) {
    shown += "[" + statement.text + "]" + (statement.complete ? "" : "...");
  }
  return shown;
}

TEST(Split, CutsAtSemicolons) {
  EXPECT_EQ(Cut(""), "");
  EXPECT_EQ(Cut(" ; ;; "), "");
  EXPECT_EQ(Cut("a b; c"), "[a b][c]...");
  EXPECT_EQ(Cut(" a\n b ;\n\n c ; "), "[a\n b][c]");
}

TEST(Split, LeavesTextsAndCommentsAlone) {
  EXPECT_EQ(Cut("a \";\" ';' `;` b; c"), "[a \";\" ';' `;` b][c]...");
  EXPECT_EQ(Cut("a -- ; \n b; /* ; */ c;"), "[a -- ; \n b][c]");
  EXPECT_EQ(Cut("-- only a comment"), "");
  EXPECT_EQ(Cut("a /* open ; "), "[a /* open ; ]...");
}

TEST(Split, EndsABrokenLineAtItsSemicolon) {
  EXPECT_EQ(Cut("a = \"b;\nc;"), "[a = \"b][c]");
  EXPECT_EQ(Cut("a = \"b\nc;"), "[a = \"b\nc]");
}

}  // namespace
}  // namespace dlv::query

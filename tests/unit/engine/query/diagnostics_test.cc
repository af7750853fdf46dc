#include "engine/query/diagnostics.h"

#include <gtest/gtest.h>

namespace dlv::query {
namespace {

Error Problem(std::string message, std::string hint = {}) {
  return Error{ErrorCode::kSyntax, std::move(message), std::move(hint)};
}

TEST(Diagnostics, ShowsLineCaretAndHint) {
  const auto shown = Diagnose("select m\nwhere a == b", Problem("no", "yes"), Place{17, 19});
  EXPECT_EQ(shown.rendered, "line 2, column 9: no\n  where a == b\n          ^~\n  yes");
  EXPECT_EQ(shown.error.message, "line 2, column 9: no");
  EXPECT_EQ(shown.place->line, 2U);
  EXPECT_EQ(shown.place->column, 9U);
  EXPECT_EQ(shown.place->length, 2U);
}

TEST(Diagnostics, CountsCharactersNotBytes) {
  const auto shown = Diagnose("a = \"\xC3\xA4\xC3\xB6\" x", Problem("no"), Place{11, 12});
  EXPECT_EQ(shown.place->column, 10U);
  EXPECT_EQ(shown.rendered, "line 1, column 10: no\n  a = \"\xC3\xA4\xC3\xB6\" x\n           ^");
}

TEST(Diagnostics, CutsLongLinesAndHidesControlCharacters) {
  const std::string text = std::string(500, 'x') + "\x1b[31m" + std::string(500, 'y');
  const auto shown = Diagnose(text, Problem("bad \x1b thing"), Place{500, 501});
  EXPECT_EQ(shown.rendered.find('\x1b'), std::string::npos);
  EXPECT_LT(shown.rendered.size(), 300U);
  EXPECT_NE(shown.rendered.find("xx?[31myy"), std::string::npos);
  EXPECT_EQ(shown.error.message, "line 1, column 501: bad ? thing");
}

TEST(Diagnostics, TakesPlacesBehindTheText) {
  EXPECT_EQ(Diagnose("ab", Problem("no"), Place{2, 2}).rendered,
            "line 1, column 3: no\n  ab\n    ^");
  EXPECT_EQ(Diagnose("ab", Problem("no"), Place{90, 95}).place->column, 3U);
  EXPECT_EQ(Diagnose("", Problem("no"), Place{}).rendered, "line 1, column 1: no\n  \n  ^");
  EXPECT_EQ(Diagnose("ab", Problem("no"), std::nullopt).rendered, "no");
}

TEST(Diagnostics, SuggestsNearNames) {
  const std::vector<std::string> names = {"val_acc", "train_acc", "loss", "val_loss"};
  EXPECT_EQ(DidYouMean("val_ac", names), "did you mean \"val_acc\"?");
  EXPECT_EQ(DidYouMean("VAL_ACC", names), "did you mean \"val_acc\"?");
  EXPECT_EQ(DidYouMean("lsos", names), "did you mean \"loss\"?");
  EXPECT_EQ(DidYouMean("accuracy", names), "");
  EXPECT_EQ(DidYouMean("val", names), "did you mean \"val_acc\" or \"val_loss\"?");
  EXPECT_EQ(DidYouMean("x", {"y", "ab"}), "");
}

}  // namespace
}  // namespace dlv::query

#include "cli/text.h"

#include <gtest/gtest.h>

namespace dlv::cli {
namespace {

TEST(Sanitize, LeavesOrdinaryTextAlone) {
  EXPECT_EQ(Sanitize("layer1.0.conv1.weight"), "layer1.0.conv1.weight");
  EXPECT_EQ(Sanitize("鳥の分類器 🚀 é"), "鳥の分類器 🚀 é");
}

TEST(Sanitize, EscapesWhatSteersATerminal) {
  EXPECT_EQ(Sanitize("\x1b[31mred"), "\\x1b[31mred");
  EXPECT_EQ(Sanitize("a\nb\tc\r\a"), "a\\x0ab\\x09c\\x0d\\x07");
  EXPECT_EQ(Sanitize("\x7f"), "\\x7f");
  EXPECT_EQ(Sanitize("\xc2\x9b"
                     "31m"),
            "\\x9b31m");  // U+009B: the one-byte form of ESC [
  EXPECT_EQ(Sanitize(std::string_view("a\0b", 3)), "a\\x00b");
}

TEST(Sanitize, EscapesWhatMisleadsAReader) {
  EXPECT_EQ(Sanitize("\u202Egnp.exe"), "\\u202egnp.exe");
  EXPECT_EQ(Sanitize("a\u2066b\u2069"), "a\\u2066b\\u2069");
  EXPECT_EQ(Sanitize("a\u200Bb\u2028\uFEFF"), "a\\u200bb\\u2028\\ufeff");
}

TEST(Sanitize, EscapesBytesThatAreNotUtf8) {
  EXPECT_EQ(Sanitize("\xff\xfe"), "\\xff\\xfe");
  EXPECT_EQ(Sanitize("\xc0\xaf"), "\\xc0\\xaf");           // overlong
  EXPECT_EQ(Sanitize("\xed\xa0\x80"), "\\xed\\xa0\\x80");  // surrogate
  EXPECT_EQ(Sanitize("ab\xe2\x82"), "ab\\xe2\\x82");       // cut short
  EXPECT_EQ(Sanitize("\xf4\x90\x80\x80"), "\\xf4\\x90\\x80\\x80");
}

TEST(DisplayWidth, CountsCells) {
  EXPECT_EQ(DisplayWidth(""), 0U);
  EXPECT_EQ(DisplayWidth("abc"), 3U);
  EXPECT_EQ(DisplayWidth("鳥の分類器"), 10U);
  EXPECT_EQ(DisplayWidth("🚀"), 2U);
  EXPECT_EQ(DisplayWidth("e\u0301"), 1U);  // e and a combining accent
  EXPECT_EQ(DisplayWidth("한국"), 4U);
  EXPECT_EQ(DisplayWidth("▁█…"), 3U);
  EXPECT_EQ(DisplayWidth("\x1b[31mred\x1b[0m"), 3U);
}

TEST(Elide, KeepsWhatFits) {
  EXPECT_EQ(Elide("abcdef", 6), "abcdef");
  EXPECT_EQ(Elide("abcdef", 5), "abcd…");
  EXPECT_EQ(Elide("abcdef", 1), "…");
  EXPECT_EQ(Elide("abcdef", 0), "");
  EXPECT_EQ(Elide("abcdefgh", 5, Cut::kMiddle), "ab…gh");
  EXPECT_EQ(Elide("abcdefgh", 6, Cut::kMiddle), "abc…gh");
}

TEST(Elide, NeverCutsACharacterOrExceedsTheWidth) {
  const std::string text = "鳥の分類器🚀name";
  for (std::size_t width = 0; width < 16; ++width) {
    for (const Cut cut : {Cut::kEnd, Cut::kMiddle, Cut::kParts}) {
      const std::string cut_text = Elide(text, width, cut);
      EXPECT_LE(DisplayWidth(cut_text), width);
      EXPECT_EQ(Sanitize(cut_text), cut_text) << "a broken character at width " << width;
    }
  }
}

TEST(Elide, CutsBetweenParts) {
  EXPECT_EQ(Elide("val_acc 0.9  loss 0.1  lr 3", 20, Cut::kParts), "val_acc 0.9");
  EXPECT_EQ(Elide("val_acc 0.9  loss 0.1  lr 3", 23, Cut::kParts), "val_acc 0.9  loss 0.1");
  EXPECT_EQ(Elide("val_acc 0.9  loss 0.1", 6, Cut::kParts), "val_a…");
}

TEST(Wrap, BreaksAtBlanksAndIndents) {
  EXPECT_EQ(Wrap("one two three", 0, 2), "one two three");
  EXPECT_EQ(Wrap("one two three", 13, 2), "one two three");
  EXPECT_EQ(Wrap("one two three", 8, 2), "one two\n  three");
  EXPECT_EQ(Wrap("one two three", 12, 4, 4), "one two\n    three");
  EXPECT_EQ(Wrap("  one two three", 9, 4), "  one two\n    three");
}

TEST(Wrap, KeepsNumbersWithTheirUnits) {
  EXPECT_EQ(Wrap("from 190.3 KiB, all", 15, 0), "from 190.3 KiB,\nall");
  EXPECT_EQ(Wrap("took it 0.1 s", 11, 0), "took it\n0.1 s");
}

TEST(Wrap, LeavesLongWordsWhole) {
  EXPECT_EQ(Wrap("a incomprehensibilities b", 6, 1), "a\n incomprehensibilities\n b");
}

}  // namespace
}  // namespace dlv::cli

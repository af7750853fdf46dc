#include <gtest/gtest.h>

#include <string>

#include "engine/requirement/expression.h"

namespace dlv::requirement {
namespace {

/// The tree in brackets, operators first: "(>= val_acc (- best.val_acc 0.005))".
std::string Tree(const Expression& expression, std::size_t place) {
  const Node& node = expression.nodes[place];
  if (node.operands.empty()) return std::string(expression.TextOf(node));
  std::string text = "(" + std::string(SymbolOf(node.operation));
  for (const std::uint32_t operand : node.operands) text += " " + Tree(expression, operand);
  return text + ")";
}

std::string TreeOf(const std::string& text) {
  const auto expression = Parse(text);
  if (!expression.ok()) return expression.error().message;
  return Tree(*expression, expression->nodes.size() - 1);
}

std::string ErrorOf(const std::string& text) {
  const auto expression = Parse(text);
  if (expression.ok()) return "parsed";
  EXPECT_EQ(expression.error().code, ErrorCode::kSyntax);
  return expression.error().message;
}

TEST(Parse, BindsAsPeopleExpect) {
  EXPECT_EQ(TreeOf("val_acc >= best.val_acc - 0.005"), "(>= val_acc (- best.val_acc 0.005))");
  EXPECT_EQ(TreeOf("a < b or c > d and not e == f"), "(or (< a b) (and (> c d) (not (== e f))))");
  EXPECT_EQ(TreeOf("a - b - c * -d / 2 < 1"), "(< (- (- a b) (/ (* c (- d)) 2)) 1)");
  EXPECT_EQ(TreeOf("abs(a - b) <= max(0.1, c, d)"), "(<= (abs (- a b)) (max 0.1 c d))");
  EXPECT_EQ(TreeOf("+a < .5e1"), "(< a .5e1)");
  EXPECT_EQ(TreeOf("optimizer == \"adam\" and `eval/acc`.`x y` > 0"),
            "(and (== optimizer \"adam\") (> `eval/acc`.`x y` 0))");
}

TEST(Parse, ParenthesesAreShownWithWhatTheyHold) {
  const auto expression = Parse("not (a > 1)");
  ASSERT_TRUE(expression.ok());
  EXPECT_EQ(expression->TextOf(expression->root()), "not (a > 1)");
}

TEST(Parse, NamesHaveParts) {
  const auto expression = Parse("`resnet:v3`.train.loss < 1");
  ASSERT_TRUE(expression.ok());
  EXPECT_EQ(expression->nodes[0].name, (std::vector<std::string>{"resnet:v3", "train", "loss"}));
}

TEST(Parse, SaysWhereAndWhatIsWanted) {
  EXPECT_EQ(ErrorOf("acc > "),
            "requirement \"acc > \", column 7: it ends, want a value, a name or \"(\"");
  EXPECT_EQ(ErrorOf("acc = 1"), "requirement \"acc = 1\", column 5: compare with \"==\"");
  EXPECT_EQ(ErrorOf("a && b"), "requirement \"a && b\", column 3: write \"and\"");
  EXPECT_EQ(ErrorOf("1 < a < 2"),
            "requirement \"1 < a < 2\", column 7: comparisons do not chain; join two with \"and\"");
  const std::pair<const char*, const char*> cases[] = {
      {"(a > 1", "want \")\""},
      {"a > 1)", "want an operator or the end"},
      {"sqrt(a) > 1", "abs, min and max"},
      {"abs(a, b) > 1", "one value"},
      {"'open", "not closed"},
      {"a. > 1", "after the dot"},
      {"1e999 > a", "out of range"},
      {"2nd > a", "backquotes"},
      {"a > ;", "means nothing"},
      {"", "it ends"},
      {"and > 1", "want a value"},
      {"a > ``", "empty name"},
      {"!a", "write \"not\""},
  };
  for (const auto& [text, want] : cases) {
    EXPECT_NE(ErrorOf(text).find(want), std::string::npos) << text << ": " << ErrorOf(text);
  }
}

TEST(Parse, DepthAndSizeAreBounded) {
  const auto nested = [](std::size_t depth) {
    return std::string(depth, '(') + "a > 1" + std::string(depth, ')');
  };
  EXPECT_TRUE(Parse(nested(kMaxDepth - 1)).ok());
  EXPECT_NE(ErrorOf(nested(6000)).find("nested too deeply"), std::string::npos);
  EXPECT_NE(ErrorOf(std::string(10000, '-') + "a > 1").find("nested too deeply"),
            std::string::npos);
  std::string nots, sum = "a > 1";
  for (int i = 0; i < 3000; ++i) nots += "not ";
  for (int i = 0; i < 2000; ++i) sum += "+1";
  EXPECT_NE(ErrorOf(nots + "a > 1").find("nested too deeply"), std::string::npos);
  EXPECT_NE(ErrorOf(sum).find("too many parts"), std::string::npos);
  EXPECT_NE(ErrorOf(std::string(kMaxLength + 1, ' ')).find("bytes"), std::string::npos);
}

TEST(Parse, AnyPrefixIsAnErrorOrAnExpression) {
  const std::string text = "not (abs(`a/b`.c - 'x') <= 1.5e-3) or max(1, -2) != \"t\"";
  for (std::size_t size = 0; size <= text.size(); ++size) {
    const auto expression = Parse(text.substr(0, size));
    EXPECT_TRUE(expression.ok() || expression.error().code == ErrorCode::kSyntax) << size;
  }
}

}  // namespace
}  // namespace dlv::requirement

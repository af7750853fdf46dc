#pragma once
/// \file
/// The syntax of requirements: `val_acc >= best.val_acc - 0.005 and not (loss > 2 * parent.loss)`.
///
///     requirement = and { "or" and }
///     and         = not { "and" not }
///     not         = { "not" } comparison
///     comparison  = sum [ ( "<" | "<=" | ">" | ">=" | "==" | "!=" ) sum ]
///     sum         = product { ( "+" | "-" ) product }
///     product     = sign { ( "*" | "/" ) sign }
///     sign        = { "-" | "+" } primary
///     primary     = number | text | name | function "(" requirement { "," requirement } ")"
///                 | "(" requirement ")"
///     function    = "abs" (of one) | "min" | "max" (of one or more)
///     name        = part { "." part };  part = letters, digits, "_" beginning with no digit,
///                   or anything between backquotes: `eval/acc`, `resnet:v3`.val_acc
///     text        = "..." or '...', without escapes
///
/// A requirement is a truth value; numbers and texts meet in comparisons. Whether it is one, and
/// what names mean, is seen when it is evaluated (evaluate.h).

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "dlv/result.h"

namespace dlv::requirement {

inline constexpr std::size_t kMaxLength = 16 * 1024;  ///< bytes of a requirement
inline constexpr unsigned kMaxDepth = 64;             ///< of parentheses, `not` and signs
inline constexpr std::size_t kMaxNodes = 1000;

enum class Operation : std::uint8_t {
  kNumber,
  kText,
  kName,
  kNegate,
  kNot,
  kAnd,
  kOr,
  kLess,
  kLessOrEqual,
  kGreater,
  kGreaterOrEqual,
  kEqual,
  kNotEqual,
  kAdd,
  kSubtract,
  kMultiply,
  kDivide,
  kAbsolute,
  kMinimum,
  kMaximum,
};

/// Returns "<", "and", ...
std::string_view SymbolOf(Operation operation);
constexpr bool IsComparison(Operation operation) {
  return operation >= Operation::kLess && operation <= Operation::kNotEqual;
}

struct Node {
  Operation operation = Operation::kNumber;
  std::size_t begin = 0, end = 0;       ///< in the text
  double number = 0;                    ///< kNumber
  std::string text;                     ///< kText
  std::vector<std::string> name;        ///< kName: its parts
  std::vector<std::uint32_t> operands;  ///< places of other nodes, all before this one
};

struct Expression {
  std::string text;
  std::vector<Node> nodes;  ///< the last is the whole
  const Node& root() const { return nodes.back(); }
  std::string_view TextOf(const Node& node) const {
    return std::string_view(text).substr(node.begin, node.end - node.begin);
  }
};

/// Errors: kSyntax with the text, a caret under the place (in the hint) and what is wanted there.
Result<Expression> Parse(std::string_view text);

}  // namespace dlv::requirement

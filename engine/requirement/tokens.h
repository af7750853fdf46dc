#pragma once
/// \file
/// Words of a requirement.

#include <string>
#include <string_view>
#include <vector>

#include "dlv/result.h"

namespace dlv::requirement {

struct Token {
  enum class Kind { kEnd, kNumber, kText, kWord, kQuotedWord, kSymbol } kind = Kind::kEnd;
  std::size_t begin = 0, end = 0;  ///< in the text
  std::string text;                ///< without quotes
  double number = 0;
};

/// Returns the tokens, with one of kind kEnd behind them.  Errors: kSyntax, as Parse.
Result<std::vector<Token>> Tokenize(std::string_view text);

/// Returns the error for a place in a requirement: message on one line, and below it, as hint, the
/// text with a caret.
Error SyntaxError(std::string_view text, std::size_t at, const std::string& why);

}  // namespace dlv::requirement

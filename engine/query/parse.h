#pragma once
/// \file
/// From text to a syntax tree. The only code that knows ANTLR is behind this header.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "dlv/result.h"
#include "engine/query/syntax_tree.h"

namespace dlv::query {

/// What is refused before a parser sees it.
struct ParseLimits {
  std::size_t max_depth = 500;  ///< of brackets, nested queries and prefix operators
  std::size_t max_statement_bytes = std::size_t{1} << 20;
  /// Words and signs, lists of literals not counted; each takes a kilobyte while parsing.
  std::size_t max_words = 200'000;
};

/// Parses one statement; a `;` at its end may be there.
/// Errors: kSyntax. `error_place` (not null) then says where in `text`; diagnostics.h shows it.
Result<SyntaxStatement> Parse(std::string_view text, const ParseLimits& limits, Place* error_place);

}  // namespace dlv::query

#pragma once
/// \file
/// From a syntax tree back to text.

#include <string>
#include <string_view>

#include "engine/query/syntax_tree.h"

namespace dlv::query {

/// Returns the statement on one line, without `;`. Parsing it gives an equal tree.
std::string Print(const SyntaxStatement& statement);
std::string Print(const SyntaxQuery& query);
std::string Print(const SyntaxExpression& expression);

/// Returns `"text"` with quotes inside doubled, as DQL writes texts. A text with a line break
/// cannot be written in DQL; it gets a space there.
std::string Quoted(std::string_view text);

/// Returns the name as it must stand in a statement: in backticks where it is a reserved word or
/// no identifier.
std::string WrittenName(std::string_view name);

}  // namespace dlv::query

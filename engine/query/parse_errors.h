#pragma once
/// \file
/// What is wrong with a statement that does not parse, in words. Knows tokens, not the parser: the
/// parser is asked by changing a token and looking how far it gets then.

#include <cstddef>
#include <functional>
#include <span>
#include <string_view>

#include "engine/query/tokens.h"

namespace dlv::query {

/// Parses tokens of these kinds (kEnd last) and returns the index of the token where it failed;
/// the number of tokens where it did not.
using Probe = std::function<std::size_t(std::span<const TokenKind> kinds)>;

/// Returns the error for a statement that fails at token `failed`, and where it is.
Error ExplainSyntaxError(std::string_view text, std::span<const Token> tokens, std::size_t failed,
                         const Probe& probe, Place* error_place);

}  // namespace dlv::query

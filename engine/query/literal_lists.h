#pragma once
/// \file
/// Long lists of literals pass the parser as their first element: a list of 500,000 numbers would
/// take a kilobyte of parse tree for each.

#include <cstddef>
#include <map>
#include <span>
#include <vector>

#include "engine/query/tokens.h"

namespace dlv::query {

struct ShortenedTokens {
  std::vector<Token> tokens;
  /// By the index of a list's first literal in `tokens`: the literals that follow it.
  std::map<std::size_t, std::vector<Token>> more;
};

/// Leaves out all but the first literal of lists in brackets, or in parentheses behind `in`, that
/// hold nothing but literals.
ShortenedTokens ShortenLists(std::vector<Token> tokens);

}  // namespace dlv::query

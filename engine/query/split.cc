#include "engine/query/split.h"

#include "engine/query/tokens.h"

namespace dlv::query {
namespace {

constexpr std::string_view kBlanks = " \t\r\n\f";

/// The last character of a piece that is no blank; npos where there is none.
std::size_t LastVisible(std::string_view text, std::size_t begin, std::size_t end) {
  const std::size_t at = text.substr(0, end).find_last_not_of(kBlanks);
  return at == text.npos || at < begin ? text.npos : at;
}

}  // namespace

std::vector<QuerySession::Statement> SplitStatements(std::string_view text) {
  using Kind = LooseToken::Kind;
  std::vector<QuerySession::Statement> statements;
  std::size_t first = text.npos, end = 0;  // of what is visible in the current statement
  const auto finish = [&](bool complete) {
    if (first != text.npos) {
      statements.push_back({std::string(text.substr(first, end - first)), complete});
    }
    first = text.npos;
  };
  for (std::size_t at = 0; at < text.size();) {
    const LooseToken token = ReadLoosely(text, at);
    if (token.kind == Kind::kSemicolon) {
      finish(true);
    } else if (token.kind != Kind::kSpace) {
      if (first == text.npos) first = at;
      end = token.end;
    }
    if (token.kind == Kind::kOpenText) {
      const std::size_t last = LastVisible(text, at + 1, token.end);
      if (last != text.npos && text[last] == ';') {
        end = last;
        finish(true);
      }
    }
    at = token.end;
  }
  finish(false);
  return statements;
}

}  // namespace dlv::query

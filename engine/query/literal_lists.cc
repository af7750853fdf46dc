#include "engine/query/literal_lists.h"

namespace dlv::query {
namespace {

constexpr std::size_t kShortest = 16;  // literals of a list that is worth it

bool IsLiteral(TokenKind kind) {
  return kind == TokenKind::kText || kind == TokenKind::kInteger || kind == TokenKind::kReal;
}

/// Whether a bracket behind this token opens a list, and no selector or place in a list.
bool OpensList(TokenKind bracket, TokenKind before) {
  if (bracket == TokenKind::kLeftParenthesis) return before == TokenKind::kIn;
  if (bracket != TokenKind::kLeftBracket) return false;
  const bool word = before >= TokenKind::kAnalyze && before <= TokenKind::kParameter;
  return !word && before != TokenKind::kRightBracket && before != TokenKind::kRightParenthesis;
}

/// The index behind the last literal of `literal , literal ...` from `at` on, where a closing
/// bracket follows; else `at`.
std::size_t EndOfLiterals(std::span<const Token> tokens, std::size_t at) {
  std::size_t end = at;
  while (end + 1 < tokens.size() && IsLiteral(tokens[end].kind) &&
         tokens[end + 1].kind == TokenKind::kComma) {
    end += 2;
  }
  if (end >= tokens.size() || !IsLiteral(tokens[end].kind)) return at;
  const bool closed =
      end + 1 < tokens.size() && (tokens[end + 1].kind == TokenKind::kRightParenthesis ||
                                  tokens[end + 1].kind == TokenKind::kRightBracket);
  return closed ? end + 1 : at;
}

}  // namespace

ShortenedTokens ShortenLists(std::vector<Token> tokens) {
  ShortenedTokens shortened;
  std::size_t kept = 0;  // in place: what is kept moves forward
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const TokenKind before = kept > 0 ? tokens[kept - 1].kind : TokenKind::kNone;
    tokens[kept++] = tokens[i];
    if (!OpensList(tokens[i].kind, before)) continue;
    const std::size_t first = i + 1, end = EndOfLiterals(tokens, first);
    if (end - first < 2 * kShortest) continue;
    std::vector<Token>& more = shortened.more[kept];
    for (std::size_t literal = first + 2; literal < end; literal += 2) {
      more.push_back(tokens[literal]);
    }
    tokens[kept++] = tokens[first];
    i = end - 1;
  }
  tokens.resize(kept);
  shortened.tokens = std::move(tokens);
  return shortened;
}

}  // namespace dlv::query

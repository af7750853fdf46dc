#pragma once
/// \file
/// Words of a statement. Counts length and depth, so that what the parser sees is bounded.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "dlv/result.h"
#include "engine/query/parse.h"

namespace dlv::query {

/// In the order of `tokens` in grammar/DQL.g4, whose numbers these are; a test compares them.
enum class TokenKind : std::uint8_t {
  kNone,
  // Reserved words
  kAll,
  kAnd,
  kAs,
  kBetween,
  kBy,
  kConstruct,
  kCreate,
  kDistinct,
  kDrop,
  kEvaluate,
  kExists,
  kExplain,
  kFalse,
  kFrom,
  kGroup,
  kHas,
  kHaving,
  kIlike,
  kIn,
  kInner,
  kIs,
  kJoin,
  kKeep,
  kLeft,
  kLike,
  kLimit,
  kMutate,
  kNot,
  kNull,
  kOn,
  kOr,
  kOrder,
  kPredict,
  kSave,
  kSelect,
  kSlice,
  kTrue,
  kVary,
  kWhere,
  kWith,
  // Words that are names wherever they have no meaning
  kAnalyze,
  kAsc,
  kAuto,
  kClosure,
  kConfig,
  kDesc,
  kEscape,
  kExact,
  kFirst,
  kHeuristic,
  kIf,
  kLast,
  kNan,
  kNext,
  kNulls,
  kOffset,
  kPlanes,
  kPrev,
  kQuery,
  kReplace,
  kTop,
  kWithin,
  // Words and values
  kIdentifier,
  kQuoted,
  kText,
  kInteger,
  kReal,
  kParameter,
  // Signs
  kSemicolon,
  kComma,
  kDot,
  kLeftParenthesis,
  kRightParenthesis,
  kLeftBracket,
  kRightBracket,
  kStar,
  kSlash,
  kPercent,
  kPlus,
  kMinus,
  kConcat,
  kEqual,
  kNotEqual,
  kLess,
  kLessEqual,
  kGreater,
  kGreaterEqual,
  kTilde,
  kAt,
  kEnd,  ///< behind the last token; not a number of the grammar
};

constexpr bool IsReserved(TokenKind kind) {
  return kind >= TokenKind::kAll && kind <= TokenKind::kWith;
}
constexpr bool IsKeyword(TokenKind kind) {
  return kind >= TokenKind::kAll && kind <= TokenKind::kWithin;
}

struct Token {
  TokenKind kind = TokenKind::kEnd;
  Place place;
};

/// Returns the tokens of `text`, with one of kind kEnd behind them.
/// Errors: kSyntax; `error_place` (not null) says where.
Result<std::vector<Token>> Tokenize(std::string_view text, const ParseLimits& limits,
                                    Place* error_place);

/// Returns the characters of a token in `text`.
std::string_view TextOf(std::string_view text, const Token& token);

/// Returns what a token means: text without quotes, doubled quotes made single, parameters without
/// colon; others as they stand.
std::string ValueOf(std::string_view text, const Token& token);

/// Returns how a kind is written: "select", "<=", or for values "a text in quotes", "a number".
std::string_view NameOf(TokenKind kind);

/// Returns the kind of a keyword (case-insensitive), or kIdentifier.
TokenKind KeywordOf(std::string_view word);

/// The keywords, in order of TokenKind from kAll on.
std::span<const std::string_view> Keywords();

/// One token without any demand on it, for cutting a text into statements.
struct LooseToken {
  enum class Kind : std::uint8_t { kOther, kSemicolon, kSpace, kOpenText, kOpenComment } kind;
  std::size_t end = 0;  ///< behind it
};

/// Returns the token (or run of blanks, or comment) that begins at `begin`, which is before the
/// end of `text`. kOpenText: a quote without partner, to the end of its line; kOpenComment: one
/// that is not closed.
LooseToken ReadLoosely(std::string_view text, std::size_t begin);

}  // namespace dlv::query

#include "engine/query/tokens.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "engine/query/text_case.h"

namespace dlv::query {
namespace {

// In order of TokenKind, from kAll on.
constexpr std::array<std::string_view, 62> kKeywords = {
    "all",     "and",       "as",     "between", "by",     "construct", "create", "distinct",
    "drop",    "evaluate",  "exists", "explain", "false",  "from",      "group",  "has",
    "having",  "ilike",     "in",     "inner",   "is",     "join",      "keep",   "left",
    "like",    "limit",     "mutate", "not",     "null",   "on",        "or",     "order",
    "predict", "save",      "select", "slice",   "true",   "vary",      "where",  "with",
    "analyze", "asc",       "auto",   "closure", "config", "desc",      "escape", "exact",
    "first",   "heuristic", "if",     "last",    "nan",    "next",      "nulls",  "offset",
    "planes",  "prev",      "query",  "replace", "top",    "within"};

// From kIdentifier on.
constexpr std::array<std::string_view, 28> kOthers = {"a name",
                                                      "a name in backticks",
                                                      "a text in quotes",
                                                      "a whole number",
                                                      "a number",
                                                      "a parameter",
                                                      ";",
                                                      ",",
                                                      ".",
                                                      "(",
                                                      ")",
                                                      "[",
                                                      "]",
                                                      "*",
                                                      "/",
                                                      "%",
                                                      "+",
                                                      "-",
                                                      "||",
                                                      "=",
                                                      "!=",
                                                      "<",
                                                      "<=",
                                                      ">",
                                                      ">=",
                                                      "~",
                                                      "@",
                                                      "the end"};

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool IsWordPart(char c) { return IsLetter(c) || IsDigit(c); }
bool IsBlank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f'; }

struct SignToken {
  std::string_view text;
  TokenKind kind;
};
// The longer ones first.
constexpr SignToken kSigns[] = {
    {"!=", TokenKind::kNotEqual},
    {"<>", TokenKind::kNotEqual},
    {"<=", TokenKind::kLessEqual},
    {">=", TokenKind::kGreaterEqual},
    {"||", TokenKind::kConcat},
    {";", TokenKind::kSemicolon},
    {",", TokenKind::kComma},
    {".", TokenKind::kDot},
    {"(", TokenKind::kLeftParenthesis},
    {")", TokenKind::kRightParenthesis},
    {"[", TokenKind::kLeftBracket},
    {"]", TokenKind::kRightBracket},
    {"*", TokenKind::kStar},
    {"/", TokenKind::kSlash},
    {"%", TokenKind::kPercent},
    {"+", TokenKind::kPlus},
    {"-", TokenKind::kMinus},
    {"=", TokenKind::kEqual},
    {"<", TokenKind::kLess},
    {">", TokenKind::kGreater},
    {"~", TokenKind::kTilde},
    {"@", TokenKind::kAt},
};

struct ForeignSign {
  std::string_view text;
  const char* message;
  const char* hint;
};
// Signs of other languages; also in front of kSigns.
constexpr ForeignSign kSlips[] = {
    {"==", "there is no \"==\"", "values are compared with \"=\""},
    {"=>", "there is no \"=>\"", "write \">=\""},
    {"=<", "there is no \"=<\"", "write \"<=\""},
    {"=~", "there is no \"=~\"", "a regular expression is searched for with \"~\""},
    {"!~", "there is no \"!~\"", "write \"not ~\""},
    {"&&", "there is no \"&&\"", "write \"and\""},
    {"&", "there is no \"&\"", "write \"and\""},
    {"|", "there is no \"|\"", "write \"or\"; texts are joined with \"||\""},
    {"!", "there is no \"!\"", "write \"not\""},
    {"#", "there is no \"#\"", "a comment begins with \"--\""},
    {"//", "there is no \"//\"", "a comment begins with \"--\""},
    {"\\", "a \"\\\" outside of a text", ""},
    {"{", "a \"{\" outside of a text", "lists stand in \"[\" and \"]\""},
    {"}", "a \"}\" outside of a text", "lists stand in \"[\" and \"]\""},
    {"?", "there is no \"?\"", "a bind parameter has a name: \":limit\""},
    {"$", "there is no \"$\" outside of a text", "captures stand in selectors and in templates"},
    {"\xE2\x80\x9C", "a typographic quote", "texts stand in \" or '"},
    {"\xE2\x80\x9D", "a typographic quote", "texts stand in \" or '"},
    {"\xE2\x80\x9E", "a typographic quote", "texts stand in \" or '"},
    {"\xE2\x80\x98", "a typographic quote", "texts stand in \" or '"},
    {"\xE2\x80\x99", "a typographic quote", "texts stand in \" or '"},
    {"\xE2\x80\x93", "a dash that is no minus sign", "write \"-\""},
    {"\xE2\x88\x92", "a dash that is no minus sign", "write \"-\""},
    {"\xC2\xA0", "a no-break space", "replace it by a space"},
    {"\xE2\x89\xA0", "there is no \"\xE2\x89\xA0\"", "write \"!=\""},
    {"\xE2\x89\xA4", "there is no \"\xE2\x89\xA4\"", "write \"<=\""},
    {"\xE2\x89\xA5", "there is no \"\xE2\x89\xA5\"", "write \">=\""},
};

std::size_t EndOfBlanks(std::string_view text, std::size_t at) {
  while (at < text.size() && IsBlank(text[at])) ++at;
  return at;
}

std::size_t EndOfWord(std::string_view text, std::size_t at) {
  while (at < text.size() && IsWordPart(text[at])) ++at;
  return at;
}

std::size_t EndOfDigits(std::string_view text, std::size_t at) {
  while (at < text.size() && IsDigit(text[at])) ++at;
  return at;
}

/// The end of a comment that begins at `at`; `at` where there is none; npos where it is not closed.
std::size_t EndOfComment(std::string_view text, std::size_t at) {
  if (text.substr(at, 2) == "--") return std::min(text.find('\n', at), text.size());
  if (text.substr(at, 2) != "/*") return at;
  const std::size_t close = text.find("*/", at + 2);
  return close == text.npos ? close : close + 2;
}

/// Behind the quote that closes the one at `at`; npos: there is none in this line.
std::size_t EndOfText(std::string_view text, std::size_t at) {
  const char quote = text[at];
  for (std::size_t i = at + 1; i < text.size() && text[i] != '\n'; ++i) {
    if (text[i] != quote) continue;
    if (i + 1 == text.size() || text[i + 1] != quote) return i + 1;
    ++i;
  }
  return text.npos;
}

bool IsQuote(char c) { return c == '"' || c == '\'' || c == '`'; }

class Tokenizer {
 public:
  Tokenizer(std::string_view text, const ParseLimits& limits) : text_(text), limits_(limits) {}

  Result<std::vector<Token>> Run() {
    while (true) {
      DLV_TRY(SkipBlanks());
      if (at_ == text_.size()) break;
      DLV_TRY(ReadToken());
      DLV_TRY(CountDepth());
    }
    Add(TokenKind::kEnd, text_.size());
    return std::move(tokens_);
  }

  Place error_place() const { return error_place_; }

 private:
  Error Fail(std::size_t begin, std::size_t end, std::string message, std::string hint = {}) {
    error_place_ = {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)};
    return Error{ErrorCode::kSyntax, std::move(message), std::move(hint)};
  }

  void Add(TokenKind kind, std::size_t end) {
    tokens_.push_back({kind, {static_cast<std::uint32_t>(at_), static_cast<std::uint32_t>(end)}});
    at_ = end;
  }

  Status SkipBlanks() {
    while (at_ < text_.size()) {
      const std::size_t blanks = EndOfBlanks(text_, at_);
      if (blanks == text_.size()) {
        at_ = blanks;
        break;
      }
      const std::size_t end = EndOfComment(text_, blanks);
      if (end == text_.npos) {
        return Fail(blanks, blanks + 2, "a comment that is not closed", "it ends with \"*/\"");
      }
      if (end == at_) break;
      at_ = end;
    }
    return Ok();
  }

  Status ReadToken() {
    const char c = text_[at_];
    if (IsQuote(c)) return ReadText();
    if (IsDigit(c) || (c == '.' && BeginsFraction())) return ReadNumber();
    if (IsLetter(c)) {
      const std::size_t end = EndOfWord(text_, at_);
      Add(KeywordOf(text_.substr(at_, end - at_)), end);
      return Ok();
    }
    if (c == ':') return ReadParameter();
    return ReadSign();
  }

  /// A point before a digit is a number's unless it follows a value.
  bool BeginsFraction() const {
    if (at_ + 1 >= text_.size() || !IsDigit(text_[at_ + 1])) return false;
    if (tokens_.empty()) return true;
    const TokenKind before = tokens_.back().kind;
    return !(before >= TokenKind::kIdentifier && before <= TokenKind::kParameter) &&
           before != TokenKind::kRightParenthesis && before != TokenKind::kRightBracket;
  }

  Status ReadText() {
    const std::size_t end = EndOfText(text_, at_);
    const std::string quote(1, text_[at_]);
    if (end == text_.npos) {
      const std::size_t line = std::min(text_.find('\n', at_), text_.size());
      return Fail(at_, line, "a " + quote + " without a partner in its line",
                  "a quote inside of a text is doubled: " + quote + quote);
    }
    if (quote != "`") {
      Add(TokenKind::kText, end);
    } else if (end == at_ + 2) {
      return Fail(at_, end, "a name in backticks is empty");
    } else {
      Add(TokenKind::kQuoted, end);
    }
    return Ok();
  }

  Status ReadNumber() {
    std::size_t end = EndOfDigits(text_, at_);
    TokenKind kind = TokenKind::kInteger;
    if (end + 1 < text_.size() && text_[end] == '.' && IsDigit(text_[end + 1])) {
      end = EndOfDigits(text_, end + 1);
      kind = TokenKind::kReal;
    }
    if (end < text_.size() && (text_[end] == 'e' || text_[end] == 'E')) {
      std::size_t digits = end + 1;
      if (digits < text_.size() && (text_[digits] == '-' || text_[digits] == '+')) ++digits;
      if (EndOfDigits(text_, digits) > digits) {
        end = EndOfDigits(text_, digits);
        kind = TokenKind::kReal;
      }
    }
    const std::size_t word = EndOfWord(text_, end);
    if (word != end) {
      return Fail(
          at_, word,
          "a number that runs into letters: \"" + std::string(text_.substr(at_, word - at_)) + "\"",
          "a name that begins with a digit stands in backticks");
    }
    DLV_TRY(CheckRange(kind, end));
    Add(kind, end);
    return Ok();
  }

  Status CheckRange(TokenKind kind, std::size_t end) {
    const char* const first = text_.data() + at_;
    const char* const last = text_.data() + end;
    std::int64_t integer = 0;
    double real = 0;
    const std::errc result = kind == TokenKind::kInteger ? std::from_chars(first, last, integer).ec
                                                         : std::from_chars(first, last, real).ec;
    if (result == std::errc()) return Ok();
    return Fail(at_, end,
                kind == TokenKind::kInteger ? "a whole number beyond 64 bits"
                                            : "a number beyond the range of reals");
  }

  Status ReadParameter() {
    const std::size_t end = EndOfWord(text_, at_ + 1);
    if (end == at_ + 1 || IsDigit(text_[at_ + 1])) {
      return Fail(at_, at_ + 1, "a \":\" without a name", "a bind parameter is written \":limit\"");
    }
    Add(TokenKind::kParameter, end);
    return Ok();
  }

  Status ReadSign() {
    const std::string_view rest = text_.substr(at_);
    for (const ForeignSign& slip : kSlips) {
      if (rest.starts_with(slip.text) && !(slip.text == "!" && rest.starts_with("!=")) &&
          !(slip.text == "|" && rest.starts_with("||"))) {
        return Fail(at_, at_ + slip.text.size(), slip.message, slip.hint);
      }
    }
    for (const SignToken& sign : kSigns) {
      if (!rest.starts_with(sign.text)) continue;
      Add(sign.kind, at_ + sign.text.size());
      return Ok();
    }
    std::size_t end = at_ + 1;
    while (end < text_.size() && (text_[end] & 0xC0) == 0x80) ++end;
    return Fail(at_, end, "a character that has no meaning here",
                "names with other characters than letters, digits and \"_\" stand in backticks");
  }

  /// Brackets and prefix operators are what the parser goes down for.
  Status CountDepth() {
    const TokenKind kind = tokens_.back().kind;
    switch (kind) {
      case TokenKind::kNot:
      case TokenKind::kMinus:
      case TokenKind::kPlus:
        ++run_;
        ++depth_;
        break;
      case TokenKind::kLeftParenthesis:
      case TokenKind::kLeftBracket:
        runs_.push_back(run_);
        run_ = 0;
        ++depth_;
        break;
      case TokenKind::kRightParenthesis:
      case TokenKind::kRightBracket:
        depth_ -= run_;
        run_ = 0;
        if (runs_.empty()) break;
        --depth_;
        run_ = runs_.back();
        runs_.pop_back();
        break;
      default:
        depth_ -= run_;
        run_ = 0;
    }
    if (depth_ <= limits_.max_depth) return Ok();
    return Fail(tokens_.back().place.begin, tokens_.back().place.end,
                "nested deeper than " + std::to_string(limits_.max_depth) + " levels");
  }

  std::string_view text_;
  const ParseLimits& limits_;
  std::vector<Token> tokens_;
  std::size_t at_ = 0;
  std::size_t depth_ = 0, run_ = 0;
  std::vector<std::size_t> runs_;  ///< prefix operators before each open bracket
  Place error_place_;
};

}  // namespace

Result<std::vector<Token>> Tokenize(std::string_view text, const ParseLimits& limits,
                                    Place* error_place) {
  if (text.size() > limits.max_statement_bytes) {
    *error_place = {};
    return Error{ErrorCode::kSyntax, "the statement has " + std::to_string(text.size()) +
                                         " bytes, at most " +
                                         std::to_string(limits.max_statement_bytes) + " are taken"};
  }
  Tokenizer tokenizer(text, limits);
  auto tokens = tokenizer.Run();
  *error_place = tokenizer.error_place();
  return tokens;
}

std::string_view TextOf(std::string_view text, const Token& token) {
  return text.substr(token.place.begin, token.place.end - token.place.begin);
}

std::string ValueOf(std::string_view text, const Token& token) {
  const std::string_view written = TextOf(text, token);
  if (token.kind == TokenKind::kParameter) return std::string(written.substr(1));
  if (token.kind != TokenKind::kText && token.kind != TokenKind::kQuoted) {
    return std::string(written);
  }
  std::string value;
  for (std::size_t i = 1; i + 1 < written.size(); ++i) {
    value.push_back(written[i]);
    if (written[i] == written[0]) ++i;
  }
  return value;
}

std::string_view NameOf(TokenKind kind) {
  if (kind == TokenKind::kNone) return "nothing";
  const auto at = static_cast<std::size_t>(kind) - 1;
  return at < kKeywords.size() ? kKeywords[at] : kOthers[at - kKeywords.size()];
}

TokenKind KeywordOf(std::string_view word) {
  if (word.size() < 2 || word.size() > 9) return TokenKind::kIdentifier;
  for (std::size_t i = 0; i < kKeywords.size(); ++i) {
    if (EqualFolded(kKeywords[i], word)) return static_cast<TokenKind>(i + 1);
  }
  return TokenKind::kIdentifier;
}

std::span<const std::string_view> Keywords() { return kKeywords; }

LooseToken ReadLoosely(std::string_view text, std::size_t begin) {
  using Kind = LooseToken::Kind;
  const char c = text[begin];
  if (c == ';') return {Kind::kSemicolon, begin + 1};
  if (IsBlank(c)) return {Kind::kSpace, EndOfBlanks(text, begin)};
  if (const std::size_t end = EndOfComment(text, begin); end != begin) {
    if (end == text.npos) return {Kind::kOpenComment, text.size()};
    return {Kind::kSpace, end};
  }
  if (!IsQuote(c)) return {Kind::kOther, begin + 1};
  const std::size_t end = EndOfText(text, begin);
  if (end != text.npos) return {Kind::kOther, end};
  return {Kind::kOpenText, std::min(text.find('\n', begin), text.size())};
}

}  // namespace dlv::query

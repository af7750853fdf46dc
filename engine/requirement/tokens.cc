#include "engine/requirement/tokens.h"

#include <charconv>
#include <cmath>

namespace dlv::requirement {
namespace {

constexpr std::string_view kBlanks = " \t\n\r";
constexpr std::string_view kDigits = "0123456789";

bool IsWordStart(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (c & 0x80) != 0;
}
bool IsDigit(char c) { return kDigits.find(c) != std::string_view::npos; }

class Tokenizer {
 public:
  explicit Tokenizer(std::string_view text) : text_(text) {}

  Result<std::vector<Token>> Run() {
    std::vector<Token> tokens;
    while (true) {
      while (at_ < text_.size() && kBlanks.find(text_[at_]) != std::string_view::npos) ++at_;
      Token token;
      token.begin = at_;
      if (at_ < text_.size()) DLV_TRY(Next(token));
      token.end = at_;
      tokens.push_back(token);
      if (token.kind == Token::Kind::kEnd) return tokens;
    }
  }

 private:
  Status Next(Token& token) {
    const char c = text_[at_];
    if (IsDigit(c) || (c == '.' && at_ + 1 < text_.size() && IsDigit(text_[at_ + 1]))) {
      return Number(token);
    }
    if (IsWordStart(c)) {
      token.kind = Token::Kind::kWord;
      while (at_ < text_.size() && (IsWordStart(text_[at_]) || IsDigit(text_[at_]))) ++at_;
      token.text = text_.substr(token.begin, at_ - token.begin);
      return Ok();
    }
    if (c == '"' || c == '\'' || c == '`') return Quoted(token, c);
    return Symbol(token);
  }

  Status Number(Token& token) {
    token.kind = Token::Kind::kNumber;
    const char* end = text_.data() + text_.size();
    const auto [stop, error] = std::from_chars(text_.data() + at_, end, token.number);
    if (error != std::errc() || !std::isfinite(token.number)) {
      return SyntaxError(text_, at_, "a number is out of range");
    }
    at_ = static_cast<std::size_t>(stop - text_.data());
    token.text = text_.substr(token.begin, at_ - token.begin);
    if (at_ < text_.size() && (IsWordStart(text_[at_]) || IsDigit(text_[at_]))) {
      return SyntaxError(text_, at_, "a name may not begin with a digit; put it in backquotes");
    }
    return Ok();
  }

  Status Quoted(Token& token, char quote) {
    const std::size_t close = text_.find(quote, at_ + 1);
    if (close == std::string_view::npos) {
      return SyntaxError(text_, at_, std::string("this ") + quote + " is not closed");
    }
    token.kind = quote == '`' ? Token::Kind::kQuotedWord : Token::Kind::kText;
    token.text = text_.substr(at_ + 1, close - at_ - 1);
    if (quote == '`' && token.text.empty()) return SyntaxError(text_, at_, "an empty name");
    at_ = close + 1;
    return Ok();
  }

  Status Symbol(Token& token) {
    token.kind = Token::Kind::kSymbol;
    for (const std::string_view two : {"<=", ">=", "==", "!=", "&&", "||"}) {
      if (text_.substr(at_, 2) == two) token.text = two;
    }
    if (token.text == "&&") return SyntaxError(text_, at_, "write \"and\"");
    if (token.text == "||") return SyntaxError(text_, at_, "write \"or\"");
    if (token.text.empty()) {
      const char c = text_[at_];
      if (c == '=') return SyntaxError(text_, at_, "compare with \"==\"");
      if (c == '!') return SyntaxError(text_, at_, "write \"not\", or compare with \"!=\"");
      if (std::string_view("<>+-*/(),.").find(c) == std::string_view::npos) {
        return SyntaxError(text_, at_, "this character means nothing here");
      }
      token.text = c;
    }
    at_ += token.text.size();
    return Ok();
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

Error SyntaxError(std::string_view text, std::size_t at, const std::string& why) {
  std::string shown;
  for (const char c : text) shown += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
  std::string error =
      "requirement \"" + shown + "\", column " + std::to_string(at + 1) + ": " + why;
  return Error{ErrorCode::kSyntax, std::move(error),
               "as in: val_acc >= best.val_acc - 0.005 and loss < 2 * parent.loss"};
}

Result<std::vector<Token>> Tokenize(std::string_view text) { return Tokenizer(text).Run(); }

}  // namespace dlv::requirement

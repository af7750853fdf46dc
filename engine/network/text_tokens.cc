#include "engine/network/text_tokens.h"

#include <algorithm>

#include "engine/network/quoting.h"

namespace dlv::network {
namespace {

bool IsDecimal(char c) { return c >= '0' && c <= '9'; }
bool IsNamePart(char c) {
  return IsDecimal(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '.' ||
         c == '/';
}
int NibbleOf(char c) {
  return IsDecimal(c)           ? c - '0'
         : c >= 'a' && c <= 'f' ? c - 'a' + 10
         : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                : -1;
}

}  // namespace

Error TextTokens::SyntaxError(std::size_t at, const std::string& why) const {
  const std::string_view before = text_.substr(0, std::min(at, text_.size()));
  const auto line = std::count(before.begin(), before.end(), '\n') + 1;
  const std::size_t feed = before.rfind('\n');
  const std::string_view in_line = before.substr(feed == std::string_view::npos ? 0 : feed + 1);
  const auto column =
      std::count_if(in_line.begin(), in_line.end(),
                    [](char c) { return (static_cast<std::uint8_t>(c) & 0xc0) != 0x80; }) +
      1;
  return Error{ErrorCode::kSyntax,
               "line " + std::to_string(line) + ", column " + std::to_string(column) + ": " + why};
}

void TextTokens::SkipSpace() {
  while (at_ < text_.size()) {
    if (text_.substr(at_, 2) == "//") {
      at_ = std::min(text_.find('\n', at_), text_.size());
    } else if (std::string_view(" \t\r\n").find(text_[at_]) != std::string_view::npos) {
      ++at_;
    } else {
      return;
    }
  }
}

Result<TextToken> TextTokens::Next() {
  SkipSpace();
  if (at_ == text_.size()) return TextToken{TextToken::Kind::kEnd, "", at_};
  const char c = text_[at_];
  if (c == '"') return QuotedText();
  const bool negative =
      c == '-' && at_ + 1 < text_.size() &&
      (IsDecimal(text_[at_ + 1]) || text_[at_ + 1] == 'i' || text_[at_ + 1] == 'n');
  if (IsDecimal(c) || negative) return Number();
  if (IsNamePart(c) && c != '.') {
    const std::size_t begin = at_;
    while (at_ < text_.size() && IsNamePart(text_[at_]) && text_.substr(at_, 2) != "//") ++at_;
    return TextToken{TextToken::Kind::kName, std::string(text_.substr(begin, at_ - begin)), begin};
  }
  if (text_.substr(at_, 2) == "->") {
    at_ += 2;
    return TextToken{TextToken::Kind::kSymbol, "->", at_ - 2};
  }
  if (std::string_view("()[]{},:=@$#^-?").find(c) == std::string_view::npos) {
    return SyntaxError(at_,
                       "a character that has no meaning here: " + Quoted(text_.substr(at_, 1)));
  }
  return TextToken{TextToken::Kind::kSymbol, std::string(1, c), at_++};
}

/// Whole and real numbers, inf, nan, nan(0x...).
TextToken TextTokens::Number() {
  const std::size_t begin = at_++;
  while (at_ < text_.size()) {
    const char c = text_[at_];
    const char last = text_[at_ - 1];
    const bool exponent = (c == '-' || c == '+') && (last == 'e' || last == 'E');
    if (!IsNamePart(c) && !exponent) break;
    if (c == '/') break;
    ++at_;
  }
  if (text_.substr(begin, at_ - begin).ends_with("nan") && text_.substr(at_, 3) == "(0x") {
    at_ = std::min(text_.find(')', at_), text_.size() - 1) + 1;
  }
  return {TextToken::Kind::kNumber, std::string(text_.substr(begin, at_ - begin)), begin};
}

Result<TextToken> TextTokens::QuotedText() {
  const std::size_t begin = at_++;
  TextToken token{TextToken::Kind::kQuoted, "", begin};
  while (at_ < text_.size() && text_[at_] != '"' && text_[at_] != '\n') {
    if (text_[at_] != '\\') {
      token.text += text_[at_++];
      continue;
    }
    const char escape = at_ + 1 < text_.size() ? text_[at_ + 1] : '\0';
    const int high = at_ + 2 < text_.size() ? NibbleOf(text_[at_ + 2]) : -1;
    const int low = at_ + 3 < text_.size() ? NibbleOf(text_[at_ + 3]) : -1;
    if (escape == '"' || escape == '\\') {
      token.text += escape;
    } else if (escape == 'n' || escape == 't') {
      token.text += escape == 'n' ? '\n' : '\t';
    } else if (escape == 'x' && high >= 0 && low >= 0) {
      token.text += static_cast<char>(high << 4 | low);
      at_ += 2;
    } else {
      return SyntaxError(at_, "an unknown escape, want \\\", \\\\, \\n, \\t or \\xNN");
    }
    at_ += 2;
  }
  if (at_ >= text_.size() || text_[at_] != '"') {
    return SyntaxError(begin, "the quote does not end in its line");
  }
  ++at_;
  return token;
}

}  // namespace dlv::network

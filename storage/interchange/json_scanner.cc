#include "storage/interchange/json_scanner.h"

#include "storage/interchange/text.h"

namespace dlv::interchange {
namespace {

constexpr std::uint64_t kMaxInteger = std::uint64_t{1} << 53;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

void AppendUtf8(std::string& out, unsigned value) {
  const auto put = [&](unsigned byte) { out.push_back(static_cast<char>(byte)); };
  if (value < 0x80) return put(value);
  if (value < 0x800) {
    put(0xc0 | value >> 6);
    return put(0x80 | (value & 0x3f));
  }
  if (value < 0x10000) {
    put(0xe0 | value >> 12);
  } else {
    put(0xf0 | value >> 18);
    put(0x80 | (value >> 12 & 0x3f));
  }
  put(0x80 | (value >> 6 & 0x3f));
  put(0x80 | (value & 0x3f));
}

}  // namespace

Error JsonScanner::Bad(const std::string& why) const {
  return Error{ErrorCode::kCorruption,
               std::string(what_) + ", offset " + std::to_string(offset()) + ": " + why};
}

char JsonScanner::Peek() {
  while (at_ < text_.size() &&
         (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\n' || text_[at_] == '\r')) {
    ++at_;
  }
  return at_ < text_.size() ? text_[at_] : '\0';
}

bool JsonScanner::Accept(char c) {
  if (Peek() != c || at_ >= text_.size()) return false;
  ++at_;
  return true;
}

Status JsonScanner::Expect(char c) {
  if (Accept(c)) return Ok();
  const std::string got = at_ < text_.size() ? Printable(text_.substr(at_, 1)) : "the end";
  return Bad(std::string("want '") + c + "', got " + got);
}

Result<bool> JsonScanner::More(char close) {
  if (Accept(',')) return true;
  DLV_TRY(Expect(close));
  return false;
}

Result<std::string> JsonScanner::String(std::size_t limit_bytes) {
  DLV_TRY(Expect('"'));
  std::string out;
  while (true) {
    if (at_ >= text_.size()) return Bad("string is cut off");
    const char c = text_[at_];
    if (static_cast<unsigned char>(c) < 0x20) return Bad("control character in a string");
    ++at_;
    if (c == '"') break;
    if (c == '\\') {
      DLV_TRY(Escape(out));
    } else {
      out.push_back(c);
    }
    if (out.size() > limit_bytes) {
      return Bad("string is longer than " + std::to_string(limit_bytes) + " bytes");
    }
  }
  if (!IsUtf8(out)) return Bad("string is not UTF-8");
  return out;
}

Status JsonScanner::Escape(std::string& out) {
  if (at_ >= text_.size()) return Bad("string is cut off");
  const char c = text_[at_++];
  constexpr std::string_view kFrom = "\"\\/bfnrt";
  constexpr std::string_view kTo = "\"\\/\b\f\n\r\t";
  if (const std::size_t i = kFrom.find(c); i != std::string_view::npos) {
    out.push_back(kTo[i]);
    return Ok();
  }
  if (c != 'u') return Bad("unknown escape");
  DLV_ASSIGN(unsigned value, Hex4());
  if (value >= 0xd800 && value < 0xdc00) {
    if (text_.substr(at_, 2) != "\\u") return Bad("half of a surrogate pair");
    at_ += 2;
    DLV_ASSIGN(const unsigned low, Hex4());
    if (low < 0xdc00 || low > 0xdfff) return Bad("half of a surrogate pair");
    value = 0x10000 + ((value - 0xd800) << 10) + (low - 0xdc00);
  } else if (value >= 0xdc00 && value < 0xe000) {
    return Bad("half of a surrogate pair");
  }
  AppendUtf8(out, value);
  return Ok();
}

Result<unsigned> JsonScanner::Hex4() {
  unsigned value = 0;
  for (int i = 0; i < 4; ++i) {
    const char c = at_ < text_.size() ? text_[at_++] : '\0';
    const int digit = IsDigit(c)               ? c - '0'
                      : (c >= 'a' && c <= 'f') ? c - 'a' + 10
                      : (c >= 'A' && c <= 'F') ? c - 'A' + 10
                                               : -1;
    if (digit < 0) return Bad("bad \\u escape");
    value = value << 4 | static_cast<unsigned>(digit);
  }
  return value;
}

Result<std::uint64_t> JsonScanner::Unsigned() {
  if (!IsDigit(Peek())) return Bad("want an integer without sign");
  const std::size_t begin = at_;
  std::uint64_t value = 0;
  for (; at_ < text_.size() && IsDigit(text_[at_]); ++at_) {
    value = value * 10 + static_cast<std::uint64_t>(text_[at_] - '0');
    if (value > kMaxInteger) return Bad("integer above 2^53");
  }
  if (text_[begin] == '0' && at_ - begin > 1) return Bad("integer with a leading zero");
  if (at_ < text_.size() && (text_[at_] == '.' || text_[at_] == 'e' || text_[at_] == 'E')) {
    return Bad("want an integer, got a fraction or an exponent");
  }
  return value;
}

Status JsonScanner::Null() { return SkipWord("null"); }

Status JsonScanner::SkipWord(std::string_view word) {
  Peek();
  if (text_.substr(at_, word.size()) != word) return Bad("want " + std::string(word));
  at_ += word.size();
  return Ok();
}

Result<std::string_view> JsonScanner::Scalar() {
  const char c = Peek();
  const std::size_t begin = at_;
  if (c == '"' || c == '{' || c == '[') return Bad("want a number, true, false or null");
  DLV_TRY(Skip(0));
  return text_.substr(begin, at_ - begin);
}

Status JsonScanner::SkipNumber() {
  const auto digits = [&] {
    const std::size_t begin = at_;
    while (at_ < text_.size() && IsDigit(text_[at_])) ++at_;
    return at_ != begin;
  };
  Accept('-');
  if (python_numbers_ && at_ < text_.size() && (text_[at_] == 'N' || text_[at_] == 'I')) {
    return SkipWord(text_[at_] == 'N' ? "NaN" : "Infinity");
  }
  if (!digits()) return Bad("want a value");
  if (at_ < text_.size() && text_[at_] == '.') {
    ++at_;
    if (!digits()) return Bad("bad number");
  }
  if (at_ < text_.size() && (text_[at_] == 'e' || text_[at_] == 'E')) {
    ++at_;
    if (at_ < text_.size() && (text_[at_] == '+' || text_[at_] == '-')) ++at_;
    if (!digits()) return Bad("bad number");
  }
  return Ok();
}

Status JsonScanner::Skip(unsigned depth) {
  const char c = Peek();
  if (c == '"') {
    DLV_TRY(String(SIZE_MAX));
    return Ok();
  }
  if (c == 't') return SkipWord("true");
  if (c == 'f') return SkipWord("false");
  if (c == 'n') return SkipWord("null");
  if (c != '{' && c != '[') return SkipNumber();
  if (depth == 0) return Bad("values nest too deep");
  const char close = c == '{' ? '}' : ']';
  ++at_;
  if (Accept(close)) return Ok();
  for (bool more = true; more;) {
    if (c == '{') {
      DLV_TRY(String(SIZE_MAX));
      DLV_TRY(Expect(':'));
    }
    DLV_TRY(Skip(depth - 1));
    DLV_ASSIGN(more, More(close));
  }
  return Ok();
}

Status JsonScanner::ExpectEnd() {
  Peek();
  if (at_ != text_.size()) return Bad("text after the end of the value");
  return Ok();
}

}  // namespace dlv::interchange

#include "engine/query/operators.h"

namespace dlv::query {
namespace {

/// Takes the first character off `text`; a byte that is no UTF-8 counts as one character.
char32_t TakeCharacter(std::string_view& text) {
  const auto first = static_cast<unsigned char>(text[0]);
  const std::size_t length = first < 0xc0 ? 1 : (first < 0xe0 ? 2 : (first < 0xf0 ? 3 : 4));
  if (length == 1 || length > text.size()) {
    text.remove_prefix(1);
    return first < 0x80 ? first : 0x110000u + first;
  }
  char32_t code = first & (0xffu >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    const auto next = static_cast<unsigned char>(text[i]);
    if ((next & 0xc0) != 0x80) {
      text.remove_prefix(1);
      return 0x110000u + first;
    }
    code = code << 6 | (next & 0x3fu);
  }
  text.remove_prefix(length);
  return code;
}

char32_t Fold(char32_t c) { return c >= 'A' && c <= 'Z' ? c + 32 : c; }

/// An element of a pattern.
struct LikeElement {
  enum class Kind : std::uint8_t { kCharacter, kOne, kMany } kind = Kind::kCharacter;
  char32_t character = 0;
};

LikeElement TakeElement(std::string_view& pattern, char32_t escape) {
  const char32_t c = TakeCharacter(pattern);
  if (escape != 0 && c == escape && !pattern.empty()) {
    return {LikeElement::Kind::kCharacter, TakeCharacter(pattern)};
  }
  if (c == '_') return {LikeElement::Kind::kOne, 0};
  if (c == '%') return {LikeElement::Kind::kMany, 0};
  return {LikeElement::Kind::kCharacter, c};
}

}  // namespace

/// Goes back to the last `%` only: linear in the pattern times the text.
bool Like(std::string_view text, std::string_view pattern, char32_t escape, bool fold) {
  std::string_view pattern_after_many, text_of_many;
  bool seen_many = false;
  while (true) {
    bool fits = false;
    if (!pattern.empty()) {
      std::string_view rest = pattern;
      const LikeElement element = TakeElement(rest, escape);
      if (element.kind == LikeElement::Kind::kMany) {
        pattern = pattern_after_many = rest;
        text_of_many = text;
        seen_many = true;
        continue;
      }
      if (!text.empty()) {
        std::string_view rest_of_text = text;
        const char32_t c = TakeCharacter(rest_of_text);
        fits = element.kind == LikeElement::Kind::kOne || c == element.character ||
               (fold && Fold(c) == Fold(element.character));
        if (fits) text = rest_of_text;
      }
      if (fits) pattern = rest;
    } else if (text.empty()) {
      return true;
    }
    if (fits) continue;
    if (!seen_many || text_of_many.empty()) return false;
    (void)TakeCharacter(text_of_many);
    text = text_of_many;
    pattern = pattern_after_many;
  }
}

}  // namespace dlv::query

#include "engine/network/quoting.h"

#include <bit>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>

namespace dlv::network {
namespace {

bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }

/// Bytes of the UTF-8 character at the front, its code point in `code`; 0 where there is none.
std::size_t CharacterAt(std::string_view text, std::uint32_t& code) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  const std::uint8_t first = byte(0);
  const std::size_t size = first < 0x80   ? 1
                           : first < 0xc2 ? 0
                           : first < 0xe0 ? 2
                           : first < 0xf0 ? 3
                           : first < 0xf5 ? 4
                                          : 0;
  if (size == 0 || size > text.size()) return 0;
  code = size == 1 ? first : first & (0xffU >> (size + 1));
  for (std::size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return 0;
    code = code << 6 | (byte(i) & 0x3f);
  }
  constexpr std::uint32_t kLeast[] = {0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = code >= 0xd800 && code < 0xe000;
  return code < kLeast[size] || code > 0x10ffff || surrogate ? 0 : size;
}

/// Control characters, separators of lines, and marks of direction.
bool IsHidden(std::uint32_t code) {
  return code < 0x20 || (code >= 0x7f && code < 0xa0) || (code >= 0x200b && code <= 0x200f) ||
         (code >= 0x2028 && code <= 0x202e) || (code >= 0x2060 && code <= 0x206f) || code == 0xfeff;
}

void AppendByte(std::string& out, char c) {
  constexpr char kDigits[] = "0123456789abcdef";
  const auto byte = static_cast<std::uint8_t>(c);
  out += {'\\', 'x', kDigits[byte >> 4], kDigits[byte & 15]};
}

template <class Real, class Bits>
std::string TextOfReal(Real value) {
  const auto bits = std::bit_cast<Bits>(value);
  const std::string sign = std::signbit(value) ? "-" : "";
  if (std::isinf(value)) return sign + "inf";
  if (std::isnan(value)) {
    const auto quiet = std::bit_cast<Bits>(std::numeric_limits<Real>::quiet_NaN());
    const Bits payload = bits & (std::numeric_limits<Bits>::max() >> 1);
    if (payload == quiet) return sign + "nan";
    char buffer[24];
    const auto end = std::to_chars(buffer, buffer + sizeof buffer, payload, 16).ptr;
    return sign + "nan(0x" + std::string(buffer, end) + ")";
  }
  char buffer[40];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, value).ptr;
  std::string text(buffer, end);
  if (text.find_first_of(".e") == std::string::npos) text += ".0";
  return text;
}

}  // namespace

bool IsBare(std::string_view name) {
  if (name.empty() || !(IsLetter(name[0]) || name[0] == '/')) return false;
  for (const char c : name) {
    if (!IsLetter(c) && !IsDigit(c) && c != '.' && c != '/') return false;
  }
  return name.find("//") == std::string_view::npos;  // begins a comment
}

std::string Quoted(std::string_view text) {
  std::string out = "\"";
  while (!text.empty()) {
    std::uint32_t code = 0;
    const std::size_t size = CharacterAt(text, code);
    if (text[0] == '\n' || text[0] == '\t') {
      out += text[0] == '\n' ? "\\n" : "\\t";
    } else if (text[0] == '"' || text[0] == '\\') {
      out += {'\\', text[0]};
    } else if (size == 0) {
      AppendByte(out, text[0]);
    } else if (IsHidden(code)) {
      for (std::size_t i = 0; i < size; ++i) AppendByte(out, text[i]);
    } else {
      out += text.substr(0, size);
    }
    text.remove_prefix(size == 0 ? 1 : size);
  }
  return out + "\"";
}

std::string NameText(std::string_view name) {
  return IsBare(name) ? std::string(name) : Quoted(name);
}

std::string RealText(double value) { return TextOfReal<double, std::uint64_t>(value); }
std::string RealText(float value) { return TextOfReal<float, std::uint32_t>(value); }

}  // namespace dlv::network

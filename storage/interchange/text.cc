#include "storage/interchange/text.h"

#include <cstdint>

namespace dlv::interchange {
namespace {

struct Character {
  std::size_t size = 0;  // in bytes; 0: not UTF-8
  std::uint32_t value = 0;
};

// Returns the character at the front.
Character FirstCharacter(std::string_view text) {
  const auto at = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = at(0);
  if (lead < 0x80) return {1, lead};
  const std::size_t size = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc2 ? 2 : 0;
  if (size == 0 || lead > 0xf4 || text.size() < size) return {};
  std::uint32_t value = lead & (0x7fu >> size);
  for (std::size_t i = 1; i < size; ++i) {
    if ((at(i) & 0xc0) != 0x80) return {};
    value = value << 6 | (at(i) & 0x3fu);
  }
  constexpr std::uint32_t kSmallest[] = {0, 0, 0x80, 0x800, 0x10000};
  if (value < kSmallest[size] || value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff))
    return {};
  return {size, value};
}

// Returns the length of the valid, printable character at the front, or 0.
std::size_t CleanCharacter(std::string_view text) {
  const Character first = FirstCharacter(text);
  const bool control = first.value < 0x20 || (first.value >= 0x7f && first.value < 0xa0);
  return control ? 0 : first.size;
}

}  // namespace

bool IsUtf8(std::string_view text) {
  while (!text.empty()) {
    const std::size_t size = FirstCharacter(text).size;
    if (size == 0) return false;
    text.remove_prefix(size);
  }
  return true;
}

bool IsCleanText(std::string_view text) {
  while (!text.empty()) {
    const std::size_t size = CleanCharacter(text);
    if (size == 0) return false;
    text.remove_prefix(size);
  }
  return true;
}

std::optional<std::string> Latin1Bytes(std::string_view text) {
  std::string bytes;
  while (!text.empty()) {
    const Character first = FirstCharacter(text);
    if (first.size == 0 || first.value > 255) return std::nullopt;
    bytes += static_cast<char>(first.value);
    text.remove_prefix(first.size);
  }
  return bytes;
}

bool IsTensorName(std::string_view name) {
  return !name.empty() && name.size() <= 4096 && IsCleanText(name);
}

std::string TensorNameOfPath(std::string_view path, std::string_view otherwise) {
  if (const std::size_t slash = path.rfind('/'); slash != std::string_view::npos) {
    path.remove_prefix(slash + 1);
  }
  path = path.substr(0, path.rfind('.'));
  return std::string(IsTensorName(path) ? path : otherwise);
}

std::string Printable(std::string_view text, std::size_t limit) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string out;
  while (!text.empty() && out.size() < limit) {
    const std::size_t size = CleanCharacter(text);
    if (size != 0) {
      out.append(text.substr(0, size));
      text.remove_prefix(size);
      continue;
    }
    const auto byte = static_cast<unsigned char>(text.front());
    out += "\\x";
    out += kDigits[byte >> 4];
    out += kDigits[byte & 15];
    text.remove_prefix(1);
  }
  if (!text.empty()) out += "...";
  return out;
}

std::string Hex(unsigned long long value) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string digits;
  do {
    digits.insert(digits.begin(), kDigits[value & 15]);
    value >>= 4;
  } while (value != 0);
  return "0x" + digits;
}

}  // namespace dlv::interchange

#include "cli/text.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>

namespace dlv::cli {
namespace {

constexpr std::uint32_t kInvalid = 0xFFFFFFFF;

struct CodePoint {
  std::uint32_t value = kInvalid;
  std::size_t length = 1;  // bytes; 1 for a byte that is not UTF-8
};

bool IsContinuation(unsigned char byte) { return (byte & 0xC0) == 0x80; }

CodePoint Decode(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[at + i]); };
  const unsigned char lead = byte(0);
  if (lead < 0x80) return {lead, 1};
  const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || at + length > text.size()) return {};
  std::uint32_t value = lead & (0xFFU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    if (!IsContinuation(byte(i))) return {};
    value = value << 6 | (byte(i) & 0x3FU);
  }
  constexpr std::uint32_t kLeast[] = {0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = value >= 0xD800 && value <= 0xDFFF;
  if (value < kLeast[length] || value > 0x10FFFF || surrogate) return {};
  return {value, length};
}

struct CodeRange {
  std::uint32_t first, last;
};

template <std::size_t N>
bool InRanges(const CodeRange (&ranges)[N], std::uint32_t value) {
  const auto* end = ranges + N;
  const auto* found = std::lower_bound(
      ranges, end, value, [](const CodeRange& r, std::uint32_t v) { return r.last < v; });
  return found != end && found->first <= value;
}

// Bidirectional controls, invisible marks and separators: they change how the rest of a line reads.
constexpr CodeRange kMisleading[] = {{0x061C, 0x061C}, {0x180E, 0x180E}, {0x200B, 0x200C},
                                     {0x200E, 0x200F}, {0x2028, 0x202E}, {0x2060, 0x2069},
                                     {0xFEFF, 0xFEFF}, {0xFFF9, 0xFFFB}, {0xE0000, 0xE007F}};

// Zero cells: combining marks of the common scripts, the joiner, variation selectors, skin tones.
constexpr CodeRange kZeroWidth[] = {
    {0x0300, 0x036F}, {0x0483, 0x0489},   {0x0591, 0x05BD},  {0x0610, 0x061A}, {0x064B, 0x065F},
    {0x0E31, 0x0E31}, {0x0E34, 0x0E3A},   {0x0E47, 0x0E4E},  {0x1AB0, 0x1AFF}, {0x1DC0, 0x1DFF},
    {0x200D, 0x200D}, {0x20D0, 0x20FF},   {0x302A, 0x302D},  {0x3099, 0x309A}, {0xFE00, 0xFE0F},
    {0xFE20, 0xFE2F}, {0x1F3FB, 0x1F3FF}, {0xE0100, 0xE01EF}};

// Two cells: East Asian Width W and F, and emoji shown as pictures by default (Unicode 15).
constexpr CodeRange kWide[] = {
    {0x1100, 0x115F},   {0x231A, 0x231B},   {0x23E9, 0x23EC},   {0x23F0, 0x23F0},
    {0x23F3, 0x23F3},   {0x25FD, 0x25FE},   {0x2614, 0x2615},   {0x2648, 0x2653},
    {0x267F, 0x267F},   {0x2693, 0x2693},   {0x26A1, 0x26A1},   {0x26AA, 0x26AB},
    {0x26BD, 0x26BE},   {0x26C4, 0x26C5},   {0x26CE, 0x26CE},   {0x26D4, 0x26D4},
    {0x26EA, 0x26EA},   {0x26F2, 0x26F3},   {0x26F5, 0x26F5},   {0x26FA, 0x26FA},
    {0x26FD, 0x26FD},   {0x2705, 0x2705},   {0x270A, 0x270B},   {0x2728, 0x2728},
    {0x274C, 0x274C},   {0x274E, 0x274E},   {0x2753, 0x2755},   {0x2757, 0x2757},
    {0x2795, 0x2797},   {0x27B0, 0x27B0},   {0x27BF, 0x27BF},   {0x2B1B, 0x2B1C},
    {0x2B50, 0x2B50},   {0x2B55, 0x2B55},   {0x2E80, 0x303E},   {0x3041, 0x33FF},
    {0x3400, 0x4DBF},   {0x4E00, 0x9FFF},   {0xA000, 0xA4CF},   {0xA960, 0xA97F},
    {0xAC00, 0xD7A3},   {0xF900, 0xFAFF},   {0xFE30, 0xFE6F},   {0xFF00, 0xFF60},
    {0xFFE0, 0xFFE6},   {0x16FE0, 0x18AFF}, {0x1B000, 0x1B2FF}, {0x1F004, 0x1F004},
    {0x1F0CF, 0x1F0CF}, {0x1F18E, 0x1F18E}, {0x1F191, 0x1F19A}, {0x1F200, 0x1F265},
    {0x1F300, 0x1F320}, {0x1F32D, 0x1F335}, {0x1F337, 0x1F37C}, {0x1F37E, 0x1F393},
    {0x1F3A0, 0x1F3CA}, {0x1F3CF, 0x1F3D3}, {0x1F3E0, 0x1F3F0}, {0x1F3F4, 0x1F3F4},
    {0x1F3F8, 0x1F43E}, {0x1F440, 0x1F440}, {0x1F442, 0x1F4FC}, {0x1F4FF, 0x1F53D},
    {0x1F54B, 0x1F567}, {0x1F57A, 0x1F57A}, {0x1F595, 0x1F596}, {0x1F5A4, 0x1F5A4},
    {0x1F5FB, 0x1F64F}, {0x1F680, 0x1F6C5}, {0x1F6CC, 0x1F6CC}, {0x1F6D0, 0x1F6D7},
    {0x1F6DC, 0x1F6DF}, {0x1F6EB, 0x1F6EC}, {0x1F6F4, 0x1F6FC}, {0x1F7E0, 0x1F7F0},
    {0x1F90C, 0x1F93A}, {0x1F93C, 0x1F945}, {0x1F947, 0x1F9FF}, {0x1FA70, 0x1FAFF},
    {0x20000, 0x3FFFD}};

std::size_t CellsOf(std::uint32_t value) {
  if (value < 0x300) return 1;
  if (InRanges(kZeroWidth, value)) return 0;
  return InRanges(kWide, value) ? 2 : 1;
}

bool MustEscape(std::uint32_t value) {
  if (value < 0x20 || (value >= 0x7F && value < 0xA0)) return true;
  return value >= 0x300 && InRanges(kMisleading, value);
}

// Whether `text` is printable ASCII all through: by far the most common case.
bool IsPlain(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7F; });
}

void AppendEscaped(std::string& out, std::uint32_t value) {
  char buffer[16];
  if (value < 0x100) {
    std::snprintf(buffer, sizeof buffer, "\\x%02x", value);
  } else {
    std::snprintf(buffer, sizeof buffer, "\\u%04x", value);
  }
  out += buffer;
}

// Returns how many bytes of `text` fit in `width` cells, marks of the last character included.
std::size_t PrefixWithin(std::string_view text, std::size_t width) {
  std::size_t cells = 0;
  std::size_t at = 0;
  while (at < text.size()) {
    const CodePoint point = Decode(text, at);
    cells += CellsOf(point.value);
    if (cells > width) break;
    at += point.length;
  }
  return at;
}

// Returns where the longest suffix of at most `width` cells begins.
std::size_t SuffixWithin(std::string_view text, std::size_t width) {
  std::size_t cells = DisplayWidth(text);
  std::size_t at = 0;
  while (at < text.size() && cells > width) {
    const CodePoint point = Decode(text, at);
    cells -= CellsOf(point.value);
    at += point.length;
  }
  while (at < text.size() && CellsOf(Decode(text, at).value) == 0) at += Decode(text, at).length;
  return at;
}

bool IsUnit(std::string_view word) {
  while (!word.empty() && std::string_view(",;.)").find(word.back()) != std::string_view::npos)
    word.remove_suffix(1);
  static constexpr std::array<std::string_view, 15> kUnits = {
      "B", "KiB", "MiB", "GiB", "TiB", "s", "min", "h", "d", "k", "M", "G", "T", "ago", "mo"};
  return std::find(kUnits.begin(), kUnits.end(), word) != kUnits.end();
}

// Returns where the word at `at` ends; units that follow it belong to it.
std::size_t WordEnd(std::string_view text, std::size_t at) {
  std::size_t end = std::min(text.find(' ', at), text.size());
  for (;;) {
    if (end + 1 >= text.size() || text[end + 1] == ' ') return end;
    const std::size_t next = std::min(text.find(' ', end + 1), text.size());
    if (!IsUnit(text.substr(end + 1, next - end - 1))) return end;
    end = next;
  }
}

}  // namespace

std::string Sanitize(std::string_view text) {
  if (IsPlain(text)) return std::string(text);
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint point = Decode(text, at);
    if (point.value == kInvalid) {
      AppendEscaped(out, static_cast<unsigned char>(text[at]));
    } else if (MustEscape(point.value)) {
      AppendEscaped(out, point.value);
    } else {
      out.append(text.substr(at, point.length));
    }
    at += point.length;
  }
  return out;
}

std::size_t DisplayWidth(std::string_view text) {
  if (IsPlain(text)) return text.size();
  std::size_t cells = 0;
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] == '\x1b') {  // sanitised text has none of its own: this is a colour
      at = std::min(text.find('m', at), text.size() - 1) + 1;
      continue;
    }
    const CodePoint point = Decode(text, at);
    cells += CellsOf(point.value);
    at += point.length;
  }
  return cells;
}

std::string Elide(std::string_view text, std::size_t width, Cut cut) {
  if (DisplayWidth(text) <= width) return std::string(text);
  if (width == 0) return {};
  if (cut == Cut::kParts) {
    std::size_t end = text.rfind("  ");
    while (end != std::string_view::npos && end > 0 && DisplayWidth(text.substr(0, end)) > width) {
      end = text.rfind("  ", end - 1);
    }
    if (end != std::string_view::npos && end > 0) return std::string(text.substr(0, end));
    cut = Cut::kEnd;
  }
  const std::size_t kept = width - 1;
  const std::size_t head = cut == Cut::kEnd ? kept : (kept + 1) / 2;
  std::string out(text.substr(0, PrefixWithin(text, head)));
  out += "…";
  if (head < kept) out += text.substr(SuffixWithin(text, kept - head));
  return out;
}

std::string PadRight(std::string text, std::size_t width) {
  const std::size_t cells = DisplayWidth(text);
  if (cells < width) text.append(width - cells, ' ');
  return text;
}

std::string PadLeft(std::string text, std::size_t width) {
  const std::size_t cells = DisplayWidth(text);
  if (cells < width) text.insert(0, width - cells, ' ');
  return text;
}

std::string Wrap(std::string_view text, std::size_t width, std::size_t indent,
                 std::size_t first_column) {
  if (width == 0 || DisplayWidth(text) + first_column <= width) return std::string(text);
  std::string out;
  std::size_t at = std::min(text.find_first_not_of(' '), text.size());
  out.append(at, ' ');
  std::size_t column = first_column + at;
  bool line_is_empty = true;
  while (at < text.size()) {
    const std::size_t end = WordEnd(text, at);
    const std::size_t next = std::min(text.find_first_not_of(' ', end), text.size());
    const std::string_view word = text.substr(at, end - at);
    const std::size_t cells = DisplayWidth(word);
    if (!line_is_empty && column + cells > width) {
      while (!out.empty() && out.back() == ' ') out.pop_back();
      out.append("\n").append(indent, ' ');
      column = indent;
    }
    out.append(word).append(next - end, ' ');
    column += cells + (next - end);
    line_is_empty = false;
    at = next;
  }
  while (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

}  // namespace dlv::cli

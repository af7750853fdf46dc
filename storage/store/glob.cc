#include "storage/store/glob.h"

#include <cstddef>

namespace dlv::store {
namespace {

/// Matches one byte against the pattern item at `at`; returns the place after the item, or 0 where
/// it does not fit.
std::size_t MatchOne(std::string_view pattern, std::size_t at, char byte) {
  const char item = pattern[at];
  if (item == '?') return at + 1;
  if (item == '\\' && at + 1 < pattern.size()) return pattern[at + 1] == byte ? at + 2 : 0;
  if (item != '[') return item == byte ? at + 1 : 0;
  std::size_t i = at + 1;
  const bool negated = i < pattern.size() && (pattern[i] == '!' || pattern[i] == '^');
  if (negated) ++i;
  const std::size_t close = pattern.find(']', i + 1);  // a `]` that comes first belongs to the set
  if (close == std::string_view::npos) return byte == '[' ? at + 1 : 0;
  bool inside = false;
  while (i < close) {
    const auto low = static_cast<unsigned char>(pattern[i]);
    auto high = low;
    if (i + 2 < close && pattern[i + 1] == '-') {
      high = static_cast<unsigned char>(pattern[i + 2]);
      i += 2;
    }
    ++i;
    const auto value = static_cast<unsigned char>(byte);
    if (low <= value && value <= high) inside = true;
  }
  return inside != negated ? close + 1 : 0;
}

}  // namespace

bool GlobMatches(std::string_view pattern, std::string_view text) {
  std::size_t p = 0;
  std::size_t t = 0;
  std::size_t star = std::string_view::npos;  // the last `*`, and where its run ends so far
  std::size_t run_end = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      run_end = t;
      continue;
    }
    const std::size_t next = p < pattern.size() ? MatchOne(pattern, p, text[t]) : 0;
    if (next != 0) {
      p = next;
      ++t;
      continue;
    }
    if (star == std::string_view::npos) return false;
    p = star + 1;
    t = ++run_end;
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

bool IsGlob(std::string_view text) { return text.find_first_of("*?[\\") != std::string_view::npos; }

}  // namespace dlv::store

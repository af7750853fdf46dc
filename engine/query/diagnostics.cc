#include "engine/query/diagnostics.h"

#include <algorithm>

#include "engine/query/text_case.h"

namespace dlv::query {
namespace {

constexpr std::size_t kShownCharacters = 100;  // of a line
constexpr std::size_t kShownBefore = 60;       // of them before the place, in a longer line

bool IsContinuation(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

std::size_t CountCharacters(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return !IsContinuation(c); }));
}

/// Tabs become spaces, so that the caret stands where it should; other control characters "?".
std::string Printable(std::string_view text) {
  std::string shown(text);
  for (char& c : shown) {
    if (c == '\t') c = ' ';
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = '?';
  }
  return shown;
}

struct Excerpt {
  std::string line;
  std::size_t column = 0;  ///< of the place, in characters, from 0
};

/// Moves a byte back to where its character begins.
std::size_t CharacterStart(std::string_view line, std::size_t at) {
  while (at > 0 && at < line.size() && IsContinuation(line[at])) --at;
  return at;
}

Excerpt ExcerptOf(std::string_view line, std::size_t offset) {
  std::size_t begin = 0;
  if (line.size() > kShownCharacters && offset > kShownBefore) {
    begin = CharacterStart(line, offset - kShownBefore);
  }
  const std::size_t end = CharacterStart(line, std::min(line.size(), begin + kShownCharacters));
  Excerpt excerpt{begin > 0 ? "..." : "", begin > 0 ? 3U : 0U};
  excerpt.column += CountCharacters(line.substr(begin, offset - begin));
  excerpt.line += Printable(line.substr(begin, end - begin)) + (end < line.size() ? "..." : "");
  return excerpt;
}

std::size_t EditDistance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1), before(b.size() + 1), earlier(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) before[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t changed = before[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({changed, before[j] + 1, row[j - 1] + 1});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        row[j] = std::min(row[j], earlier[j - 2] + 1);  // two letters swapped
      }
    }
    std::swap(earlier, before);
    std::swap(before, row);
  }
  return before[b.size()];
}

}  // namespace

QueryPlace PlaceIn(std::string_view text, Place place) {
  const std::size_t begin = std::min<std::size_t>(place.begin, text.size());
  const std::size_t end = std::clamp<std::size_t>(place.end, begin, text.size());
  const std::string_view before = text.substr(0, begin);
  const std::size_t newline = before.rfind('\n');
  const std::size_t line_begin = newline == before.npos ? 0 : newline + 1;
  QueryPlace found;
  found.line = static_cast<std::uint32_t>(1 + std::count(before.begin(), before.end(), '\n'));
  found.column = static_cast<std::uint32_t>(1 + CountCharacters(before.substr(line_begin)));
  const std::string_view covered = text.substr(begin, end - begin);
  const auto length = CountCharacters(covered.substr(0, covered.find('\n')));
  found.length = static_cast<std::uint32_t>(std::max<std::size_t>(1, length));
  return found;
}

QueryDiagnostic Diagnose(std::string_view text, const Error& error, std::optional<Place> place) {
  QueryDiagnostic diagnostic{error, std::nullopt, {}};
  if (place) {
    diagnostic.place = PlaceIn(text, *place);
    diagnostic.error.message = "line " + std::to_string(diagnostic.place->line) + ", column " +
                               std::to_string(diagnostic.place->column) + ": " + error.message;
  }
  diagnostic.error.message = Printable(diagnostic.error.message);
  diagnostic.rendered = diagnostic.error.message;
  if (place) {
    const std::size_t begin = std::min<std::size_t>(place->begin, text.size());
    const std::size_t newline = text.substr(0, begin).rfind('\n');
    const std::size_t line_begin = newline == text.npos ? 0 : newline + 1;
    const std::string_view line =
        text.substr(line_begin, std::min(text.find('\n', line_begin), text.size()) - line_begin);
    const Excerpt excerpt = ExcerptOf(line, begin - line_begin);
    const std::size_t most =
        CountCharacters(excerpt.line) + 1 - std::min(excerpt.column, CountCharacters(excerpt.line));
    const std::size_t length = std::clamp<std::size_t>(diagnostic.place->length, 1, most);
    diagnostic.rendered += "\n  " + excerpt.line + "\n  " + std::string(excerpt.column, ' ') + "^" +
                           std::string(length - 1, '~');
  }
  if (!error.hint.empty()) diagnostic.rendered += "\n  " + Printable(error.hint);
  return diagnostic;
}

std::vector<std::string> Nearest(std::string_view wanted, const std::vector<std::string>& names) {
  constexpr std::size_t kMost = 3, kLongest = 100;
  const std::string folded = Folded(wanted);
  std::vector<std::pair<std::size_t, std::string>> near;
  if (folded.size() > kLongest) return {};
  for (const std::string& name : names) {
    if (name.size() > kLongest) continue;
    const std::string other = Folded(name);
    const std::size_t allowed = std::max<std::size_t>(1, folded.size() / 3);
    const bool begins = folded.size() >= 3 && (other.starts_with(folded) ||
                                               (other.size() >= 3 && folded.starts_with(other)));
    const std::size_t apart =
        other.size() > folded.size() ? other.size() - folded.size() : folded.size() - other.size();
    if (!begins && apart > allowed) continue;
    const std::size_t distance = EditDistance(folded, other);
    if (distance <= allowed && distance < folded.size()) {
      near.emplace_back(distance, name);
    } else if (begins) {
      near.emplace_back(allowed + distance, name);
    }
  }
  std::sort(near.begin(), near.end());
  near.erase(std::unique(near.begin(), near.end()), near.end());
  std::vector<std::string> found;
  for (std::size_t i = 0; i < near.size() && i < kMost; ++i) found.push_back(near[i].second);
  return found;
}

std::string DidYouMean(std::string_view wanted, const std::vector<std::string>& names) {
  const std::vector<std::string> near = Nearest(wanted, names);
  if (near.empty()) return {};
  std::string text = "did you mean ";
  for (std::size_t i = 0; i < near.size(); ++i) {
    if (i > 0) text += i + 1 == near.size() ? " or " : ", ";
    text += "\"" + near[i] + "\"";
  }
  return text + "?";
}

}  // namespace dlv::query

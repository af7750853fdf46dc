#include "cli/suggest.h"

#include <algorithm>
#include <utility>

namespace dlv::cli {

std::size_t EditDistance(std::string_view a, std::string_view b) {
  // Optimal string alignment: rows i - 2, i - 1 and i of the table.
  std::vector<std::size_t> before(b.size() + 1), last(b.size() + 1), row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replace = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({replace, last[j] + 1, row[j - 1] + 1});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) row[j] = std::min(row[j], before[j - 2] + 1);
    }
    std::swap(before, last);
    std::swap(last, row);
  }
  return last[b.size()];
}

std::vector<std::string> Nearest(std::string_view word, std::span<const std::string> candidates) {
  constexpr std::size_t kLongestWord = 64;  // nobody mistypes a word that long by two letters
  const std::size_t limit = word.size() <= 3 ? 1 : 2;
  std::vector<std::pair<std::size_t, std::string>> found;
  if (word.empty() || word.size() > kLongestWord) return {};
  for (const std::string& candidate : candidates) {
    if (candidate.size() > kLongestWord) continue;
    std::size_t distance = EditDistance(word, candidate);
    const bool begins = word.size() >= 3 && candidate.starts_with(word);
    if (distance > limit && !begins) continue;
    found.emplace_back(std::min(distance, limit + 1), candidate);
  }
  std::stable_sort(found.begin(), found.end(),
                   [](const auto& x, const auto& y) { return x.first < y.first; });
  std::vector<std::string> names;
  for (auto& [distance, name] : found) {
    if (names.size() < 3) names.push_back(std::move(name));
  }
  return names;
}

std::string DidYouMean(std::span<const std::string> names) {
  std::string text;
  for (std::size_t i = 0; i < names.size(); ++i) {
    text += i == 0 ? "did you mean \"" : i + 1 == names.size() ? " or \"" : ", \"";
    text += names[i] + "\"";
  }
  return text.empty() ? text : text + "?";
}

}  // namespace dlv::cli

#include "engine/api/search_words.h"

#include <algorithm>
#include <cctype>

namespace dlv::api {
namespace {

constexpr std::size_t kReasonBytes = 60;

bool IsPartOfWord(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || static_cast<unsigned char>(c) >= 0x80;
}

/// 0: it is not there; else 1 to 2 by how well it stands there.
double FitOf(const std::string& text, const std::string& word) {
  const std::size_t at = text.find(word);
  if (at == std::string::npos) return 0;
  if (text == word) return 2;
  const bool begins = at == 0 || !IsPartOfWord(text[at - 1]);
  const std::size_t end = at + word.size();
  const bool ends = end == text.size() || !IsPartOfWord(text[end]);
  return begins && ends ? 1.5 : begins ? 1.2 : 1;
}

/// The part of a text around the word, on one line.
std::string Excerpt(const std::string& text, std::size_t at) {
  const auto cut_here = [&](std::size_t place) {  // not in the middle of a character
    while (place > 0 && place < text.size() &&
           (static_cast<unsigned char>(text[place]) & 0xC0) == 0x80)
      --place;
    return place;
  };
  const std::size_t begin = at < kReasonBytes / 2 ? 0 : cut_here(at - kReasonBytes / 2);
  const std::size_t end = cut_here(std::min(text.size(), begin + kReasonBytes));
  std::string part =
      (begin > 0 ? "..." : "") + text.substr(begin, end - begin) + (end < text.size() ? "..." : "");
  std::replace(part.begin(), part.end(), '\n', ' ');
  return part;
}

}  // namespace

std::string Folded(std::string_view text) {
  std::string folded(text);
  for (char& c : folded) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return folded;
}

WordMatch MatchWords(const std::vector<std::string>& words,
                     const std::vector<SearchField>& fields) {
  std::vector<std::string> folded;
  for (const SearchField& field : fields) folded.push_back(Folded(field.text));
  WordMatch match;
  for (const std::string& word : words) {
    double best = 0, others = 0;
    std::size_t place = 0;
    for (std::size_t i = 0; i < fields.size(); ++i) {
      const double fit = FitOf(folded[i], word) * fields[i].weight;
      if (fit > best) place = i;
      others += std::min(best, fit);
      best = std::max(best, fit);
    }
    if (best == 0) return {};
    match.score += best + others / 10;
    std::string reason = std::string(fields[place].place) + ": " +
                         Excerpt(fields[place].text, folded[place].find(word));
    if (std::find(match.reasons.begin(), match.reasons.end(), reason) == match.reasons.end())
      match.reasons.push_back(std::move(reason));
  }
  return match;
}

}  // namespace dlv::api

#pragma once
/// \file
/// Words in what is written about versions.

#include <string>
#include <string_view>
#include <vector>

namespace dlv::api {

/// A text about a version: "message", "hparam", ... Better places weigh more.
struct SearchField {
  std::string_view place;
  double weight = 1;
  std::string text;
};

struct WordMatch {
  double score = 0;
  std::vector<std::string> reasons;  ///< "name: lenet"
};

/// Text in small letters, as far as ASCII goes.
std::string Folded(std::string_view text);

/// Looks for every word (folded) in the fields; score 0 where one is nowhere. A whole word counts
/// more than a part of one, and so does a field that is nothing but the word.
WordMatch MatchWords(const std::vector<std::string>& words, const std::vector<SearchField>& fields);

}  // namespace dlv::api

#include "engine/query/member_names.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>
#include <span>

#include "engine/query/schema.h"
#include "engine/query/text_case.h"

namespace dlv::query {
namespace {

constexpr std::array<std::string_view, 5> kOfVersions = {"metrics", "hparams", "tags", "tensors",
                                                         "created"};
constexpr std::array<std::string_view, 9> kOfNodes = {
    "next", "prev", "weight", "bias", "mean", "variance", "parameters", "insert", "delete"};
constexpr std::array<std::string_view, 5> kOfMetrics = {"min", "max", "at", "last", "series"};

bool IsMemberCharacter(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

/// Words of the text and its signs, in order; what is in quotes is one word.
std::vector<std::string> WordsOf(std::string_view text) {
  std::vector<std::string> words;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = at + 1;
    if (IsMemberCharacter(text[at])) {
      while (end < text.size() && IsMemberCharacter(text[end])) ++end;
    } else if (text[at] == '"' || text[at] == '\'' || text[at] == '`') {
      end = std::min(text.find(text[at], end), text.size() - 1) + 1;
    } else if (std::isspace(static_cast<unsigned char>(text[at])) != 0) {
      ++at;
      continue;
    }
    words.emplace_back(text.substr(at, end - at));
    at = end;
  }
  return words;
}

/// The place of the bracket that the one at the end closes; 0 where none does.
std::size_t Opening(const std::vector<std::string>& words, std::size_t close) {
  int depth = 0;
  for (std::size_t at = close + 1; at-- > 0;) {
    if (words[at] == "]" || words[at] == ")") ++depth;
    if ((words[at] == "[" || words[at] == "(") && --depth == 0) return at;
  }
  return 0;
}

template <std::size_t N>
std::vector<std::string> With(std::optional<RelationId> relation,
                              const std::array<std::string_view, N>& more) {
  std::vector<std::string> names(more.begin(), more.end());
  if (!relation) return names;
  for (const Column& column : SchemaOf(*relation).columns) names.emplace_back(column.name);
  return names;
}

std::vector<std::string> OfRelation(RelationId relation) {
  if (relation == RelationId::kVersions) return With(relation, kOfVersions);
  if (relation == RelationId::kNodes) return With(relation, kOfNodes);
  if (relation == RelationId::kSnapshots)
    return With(relation, std::array{std::string_view("tensors")});
  return With(relation, std::array<std::string_view, 0>{});
}

/// The relation that a source of `from` has: its name, or the name of a function.
std::optional<RelationId> RelationBefore(const std::vector<std::string>& words, std::size_t end) {
  if (end == 0) return std::nullopt;
  std::size_t at = end - 1;
  if (words[at] == ")") {
    at = Opening(words, at);
    if (at == 0) return std::nullopt;
    const std::string function = Folded(words[at - 1]);
    if (function == "unnest") return RelationId::kNodes;
    return RelationId::kVersions;
  }
  if (words[at].front() == '"' || words[at].front() == '\'') return RelationId::kVersions;
  return FindRelation(words[at]);
}

/// What a variable ranges over; versions where the text does not say.
RelationId RelationOf(const std::vector<std::string>& words, const std::string& variable) {
  for (std::size_t at = 1; at < words.size(); ++at) {
    if (words[at] != variable) continue;
    const bool named = at > 1 && Folded(words[at - 1]) == "as";
    if (const auto relation = RelationBefore(words, named ? at - 1 : at)) return *relation;
  }
  return RelationId::kVersions;
}

std::vector<std::string> OfElement(const std::vector<std::string>& words, std::size_t open) {
  const std::string owner = open == 0 ? "" : Folded(words[open - 1]);
  if (owner == "metrics") return With(std::nullopt, kOfMetrics);
  if (owner == "hparams" || owner == "tags") return {};
  if (owner == "tensors") return OfRelation(RelationId::kTensors);
  return OfRelation(RelationId::kNodes);
}

}  // namespace

std::vector<std::string> MemberNames(std::string_view text) {
  const std::vector<std::string> words = WordsOf(text);
  if (words.empty()) return OfRelation(RelationId::kVersions);
  const std::string& last = words.back();
  if (last == "]") return OfElement(words, Opening(words, words.size() - 1));
  if (last == "*") return OfRelation(RelationId::kNodes);  // .next*.
  const bool member = words.size() > 1 && words[words.size() - 2] == ".";
  if (!member) return OfRelation(RelationOf(words, last));
  if (last == "version" || last == "parent" || last == "child" || last == "latest")
    return OfRelation(RelationId::kVersions);
  return OfRelation(RelationId::kNodes);
}

}  // namespace dlv::query

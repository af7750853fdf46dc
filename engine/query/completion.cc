#include "engine/query/completion.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <set>

#include "engine/network/outline.h"
#include "engine/query/member_names.h"
#include "engine/query/schema.h"
#include "engine/query/text_case.h"

namespace dlv::query {
namespace {

constexpr std::array<std::string_view, 92> kWords = {
    "abs",      "ancestor",   "and",      "as",       "asc",       "attribute", "avg",
    "between",  "by",         "ceil",     "changed",  "coalesce",  "concat",    "construct",
    "contains", "cosine",     "count",    "create",   "days",      "delete",    "depth",
    "desc",     "descendant", "distance", "distinct", "drop",      "dtype",     "entropy",
    "evaluate", "exact",      "exists",   "explain",  "false",     "first",     "floor",
    "from",     "group",      "has",      "having",   "heuristic", "hours",     "ilike",
    "in",       "inf_count",  "inner",    "insert",   "is",        "join",      "keep",
    "last",     "latest",     "lca",      "left",     "length",    "like",      "limit",
    "lower",    "max",        "mean",     "min",      "models",    "mutate",    "nan_count",
    "norm",     "not",        "now",      "null",     "numel",     "offset",    "on",
    "or",       "order",      "parent",   "path",     "planes",    "predict",   "query",
    "round",    "save",       "select",   "shape",    "size",      "slice",     "sparsity",
    "std",      "sum",        "top",      "true",     "unnest",    "vary",      "where",
    "within"};
/// Networks that are looked at for the names of nodes.
constexpr std::size_t kMostSearchedGraphs = 64;

bool IsWord(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

/// The byte behind the quote that is open at the end of `text`; nothing where none is.
std::optional<std::size_t> OpenQuote(std::string_view text) {
  std::optional<std::size_t> open;
  char quote = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (open) {
      if (c == quote || c == '\n') open.reset();
    } else if (c == '"' || c == '\'') {
      open = i + 1;
      quote = c;
    }
  }
  return open;
}

std::string_view TrimRight(std::string_view text) {
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.back())) != 0) {
    text.remove_suffix(1);
  }
  return text;
}

/// The word at the end of a text.
std::string_view LastWord(std::string_view text) {
  std::size_t begin = text.size();
  while (begin > 0 && IsWord(text[begin - 1])) --begin;
  return text.substr(begin);
}

Result<std::vector<std::string>> NodeNames(QueryContext& context) {
  Needs needs;
  needs.graphs = true;
  DLV_ASSIGN(const auto snapshot, context.Load(needs));
  std::set<std::string> names;
  const std::size_t count = std::min(snapshot->graphs.size(), kMostSearchedGraphs);
  if (count == 0) return std::vector<std::string>();
  network::Outline outline;
  const GraphSink add = [&](GraphIndex, std::span<const std::byte> encoding) -> Status {
    DLV_TRY(outline.Read(encoding));
    for (const network::OutlineNode& node : outline.nodes) names.emplace(node.name);
    return Ok();
  };
  DLV_TRY(context.ReadGraphs(*snapshot, 0, count, add));
  return std::vector<std::string>(names.begin(), names.end());
}

/// Names that may stand in the quotes behind `before`.
Result<std::vector<std::string>> QuotedNames(QueryContext& context, std::string_view before) {
  before = TrimRight(before);
  if (before.ends_with('[')) {
    const std::string_view owner = LastWord(TrimRight(before.substr(0, before.size() - 1)));
    if (owner == "metrics") return context.ReadNames(NameKind::kMetric);
    if (owner == "hparams") return context.ReadNames(NameKind::kHparam);
    if (owner == "tags") return context.ReadNames(NameKind::kTag);
    return NodeNames(context);
  }
  DLV_ASSIGN(std::vector<std::string> names, context.ReadNames(NameKind::kModel));
  if (LastWord(before) == "from" || before.ends_with("query(")) {
    DLV_ASSIGN(const auto queries, context.ReadNames(NameKind::kQuery));
    names.insert(names.end(), queries.begin(), queries.end());
  }
  return names;
}

std::vector<std::string> PlainWords() {
  std::vector<std::string> words(kWords.begin(), kWords.end());
  for (const RelationSchema& relation : Relations()) words.emplace_back(relation.name);
  return words;
}

QueryCompletion Fitting(std::size_t begin, std::string_view prefix,
                        const std::vector<std::string>& words) {
  std::set<std::string> fitting;
  for (const std::string& word : words) {
    if (word.starts_with(prefix)) fitting.insert(word);
  }
  return {begin, {fitting.begin(), fitting.end()}};
}

/// Words of the language in any case; who types capitals gets capitals.
QueryCompletion FittingWords(std::size_t begin, std::string_view prefix) {
  const auto is_small = [](unsigned char c) { return std::islower(c) != 0; };
  const bool capitals = !prefix.empty() && std::isalpha(static_cast<unsigned char>(prefix[0])) &&
                        std::none_of(prefix.begin(), prefix.end(), is_small);
  QueryCompletion completion = Fitting(begin, Folded(prefix), PlainWords());
  if (!capitals) return completion;
  for (std::string& word : completion.words) {
    for (char& c : word) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  }
  return completion;
}

}  // namespace

Result<QueryCompletion> Complete(QueryContext& context, std::string_view text, std::size_t cursor) {
  text = text.substr(0, std::min(cursor, text.size()));
  if (const auto quote = OpenQuote(text)) {
    DLV_ASSIGN(const auto names, QuotedNames(context, text.substr(0, *quote - 1)));
    return Fitting(*quote, text.substr(*quote), names);
  }
  const std::string_view prefix = LastWord(text);
  const std::size_t begin = text.size() - prefix.size();
  const char before = begin == 0 ? ' ' : text[begin - 1];
  if (before == '@') {
    DLV_ASSIGN(std::vector<std::string> aliases, context.ReadNames(NameKind::kAlias));
    aliases.emplace_back("latest");
    return Fitting(begin, prefix, aliases);
  }
  if (before == '.') return Fitting(begin, prefix, MemberNames(text.substr(0, begin - 1)));
  return FittingWords(begin, prefix);
}

}  // namespace dlv::query

#include "cli/watch_rules.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace dlv::cli {
namespace {

Error Wrong(const std::string& option, std::string_view rule) {
  return {ErrorCode::kInvalidArgument,
          option + ": got \"" + std::string(rule) +
              "\", want last:N, every:N, best:METRIC, best:METRIC:min or best:METRIC:max"};
}

std::optional<std::uint64_t> CountIn(std::string_view text) {
  std::uint64_t count = 0;
  const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (status != std::errc() || end != text.data() + text.size() || count == 0) return std::nullopt;
  return count;
}

Result<KeepRule> ParseRule(std::string_view text, const std::string& option) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos || colon + 1 == text.size()) return Wrong(option, text);
  const std::string_view word = text.substr(0, colon);
  std::string_view rest = text.substr(colon + 1);
  if (word == "last" || word == "every") {
    const std::optional<std::uint64_t> count = CountIn(rest);
    if (!count) return Wrong(option, text);
    return KeepRule{word == "last" ? KeepRule::Kind::kLast : KeepRule::Kind::kEvery, *count, "",
                    false};
  }
  if (word != "best") return Wrong(option, text);
  KeepRule rule{KeepRule::Kind::kBest, 0, std::string(rest), IsBetterSmall(rest)};
  if (rest.ends_with(":min") || rest.ends_with(":max")) {
    rule.metric = rest.substr(0, rest.size() - 4);
    rule.smallest = rest.ends_with(":min");
  }
  if (rule.metric.empty()) return Wrong(option, text);
  return rule;
}

std::optional<double> MetricOf(const KeepCandidate& candidate, const std::string& name) {
  for (const auto& [metric, value] : candidate.metrics) {
    if (metric == name && !std::isnan(value)) return value;
  }
  return std::nullopt;
}

// The newest of the best.
std::size_t BestOf(const KeepRule& rule, std::span<const KeepCandidate> candidates) {
  std::size_t best = candidates.size();
  double record = 0;
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    const std::optional<double> value = MetricOf(candidates[i], rule.metric);
    if (!value) continue;
    const bool better =
        best == candidates.size() || (rule.smallest ? *value <= record : *value >= record);
    if (!better) continue;
    best = i;
    record = *value;
  }
  return best;
}

void Mark(const KeepRule& rule, std::span<const KeepCandidate> candidates,
          std::vector<bool>& kept) {
  if (rule.kind == KeepRule::Kind::kBest) {
    const std::size_t best = BestOf(rule, candidates);
    if (best < kept.size()) kept[best] = true;
    return;
  }
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    const auto& step = candidates[i].step;
    const bool keeps = rule.kind == KeepRule::Kind::kLast
                           ? candidates.size() - i <= rule.count
                           : step && *step % static_cast<std::int64_t>(
                                                 std::min<std::uint64_t>(rule.count, INT64_MAX)) ==
                                         0;
    if (keeps) kept[i] = true;
  }
}

}  // namespace

Result<std::vector<KeepRule>> ParseKeepRules(std::string_view text, const std::string& option) {
  std::vector<KeepRule> rules;
  if (text.empty()) return Wrong(option, text);
  while (!text.empty()) {
    const std::size_t comma = std::min(text.find(','), text.size());
    DLV_ASSIGN(KeepRule rule, ParseRule(text.substr(0, comma), option));
    rules.push_back(std::move(rule));
    if (comma + 1 == text.size()) return Wrong(option, text);
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return rules;
}

bool IsBetterSmall(std::string_view metric) {
  static constexpr std::array<std::string_view, 10> kWords = {
      "loss", "error", "err", "perplexity", "ppl", "mse", "mae", "rmse", "nll", "wer"};
  std::string lower;
  for (const char c : metric) lower += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  // Whole words: "val_loss" and "loss/val" are losses, "terror" is none.
  for (std::size_t at = 0; at < lower.size();) {
    const std::size_t end = std::min(lower.find_first_of("_-/. ", at), lower.size());
    const std::string_view word = std::string_view(lower).substr(at, end - at);
    if (std::find(kWords.begin(), kWords.end(), word) != kWords.end()) return true;
    at = end + 1;
  }
  return false;
}

std::vector<std::string> NotKept(std::span<const KeepRule> rules,
                                 std::span<const KeepCandidate> candidates) {
  if (rules.empty()) return {};
  std::vector<bool> kept(candidates.size(), false);
  for (const KeepRule& rule : rules) Mark(rule, candidates, kept);
  std::vector<std::string> gone;
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    if (!kept[i]) gone.push_back(candidates[i].reference);
  }
  return gone;
}

}  // namespace dlv::cli

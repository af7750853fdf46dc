#include "engine/api/check.h"

#include <charconv>
#include <cmath>
#include <map>
#include <optional>

#include "engine/requirement/evaluate.h"
#include "storage/store/inspect.h"
#include "storage/store/names.h"
#include "storage/store/resolve.h"

namespace dlv::api {
namespace {

using requirement::Value;

/// What names of one version mean.
struct VersionValues {
  std::string reference;
  std::map<std::string, double> metrics;  ///< last value of each
  KeyValues hparams, tags;
};

std::string Join(std::span<const std::string> parts) {
  std::string text;
  for (const std::string& part : parts) text += (text.empty() ? "" : ".") + part;
  return text;
}

/// A text that is a number from end to end is one.
Value ValueOfText(const std::string& text) {
  double number = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (!text.empty() && error == std::errc() && stop == end) return number;
  if (text == "true" || text == "True") return true;
  if (text == "false" || text == "False") return false;
  return text;
}

/// Finds `val_acc`, `metrics.val_acc`, `hparams.lr`, `tags.shipped` of the version itself, and
/// behind `parent`, an alias of its model, or any reference, those of another version.
class RepositoryValues final : public requirement::ValueLookup {
 public:
  RepositoryValues(store::Store& store, const store::Target& target)
      : store_(store), model_(target.version.summary.model), own_(target.version) {}

  Result<Value> Find(const std::vector<std::string>& name) override {
    DLV_ASSIGN(const VersionValues* own, ValuesOf(own_));
    if (auto value = FindIn(*own, name)) return std::move(*value);
    if (name.size() == 1) return Missing(*own, name);
    DLV_ASSIGN(const auto other, OtherVersion(*own, name[0]));
    if (!other) return Missing(*own, name);
    DLV_ASSIGN(const VersionValues* values, ValuesOf(*other));
    const std::vector<std::string> rest(name.begin() + 1, name.end());
    if (auto value = FindIn(*values, rest)) return std::move(*value);
    return Missing(*values, rest);
  }

 private:
  Result<const VersionValues*> ValuesOf(const catalog::VersionRow& version) {
    const auto known = values_.find(version.row);
    if (known != values_.end()) return &known->second;
    VersionValues values;
    values.reference = version.summary.reference();
    values.tags = version.summary.tags;
    const Status read = store_.Read([&](const catalog::Catalog& catalog) -> Status {
      DLV_ASSIGN(const auto metrics, catalog.Metrics(version.row));
      for (const Metric& metric : metrics) values.metrics[metric.name] = metric.last();
      DLV_ASSIGN(values.hparams, catalog.HyperParameters(version.row));
      return Ok();
    });
    DLV_TRY(read);
    return &values_.emplace(version.row, std::move(values)).first->second;
  }

  /// The whole name comes first, so that a metric "train.loss" needs no quotes.
  static std::optional<Value> FindIn(const VersionValues& values,
                                     std::span<const std::string> name) {
    const std::string whole = Join(name);
    if (const auto metric = values.metrics.find(whole); metric != values.metrics.end()) {
      return metric->second;
    }
    if (const auto hparam = values.hparams.find(whole); hparam != values.hparams.end()) {
      return ValueOfText(hparam->second);
    }
    if (name.size() < 2) return std::nullopt;
    const std::string rest = Join(name.subspan(1));
    if (name[0] == "metrics") {
      const auto metric = values.metrics.find(rest);
      if (metric != values.metrics.end()) return metric->second;
    }
    if (name[0] != "hparams" && name[0] != "tags") return std::nullopt;
    const KeyValues& all = name[0] == "tags" ? values.tags : values.hparams;
    const auto found = all.find(rest);
    return found == all.end() ? std::nullopt : std::optional(ValueOfText(found->second));
  }

  /// Returns the version that the first part of a name means; nothing where it means none.
  Result<std::optional<catalog::VersionRow>> OtherVersion(const VersionValues& own,
                                                          const std::string& word) {
    std::vector<std::string> references;
    if (word == "parent") {
      references = {own.reference + "~1"};
    } else if (word.find_first_of(":@~^") != std::string::npos) {
      references = {word};
    } else {
      references = {model_ + ":" + word, word};  // an alias of the model, or another model
    }
    for (const std::string& reference : references) {
      auto target = store::ResolveTarget(store_, reference);
      if (target.ok()) return std::optional(target->version);
      const ErrorCode code = target.error().code;
      const bool only_missing = code == ErrorCode::kNotFound || code == ErrorCode::kSyntax;
      if (!only_missing || references.size() == 1) return std::move(target).error();
    }
    return std::optional<catalog::VersionRow>();
  }

  Error Missing(const VersionValues& values, const std::vector<std::string>& name) const {
    std::vector<std::string> known;
    for (const auto& [key, value] : values.metrics) known.push_back(key);
    for (const auto& [key, value] : values.hparams) known.push_back(key);
    for (const auto& [key, value] : values.tags) known.push_back("tags." + key);
    const std::string whole = Join(name);
    std::string hint = store::DidYouMean(whole, known);
    if (hint.empty() && name.size() > 1 && name[0] != "metrics" && name[0] != "hparams" &&
        name[0] != "tags") {
      hint = "\"" + name[0] + "\" is neither \"parent\" nor an alias of " + model_ +
             " nor another model";
    } else if (hint.empty()) {
      hint = "see what it has with: dlv desc " + values.reference;
    }
    return Error{ErrorCode::kNotFound,
                 values.reference + " has no metric or hyper-parameter " + store::Quoted(whole),
                 std::move(hint)};
  }

  store::Store& store_;
  std::string model_;
  catalog::VersionRow own_;
  std::map<catalog::Row, VersionValues> values_;
};

}  // namespace

Result<CheckResult> CheckVersion(store::Store& store, std::string_view reference,
                                 const CheckOptions& options, const Operation& operation) {
  std::vector<requirement::Expression> expressions;  // all are understood before any is evaluated
  for (const std::string& text : options.requirements) {
    DLV_ASSIGN(auto expression, requirement::Parse(text));
    expressions.push_back(std::move(expression));
  }
  DLV_ASSIGN(const store::Target target, store::ResolveTarget(store, reference));
  CheckResult result;
  result.reference = target.version.summary.reference();
  result.passed = true;
  RepositoryValues values(store, target);
  for (const requirement::Expression& expression : expressions) {
    DLV_ASSIGN(auto requirement, requirement::Evaluate(expression, values));
    result.passed = result.passed && requirement.passed;
    result.requirements.push_back(std::move(requirement));
  }
  if (!options.no_nan && !options.no_inf) return result;
  DLV_ASSIGN(auto found, store::FindNonFinite(store, reference, operation));
  result.tensors_read = found.tensors_read;
  result.read_bytes = found.read_bytes;
  for (const NonFiniteTensor& tensor : found.tensors) {
    if ((options.no_nan && tensor.nan_count != 0) || (options.no_inf && tensor.inf_count != 0)) {
      result.passed = false;
    }
  }
  result.non_finite = std::move(found.tensors);
  return result;
}

}  // namespace dlv::api

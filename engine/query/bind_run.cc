#include <algorithm>
#include <charconv>

#include "engine/query/binder.h"
#include "engine/query/diagnostics.h"
#include "engine/query/predictions.h"
#include "engine/query/print.h"
#include "engine/query/scalar.h"
#include "engine/query/text_case.h"

namespace dlv::query {
namespace {

/// The name at the beginning of a path: config of config.net["conv*"].lr.
const SyntaxExpression& RootOf(const SyntaxExpression& path) {
  const SyntaxExpression* at = &path;
  while (!at->operands.empty()) at = &at->operands[0];
  return *at;
}

std::optional<std::int64_t> CountOf(const SyntaxExpression& value) {
  if (value.kind != SyntaxKind::kInteger) return std::nullopt;
  std::int64_t count = 0;
  std::from_chars(value.text.data(), value.text.data() + value.text.size(), count);
  return count;
}

/// Whether small values of a metric are good; nothing where its name does not say.
std::optional<bool> IsAscending(const std::string& metric) {
  const std::string name = Folded(metric);
  const auto has = [&](std::string_view part) { return name.find(part) != name.npos; };
  if (has("loss") || has("err") || has("perplexity") || has("ppl") || has("rmse") || has("mae") ||
      has("mse") || has("wer")) {
    return true;
  }
  if (has("acc") || has("f1") || has("auc") || has("precision") || has("recall") || has("bleu") ||
      has("map") || has("iou") || has("score") || has("top1") || has("top5")) {
    return false;
  }
  return std::nullopt;
}

const RunSettingEntry* FindSetting(std::string_view name, bool predicts) {
  for (const RunSettingEntry& entry : RunSettings()) {
    if (EqualFolded(entry.name, name) && (predicts ? entry.predicts : entry.evaluates))
      return &entry;
  }
  return nullptr;
}

std::vector<std::string> SettingNames(bool predicts) {
  std::vector<std::string> names;
  if (!predicts) names = {"config", "metric"};
  for (const RunSettingEntry& entry : RunSettings()) {
    if (predicts ? entry.predicts : entry.evaluates) names.emplace_back(entry.name);
  }
  return names;
}

/// "top1, loss" as names.
std::vector<std::string> NamesIn(const std::string& list) {
  std::vector<std::string> names(1);
  for (const char c : list) {
    if (c == ',') {
      names.emplace_back();
    } else if (c != ' ') {
      names.back() += c;
    }
  }
  std::erase(names, std::string());
  return names;
}

void AddOnce(const std::string& name, std::vector<std::string>* names) {
  if (std::find(names->begin(), names->end(), name) == names->end()) names->push_back(name);
}

/// What config.NAME sets; nothing for parts of training.
std::optional<RunSetting> SettingOf(const SyntaxExpression& path) {
  const bool plain = path.kind == SyntaxKind::kMember && path.operands[0].kind == SyntaxKind::kName;
  const RunSettingEntry* const entry = plain ? FindSetting(path.text, false) : nullptr;
  return entry == nullptr ? std::nullopt : std::optional(entry->setting);
}

}  // namespace

Status Binder::BindRunSources(const SyntaxName& subject, const std::vector<SyntaxSource>& sources,
                              Scope* scope, std::vector<BoundSource>* bound) {
  if (!sources.empty()) {
    DLV_ASSIGN(*bound, BindSources(sources, {subject}, scope));
    return Ok();
  }
  if (FindVariable(subject.text, scope)) return Ok();  // of a query around this one
  BoundSource source = ImplicitSource(subject.text, subject.place);
  scope->variables.push_back(source.variable);
  bound->push_back(std::move(source));
  return Ok();
}

Status Binder::AddSetting(RunSetting setting, const SyntaxExpression& written, Scope* scope,
                          std::vector<RunSetting>* settings, BoundExpressions* values) {
  DLV_ASSIGN(BoundExpression value, BindValue(written, scope));
  WantParameter(&value, TypeOf(setting));
  if (value.kind == ExpressionKind::kConstant) {
    PredictionRequest ignored;
    const Status fits = SetPrediction(setting, ValueOf(value.constant), &ignored);
    if (!fits.ok()) return Wrong(written.place, fits.error().message, fits.error().hint);
  }
  if (std::find(settings->begin(), settings->end(), setting) != settings->end())
    return Wrong(written.place, std::string(NameOf(setting)) + " is given twice");
  settings->push_back(setting);
  values->push_back(std::move(value));
  return Ok();
}

Status Binder::AddSettings(const std::vector<SyntaxSetting>& written, bool predicts, Scope* scope,
                           std::vector<RunSetting>* settings, BoundExpressions* values) {
  for (const SyntaxSetting& one : written) {
    const RunSettingEntry* const entry = FindSetting(one.name.text, predicts);
    if (entry == nullptr) {
      return Unknown(one.name.place,
                     std::string(predicts ? "predict" : "evaluate") + " has no setting \"" +
                         one.name.text + "\"",
                     DidYouMean(one.name.text, SettingNames(predicts)));
    }
    DLV_TRY(AddSetting(entry->setting, one.value, scope, settings, values));
  }
  return Ok();
}

Result<BoundSource> Binder::BindAnswers(const SyntaxPredict& predict, Scope* scope) {
  const auto subject = FindVariable(predict.subject.text, scope);
  if (!subject) {
    return Unknown(predict.subject.place, "no source \"" + predict.subject.text + "\"",
                   DidYouMean(predict.subject.text, VariableNames(scope)));
  }
  const Type type = variable(*subject).type;
  if (!HasNodes(type)) {
    return Wrong(predict.subject.place, "predict runs versions or networks, and \"" +
                                            predict.subject.text + "\" is of type " + NameOf(type));
  }
  BoundSource answers;
  answers.kind = SourceKind::kPredict;
  answers.place = predict.place;
  answers.mode = predict.mode;
  answers.arguments.push_back(MakeVariable(*subject, type, predict.subject.place));
  const auto add = [&](RunSetting setting, const std::optional<SyntaxExpression>& value) {
    return value ? AddSetting(setting, *value, scope, &answers.settings, &answers.arguments) : Ok();
  };
  DLV_TRY(add(RunSetting::kData, predict.data));
  DLV_TRY(add(RunSetting::kTop, predict.top));
  DLV_TRY(add(RunSetting::kTau, predict.tau));
  DLV_TRY(add(RunSetting::kPlanes, predict.planes));
  DLV_TRY(AddSettings(predict.settings, true, scope, &answers.settings, &answers.arguments));
  answers.variable = AddVariable("", {TypeKind::kRow});
  variable(answers.variable).fields = PredictionFields(type);
  return answers;
}

Result<BoundQuery> Binder::BindPredict(const SyntaxPredict& predict, Scope* outer) {
  Scope scope;
  scope.outer = outer;
  BoundSelect bound;
  DLV_TRY(BindRunSources(predict.subject, predict.sources, &scope, &bound.sources));
  DLV_ASSIGN(BoundSource answers, BindAnswers(predict, &scope));
  const VariableId rows = answers.variable;
  scope.variables.push_back(rows);
  scope.preferred = rows;
  bound.sources.push_back(std::move(answers));
  scope.aggregates = {nullptr, "an aggregate in \"where\""};
  if (predict.where) {
    DLV_ASSIGN(bound.where, BindWhere(*predict.where, &scope));
  }
  DLV_TRY(AddVariableColumns(rows, predict.place, &bound));
  SyntaxSelect ordered;
  ordered.order_by = predict.order_by;
  scope.aggregates = {nullptr, "an aggregate behind predict"};
  DLV_TRY(BindOrders(ordered, &scope, &bound));
  DLV_ASSIGN(bound.limit, BindCount(predict.limit, "limit", &scope));
  DLV_ASSIGN(bound.offset, BindCount(predict.offset, "offset", &scope));
  BoundQuery query;
  for (const BoundOutput& output : bound.outputs)
    query.columns.emplace_back(output.name, output.type);
  query.outer.assign(scope.outer_used.begin(), scope.outer_used.end());
  query.body = std::move(bound);
  return query;
}

Result<VariableId> Binder::FindEvaluated(const SyntaxEvaluate& evaluate, Scope* scope) {
  auto found = FindVariable(evaluate.result.text, scope);
  if (evaluate.sources.size() == 1) found = scope->variables[0];
  if (!found) {
    return Unknown(evaluate.result.place, "no source \"" + evaluate.result.text + "\"",
                   DidYouMean(evaluate.result.text, VariableNames(scope)));
  }
  const Type type = variable(*found).type;
  if (HasNodes(type)) return *found;
  return Wrong(evaluate.sources.empty() ? evaluate.result.place : evaluate.sources[0].place,
               "evaluate tries versions or networks, and this gives " + NameOf(type));
}

/// Takes `config` and `metric` out of the settings, which shape the statement.
Status Binder::TakeOwnSettings(std::vector<SyntaxSetting>* settings, BoundEvaluate* bound) {
  for (std::size_t i = 0; i < settings->size();) {
    const SyntaxSetting& one = (*settings)[i];
    const bool is_config = EqualFolded(one.name.text, "config");
    if (!is_config && !EqualFolded(one.name.text, "metric")) {
      ++i;
      continue;
    }
    if (one.value.kind != SyntaxKind::kText) {
      return Wrong(one.value.place, one.name.text + " takes a text in quotes",
                   is_config ? "with config = \"evaluation.yaml\"" : "with metric = \"top1,loss\"");
    }
    if (is_config) bound->config = one.value.text;
    if (!is_config) bound->metrics = NamesIn(one.value.text);
    if (!is_config && bound->metrics.empty()) return Wrong(one.value.place, "no metric is named");
    settings->erase(settings->begin() + static_cast<std::ptrdiff_t>(i));
  }
  return Ok();
}

Result<BoundEvaluate::Dimension> Binder::BindDimension(const SyntaxEvaluate::Dimension& dimension,
                                                       Scope* scope) {
  const SyntaxExpression& base = RootOf(dimension.path);
  if (!EqualFolded(base.text, "config")) {
    return Wrong(base.place, "what varies is a part of config, not of \"" + base.text + "\"",
                 "config.base_lr, config.net[\"conv*\"].lr");
  }
  BoundEvaluate::Dimension made;
  made.path = Print(dimension.path);
  made.place = dimension.path.place;
  made.column = dimension.path.kind == SyntaxKind::kMember ? dimension.path.text : "value";
  made.setting = SettingOf(dimension.path);
  if (!dimension.list) return made;
  if (dimension.list->operands.empty()) {
    return Wrong(dimension.list->place, "an empty list of values to try");
  }
  for (const SyntaxExpression& one : dimension.list->operands) {
    DLV_ASSIGN(BoundExpression value, BindValue(one, scope));
    if (value.kind != ExpressionKind::kConstant && value.kind != ExpressionKind::kParameter) {
      return Wrong(one.place, "a value to try is a literal or a parameter");
    }
    if (made.setting) WantParameter(&value, TypeOf(*made.setting));
    if (made.setting && value.kind == ExpressionKind::kConstant) {
      RunData ignored;
      const Status fits = SetData(*made.setting, ValueOf(value.constant), &ignored);
      if (!fits.ok()) return Wrong(one.place, fits.error().message, fits.error().hint);
    }
    made.values.push_back(std::move(value));
  }
  return made;
}

Result<BoundQuery> Binder::BindEvaluate(const SyntaxEvaluate& evaluate, Scope* outer) {
  Scope scope;
  scope.outer = outer;
  BoundEvaluate bound;
  bound.result = evaluate.result.text;
  bound.save = evaluate.save;
  DLV_TRY(BindRunSources(evaluate.result, evaluate.sources, &scope, &bound.sources));
  DLV_ASSIGN(bound.subject, FindEvaluated(evaluate, &scope));
  const Type type = variable(bound.subject).type;
  if (bound.save && (outer != nullptr || !stored_.empty())) {
    return Wrong(evaluate.result.place, "\"save\" inside of another query");
  }
  if (bound.save && type != kVersionType) {
    return Wrong(evaluate.result.place, "\"save\" behind networks that are not stored",
                 "save as makes versions of them first");
  }
  if (evaluate.data) {
    DLV_TRY(AddSetting(RunSetting::kData, *evaluate.data, &scope, &bound.settings, &bound.values));
  }
  std::vector<SyntaxSetting> settings = evaluate.settings;
  DLV_TRY(TakeOwnSettings(&settings, &bound));
  DLV_TRY(AddSettings(settings, false, &scope, &bound.settings, &bound.values));
  scope.aggregates = {nullptr, "an aggregate in \"where\""};
  if (evaluate.where) {
    DLV_ASSIGN(bound.where, BindWhere(*evaluate.where, &scope));
  }
  bound.result_variable = AddVariable(evaluate.result.text, type, RelationOfEntity(type.kind));
  for (const SyntaxEvaluate::Dimension& dimension : evaluate.vary) {
    DLV_ASSIGN(auto made, BindDimension(dimension, &scope));
    bound.vary.push_back(std::move(made));
  }
  const bool chosen = !bound.metrics.empty();
  for (const SyntaxExpression& call : evaluate.keep) {
    DLV_ASSIGN(auto rule, BindRule(call, evaluate.result.text));
    AddOnce(rule.metric, &bound.metrics);
    bound.keep.push_back(std::move(rule));
  }
  const auto is_top1 = [](const std::string& name) { return name == "acc" || name == "accuracy"; };
  const bool has_top1 = std::any_of(bound.metrics.begin(), bound.metrics.end(), is_top1);
  if (!chosen && !has_top1) AddOnce("top1", &bound.metrics);
  if (!chosen) AddOnce("loss", &bound.metrics);
  BoundQuery query;
  query.columns = EvaluationColumns(bound, type);
  query.outer.assign(scope.outer_used.begin(), scope.outer_used.end());
  query.body = std::move(bound);
  return query;
}

Result<BoundEvaluate::Rule> Binder::BindRule(const SyntaxExpression& call,
                                             const std::string& result) {
  BoundEvaluate::Rule rule;
  rule.place = call.place;
  const std::string name = Folded(call.text);
  const bool top = name == "top";
  if (!top && name != "threshold") {
    return Unknown(call.place, "no rule \"" + call.text + "\"", "there are top and threshold");
  }
  rule.kind = top ? BoundEvaluate::Rule::Kind::kTop : BoundEvaluate::Rule::Kind::kThreshold;
  const char* const form = top ? "top(5, m[\"loss\"], 100)" : "threshold(m[\"acc\"], 0.9, 100)";
  const auto& arguments = call.operands;
  if (arguments.size() < 2 || arguments.size() > 4) {
    return Wrong(call.place, name + "() takes two to four arguments", form);
  }
  const SyntaxExpression& metric = arguments[top ? 1 : 0];
  const SyntaxExpression& base = RootOf(metric);
  const bool keyed =
      metric.kind == SyntaxKind::kIndex && metric.operands[1].kind == SyntaxKind::kText;
  if (!keyed || base.text != result) {
    return Wrong(metric.place, "a metric is written " + WrittenName(result) + "[\"loss\"]", form);
  }
  rule.metric = metric.operands[1].text;
  const SyntaxExpression& number = arguments[top ? 0 : 1];
  if (top) {
    const auto count = CountOf(number);
    if (!count || *count == 0)
      return Wrong(number.place, "top() keeps a whole number, at least 1", form);
    rule.count = *count;
  } else {
    const bool negative = number.kind == SyntaxKind::kNegate;
    const SyntaxExpression& digits = negative ? number.operands[0] : number;
    if (digits.kind != SyntaxKind::kInteger && digits.kind != SyntaxKind::kReal) {
      return Wrong(number.place, "threshold() takes a number as its bound", form);
    }
    std::from_chars(digits.text.data(), digits.text.data() + digits.text.size(), rule.bound);
    if (negative) rule.bound = -rule.bound;
  }
  std::optional<bool> ascending = IsAscending(rule.metric);
  for (std::size_t i = 2; i < arguments.size(); ++i) {
    const SyntaxExpression& more = arguments[i];
    const bool text = more.kind == SyntaxKind::kText;
    if (text && (more.text == "asc" || more.text == "desc")) {
      ascending = more.text == "asc";
    } else if (const auto count = CountOf(more); count && i == 2) {
      rule.iterations = *count;
    } else {
      return Wrong(more.place, "want a number of iterations, \"asc\" or \"desc\"", form);
    }
  }
  if (!ascending) {
    return Wrong(metric.place,
                 "nobody knows whether \"" + rule.metric + "\" should be small or big",
                 "say \"asc\" (small is good) or \"desc\" as the last argument");
  }
  rule.ascending = *ascending;
  return rule;
}

}  // namespace dlv::query

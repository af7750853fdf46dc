#include <algorithm>
#include <charconv>

#include "engine/query/binder.h"
#include "engine/query/diagnostics.h"
#include "engine/query/print.h"
#include "engine/query/text_case.h"

namespace dlv::query {
namespace {

/// The name at the beginning of a path: m of m["conv1"].next.
const SyntaxExpression& BaseOf(const SyntaxExpression& path) {
  const SyntaxExpression* at = &path;
  while (!at->operands.empty()) at = &at->operands[0];
  return *at;
}

/// Texts of the selectors in a path.
void CollectSelectors(const SyntaxExpression& path, std::set<std::string>* texts) {
  if (path.kind == SyntaxKind::kIndex && path.operands[1].kind == SyntaxKind::kText) {
    texts->insert(path.operands[1].text);
  }
  if (!path.operands.empty()) CollectSelectors(path.operands[0], texts);
}

/// .out[k] at the end of a path; the path without it goes to `*rest`.
std::optional<std::uint32_t> TakePort(const SyntaxExpression& path, const SyntaxExpression** rest) {
  *rest = &path;
  if (path.kind != SyntaxKind::kIndex || path.operands[0].kind != SyntaxKind::kMember ||
      !EqualFolded(path.operands[0].text, "out") || path.operands[1].kind != SyntaxKind::kInteger) {
    return std::nullopt;
  }
  const std::string& digits = path.operands[1].text;
  std::uint32_t port = 0;
  if (std::from_chars(digits.data(), digits.data() + digits.size(), port).ec != std::errc()) {
    return std::nullopt;
  }
  *rest = &path.operands[0].operands[0];
  return port;
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

BoundQuery NetworkQuery(std::string name) {
  BoundQuery query;
  query.columns = {{std::move(name), kNetworkType}};
  return query;
}

}  // namespace

Result<VariableId> Binder::FindSubject(const std::vector<const SyntaxExpression*>& paths,
                                       Scope* scope) {
  std::optional<VariableId> subject;
  for (const SyntaxExpression* path : paths) {
    const SyntaxExpression& base = BaseOf(*path);
    std::optional<VariableId> id;
    for (const VariableId one : scope->variables) {
      if (base.kind == SyntaxKind::kName && variable(one).name == base.text) id = one;
    }
    if (!id) {
      return Unknown(base.place, "no source \"" + base.text + "\"",
                     DidYouMean(base.text, VariableNames(scope)));
    }
    if (!HasNodes(variable(*id).type)) {
      return Wrong(base.place, "\"" + base.text + "\" has no network; it is of type " +
                                   NameOf(variable(*id).type));
    }
    if (subject && *subject != *id) {
      return Wrong(
          base.place,
          "nodes of two sources, \"" + variable(*subject).name + "\" and \"" + base.text + "\"",
          "one query makes networks of one source");
    }
    subject = id;
  }
  return *subject;
}

Result<BoundExpression> Binder::BindEnd(const SyntaxExpression& nodes, VariableId, Scope* scope) {
  const SyntaxExpression* path = nullptr;
  const auto port = TakePort(nodes, &path);
  DLV_ASSIGN(BoundExpression set, BindValue(*path, scope));
  if (!IsNodes(set.type)) {
    return Wrong(nodes.place, "an end of a slice is nodes, not " + NameOf(set.type),
                 "m[\"conv1\"] are nodes");
  }
  if (!port) return set;
  BoundExpression made =
      MakeUnary(ExpressionKind::kPort, SetOf(TypeKind::kNode), nodes.place, std::move(set));
  made.index = *port;
  return made;
}

Result<BoundQuery> Binder::BindSlice(const SyntaxSlice& slice, Scope* outer) {
  Scope scope;
  scope.outer = outer;
  BoundSlice bound;
  bound.result = slice.result.text;
  bound.closure = slice.closure;
  std::vector<const SyntaxExpression*> paths;
  for (const SyntaxSlice::End& end : slice.ends) paths.push_back(&end.nodes);
  const auto walk = [&](const auto& visit) {
    for (const SyntaxExpression* path : paths) visit(*path);
    if (slice.where) visit(*slice.where);
  };
  DLV_ASSIGN(bound.sources, BindSources(slice.sources, FreeNames(walk, nullptr, outer), &scope));
  scope.aggregates.refused = "an aggregate in a slice";
  if (slice.where) {
    DLV_ASSIGN(bound.where, BindWhere(*slice.where, &scope));
  }
  DLV_ASSIGN(bound.subject, FindSubject(paths, &scope));
  if (FindVariable(slice.result.text, &scope)) {
    return Wrong(slice.result.place, "the result has the name of a source",
                 "give it another name: slice s from m");
  }
  bound.result_variable = AddVariable(slice.result.text, kNetworkType, RelationId::kNetworks);
  for (const SyntaxSlice::End& end : slice.ends) {
    if (end.variable.text != slice.result.text) {
      return Unknown(end.variable.place,
                     "\"" + end.variable.text + "\" is not the result of this slice",
                     "it is \"" + slice.result.text + "\"");
    }
    const bool input = EqualFolded(end.end.text, "input");
    if (!input && !EqualFolded(end.end.text, "output")) {
      return Unknown(end.end.place, "a slice has no \"" + end.end.text + "\"",
                     "there are .input and .output");
    }
    DLV_ASSIGN(BoundExpression nodes, BindEnd(end.nodes, bound.subject, &scope));
    if (input && nodes.kind == ExpressionKind::kPort) {
      return Wrong(end.nodes.place, "\".out[]\" of an input", "outputs are cut there");
    }
    (input ? bound.inputs : bound.outputs).push_back(std::move(nodes));
  }
  if (bound.inputs.empty() || bound.outputs.empty()) {
    const std::string missing = bound.inputs.empty() ? "input" : "output";
    return Wrong(slice.ends.back().nodes.place, "a slice without " + missing,
                 "add: and " + slice.result.text + "." + missing + " = m[\"...\"]");
  }
  BoundQuery query = NetworkQuery(slice.result.text);
  query.outer.assign(scope.outer_used.begin(), scope.outer_used.end());
  query.body = std::move(bound);
  return query;
}

Result<BoundQuery> Binder::BindConstruct(const SyntaxConstruct& construct, Scope* outer) {
  Scope scope;
  scope.outer = outer;
  BoundConstruct bound;
  bound.result = construct.result.text;
  CaptureFrame frame;
  frame.construct = true;
  std::vector<const SyntaxExpression*> paths;
  for (const SyntaxConstruct::Action& action : construct.actions) {
    paths.push_back(&action.target);
    CollectSelectors(action.target, &frame.in_actions);
    if (action.value && action.value->kind != SyntaxKind::kCall) {
      paths.push_back(&*action.value);
      CollectSelectors(*action.value, &frame.in_actions);
    }
  }
  const auto walk = [&](const auto& visit) {
    for (const SyntaxExpression* path : paths) visit(*path);
    if (construct.where) visit(*construct.where);
  };
  DLV_ASSIGN(bound.sources,
             BindSources(construct.sources, FreeNames(walk, nullptr, outer), &scope));
  scope.aggregates.refused = "an aggregate in a construct";
  DLV_ASSIGN(bound.subject, FindSubject(paths, &scope));
  if (FindVariable(construct.result.text, &scope)) {
    return Wrong(construct.result.place, "the result has the name of a source",
                 "give it another name: construct c from m");
  }
  bound.result_variable = AddVariable(construct.result.text, kNetworkType, RelationId::kNetworks);
  scope.frame = &frame;
  if (construct.where) {
    DLV_ASSIGN(bound.where, BindCondition(*construct.where, &scope));
  }
  frame.where_over = true;
  for (const SyntaxConstruct::Action& action : construct.actions) {
    DLV_ASSIGN(BoundAction made, BindAction(action, bound.subject, &scope));
    bound.actions.push_back(std::move(made));
  }
  BoundExpressions conditions;
  if (bound.where) conditions.push_back(std::move(*bound.where));
  for (CaptureFrame::Chosen& chosen : frame.chosen) {
    const bool of_subject =
        chosen.base.kind == ExpressionKind::kVariable && chosen.base.variable == bound.subject;
    if (!of_subject) {
      return Wrong(chosen.node.place,
                   "a selector with captures on another source than the one that "
                   "is changed");
    }
    for (BoundExpression& equal : chosen.equal) conditions.push_back(std::move(equal));
    bound.node_variables.push_back(std::move(chosen.node));
  }
  if (conditions.size() == 1) bound.where = std::move(conditions[0]);
  if (conditions.size() > 1) {
    const Place place = conditions[0].place;
    bound.where = MakeExpression(ExpressionKind::kAnd, kBooleanType, place, std::move(conditions));
  }
  BoundQuery query = NetworkQuery(construct.result.text);
  query.outer.assign(scope.outer_used.begin(), scope.outer_used.end());
  query.body = std::move(bound);
  return query;
}

Result<BoundAction> Binder::BindAction(const SyntaxConstruct::Action& action, VariableId,
                                       Scope* scope) {
  BoundAction bound;
  bound.place = action.place;
  const SyntaxExpression* path = nullptr;
  bound.port = TakePort(action.target, &path);
  DLV_ASSIGN(bound.target, BindValue(*path, scope));
  if (!IsNodes(bound.target.type)) {
    return Wrong(action.target.place, "an action changes nodes, not " + NameOf(bound.target.type),
                 "m[\"conv1\"] are nodes");
  }
  if (action.verb == SyntaxConstruct::Verb::kInsert) {
    DLV_ASSIGN(bound.made, BindTemplate(*action.value, true, scope));
    return bound;
  }
  if (bound.port)
    return Wrong(action.target.place, "\".out[]\" before \".delete\"", "it deletes nodes");
  bound.kind = action.value ? ActionKind::kDeleteConsumers : ActionKind::kDelete;
  if (action.value && action.value->kind == SyntaxKind::kCall) {
    DLV_ASSIGN(bound.made, BindTemplate(*action.value, false, scope));
  } else if (action.value) {
    DLV_ASSIGN(bound.nodes, BindValue(*action.value, scope));
    if (!IsNodes(bound.nodes->type)) {
      return Wrong(action.value->place,
                   "\".delete =\" takes nodes or a template, not " + NameOf(bound.nodes->type));
    }
  }
  if (action.keep) {
    if (*action.keep > 1000000) return Wrong(action.place, "there is no such input to keep");
    bound.keep = static_cast<std::uint32_t>(*action.keep);
  }
  return bound;
}

Result<BoundQuery> Binder::BindEvaluate(const SyntaxEvaluate& evaluate, Scope* outer) {
  Scope scope;
  scope.outer = outer;
  BoundEvaluate bound;
  bound.result = evaluate.result.text;
  bound.config = evaluate.config;
  DLV_ASSIGN(auto sources, BindSources({evaluate.source}, {evaluate.result}, &scope));
  bound.source = std::move(sources[0]);
  const Type type = variable(bound.source.variable).type;
  if (!HasNodes(type)) {
    return Wrong(evaluate.source.place,
                 "evaluate tries versions or networks, and this gives " + NameOf(type));
  }
  bound.result_variable = AddVariable(evaluate.result.text, type, RelationOfEntity(type.kind));
  for (const SyntaxEvaluate::Dimension& dimension : evaluate.vary) {
    const SyntaxExpression& base = BaseOf(dimension.path);
    if (!EqualFolded(base.text, "config")) {
      return Wrong(base.place, "what varies is a part of config, not of \"" + base.text + "\"",
                   "config.base_lr, config.net[\"conv*\"].lr");
    }
    BoundEvaluate::Dimension made;
    made.path = Print(dimension.path);
    if (dimension.list) {
      if (dimension.list->operands.empty()) {
        return Wrong(dimension.list->place, "an empty list of values to try");
      }
      for (const SyntaxExpression& one : dimension.list->operands) {
        DLV_ASSIGN(BoundExpression value, BindValue(one, &scope));
        if (value.kind != ExpressionKind::kConstant && value.kind != ExpressionKind::kParameter) {
          return Wrong(one.place, "a value to try is a literal or a parameter");
        }
        made.values.push_back(std::move(value));
      }
    }
    bound.vary.push_back(std::move(made));
  }
  for (const SyntaxExpression& call : evaluate.keep) {
    DLV_ASSIGN(auto rule, BindRule(call, evaluate.result.text));
    bound.keep.push_back(std::move(rule));
  }
  BoundQuery query;
  query.columns = {{evaluate.result.text, type}};
  query.outer.assign(scope.outer_used.begin(), scope.outer_used.end());
  query.body = std::move(bound);
  return query;
}

Result<BoundEvaluate::Rule> Binder::BindRule(const SyntaxExpression& call,
                                             const std::string& result) {
  BoundEvaluate::Rule rule;
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
  const SyntaxExpression& base = BaseOf(metric);
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

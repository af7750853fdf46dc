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

}  // namespace dlv::query

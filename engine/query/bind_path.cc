#include <algorithm>
#include <charconv>

#include "engine/query/binder.h"
#include "engine/query/diagnostics.h"
#include "engine/query/print.h"
#include "engine/query/text_case.h"

namespace dlv::query {
namespace {

struct Role {
  std::string_view member;
  std::string_view role;
};
constexpr Role kRoles[] = {
    {"weight", "weight"},        {"bias", "bias"},         {"mean", "mean"},
    {"running_mean", "mean"},    {"variance", "variance"}, {"var", "variance"},
    {"running_var", "variance"}, {"parameters", ""},
};

/// One of the collections of a version or snapshot that is asked by key.
bool IsKeyed(const SyntaxExpression& value, std::string_view name) {
  return value.kind == SyntaxKind::kMember && !value.quoted && EqualFolded(value.text, name);
}

std::vector<std::string> ColumnNames(RelationId relation) {
  std::vector<std::string> names;
  for (const Column& column : SchemaOf(relation).columns) names.emplace_back(column.name);
  return names;
}

}  // namespace

Result<BoundExpression> Binder::BindMember(const SyntaxExpression& value, Scope* scope) {
  DLV_ASSIGN(BoundExpression base, BindValue(value.operands[0], scope));
  if (base.kind == ExpressionKind::kMetric && base.metric == MetricFigure::kLast) {
    const std::string figure = Folded(value.text);
    base.place = value.place;
    if (figure == "min") base.metric = MetricFigure::kMin;
    if (figure == "max") base.metric = MetricFigure::kMax;
    if (figure == "series") {
      base.metric = MetricFigure::kSeries;
      base.type = ListOf(TypeKind::kReal);
    }
    if (figure == "last" || base.metric != MetricFigure::kLast) return base;
    return Unknown(MemberPlace(value), "a metric has no \"" + value.text + "\"",
                   "there are .last, .min, .max, .series and .at(step)");
  }
  return MemberOf(std::move(base), value);
}

Result<BoundExpression> Binder::MemberOf(BoundExpression base, const SyntaxExpression& value) {
  if (IsNodes(base.type)) return NodeMember(std::move(base), value);
  if (base.type.is_set()) {
    return Lift(std::move(base), false,
                [&](BoundExpression one) { return MemberOf(std::move(one), value); });
  }
  const BoundVariable* row =
      base.kind == ExpressionKind::kVariable ? &variable(base.variable) : nullptr;
  if (row != nullptr && base.type.kind == TypeKind::kRow && !row->relation) {
    for (std::size_t i = 0; i < row->fields.size(); ++i) {
      if (row->fields[i].first != value.text) continue;
      BoundExpression field =
          MakeExpression(ExpressionKind::kField, row->fields[i].second, value.place);
      field.variable = base.variable;
      field.index = static_cast<std::uint32_t>(i);
      return field;
    }
    return NoMember(base, value);
  }
  const auto relation =
      row != nullptr && row->relation ? row->relation : RelationOfEntity(base.type.kind);
  const Column* column = relation ? FindColumn(*relation, value.text) : nullptr;
  // A nested query of one column makes a variable of what is in it: x.m is x then.
  if (column == nullptr) return NoMember(base, value);
  BoundExpression made =
      MakeUnary(ExpressionKind::kColumn, column->type, value.place, std::move(base));
  made.column = column->id;
  return made;
}

Error Binder::NoMember(const BoundExpression& base, const SyntaxExpression& value) {
  const BoundVariable* row =
      base.kind == ExpressionKind::kVariable ? &variable(base.variable) : nullptr;
  std::vector<std::string> known;
  if (row != nullptr) {
    for (const auto& field : row->fields) known.push_back(field.first);
  }
  auto relation = RelationOfEntity(base.type.kind);
  if (row != nullptr && row->relation) relation = row->relation;
  if (relation) known = ColumnNames(*relation);
  const std::string message = "a " + NameOf(base.type) + " has no \"" + value.text + "\"";
  if (known.empty()) return Unknown(MemberPlace(value), message);
  if (base.type == kVersionType) {
    const auto is = [&](NameKind kind) { return names().Has(kind, value.text); };
    const std::string key = "[" + Quoted(value.text) + "]";
    if (is(NameKind::kMetric)) return Unknown(MemberPlace(value), message, "write .metrics" + key);
    if (is(NameKind::kHparam)) return Unknown(MemberPlace(value), message, "write .hparams" + key);
    if (is(NameKind::kTag)) return Unknown(MemberPlace(value), message, "write .tags" + key);
    for (const char* keyed : {"metrics", "hparams", "tags", "tensors"}) {
      if (EqualFolded(value.text, keyed)) {
        return Unknown(MemberPlace(value), "." + value.text + " without a name in brackets",
                       "write ." + std::string(keyed) + "[\"name\"]; the relation " + keyed +
                           " has all of them");
      }
      known.emplace_back(keyed);
    }
    if (EqualFolded(value.text, "next") || EqualFolded(value.text, "prev")) {
      return Unknown(MemberPlace(value), message, "nodes have it: m[\"conv1\"]." + value.text);
    }
  }
  return Unknown(MemberPlace(value), message, DidYouMean(value.text, known));
}

Result<BoundExpression> Binder::NodeMember(BoundExpression base, const SyntaxExpression& value) {
  const std::string name = Folded(value.text);
  if (name == "next" || name == "prev") {
    return MakeUnary(name == "next" ? ExpressionKind::kNext : ExpressionKind::kPrevious,
                     SetOf(TypeKind::kNode), value.place, std::move(base));
  }
  for (const Role& role : kRoles) {
    if (name != role.member) continue;
    BoundExpression tensors = MakeUnary(ExpressionKind::kNodeTensors, SetOf(TypeKind::kTensor),
                                        value.place, std::move(base));
    tensors.name = role.role;
    return tensors;
  }
  const Column* const column = FindColumn(RelationId::kNodes, value.text);
  if (column == nullptr && !IsAttributeName(value.text)) {
    std::vector<std::string> known = ColumnNames(RelationId::kNodes);
    known.insert(known.end(), AttributeNames().begin(), AttributeNames().end());
    for (const Role& role : kRoles) known.emplace_back(role.member);
    const std::string near = DidYouMean(value.text, known);
    return Unknown(MemberPlace(value), "no attribute \"" + value.text + "\" of nodes is known",
                   near.empty() ? "attribute(n, " + Quoted(value.text) + ") takes any name" : near);
  }
  return Lift(std::move(base), false, [&](BoundExpression one) -> Expression {
    if (column != nullptr) {
      BoundExpression made =
          MakeUnary(ExpressionKind::kColumn, column->type, value.place, std::move(one));
      made.column = column->id;
      return made;
    }
    BoundExpression made =
        MakeUnary(ExpressionKind::kAttribute, kAnyType, value.place, std::move(one));
    made.name = value.text;
    return made;
  });
}

Result<BoundExpression> Binder::BindReach(const SyntaxExpression& value, Scope* scope) {
  DLV_ASSIGN(BoundExpression base, BindValue(value.operands[0], scope));
  if (!IsNodes(base.type)) {
    return Wrong(
        value.place,
        "\"." + value.text + "*\" starts at nodes, and this is of type " + NameOf(base.type),
        "m[\"conv1\"]." + value.text + "* are the nodes that can be reached");
  }
  return MakeUnary(
      value.text == "next" ? ExpressionKind::kReachNext : ExpressionKind::kReachPrevious,
      SetOf(TypeKind::kNode), value.place, std::move(base));
}

Result<BoundExpression> Binder::BindIsAlias(const SyntaxExpression& value, Scope* scope) {
  DLV_ASSIGN(BoundExpression base, BindValue(value.operands[0], scope));
  DLV_TRY(CheckAlias(value.text, value.place));
  return Lift(std::move(base), false, [&](BoundExpression one) -> Expression {
    if (one.type != kVersionType) {
      return Wrong(value.place, "\"@\" asks of a version, and this is of type " + NameOf(one.type));
    }
    BoundExpression made =
        MakeUnary(ExpressionKind::kIsAlias, kBooleanType, value.place, std::move(one));
    made.name = value.text;
    return made;
  });
}

Result<BoundExpression> Binder::BindMethod(const SyntaxExpression& value, Scope* scope) {
  const std::string name = Folded(value.text);
  BoundExpressions arguments;
  std::vector<Place> places;
  for (const SyntaxExpression& operand : value.operands) {
    DLV_ASSIGN(BoundExpression argument, BindValue(operand, scope));
    arguments.push_back(std::move(argument));
    places.push_back(operand.place);
  }
  if (name == "at" && arguments[0].kind == ExpressionKind::kMetric) {
    if (arguments.size() != 2) return Wrong(value.place, ".at() takes one step");
    WantParameter(&arguments[1], kIntegerType);
    if (arguments[1].type != kIntegerType && arguments[1].type != kAnyType) {
      return Wrong(places[1], ".at() takes a whole number, not " + NameOf(arguments[1].type));
    }
    BoundExpression metric = std::move(arguments[0]);
    metric.metric = MetricFigure::kAt;
    metric.place = value.place;
    metric.operands.push_back(std::move(arguments[1]));
    return metric;
  }
  return CallFunction(name, std::move(arguments), value.place, places);
}

Result<BoundExpression> Binder::BindIndex(const SyntaxExpression& value, Scope* scope) {
  DLV_ASSIGN(auto keyed, BindKeyed(value, scope));
  if (keyed) return std::move(*keyed);
  DLV_ASSIGN(BoundExpression base, BindValue(value.operands[0], scope));
  if (HasNodes(base.type)) return BindNodes(std::move(base), value.operands[1], scope);
  if (base.type.is_set() &&
      (base.type.element == TypeKind::kVersion || base.type.element == TypeKind::kNetwork)) {
    return Wrong(value.place, "a selector on a set of versions",
                 "take them one by one: from parent(m) p");
  }
  DLV_ASSIGN(BoundExpression place, BindValue(value.operands[1], scope));
  WantParameter(&place, kIntegerType);
  if (place.type.is_set()) return Wrong(place.place, "a set as a place in a list");
  return Lift(std::move(base), false, [&](BoundExpression list) -> Expression {
    if (!list.type.is_list() && list.type != kAnyType) {
      return Wrong(value.place, "\"[...]\" behind a value of type " + NameOf(list.type),
                   "versions take selectors, lists take places");
    }
    if (place.type != kIntegerType && place.type != kAnyType) {
      return Wrong(place.place, "a place in a list is a whole number, not " + NameOf(place.type));
    }
    const Type type{list.type.is_list() ? list.type.element : TypeKind::kAny};
    BoundExpression made =
        MakeBinary(ExpressionKind::kFunction, type, value.place, std::move(list), place);
    made.function = Function::kElement;
    return made;
  });
}

Result<std::optional<BoundExpression>> Binder::BindKeyed(const SyntaxExpression& value,
                                                         Scope* scope) {
  const SyntaxExpression& collection = value.operands[0];
  const bool metrics = IsKeyed(collection, "metrics"), hparams = IsKeyed(collection, "hparams"),
             tags = IsKeyed(collection, "tags"), tensors = IsKeyed(collection, "tensors");
  std::optional<BoundExpression> none;
  if (!metrics && !hparams && !tags && !tensors) return none;
  DLV_ASSIGN(BoundExpression base, BindValue(collection.operands[0], scope));
  const bool versions =
      base.type == kVersionType || (base.type.is_set() && base.type.element == TypeKind::kVersion);
  SyntaxExpression key = value.operands[1];
  if (!versions && !(tensors && base.type.kind == TypeKind::kSnapshot)) return none;
  if (key.kind == SyntaxKind::kParameter) {
    std::string any = "*";
    if (metrics || hparams) {
      const auto& known = names().All(metrics ? NameKind::kMetric : NameKind::kHparam);
      if (!known.empty()) any = known.front();
    }
    key = StandIn(key, kTextType, any);
  }
  if (key.kind != SyntaxKind::kText) {
    return Wrong(key.place, "." + collection.text + " takes a name in quotes",
                 "." + Folded(collection.text) + "[\"name\"]");
  }
  std::shared_ptr<const Selector> selector;
  if (tensors) {
    DLV_ASSIGN(selector, CompileSelector(key));
    if (selector->target() != SelectorTarget::kName) {
      return Wrong(key.place, "tensors have names only, no operators");
    }
    if (base.type.is_set()) {
      return Wrong(value.place, "tensors of a set of versions",
                   "take them one by one: from parent(m) p");
    }
  }
  DLV_ASSIGN(
      BoundExpression made, Lift(std::move(base), false, [&](BoundExpression one) -> Expression {
        if (metrics) return Metric(std::move(one), key);
        if (hparams) return Hparam(std::move(one), key);
        BoundExpression found =
            MakeUnary(tags ? ExpressionKind::kTag : ExpressionKind::kTensors,
                      tags ? kTextType : SetOf(TypeKind::kTensor), value.place, std::move(one));
        found.name = tags ? key.text : "";
        found.selector = selector;
        return found;
      }));
  made.place = value.place;
  return std::optional<BoundExpression>(std::move(made));
}

Result<BoundExpression> Binder::Metric(BoundExpression base, const SyntaxExpression& key) {
  if (!names().Has(NameKind::kMetric, key.text)) {
    return Unknown(key.place, "no version has a metric \"" + key.text + "\"",
                   DidYouMean(key.text, names().All(NameKind::kMetric)));
  }
  used_metrics_.insert(key.text);
  BoundExpression made = MakeUnary(ExpressionKind::kMetric, kRealType, key.place, std::move(base));
  made.name = key.text;
  return made;
}

Result<BoundExpression> Binder::Hparam(BoundExpression base, const SyntaxExpression& key) {
  if (!names().Has(NameKind::kHparam, key.text)) {
    return Unknown(key.place, "no version has a hyper-parameter \"" + key.text + "\"",
                   DidYouMean(key.text, names().All(NameKind::kHparam)));
  }
  used_hparams_.insert(key.text);
  BoundExpression made = MakeUnary(ExpressionKind::kHparam, kAnyType, key.place, std::move(base));
  made.name = key.text;
  return made;
}

Result<std::shared_ptr<const Selector>> Binder::CompileSelector(const SyntaxExpression& text) {
  std::size_t at = 0;
  auto compiled = Selector::Compile(text.text, &at);
  if (compiled.ok()) return std::make_shared<const Selector>(std::move(*compiled));
  Place place = text.place;  // doubled quotes before it move it a little
  place.begin = std::min(place.end, place.begin + 1 + static_cast<std::uint32_t>(at));
  return Fail(place, compiled.error().code, compiled.error().message, compiled.error().hint);
}

Result<BoundExpression> Binder::BindNodes(BoundExpression base, const SyntaxExpression& text,
                                          Scope* scope) {
  if (text.kind == SyntaxKind::kParameter) {
    return BindNodes(std::move(base), StandIn(text, kTextType, "*"), scope);
  }
  if (text.kind != SyntaxKind::kText) {
    return Wrong(text.place, "a selector is a text in quotes", "m[\"conv*\"] are its nodes");
  }
  DLV_ASSIGN(auto selector, CompileSelector(text));
  const Place place{base.place.begin, text.place.end + 1};
  CaptureFrame* const frame = scope->frame;
  const bool chosen =
      frame != nullptr && (!selector->captures().empty() ||
                           (frame->construct && frame->in_actions.contains(text.text)));
  if (chosen) return ChooseNode(std::move(base), std::move(selector), place, frame);
  BoundExpression made =
      MakeUnary(ExpressionKind::kSelect, SetOf(TypeKind::kNode), place, std::move(base));
  made.selector = std::move(selector);
  return made;
}

}  // namespace dlv::query

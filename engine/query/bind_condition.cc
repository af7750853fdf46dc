#include <algorithm>

#include "engine/query/binder.h"
#include "engine/query/diagnostics.h"
#include "engine/query/print.h"

namespace dlv::query {
namespace {

ExpressionKind ComparisonOf(SyntaxKind kind) {
  switch (kind) {
    case SyntaxKind::kEqual:
      return ExpressionKind::kEqual;
    case SyntaxKind::kNotEqual:
      return ExpressionKind::kNotEqual;
    case SyntaxKind::kLess:
      return ExpressionKind::kLess;
    case SyntaxKind::kLessOrEqual:
      return ExpressionKind::kLessOrEqual;
    case SyntaxKind::kGreater:
      return ExpressionKind::kGreater;
    default:
      return ExpressionKind::kGreaterOrEqual;
  }
}

bool IsDynamic(Type type) { return type.kind == TypeKind::kAny || type.kind == TypeKind::kNull; }

bool IsNumber(Type type) { return type.kind == TypeKind::kInteger || type.kind == TypeKind::kReal; }

bool IsQuantified(const SyntaxExpression& value) { return value.kind == SyntaxKind::kAll; }

const SyntaxExpression& WithoutAll(const SyntaxExpression& value) {
  return IsQuantified(value) ? value.operands[0] : value;
}

}  // namespace

Result<BoundExpression> Binder::Lift(BoundExpression value, bool every,
                                     const std::function<Expression(BoundExpression)>& make) {
  if (!value.type.is_set()) {
    if (every) return Wrong(value.place, "\"all\" before a value that is no set");
    return make(std::move(value));
  }
  const Place place = value.place;
  BoundExpression set;
  VariableId element = 0;
  Expression body = MakeConstant({}, kNullType, place);
  if (value.kind == ExpressionKind::kMap) {
    element = value.variable;
    set = std::move(value.operands[0]);
    body = Lift(std::move(value.operands[1]), every && value.operands[1].type.is_set(), make);
  } else {
    const Type type{value.type.element};
    element = AddVariable("", type, RelationOfEntity(type.kind));
    set = std::move(value);
    body = make(MakeVariable(element, type, place));
  }
  if (!body.ok()) return body;
  const Place whole = body->place;
  if (body->type == kBooleanType) {
    BoundExpression some = MakeBinary(every ? ExpressionKind::kEvery : ExpressionKind::kSome,
                                      kBooleanType, whole, std::move(set), std::move(*body));
    some.variable = element;
    return some;
  }
  const Type type = SetOf(ElementKind(body->type));
  BoundExpression map =
      MakeBinary(ExpressionKind::kMap, type, whole, std::move(set), std::move(*body));
  map.variable = element;
  return map;
}

Result<BoundExpression> Binder::ToCondition(BoundExpression value, bool every, Place place) {
  return Lift(std::move(value), every, [&](BoundExpression one) -> Expression {
    WantParameter(&one, kBooleanType);
    if (one.type == kBooleanType) return one;
    if (one.type == kNullType) {
      one.type = kBooleanType;
      return one;
    }
    if (one.type == kAnyType) {
      return MakeUnary(ExpressionKind::kConvert, kBooleanType, place, std::move(one));
    }
    const bool entity = IsEntity(one.type);
    return Wrong(place, "a condition of type " + NameOf(one.type) + ", want boolean",
                 entity ? "\"exists\" asks whether a set is empty" : "compare it with something");
  });
}

Result<BoundExpression> Binder::BindCondition(const SyntaxExpression& condition, Scope* scope) {
  if (condition.kind == SyntaxKind::kNot) {
    Scope* const here = scope;
    const bool conjunctive = std::exchange(here->conjunctive, false);
    auto inner = BindCondition(condition.operands[0], scope);
    here->conjunctive = conjunctive;
    if (!inner.ok()) return inner;
    return MakeUnary(ExpressionKind::kNot, kBooleanType, condition.place, std::move(*inner));
  }
  if (condition.kind != SyntaxKind::kAnd && condition.kind != SyntaxKind::kOr) {
    return BindLeaf(condition, scope);
  }
  const bool is_or = condition.kind == SyntaxKind::kOr;
  const bool conjunctive = scope->conjunctive;
  if (is_or) scope->conjunctive = false;
  BoundExpression joined = MakeExpression(is_or ? ExpressionKind::kOr : ExpressionKind::kAnd,
                                          kBooleanType, condition.place);
  for (const SyntaxExpression& part : condition.operands) {
    auto bound = BindCondition(part, scope);
    if (!bound.ok()) return bound;
    joined.operands.push_back(std::move(*bound));
  }
  scope->conjunctive = conjunctive;
  return joined;
}

Result<BoundExpression> Binder::BindWhere(const SyntaxExpression& where, Scope* scope) {
  CaptureFrame frame;
  frame.outer = scope->frame;
  scope->frame = &frame;
  scope->conjunctive = true;
  const SyntaxExpressions single(where.kind == SyntaxKind::kAnd ? 0 : 1, where);
  BoundExpressions plain, choosing;
  for (const SyntaxExpression& part : single.empty() ? where.operands : single) {
    const std::size_t uses = frame.uses;
    DLV_ASSIGN(BoundExpression bound, BindCondition(part, scope));
    (frame.uses == uses ? plain : choosing).push_back(std::move(bound));
  }
  scope->frame = frame.outer;
  scope->conjunctive = false;
  const auto conjunction = [&](BoundExpressions parts) {
    if (parts.size() == 1) return std::move(parts[0]);
    return MakeExpression(ExpressionKind::kAnd, kBooleanType, where.place, std::move(parts));
  };
  if (choosing.empty()) return conjunction(std::move(plain));
  plain.push_back(WrapChosen(&frame, conjunction(std::move(choosing))));
  return conjunction(std::move(plain));
}

Result<BoundExpression> Binder::BindLeaf(const SyntaxExpression& condition, Scope* scope) {
  const bool shared = scope->frame == nullptr || scope->frame->construct || scope->conjunctive;
  if (shared) return BindPredicate(condition, scope);
  CaptureFrame frame;
  frame.outer = scope->frame;
  scope->frame = &frame;
  auto bound = BindPredicate(condition, scope);
  scope->frame = frame.outer;
  if (!bound.ok()) return bound;
  return WrapChosen(&frame, std::move(*bound));
}

Result<BoundExpression> Binder::BindPredicate(const SyntaxExpression& condition, Scope* scope) {
  switch (condition.kind) {
    case SyntaxKind::kEqual:
    case SyntaxKind::kNotEqual:
    case SyntaxKind::kLess:
    case SyntaxKind::kLessOrEqual:
    case SyntaxKind::kGreater:
    case SyntaxKind::kGreaterOrEqual:
      return BindComparison(condition, scope);
    case SyntaxKind::kBetween:
      return BindBetween(condition, scope);
    case SyntaxKind::kMatch:
    case SyntaxKind::kLike:
    case SyntaxKind::kIlike:
      return BindTextMatch(condition, scope);
    case SyntaxKind::kIn:
      return BindMembership(condition, scope);
    case SyntaxKind::kInQuery:
      return BindInQuery(condition, scope);
    case SyntaxKind::kIsNull:
    case SyntaxKind::kIsNan:
      return BindNullTest(condition, scope);
    case SyntaxKind::kHas:
      return BindHas(condition, scope);
    case SyntaxKind::kIsExists:
      return BindIsExists(condition, scope);
    case SyntaxKind::kExists: {
      BoundExpression made = MakeExpression(ExpressionKind::kExists, kBooleanType, condition.place);
      DLV_ASSIGN(made.query, BindNested(*condition.query, scope));
      return made;
    }
    default: {
      const bool every = IsQuantified(condition);
      DLV_ASSIGN(BoundExpression value, BindValue(WithoutAll(condition), scope));
      return ToCondition(std::move(value), every, condition.place);
    }
  }
}

Status Binder::MakeComparable(BoundExpression* left, BoundExpression* right, bool ordered,
                              Place place) {
  WantParameter(left, right->type);
  WantParameter(right, left->type);
  if (left->type == kTimestampType || right->type == kTimestampType) {
    BoundExpression* const other = left->type == kTimestampType ? right : left;
    const bool fits =
        ConstantText(*other) != nullptr || IsDynamic(other->type) || other->type == kTimestampType;
    if (fits) {
      DLV_ASSIGN(*other, ToTimestamp(std::move(*other)));
      return Ok();
    }
  }
  for (auto [version, text] : {std::pair(left, right), std::pair(right, left)}) {
    if (version->type != kVersionType || ConstantText(*text) == nullptr || ordered) continue;
    const Place where = text->place;
    DLV_ASSIGN(*text, AsVersion(std::move(*text), where));
    return Ok();
  }
  const Type l = left->type, r = right->type;
  const bool same = IsDynamic(l) || IsDynamic(r) || (IsNumber(l) && IsNumber(r)) ||
                    (l.kind == r.kind && l.kind != TypeKind::kRow);
  if (!same) {
    std::string hint;
    const bool texts = l == kTextType || r == kTextType;
    if (texts && (IsNumber(l) || IsNumber(r))) {
      const bool quoted = ConstantText(*left) != nullptr || ConstantText(*right) != nullptr;
      const bool number =
          left->kind == ExpressionKind::kConstant || right->kind == ExpressionKind::kConstant;
      hint = quoted   ? "numbers stand without quotes"
             : number ? "texts stand in quotes"
                      : "real(...) makes a number of a text";
    } else if (l == kVersionType || r == kVersionType) {
      hint = "compare .name, .number or .reference of the version";
    } else if (l == kNodeType || r == kNodeType) {
      hint = "compare .name or .op of the node";
    }
    return Wrong(place, "a comparison of " + NameOf(l) + " with " + NameOf(r), hint);
  }
  if (ordered && (IsEntity(l) || IsEntity(r) || l.is_list() || r.is_list())) {
    return Wrong(place, "a " + NameOf(IsDynamic(l) ? r : l) + " has no order",
                 "only \"=\" and \"!=\" compare it");
  }
  return Ok();
}

void Binder::WarnOfModelName(const BoundExpression& column, const BoundExpression& value) {
  const std::string* const text = ConstantText(value);
  const bool names_model =
      column.kind == ExpressionKind::kColumn &&
      (column.column == ColumnId::kVersionName || column.column == ColumnId::kModelName);
  if (text == nullptr || !names_model) return;
  if (names().Has(NameKind::kModel, *text)) return;
  const std::string hint = DidYouMean(*text, names().All(NameKind::kModel));
  statement_->warnings.push_back("no model \"" + *text + "\"" + (hint.empty() ? "" : "; " + hint));
}

Result<BoundExpression> Binder::Compare(ExpressionKind kind, BoundExpression left,
                                        BoundExpression right, Place place) {
  const bool ordered = kind != ExpressionKind::kEqual && kind != ExpressionKind::kNotEqual;
  DLV_TRY(MakeComparable(&left, &right, ordered, place));
  if (kind == ExpressionKind::kEqual) {
    WarnOfModelName(left, right);
    WarnOfModelName(right, left);
  }
  return MakeBinary(kind, kBooleanType, place, std::move(left), std::move(right));
}

Result<BoundExpression> Binder::BindComparison(const SyntaxExpression& condition, Scope* scope) {
  const bool every = IsQuantified(condition.operands[0]);
  DLV_ASSIGN(BoundExpression left, BindValue(WithoutAll(condition.operands[0]), scope));
  DLV_ASSIGN(BoundExpression right, BindValue(condition.operands[1], scope));
  for (const BoundExpression* side : {&left, &right}) {
    if (side->kind != ExpressionKind::kConstant || side->type != kNullType) continue;
    return Wrong(condition.place, "a comparison with null is never true",
                 "write \"is null\" or \"is not null\"");
  }
  const std::string* text = ConstantText(right);
  if (condition.kind == SyntaxKind::kEqual && text != nullptr &&
      text->find('%') != std::string::npos && left.type == kTextType) {
    statement_->warnings.push_back("\"=\" compares with " + Quoted(*text) +
                                   " as it stands; patterns need \"like\"");
  }
  const ExpressionKind kind = ComparisonOf(condition.kind);
  return Lift(std::move(left), every, [&](BoundExpression l) {
    return Lift(right, false, [&](BoundExpression r) -> Expression {
      return Compare(kind, l, std::move(r), condition.place);
    });
  });
}

Result<BoundExpression> Binder::BindBetween(const SyntaxExpression& condition, Scope* scope) {
  const bool every = IsQuantified(condition.operands[0]);
  DLV_ASSIGN(BoundExpression value, BindValue(WithoutAll(condition.operands[0]), scope));
  DLV_ASSIGN(const BoundExpression low, BindValue(condition.operands[1], scope));
  DLV_ASSIGN(const BoundExpression high, BindValue(condition.operands[2], scope));
  if (low.type.is_set() || high.type.is_set()) {
    return Wrong(condition.place, "a set as a bound of \"between\"");
  }
  return Lift(std::move(value), every, [&](BoundExpression one) -> Expression {
    BoundExpression least = low, most = high;
    DLV_TRY(MakeComparable(&one, &least, true, condition.place));
    DLV_TRY(MakeComparable(&one, &most, true, condition.place));
    BoundExpression made = MakeExpression(ExpressionKind::kBetween, kBooleanType, condition.place);
    made.operands.push_back(std::move(one));
    made.operands.push_back(std::move(least));
    made.operands.push_back(std::move(most));
    return condition.negated ? Negated(std::move(made)) : std::move(made);
  });
}

Result<BoundExpression> Binder::BindTextMatch(const SyntaxExpression& condition, Scope* scope) {
  const bool every = IsQuantified(condition.operands[0]);
  const char* const name = condition.kind == SyntaxKind::kMatch  ? "\"~\""
                           : condition.kind == SyntaxKind::kLike ? "\"like\""
                                                                 : "\"ilike\"";
  DLV_ASSIGN(BoundExpression value, BindValue(WithoutAll(condition.operands[0]), scope));
  BoundExpressions others;
  for (std::size_t i = 1; i < condition.operands.size(); ++i) {
    DLV_ASSIGN(BoundExpression other, BindValue(condition.operands[i], scope));
    WantParameter(&other, kTextType);
    if (other.type != kTextType && !IsDynamic(other.type)) {
      return Wrong(other.place, std::string(name) + " takes a text, not " + NameOf(other.type));
    }
    others.push_back(std::move(other));
  }
  std::shared_ptr<const Selector> expression;
  const std::string* const pattern = ConstantText(others[0]);
  if (condition.kind == SyntaxKind::kMatch && pattern != nullptr) {
    auto compiled = Selector::CompileSearch(*pattern);
    if (!compiled.ok()) {
      return Fail(others[0].place, compiled.error().code, compiled.error().message);
    }
    expression = std::make_shared<const Selector>(std::move(*compiled));
  }
  if (others.size() > 1) {
    const std::string* const escape = ConstantText(others[1]);
    if (escape != nullptr &&
        (escape->empty() || (escape->size() > 1 && ((*escape)[0] & 0x80) == 0))) {
      return Wrong(others[1].place, "\"escape\" takes one character");
    }
  }
  return Lift(std::move(value), every, [&](BoundExpression one) -> Expression {
    WantParameter(&one, kTextType);
    if (one.type != kTextType && !IsDynamic(one.type)) {
      return Wrong(one.place,
                   std::string(name) + " looks at texts, and this is of type " + NameOf(one.type),
                   "text(...) makes a text of it");
    }
    BoundExpression made =
        MakeUnary(condition.kind == SyntaxKind::kMatch  ? ExpressionKind::kRegexMatch
                  : condition.kind == SyntaxKind::kLike ? ExpressionKind::kLike
                                                        : ExpressionKind::kIlike,
                  kBooleanType, condition.place, std::move(one));
    for (const BoundExpression& other : others) made.operands.push_back(other);
    made.selector = expression;
    return condition.negated ? Negated(std::move(made)) : std::move(made);
  });
}

Result<BoundExpression> Binder::BindMembership(const SyntaxExpression& condition, Scope* scope) {
  const bool every = IsQuantified(condition.operands[0]);
  DLV_ASSIGN(BoundExpression value, BindValue(WithoutAll(condition.operands[0]), scope));
  const SyntaxExpression& members = condition.operands[1];
  const bool listed = members.kind == SyntaxKind::kList;
  BoundExpressions others;
  for (const SyntaxExpression& member : listed ? members.operands : SyntaxExpressions(1, members)) {
    DLV_ASSIGN(BoundExpression other, BindValue(member, scope));
    if (listed && other.type.is_set()) {
      return Wrong(member.place, "a set inside of a list", "write it without the brackets");
    }
    others.push_back(std::move(other));
  }
  if (listed && others.empty()) {
    return Wrong(members.place, "\"in\" with an empty list");
  }
  return Lift(std::move(value), every, [&](BoundExpression one) -> Expression {
    if (!listed && others[0].type.is_set()) {
      DLV_ASSIGN(BoundExpression some, Lift(others[0], false, [&](BoundExpression other) {
                   return Compare(ExpressionKind::kEqual, one, std::move(other), condition.place);
                 }));
      return condition.negated ? Negated(std::move(some)) : std::move(some);
    }
    BoundExpression made = MakeExpression(listed ? ExpressionKind::kIn : ExpressionKind::kInList,
                                          kBooleanType, condition.place);
    made.operands.push_back(std::move(one));
    for (BoundExpression other : others) {
      if (!listed) {
        WantParameter(&other, ListOf(ElementKind(made.operands[0].type)));
        if (!other.type.is_list() && other.type != kAnyType) {
          return Wrong(other.place, "\"in\" takes a list, not " + NameOf(other.type));
        }
      } else {
        DLV_TRY(MakeComparable(&made.operands[0], &other, false, other.place));
        if (!condition.negated) WarnOfModelName(made.operands[0], other);
      }
      made.operands.push_back(std::move(other));
    }
    return condition.negated ? Negated(std::move(made)) : std::move(made);
  });
}

Result<BoundExpression> Binder::BindInQuery(const SyntaxExpression& condition, Scope* scope) {
  const bool every = IsQuantified(condition.operands[0]);
  DLV_ASSIGN(BoundExpression value, BindValue(WithoutAll(condition.operands[0]), scope));
  DLV_ASSIGN(const auto query, BindNested(*condition.query, scope));
  if (query->columns.size() != 1) {
    return Wrong(condition.query->place, "\"in\" takes a query of one column, this one has " +
                                             std::to_string(query->columns.size()));
  }
  return Lift(std::move(value), every, [&](BoundExpression one) -> Expression {
    BoundExpression column =
        MakeExpression(ExpressionKind::kField, query->columns[0].second, condition.query->place);
    DLV_TRY(MakeComparable(&one, &column, false, condition.place));
    BoundExpression made =
        MakeUnary(ExpressionKind::kInQuery, kBooleanType, condition.place, std::move(one));
    made.query = query;
    return condition.negated ? Negated(std::move(made)) : std::move(made);
  });
}

Result<BoundExpression> Binder::BindNullTest(const SyntaxExpression& condition, Scope* scope) {
  const bool every = IsQuantified(condition.operands[0]);
  const bool null = condition.kind == SyntaxKind::kIsNull;
  DLV_ASSIGN(BoundExpression value, BindValue(WithoutAll(condition.operands[0]), scope));
  return Lift(std::move(value), every, [&](BoundExpression one) -> Expression {
    if (!null && !MayBeNumber(one.type)) {
      return Wrong(one.place,
                   "\"is nan\" asks of numbers, and this is of type " + NameOf(one.type));
    }
    BoundExpression made = MakeUnary(null ? ExpressionKind::kIsNull : ExpressionKind::kIsNan,
                                     kBooleanType, condition.place, std::move(one));
    return condition.negated ? Negated(std::move(made)) : std::move(made);
  });
}

Result<BoundExpression> Binder::BindHas(const SyntaxExpression& condition, Scope* scope) {
  const bool every = IsQuantified(condition.operands[0]);
  DLV_ASSIGN(BoundExpression value, BindValue(WithoutAll(condition.operands[0]), scope));
  const bool nodes =
      value.type == kNodeType || (value.type.is_set() && value.type.element == TypeKind::kNode);
  if (!nodes) {
    return Wrong(value.place, "\"has\" asks of nodes, and this is of type " + NameOf(value.type),
                 "m[\"conv*\"] are nodes");
  }
  DLV_ASSIGN(const auto node_template, BindTemplate(condition.operands[1], false, scope));
  return Lift(std::move(value), every, [&](BoundExpression one) -> Expression {
    BoundExpression made =
        MakeUnary(ExpressionKind::kMatches, kBooleanType, condition.place, std::move(one));
    made.node_template = node_template;
    return condition.negated ? Negated(std::move(made)) : std::move(made);
  });
}

Result<BoundExpression> Binder::BindIsExists(const SyntaxExpression& condition, Scope* scope) {
  if (IsQuantified(condition.operands[0])) {
    return Wrong(condition.place, "\"all\" and \"exists\" together", "\"exists\" is enough");
  }
  DLV_ASSIGN(BoundExpression value, BindValue(condition.operands[0], scope));
  if (value.type.is_set() && value.kind == ExpressionKind::kMap)
    value = std::move(value.operands[0]);
  if (!value.type.is_set() && value.type != kNodeType) {
    return Wrong(value.place, "\"exists\" asks of sets, and this is of type " + NameOf(value.type),
                 "\"is not null\" asks whether there is a value");
  }
  if (value.type == kNodeType) {  // a chosen node
    return Negated(
        MakeUnary(ExpressionKind::kIsNull, kBooleanType, condition.place, std::move(value)));
  }
  return MakeUnary(ExpressionKind::kNotEmpty, kBooleanType, condition.place, std::move(value));
}

}  // namespace dlv::query

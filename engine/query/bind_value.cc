#include <algorithm>
#include <charconv>
#include <limits>

#include "engine/query/binder.h"
#include "engine/query/diagnostics.h"
#include "engine/query/print.h"
#include "engine/query/text_case.h"

namespace dlv::query {
namespace {

bool IsCondition(SyntaxKind kind) {
  return kind == SyntaxKind::kNot || kind == SyntaxKind::kInQuery || kind == SyntaxKind::kExists ||
         kind >= SyntaxKind::kEqual;
}

ExpressionKind ArithmeticOf(SyntaxKind kind) {
  switch (kind) {
    case SyntaxKind::kAdd:
      return ExpressionKind::kAdd;
    case SyntaxKind::kSubtract:
      return ExpressionKind::kSubtract;
    case SyntaxKind::kMultiply:
      return ExpressionKind::kMultiply;
    case SyntaxKind::kDivide:
      return ExpressionKind::kDivide;
    case SyntaxKind::kRemainder:
      return ExpressionKind::kRemainder;
    default:
      return ExpressionKind::kConcatenate;
  }
}

const char* ArithmeticSign(ExpressionKind kind) {
  switch (kind) {
    case ExpressionKind::kAdd:
      return "+";
    case ExpressionKind::kSubtract:
      return "-";
    case ExpressionKind::kMultiply:
      return "*";
    case ExpressionKind::kDivide:
      return "/";
    case ExpressionKind::kRemainder:
      return "%";
    default:
      return "||";
  }
}

/// The type of numbers that an operator makes of two.
Type NumberType(ExpressionKind kind, Type left, Type right) {
  if (kind == ExpressionKind::kRemainder) return kIntegerType;
  if (kind == ExpressionKind::kDivide) return kRealType;
  if (left == kRealType || right == kRealType) return kRealType;
  if (left == kAnyType || right == kAnyType) return kAnyType;
  return left == kNullType ? right : kIntegerType;
}

}  // namespace

Result<BoundExpression> Binder::BindValue(const SyntaxExpression& value, Scope* scope) {
  if (IsCondition(value.kind)) return BindCondition(value, scope);
  switch (value.kind) {
    case SyntaxKind::kNull:
    case SyntaxKind::kBoolean:
    case SyntaxKind::kInteger:
    case SyntaxKind::kReal:
    case SyntaxKind::kText:
      return BindLiteral(value);
    case SyntaxKind::kParameter:
      return BindParameter(value);
    case SyntaxKind::kName:
      return BindName(value, scope);
    case SyntaxKind::kMember:
      return BindMember(value, scope);
    case SyntaxKind::kMethod:
      return BindMethod(value, scope);
    case SyntaxKind::kIndex:
      return BindIndex(value, scope);
    case SyntaxKind::kReach:
      return BindReach(value, scope);
    case SyntaxKind::kAlias:
      return BindIsAlias(value, scope);
    case SyntaxKind::kCall:
      return BindCall(value, scope);
    case SyntaxKind::kList:
      return BindListValue(value, scope);
    case SyntaxKind::kSubquery:
      return BindSubquery(value, scope);
    case SyntaxKind::kNegate:
    case SyntaxKind::kPlus:
      return BindSign(value, scope);
    case SyntaxKind::kAdd:
    case SyntaxKind::kSubtract:
    case SyntaxKind::kMultiply:
    case SyntaxKind::kDivide:
    case SyntaxKind::kRemainder:
    case SyntaxKind::kConcatenate:
      return BindArithmetic(value, scope);
    default:
      return Wrong(value.place, "this may not stand here");
  }
}

Result<BoundExpression> Binder::BindLiteral(const SyntaxExpression& value) {
  const char* const first = value.text.data();
  const char* const last = first + value.text.size();
  switch (value.kind) {
    case SyntaxKind::kNull:
      return MakeConstant({}, kNullType, value.place);
    case SyntaxKind::kBoolean:
      return MakeConstant(value.text == "true", kBooleanType, value.place);
    case SyntaxKind::kInteger: {
      std::int64_t integer = 0;
      std::from_chars(first, last, integer);
      return MakeConstant(integer, kIntegerType, value.place);
    }
    case SyntaxKind::kReal: {
      double real = 0;
      std::from_chars(first, last, real);
      return MakeConstant(real, kRealType, value.place);
    }
    default:
      return MakeConstant(value.text, kTextType, value.place);
  }
}

Result<BoundExpression> Binder::BindParameter(const SyntaxExpression& value) {
  auto& parameters = statement_->parameters;
  const auto known = std::find_if(parameters.begin(), parameters.end(),
                                  [&](const auto& one) { return one.name == value.text; });
  BoundExpression made = MakeExpression(ExpressionKind::kParameter, kAnyType, value.place);
  made.index = static_cast<std::uint32_t>(known - parameters.begin());
  if (known == parameters.end()) parameters.push_back({value.text, kAnyType, value.place, false});
  return made;
}

void Binder::WantParameter(BoundExpression* value, Type type) {
  if (value->kind != ExpressionKind::kParameter || type == kNullType) return;
  BoundParameter& parameter = statement_->parameters[value->index];
  if (parameter.type == kAnyType) parameter.type = type;
  if (type == kVersionType) parameter.shapes = true;  // a text is a reference, to be looked up
}

BoundParameter& Binder::NoteShaping(const std::string& name, Type type, Place place) {
  auto& parameters = statement_->parameters;
  auto known = std::find_if(parameters.begin(), parameters.end(),
                            [&](const auto& one) { return one.name == name; });
  if (known == parameters.end()) {
    known = parameters.insert(parameters.end(), {name, kAnyType, place, false});
  }
  if (known->type == kAnyType) known->type = type;
  known->shapes = true;
  return *known;
}

SyntaxExpression Binder::StandIn(const SyntaxExpression& parameter, Type type, std::string text) {
  NoteShaping(parameter.text, type, parameter.place);
  SyntaxExpression made = parameter;
  made.kind = SyntaxKind::kText;
  made.text = std::move(text);
  return made;
}

Result<BoundExpression> Binder::AsVersion(BoundExpression value, Place place) {
  if (const std::string* reference = ConstantText(value)) {
    const std::string text = *reference;
    return VersionByReference(text, place);
  }
  if (value.kind == ExpressionKind::kParameter) {
    WantParameter(&value, kVersionType);
    value.type = kVersionType;
  }
  return value;
}

Result<BoundExpression> Binder::BindArithmetic(const SyntaxExpression& value, Scope* scope) {
  DLV_ASSIGN(BoundExpression left, BindValue(value.operands[0], scope));
  DLV_ASSIGN(BoundExpression right, BindValue(value.operands[1], scope));
  const ExpressionKind kind = ArithmeticOf(value.kind);
  return Lift(std::move(left), false, [&](BoundExpression l) {
    return Lift(right, false, [&](BoundExpression r) -> Expression {
      return Arithmetic(kind, l, std::move(r), value.place);
    });
  });
}

Result<BoundExpression> Binder::Arithmetic(ExpressionKind kind, BoundExpression left,
                                           BoundExpression right, Place place) {
  const std::string sign = std::string("\"") + ArithmeticSign(kind) + "\"";
  if (kind == ExpressionKind::kConcatenate) {
    for (BoundExpression* side : {&left, &right}) {
      WantParameter(side, kTextType);
      if (side->type == kTextType || side->type == kAnyType || side->type == kNullType) continue;
      return Wrong(side->place, "\"||\" joins texts, and this is of type " + NameOf(side->type),
                   "text(...) makes a text of it");
    }
    return MakeBinary(kind, kTextType, place, std::move(left), std::move(right));
  }
  const bool left_time = left.type == kTimestampType, right_time = right.type == kTimestampType;
  if (left_time || right_time) {
    if (kind == ExpressionKind::kSubtract && left_time && ConstantText(right) != nullptr) {
      DLV_ASSIGN(right, ToTimestamp(std::move(right)));
      return MakeBinary(kind, kRealType, place, std::move(left), std::move(right));
    }
    if (kind == ExpressionKind::kSubtract && left_time && right_time) {
      return MakeBinary(kind, kRealType, place, std::move(left), std::move(right));
    }
    const bool moves = (kind == ExpressionKind::kAdd && (left_time != right_time)) ||
                       (kind == ExpressionKind::kSubtract && left_time);
    if (moves && MayBeNumber(left_time ? right.type : left.type)) {
      if (right_time) std::swap(left, right);  // the timestamp comes first
      WantParameter(&right, kRealType);
      return MakeBinary(kind, kTimestampType, place, std::move(left), std::move(right));
    }
    return Wrong(place, sign + " between " + NameOf(left.type) + " and " + NameOf(right.type),
                 "a timestamp takes seconds: t - days(7)");
  }
  const Type wanted = kind == ExpressionKind::kRemainder ? kIntegerType : kRealType;
  for (BoundExpression* side : {&left, &right}) {
    WantParameter(side, wanted);
    const bool fits =
        MayBeNumber(side->type) && !(kind == ExpressionKind::kRemainder && side->type == kRealType);
    if (fits) continue;
    const bool texts = side->type == kTextType && kind == ExpressionKind::kAdd;
    return Wrong(side->place,
                 sign + " takes " +
                     (kind == ExpressionKind::kRemainder ? "whole numbers" : "numbers") +
                     ", and this is of type " + NameOf(side->type),
                 texts ? "texts are joined with \"||\"" : "");
  }
  const Type type = NumberType(kind, left.type, right.type);
  return MakeBinary(kind, type, place, std::move(left), std::move(right));
}

Result<BoundExpression> Binder::BindSign(const SyntaxExpression& value, Scope* scope) {
  DLV_ASSIGN(BoundExpression operand, BindValue(value.operands[0], scope));
  return Lift(std::move(operand), false, [&](BoundExpression one) -> Expression {
    WantParameter(&one, kRealType);
    if (!MayBeNumber(one.type)) {
      return Wrong(value.place, "a sign before a value of type " + NameOf(one.type));
    }
    if (value.kind == SyntaxKind::kPlus) return one;
    if (one.kind == ExpressionKind::kConstant) {
      if (const auto* integer = std::get_if<std::int64_t>(&one.constant)) {
        return MakeConstant(-*integer, kIntegerType, value.place);  // literals are not negative
      }
      if (const auto* real = std::get_if<double>(&one.constant)) {
        return MakeConstant(-*real, kRealType, value.place);
      }
    }
    const Type type = one.type;
    return MakeUnary(ExpressionKind::kNegate, type, value.place, std::move(one));
  });
}

Result<BoundExpression> Binder::BindListValue(const SyntaxExpression& value, Scope* scope) {
  BoundExpression list =
      MakeExpression(ExpressionKind::kFunction, ListOf(TypeKind::kAny), value.place);
  list.function = Function::kList;
  std::optional<TypeKind> element;
  for (const SyntaxExpression& one : value.operands) {
    DLV_ASSIGN(BoundExpression bound, BindValue(one, scope));
    if (bound.type.is_set()) {
      return Wrong(one.place, "a set inside of a list");
    }
    const TypeKind kind = bound.type.is_list() ? TypeKind::kAny : bound.type.kind;
    const bool numbers =
        element && *element != kind && MayBeNumber({*element}) && MayBeNumber({kind});
    element = !element || *element == kind ? kind : numbers ? TypeKind::kReal : TypeKind::kAny;
    list.operands.push_back(std::move(bound));
  }
  list.type = ListOf(element.value_or(TypeKind::kAny));
  return list;
}

Result<BoundExpression> Binder::BindSubquery(const SyntaxExpression& value, Scope* scope) {
  BoundExpression made = MakeExpression(ExpressionKind::kScalarQuery, kAnyType, value.place);
  DLV_ASSIGN(made.query, BindNested(*value.query, scope));
  if (made.query->columns.size() != 1) {
    return Wrong(value.place, "a query of " + std::to_string(made.query->columns.size()) +
                                  " columns as a value, want one");
  }
  made.type = made.query->columns[0].second;
  return made;
}

Result<BoundExpression> Binder::BindName(const SyntaxExpression& value, Scope* scope) {
  if (const auto id = FindVariable(value.text, scope)) {
    return MakeVariable(*id, variable(*id).type, value.place);
  }
  std::set<std::string> columns;
  for (Scope* at = scope; at != nullptr; at = at->outer) {
    DLV_ASSIGN(auto column, FindLoneColumn(value.text, value.place, at));
    if (column) {
      const VariableId id =
          column->kind == ExpressionKind::kField ? column->variable : column->operands[0].variable;
      for (Scope* inner = scope; inner != at; inner = inner->outer) inner->outer_used.insert(id);
      return std::move(*column);
    }
    if (at->items == nullptr) continue;
    for (const SyntaxItem& item : *at->items) {
      if (!item.alias || item.alias->text != value.text || at != scope) continue;
      if (!scope->expanding.insert(value.text).second) {
        return Wrong(value.place, "\"" + value.text + "\" is defined by itself");
      }
      auto expanded = BindValue(item.value, scope);
      scope->expanding.erase(value.text);
      return expanded;
    }
  }
  if (EqualFolded(value.text, "nan") || EqualFolded(value.text, "inf")) {
    const double real = EqualFolded(value.text, "inf") ? std::numeric_limits<double>::infinity()
                                                       : std::numeric_limits<double>::quiet_NaN();
    return MakeConstant(real, kRealType, value.place);
  }
  std::vector<std::string> known = VariableNames(scope);
  for (const VariableId id : scope->variables) {
    if (variable(id).relation) {
      for (const Column& column : SchemaOf(*variable(id).relation).columns) {
        known.emplace_back(column.name);
      }
    }
    for (const auto& field : variable(id).fields) known.push_back(field.first);
  }
  return Unknown(value.place, "no variable or column \"" + value.text + "\"",
                 DidYouMean(value.text, known));
}

Result<BoundExpression> Binder::ToTimestamp(BoundExpression value) {
  if (const std::string* text = ConstantText(value)) {
    const auto instant = ParseInstant(*text);
    if (!instant) {
      return Wrong(value.place, "\"" + *text + "\" is no time",
                   "it looks like \"2026-11-22\" or \"2026-11-22 10:30:15\"");
    }
    return MakeConstant(*instant, kTimestampType, value.place);
  }
  if (value.type == kTimestampType || value.type == kNullType) return value;
  WantParameter(&value, kTimestampType);
  const Place place = value.place;
  return MakeUnary(ExpressionKind::kConvert, kTimestampType, place, std::move(value));
}

BoundExpression Binder::ToList(BoundExpression value) {
  if (!value.type.is_set()) return value;
  const Type type = ListOf(value.type.element);
  if (value.kind == ExpressionKind::kMap) {
    BoundExpression& body = value.operands[1];
    if (body.type.is_set()) body = ToList(std::move(body));
    value.type = type;
    return value;
  }
  const Place place = value.place;
  return MakeUnary(ExpressionKind::kMembers, type, place, std::move(value));
}

}  // namespace dlv::query

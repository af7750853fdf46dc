#include <algorithm>
#include <charconv>

#include "engine/query/binder.h"
#include "engine/query/diagnostics.h"
#include "engine/query/print.h"
#include "engine/query/text_case.h"

namespace dlv::query {
namespace {

/// Calls `visit` for every expression that a select has outside of `from`.
void WalkSelect(const SyntaxSelect& select,
                const std::function<void(const SyntaxExpression&)>& visit) {
  for (const SyntaxItem& item : select.items) visit(item.value);
  if (select.where) visit(*select.where);
  for (const SyntaxExpression& key : select.group_by) visit(key);
  if (select.having) visit(*select.having);
  for (const SyntaxOrder& order : select.order_by) visit(order.value);
}

bool IsSortable(Type type) {
  return !type.is_list() && type.kind != TypeKind::kRow && type.kind != TypeKind::kNetwork &&
         type.kind != TypeKind::kTensor;
}

/// `*` or count(*): rows of something that was not named.
bool HasStar(const SyntaxExpression& value) {
  return value.kind == SyntaxKind::kStar ||
         std::any_of(value.operands.begin(), value.operands.end(), HasStar);
}

void MakeUnique(std::vector<BoundOutput>* outputs) {
  std::set<std::string> taken;
  for (BoundOutput& output : *outputs) {
    const std::string base = output.name;
    for (int i = 2; !taken.insert(output.name).second; ++i) {
      output.name = base + "_" + std::to_string(i);
    }
  }
}

}  // namespace

std::string Binder::NameOfItem(const SyntaxItem& item) {
  if (item.alias) return item.alias->text;
  const SyntaxExpression& value = item.value;
  switch (value.kind) {
    case SyntaxKind::kName:
    case SyntaxKind::kMember:
    case SyntaxKind::kCall:
    case SyntaxKind::kMethod:
    case SyntaxKind::kReach:
    case SyntaxKind::kParameter:
      return value.text;
    case SyntaxKind::kIndex:
      if (value.operands[1].kind == SyntaxKind::kText) return value.operands[1].text;
      return NameOfItem({value.operands[0], std::nullopt});
    default:
      return "value";
  }
}

Result<BoundQuery> Binder::BindSelect(const SyntaxSelect& select, Scope* outer) {
  Scope scope;
  scope.outer = outer;
  scope.items = &select.items;
  BoundSelect bound;
  const auto free =
      FreeNames([&](const auto& visit) { WalkSelect(select, visit); }, &select.items, outer);
  if (select.sources.empty()) {
    if (free.size() > 1) {
      return Unknown(free[1].place, "no variable \"" + free[1].text + "\"",
                     "\"" + free[0].text + "\" ranges over all versions here; for two write from " +
                         WrittenName(free[0].text) + ", " + WrittenName(free[1].text));
    }
    const bool all = std::any_of(select.items.begin(), select.items.end(),
                                 [](const SyntaxItem& item) { return HasStar(item.value); });
    if (!free.empty() || all) {
      BoundSource source =
          ImplicitSource(free.empty() ? "m" : free[0].text, select.items[0].value.place);
      scope.variables.push_back(source.variable);
      bound.sources.push_back(std::move(source));
    }
  } else {
    DLV_ASSIGN(bound.sources, BindSources(select.sources, free, &scope));
  }
  scope.aggregates = {nullptr, "an aggregate in \"where\""};
  if (select.where) {
    DLV_ASSIGN(bound.where, BindWhere(*select.where, &scope));
  }
  DLV_TRY(BindGroups(select, &scope, &bound));
  bound.distinct = select.distinct;
  DLV_ASSIGN(bound.limit, BindCount(select.limit, "limit", &scope));
  DLV_ASSIGN(bound.offset, BindCount(select.offset, "offset", &scope));
  BoundQuery query;
  for (const BoundOutput& output : bound.outputs) {
    query.columns.emplace_back(output.name, output.type);
  }
  query.outer.assign(scope.outer_used.begin(), scope.outer_used.end());
  query.body = std::move(bound);
  return query;
}

Status Binder::BindGroups(const SyntaxSelect& select, Scope* scope, BoundSelect* bound) {
  scope->aggregates = {nullptr, "an aggregate in \"group by\""};
  for (const SyntaxExpression& key : select.group_by) {
    const SyntaxExpression* wanted = &key;
    if (key.kind == SyntaxKind::kInteger) {
      std::size_t number = 0;
      std::from_chars(key.text.data(), key.text.data() + key.text.size(), number);
      if (number == 0 || number > select.items.size()) {
        return Wrong(key.place, "there is no column " + key.text + " to group by");
      }
      wanted = &select.items[number - 1].value;
    }
    DLV_ASSIGN(BoundExpression value, BindValue(*wanted, scope));
    bound->group_keys.push_back(ToList(std::move(value)));
  }
  scope->aggregates = {&bound->aggregates, nullptr};
  DLV_TRY(BindItems(select, scope, bound));
  if (select.having) {
    DLV_ASSIGN(bound->having, BindCondition(*select.having, scope));
  }
  DLV_TRY(BindOrders(select, scope, bound));
  bound->grouped = !bound->group_keys.empty() || !bound->aggregates.empty() || bound->having;
  if (!bound->grouped) return Ok();
  const std::set<VariableId> own(scope->variables.begin(), scope->variables.end());
  for (BoundOutput& output : bound->outputs) DLV_TRY(Regroup(*bound, own, &output.value));
  if (bound->having) DLV_TRY(Regroup(*bound, own, &*bound->having));
  for (BoundOrder& order : bound->order_by) DLV_TRY(Regroup(*bound, own, &order.value));
  return Ok();
}

Status Binder::Regroup(const BoundSelect& select, const std::set<VariableId>& own,
                       BoundExpression* expression) {
  const auto key = std::find(select.group_keys.begin(), select.group_keys.end(), *expression);
  if (key != select.group_keys.end()) {
    BoundExpression reference =
        MakeExpression(ExpressionKind::kGroupKey, key->type, expression->place);
    reference.index = static_cast<std::uint32_t>(key - select.group_keys.begin());
    *expression = std::move(reference);
    return Ok();
  }
  const bool names =
      expression->kind == ExpressionKind::kVariable || expression->kind == ExpressionKind::kField;
  if (names && own.contains(expression->variable)) {
    return Wrong(expression->place,
                 "\"" +
                     std::string(text_.substr(expression->place.begin,
                                              expression->place.end - expression->place.begin)) +
                     "\" is neither grouped nor in an aggregate",
                 "put it into \"group by\", or say which of them: max(...), min(...), count(...)");
  }
  for (BoundExpression& operand : expression->operands) {
    if (expression->kind == ExpressionKind::kColumn && operand.kind == ExpressionKind::kVariable &&
        own.contains(operand.variable)) {
      const bool is_key = std::find(select.group_keys.begin(), select.group_keys.end(), operand) !=
                          select.group_keys.end();
      if (!is_key) operand.place = expression->place;  // the message shows "m.number", not "m"
    }
    DLV_TRY(Regroup(select, own, &operand));
  }
  if (expression->query != nullptr) {
    for (const VariableId id : expression->query->outer) {
      if (own.contains(id)) {
        return Wrong(expression->place,
                     "a nested query that names \"" + variable(id).name + "\" beside aggregates",
                     "put it into \"where\"");
      }
    }
  }
  return Ok();
}

Status Binder::BindItems(const SyntaxSelect& select, Scope* scope, BoundSelect* bound) {
  for (const SyntaxItem& item : select.items) {
    if (item.value.kind == SyntaxKind::kStar) {
      DLV_TRY(AddStar(item, scope, bound));
      continue;
    }
    if (item.alias) scope->expanding.insert(item.alias->text);
    auto value = BindValue(item.value, scope);
    if (item.alias) scope->expanding.erase(item.alias->text);
    if (!value.ok()) return std::move(value).error();
    BoundExpression output = ToList(std::move(*value));
    if (output.kind == ExpressionKind::kVariable && output.type.kind == TypeKind::kRow) {
      DLV_TRY(AddVariableColumns(output.variable, item.value.place, bound));
      continue;
    }
    const Type type = output.type;
    bound->outputs.push_back({NameOfItem(item), type, std::move(output)});
  }
  MakeUnique(&bound->outputs);
  return Ok();
}

Status Binder::AddStar(const SyntaxItem& item, Scope* scope, BoundSelect* bound) {
  if (item.value.operands.empty()) {
    for (const VariableId id : std::vector<VariableId>(scope->variables)) {
      DLV_TRY(AddVariableColumns(id, item.value.place, bound));
    }
    return Ok();
  }
  DLV_ASSIGN(const BoundExpression of, BindValue(item.value.operands[0], scope));
  if (of.kind != ExpressionKind::kVariable) {
    return Wrong(item.value.place, "\".*\" behind something that is no variable");
  }
  return AddVariableColumns(of.variable, item.value.place, bound);
}

Status Binder::AddVariableColumns(VariableId id, Place place, BoundSelect* bound) {
  const BoundVariable of = variable(id);
  const auto add = [&](std::string name, BoundExpression value) {
    const Type type = value.type;
    bound->outputs.push_back({std::move(name), type, std::move(value)});
  };
  if (of.relation) {
    for (const Column& column : SchemaOf(*of.relation).columns) {
      if (column.type.is_set()) continue;  // of a network: not what a table shows
      BoundExpression value =
          MakeUnary(ExpressionKind::kColumn, column.type, place, MakeVariable(id, of.type, place));
      value.column = column.id;
      add(std::string(column.name), std::move(value));
    }
    return Ok();
  }
  for (std::size_t i = 0; i < of.fields.size(); ++i) {
    BoundExpression value = MakeExpression(ExpressionKind::kField, of.fields[i].second, place);
    value.variable = id;
    value.index = static_cast<std::uint32_t>(i);
    add(of.fields[i].first, std::move(value));
  }
  if (of.fields.empty()) add(of.name.empty() ? "value" : of.name, MakeVariable(id, of.type, place));
  return Ok();
}

Status Binder::BindOrders(const SyntaxSelect& select, Scope* scope, BoundSelect* bound) {
  for (const SyntaxOrder& order : select.order_by) {
    BoundOrder made;
    made.descending = order.descending;
    made.nulls_first = order.nulls == NullOrder::kFirst;
    if (order.value.kind == SyntaxKind::kInteger) {
      std::size_t number = 0;
      const std::string& digits = order.value.text;
      std::from_chars(digits.data(), digits.data() + digits.size(), number);
      if (number == 0 || number > bound->outputs.size()) {
        return Wrong(order.value.place, "there is no column " + digits + " to order by",
                     "the result has " + std::to_string(bound->outputs.size()));
      }
      made.value = bound->outputs[number - 1].value;
    } else {
      DLV_ASSIGN(BoundExpression value, BindValue(order.value, scope));
      made.value = ToList(std::move(value));
    }
    if (!IsSortable(made.value.type)) {
      return Wrong(order.value.place, "a " + NameOf(made.value.type) + " has no order",
                   made.value.type.is_list() ? "first(...) is its first element" : "");
    }
    const bool shown =
        std::any_of(bound->outputs.begin(), bound->outputs.end(),
                    [&](const BoundOutput& output) { return output.value == made.value; });
    if (select.distinct && !shown) {
      return Wrong(order.value.place, "\"distinct\" and an order by something that is not shown",
                   "put it among the columns");
    }
    bound->order_by.push_back(std::move(made));
  }
  return Ok();
}

Result<std::optional<BoundExpression>> Binder::BindCount(
    const std::optional<SyntaxExpression>& count, const char* word, Scope* scope) {
  if (!count) return std::optional<BoundExpression>();
  DLV_ASSIGN(BoundExpression value, BindValue(*count, scope));
  WantParameter(&value, kIntegerType);
  const auto* number = std::get_if<std::int64_t>(&value.constant);
  const bool constant =
      value.kind == ExpressionKind::kConstant && number != nullptr && *number >= 0;
  if (!constant && value.kind != ExpressionKind::kParameter) {
    return Wrong(count->place, std::string("\"") + word + "\" takes a whole number or a parameter");
  }
  return std::optional<BoundExpression>(std::move(value));
}

}  // namespace dlv::query

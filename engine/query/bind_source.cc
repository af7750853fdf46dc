#include <algorithm>

#include "engine/query/binder.h"
#include "engine/query/diagnostics.h"
#include "engine/query/print.h"
#include "engine/query/text_case.h"

namespace dlv::query {
namespace {

struct LineageCall {
  std::string_view name;
  SourceKind kind;
  std::size_t arguments;
};
constexpr LineageCall kLineageCalls[] = {
    {"parent", SourceKind::kParents, 1},
    {"parents", SourceKind::kParents, 1},
    {"ancestor", SourceKind::kAncestors, 1},
    {"ancestors", SourceKind::kAncestors, 1},
    {"descendant", SourceKind::kDescendants, 1},
    {"descendants", SourceKind::kDescendants, 1},
    {"path", SourceKind::kPath, 2},
    {"lca", SourceKind::kLowestCommonAncestors, 2},
};

/// Whether a text in `from` can only be a reference: no pattern of model names has such signs.
bool IsReference(const std::string& text) {
  return !text.starts_with("re:") && text.find_first_of(":@~^#") > 0 &&
         text.find_first_of(":@~^#") != text.npos;
}

std::vector<std::string> RelationNames() {
  std::vector<std::string> names;
  for (const RelationSchema& relation : Relations()) names.emplace_back(relation.name);
  return names;
}

void WalkNames(const SyntaxExpression& expression,
               const std::function<void(const SyntaxExpression&)>& found) {
  if (expression.kind == SyntaxKind::kName) found(expression);
  const bool has = expression.kind == SyntaxKind::kHas;  // names in a template are families
  const std::size_t count = has ? 1 : expression.operands.size();
  for (std::size_t i = 0; i < count; ++i) WalkNames(expression.operands[i], found);
}

}  // namespace

std::vector<SyntaxName> Binder::FreeNames(
    const std::function<void(const std::function<void(const SyntaxExpression&)>&)>& walk,
    const std::vector<SyntaxItem>* items, Scope* outer) {
  std::vector<SyntaxName> names;
  const auto is_alias = [&](const std::string& name) {
    if (items == nullptr) return false;
    return std::any_of(items->begin(), items->end(), [&](const SyntaxItem& item) {
      return item.alias && item.alias->text == name;
    });
  };
  walk([&](const SyntaxExpression& root) {
    WalkNames(root, [&](const SyntaxExpression& name) {
      const bool number = EqualFolded(name.text, "nan") || EqualFolded(name.text, "inf");
      const bool known = std::any_of(names.begin(), names.end(), [&](const SyntaxName& other) {
        return other.text == name.text;
      });
      if (number || known || is_alias(name.text)) return;
      for (Scope* scope = outer; scope != nullptr; scope = scope->outer) {
        for (const VariableId id : scope->variables) {
          if (variable(id).name == name.text) return;
        }
      }
      names.push_back({name.text, name.place});
    });
  });
  return names;
}

std::optional<VariableId> Binder::FindVariable(const std::string& name, Scope* scope) {
  std::vector<Scope*> crossed;
  for (; scope != nullptr; scope = scope->outer) {
    for (const VariableId id : scope->variables) {
      if (variable(id).name != name) continue;
      for (Scope* inner : crossed) inner->outer_used.insert(id);
      return id;
    }
    crossed.push_back(scope);
  }
  return std::nullopt;
}

std::vector<std::string> Binder::VariableNames(const Scope* scope) const {
  std::vector<std::string> names;
  for (; scope != nullptr; scope = scope->outer) {
    for (const VariableId id : scope->variables) names.push_back(statement_->variables[id].name);
  }
  return names;
}

Result<std::optional<BoundExpression>> Binder::FindLoneColumn(const std::string& name, Place place,
                                                              Scope* scope) {
  std::optional<BoundExpression> found;
  for (const VariableId id : scope->variables) {
    const BoundVariable& of = variable(id);
    BoundExpression row = MakeVariable(id, of.type, place);
    std::optional<BoundExpression> here;
    for (std::size_t i = 0; i < of.fields.size(); ++i) {
      if (of.fields[i].first != name) continue;
      here = MakeExpression(ExpressionKind::kField, of.fields[i].second, place);
      here->variable = id;
      here->index = static_cast<std::uint32_t>(i);
    }
    const Column* column = of.relation ? FindColumn(*of.relation, name) : nullptr;
    if (column != nullptr) {
      here = MakeUnary(ExpressionKind::kColumn, column->type, place, std::move(row));
      here->column = column->id;
    }
    if (!here) continue;
    if (scope->preferred == id) return here;
    if (found && scope->preferred) continue;
    if (found) {
      return Wrong(place, "\"" + name + "\" is a column of several sources",
                   "name the source: " + WrittenName(of.name) + "." + name);
    }
    found = std::move(here);
  }
  return found;
}

BoundSource Binder::ImplicitSource(const std::string& name, Place place) {
  BoundSource source;
  source.place = place;
  source.variable = AddVariable(name, kVersionType, RelationId::kVersions);
  return source;
}

Result<std::vector<BoundSource>> Binder::BindSources(const std::vector<SyntaxSource>& sources,
                                                     const std::vector<SyntaxName>& free,
                                                     Scope* scope) {
  std::vector<BoundSource> bound;
  std::vector<std::size_t> unnamed;
  for (const SyntaxSource& source : sources) {
    DLV_ASSIGN(BoundSource one, BindSource(source, scope));
    one.place = source.place;
    if (!source.version_name.empty()) {
      DLV_TRY(SetVersionAlias(source.version_name, source.place, &one));
    }
    BoundVariable& of = variable(one.variable);
    if (source.alias) of.name = source.alias->text;
    if (of.name.empty()) unnamed.push_back(bound.size());
    for (const VariableId other : scope->variables) {
      if (!of.name.empty() && variable(other).name == of.name) {
        return Wrong(source.alias ? source.alias->place : source.place,
                     "two sources of the name \"" + of.name + "\"", "give one another name");
      }
    }
    scope->variables.push_back(one.variable);
    if (source.on) {
      DLV_ASSIGN(one.on, BindCondition(*source.on, scope));
    }
    one.join = source.join == JoinForm::kLeft    ? JoinKind::kLeft
               : source.join == JoinForm::kInner ? JoinKind::kInner
                                                 : JoinKind::kCross;
    if (one.join == JoinKind::kInner && !one.on) one.join = JoinKind::kCross;
    bound.push_back(std::move(one));
  }
  if (unnamed.size() != 1) return bound;
  std::vector<std::string> undeclared;
  for (const SyntaxName& name : free) {
    DLV_ASSIGN(const auto column, FindLoneColumn(name.text, {}, scope));
    // A nested query of one entity is that entity: its column's name is no other thing.
    if (!column && !FindVariable(name.text, scope)) undeclared.push_back(name.text);
  }
  if (undeclared.size() == 1) variable(bound[unnamed[0]].variable).name = undeclared[0];
  return bound;
}

Result<BoundSource> Binder::BindSource(const SyntaxSource& source, Scope* scope) {
  switch (source.form) {
    case SourceForm::kName:
      return BindNamedSource(source);
    case SourceForm::kText:
      return BindTextSource(source);
    case SourceForm::kParameter:
      NoteShaping(source.text, kTextType, source.place);
      return ImplicitSource("", source.place);
    case SourceForm::kCall:
      return BindCallSource(source, scope);
    case SourceForm::kPrevious:
      return BindPrevious(source);
    case SourceForm::kQuery:
      break;
  }
  BoundSource bound;
  bound.kind = SourceKind::kQuery;
  bound.place = source.place;
  DLV_ASSIGN(bound.query, BindNested(*source.query, scope));
  ShapeVariable(bound.query->columns, &bound);
  return bound;
}

Result<BoundSource> Binder::BindNamedSource(const SyntaxSource& source) {
  BoundSource bound;
  if (const auto relation = FindRelation(source.text)) {
    bound.relation = *relation;
    bound.variable = AddVariable(source.text, {SchemaOf(*relation).row}, *relation);
    return bound;
  }
  if (source.alias) {
    return Unknown(source.place, "no relation \"" + source.text + "\"",
                   DidYouMean(source.text, RelationNames()));
  }
  return ImplicitSource(source.text, source.place);
}

Result<BoundSource> Binder::BindTextSource(const SyntaxSource& source) {
  const bool stored = names().Has(NameKind::kQuery, source.text);
  std::size_t error_at = 0;
  const auto pattern = Selector::Compile(source.text, &error_at);
  const auto& models = names().All(NameKind::kModel);
  const bool matches =
      pattern.ok() && std::any_of(models.begin(), models.end(), [&](const std::string& model) {
        return pattern->Matches(model);
      });
  if (stored && matches) {
    return Wrong(source.place, "\"" + source.text + "\" is a stored query and a pattern of models",
                 "write query(" + Quoted(source.text) + ") or models(" + Quoted(source.text) + ")");
  }
  if (stored) return BindStoredSource(source.text, source.place);
  if (!matches && IsReference(source.text)) return BindReference(source.text, source.place);
  if (!matches && (!pattern.ok() || !pattern->exact().empty())) {
    std::vector<std::string> known = models;
    const auto& queries = names().All(NameKind::kQuery);
    known.insert(known.end(), queries.begin(), queries.end());
    return Unknown(source.place, "no stored query and no model \"" + source.text + "\"",
                   DidYouMean(source.text, known));
  }
  return BindModels(source.text, source.place);
}

/// One version, as if `(select m where m = "REFERENCE")` stood there.
Result<BoundSource> Binder::BindReference(const std::string& reference, Place place) {
  DLV_ASSIGN(BoundExpression version, VersionByReference(reference, place));
  BoundSource bound;
  bound.kind = SourceKind::kQuery;
  bound.place = place;
  bound.query = version.query;
  ShapeVariable(bound.query->columns, &bound);
  return bound;
}

Result<BoundSource> Binder::BindModels(const std::string& pattern, Place place) {
  std::size_t error_at = 0;
  auto selector = Selector::Compile(pattern, &error_at);
  if (!selector.ok()) return Fail(place, selector.error().code, selector.error().message);
  if (selector->target() != SelectorTarget::kName || !selector->captures().empty()) {
    return Wrong(place, "a pattern of model names with \"@\" or captures");
  }
  BoundSource bound = ImplicitSource("", place);
  const auto& models = names().All(NameKind::kModel);
  const bool matches = std::any_of(models.begin(), models.end(), [&](const std::string& model) {
    return selector->Matches(model);
  });
  if (!matches) statement_->warnings.push_back("no model matches " + Quoted(pattern));
  bound.models = std::make_shared<const Selector>(std::move(*selector));
  return bound;
}

Result<BoundSource> Binder::BindStoredSource(const std::string& name, Place place) {
  BoundSource bound;
  bound.kind = SourceKind::kQuery;
  bound.place = place;
  bound.query_name = name;
  DLV_ASSIGN(bound.query, BindStored(name, place));
  ShapeVariable(bound.query->columns, &bound);
  return bound;
}

void Binder::ShapeVariable(const std::vector<std::pair<std::string, Type>>& columns,
                           BoundSource* source) {
  if (columns.size() == 1 && IsEntity(columns[0].second)) {
    const Type type = columns[0].second;
    source->variable = AddVariable("", type, RelationOfEntity(type.kind));
    return;
  }
  source->variable = AddVariable("", {TypeKind::kRow});
  variable(source->variable).fields = columns;
}

Result<BoundSource> Binder::BindPrevious(const SyntaxSource& source) {
  if (context_.previous == nullptr) {
    return Wrong(source.place, "there is no last result yet",
                 "\"_\" is the result of the last query");
  }
  BoundSource bound;
  bound.kind = SourceKind::kPrevious;
  ShapeVariable(*context_.previous, &bound);
  return bound;
}

Status Binder::CheckAlias(const std::string& alias, Place place) {
  if (alias == "latest" || names().Has(NameKind::kAlias, alias)) return Ok();
  std::vector<std::string> known = names().All(NameKind::kAlias);
  known.emplace_back("latest");
  return Unknown(place, "no model has an alias \"" + alias + "\"", DidYouMean(alias, known));
}

Status Binder::SetVersionAlias(const std::string& alias, Place place, BoundSource* source) {
  if (source->kind != SourceKind::kRelation || source->relation != RelationId::kVersions) {
    return Wrong(place, "\"@\" behind a source that is not of versions");
  }
  DLV_TRY(CheckAlias(alias, place));
  source->version_alias = alias;
  return Ok();
}

Result<BoundSource> Binder::BindCallSource(const SyntaxSource& source, Scope* scope) {
  const SyntaxExpression& call = *source.call;
  const std::string name = Folded(call.text);
  const auto text_argument = [&]() -> const SyntaxExpression* {
    const bool fits = call.operands.size() == 1 && call.operands[0].kind == SyntaxKind::kText;
    return fits ? &call.operands[0] : nullptr;
  };
  const bool by_parameter =
      call.operands.size() == 1 && call.operands[0].kind == SyntaxKind::kParameter;
  if (name == "unnest") return BindUnnest(call, scope);
  if (by_parameter && (name == "query" || name == "models")) {
    NoteShaping(call.operands[0].text, kTextType, call.operands[0].place);
    return ImplicitSource("", call.place);
  }
  if (name == "query" || name == "models") {
    if (text_argument() == nullptr) {
      return Wrong(call.place, name + "() takes one text", name + "(\"resnet*\")");
    }
    return name == "query" ? BindStoredSource(text_argument()->text, text_argument()->place)
                           : BindModels(text_argument()->text, text_argument()->place);
  }
  if (name == "latest") {
    if (call.operands.size() != 1 || call.operands[0].kind != SyntaxKind::kName) {
      return Wrong(call.place, "latest() takes the name of a variable", "from latest(m)");
    }
    BoundSource bound = ImplicitSource(call.operands[0].text, call.place);
    bound.version_alias = "latest";
    return bound;
  }
  for (const LineageCall& known : kLineageCalls) {
    if (known.name != name) continue;
    BoundSource bound;
    bound.kind = known.kind;
    if (call.operands.size() != known.arguments) {
      return Wrong(call.place, name + "() takes " + std::to_string(known.arguments) +
                                   (known.arguments == 1 ? " version" : " versions"));
    }
    for (const SyntaxExpression& operand : call.operands) {
      DLV_ASSIGN(BoundExpression argument, BindValue(operand, scope));
      DLV_ASSIGN(argument, AsVersion(std::move(argument), operand.place));
      if (argument.type != kVersionType) {
        return Wrong(operand.place, name + "() takes a version, not " + NameOf(argument.type));
      }
      bound.arguments.push_back(std::move(argument));
    }
    bound.variable = AddVariable("", kVersionType, RelationId::kVersions);
    return bound;
  }
  std::vector<std::string> known = {"unnest", "query", "models", "latest"};
  for (const LineageCall& one : kLineageCalls) known.emplace_back(one.name);
  return Unknown(call.place, "no source \"" + call.text + "()\"", DidYouMean(call.text, known));
}

Result<BoundSource> Binder::BindUnnest(const SyntaxExpression& call, Scope* scope) {
  if (call.operands.size() != 1) return Wrong(call.place, "unnest() takes one set or list");
  DLV_ASSIGN(BoundExpression argument, BindValue(call.operands[0], scope));
  if (!argument.type.is_set() && !argument.type.is_list() && argument.type != kAnyType) {
    return Wrong(call.operands[0].place,
                 "unnest() takes a set or list, not " + NameOf(argument.type));
  }
  BoundSource bound;
  bound.kind = SourceKind::kUnnest;
  if (argument.kind == ExpressionKind::kMap) argument = ToList(std::move(argument));
  const Type element{argument.type == kAnyType ? TypeKind::kAny : argument.type.element};
  bound.arguments.push_back(std::move(argument));
  if (IsEntity(element)) {
    bound.variable = AddVariable("", element, RelationOfEntity(element.kind));
  } else {
    bound.variable = AddVariable("", element);
  }
  return bound;
}

}  // namespace dlv::query

#include "engine/query/bind.h"

#include <algorithm>

#include "engine/query/binder.h"
#include "engine/query/diagnostics.h"
#include "engine/query/print.h"

namespace dlv::query {
namespace {

constexpr std::size_t kMostStored = 16;  // stored queries inside each other

}  // namespace

bool BoundExpression::operator==(const BoundExpression& other) const {
  const bool same_selector =
      selector == other.selector || (selector != nullptr && other.selector != nullptr &&
                                     selector->text() == other.selector->text());
  return kind == other.kind && type == other.type && constant == other.constant &&
         variable == other.variable && index == other.index && column == other.column &&
         function == other.function && metric == other.metric && name == other.name &&
         same_selector && node_template == other.node_template && query == other.query &&
         operands == other.operands;
}

BoundExpression MakeExpression(ExpressionKind kind, Type type, Place place,
                               BoundExpressions operands) {
  BoundExpression made;
  made.kind = kind;
  made.type = type;
  made.place = place;
  made.operands = std::move(operands);
  return made;
}

BoundExpression MakeVariable(VariableId id, Type type, Place place) {
  BoundExpression made = MakeExpression(ExpressionKind::kVariable, type, place);
  made.variable = id;
  return made;
}

BoundExpression MakeConstant(Constant value, Type type, Place place) {
  BoundExpression made = MakeExpression(ExpressionKind::kConstant, type, place);
  made.constant = std::move(value);
  return made;
}

BoundExpression MakeUnary(ExpressionKind kind, Type type, Place place, BoundExpression operand) {
  BoundExpression made = MakeExpression(kind, type, place);
  made.operands.push_back(std::move(operand));
  return made;
}

BoundExpression MakeBinary(ExpressionKind kind, Type type, Place place, BoundExpression left,
                           BoundExpression right) {
  BoundExpression made = MakeUnary(kind, type, place, std::move(left));
  made.operands.push_back(std::move(right));
  return made;
}

BoundExpression Negated(BoundExpression condition) {
  const Place place = condition.place;
  return MakeUnary(ExpressionKind::kNot, kBooleanType, place, std::move(condition));
}

Place MemberPlace(const SyntaxExpression& member) {
  const auto length = static_cast<std::uint32_t>(member.text.size() + (member.quoted ? 2 : 0));
  const bool fits = member.kind == SyntaxKind::kMember && member.place.end >= length;
  return fits ? Place{member.place.end - length, member.place.end} : member.place;
}

const std::string* ConstantText(const BoundExpression& value) {
  return value.kind == ExpressionKind::kConstant ? std::get_if<std::string>(&value.constant)
                                                 : nullptr;
}

TypeKind ElementKind(Type type) {
  return type.is_list() || type.is_set() ? TypeKind::kAny : type.kind;
}

Error Binder::Fail(Place place, ErrorCode code, std::string message, std::string hint) {
  if (!failed_) error_place_ = place;
  failed_ = true;
  return Error{code, std::move(message), std::move(hint)};
}

VariableId Binder::AddVariable(std::string name, Type type, std::optional<RelationId> relation) {
  statement_->variables.push_back({std::move(name), type, relation, {}});
  return static_cast<VariableId>(statement_->variables.size() - 1);
}

Status Binder::Run(const SyntaxStatement& statement) {
  statement_->form = statement.form;
  statement_->explain = statement.explain;
  statement_->text = text_;
  statement_->name = statement.name.text;
  statement_->replace = statement.replace;
  statement_->if_exists = statement.if_exists;
  if (statement.form == StatementForm::kDropQuery) {
    if (!statement.if_exists && !names().Has(NameKind::kQuery, statement.name.text)) {
      return Unknown(statement.name.place, "no stored query \"" + statement.name.text + "\"",
                     DidYouMean(statement.name.text, names().All(NameKind::kQuery)));
    }
    return Ok();
  }
  if (statement.form == StatementForm::kCreateQuery) {
    const Place place = statement.query->place;
    statement_->query_text = text_.substr(place.begin, place.end - place.begin);
    stored_.push_back(statement.name.text);  // it may not use itself
  }
  DLV_ASSIGN(statement_->query, BindQuery(*statement.query, nullptr));
  statement_->used.metrics.assign(used_metrics_.begin(), used_metrics_.end());
  statement_->used.hparams.assign(used_hparams_.begin(), used_hparams_.end());
  return Ok();
}

Result<BoundQuery> Binder::BindQuery(const SyntaxQuery& query, Scope* outer) {
  Result<BoundQuery> bound = [&]() -> Result<BoundQuery> {
    if (const auto* select = std::get_if<SyntaxSelect>(&query.body)) {
      return BindSelect(*select, outer);
    }
    if (const auto* slice = std::get_if<SyntaxSlice>(&query.body)) return BindSlice(*slice, outer);
    if (const auto* construct = std::get_if<SyntaxConstruct>(&query.body)) {
      return BindConstruct(*construct, outer);
    }
    if (const auto* predict = std::get_if<SyntaxPredict>(&query.body)) {
      return BindPredict(*predict, outer);
    }
    return BindEvaluate(std::get<SyntaxEvaluate>(query.body), outer);
  }();
  if (!bound.ok()) return bound;
  bound->place = query.place;
  if (query.save_as) {
    if (std::holds_alternative<SyntaxSelect>(query.body) ||
        std::holds_alternative<SyntaxPredict>(query.body) ||
        std::holds_alternative<SyntaxEvaluate>(query.body)) {
      return Wrong(query.save_as->place, "\"save as\" behind a query that makes no networks",
                   "slice and construct make networks; create query stores a select");
    }
    if (outer != nullptr || !stored_.empty()) {
      return Wrong(query.save_as->place, "\"save as\" inside of another query");
    }
    bound->save_as = query.save_as->text;
    if (query.save_as_parameter) {
      NoteShaping(query.save_as->text, kTextType, query.save_as->place);
    }
  }
  return bound;
}

Result<std::shared_ptr<const BoundQuery>> Binder::BindNested(const SyntaxQuery& query,
                                                             Scope* outer) {
  DLV_ASSIGN(BoundQuery bound, BindQuery(query, outer));
  return std::make_shared<const BoundQuery>(std::move(bound));
}

const StoredText& Binder::KeepStored(const std::string& name, const std::string& text,
                                     Place place) {
  auto& stored = statement_->stored;
  const std::size_t end =
      stored.empty() ? statement_->text.size() : stored.back().begin + stored.back().text.size();
  stored.push_back({name, text, static_cast<std::uint32_t>(end + 1), place});
  return stored.back();
}

Result<std::shared_ptr<const BoundQuery>> Binder::BindStored(const std::string& name, Place place) {
  if (std::find(stored_.begin(), stored_.end(), name) != stored_.end()) {
    return Wrong(place, "the stored query \"" + name + "\" uses itself");
  }
  if (stored_.size() == kMostStored) {
    return Wrong(place, "stored queries more than " + std::to_string(kMostStored) + " deep");
  }
  const auto text = names().StoredQuery(name);
  if (!text) {
    return Unknown(place, "no stored query \"" + name + "\"",
                   DidYouMean(name, names().All(NameKind::kQuery)));
  }
  const StoredText& kept = KeepStored(name, *text, place);
  const std::uint32_t begin = kept.begin;
  // Parsed behind spaces, so that all places in it are its own.
  const std::string padded = std::string(begin, ' ') + *text;
  ParseLimits limits = context_.limits;
  limits.max_statement_bytes += begin;
  Place inside;
  const auto parsed = Parse(padded, limits, &inside);
  const std::string_view outer_text = std::exchange(text_, padded);
  stored_.push_back(name);
  auto bound = [&]() -> Result<std::shared_ptr<const BoundQuery>> {
    if (!parsed.ok()) return parsed.error();
    if (!parsed->query || parsed->form != StatementForm::kQuery) {
      return Wrong(place, "it is no query");
    }
    auto nested = context_.values == nullptr
                      ? BindNested(*parsed->query, nullptr)
                      : BindNested(WithValues(*parsed->query, *context_.values), nullptr);
    if (!nested.ok()) inside = error_place_;
    return nested;
  }();
  stored_.pop_back();
  text_ = outer_text;
  if (bound.ok()) return bound;
  failed_ = false;  // the place is that of the name here
  inside = {inside.begin - std::min(inside.begin, begin), inside.end - std::min(inside.end, begin)};
  return Fail(place, bound.error().code,
              "in the stored query \"" + name +
                  "\": " + Diagnose(*text, bound.error(), inside).error.message,
              bound.error().hint);
}

Result<BoundStatement> Bind(const SyntaxStatement& statement, std::string_view text,
                            const BindContext& context, Place* error_place) {
  BoundStatement bound;
  Binder binder(text, context, &bound);
  SyntaxStatement filled;
  const bool fills = context.values != nullptr && statement.query.has_value();
  if (fills) {
    filled = statement;
    filled.query = WithValues(*statement.query, *context.values);
  }
  const Status status = binder.Run(fills ? filled : statement);
  *error_place = binder.error_place();
  DLV_TRY(status);
  return bound;
}

}  // namespace dlv::query

#include "engine/query/session.h"

#include <algorithm>
#include <array>

#include "engine/query/bind.h"
#include "engine/query/completion.h"
#include "engine/query/diagnostics.h"
#include "engine/query/parse.h"
#include "engine/query/schema.h"
#include "engine/query/statement_runner.h"

namespace dlv::query {
namespace {

/// The names of a repository. After an error there are none.
class ContextNames final : public NameSource {
 public:
  explicit ContextNames(QueryContext& context) : context_(context) {}
  bool Has(NameKind kind, std::string_view name) const override {
    const auto has = context_.HasName(kind, name);
    if (!has.ok()) error_ = has.error();
    return has.ok() && *has;
  }
  const std::vector<std::string>& All(NameKind kind) const override {
    std::vector<std::string>& list = lists_[static_cast<std::size_t>(kind)];
    auto names = context_.ReadNames(kind);
    if (!names.ok()) error_ = names.error();
    list = names.ok() ? std::move(names).value() : std::vector<std::string>();
    return list;
  }
  std::optional<std::string> StoredQuery(std::string_view name) const override {
    Needs needs;
    needs.queries = true;
    const auto snapshot = context_.Load(needs);
    if (!snapshot.ok()) {
      error_ = snapshot.error();
      return std::nullopt;
    }
    for (const auto& query : (*snapshot)->queries) {
      if (query.name == name) return query.text;
    }
    return std::nullopt;
  }
  Result<QueryVersion> Resolve(std::string_view reference) const override {
    return context_.Resolve(reference);
  }
  /// Why names could not be read.
  const std::optional<Error>& error() const { return error_; }

 private:
  QueryContext& context_;
  mutable std::array<std::vector<std::string>, kNameKinds> lists_;
  mutable std::optional<Error> error_;
};

/// Binds on the names of this moment.
Result<BoundStatement> BindNow(SessionState& session, const SyntaxStatement& parsed,
                               std::string_view text, const ParameterValues* values,
                               std::optional<Place>* place) {
  const ContextNames names(*session.context);
  BindContext binding;
  binding.names = &names;
  binding.limits = {session.options.max_depth, session.options.max_statement_bytes};
  binding.previous = session.previous.any() ? &session.previous.columns() : nullptr;
  binding.values = values;
  Place at;
  auto bound = query::Bind(parsed, text, binding, &at);
  if (names.error()) return *names.error();
  if (!bound.ok()) *place = at;
  return bound;
}

class PreparedQuery final : public Query {
 public:
  PreparedQuery(SessionState& session, SyntaxStatement parsed, BoundStatement statement)
      : session_(session), parsed_(std::move(parsed)), statement_(std::move(statement)) {
    if (!statement_.query) return;
    for (const auto& [name, type] : statement_.query->columns) {
      columns_.push_back({name, ResultTypeOf(type)});
    }
  }

  std::vector<std::string> parameters() const override {
    std::vector<std::string> names;
    for (const BoundParameter& parameter : statement_.parameters) names.push_back(parameter.name);
    return names;
  }
  const std::vector<QueryColumn>& columns() const override { return columns_; }

  Status Bind(std::string_view name, QueryValue value) override {
    const auto names = parameters();
    const auto found = std::find(names.begin(), names.end(), name);
    if (found == names.end()) {
      return Error{ErrorCode::kNotFound, "no parameter :" + std::string(name),
                   DidYouMean(name, names)};
    }
    const BoundParameter& parameter =
        statement_.parameters[static_cast<std::size_t>(found - names.begin())];
    if (!FitsType(value, parameter.type)) {
      return Error{ErrorCode::kInvalidArgument, "parameter :" + parameter.name + " is " +
                                                    KindOfValue(value) + ", want " +
                                                    NameOf(parameter.type)};
    }
    values_.insert_or_assign(parameter.name, std::move(value));
    return Ok();
  }

  Result<QueryResult> Run(const Operation& operation) override {
    std::optional<Place> place;
    auto result = RunAt(operation, &place);
    if (result.ok()) return result;
    Error error = std::move(result).error();
    if (place) NameStored(statement_, error, *place);
    session_.diagnostic = Diagnose(statement_.text, error, place);
    return session_.diagnostic.error;
  }

 private:
  /// An error inside of a stored query is one of its name in the statement.
  static void NameStored(const BoundStatement& statement, Error& error, Place& place) {
    for (const StoredText* stored; (stored = statement.StoredAt(place)) != nullptr;) {
      const Place inside{place.begin - stored->begin, place.end - stored->begin};
      error.message = "in the stored query \"" + stored->name +
                      "\": " + Diagnose(stored->text, error, inside).error.message;
      place = stored->named_at;
    }
  }

  Result<QueryResult> RunAt(const Operation& operation, std::optional<Place>* place) {
    if (statement_.form != StatementForm::kQuery) {  // keeps its parameters
      return RunStatement(session_, statement_, {}, operation, place);
    }
    for (const BoundParameter& parameter : statement_.parameters) {
      if (values_.contains(parameter.name)) continue;
      *place = parameter.place;
      return Error{ErrorCode::kInvalidArgument, "parameter :" + parameter.name + " has no value",
                   "give it with --param " + parameter.name + "=VALUE"};
    }
    ParameterValues shaping;
    for (const BoundParameter& parameter : statement_.parameters) {
      if (parameter.shapes) shaping.emplace(parameter.name, values_.at(parameter.name));
    }
    if (shaping.empty() && !statement_.looked_up) {
      return RunStatement(session_, statement_, ValuesFor(statement_), operation, place);
    }
    DLV_ASSIGN(const BoundStatement bound,
               BindNow(session_, parsed_, statement_.text, &shaping, place));
    auto result = RunStatement(session_, bound, ValuesFor(bound), operation, place);
    if (result.ok() || !*place) return result;
    Error error = std::move(result).error();
    NameStored(bound, error, **place);
    return error;
  }

  /// What was given, in the order of the statement's parameters.
  std::vector<std::optional<QueryValue>> ValuesFor(const BoundStatement& statement) const {
    std::vector<std::optional<QueryValue>> values;
    for (const BoundParameter& parameter : statement.parameters) {
      values.emplace_back(values_.at(parameter.name));
    }
    return values;
  }

  SessionState& session_;
  SyntaxStatement parsed_;
  BoundStatement statement_;
  std::vector<QueryColumn> columns_;
  ParameterValues values_;
};

class Session final : public QuerySession {
 public:
  Session(std::unique_ptr<QueryContext> context, const QueryOptions& options,
          const EngineSwitches& switches) {
    state_.context = std::move(context);
    state_.options = options;
    state_.switches = switches;
  }

  Result<std::unique_ptr<Query>> Prepare(std::string_view text) override {
    Place place;
    const ParseLimits limits{state_.options.max_depth, state_.options.max_statement_bytes};
    auto parsed = Parse(text, limits, &place);
    if (!parsed.ok()) return Failed(text, parsed.error(), place);
    std::optional<Place> where;
    auto bound = BindNow(state_, *parsed, text, nullptr, &where);
    if (!bound.ok()) return Failed(text, bound.error(), where);
    return std::unique_ptr<Query>(std::make_unique<PreparedQuery>(state_, std::move(parsed).value(),
                                                                  std::move(bound).value()));
  }

  const QueryDiagnostic& diagnostic() const override { return state_.diagnostic; }

  Result<QueryCompletion> Complete(std::string_view text, std::size_t cursor) override {
    return query::Complete(*state_.context, text, cursor);
  }

  QueryResult Schema() const override {
    QueryResult result;
    for (const char* name : {"relation", "column", "type", "meaning"}) {
      result.columns.push_back({name, "text"});
    }
    for (const RelationSchema& relation : Relations()) {
      for (const Column& column : relation.columns) {
        result.rows.push_back({{std::string(relation.name)},
                               {std::string(column.name)},
                               {NameOf(column.type)},
                               {std::string(column.meaning)}});
      }
    }
    return result;
  }

 private:
  Error Failed(std::string_view text, const Error& error, std::optional<Place> place) {
    state_.diagnostic = Diagnose(text, error, place);
    return state_.diagnostic.error;
  }
  SessionState state_;
};

}  // namespace

std::unique_ptr<QuerySession> MakeSession(std::unique_ptr<QueryContext> context,
                                          const QueryOptions& options,
                                          const EngineSwitches& switches) {
  return std::make_unique<Session>(std::move(context), options, switches);
}

}  // namespace dlv::query

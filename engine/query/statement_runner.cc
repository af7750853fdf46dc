#include "engine/query/statement_runner.h"

#include <chrono>

#include "engine/query/analysis.h"
#include "engine/query/execute/run_subject.h"
#include "engine/query/physical_plan.h"
#include "engine/query/scalar.h"

namespace dlv::query {
namespace {

/// Decoded networks that a session keeps at the most.
constexpr std::size_t kMostGraphs = 20'000;
/// Rows of a result that `_` can name.
constexpr std::size_t kMostRemembered = 1'000'000;

Error OnlyReads(const char* what) {
  return Error{ErrorCode::kInvalidArgument,
               std::string(what) + " changes the repository, and this session only reads",
               "without --read-only (QueryOptions::read_only = false) it may"};
}

class StatementRun {
 public:
  StatementRun(SessionState& session, const BoundStatement& statement, const Operation& operation)
      : session_(session), statement_(statement), operation_(operation) {}

  Result<QueryResult> Run(const std::vector<std::optional<QueryValue>>& parameters) {
    result_.warnings = statement_.warnings;
    if (statement_.form == StatementForm::kCreateQuery) return Create();
    if (statement_.form == StatementForm::kDropQuery) return Drop();
    const BoundQuery& query = *statement_.query;
    const bool plan_only = statement_.explain == ExplainForm::kPlan;
    const auto* const evaluate = std::get_if<BoundEvaluate>(&query.body);
    if (!query.save_as.empty() && session_.options.read_only && !plan_only) {
      return OnlyReads("save as");
    }
    if (evaluate != nullptr && evaluate->save && session_.options.read_only && !plan_only) {
      return OnlyReads("evaluate ... save");
    }
    DLV_TRY(Prepare(parameters));
    Runtime runtime(*execution_);
    runtime.frame_size = statement_.variables.size();
    runtime.plan_nested = [&](const BoundQuery& nested) -> Result<std::unique_ptr<RowStream>> {
      DLV_ASSIGN(auto planned, PlanQuery(runtime, nested));
      runtime.planned.push_back(&planned->root());
      return std::unique_ptr<RowStream>(std::move(planned));
    };
    DLV_ASSIGN(const auto plan, PlanQuery(runtime, query));
    AddColumns(query);
    if (!plan_only) DLV_TRY(Collect(*plan, runtime));
    AddWarnings();
    if (statement_.explain != ExplainForm::kNone) return Explained(*plan);
    DLV_TRY(Finish(query));
    return std::move(result_);
  }

  std::optional<Place> error_place() const {
    return execution_ ? execution_->error_place() : place_;
  }

 private:
  Result<QueryResult> Create() {
    if (session_.options.read_only) return OnlyReads("create query");
    DLV_TRY(
        session_.context->StoreQuery(statement_.name, statement_.query_text, statement_.replace));
    result_.message = "stored query " + statement_.name;
    return std::move(result_);
  }

  Result<QueryResult> Drop() {
    if (session_.options.read_only) return OnlyReads("drop query");
    const Status dropped = session_.context->DropQuery(statement_.name);
    if (!dropped.ok() && statement_.if_exists && dropped.error().code == ErrorCode::kNotFound) {
      result_.message = "no query " + statement_.name;
      return std::move(result_);
    }
    DLV_TRY(dropped);
    result_.message = "dropped query " + statement_.name;
    return std::move(result_);
  }

  Status Prepare(const std::vector<std::optional<QueryValue>>& parameters) {
    Needs needs;
    CollectNeeds(*statement_.query, needs);
    ExecutionInput input;
    DLV_ASSIGN(input.snapshot, session_.context->Load(needs));
    for (std::size_t i = 0; i < parameters.size(); ++i) {
      DLV_ASSIGN(Value value, ParameterValue(*input.snapshot, i, parameters[i]));
      input.parameters.push_back(std::move(value));
    }
    previous_ = session_.previous.In(*input.snapshot);
    if (session_.graphs->size() > kMostGraphs) session_.graphs = std::make_shared<GraphCache>();
    input.context = session_.context.get();
    input.statement = &statement_;
    input.previous = session_.previous.any() ? &previous_ : nullptr;
    input.graphs = session_.graphs.get();
    input.operation = operation_;
    input.now = std::chrono::duration_cast<std::chrono::seconds>(
                    std::chrono::system_clock::now().time_since_epoch())
                    .count();
    input.prune_planes = session_.switches.prune_planes;
    execution_.emplace(std::move(input));
    return Ok();
  }

  Result<Value> ParameterValue(const Snapshot& snapshot, std::size_t place,
                               const std::optional<QueryValue>& given) {
    const BoundParameter& parameter = statement_.parameters[place];
    if (!given) {
      place_ = parameter.place;
      return Error{ErrorCode::kInvalidArgument, "parameter :" + parameter.name + " has no value",
                   "give it with --param " + parameter.name + "=VALUE"};
    }
    BoundExpression wanted;
    wanted.kind = ExpressionKind::kConvert;
    wanted.type = parameter.type;
    const Value value = FromPublic(snapshot, *given);
    auto converted = ApplyScalar(wanted, std::span(&value, 1));
    if (converted.ok() && !(converted->is_null() && !value.is_null())) return converted;
    place_ = parameter.place;
    return Error{ErrorCode::kInvalidArgument, "parameter :" + parameter.name + " is " +
                                                  std::string(KindOf(value)) + ", want " +
                                                  NameOf(parameter.type)};
  }

  void AddColumns(const BoundQuery& query) {
    for (const auto& [name, type] : query.columns) {
      result_.columns.push_back({name, ResultTypeOf(type)});
    }
  }

  Status Collect(const PlannedQuery& plan, Runtime& runtime) {
    auto& rows = const_cast<PlannedQuery&>(plan);
    Frame frame(runtime.frame_size);
    const std::size_t columns = statement_.query->columns.size();
    DLV_TRY(rows.Open(frame));
    List row;
    while (true) {
      DLV_ASSIGN(const bool more, rows.Next(frame, row));
      if (!more) return Ok();
      DLV_TRY(Execution::KeepRow(rows_.size()));
      row.resize(columns);
      rows_.push_back(row);
    }
  }

  void AddWarnings() {
    constexpr std::size_t kMostNamed = 5;
    for (const std::string& warning : execution_->warnings) result_.warnings.push_back(warning);
    const auto& without = execution_->without_network;
    if (without.empty()) return;
    std::string names;
    std::size_t named = 0;
    for (const VersionIndex version : without) {
      if (named++ == kMostNamed) break;
      names += (names.empty() ? "" : ", ") + execution_->snapshot().ReferenceOf(version);
    }
    if (without.size() > kMostNamed) names += ", ...";
    result_.warnings.push_back(
        (without.size() == 1
             ? "a version has no network, and was left out: "
             : std::to_string(without.size()) + " versions have no network, and were left out: ") +
        names);
  }

  Result<QueryResult> Explained(const PlannedQuery& plan) {
    const bool analyzed = statement_.explain == ExplainForm::kAnalyze;
    result_.explain = Explain(plan, analyzed);
    std::string applied;
    for (const std::string& name : plan.applied()) applied += (applied.empty() ? "" : ", ") + name;
    result_.explain.push_back(
        {0, "rewrites: " + (applied.empty() ? "none" : applied), {}, {}, {}, {}, {}});
    if (analyzed && execution_->graphs_read != 0) {
      result_.explain.push_back(
          {0, "networks read: " + std::to_string(execution_->graphs_read), {}, {}, {}, {}, {}});
    }
    result_.columns.clear();
    return std::move(result_);
  }

  Status Finish(const BoundQuery& query) {
    const Snapshot& snapshot = execution_->snapshot();
    for (const List& row : rows_) {
      std::vector<QueryValue> values;
      for (const Value& value : row) values.push_back(ToPublic(snapshot, value));
      result_.rows.push_back(std::move(values));
    }
    const auto* const evaluate = std::get_if<BoundEvaluate>(&query.body);
    if (evaluate != nullptr && evaluate->save)
      DLV_TRY(session_.context->SaveEvaluations(execution_->evaluated));
    if (evaluate == nullptr && !std::holds_alternative<BoundSelect>(query.body))
      DLV_TRY(FinishNetworks(query));
    if (rows_.size() <= kMostRemembered) {
      session_.previous.Keep(execution_->input().snapshot, query.columns, std::move(rows_),
                             session_.graphs);
    }
    return Ok();
  }

  Status FinishNetworks(const BoundQuery& query) {
    std::vector<NewVersion> made;
    const bool is_slice = std::holds_alternative<BoundSlice>(query.body);
    for (const List& row : rows_) {
      const auto& network = **row[0].As<std::shared_ptr<const MadeNetwork>>();
      result_.networks.push_back(ToPublic(execution_->snapshot(), network));
      if (query.save_as.empty()) continue;
      DLV_ASSIGN(NewVersion version, VersionOf(network, query.save_as, is_slice));
      made.push_back(std::move(version));
    }
    for (std::size_t i = 1; result_.networks.size() > 1 && i <= result_.networks.size(); ++i) {
      result_.networks[i - 1].name += std::to_string(i);
    }
    if (query.save_as.empty()) return Ok();
    DLV_ASSIGN(result_.saved, session_.context->Save(made, operation_));
    return Ok();
  }

  Result<NewVersion> VersionOf(const MadeNetwork& made, const std::string& model, bool is_slice) {
    DLV_ASSIGN(NewVersion version, NewVersionOf(execution_->snapshot(), made));
    version.model = model;
    version.relation = is_slice ? Relation::kSlice : Relation::kConstruct;
    version.query = statement_.text;
    return version;
  }

  SessionState& session_;
  const BoundStatement& statement_;
  Operation operation_;
  QueryResult result_;
  PreviousRows previous_;
  std::optional<Execution> execution_;
  std::optional<Place> place_;
  std::vector<List> rows_;
};

}  // namespace

Result<QueryResult> RunStatement(SessionState& session, const BoundStatement& statement,
                                 const std::vector<std::optional<QueryValue>>& parameters,
                                 const Operation& operation, std::optional<Place>* error_place) {
  StatementRun run(session, statement, operation);
  auto result = run.Run(parameters);
  *error_place = result.ok() ? std::nullopt : run.error_place();
  return result;
}

}  // namespace dlv::query

#pragma once
/// \file
/// Runs a bound statement: loads what it needs, plans it, collects its rows, saves what it made.

#include <memory>
#include <optional>
#include <vector>

#include "dlv/query.h"
#include "engine/query/bound_tree.h"
#include "engine/query/result_values.h"
#include "engine/query/session.h"

namespace dlv::query {

/// What statements of a session share.
struct SessionState {
  std::unique_ptr<QueryContext> context;
  QueryOptions options;
  EngineSwitches switches;
  std::shared_ptr<GraphCache> graphs = std::make_shared<GraphCache>();
  KeptRows previous;
  QueryDiagnostic diagnostic;
};

/// Runs it once. `error_place` (not null) says where an error came from, if that is known.
/// Errors: those of dlv::Query::Run.
Result<QueryResult> RunStatement(SessionState& session, const BoundStatement& statement,
                                 const std::vector<std::optional<QueryValue>>& parameters,
                                 const Operation& operation, std::optional<Place>* error_place);

}  // namespace dlv::query

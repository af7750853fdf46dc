#pragma once
/// \file
/// Networks of a statement that are to run on data.

#include <optional>
#include <vector>

#include "engine/query/execute/execution.h"
#include "engine/query/inference.h"
#include "engine/query/run_settings.h"

namespace dlv::query {

/// A made network as a version that could be saved: its weights are those of its source, but for
/// the parameters that have an initialiser. Model, relation and query are left to the caller.
/// Errors: kInvalidArgument (an initialiser).
Result<NewVersion> NewVersionOf(const Snapshot& snapshot, const MadeNetwork& made);

/// What a version or made network is to run as; nothing for NULL, and for a version without a
/// network, which is noted in Execution::without_network.
Result<std::optional<RunSubject>> RunSubjectOf(Execution& execution, const Value& subject);

}  // namespace dlv::query

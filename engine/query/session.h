#pragma once
/// \file
/// The implementation of dlv::QuerySession over a QueryContext: parse, bind, plan, run.

#include <memory>

#include "dlv/query.h"
#include "engine/query/context.h"

namespace dlv::query {

/// Switches that only tests turn.
struct EngineSwitches {
  bool prune_planes = true;  ///< false: comparisons of weights read all planes
};

std::unique_ptr<QuerySession> MakeSession(std::unique_ptr<QueryContext> context,
                                          const QueryOptions& options,
                                          const EngineSwitches& switches = {});

}  // namespace dlv::query

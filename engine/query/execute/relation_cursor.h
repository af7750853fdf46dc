#pragma once
/// \file
/// Rows of a relation, one after the other.

#include <memory>
#include <optional>
#include <set>
#include <string>

#include "engine/query/execute/execution.h"
#include "engine/query/schema.h"

namespace dlv::query {

class RelationCursor {
 public:
  virtual ~RelationCursor() = default;
  /// The next row; nothing at the end.
  virtual Result<std::optional<Value>> Next() = 0;
};

struct RelationFilter {
  std::optional<VersionIndex> version;                ///< only rows of this version
  const std::vector<std::string>* metrics = nullptr;  ///< metrics: only series of these names
};

/// All rows of a relation that the filter leaves, by version.
std::unique_ptr<RelationCursor> OpenRelation(Execution& execution, RelationId relation,
                                             const RelationFilter& filter);

}  // namespace dlv::query

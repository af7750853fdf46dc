#pragma once
/// \file
/// What has to be computed, as a tree: made from a bound query, changed by the rewrites
/// (rewrites.h), and made into operators (physical_plan.h).

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/query/bound_tree.h"

namespace dlv::query {

struct LogicalNode;
using LogicalPtr = std::unique_ptr<LogicalNode>;

enum class LogicalKind : std::uint8_t {
  kOneRow,    ///< one row without variables
  kSource,    ///< rows of `source`
  kJoin,      ///< left, right, joined as `join` says; a right side may read the left's variables
  kFilter,    ///< left, as far as all `conditions` are true
  kGroup,     ///< left, in groups of `select`
  kProject,   ///< left, as the outputs of `select`
  kDistinct,  ///< left, each row once
  kSort,      ///< left, ordered by `select`
  kLimit,     ///< left, some of it
};

struct LogicalNode {
  LogicalKind kind = LogicalKind::kSource;
  LogicalPtr left = {}, right = {};
  const BoundSource* source = nullptr;  ///< kSource; belongs to the bound query
  const BoundSelect* select = nullptr;  ///< kGroup, kProject, kSort, kLimit; the same
  JoinKind join = JoinKind::kCross;
  std::vector<BoundExpression> conditions = {};  ///< kFilter, kJoin

  // What rewrites say of a source or a join:
  /// kSource: only rows that belong to this version.
  std::optional<BoundExpression> version = {};
  /// kSource: only rows of versions for which all of these are true; its variable stands for the
  /// version in them.
  std::vector<BoundExpression> version_conditions = {};
  /// kSource of answers: only inputs for which all of these are true; they read nothing of an
  /// answer but `input` and `truth`.
  std::vector<BoundExpression> input_conditions = {};
  /// kSource over metrics: only series of these names.
  std::optional<std::vector<std::string>> metrics = {};
  /// kJoin: equal pairs (of the left, of the right), found through a hash table of the right side.
  std::vector<std::pair<BoundExpression, BoundExpression>> keys = {};
  /// kSort: only the first rows are needed, as many as limit and offset of `select` say.
  bool top = false;
};

/// The plan of a select, or of the rows that slice and construct range over.
struct LogicalPlan {
  LogicalPtr root;
  const BoundQuery* query = nullptr;
  std::vector<std::string> applied;  ///< names of rewrites that changed something, in order
};

/// Sources joined from left to right, then where, groups, having, outputs, distinct, order, limit,
/// just as the query says.
LogicalPlan MakeLogicalPlan(const BoundQuery& query);

}  // namespace dlv::query

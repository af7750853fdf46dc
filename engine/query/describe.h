#pragma once
/// \file
/// Bound expressions as text, for `explain` and for tests: what a condition on a set became, where
/// captures went.

#include <string>

#include "engine/query/bound_tree.h"

namespace dlv::query {

/// Returns the expression in words near to DQL: `some e3 in m["conv*"].next: e3 has POOL("MAX")`.
/// Variables without a name are called e and their number.
std::string Describe(const BoundExpression& expression, const BoundStatement& statement);

/// Returns the query on one line: sources, conditions, groups, columns with their types, order.
std::string Describe(const BoundQuery& query, const BoundStatement& statement);

}  // namespace dlv::query

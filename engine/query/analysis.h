#pragma once
/// \file
/// Questions about bound expressions: what they read, what they cost, what they need loaded.

#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "engine/query/bound_tree.h"
#include "engine/query/context.h"

namespace dlv::query {

/// Calls `visit` with the expression and all of its parts, but not those of nested queries.
void Visit(const BoundExpression& expression,
           const std::function<void(const BoundExpression&)>& visit);

/// Variables whose value it reads, without those that it binds itself.
std::set<VariableId> FreeVariables(const BoundExpression& expression);

/// What a condition reads, cheapest first: the order in which filters run.
enum class Cost : std::uint8_t { kFree, kMetadata, kNested, kGraph, kTensor };
Cost CostOf(const BoundExpression& expression);

/// Whether it reads weights to compute a figure of them (norm, mean, ...).
bool IsTensorFigure(const BoundExpression& expression);

/// Returns the version variable whose network alone decides the value, so that versions with equal
/// networks have equal values; nothing where there is no such variable, or nothing to gain.
std::optional<VariableId> GraphVariable(const BoundExpression& expression);

/// The names of metrics that a condition on a variable over metrics leaves over: of
/// `s.name = "loss"` or `s.name in (...)`; nothing where it says nothing of that kind.
std::optional<std::vector<std::string>> SeriesAskedFor(const BoundExpression& condition,
                                                       VariableId variable);

/// Adds what the query, with all nested ones, has to have loaded.
void CollectNeeds(const BoundQuery& query, Needs& needs);

}  // namespace dlv::query

#pragma once
/// \file
/// Computing what is constant in an expression before any row is seen.

#include "engine/query/bound_tree.h"

namespace dlv::query {

/// Replaces constant parts by their values; returns whether it changed anything. A part whose
/// computation fails stays as it is.
bool FoldConstant(BoundExpression& expression);

bool IsConstantTrue(const BoundExpression& expression);

}  // namespace dlv::query

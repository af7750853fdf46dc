#pragma once
/// \file
/// Expressions whose value follows from the values of their operands alone.

#include <optional>
#include <span>

#include "dlv/result.h"
#include "engine/query/bound_tree.h"
#include "engine/query/operators.h"
#include "engine/query/value.h"

namespace dlv::query {

/// Whether ApplyScalar computes it. And, or are not among them: they need not look at all operands.
bool IsScalar(const BoundExpression& expression);

/// The comparison that an expression is, with exchanged sides where `mirrored`; nothing of others.
std::optional<Comparison> ComparisonOf(ExpressionKind kind, bool mirrored = false);

/// Errors: kInvalidArgument (integer overflow, a text that is no timestamp, a wrong regular
/// expression, tensors of unequal sizes).
Result<Value> ApplyScalar(const BoundExpression& expression, std::span<const Value> operands);

/// The functions among them (scalar_functions.cc).
bool IsScalarFunction(Function function);
Result<Value> ApplyScalarFunction(Function function, std::span<const Value> operands);

/// The value of a literal.
Value ValueOf(const Constant& constant);

/// A hyper-parameter's text as a value: integer, real, boolean or text.
Value ValueOfText(const std::string& text);

}  // namespace dlv::query

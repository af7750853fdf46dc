#pragma once
/// \file
/// Values of bind parameters in places that shape a statement: selectors, names, templates,
/// sources. There a value is written into the syntax tree, as if it had been typed; places stay
/// those of the parameter.

#include <map>
#include <string>

#include "dlv/query.h"
#include "engine/query/syntax_tree.h"
#include "engine/query/types.h"

namespace dlv::query {

using ParameterValues = std::map<std::string, QueryValue, std::less<>>;

/// Returns the query with a literal in the place of each parameter that has a value. A value that
/// no literal can be (a time, a node) is left alone.
SyntaxQuery WithValues(const SyntaxQuery& query, const ParameterValues& values);

/// Whether a place that wants `type` can take the value: NULL anywhere, whole numbers for real
/// ones, texts for times and for versions.
bool FitsType(const QueryValue& value, Type type);

/// How a value is called in a message: "text", "integer", "list".
std::string KindOfValue(const QueryValue& value);

}  // namespace dlv::query

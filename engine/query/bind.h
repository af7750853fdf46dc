#pragma once
/// \file
/// Gives a syntax tree its meaning: names, types, coercions, grouping, selectors, captures.

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dlv/result.h"
#include "engine/query/bound_tree.h"
#include "engine/query/names.h"
#include "engine/query/parameter_values.h"
#include "engine/query/parse.h"
#include "engine/query/syntax_tree.h"

namespace dlv::query {

struct BindContext {
  const NameSource* names = nullptr;  ///< not null; used only during the call
  /// Columns of the session's last result, which `_` names; null: there is none yet.
  const std::vector<std::pair<std::string, Type>>* previous = nullptr;
  ParseLimits limits;  ///< for stored queries, which are parsed while binding
  /// Values that stand for parameters, in the statement and in stored queries; null: none.
  const ParameterValues* values = nullptr;
};

/// Binds a statement; `text` is what it was parsed from.
/// Errors: kNotFound (a name; with the nearest ones), kInvalidArgument (a type, a rule),
/// kSyntax (a selector, a stored query). `error_place` (not null) then says where in `text`.
Result<BoundStatement> Bind(const SyntaxStatement& statement, std::string_view text,
                            const BindContext& context, Place* error_place);

}  // namespace dlv::query

#pragma once
/// \file
/// What a requirement says of a version. Where names get their values is the caller's.

#include <string>
#include <variant>
#include <vector>

#include "dlv/result.h"
#include "dlv/tensor_report.h"
#include "engine/requirement/expression.h"

namespace dlv::requirement {

using Value = std::variant<bool, double, std::string>;

/// Gives names their values; implemented above this layer.
class ValueLookup {
 public:
  virtual ~ValueLookup() = default;
  /// `name`: the parts between the dots, e.g. {"best", "val_acc"}. A text that is a number counts
  /// as one.  Errors: kNotFound, with the nearest names as hint.
  virtual Result<Value> Find(const std::vector<std::string>& name) = 0;
};

/// Evaluates everything, also where one side of `and` or `or` decides already, so that a name that
/// is missing never hides. Numbers are binary64 with IEEE rules: a comparison with NaN fails (but
/// for "!="), x / 0 is infinite. "==" and "!=" also take two texts or two truth values.
/// Errors: those of the lookup; kInvalidArgument (a number compared with a text, arithmetic on
/// texts, a requirement that is no truth value).
Result<RequirementResult> Evaluate(const Expression& expression, ValueLookup& lookup);

/// Returns "0.905", "true", "\"adam\"": numbers with at most 9 significant digits.
std::string TextOf(const Value& value);

}  // namespace dlv::requirement

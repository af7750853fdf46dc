#pragma once
/// \file
/// Arithmetic and text operators on values. NULL in, NULL out; values whose types do not fit give
/// NULL (statically known mismatches are errors of the binder).

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "dlv/result.h"
#include "engine/query/three_valued.h"
#include "engine/query/value.h"

namespace dlv::query {

enum class Comparison : std::uint8_t {
  kEqual,
  kNotEqual,
  kLess,
  kLessEqual,
  kGreater,
  kGreaterEqual
};

/// Returns "=", "!=", "<", ...
std::string_view NameOf(Comparison comparison);
/// What holds of `order` (less than, equal to or greater than 0).
bool Holds(Comparison comparison, int order);
Truth CompareValues(Comparison comparison, const Value& a, const Value& b);

enum class Arithmetic : std::uint8_t { kAdd, kSubtract, kMultiply, kDivide, kModulo };
std::string_view NameOf(Arithmetic arithmetic);

/// Integers stay integers but for `/`, which divides reals; x / 0 and x % 0 are NULL. Instants:
/// t + seconds, t - seconds, t - t (seconds, real).
/// Errors: kInvalidArgument (an integer overflows).
Result<Value> Calculate(Arithmetic arithmetic, const Value& a, const Value& b);
/// Errors: kInvalidArgument (overflow).
Result<Value> Negate(const Value& a);
/// A number, text, boolean or instant as text; nothing for what is none.
std::optional<std::string> TextOf(const Value& value);
/// Text and text; numbers are written out.
Value Concatenate(const Value& a, const Value& b);

/// SQL's like: `_` one character, `%` any number, `escape` (0: none) in front of them takes them as
/// themselves. `fold` compares ASCII letters without case.
bool Like(std::string_view text, std::string_view pattern, char32_t escape, bool fold);

}  // namespace dlv::query

#pragma once
/// \file
/// SQL's three-valued logic.

#include <cstdint>

#include "engine/query/value.h"

namespace dlv::query {

enum class Truth : std::uint8_t { kFalse, kTrue, kUnknown };

constexpr Truth ToTruth(bool value) { return value ? Truth::kTrue : Truth::kFalse; }

constexpr Truth Not(Truth a) {
  if (a == Truth::kUnknown) return a;
  return a == Truth::kTrue ? Truth::kFalse : Truth::kTrue;
}

constexpr Truth And(Truth a, Truth b) {
  if (a == Truth::kFalse || b == Truth::kFalse) return Truth::kFalse;
  return a == Truth::kUnknown || b == Truth::kUnknown ? Truth::kUnknown : Truth::kTrue;
}

constexpr Truth Or(Truth a, Truth b) { return Not(And(Not(a), Not(b))); }

inline Value ToValue(Truth truth) {
  return truth == Truth::kUnknown ? Value() : Value(truth == Truth::kTrue);
}

/// A value as a condition: only booleans are true or false.
inline Truth TruthOf(const Value& value) {
  const bool* known = value.As<bool>();
  return known == nullptr ? Truth::kUnknown : ToTruth(*known);
}

}  // namespace dlv::query

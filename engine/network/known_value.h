#pragma once
/// \file
/// The elements of small values at import: constants, and what is computed from them and from
/// sizes. Some elements may be unknown (a batch), and then know where they come from.

#include <cstdint>
#include <optional>
#include <vector>

#include "dlv/network.h"

namespace dlv::network {

struct KnownElement {
  bool known = false;
  std::int64_t whole = 0;  ///< of whole numbers and truth values
  double real = 0;         ///< of real numbers
  /// Unknown sizes: which value's which axis it is; source < 0: not known.
  std::int64_t source = -1;
  std::int32_t axis = 0;
};

struct KnownValue {
  DType dtype = DType::kI64;
  NetworkShape shape;  ///< no unknown sizes
  std::vector<KnownElement> elements;

  bool is_real() const { return IsFloat(dtype); }
  bool complete() const {
    for (const KnownElement& element : elements) {
      if (!element.known) return false;
    }
    return true;
  }
  /// All elements as whole numbers (real ones truncated), unknown ones as kUnknownElement.
  /// (INT64_MIN itself stands in files: "up to the begin".)
  static constexpr std::int64_t kUnknownElement = INT64_MIN + 0x5eed5eed;
  std::vector<std::int64_t> Wholes() const;
};

/// Returns the elements of a constant of at most kMaxFoldedElements whole numbers, truth values,
/// f32 or f64; nothing for others.
std::optional<KnownValue> KnownFrom(const NetworkConstant& constant);

/// Returns the constant of a complete value of a type that KnownFrom takes.
NetworkConstant ConstantFrom(const KnownValue& value);

/// Returns the one element of a constant with one element, as a real number.
std::optional<double> ScalarOf(const NetworkConstant& constant);

KnownElement WholeElement(std::int64_t value);
KnownElement RealElement(double value);

/// Returns a list of whole numbers of type i64.
KnownValue KnownList(const std::vector<std::int64_t>& values);

}  // namespace dlv::network

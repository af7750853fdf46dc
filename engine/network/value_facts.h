#pragma once
/// \file
/// Facts about values that several parts need: what an operand is, sizes within their limits.

#include <optional>
#include <string>

#include "dlv/network.h"
#include "dlv/result.h"

namespace dlv::network {

/// Type and shape of an operand, as far as known; nothing of kOuter and kAbsent.
struct ValueType {
  std::optional<DType> dtype;
  std::optional<NetworkShape> shape;
};
ValueType TypeOf(const Network& network, const NetworkOperand& operand);

/// Rank and every size within limits.h; sizes may be unknown.
bool ShapeFits(const NetworkShape& shape);
/// Errors: kInvalidArgument, beginning with `who`.
Status CheckShape(const std::optional<NetworkShape>& shape, const std::string& who);
/// No size unknown, and as many bytes as the shape says.
Status CheckConstant(const NetworkConstant& constant, const std::string& who);

/// Returns the number of elements, or nothing where a size is unknown or the number is over 2^56.
std::optional<std::int64_t> ElementsOf(const NetworkShape& shape);

/// Returns how messages and notes call an operand: "conv1", "input x", "parameter fc.weight",
/// "constant 3".
std::string OperandText(const Network& network, const NetworkOperand& operand);

}  // namespace dlv::network

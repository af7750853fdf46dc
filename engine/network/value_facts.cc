#include "engine/network/value_facts.h"

#include "engine/network/limits.h"
#include "engine/network/shape_inference.h"

namespace dlv::network {

ValueType TypeOf(const Network& network, const NetworkOperand& operand) {
  switch (operand.kind) {
    case OperandKind::kNode: {
      const NetworkValue& value = network.nodes[operand.index].outputs[operand.port];
      return {value.dtype, value.shape};
    }
    case OperandKind::kInput:
      return {network.inputs[operand.index].dtype, network.inputs[operand.index].shape};
    case OperandKind::kParameter:
      return {network.parameters[operand.index].dtype, network.parameters[operand.index].shape};
    case OperandKind::kConstant:
      return {network.constants[operand.index].dtype, network.constants[operand.index].shape};
    case OperandKind::kOuter:
    case OperandKind::kAbsent:
      break;
  }
  return {};
}

bool ShapeFits(const NetworkShape& shape) {
  if (shape.size() > kMaxRank) return false;
  for (const std::int64_t size : shape) {
    if (size < kUnknownSize || size > kMaxAxis) return false;
  }
  return true;
}

Status CheckShape(const std::optional<NetworkShape>& shape, const std::string& who) {
  if (!shape || ShapeFits(*shape)) return Ok();
  if (shape->size() > kMaxRank) {
    return Error{ErrorCode::kInvalidArgument, who + ": " + std::to_string(shape->size()) +
                                                  " axes, want at most " +
                                                  std::to_string(kMaxRank)};
  }
  return Error{
      ErrorCode::kInvalidArgument,
      who + ": shape " + ShapeText(*shape) + ", want sizes from 0 to " + std::to_string(kMaxAxis)};
}

Status CheckConstant(const NetworkConstant& constant, const std::string& who) {
  DLV_TRY(CheckShape(constant.shape, who));
  const auto elements = ElementsOf(constant.shape);
  if (!elements) {
    return Error{ErrorCode::kInvalidArgument, who + ": shape " + ShapeText(constant.shape) +
                                                  " of a constant is not a known size"};
  }
  const auto wanted =
      static_cast<std::uint64_t>(*elements) * static_cast<std::uint64_t>(SizeOf(constant.dtype));
  if (constant.bytes.size() != wanted) {
    return Error{ErrorCode::kInvalidArgument, who + ": " + std::to_string(constant.bytes.size()) +
                                                  " bytes, want " + std::to_string(wanted) +
                                                  " for " + std::string(NameOf(constant.dtype)) +
                                                  " " + ShapeText(constant.shape)};
  }
  return Ok();
}

std::optional<std::int64_t> ElementsOf(const NetworkShape& shape) {
  std::int64_t product = 1;
  bool zero = false;
  for (const std::int64_t size : shape) {
    if (size < 0) return std::nullopt;
    zero = zero || size == 0;
    if (size != 0 && product > (std::int64_t{1} << 56) / size) return std::nullopt;
    if (size != 0) product *= size;
  }
  return zero ? 0 : product;
}

std::string OperandText(const Network& network, const NetworkOperand& operand) {
  switch (operand.kind) {
    case OperandKind::kNode: {
      const NetworkNode& node = network.nodes[operand.index];
      const std::string port = node.outputs.size() > 1 ? ":" + std::to_string(operand.port) : "";
      return (node.name.empty() ? "#" + std::to_string(operand.index) : node.name) + port;
    }
    case OperandKind::kInput:
      return "input " + network.inputs[operand.index].name;
    case OperandKind::kParameter:
      return "parameter " + network.parameters[operand.index].name;
    case OperandKind::kConstant:
      return "constant " + std::to_string(operand.index);
    case OperandKind::kOuter:
      return "enclosing " + operand.name;
    case OperandKind::kAbsent:
      return "nothing";
  }
  return {};
}

}  // namespace dlv::network

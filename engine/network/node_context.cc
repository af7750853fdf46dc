#include "engine/network/attributes.h"
#include "engine/network/inference.h"
#include "engine/network/normalise.h"
#include "engine/network/shape_inference.h"

namespace dlv::network {
namespace {

const Fact kAbsentFact;

}  // namespace

NodeContext::NodeContext(Inference& inference, std::size_t place)
    : inference_(inference), place_(place), out_(node().outputs.size()) {}

const NetworkNode& NodeContext::node() const { return inference_.network_.nodes[place_]; }

std::int64_t NodeContext::opset() const { return inference_.opset_; }

bool NodeContext::Has(std::size_t operand) const {
  return operand < operand_count() && node().operands[operand].kind != OperandKind::kAbsent;
}

const Fact& NodeContext::In(std::size_t operand) const {
  return Has(operand) ? inference_.Of(node().operands[operand]) : kAbsentFact;
}

std::int64_t NodeContext::SourceOf(std::size_t operand) const {
  if (!Has(operand)) return -1;
  const NetworkOperand& one = node().operands[operand];
  if (one.kind == OperandKind::kOuter || one.port > 0xffff) return -1;
  return static_cast<std::int64_t>(one.kind) << 56 | std::int64_t{one.index} << 16 | one.port;
}

Fact& NodeContext::Out(std::size_t port) {
  if (port < out_.size()) return out_[port];
  spare_ = Fact();
  return spare_;
}

GivenList NodeContext::List(std::string_view attribute, std::size_t operand) const {
  if (const auto* values = IntegersAttribute(node(), attribute)) return {true, *values};
  if (!Has(operand)) return {};
  const Fact& fact = In(operand);
  if (!fact.value || fact.value->shape.size() > 1) return {true, std::nullopt};
  return {true, fact.value->Wholes()};
}

Error NodeContext::Bad(const std::string& why) const {
  return Error{ErrorCode::kInvalidArgument,
               "node " + Describe(inference_.network_, place_) + ": " + why};
}

std::string NodeContext::Text(std::string_view role, std::size_t operand) const {
  return std::string(role) + " " + ShapeText(In(operand).shape);
}

Result<std::size_t> NodeContext::Axis(std::int64_t axis, std::size_t rank) const {
  const auto axes = static_cast<std::int64_t>(rank);
  if (axis < -axes || axis >= axes) {
    return Bad("axis " + std::to_string(axis) + ", want " + std::to_string(-axes) + " to " +
               std::to_string(axes - 1));
  }
  return static_cast<std::size_t>(axis < 0 ? axis + axes : axis);
}

const std::vector<Fact>* NodeContext::Body(std::string_view attribute) const {
  const auto at = inference_.bodies_.find(attribute);
  return at == inference_.bodies_.end() ? nullptr : &at->second;
}

}  // namespace dlv::network

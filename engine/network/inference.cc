#include "engine/network/inference.h"

#include "engine/network/attributes.h"
#include "engine/network/limits.h"
#include "engine/network/normalise.h"
#include "engine/network/normalise_parts.h"
#include "engine/network/rules.h"
#include "engine/network/shape_arithmetic.h"
#include "engine/network/shape_inference.h"
#include "engine/network/value_facts.h"

namespace dlv::network {
namespace {

std::int64_t OpsetOf(const Network& network, const Inference* outside) {
  for (const auto& [domain, version] : network.operator_sets) {
    if (domain.empty() || domain == "ai.onnx") return version;
  }
  return outside != nullptr ? outside->opset() : 13;
}

const Fact kNothing;

Fact FactOf(const NetworkValue& value) { return {value.dtype, value.shape, std::nullopt}; }

}  // namespace

Inference::Inference(Network& network, bool normalise, Inference* outside,
                     std::vector<std::string>* warnings)
    : network_(network),
      normalise_(normalise),
      outside_(outside),
      warnings_(warnings),
      budget_(outside == nullptr ? own_budget_ : outside->budget_),
      opset_(OpsetOf(network, outside)) {
  for (const NetworkValue& input : network.inputs) inputs_.push_back(FactOf(input));
  for (const NetworkParameter& parameter : network.parameters) {
    parameters_.push_back({parameter.dtype, parameter.shape, std::nullopt});
  }
  for (const NetworkConstant& constant : network.constants) {
    constants_.push_back({constant.dtype, constant.shape, Remember(KnownFrom(constant))});
  }
}

std::optional<KnownValue> Inference::Remember(std::optional<KnownValue> value) {
  if (!value) return std::nullopt;
  budget_.elements += value->elements.size();
  if (budget_.elements > kMaxKnownElements) return std::nullopt;
  return value;
}

const Fact& Inference::Of(const NetworkOperand& operand) const {
  switch (operand.kind) {
    case OperandKind::kNode:
      return nodes_[operand.index][operand.port];
    case OperandKind::kInput:
      return inputs_[operand.index];
    case OperandKind::kParameter:
      return parameters_[operand.index];
    case OperandKind::kConstant:
      return constants_[operand.index];
    case OperandKind::kOuter: {
      const auto found = outside_ == nullptr ? std::nullopt : outside_->FindOuter(operand.name);
      return found ? found->owner->Of(found->operand) : kNothing;
    }
    case OperandKind::kAbsent:
      break;
  }
  return kNothing;
}

std::vector<Fact> Inference::OutputFacts() const {
  std::vector<Fact> facts;
  for (const NetworkOutput& output : network_.outputs) facts.push_back(Of(output.source));
  return facts;
}

Status Inference::Run() {
  nodes_.reserve(network_.nodes.size());
  for (std::size_t i = 0; i < network_.nodes.size(); ++i) DLV_TRY(Visit(i));
  for (NetworkOutput& output : network_.outputs) Rewrite(output.source);
  if (budget_.overdrawn) {
    return Error{ErrorCode::kUnsupported,
                 "folded constants of more than " + std::to_string(kMaxFoldedBytes) + " bytes"};
  }
  return Ok();
}

Status Inference::Visit(std::size_t place) {
  for (NetworkOperand& operand : network_.nodes[place].operands) Rewrite(operand);
  bodies_.clear();
  DLV_TRY(Subgraphs(place));
  if (normalise_ && IsOperator(network_.nodes[place], "Reshape")) FoldReshapeTarget(place);
  DLV_TRY(Apply(place));
  replaced_.emplace_back(network_.nodes[place].outputs.size());
  if (normalise_) Fold(place);
  return Ok();
}

/// Bodies are shared and never change: each is copied, worked on, and put back.
Status Inference::Subgraphs(std::size_t place) {
  for (NetworkAttribute& attribute : network_.nodes[place].attributes) {
    auto* body = std::get_if<std::shared_ptr<const Network>>(&attribute.value);
    if (body == nullptr) continue;
    const auto copy = std::make_shared<Network>(**body);
    if (normalise_) DLV_TRY(SortNodes(*copy));
    Inference inner(*copy, normalise_, this, warnings_);
    DLV_TRY(SetOuterInputs(inner, place, attribute.name));
    const Status done = inner.Run();
    if (!done.ok()) {
      return Error{done.error().code, "node " + Describe(network_, place) + ", " + attribute.name +
                                          ": " + done.error().message};
    }
    bodies_[attribute.name] = inner.OutputFacts();
    if (normalise_) {
      Compact(*copy, inner.replacements());
      NameNodes(*copy);
    }
    *body = copy;
  }
  return Ok();
}

/// A Loop's body gets a counter, a condition and the carried values, whose shapes may change from
/// round to round.
Status Inference::SetOuterInputs(Inference& body, std::size_t place,
                                 std::string_view attribute) const {
  const NetworkNode& node = network_.nodes[place];
  if (!IsOperator(node, "Loop") || attribute != "body") return Ok();
  for (std::size_t i = 0; i < body.inputs_.size(); ++i) {
    Fact& fact = body.inputs_[i];
    if (i < 2) {
      fact = {i == 0 ? DType::kI64 : DType::kBool, NetworkShape{}, std::nullopt};
    } else if (i < node.operands.size()) {
      if (!fact.dtype) fact.dtype = Of(node.operands[i]).dtype;
    }
    body.network_.inputs[i].dtype = fact.dtype;
    body.network_.inputs[i].shape = fact.shape;
  }
  return Ok();
}

Status Inference::Apply(std::size_t place) {
  const NetworkNode& node = network_.nodes[place];
  NodeContext context(*this, place);
  const Rule rule = FindRule(node.domain, node.op);
  if (rule != nullptr) DLV_TRY(rule(context));
  return Keep(place, std::move(context.outputs()));
}

Status Inference::Keep(std::size_t place, std::vector<Fact> facts) {
  NetworkNode& node = network_.nodes[place];
  for (std::size_t port = 0; port < facts.size(); ++port) {
    Fact& fact = facts[port];
    if (fact.shape && !ShapeFits(*fact.shape)) {
      return Error{ErrorCode::kInvalidArgument, "node " + Describe(network_, place) +
                                                    ": output would have the shape " +
                                                    ShapeText(*fact.shape)};
    }
    fact.value = Remember(std::move(fact.value));
    MergeDeclared(place, port, fact);
    node.outputs[port].dtype = fact.dtype;
    node.outputs[port].shape = fact.shape;
  }
  nodes_.push_back(std::move(facts));
  return Ok();
}

/// What the file declares fills what is unknown; where it contradicts it does not count.
void Inference::MergeDeclared(std::size_t place, std::size_t port, Fact& fact) {
  const NetworkValue& declared = network_.nodes[place].outputs[port];
  if (!fact.dtype) fact.dtype = declared.dtype;
  if (!declared.shape) return;
  const auto both = fact.shape ? SameShape(*fact.shape, *declared.shape) : declared.shape;
  if (both) {
    fact.shape = both;
  } else if (warnings_ != nullptr) {
    warnings_->push_back("node " + Describe(network_, place) + ": the file says " +
                         ShapeText(*declared.shape) + ", inferred " + ShapeText(*fact.shape));
  }
}

// ---- folding -------------------------------------------------------------------------------

NetworkOperand Inference::AddConstant(NetworkConstant constant) {
  budget_.bytes += constant.bytes.size();
  if (budget_.bytes > kMaxFoldedBytes) {
    budget_.overdrawn = true;
    constant = {constant.dtype, {0}, {}};  // the walk ends with an error
  }
  constants_.push_back({constant.dtype, constant.shape, Remember(KnownFrom(constant))});
  network_.constants.push_back(std::move(constant));
  return {OperandKind::kConstant, static_cast<std::uint32_t>(network_.constants.size() - 1), 0, {}};
}

void Inference::Fold(std::size_t place) {
  const NetworkNode& node = network_.nodes[place];
  auto& replaced = replaced_[place];
  if (IsOperator(node, "Constant")) {
    const auto* tensor = ConstantAttribute(node, "value");
    if (tensor != nullptr) replaced[0] = AddConstant(*tensor);
  }
  if (IsOperator(node, "Identity") && node.operands.size() == 1) {
    const OperandKind kind = node.operands[0].kind;
    if (kind == OperandKind::kParameter || kind == OperandKind::kConstant) {
      replaced[0] = node.operands[0];
    }
  }
  for (std::size_t port = 0; port < replaced.size(); ++port) {
    const auto& value = nodes_[place][port].value;
    if (replaced[port].kind == OperandKind::kAbsent && value && value->complete()) {
      replaced[port] = AddConstant(ConstantFrom(*value));
    }
  }
}

/// A target that takes an unknown size from the input's own axis at the same place is constant
/// with 0 there; one other unknown size can be -1.
void Inference::FoldReshapeTarget(std::size_t place) {
  NetworkNode& node = network_.nodes[place];
  if (node.operands.size() < 2 || node.operands[1].kind != OperandKind::kNode ||
      IntegerAttribute(node, "allowzero", 0) != 0) {
    return;
  }
  const auto& target = Of(node.operands[1]).value;
  if (!target || target->shape.size() != 1) return;
  const std::int64_t source = NodeContext(*this, place).SourceOf(0);
  std::vector<std::int64_t> sizes;
  std::size_t open = 0;
  for (std::size_t i = 0; i < target->elements.size(); ++i) {
    const KnownElement& element = target->elements[i];
    const bool own = !element.known && element.source >= 0 && element.source == source &&
                     element.axis == static_cast<std::int32_t>(i);
    sizes.push_back(element.known ? element.whole : own ? 0 : -1);
    if (sizes.back() == -1) ++open;
  }
  if (open <= 1) node.operands[1] = AddConstant(ConstantFrom(KnownList(sizes)));
}

void Inference::Rewrite(NetworkOperand& operand) {
  if (!normalise_) return;
  if (operand.kind == OperandKind::kOuter) return RewriteOuter(operand);
  if (operand.kind != OperandKind::kNode) return;
  const NetworkOperand& now = replaced_[operand.index][operand.port];
  if (now.kind != OperandKind::kAbsent) operand = now;
}

void Inference::RewriteOuter(NetworkOperand& operand) {
  const auto found = outside_ == nullptr ? std::nullopt : outside_->FindOuter(operand.name);
  if (!found) return;
  if (found->operand.kind == OperandKind::kConstant) {
    const auto key = std::pair(static_cast<const Inference*>(found->owner), found->operand.index);
    auto at = taken_.find(key);
    if (at == taken_.end()) {
      const NetworkConstant& constant = found->owner->network_.constants[found->operand.index];
      at = taken_.emplace(key, AddConstant(constant)).first;
    }
    operand = at->second;
  } else {
    operand.name = found->owner->ValueName(found->operand);
  }
}

const std::string& Inference::ValueName(const NetworkOperand& operand) const {
  if (operand.kind == OperandKind::kInput) return network_.inputs[operand.index].name;
  if (operand.kind == OperandKind::kParameter) return network_.parameters[operand.index].name;
  return network_.nodes[operand.index].outputs[operand.port].name;
}

/// A value of this network or of one around it; of its nodes only those before the node at hand.
std::optional<Inference::OuterValue> Inference::FindOuter(std::string_view name) {
  if (names_.empty()) {
    for (std::uint32_t i = 0; i < network_.inputs.size(); ++i) {
      names_.try_emplace(network_.inputs[i].name, NetworkOperand{OperandKind::kInput, i, 0, {}});
    }
    for (std::uint32_t i = 0; i < network_.parameters.size(); ++i) {
      names_.try_emplace(network_.parameters[i].name,
                         NetworkOperand{OperandKind::kParameter, i, 0, {}});
    }
  }
  for (; named_nodes_ < nodes_.size(); ++named_nodes_) {
    const auto index = static_cast<std::uint32_t>(named_nodes_);
    const auto& outputs = network_.nodes[index].outputs;
    for (std::uint32_t port = 0; port < outputs.size(); ++port) {
      names_.try_emplace(outputs[port].name, NetworkOperand{OperandKind::kNode, index, port, {}});
    }
  }
  const auto at = names_.find(name);
  if (at == names_.end()) return outside_ == nullptr ? std::nullopt : outside_->FindOuter(name);
  NetworkOperand operand = at->second;
  Rewrite(operand);
  return OuterValue{operand, this};
}

// ---- the interface -------------------------------------------------------------------------

Status InferShapes(Network& network, std::vector<std::string>* warnings) {
  return Inference(network, false, nullptr, warnings).Run();
}

}  // namespace dlv::network

#include "engine/infer/plan.h"

#include <map>
#include <optional>

#include "engine/infer/follow.h"
#include "engine/network/attributes.h"
#include "engine/network/data_flow.h"
#include "engine/network/normalise.h"

namespace dlv::infer {
namespace {

/// Plans one network; planners of subgraphs ask that of the enclosing one for values.
class Planner {
 public:
  Planner(const Network& network, std::span<const kernels::Implementation> candidates,
          Planner* outside, std::int64_t opset)
      : network_(network), candidates_(candidates), outside_(outside), opset_(opset) {}

  Result<std::unique_ptr<Plan>> Run() {
    plan_->network = &network_;
    NumberValues();
    const auto dependence = network::DependenceOf(network_);
    for (std::size_t i = 0; i < network_.nodes.size(); ++i) {
      DLV_TRY(AddStep(i, outside_ == nullptr && dependence[i] == network::Dependence::kWeights));
    }
    for (const NetworkOutput& output : network_.outputs) {
      DLV_ASSIGN(const Slot slot, Find(output.source));
      plan_->outputs.push_back(slot);
    }
    plan_->slot_count = next_;
    FindLastUses();
    FindFollowers(*plan_);
    return std::move(plan_);
  }

  const std::vector<std::pair<Slot, Slot>>& taken() const { return taken_; }

 private:
  void Name(const std::string& name, Slot slot) { names_.try_emplace(name, slot); }

  void NumberValues() {
    for (const NetworkValue& input : network_.inputs) Name(input.name, next_++);
    plan_->first_parameter = next_;
    for (const NetworkParameter& parameter : network_.parameters) Name(parameter.name, next_++);
    plan_->first_constant = next_;
    next_ += static_cast<Slot>(network_.constants.size());
  }

  Result<Slot> Find(const NetworkOperand& operand) {
    switch (operand.kind) {
      case OperandKind::kNode:
        return plan_->steps[operand.index].first_output + operand.port;
      case OperandKind::kInput:
        return operand.index;
      case OperandKind::kParameter:
        return plan_->first_parameter + operand.index;
      case OperandKind::kConstant:
        return plan_->first_constant + operand.index;
      case OperandKind::kOuter:
        return FindOuter(operand.name);
      case OperandKind::kAbsent:
        break;
    }
    return kNoSlot;
  }

  /// The slot here of a value of an enclosing network.
  Result<Slot> FindOuter(const std::string& name) {
    const auto known = outer_.find(name);
    if (known != outer_.end()) return known->second;
    if (outside_ == nullptr) {
      return Error{ErrorCode::kInvalidArgument, "reads '" + name + "', which nothing makes"};
    }
    DLV_ASSIGN(const Slot theirs, outside_->FindByName(name));
    const Slot ours = next_++;
    taken_.emplace_back(theirs, ours);
    outer_.emplace(name, ours);
    return ours;
  }

  Result<Slot> FindByName(const std::string& name) {
    const auto at = names_.find(name);
    if (at != names_.end()) return at->second;
    return FindOuter(name);
  }

  Status AddStep(std::size_t place, bool only_weights) {
    const NetworkNode& node = network_.nodes[place];
    Step step;
    step.node = &node;
    step.name = network::Describe(network_, place);
    step.only_weights = only_weights;
    step.opset = opset_;
    for (const NetworkOperand& operand : node.operands) {
      auto slot = Find(operand);
      if (!slot.ok())
        return Error{slot.error().code, "node " + step.name + ": " + slot.error().message};
      step.reads.push_back(*slot);
    }
    if (network::IsOperator(node, "If")) {
      DLV_TRY(AddBranches(step));
    } else {
      DLV_TRY(Choose(step));
    }
    step.first_output = next_;
    for (const NetworkValue& output : node.outputs) Name(output.name, next_++);
    plan_->steps.push_back(std::move(step));
    return Ok();
  }

  Status Choose(Step& step) const {
    const NetworkNode& node = *step.node;
    step.chosen = ChooseKernel(candidates_, node.domain, node.op);
    if (step.chosen.kernel != nullptr) return Ok();
    const std::string op = (node.domain.empty() ? "" : node.domain + ".") + node.op;
    return Error{ErrorCode::kUnsupported,
                 "node " + step.name + ": operator " + op + " has no kernel",
                 "docs/inference.md lists the operators that run"};
  }

  /// Where the condition is a constant, only the branch that it takes.
  std::optional<bool> KnownCondition(const NetworkNode& node) const {
    if (node.operands.empty() || node.operands[0].kind != OperandKind::kConstant)
      return std::nullopt;
    const NetworkConstant& constant = network_.constants[node.operands[0].index];
    if (constant.bytes.empty()) return std::nullopt;
    return constant.bytes[0] != std::byte{0};
  }

  Status AddBranches(Step& step) {
    const auto known = KnownCondition(*step.node);
    for (const bool yes : {true, false}) {
      Body body;
      if (!known || *known == yes) {
        DLV_TRY(AddBranch(step, yes ? "then_branch" : "else_branch", body));
      }
      step.branches.push_back(std::move(body));
    }
    return Ok();
  }

  Status AddBranch(const Step& step, std::string_view name, Body& body) {
    const AttributeValue* value = network::FindAttribute(*step.node, name);
    const auto* graph =
        value == nullptr ? nullptr : std::get_if<std::shared_ptr<const Network>>(value);
    if (graph == nullptr) {
      return Error{ErrorCode::kInvalidArgument,
                   "node " + step.name + ": has no " + std::string(name)};
    }
    Planner inner(**graph, candidates_, this, opset_);
    auto plan = inner.Run();
    if (!plan.ok()) {
      return Error{plan.error().code,
                   "node " + step.name + ", " + std::string(name) + ": " + plan.error().message,
                   plan.error().hint};
    }
    body.plan = std::move(*plan);
    body.taken = inner.taken();
    return Ok();
  }

  /// What the network gives, and parameters and constants, stay.
  void FindLastUses() {
    std::vector<bool> is_used(plan_->slot_count);
    for (const Slot slot : plan_->outputs) {
      if (slot != kNoSlot) is_used[slot] = true;
    }
    for (std::size_t i = plan_->steps.size(); i-- > 0;) {
      Step& step = plan_->steps[i];
      const auto use = [&](Slot slot) {
        if (slot == kNoSlot || is_used[slot]) return;
        is_used[slot] = true;
        step.last_uses.push_back(slot);
      };
      for (Slot port = 0; port < step.node->outputs.size(); ++port) use(step.first_output + port);
      for (const Slot slot : step.reads) use(slot);
      for (const Body& body : step.branches) {
        for (const auto& [theirs, ours] : body.taken) use(theirs);
      }
    }
  }

  const Network& network_;
  std::span<const kernels::Implementation> candidates_;
  Planner* outside_;
  std::int64_t opset_;
  std::unique_ptr<Plan> plan_ = std::make_unique<Plan>();
  Slot next_ = 0;
  std::map<std::string, Slot, std::less<>> names_, outer_;
  std::vector<std::pair<Slot, Slot>> taken_;
};

}  // namespace

Result<std::unique_ptr<Plan>> MakePlan(const Network& network,
                                       std::span<const kernels::Implementation> candidates) {
  std::int64_t opset = kernels::kNewestOpset;
  for (const auto& [domain, version] : network.operator_sets) {
    if (domain.empty()) opset = version;
  }
  if (opset < kernels::kOldestOpset || opset > kernels::kNewestOpset) {
    return Error{ErrorCode::kUnsupported, "operator set " + std::to_string(opset) + ", want " +
                                              std::to_string(kernels::kOldestOpset) + " to " +
                                              std::to_string(kernels::kNewestOpset)};
  }
  return Planner(network, candidates, nullptr, opset).Run();
}

}  // namespace dlv::infer

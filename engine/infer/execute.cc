#include "engine/infer/execute.h"

#include <algorithm>
#include <string>

namespace dlv::infer {
namespace {

using kernels::Value;

Error AtNode(const Step& step, const Error& error) {
  if (error.code == ErrorCode::kCancelled) return error;
  return {error.code, "node " + step.name + ": " + error.message, error.hint};
}

/// What a kernel does not make is not present; who reads it says so.
Status PutOutputs(const Step& step, std::vector<Value>& outputs, Frame& frame) {
  const std::size_t count = std::min(step.node->outputs.size(), outputs.size());
  for (Slot port = 0; port < count; ++port) {
    frame[step.first_output + port] = std::move(outputs[port]);
  }
  return Ok();
}

Status RunIf(const Step& step, const kernels::Setting& setting, Frame& frame) {
  const bool has_condition = !step.reads.empty() && step.reads[0] != kNoSlot;
  const Value condition = has_condition ? frame[step.reads[0]] : Value();
  if (condition.dtype() != DType::kBool || condition.count() != 1) {
    return Error{ErrorCode::kInvalidArgument,
                 "condition is " + std::string(NameOf(condition.dtype())) + " " +
                     kernels::TextOf(condition.shape()) + ", want one truth value"};
  }
  const Body& body = step.branches[condition.As<std::uint8_t>()[0] != 0 ? 0 : 1];
  if (body.plan == nullptr) return Error{ErrorCode::kInternal, "a branch that was not planned"};
  Frame inner = body.plan->fixed;
  for (const auto& [theirs, ours] : body.taken) inner[ours] = frame[theirs];
  DLV_TRY(RunSteps(*body.plan, setting, inner));
  std::vector<Value> outputs;
  for (const Slot slot : body.plan->outputs) {
    outputs.push_back(slot == kNoSlot ? Value() : inner[slot]);
  }
  return PutOutputs(step, outputs, frame);
}

Status RunKernel(const Step& step, const kernels::Setting& setting, Frame& frame) {
  std::vector<Value> inputs;
  for (const Slot slot : step.reads) inputs.push_back(slot == kNoSlot ? Value() : frame[slot]);
  kernels::Call call(*step.node, step.opset, setting, std::move(inputs));
  DLV_TRY(call.CheckCancelled());
  DLV_TRY(step.chosen.kernel(call));
  return PutOutputs(step, call.outputs(), frame);
}

}  // namespace

Status RunStep(const Step& step, const kernels::Setting& setting, Frame& frame) {
  const Status done =
      step.branches.empty() ? RunKernel(step, setting, frame) : RunIf(step, setting, frame);
  if (!done.ok()) return AtNode(step, done.error());
  return Ok();
}

Status RunSteps(const Plan& plan, const kernels::Setting& setting, Frame& frame) {
  for (const Step& step : plan.steps) {
    if (!step.only_weights) DLV_TRY(RunStep(step, setting, frame));
    for (const Slot slot : step.last_uses) frame[slot] = Value();
  }
  return Ok();
}

}  // namespace dlv::infer

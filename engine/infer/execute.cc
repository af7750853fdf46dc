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

bool Takes(const ChosenKernel& chosen, const Value& value) {
  if (value.is_plain()) return true;
  if (value.is_folded()) return chosen.folded;
  return value.is_view() ? chosen.views : chosen.any_order;
}

/// Operands, in C order unless the kernel takes others.
Result<std::vector<Value>> Operands(const Step& step, const kernels::Setting& setting,
                                    Frame& frame) {
  std::vector<Value> inputs;
  inputs.reserve(step.reads.size());
  for (const Slot slot : step.reads) {
    if (slot != kNoSlot && !Takes(step.chosen, frame[slot])) {
      DLV_ASSIGN(frame[slot], kernels::InPlainOrder(frame[slot], *setting.memory));
    }
    inputs.push_back(slot == kNoSlot ? Value() : frame[slot]);
  }
  return inputs;
}

std::vector<kernels::Follower> FollowersOf(const Plan& plan, const Step& step, Frame& frame) {
  std::vector<kernels::Follower> followers;
  followers.reserve(step.followers.size());
  for (const FollowingStep& following : step.followers) {
    const Step& next = plan.steps[following.step];
    kernels::Follower& follower = followers.emplace_back();
    follower.node = next.node;
    follower.fed = following.fed;
    follower.is_fixed = following.is_fixed;
    for (std::size_t i = 0; i < next.reads.size(); ++i) {
      const bool is_there = i != following.fed && next.reads[i] != kNoSlot;
      follower.operands.push_back(is_there ? &frame[next.reads[i]] : nullptr);
    }
    if (following.spare != kNoSlot) follower.spare = &frame[following.spare];
  }
  return followers;
}

/// Where outputs may be put, of a step and of each of its followers.
std::vector<kernels::Join> JoinsOf(const Plan& plan, const Step& step, Frame& frame) {
  std::vector<kernels::Join> joins;
  joins.reserve(step.followers.size() + 1);
  const auto add = [&](const JoiningStep& join) {
    kernels::Join& one = joins.emplace_back();
    if (join.step == SIZE_MAX) return;
    const Step& reader = plan.steps[join.step];
    one = {&frame[reader.first_output], join.operand, reader.state.get()};
  };
  add(step.join);
  for (const FollowingStep& following : step.followers) add(plan.steps[following.step].join);
  return joins;
}

/// Returns how many followers were computed along.
Result<std::size_t> RunKernel(const Plan& plan, const Step& step, const kernels::Setting& setting,
                              Frame& frame) {
  DLV_ASSIGN(std::vector<Value> inputs, Operands(step, setting, frame));
  const auto followers = FollowersOf(plan, step, frame);
  kernels::Call call(*step.node, step.opset, setting, std::move(inputs));
  const auto joins = JoinsOf(plan, step, frame);
  call.Place({followers, step.state.get(), &step.is_fixed, step.readers, joins,
              &frame[step.first_output]});
  DLV_TRY(call.CheckCancelled());
  DLV_TRY(step.chosen.kernel(call));
  const std::size_t absorbed = call.absorbed();
  DLV_CHECK(absorbed <= followers.size(), "a kernel takes along no more than it is given");
  const Step& last = absorbed == 0 ? step : plan.steps[step.followers[absorbed - 1].step];
  DLV_TRY(PutOutputs(last, call.outputs(), frame));
  return absorbed;
}

}  // namespace

Result<std::size_t> RunStep(const Plan& plan, const Step& step, const kernels::Setting& setting,
                            Frame& frame) {
  if (!step.branches.empty()) {
    const Status done = RunIf(step, setting, frame);
    if (!done.ok()) return AtNode(step, done.error());
    return std::size_t{0};
  }
  auto absorbed = RunKernel(plan, step, setting, frame);
  if (!absorbed.ok()) return AtNode(step, absorbed.error());
  return absorbed;
}

Status RunSteps(const Plan& plan, const kernels::Setting& setting, Frame& frame) {
  std::vector<bool> is_done(plan.steps.size());
  for (std::size_t i = 0; i < plan.steps.size(); ++i) {
    const Step& step = plan.steps[i];
    if (!step.only_weights && !is_done[i]) {
      DLV_ASSIGN(const std::size_t absorbed, RunStep(plan, step, setting, frame));
      for (std::size_t k = 0; k < absorbed; ++k) is_done[step.followers[k].step] = true;
    }
    for (const Slot slot : step.last_uses) frame[slot] = Value();
  }
  return Ok();
}

}  // namespace dlv::infer

#pragma once
/// \file
/// A network made ready to run: its values numbered, a kernel for every node, and when each value
/// is no longer needed.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "dlv/network.h"
#include "dlv/result.h"
#include "engine/infer/kernel_choice.h"
#include "engine/kernels/call.h"
#include "engine/kernels/node_state.h"
#include "engine/kernels/value.h"

namespace dlv::infer {

/// Number of a value in a frame: inputs, parameters, constants, outputs of nodes, then values of
/// enclosing networks.
using Slot = std::uint32_t;
inline constexpr Slot kNoSlot = UINT32_MAX;

struct Plan;

/// A subgraph and where its enclosing values come from: slots of the outer frame and of its own.
struct Body {
  std::unique_ptr<Plan> plan;  ///< null: never runs
  std::vector<std::pair<Slot, Slot>> taken;
};

/// A later step that the kernel of this one may compute along (kernels::Follower).
struct FollowingStep {
  std::size_t step = 0;
  std::size_t fed = 0;    ///< its operand that comes from the step before
  bool is_fixed = false;  ///< the others are the same in every run
  Slot spare = kNoSlot;   ///< its other operand, where its room may be taken
};

/// The Concat that alone reads a step's only output.
struct JoiningStep {
  std::size_t step = SIZE_MAX;  ///< SIZE_MAX: there is none
  std::size_t operand = 0;
};

struct Step {
  const NetworkNode* node = nullptr;
  std::string name;  ///< "conv1 (Conv)"
  ChosenKernel chosen;
  std::int64_t opset = 0;
  std::vector<Slot> reads;  ///< one an operand; kNoSlot where it is left out
  Slot first_output = 0;
  std::vector<Body> branches;            ///< of If: then, else
  std::vector<Slot> last_uses;           ///< values that no later step reads
  bool only_weights = false;             ///< computed once, when the session is made
  std::vector<bool> is_fixed;            ///< of `reads`: the same in every run
  std::vector<FollowingStep> followers;  ///< each feeds the next
  kernels::Readers readers;              ///< of its outputs, all together
  JoiningStep join;
  /// What the kernel keeps between runs; thread-safe.
  std::unique_ptr<kernels::NodeState> state = std::make_unique<kernels::NodeState>();
};

/// Refers to its network, which must outlive it.
struct Plan {
  const Network* network = nullptr;
  std::vector<Step> steps;
  std::vector<Slot> outputs;
  std::size_t slot_count = 0;
  Slot first_parameter = 0, first_constant = 0;
  std::vector<kernels::Value> fixed;  ///< one a slot: parameters, constants, what follows from them
};

/// Returns the plan, with nothing in `fixed`.
/// Errors: kUnsupported (an operator without a kernel, an operator set that is too old or too new;
/// the message names the node), kInvalidArgument (a value that nothing makes).
Result<std::unique_ptr<Plan>> MakePlan(const Network& network,
                                       std::span<const kernels::Implementation> candidates);

}  // namespace dlv::infer

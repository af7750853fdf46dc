#pragma once
/// \file
/// Running plans.

#include <vector>

#include "dlv/result.h"
#include "engine/infer/plan.h"
#include "engine/kernels/call.h"

namespace dlv::infer {

/// One value a slot; not present before it is made and after its last use.
using Frame = std::vector<kernels::Value>;

/// Runs one step of the plan on the frame. Returns how many of its followers were computed along:
/// the frame has the output of the last of them, not the step's own.
/// Errors: those of its kernel, with the node's name in front.
Result<std::size_t> RunStep(const Plan& plan, const Step& step, const kernels::Setting& setting,
                            Frame& frame);

/// Runs all steps that are not only_weights, and lets go of values after their last use. `frame`
/// has what is fixed, the inputs, and what is taken from outside.
Status RunSteps(const Plan& plan, const kernels::Setting& setting, Frame& frame);

}  // namespace dlv::infer

#pragma once
/// \file
/// Which nodes a fast kernel may compute along with its own: Conv, BatchNormalization, Add and Relu
/// in one go.

#include "engine/infer/plan.h"

namespace dlv::infer {

/// Fills `followers`, `is_fixed` and `readers` of the plan's steps. A follower is the only reader
/// of what the step before it makes, all else that it reads is there when the first step of the
/// chain runs, and the kernel says that it may be able to (kernels::MayFollow).
void FindFollowers(Plan& plan);

}  // namespace dlv::infer

#pragma once
/// \file
/// Operands and attributes of pools, checked.

#include "engine/kernels/reference/window.h"

namespace dlv::kernels {

struct PoolOperands {
  Window window;
  Shape out;
};

/// Errors: kInvalidArgument (no kernel_shape, fewer than 3 axes), as ReadWindow.
Result<PoolOperands> ReadPool(const Call& call);
/// A window that is the whole input. It lies over the last axis of `window`, all axes in one.
Result<PoolOperands> ReadGlobalPool(const Call& call);

}  // namespace dlv::kernels

#pragma once
/// \file
/// What a tensor is for, guessed from its name.

#include <string_view>

#include "storage/interchange/file_format.h"

namespace dlv::interchange {

/// Returns kBuffer for the names that PyTorch's layers give to their buffers, kOptimizer for names
/// that begin with "optimizer", else kParameter.
TensorRole RoleOfName(std::string_view name);

/// Returns whether a key of a checkpoint names optimizer state ("optimizer",
/// "optimizer_state_dict", "optim", "optimizers").
bool IsOptimizerKey(std::string_view key);

/// Without `include_optimizer`: removes tensors with that role and the recipe, if there are any.
void DropOptimizer(const DescribeOptions& options, FileDescription& description);

}  // namespace dlv::interchange

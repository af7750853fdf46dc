#pragma once
/// \file
/// What the levels of a tensor would take if it were stored by itself, without a base.

#include <cstddef>
#include <span>
#include <vector>

#include "dlv/dtype.h"
#include "dlv/result.h"
#include "storage/archive/tensor_reader.h"

namespace dlv::archive {

/// Codes `bytes`, elements in C order, as a commit does, in chunks of their own, and returns the
/// levels as TensorReader::LevelsOf has them: ascending, the last one exact.
/// Errors: kInvalidArgument (no multiple of the element size).
Result<std::vector<TensorLevel>> WholeLevels(DType dtype, std::span<const std::byte> bytes);

}  // namespace dlv::archive

#pragma once
/// \file
/// Where a session gets the weights of its network from. Implemented above this folder, over the
/// store or a file.

#include "dlv/network.h"
#include "dlv/result.h"
#include "engine/kernels/memory.h"
#include "engine/kernels/value.h"

namespace dlv::infer {

class WeightSource {
 public:
  virtual ~WeightSource() = default;
  /// Returns the tensor of a parameter, real numbers as `real` (kF32 or kF64), in room from
  /// `memory` (kernels::FromBytes does both). Called once a parameter, while the session is made.
  /// Errors: kNotFound (no tensor for it), kInvalidArgument, what the source says.
  virtual Result<kernels::Value> Read(const NetworkParameter& parameter, DType real,
                                      kernels::Memory& memory) = 0;
};

}  // namespace dlv::infer

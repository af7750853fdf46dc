#pragma once
/// \file
/// Cases of delta_case.h on a device.

#include <vector>

#include "engine/kernels/cuda/kernels.h"
#include "tests/kernels/delta_case.h"

namespace dlv::kernels::test {

struct DeltaResult {
  cuda::DeltaFault fault = cuda::DeltaFault::kNone;
  std::vector<Bytes> levels;  ///< elements after each level; to the first fault
};

DeltaResult DecodeDeltaOnDevice(const DeltaCase& one);

}  // namespace dlv::kernels::test

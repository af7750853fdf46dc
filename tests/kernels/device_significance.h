#pragma once
/// \file
/// Cases of significance_case.h on a device, and on the processor by emulation.

#include "engine/kernels/cuda/kernels.h"
#include "tests/kernels/significance_case.h"

namespace dlv::kernels::test {

/// What AssembleBySignificance makes of the first `levels` levels of a case.
Bytes SignificanceOnDevice(const SignificanceCase& one, std::uint32_t levels,
                           cuda::PlaneOutput output, cuda::SignificanceFault& fault);
Bytes SignificanceByEmulation(const SignificanceCase& one, std::uint32_t levels,
                              cuda::PlaneOutput output, cuda::SignificanceFault& fault);

}  // namespace dlv::kernels::test

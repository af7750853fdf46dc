#pragma once
/// \file
/// Cases of float_case.h on a device, all of a call at once, and on the processor by emulation.

#include <vector>

#include "engine/kernels/cuda/kernels.h"
#include "tests/kernels/device_memory.h"
#include "tests/kernels/float_case.h"

namespace dlv::kernels::test {

/// Symbols of many streams.
struct SymbolResults {
  std::vector<Bytes> symbols;
  std::vector<cuda::SymbolFault> faults;
};
struct SymbolInput {
  const Bytes* coded;
  std::uint32_t count, max_symbol;
};
/// `offset`: how far the coded bytes are from an aligned address.
SymbolResults DecodeOnDevice(const std::vector<SymbolInput>& inputs, std::size_t offset);
SymbolResults DecodeByEmulation(const std::vector<SymbolInput>& inputs);

/// What AssemblePlanes makes of one level of a case.
Bytes AssembleOnDevice(const FloatCase& one, const FloatLevel& level, cuda::PlaneOutput output,
                       cuda::PlaneFault& fault);
Bytes AssembleByEmulation(const FloatCase& one, const FloatLevel& level, cuda::PlaneOutput output,
                          cuda::PlaneFault& fault);

/// Symbols, signs of kept elements and of zeros, mantissa planes and tails of elements, end to end.
Bytes SplitOnDevice(const FloatCase& one);

}  // namespace dlv::kernels::test

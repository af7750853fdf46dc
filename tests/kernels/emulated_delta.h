#pragma once
/// \file
/// The kernels of deltas on the processor (emulated_kernels.h).

#include "engine/kernels/cuda/delta_apply_body.h"
#include "engine/kernels/cuda/delta_symbols_body.h"
#include "engine/kernels/cuda/emulated_warp.h"

namespace dlv::kernels::test {

/// Symbols, then values, of one level; `faults`: accesses of shared memory at fault.
template <class T>
cuda::DeltaFault EmulateDeltaLevel(const cuda::DeltaFormat& format, unsigned level,
                                   const cuda::DeltaJob& job, cuda::EmulatedWarp::Order order,
                                   std::size_t& faults) {
  using Warp = cuda::EmulatedWarp;
  Warp warp(order);
  cuda::DeltaMemory<Warp> memory{{warp, cuda::kDeltaContexts * cuda::kDeltaTableRow},
                                 {warp, cuda::kContextRing}};
  const cuda::DeltaFault fault =
      cuda::DeltaSymbolDecoder<Warp, T>(warp, memory, format, level, job).Run();
  faults += warp.faults();
  if (fault != cuda::DeltaFault::kNone) return fault;
  return cuda::DeltaApplier<Warp, T>(warp, format, level, job).Run();
}

template <class T>
void EmulateJoin(const cuda::ElementFormat& element, const cuda::DeltaFormat& format,
                 unsigned levels, cuda::PlaneOutput output, const cuda::JoinJob& job) {
  for (std::uint32_t i = 0; i < job.count; ++i) {
    cuda::JoinOne<T>(element, format, levels, output, job, i);
  }
}

}  // namespace dlv::kernels::test

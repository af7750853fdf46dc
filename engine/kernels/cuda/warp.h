#pragma once
/// \file
/// How the bodies of the kernels are written: for one warp of 32 threads, as templates over a
/// `Warp`, so that the same source runs on a device and, thread after thread, on a processor.
///
/// A body is a sequence of steps. `warp.Each(step)` runs `step(thread)` for threads 0..31; what a
/// thread keeps from step to step is a `PerThread`; what threads tell each other goes through
/// Ballot, Match, Shuffle, Sum and Before, between steps, or through `Shared` memory with Sync()
/// between the step that writes and the step that reads. Loops and branches outside of steps are
/// the same for the whole warp. No kernel of this folder needs more than one warp, so none needs a
/// barrier of a block.
///
/// DeviceWarp (device_warp.cuh) is what runs on a device, EmulatedWarp (emulated_warp.h) what tests
/// run: it also notices places out of bounds and unordered accesses of shared memory.

#include <stddef.h>
#include <stdint.h>

#if defined(__CUDACC__)
#define DLV_DEVICE __device__ __forceinline__
#define DLV_TABLE __device__ const
#define DLV_UNROLL _Pragma("unroll")
#else
#define DLV_DEVICE inline
#define DLV_TABLE inline constexpr
#define DLV_UNROLL
#endif

namespace dlv::kernels::cuda {

inline constexpr unsigned kWarp = 32;

/// Number of bits set.
DLV_DEVICE unsigned CountOnes(uint32_t bits) {
#if defined(__CUDA_ARCH__)
  return static_cast<unsigned>(__popc(bits));
#else
  return static_cast<unsigned>(__builtin_popcount(bits));
#endif
}

/// The bits of threads before `thread`.
DLV_DEVICE uint32_t BitsBelow(unsigned thread) { return (1u << thread) - 1; }

}  // namespace dlv::kernels::cuda

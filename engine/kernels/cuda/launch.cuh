#pragma once
/// \file
/// Launching warps: kernels of this folder take one warp for each piece of work.

#include <cuda_runtime.h>

#include <cstdint>

#include "engine/kernels/cuda/launchers.h"

namespace dlv::kernels::cuda {

inline constexpr unsigned kWarpsPerBlock = 8;
inline constexpr unsigned kThreadsPerBlock = kWarpsPerBlock * 32;

/// Blocks for so many warps; kernels.h keeps them below what a grid may have.
inline unsigned BlocksFor(std::uint64_t warps) {
  return static_cast<unsigned>((warps + kWarpsPerBlock - 1) / kWarpsPerBlock);
}

/// The number of this warp in the grid.
__device__ inline std::uint64_t WarpInGrid() {
  return (static_cast<std::uint64_t>(blockIdx.x) * blockDim.x + threadIdx.x) / 32;
}

/// Calls `launch` with a number of the type of components of so many bytes; returns what became of
/// the launch.
template <class Launch>
int ForBytes(std::uint32_t bytes, const Launch& launch) {
  switch (bytes) {
    case 1:
      launch(std::uint8_t{});
      break;
    case 2:
      launch(std::uint16_t{});
      break;
    case 4:
      launch(std::uint32_t{});
      break;
    default:
      launch(std::uint64_t{});
      break;
  }
  return cudaGetLastError();
}

}  // namespace dlv::kernels::cuda

#include "engine/kernels/cuda/device_warp.cuh"
#include "engine/kernels/cuda/launch.cuh"
#include "engine/kernels/cuda/significance_body.h"

namespace dlv::kernels::cuda {
namespace {

/// The part of this warp of an array of the block.
__device__ SymbolNumbers<DeviceWarp> NumbersOfWarp(std::uint32_t* of_block) {
  return {{of_block + threadIdx.x / kWarp * kSymbolKinds}};
}

__global__ void __launch_bounds__(kThreadsPerBlock)
    CountSymbolsKernel(const SignificanceJob* jobs, std::uint64_t warps, std::uint32_t tiles) {
  __shared__ std::uint32_t numbers[kWarpsPerBlock * kSymbolKinds];
  const std::uint64_t i = WarpInGrid();
  if (i >= warps) return;
  const SignificanceJob& job = jobs[i / tiles];
  const auto tile = static_cast<std::uint32_t>(i % tiles);
  if (tile * kRankTile >= job.count) return;
  DeviceWarp warp;
  SymbolNumbers<DeviceWarp> own = NumbersOfWarp(numbers);
  CountSymbolsOf(warp, own, job, tile);
}

__global__ void __launch_bounds__(kThreadsPerBlock)
    PlaceBitsKernel(ElementFormat format, const SignificanceJob* jobs, std::size_t count,
                    SignificanceFault* faults) {
  __shared__ std::uint32_t numbers[kWarpsPerBlock * kSymbolKinds];
  const std::uint64_t i = WarpInGrid();
  if (i >= count) return;
  DeviceWarp warp;
  SymbolNumbers<DeviceWarp> own = NumbersOfWarp(numbers);
  const SignificanceFault fault = BitPlacer<DeviceWarp>(warp, own, format, jobs[i]).Run();
  if (DeviceWarp::Thread() == 0) faults[i] = fault;
}

/// Leaves alone what has a fault.
template <class T>
__global__ void __launch_bounds__(kThreadsPerBlock)
    AssembleSignificanceKernel(ElementFormat format, PlaneOutput output,
                               const SignificanceJob* jobs, std::uint64_t warps,
                               std::uint32_t tiles, const SignificanceFault* faults) {
  __shared__ std::uint32_t numbers[kWarpsPerBlock * kSymbolKinds];
  const std::uint64_t i = WarpInGrid();
  if (i >= warps || faults[i / tiles] != SignificanceFault::kNone) return;
  const SignificanceJob& job = jobs[i / tiles];
  const auto tile = static_cast<std::uint32_t>(i % tiles);
  if (tile * kRankTile >= job.count) return;
  DeviceWarp warp;
  SymbolNumbers<DeviceWarp> own = NumbersOfWarp(numbers);
  SignificanceAssembler<DeviceWarp, T>(warp, own, format, output, job).Run(tile);
}

}  // namespace

int LaunchBySignificance(const ElementFormat& format, PlaneOutput output,
                         const SignificanceJob* jobs, std::size_t count, std::uint32_t tiles,
                         SignificanceFault* faults, Stream stream) {
  const std::uint64_t warps = static_cast<std::uint64_t>(count) * tiles;
  CountSymbolsKernel<<<BlocksFor(warps), kThreadsPerBlock, 0, stream>>>(jobs, warps, tiles);
  cudaError_t error = cudaGetLastError();
  if (error != cudaSuccess) return error;
  PlaceBitsKernel<<<BlocksFor(count), kThreadsPerBlock, 0, stream>>>(format, jobs, count, faults);
  error = cudaGetLastError();
  if (error != cudaSuccess) return error;
  return ForBytes(format.bytes, [&](auto number) {
    AssembleSignificanceKernel<decltype(number)><<<BlocksFor(warps), kThreadsPerBlock, 0, stream>>>(
        format, output, jobs, warps, tiles, faults);
  });
}

}  // namespace dlv::kernels::cuda

#include "engine/kernels/cuda/delta_apply_body.h"
#include "engine/kernels/cuda/delta_symbols_body.h"
#include "engine/kernels/cuda/device_warp.cuh"
#include "engine/kernels/cuda/launch.cuh"

namespace dlv::kernels::cuda {
namespace {

template <class T>
__global__ void __launch_bounds__(kWarp)
    DeltaSymbolsKernel(DeltaFormat format, unsigned level, const DeltaJob* jobs,
                       DeltaFault* faults) {
  __shared__ uint16_t starts[kDeltaContexts * kDeltaTableRow];
  __shared__ uint16_t ring[kContextRing];
  DeltaMemory<DeviceWarp> memory{{starts}, {ring}};
  DeviceWarp warp;
  DeltaSymbolDecoder<DeviceWarp, T> decoder(warp, memory, format, level, jobs[blockIdx.x]);
  const DeltaFault fault = decoder.Run();
  if (DeviceWarp::Thread() == 0) faults[blockIdx.x] = fault;
}

/// Leaves alone what the symbols' kernel found faulty.
template <class T>
__global__ void __launch_bounds__(kThreadsPerBlock)
    ApplyDeltaKernel(DeltaFormat format, unsigned level, const DeltaJob* jobs, std::size_t count,
                     DeltaFault* faults) {
  const std::uint64_t i = WarpInGrid();
  if (i >= count || faults[i] != DeltaFault::kNone) return;
  DeviceWarp warp;
  const DeltaFault fault = DeltaApplier<DeviceWarp, T>(warp, format, level, jobs[i]).Run();
  __syncwarp();  // all threads have read the fault
  if (DeviceWarp::Thread() == 0) faults[i] = fault;
}

template <class T>
__global__ void __launch_bounds__(kThreadsPerBlock)
    JoinKernel(ElementFormat element, DeltaFormat format, unsigned levels, PlaneOutput output,
               const JoinJob* jobs, std::uint64_t warps, std::uint32_t tiles) {
  const std::uint64_t warp = WarpInGrid();
  if (warp >= warps) return;
  const JoinJob job = jobs[warp / tiles];
  const auto tile = static_cast<std::uint32_t>(warp % tiles);
  for (std::uint32_t k = threadIdx.x % kWarp; k < kPlaneTile; k += kWarp) {
    const std::uint32_t i = tile * kPlaneTile + k;
    if (i < job.count) JoinOne<T>(element, format, levels, output, job, i);
  }
}

}  // namespace

int LaunchDeltaSymbols(const DeltaFormat& format, unsigned level, const DeltaJob* jobs,
                       std::size_t count, DeltaFault* faults, Stream stream) {
  return ForBytes(format.bytes, [&](auto number) {
    DeltaSymbolsKernel<decltype(number)>
        <<<static_cast<unsigned>(count), kWarp, 0, stream>>>(format, level, jobs, faults);
  });
}

int LaunchApplyDelta(const DeltaFormat& format, unsigned level, const DeltaJob* jobs,
                     std::size_t count, DeltaFault* faults, Stream stream) {
  return ForBytes(format.bytes, [&](auto number) {
    ApplyDeltaKernel<decltype(number)>
        <<<BlocksFor(count), kThreadsPerBlock, 0, stream>>>(format, level, jobs, count, faults);
  });
}

int LaunchJoin(const ElementFormat& element, const DeltaFormat& format, unsigned levels,
               PlaneOutput output, const JoinJob* jobs, std::size_t count, std::uint32_t tiles,
               Stream stream) {
  const std::uint64_t warps = static_cast<std::uint64_t>(count) * tiles;
  return ForBytes(format.bytes, [&](auto number) {
    JoinKernel<decltype(number)><<<BlocksFor(warps), kThreadsPerBlock, 0, stream>>>(
        element, format, levels, output, jobs, warps, tiles);
  });
}

}  // namespace dlv::kernels::cuda

#include "engine/kernels/cuda/device_warp.cuh"
#include "engine/kernels/cuda/launch.cuh"
#include "engine/kernels/cuda/split_body.h"

namespace dlv::kernels::cuda {
namespace {

template <class T>
__global__ void __launch_bounds__(kThreadsPerBlock)
    CountNonzeroKernel(const SplitJob* jobs, std::size_t count) {
  const std::uint64_t i = WarpInGrid();
  if (i >= count || jobs[i].zero_rule == 0) return;
  DeviceWarp warp;
  CountNonzeroOf<DeviceWarp, T>(warp, jobs[i]);
}

template <class T, ZeroRule kRule>
__global__ void __launch_bounds__(kThreadsPerBlock)
    SplitKernel(ElementFormat format, const SplitJob* jobs, std::uint64_t warps,
                std::uint32_t tiles, PlaneFault* faults) {
  __shared__ T cells[kRule == ZeroRule::kNever ? 1 : kWarpsPerBlock * kPlaneTile];
  const std::uint64_t i = WarpInGrid();
  if (i >= warps) return;
  const SplitJob& job = jobs[i / tiles];
  const auto tile = static_cast<std::uint32_t>(i % tiles);
  if (tile * kPlaneTile >= job.count) return;
  DeviceWarp warp;
  SplitMemory<DeviceWarp, T> memory{
      {kRule == ZeroRule::kNever ? cells : cells + threadIdx.x / kWarp * kPlaneTile}};
  bool outside = false;
  if (kRule == ZeroRule::kPerJob && job.zero_rule != 0) {
    outside = PlaneSplitter<DeviceWarp, T, true>(warp, memory, format, job).Run(tile);
  } else {
    outside = PlaneSplitter<DeviceWarp, T, false>(warp, memory, format, job).Run(tile);
  }
  // Several warps may write it, all of them the same.
  if (outside && DeviceWarp::Thread() == 0)
    atomicExch(reinterpret_cast<unsigned*>(faults + i / tiles),
               static_cast<unsigned>(PlaneFault::kExponent));
}

}  // namespace

int LaunchCountNonzero(const ElementFormat& format, const SplitJob* jobs, std::size_t count,
                       Stream stream) {
  return ForBytes(format.bytes, [&](auto number) {
    CountNonzeroKernel<decltype(number)>
        <<<BlocksFor(count), kThreadsPerBlock, 0, stream>>>(jobs, count);
  });
}

int LaunchSplit(const ElementFormat& format, ZeroRule zero_rule, const SplitJob* jobs,
                std::size_t count, std::uint32_t tiles, PlaneFault* faults, Stream stream) {
  const std::uint64_t warps = static_cast<std::uint64_t>(count) * tiles;
  return ForBytes(format.bytes, [&](auto number) {
    using T = decltype(number);
    const auto kernel = zero_rule == ZeroRule::kNever ? SplitKernel<T, ZeroRule::kNever>
                                                      : SplitKernel<T, ZeroRule::kPerJob>;
    kernel<<<BlocksFor(warps), kThreadsPerBlock, 0, stream>>>(format, jobs, warps, tiles, faults);
  });
}

}  // namespace dlv::kernels::cuda

#include "engine/kernels/cuda/device_warp.cuh"
#include "engine/kernels/cuda/launch.cuh"
#include "engine/kernels/cuda/planes_body.h"
#include "engine/kernels/cuda/split_body.h"

namespace dlv::kernels::cuda {
namespace {

__global__ void __launch_bounds__(kThreadsPerBlock)
    CountKeptKernel(const PlaneJob* jobs, std::size_t count, PlaneFault* faults) {
  const std::uint64_t i = WarpInGrid();
  if (i >= count) return;
  DeviceWarp warp;
  const PlaneFault fault = CountKeptOf(warp, jobs[i]);
  if (DeviceWarp::Thread() == 0) faults[i] = fault;
}

template <class T, PlaneOutput kOutput, ZeroRule kRule>
__global__ void __launch_bounds__(kThreadsPerBlock)
    AssembleKernel(ElementFormat format, const PlaneJob* jobs, std::uint64_t warps,
                   std::uint32_t tiles) {
  const std::uint64_t i = WarpInGrid();
  if (i >= warps) return;
  const PlaneJob& job = jobs[i / tiles];
  const auto tile = static_cast<std::uint32_t>(i % tiles);
  if (tile * kPlaneTile >= job.count) return;
  DeviceWarp warp;
  if (kRule == ZeroRule::kPerJob && job.zero_rule != 0) {
    PlaneAssembler<DeviceWarp, T, kOutput, true>(warp, format, job).Run(tile);
  } else {
    PlaneAssembler<DeviceWarp, T, kOutput, false>(warp, format, job).Run(tile);
  }
}

template <class T>
__global__ void __launch_bounds__(kThreadsPerBlock)
    SplitKernel(ElementFormat format, const SplitJob* jobs, std::uint64_t warps,
                std::uint32_t tiles, PlaneFault* faults) {
  const std::uint64_t i = WarpInGrid();
  if (i >= warps) return;
  const SplitJob& job = jobs[i / tiles];
  const auto tile = static_cast<std::uint32_t>(i % tiles);
  if (tile * kPlaneTile >= job.count) return;
  DeviceWarp warp;
  const bool outside = PlaneSplitter<DeviceWarp, T>(warp, format, job).Run(tile);
  // Several warps may write it, all of them the same.
  if (outside && DeviceWarp::Thread() == 0)
    atomicExch(reinterpret_cast<unsigned*>(faults + i / tiles),
               static_cast<unsigned>(PlaneFault::kExponent));
}

struct Assembly {
  const ElementFormat& format;
  const PlaneJob* jobs;
  std::uint64_t warps;
  std::uint32_t tiles;
  ZeroRule zero_rule;
  Stream stream;

  template <class T, PlaneOutput kOutput>
  int Launch() const {
    const unsigned blocks = BlocksFor(warps);
    if (zero_rule == ZeroRule::kNever) {
      AssembleKernel<T, kOutput, ZeroRule::kNever>
          <<<blocks, kThreadsPerBlock, 0, stream>>>(format, jobs, warps, tiles);
    } else {
      AssembleKernel<T, kOutput, ZeroRule::kPerJob>
          <<<blocks, kThreadsPerBlock, 0, stream>>>(format, jobs, warps, tiles);
    }
    return cudaGetLastError();
  }
  template <class T>
  int Launch(PlaneOutput output) const {
    return output == PlaneOutput::kElements ? Launch<T, PlaneOutput::kElements>()
                                            : Launch<T, PlaneOutput::kCentres>();
  }
};

}  // namespace

int LaunchCountKept(const PlaneJob* jobs, std::size_t count, PlaneFault* faults, Stream stream) {
  CountKeptKernel<<<BlocksFor(count), kThreadsPerBlock, 0, stream>>>(jobs, count, faults);
  return cudaGetLastError();
}

int LaunchAssembly(const ElementFormat& format, PlaneOutput output, ZeroRule zero_rule,
                   const PlaneJob* jobs, std::size_t count, std::uint32_t tiles, Stream stream) {
  const Assembly assembly{format, jobs, count * tiles, tiles, zero_rule, stream};
  if (output == PlaneOutput::kCentresBf16) {
    return assembly.Launch<std::uint32_t, PlaneOutput::kCentresBf16>();
  }
  switch (format.bytes) {
    case 1:
      return assembly.Launch<std::uint8_t>(output);
    case 2:
      return assembly.Launch<std::uint16_t>(output);
    case 4:
      return assembly.Launch<std::uint32_t>(output);
    default:
      return assembly.Launch<std::uint64_t>(output);
  }
}

int LaunchSplit(const ElementFormat& format, const SplitJob* jobs, std::size_t count,
                std::uint32_t tiles, PlaneFault* faults, Stream stream) {
  const std::uint64_t warps = static_cast<std::uint64_t>(count) * tiles;
  const auto launch = [&](auto* kernel) -> int {
    kernel<<<BlocksFor(warps), kThreadsPerBlock, 0, stream>>>(format, jobs, warps, tiles, faults);
    return cudaGetLastError();
  };
  switch (format.bytes) {
    case 1:
      return launch(SplitKernel<std::uint8_t>);
    case 2:
      return launch(SplitKernel<std::uint16_t>);
    case 4:
      return launch(SplitKernel<std::uint32_t>);
    default:
      return launch(SplitKernel<std::uint64_t>);
  }
}

}  // namespace dlv::kernels::cuda

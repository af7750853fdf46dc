#include "engine/kernels/cuda/device_warp.cuh"
#include "engine/kernels/cuda/launch.cuh"
#include "engine/kernels/cuda/planes_body.h"

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

}  // namespace dlv::kernels::cuda

#include "engine/kernels/cuda/device_warp.cuh"
#include "engine/kernels/cuda/launch.cuh"
#include "engine/kernels/cuda/spread_body.h"

namespace dlv::kernels::cuda {
namespace {

/// Warps for the positions of a sample.
DLV_EVERYWHERE constexpr std::uint64_t WarpsFor(std::uint64_t positions) {
  return (positions + kWarp - 1) / kWarp;
}

template <class T>
__global__ void __launch_bounds__(kThreadsPerBlock) FinishLayerKernel(EpilogueJob job) {
  const std::uint64_t i = WarpInGrid(), per_sample = WarpsFor(job.positions);
  if (i >= job.samples * per_sample) return;
  DeviceWarp warp;
  if (job.positions == 1) {
    FinishPoint<T>(warp, job, i);
  } else {
    FinishPositions<T>(warp, job, i / per_sample, i % per_sample * kWarp);
  }
}

__global__ void __launch_bounds__(kThreadsPerBlock)
    BoundPositionsKernel(LinearSpreadJob job, std::uint64_t per_sample) {
  const std::uint64_t i = WarpInGrid();
  if (i >= job.samples * per_sample) return;
  DeviceWarp warp;
  BoundPositions(warp, job, i / per_sample, static_cast<std::uint32_t>(i % per_sample * kWarp));
}

__global__ void __launch_bounds__(kThreadsPerBlock) BoundSampleKernel(LinearSpreadJob job) {
  const std::uint64_t sample = WarpInGrid();
  if (sample >= job.samples) return;
  DeviceWarp warp;
  BoundSample(warp, job, sample);
}

}  // namespace

int LaunchFinishLayer(bool wide_numbers, const EpilogueJob& job, Stream stream) {
  const unsigned blocks = BlocksFor(job.samples * WarpsFor(job.positions));
  if (wide_numbers) {
    FinishLayerKernel<double><<<blocks, kThreadsPerBlock, 0, stream>>>(job);
  } else {
    FinishLayerKernel<float><<<blocks, kThreadsPerBlock, 0, stream>>>(job);
  }
  return cudaGetLastError();
}

int LaunchBoundLinear(const LinearSpreadJob& job, Stream stream) {
  const std::uint64_t per_sample =
      WarpsFor(static_cast<std::uint64_t>(job.window.out_height) * job.window.out_width);
  BoundPositionsKernel<<<BlocksFor(job.samples * per_sample), kThreadsPerBlock, 0, stream>>>(
      job, per_sample);
  const cudaError_t error = cudaGetLastError();
  if (error != cudaSuccess) return error;
  BoundSampleKernel<<<BlocksFor(job.samples), kThreadsPerBlock, 0, stream>>>(job);
  return cudaGetLastError();
}

}  // namespace dlv::kernels::cuda

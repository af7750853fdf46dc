#include "engine/kernels/cuda/device_warp.cuh"
#include "engine/kernels/cuda/launch.cuh"
#include "engine/kernels/cuda/squares_body.h"

namespace dlv::kernels::cuda {
namespace {

__global__ void __launch_bounds__(kThreadsPerBlock)
    SquaresOfPartsKernel(const SquaresJob* jobs, std::uint64_t warps, std::uint64_t stride,
                         double* parts) {
  const std::uint64_t i = WarpInGrid();
  if (i >= warps) return;
  const SquaresJob& job = jobs[i / stride];
  const std::uint64_t part = i % stride;
  if (part >= SquaresParts(job.count)) return;
  DeviceWarp warp;
  const double sum = SquaresOfPart(warp, job, part);
  if (DeviceWarp::Thread() == 0) parts[i] = sum;
}

__global__ void __launch_bounds__(kThreadsPerBlock)
    SumsOfPartsKernel(const SquaresJob* jobs, std::size_t count, std::uint64_t stride,
                      const double* parts, double* sums) {
  const std::uint64_t i = WarpInGrid();
  if (i >= count) return;
  DeviceWarp warp;
  const double sum = SumOfParts(warp, parts + i * stride, SquaresParts(jobs[i].count));
  if (DeviceWarp::Thread() == 0) sums[i] = sum;
}

}  // namespace

int LaunchSquares(const SquaresJob* jobs, std::size_t count, std::uint64_t stride, double* parts,
                  double* sums, Stream stream) {
  const std::uint64_t warps = count * stride;
  if (warps != 0) {
    SquaresOfPartsKernel<<<BlocksFor(warps), kThreadsPerBlock, 0, stream>>>(jobs, warps, stride,
                                                                            parts);
    const cudaError_t error = cudaGetLastError();
    if (error != cudaSuccess) return error;
  }
  SumsOfPartsKernel<<<BlocksFor(count), kThreadsPerBlock, 0, stream>>>(jobs, count, stride, parts,
                                                                       sums);
  return cudaGetLastError();
}

}  // namespace dlv::kernels::cuda

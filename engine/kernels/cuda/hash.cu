#include "engine/kernels/cuda/device_warp.cuh"
#include "engine/kernels/cuda/hash_body.h"
#include "engine/kernels/cuda/launch.cuh"

namespace dlv::kernels::cuda {
namespace {

__global__ void __launch_bounds__(kThreadsPerBlock)
    HashKernel(const HashJob* jobs, std::size_t count, std::uint64_t* hashes) {
  const std::uint64_t i = WarpInGrid();
  if (i >= count) return;
  DeviceWarp warp;
  const std::uint64_t hash = ArrayHasher<DeviceWarp>(warp, jobs[i]).Run();
  if (DeviceWarp::Thread() == 0) hashes[i] = hash;
}

}  // namespace

int LaunchHashes(const HashJob* jobs, std::size_t count, std::uint64_t* hashes, Stream stream) {
  HashKernel<<<BlocksFor(count), kThreadsPerBlock, 0, stream>>>(jobs, count, hashes);
  return cudaGetLastError();
}

}  // namespace dlv::kernels::cuda

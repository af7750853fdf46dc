#include "engine/kernels/cuda/device_warp.cuh"
#include "engine/kernels/cuda/launch.cuh"
#include "engine/kernels/cuda/symbols_body.h"

namespace dlv::kernels::cuda {
namespace {

__global__ void __launch_bounds__(kWarp)
    DecodeSymbolsKernel(const SymbolJob* jobs, SymbolFault* faults) {
  __shared__ uint16_t frequencies[256];
  __shared__ uint16_t starts[256];
  __shared__ uint32_t slots[kSymbolSlots];
  __shared__ uint32_t found[kTableFacts];
  SymbolMemory<DeviceWarp> memory{{frequencies}, {starts}, {slots}, {found}};
  DeviceWarp warp;
  SymbolDecoder<DeviceWarp> decoder(warp, memory, jobs[blockIdx.x]);
  const SymbolFault fault = decoder.Run();
  if (DeviceWarp::Thread() == 0) faults[blockIdx.x] = fault;
}

}  // namespace

int LaunchSymbols(const SymbolJob* jobs, std::size_t count, SymbolFault* faults, Stream stream) {
  DecodeSymbolsKernel<<<static_cast<unsigned>(count), kWarp, 0, stream>>>(jobs, faults);
  return cudaGetLastError();
}

}  // namespace dlv::kernels::cuda

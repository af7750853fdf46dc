#pragma once
/// \file
/// The kernels of engine/kernels/cuda on the processor, warp after warp (emulated_warp.h). Pointers
/// of jobs are of the processor. Each returns how many accesses of shared memory were at fault.

#include <cstddef>
#include <cstdint>
#include <span>

#include "engine/kernels/cuda/emulated_warp.h"
#include "engine/kernels/cuda/hash_body.h"
#include "engine/kernels/cuda/planes_body.h"
#include "engine/kernels/cuda/split_body.h"
#include "engine/kernels/cuda/squares_body.h"
#include "engine/kernels/cuda/symbols_body.h"

namespace dlv::kernels::test {

using Order = cuda::EmulatedWarp::Order;

inline std::size_t EmulateSymbols(const cuda::SymbolJob& job, Order order,
                                  cuda::SymbolFault& fault) {
  using Warp = cuda::EmulatedWarp;
  Warp warp(order);
  cuda::SymbolMemory<Warp> memory{
      {warp, 256}, {warp, 256}, {warp, cuda::kSymbolSlots}, {warp, cuda::kTableFacts}};
  fault = cuda::SymbolDecoder<Warp>(warp, memory, job).Run();
  return warp.faults();
}

inline cuda::PlaneFault EmulateCountKept(const cuda::PlaneJob& job, Order order) {
  cuda::EmulatedWarp warp(order);
  return cuda::CountKeptOf(warp, job);
}

template <class T, cuda::PlaneOutput kOutput>
void EmulateAssembly(const cuda::ElementFormat& format, const cuda::PlaneJob& job, Order order) {
  using Warp = cuda::EmulatedWarp;
  Warp warp(order);
  for (std::uint32_t tile = 0; tile * cuda::kPlaneTile < job.count; ++tile) {
    if (job.zero_rule != 0) {
      cuda::PlaneAssembler<Warp, T, kOutput, true>(warp, format, job).Run(tile);
    } else {
      cuda::PlaneAssembler<Warp, T, kOutput, false>(warp, format, job).Run(tile);
    }
  }
}

template <class T>
void EmulateAssembly(const cuda::ElementFormat& format, cuda::PlaneOutput output,
                     const cuda::PlaneJob& job, Order order) {
  if (output == cuda::PlaneOutput::kElements) {
    EmulateAssembly<T, cuda::PlaneOutput::kElements>(format, job, order);
  } else {
    EmulateAssembly<T, cuda::PlaneOutput::kCentres>(format, job, order);
  }
}

inline void EmulateAssembly(const cuda::ElementFormat& format, cuda::PlaneOutput output,
                            const cuda::PlaneJob& job, Order order) {
  if (output == cuda::PlaneOutput::kCentresBf16) {
    return EmulateAssembly<std::uint32_t, cuda::PlaneOutput::kCentresBf16>(format, job, order);
  }
  switch (format.bytes) {
    case 1:
      return EmulateAssembly<std::uint8_t>(format, output, job, order);
    case 2:
      return EmulateAssembly<std::uint16_t>(format, output, job, order);
    case 4:
      return EmulateAssembly<std::uint32_t>(format, output, job, order);
    default:
      return EmulateAssembly<std::uint64_t>(format, output, job, order);
  }
}

template <class T, bool kZeroRule>
bool EmulateSplitTiles(const cuda::ElementFormat& format, const cuda::SplitJob& job, Order order,
                       std::size_t& faults) {
  using Warp = cuda::EmulatedWarp;
  bool outside = false;
  for (std::uint32_t tile = 0; tile * cuda::kPlaneTile < job.count; ++tile) {
    Warp warp(order);
    cuda::SplitMemory<Warp, T> memory{{warp, cuda::kPlaneTile}};
    outside |= cuda::PlaneSplitter<Warp, T, kZeroRule>(warp, memory, format, job).Run(tile);
    faults += warp.faults();
  }
  return outside;
}

/// Whether an exponent has no symbol; `faults`: accesses of shared memory at fault.
template <class T>
bool EmulateSplit(const cuda::ElementFormat& format, const cuda::SplitJob& job, Order order,
                  std::size_t& faults) {
  if (job.zero_rule == 0) return EmulateSplitTiles<T, false>(format, job, order, faults);
  cuda::EmulatedWarp warp(order);
  cuda::CountNonzeroOf<cuda::EmulatedWarp, T>(warp, job);
  return EmulateSplitTiles<T, true>(format, job, order, faults);
}

inline std::uint64_t EmulateHash(const cuda::HashJob& job, Order order) {
  cuda::EmulatedWarp warp(order);
  return cuda::ArrayHasher<cuda::EmulatedWarp>(warp, job).Run();
}

inline double EmulateSquares(const cuda::SquaresJob& job, Order order) {
  cuda::EmulatedWarp warp(order);
  std::vector<double> parts(cuda::SquaresParts(job.count));
  for (std::size_t i = 0; i < parts.size(); ++i) parts[i] = cuda::SquaresOfPart(warp, job, i);
  return cuda::SumOfParts(warp, parts.data(), parts.size());
}

}  // namespace dlv::kernels::test

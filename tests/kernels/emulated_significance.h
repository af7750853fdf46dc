#pragma once
/// \file
/// The kernels of chunks by significance on the processor (emulated_kernels.h).

#include "engine/kernels/cuda/emulated_warp.h"
#include "engine/kernels/cuda/significance_body.h"

namespace dlv::kernels::test {

/// `faults`: accesses of shared memory at fault.
template <class T>
cuda::SignificanceFault EmulateSignificance(const cuda::ElementFormat& format,
                                            cuda::PlaneOutput output,
                                            const cuda::SignificanceJob& job,
                                            cuda::EmulatedWarp::Order order, std::size_t& faults) {
  using Warp = cuda::EmulatedWarp;
  const std::uint32_t tiles = cuda::RankTiles(job.count);
  const auto in_warp = [&](const auto& body) {
    Warp warp(order);
    cuda::SymbolNumbers<Warp> numbers{{warp, cuda::kSymbolKinds}};
    body(warp, numbers);
    faults += warp.faults();
  };
  for (std::uint32_t tile = 0; tile < tiles; ++tile) {
    in_warp([&](Warp& warp, auto& numbers) { CountSymbolsOf(warp, numbers, job, tile); });
  }
  cuda::SignificanceFault fault{};
  in_warp([&](Warp& warp, auto& numbers) {
    fault = cuda::BitPlacer<Warp>(warp, numbers, format, job).Run();
  });
  if (fault != cuda::SignificanceFault::kNone) return fault;
  for (std::uint32_t tile = 0; tile < tiles; ++tile) {
    in_warp([&](Warp& warp, auto& numbers) {
      cuda::SignificanceAssembler<Warp, T>(warp, numbers, format, output, job).Run(tile);
    });
  }
  return fault;
}

inline cuda::SignificanceFault EmulateSignificance(const cuda::ElementFormat& format,
                                                   cuda::PlaneOutput output,
                                                   const cuda::SignificanceJob& job,
                                                   cuda::EmulatedWarp::Order order,
                                                   std::size_t& faults) {
  switch (format.bytes) {
    case 1:
      return EmulateSignificance<std::uint8_t>(format, output, job, order, faults);
    case 2:
      return EmulateSignificance<std::uint16_t>(format, output, job, order, faults);
    case 4:
      return EmulateSignificance<std::uint32_t>(format, output, job, order, faults);
    default:
      return EmulateSignificance<std::uint64_t>(format, output, job, order, faults);
  }
}

}  // namespace dlv::kernels::test

#pragma once
/// \file
/// The kernels of proofs on the processor (emulated_kernels.h).

#include "engine/kernels/cuda/emulated_warp.h"
#include "engine/kernels/cuda/spread_body.h"

namespace dlv::kernels::test {

/// T: float or double, as the values are.
template <class T>
void EmulateFinishLayer(const cuda::EpilogueJob& job, cuda::EmulatedWarp::Order order) {
  cuda::EmulatedWarp warp(order);
  for (std::uint64_t sample = 0; sample < job.samples; ++sample) {
    if (job.positions == 1) {
      cuda::FinishPoint<T>(warp, job, sample);
      continue;
    }
    for (std::uint64_t from = 0; from < job.positions; from += cuda::kWarp)
      cuda::FinishPositions<T>(warp, job, sample, from);
  }
}

inline void EmulateBoundLinear(const cuda::LinearSpreadJob& job, cuda::EmulatedWarp::Order order) {
  cuda::EmulatedWarp warp(order);
  const auto out = static_cast<std::uint32_t>(job.window.out_height * job.window.out_width);
  for (std::uint64_t sample = 0; sample < job.samples; ++sample) {
    for (std::uint32_t from = 0; from < out; from += cuda::kWarp)
      cuda::BoundPositions(warp, job, sample, from);
    cuda::BoundSample(warp, job, sample);
  }
}

}  // namespace dlv::kernels::test

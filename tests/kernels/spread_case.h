#pragma once
/// \file
/// Layers for the tests of FinishLayer and BoundLinear, of simple random numbers that a machine
/// without the rest of the tree can make, too.

#include <cstdint>
#include <vector>

#include "engine/kernels/cuda/spread_jobs.h"

namespace dlv::kernels::test {

/// A linear layer's window and what it reads; pointers of the job are null.
struct SpreadCase {
  const char* name;
  cuda::LinearSpreadJob job;
  std::vector<double> norms, spreads, whole_spread;

  std::size_t InPositions() const {
    return static_cast<std::size_t>(job.window.in_height) *
           static_cast<std::size_t>(job.window.in_width);
  }
  std::size_t OutPositions() const {
    return static_cast<std::size_t>(job.window.out_height) *
           static_cast<std::size_t>(job.window.out_width);
  }
};

/// What the layer of a case reads, room, and results. Array: std::vector<double>, or one of a
/// device.
template <class Array>
struct SpreadArrays {
  explicit SpreadArrays(const SpreadCase& one)
      : norms(one.norms),
        spreads(one.spreads),
        whole_spread(one.whole_spread),
        residual(one.job.samples * one.OutPositions()),
        rounding(one.job.samples * one.OutPositions()),
        entries(one.job.samples * one.OutPositions()),
        whole(one.job.samples),
        own(one.job.samples) {}

  /// `job` in this memory.
  cuda::LinearSpreadJob Placed(cuda::LinearSpreadJob job) {
    job.norms = norms.data();
    job.spreads = spreads.data();
    job.whole_spread = whole_spread.data();
    job.residual = residual.data();
    job.rounding = rounding.data();
    job.entries = entries.data();
    job.whole = whole.data();
    job.own = own.data();
    return job;
  }

  Array norms, spreads, whole_spread, residual, rounding, entries, whole, own;
};

/// In [0, 1), the same everywhere.
class SimpleNoise {
 public:
  double Next() {
    bits_ = bits_ * 6364136223846793005u + 1442695040888963407u;
    return static_cast<double>(bits_ >> 40) * 0x1p-24;
  }

 private:
  std::uint64_t bits_ = 1;
};

inline SpreadCase MakeSpreadCase(const char* name, std::uint64_t samples,
                                 const cuda::WindowShape& window) {
  SpreadCase one;
  one.name = name;
  one.job.window = window;
  one.job.samples = samples;
  one.job.norm_whole = 1.7;
  one.job.norm_residual = 0.013;
  one.job.operator_whole = 2.1;
  one.job.operator_residual = 0.017;
  one.job.rounding_share = 0x1.3p-44;
  one.job.rounding_base = 0x1.7p-48;
  one.job.rounding_limit = 0x1p900;
  SimpleNoise noise;
  for (std::size_t i = 0; i < samples * one.InPositions(); ++i) {
    one.norms.push_back(noise.Next() < 0.1 ? 0 : 3 * noise.Next());
    one.spreads.push_back(0.01 * noise.Next());
  }
  for (std::uint64_t i = 0; i < samples; ++i) one.whole_spread.push_back(0.02 * noise.Next());
  if (samples > 1) one.whole_spread[1] = 0;
  return one;
}

/// Points, windows with padding, strides and dilations, more positions than a warp, one of a row.
inline std::vector<SpreadCase> SpreadCases() {
  std::vector<SpreadCase> cases;
  //                                             in      out     taps  stride dilation pad
  cases.push_back(MakeSpreadCase("point", 5, {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0}));
  cases.push_back(MakeSpreadCase("same", 3, {9, 7, 9, 7, 3, 3, 1, 1, 1, 1, 1, 1}));
  cases.push_back(MakeSpreadCase("strided", 2, {13, 11, 7, 6, 3, 3, 2, 2, 1, 1, 1, 1}));
  cases.push_back(MakeSpreadCase("dilated", 2, {12, 17, 8, 9, 3, 5, 1, 1, 2, 2, 0, 0}));
  cases.push_back(MakeSpreadCase("large window", 2, {6, 6, 6, 6, 11, 11, 1, 1, 1, 1, 5, 5}));
  cases.push_back(MakeSpreadCase("row", 4, {1, 100, 1, 49, 1, 4, 1, 2, 1, 1, 0, 0}));
  cases.push_back(MakeSpreadCase("whole", 3, {5, 5, 1, 1, 5, 5, 1, 1, 1, 1, 0, 0}));
  cases.push_back(MakeSpreadCase("overflow", 2, {8, 8, 8, 8, 3, 3, 1, 1, 1, 1, 1, 1}));
  cases.back().job.rounding_limit = 0x1.4p-42;  // some positions may have overflowed
  return cases;
}

}  // namespace dlv::kernels::test

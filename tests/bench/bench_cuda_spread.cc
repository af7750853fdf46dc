#include "tests/bench/bench_cuda_spread.h"

#include "engine/kernels/cuda/kernels.h"
#include "tests/bench/cuda_timer.h"
#include "tests/kernels/spread_case.h"

namespace dlv::bench {
namespace {

using kernels::test::Check;
using kernels::test::DeviceArray;
namespace cuda = kernels::cuda;

constexpr std::uint64_t kBatch = 256;

/// Values of f32 are read, stored with their bias, and stored once more after Relu.
void BenchFinish(const char* name, std::uint64_t channels, std::uint64_t positions,
                 double ceiling) {
  const std::vector<float> zeros(kBatch * channels * positions);
  const DeviceArray<float> values(zeros), activated(zeros), bias(std::vector<float>(channels, 0));
  const DeviceArray<double> norms(kBatch * positions);
  const cuda::EpilogueJob job{values.data(), bias.data(), activated.data(), norms.data(),
                              kBatch,        channels,    positions};
  const double seconds =
      MedianSeconds([&] { Check(cuda::FinishLayer(DType::kF32, job, nullptr)); });
  Row(name, 12.0 * static_cast<double>(zeros.size()), seconds, ceiling);
}

/// A convolution of 3 x 3 on `side` x `side` positions: what the proof adds to its product.
void BenchBound(std::int32_t side) {
  const auto layer = kernels::test::MakeSpreadCase(
      "convolution", kBatch, {side, side, side, side, 3, 3, 1, 1, 1, 1, 1, 1});
  kernels::test::SpreadArrays<DeviceArray<double>> arrays(layer);
  const cuda::LinearSpreadJob job = arrays.Placed(layer.job);
  const double seconds = MedianSeconds([&] { Check(cuda::BoundLinear(job, nullptr)); });
  Row("bound of a convolution, side " + std::to_string(side),
      48.0 * static_cast<double>(kBatch * layer.OutPositions()), seconds, 0);
}

}  // namespace

void BenchSpread(double ceiling) {
  BenchFinish("end of a layer, 64 x 56 x 56", 64, 3136, ceiling);
  BenchFinish("end of a layer, 4096 x 1", 4096, 1, ceiling);
  BenchBound(56);
  BenchBound(7);
}

}  // namespace dlv::bench

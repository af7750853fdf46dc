#include "tests/bench/bench_cuda_gram.h"

#include "engine/kernels/cuda/kernels.h"
#include "tests/bench/cuda_timer.h"

namespace dlv::bench {
namespace {

using kernels::test::Check;
using kernels::test::DeviceArray;
namespace cuda = kernels::cuda;

void BenchGramOf(std::size_t rows, std::size_t columns) {
  constexpr unsigned kRounds = 6;
  std::vector<float> values(rows * columns);
  std::uint32_t bits = 1;
  for (float& value : values) {
    bits = bits * 1664525u + 1013904223u;
    value = static_cast<float>(static_cast<std::int32_t>(bits)) * 0x1p-35f;
  }
  const DeviceArray<float> device_values(values);
  const DeviceArray<double> scratch(cuda::GramScratch(rows, columns));
  const DeviceArray<cuda::GramRecord> record(1);
  const cuda::GramMatrix matrix{device_values.data(), nullptr, rows, columns};
  const double seconds = MedianSeconds(
      [&] {
        Check(cuda::GramIteration(DType::kF32, matrix, kRounds, scratch.data(), record.data(),
                                  nullptr));
      },
      5);
  const auto n = static_cast<double>(rows < columns ? rows : columns);
  const auto k = static_cast<double>(rows < columns ? columns : rows);
  const double operations = n * n * (k + kRounds * n);  // a product and a sum for half of them
  const std::string name =
      "Gram iteration, " + std::to_string(rows) + " x " + std::to_string(columns);
  std::printf("%-34s %9.3f %10.1f TFLOP/s\n", name.c_str(), 1000 * seconds,
              operations / seconds / 1e12);
}

}  // namespace

void BenchGram() {
  BenchGramOf(64, 576);
  BenchGramOf(512, 4608);
  BenchGramOf(4096, 4096);
}

}  // namespace dlv::bench

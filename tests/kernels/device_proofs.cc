#include "tests/kernels/device_proofs.h"

#include <cstring>
#include <vector>

#include "engine/kernels/cuda/kernels.h"
#include "tests/kernels/device_memory.h"
#include "tests/kernels/emulated_gram.h"
#include "tests/kernels/emulated_spread.h"
#include "tests/kernels/spread_case.h"

namespace dlv::kernels::test {
namespace {

using Order = cuda::EmulatedWarp::Order;

bool SameRecord(const cuda::GramRecord& a, const cuda::GramRecord& b, unsigned rounds) {
  bool same = std::memcmp(&a.greatest, &b.greatest, 8) == 0 && a.exponent == b.exponent;
  for (unsigned i = 0; i <= rounds; ++i) {
    const cuda::GramRound &x = a.rounds[i], &y = b.rounds[i];
    same = same && std::memcmp(&x.trace, &y.trace, 8) == 0 &&
           std::memcmp(&x.squares, &y.squares, 8) == 0 && x.exponent == y.exponent;
  }
  return same;
}

/// Noise, less its centres of 1,000th parts where `residual`; the record as by emulation.
template <class T>
void TestGramOf(DType dtype, std::size_t rows, std::size_t columns, bool residual,
                const Expectation& expect) {
  constexpr unsigned kRounds = 6;
  std::vector<T> values(rows * columns), centres(values.size());
  std::uint32_t bits = static_cast<std::uint32_t>(rows);
  for (std::size_t i = 0; i < values.size(); ++i) {
    bits = bits * 1664525u + 1013904223u;
    values[i] = static_cast<T>(static_cast<std::int32_t>(bits)) * static_cast<T>(0x1p-35);
    centres[i] =
        values[i] - static_cast<T>(static_cast<std::int32_t>(bits >> 20)) * static_cast<T>(0x1p-30);
  }
  const DeviceArray<T> device_values(values), device_centres(centres);
  const DeviceArray<double> scratch(cuda::GramScratch(rows, columns));
  const DeviceArray<cuda::GramRecord> record(1);
  const cuda::GramMatrix matrix{device_values.data(), residual ? device_centres.data() : nullptr,
                                rows, columns};
  Check(cuda::GramIteration(dtype, matrix, kRounds, scratch.data(), record.data(), nullptr));
  const cuda::GramRecord want =
      EmulatedGram(Order::kForward)
          .Run<T>({values.data(), residual ? centres.data() : nullptr, rows, columns}, kRounds);
  expect(SameRecord(record.Read()[0], want, kRounds), "Gram iteration of " + std::to_string(rows) +
                                                          " x " + std::to_string(columns) + " of " +
                                                          std::string(NameOf(dtype)));
}

void TestGram(bool small, const Expectation& expect) {
  const std::vector<std::pair<std::size_t, std::size_t>> few = {{1, 1}, {3, 7}, {33, 70}},
                                                         many = {{1, 300},   {32, 33},  {65, 64},
                                                                 {35, 1030}, {520, 33}, {150, 400}};
  for (const auto* shapes : {&few, &many}) {
    if (small && shapes == &many) continue;
    for (const auto& [rows, columns] : *shapes) {
      TestGramOf<float>(DType::kF32, rows, columns, true, expect);
      TestGramOf<double>(DType::kF64, rows, columns, false, expect);
    }
  }
}

template <class T>
void TestFinishOf(DType dtype, std::uint64_t channels, std::uint64_t positions, bool activates,
                  const Expectation& expect) {
  constexpr std::uint64_t kSamples = 3;
  SimpleNoise noise;
  std::vector<T> values(kSamples * channels * positions), bias(channels), activated(values.size());
  for (T& one : values) one = static_cast<T>(noise.Next() - 0.5);
  for (T& one : bias) one = static_cast<T>(0.3 * noise.Next());
  std::vector<double> norms(kSamples * positions);
  const DeviceArray<T> device_values(values), device_bias(bias), device_activated(values.size());
  const DeviceArray<double> device_norms(norms.size());
  Check(cuda::FinishLayer(
      dtype,
      {device_values.data(), device_bias.data(), activates ? device_activated.data() : nullptr,
       device_norms.data(), kSamples, channels, positions},
      nullptr));
  EmulateFinishLayer<T>({values.data(), bias.data(), activates ? activated.data() : nullptr,
                         norms.data(), kSamples, channels, positions},
                        Order::kForward);
  const bool same = device_values.Read() == values && device_norms.Read() == norms &&
                    (!activates || device_activated.Read() == activated);
  expect(same, "the end of a layer of " + std::to_string(channels) + " channels, " +
                   std::to_string(positions) + " positions");
}

void TestBoundLinear(const SpreadCase& one, const Expectation& expect) {
  SpreadArrays<std::vector<double>> want(one);
  SpreadArrays<DeviceArray<double>> got(one);
  Check(cuda::BoundLinear(got.Placed(one.job), nullptr));
  EmulateBoundLinear(want.Placed(one.job), Order::kForward);
  expect(got.entries.Read() == want.entries && got.whole.Read() == want.whole &&
             got.own.Read() == want.own,
         std::string("bounds of a linear layer: ") + one.name);
}

void TestSpread(const Expectation& expect) {
  for (const auto& [channels, positions] : std::vector<std::pair<unsigned, unsigned>>{
           {1, 1}, {9, 1}, {1000, 1}, {3, 31}, {6, 33}, {16, 1024}}) {
    TestFinishOf<float>(DType::kF32, channels, positions, true, expect);
    TestFinishOf<double>(DType::kF64, channels, positions, false, expect);
  }
  for (const SpreadCase& one : SpreadCases()) TestBoundLinear(one, expect);
}

}  // namespace

void TestProofs(bool small, const Expectation& expect) {
  TestGram(small, expect);
  TestSpread(expect);
}

}  // namespace dlv::kernels::test

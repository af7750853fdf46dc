// The kernels on a device against the codec's own results and the emulation, bit for bit:
//
//     test_cuda_device CASES [--small]     (--small: few and short cases, for compute-sanitizer)
//
// Without a device it says so and ends with 77.

#include <cstdio>
#include <cstring>
#include <string>

#include "tests/kernels/case_file.h"
#include "tests/kernels/device_case.h"
#include "tests/kernels/device_delta.h"
#include "tests/kernels/device_proofs.h"
#include "tests/kernels/device_significance.h"
#include "tests/kernels/emulated_kernels.h"

namespace dlv::kernels::test {
namespace {

std::size_t checks = 0, failures = 0;

void Expect(bool holds, const std::string& what) {
  ++checks;
  if (holds) return;
  ++failures;
  if (failures <= 30) std::printf("FAILED  %s\n", what.c_str());
}

void TestSymbols(const std::vector<FloatCase>& cases) {
  std::vector<SymbolInput> inputs;
  std::vector<const Bytes*> want;
  std::vector<std::string> names;
  for (const FloatCase& one : cases) {
    inputs.push_back({&one.coded_symbols, one.job.count, one.max_symbol});
    want.push_back(&one.symbols);
    names.push_back(one.name);
    if (one.coded_tail.empty()) continue;
    inputs.push_back({&one.coded_tail, one.job.kept, 255});
    want.push_back(&one.tail);
    names.push_back(one.name + ", tail");
  }
  for (const std::size_t offset : {0u, 1u, 3u}) {
    const SymbolResults got = DecodeOnDevice(inputs, offset);
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      Expect(got.faults[i] == cuda::SymbolFault::kNone && got.symbols[i] == *want[i],
             "symbols of " + names[i]);
    }
  }
}

/// Streams cut and altered: the same faults, and where there is none the same symbols.
void TestDamagedSymbols(const std::vector<FloatCase>& cases) {
  std::vector<Bytes> damaged;
  std::vector<SymbolInput> inputs;
  for (const FloatCase& one : cases) {
    if (one.job.count > 300 && one.job.count != 4097) continue;
    const std::size_t size = one.coded_symbols.size();
    for (std::size_t k = 0; k < 8; ++k) {
      const std::size_t at = k * size / 8;
      damaged.emplace_back(one.coded_symbols.begin(),
                           one.coded_symbols.begin() + static_cast<std::ptrdiff_t>(at));
      damaged.push_back(one.coded_symbols);
      damaged.back()[at] = static_cast<std::uint8_t>(damaged.back()[at] ^ (0x11u << k % 4));
      inputs.insert(inputs.end(), 2, {nullptr, one.job.count, one.max_symbol});
    }
  }
  for (std::size_t i = 0; i < inputs.size(); ++i) inputs[i].coded = &damaged[i];
  const SymbolResults want = DecodeByEmulation(inputs), got = DecodeOnDevice(inputs, 1);
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const bool taken = want.faults[i] == cuda::SymbolFault::kNone;
    Expect(want.faults[i] == got.faults[i] && (!taken || want.symbols[i] == got.symbols[i]),
           "damaged symbols " + std::to_string(i));
  }
}

void TestAssembly(const std::vector<FloatCase>& cases) {
  using cuda::PlaneOutput;
  for (const FloatCase& one : cases) {
    for (const FloatLevel& level : one.levels) {
      for (const PlaneOutput output :
           {PlaneOutput::kElements, PlaneOutput::kCentres, PlaneOutput::kCentresBf16}) {
        if (output == PlaneOutput::kCentresBf16 && one.format.bytes != 4) continue;
        cuda::PlaneFault want_fault{}, fault{};
        const Bytes want = AssembleByEmulation(one, level, output, want_fault);
        const Bytes got = AssembleOnDevice(one, level, output, fault);
        const std::string name = one.name + ", planes " + std::to_string(level.known_planes) +
                                 ", output " + std::to_string(static_cast<unsigned>(output));
        Expect(fault == cuda::PlaneFault::kNone && want_fault == fault, "kept elements of " + name);
        Expect(got == want, "elements of " + name);
        if (output == PlaneOutput::kElements && &level == &one.levels.back()) {
          Expect(got == level.elements, "elements as the codec's: " + name);
        }
      }
    }
  }
}

void TestSplit(const std::vector<FloatCase>& cases) {
  for (const FloatCase& one : cases) {
    Bytes want = one.symbols;
    for (const Bytes* part : {&one.signs, &one.zero_signs, &one.mantissa, &one.tail})
      want.insert(want.end(), part->begin(), part->end());
    Expect(SplitOnDevice(one) == want, "planes of " + one.name);
  }
}

void TestHashes(const std::vector<FloatCase>& cases) {
  for (const std::size_t offset : {0u, 3u}) {
    std::vector<DeviceArray<std::uint8_t>> arrays;
    std::vector<cuda::HashJob> jobs;
    std::vector<const FloatCase*> of;
    for (const FloatCase& one : cases) {
      const Bytes& elements = one.levels.back().elements;
      if (elements.size() <= cuda::kShortHashBytes) continue;
      arrays.emplace_back(elements, offset);
      jobs.push_back({arrays.back().data(), static_cast<std::uint32_t>(elements.size())});
      of.push_back(&one);
    }
    const DeviceArray<cuda::HashJob> device_jobs(jobs);
    const DeviceArray<std::uint64_t> hashes(jobs.size());
    Check(cuda::HashArrays(device_jobs.data(), jobs.size(), hashes.data(), nullptr));
    const auto got = hashes.Read();
    for (std::size_t i = 0; i < got.size(); ++i) {
      Expect(got[i] == of[i]->checksum, "checksum of " + of[i]->name);
    }
  }
}

void TestSquares(bool small) {
  std::vector<std::size_t> sizes = {1, 31, 33, 8191, 8193, 0, 20001};
  if (!small) sizes.push_back(3000001);
  std::vector<std::vector<float>> values, centres;
  std::vector<DeviceArray<float>> arrays;
  std::vector<cuda::SquaresJob> jobs, host_jobs;
  std::uint32_t bits = 1;
  for (const std::size_t n : sizes) {
    values.emplace_back(n);
    centres.emplace_back(n);
    for (std::size_t i = 0; i < n; ++i) {
      bits = bits * 1664525u + 1013904223u;
      values.back()[i] = static_cast<float>(static_cast<std::int32_t>(bits)) * 0x1p-35f;
      centres.back()[i] = values.back()[i] * 0.99f;
    }
    arrays.emplace_back(values.back());
    arrays.emplace_back(centres.back());
    const float* const device_values = arrays[arrays.size() - 2].data();
    const bool residual = n % 2 == 1;
    jobs.push_back({device_values, residual ? arrays.back().data() : nullptr, n});
    host_jobs.push_back({values.back().data(), residual ? centres.back().data() : nullptr, n});
  }
  std::size_t largest = 0;
  for (const std::size_t n : sizes) largest = n > largest ? n : largest;
  const DeviceArray<cuda::SquaresJob> device_jobs(jobs);
  const DeviceArray<double> parts(jobs.size() * cuda::SquaresParts(largest)), sums(jobs.size());
  Check(cuda::SumSquares(device_jobs.data(), jobs.size(), largest, parts.data(), sums.data(),
                         nullptr));
  const std::vector<double> got = sums.Read();
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    const double want = EmulateSquares(host_jobs[i], Order::kForward);
    Expect(std::memcmp(&want, &got[i], sizeof want) == 0,
           "squares of " + std::to_string(sizes[i]) + " numbers");
  }
}

void TestDeltas(const std::vector<DeltaCase>& cases) {
  for (const DeltaCase& one : cases) {
    const DeltaResult result = DecodeDeltaOnDevice(one);
    Expect(result.fault == cuda::DeltaFault::kNone, "a fault in " + one.name);
    for (std::size_t level = 0; level < one.levels.size(); ++level) {
      Expect(result.levels[level] == one.levels[level].elements,
             one.name + ", level " + std::to_string(level));
    }
  }
}

/// Planes cut short: told, as by the codec.
void TestCutDeltas(const std::vector<DeltaCase>& cases) {
  for (DeltaCase one : cases) {
    DeltaLevel& level = one.levels[0];
    if (one.count > 700 || level.mode != cuda::DeltaMode::kCoded) continue;
    for (Bytes* part : {&level.coded, &level.low, &level.high}) {
      if (part->empty()) continue;
      const Bytes whole = *part;
      part->resize(whole.size() / 2);
      Expect(DecodeDeltaOnDevice(one).fault != cuda::DeltaFault::kNone, "cut " + one.name);
      *part = whole;
    }
  }
}

/// Levels as by emulation, and the last one as the codec has it; wrong symbols are told alike.
void TestSignificance(const std::vector<SignificanceCase>& cases) {
  using cuda::PlaneOutput;
  for (const SignificanceCase& one : cases) {
    const std::uint32_t all = one.job.level_count;
    for (std::uint32_t levels = 1; levels <= all; ++levels) {
      // The emulation is slow: of large chunks some levels.
      if (one.job.count > 1100 && levels != 1 && levels != all / 2 && levels != all) continue;
      for (const PlaneOutput output :
           {PlaneOutput::kElements, PlaneOutput::kCentres, PlaneOutput::kCentresBf16}) {
        if (output == PlaneOutput::kCentresBf16 && one.format.bytes != 4) continue;
        cuda::SignificanceFault want_fault{}, fault{};
        const Bytes want = SignificanceByEmulation(one, levels, output, want_fault);
        const Bytes got = SignificanceOnDevice(one, levels, output, fault);
        const std::string name = one.name + ", " + std::to_string(levels) + " levels, output " +
                                 std::to_string(static_cast<unsigned>(output));
        Expect(fault == cuda::SignificanceFault::kNone && want_fault == fault, "fault in " + name);
        Expect(got == want, "elements of " + name);
        if (output == PlaneOutput::kElements && levels == all) {
          Expect(got == one.elements.back(), "elements as the codec's: " + name);
        }
      }
    }
    SignificanceCase wrong = one;
    wrong.symbols.back() = static_cast<std::uint8_t>(wrong.symbols.back() ^ 1u);
    cuda::SignificanceFault want_fault{}, fault{};
    (void)SignificanceByEmulation(wrong, 1, PlaneOutput::kElements, want_fault);
    (void)SignificanceOnDevice(wrong, 1, PlaneOutput::kElements, fault);
    Expect(fault == want_fault, "fault of wrong symbols in " + one.name);
  }
}

/// Both widths of streams, tails of every kind, all types: a minute under compute-sanitizer.
std::vector<FloatCase> Small(const std::vector<FloatCase>& cases) {
  std::vector<FloatCase> small;
  for (const FloatCase& one : cases) {
    const std::uint32_t n = one.job.count;
    const bool narrow = one.format.bytes == 4 || one.format.bytes == 2;
    if (n == 9 || n == 257 || (n == 4097 && narrow)) small.push_back(one);
  }
  return small;
}

std::vector<DeltaCase> Small(const std::vector<DeltaCase>& cases) {
  std::vector<DeltaCase> small;
  for (const DeltaCase& one : cases) {
    if (one.count == 65 || one.count == 300 || (one.count == 4097 && one.dtype == DType::kF32)) {
      small.push_back(one);
    }
  }
  return small;
}

std::vector<SignificanceCase> Small(const std::vector<SignificanceCase>& cases) {
  std::vector<SignificanceCase> small;
  for (const SignificanceCase& one : cases) {
    const bool narrow = one.format.bytes == 4 || one.format.bytes == 2;
    if (one.job.count == 257 || (one.job.count == 4097 && narrow)) small.push_back(one);
  }
  return small;
}

/// What is refused before anything is launched: needs no device.
void TestArguments() {
  using cuda::PlaneOutput;
  const auto refused = [](const Status& status, const char* what) {
    Expect(!status.ok() && status.error().code == ErrorCode::kInvalidArgument,
           std::string("refused: ") + what);
  };
  const auto f16 = cuda::FormatOf(DType::kF16);
  constexpr std::size_t kTooMany = std::size_t{1} << 31;
  refused(cuda::DecodeSymbols(nullptr, kTooMany, nullptr, nullptr), "2^31 streams");
  refused(cuda::AssemblePlanes(f16, PlaneOutput::kCentresBf16, cuda::ZeroRule::kNever, nullptr, 1,
                               1, nullptr),
          "bf16 of f16");
  refused(cuda::SplitPlanes({3, 8, 15}, cuda::ZeroRule::kNever, nullptr, 1, 1, nullptr, nullptr),
          "three bytes");
  refused(cuda::CountNonzero({4, 9, 23}, nullptr, 1, nullptr), "33 bits");
  refused(cuda::DecodeDeltaSymbols(DType::kBF16, 1, nullptr, 1, nullptr, nullptr), "a level");
  refused(
      cuda::AssembleBySignificance(f16, PlaneOutput::kCentresBf16, nullptr, 1, 1, nullptr, nullptr),
      "bf16 of f16 by significance");
  refused(cuda::AssembleBySignificance(f16, PlaneOutput::kElements, nullptr, kTooMany / 32, 131072,
                                       nullptr, nullptr),
          "2^31 tiles");
  refused(cuda::GramIteration(DType::kF16, {}, 6, nullptr, nullptr, nullptr), "a matrix of f16");
  refused(cuda::GramIteration(DType::kF32, {nullptr, nullptr, 2, 2}, cuda::kGramRounds + 1, nullptr,
                              nullptr, nullptr),
          "nine rounds");
  refused(cuda::GramIteration(DType::kF32, {nullptr, nullptr, 1 << 17, 1 << 17}, 6, nullptr,
                              nullptr, nullptr),
          "a side of 2^17");
  refused(cuda::FinishLayer(DType::kBF16, {}, nullptr), "a layer of bf16");
  cuda::LinearSpreadJob spread;
  spread.window.stride_width = 0;
  refused(cuda::BoundLinear(spread, nullptr), "no stride");
  spread.window = {};
  spread.window.out_width = spread.window.stride_width = 1 << 16;
  refused(cuda::BoundLinear(spread, nullptr), "a tap beyond 2^30");
  for (const Status& nothing :
       {cuda::DecodeSymbols(nullptr, 0, nullptr, nullptr),
        cuda::CountNonzero(f16, nullptr, 0, nullptr),
        cuda::AssembleBySignificance(f16, PlaneOutput::kElements, nullptr, 0, 0, nullptr, nullptr),
        cuda::GramIteration(DType::kF32, {}, 6, nullptr, nullptr, nullptr),
        cuda::FinishLayer(DType::kF32, {}, nullptr), cuda::BoundLinear({}, nullptr)}) {
    Expect(nothing.ok(), "nothing to do is no error");
  }
}

int Run(int argc, char** argv) {
  TestArguments();
  if (failures != 0) return 1;
  int devices = 0;
  const cudaError_t error = cudaGetDeviceCount(&devices);
  if (error != cudaSuccess || devices == 0) {
    std::printf("SKIPPED: no CUDA device: %s. Nothing of the device was tested.\n",
                error == cudaSuccess ? "none is there" : cudaGetErrorString(error));
    return 77;
  }
  if (argc < 2) {
    std::fprintf(stderr, "usage: test_cuda_device CASES [--small]\n");
    return 2;
  }
  const bool small = argc > 2 && std::strcmp(argv[2], "--small") == 0;
  const Cases all = LoadCases(argv[1]);
  const auto cases = small ? Small(all.floats) : all.floats;
  const auto deltas = small ? Small(all.deltas) : all.deltas;
  const auto by_significance = small ? Small(all.by_significance) : all.by_significance;
  cudaDeviceProp properties;
  Check(cudaGetDeviceProperties(&properties, 0), "device");
  std::printf("%s, %zu chunks of mode float, %zu deltas, %zu by significance\n", properties.name,
              cases.size(), deltas.size(), by_significance.size());
  for (int turn = 0; turn < (small ? 1 : 2); ++turn) {  // twice: results are the same each time
    TestSymbols(cases);
    TestDamagedSymbols(cases);
    TestAssembly(cases);
    TestSplit(cases);
    TestHashes(cases);
    TestSquares(small);
    TestProofs(small, Expect);
    TestDeltas(deltas);
    TestCutDeltas(deltas);
    TestSignificance(by_significance);
  }
  Check(cudaDeviceSynchronize(), "end");
  std::printf("%zu checks, %zu failures\n", checks, failures);
  return failures == 0 && checks > 0 ? 0 : 1;
}

}  // namespace
}  // namespace dlv::kernels::test

int main(int argc, char** argv) { return dlv::kernels::test::Run(argc, argv); }

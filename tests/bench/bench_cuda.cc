// What the kernels of engine/kernels/cuda reach on a device, beside its ceilings:
//
//     bench_cuda CASES [CHUNKS] [GIGABYTES]
//
// CASES: the file of make_vectors. CHUNKS: chunks of 2^17 elements a kernel gets (default 4096: f32
// of 2 GiB). GIGABYTES: elements of the end-to-end run (default 10; 0 leaves it out). Times are
// medians of device events; bytes are those that a kernel must read and write, each once.

#include <cuda_runtime_api.h>

#include <algorithm>
#include <cstring>
#include <functional>
#include <string>

#include "engine/kernels/cuda/kernels.h"
#include "tests/bench/bench_cuda_delta.h"
#include "tests/bench/bench_cuda_gram.h"
#include "tests/bench/bench_cuda_significance.h"
#include "tests/bench/bench_cuda_spread.h"
#include "tests/bench/cuda_ceilings.h"
#include "tests/bench/cuda_pipeline.h"
#include "tests/bench/cuda_timer.h"
#include "tests/kernels/case_file.h"
#include "tests/kernels/device_memory.h"

namespace dlv::bench {
namespace {

using kernels::test::Bytes;
using kernels::test::Check;
using kernels::test::DeviceArray;
using kernels::test::FloatCase;
namespace cuda = kernels::cuda;

const FloatCase& Find(const std::vector<FloatCase>& cases, const std::string& name) {
  for (const FloatCase& one : cases) {
    if (one.name == name) return one;
  }
  std::fprintf(stderr, "no case %s\n", name.c_str());
  std::exit(2);
}

/// `count` copies of `bytes` on the device, `stride` apart.
DeviceArray<std::uint8_t> Repeated(const Bytes& bytes, std::size_t count, std::size_t stride) {
  DeviceArray<std::uint8_t> all(count * stride);
  for (std::size_t i = 0; i < count && !bytes.empty(); ++i) {
    Check(cudaMemcpyAsync(all.data() + i * stride, bytes.data(), bytes.size(),
                          cudaMemcpyHostToDevice, nullptr),
          "copy to the device");
  }
  Check(cudaDeviceSynchronize(), "copies");
  return all;
}

std::size_t Rounded(std::size_t bytes) { return (bytes + 15) / 16 * 16; }

void BenchSymbols(const FloatCase& one, std::size_t chunks, double ceiling) {
  const std::size_t stride = Rounded(one.coded_symbols.size() + 1);
  const auto coded = Repeated(one.coded_symbols, chunks, stride);
  const DeviceArray<std::uint8_t> symbols(chunks * Rounded(one.job.count));
  std::vector<cuda::SymbolJob> jobs;
  for (std::size_t i = 0; i < chunks; ++i) {
    jobs.push_back({coded.data() + i * stride, symbols.data() + i * Rounded(one.job.count),
                    static_cast<std::uint32_t>(one.coded_symbols.size()), one.job.count,
                    one.max_symbol});
  }
  const DeviceArray<cuda::SymbolJob> device_jobs(jobs);
  const DeviceArray<cuda::SymbolFault> faults(chunks);
  const double seconds = MedianSeconds(
      [&] { Check(cuda::DecodeSymbols(device_jobs.data(), chunks, faults.data(), nullptr)); });
  const double out = static_cast<double>(chunks) * one.job.count;
  const double in = static_cast<double>(chunks) * static_cast<double>(one.coded_symbols.size());
  Row("symbols, output", out, seconds, ceiling);
  Row("symbols, read and written", in + out, seconds, ceiling);
  for (const cuda::SymbolFault fault : faults.Read()) {
    if (fault != cuda::SymbolFault::kNone) std::printf("FAULT in symbols\n"), std::exit(1);
  }
}

/// The chunks of one case on the device, with decoded symbols.
struct PlaneChunks {
  PlaneChunks(const FloatCase& one, std::size_t count)
      : chunks(count),
        of(&one),
        symbols(Repeated(one.symbols, count, Rounded(one.symbols.size()))),
        signs(Repeated(one.signs, count, Rounded(one.signs.size()))),
        mantissa(Repeated(one.mantissa, count, Rounded(one.mantissa.size()))),
        kept_before(count * (one.job.count / cuda::kPlaneTile + 1)),
        out(count * Rounded(std::size_t{one.job.count} * one.format.bytes)),
        faults(count) {}

  DeviceArray<cuda::PlaneJob> Jobs(std::uint32_t stored_planes) const {
    std::vector<cuda::PlaneJob> jobs;
    for (std::size_t i = 0; i < chunks; ++i) {
      cuda::PlaneJob job = of->job;
      job.symbols = symbols.data() + i * Rounded(of->symbols.size());
      job.signs = of->signs.empty() ? nullptr : signs.data() + i * Rounded(of->signs.size());
      job.mantissa = mantissa.data() + i * Rounded(of->mantissa.size());
      job.kept_before = kept_before.data() + i * (of->job.count / cuda::kPlaneTile + 1);
      job.out = out.data() + i * Rounded(std::size_t{of->job.count} * of->format.bytes);
      job.stored_planes = stored_planes;
      job.known_planes = 1 + of->format.exponent_bits + stored_planes;
      jobs.push_back(job);
    }
    return DeviceArray<cuda::PlaneJob>(jobs);
  }

  std::size_t chunks;
  const FloatCase* of;
  DeviceArray<std::uint8_t> symbols, signs, mantissa;
  DeviceArray<std::uint32_t> kept_before;
  DeviceArray<std::uint8_t> out;
  DeviceArray<cuda::PlaneFault> faults;
};

void BenchAssembly(const PlaneChunks& data, std::uint32_t stored, cuda::PlaneOutput output,
                   const char* name, double ceiling) {
  const FloatCase& one = *data.of;
  const auto jobs = data.Jobs(stored);
  const bool zeros = one.job.zero_rule != 0;
  if (zeros) Check(cuda::CountKept(jobs.data(), data.chunks, data.faults.data(), nullptr));
  const auto rule = zeros ? cuda::ZeroRule::kPerJob : cuda::ZeroRule::kNever;
  const double seconds = MedianSeconds([&] {
    Check(cuda::AssemblePlanes(one.format, output, rule, jobs.data(), data.chunks, one.job.count,
                               nullptr));
  });
  const double width = output == cuda::PlaneOutput::kCentresBf16 ? 2 : one.format.bytes;
  const double planes = (stored + 1.0) * one.job.kept / 8;
  const double bytes = static_cast<double>(data.chunks) * (one.job.count * (1 + width) + planes);
  Row(std::string(name) + ", " + std::to_string(1 + one.format.exponent_bits + stored) + " planes",
      bytes, seconds, ceiling);
}

void BenchCountKept(const PlaneChunks& data, double ceiling) {
  const auto jobs = data.Jobs(0);
  const double seconds = MedianSeconds(
      [&] { Check(cuda::CountKept(jobs.data(), data.chunks, data.faults.data(), nullptr)); });
  Row("counting kept elements", static_cast<double>(data.chunks) * data.of->job.count, seconds,
      ceiling);
}

void BenchSplit(const PlaneChunks& data, double ceiling) {
  const FloatCase& one = *data.of;
  const auto stored = static_cast<std::uint32_t>(one.format.mantissa_bits);
  const DeviceArray<std::uint32_t> kept(data.chunks);
  std::vector<cuda::SplitJob> jobs;
  for (const cuda::PlaneJob& job : data.Jobs(stored).Read()) {
    cuda::SplitJob split;
    split.elements = job.out;
    split.symbols = const_cast<std::uint8_t*>(job.symbols);
    split.signs = const_cast<std::uint8_t*>(job.signs);
    split.mantissa = const_cast<std::uint8_t*>(job.mantissa);
    split.count = job.count;
    split.first = job.first;
    split.stored_planes = stored;
    split.zero_rule = job.zero_rule;
    split.kept_before = job.kept_before;
    split.kept = kept.data() + jobs.size();
    jobs.push_back(split);
  }
  const bool zeros = one.job.zero_rule != 0;
  const auto rule = zeros ? cuda::ZeroRule::kPerJob : cuda::ZeroRule::kNever;
  const DeviceArray<cuda::SplitJob> device_jobs(jobs);
  const double seconds = MedianSeconds([&] {
    if (zeros) Check(cuda::CountNonzero(one.format, device_jobs.data(), jobs.size(), nullptr));
    Check(cuda::SplitPlanes(one.format, rule, device_jobs.data(), jobs.size(), one.job.count,
                            data.faults.data(), nullptr));
  });
  // Under the zero rule elements are read to be counted, for their symbols, and for their planes.
  const double per_element = 1 + (zeros ? 3.0 : 1.0) * one.format.bytes;
  const double planes = (stored + 1.0) * one.job.kept / 8;
  Row(zeros ? "splitting into planes, zero rule" : "splitting into planes",
      static_cast<double>(jobs.size()) * (one.job.count * per_element + planes), seconds, ceiling);
}

void BenchReading(const PlaneChunks& data, double ceiling) {
  const std::size_t size = std::size_t{data.of->job.count} * data.of->format.bytes;
  std::vector<cuda::HashJob> hashes;
  std::vector<cuda::SquaresJob> squares;
  for (std::size_t i = 0; i < data.chunks; ++i) {
    const std::uint8_t* const from = data.out.data() + i * Rounded(size);
    hashes.push_back({from, static_cast<std::uint32_t>(size)});
    squares.push_back({reinterpret_cast<const float*>(from), nullptr, data.of->job.count});
  }
  const double bytes = static_cast<double>(data.chunks) * static_cast<double>(size);
  const DeviceArray<cuda::HashJob> hash_jobs(hashes);
  const DeviceArray<std::uint64_t> results(data.chunks);
  Row("checksums", bytes, MedianSeconds([&] {
        Check(cuda::HashArrays(hash_jobs.data(), data.chunks, results.data(), nullptr));
      }),
      ceiling);
  const DeviceArray<cuda::SquaresJob> squares_jobs(squares);
  const DeviceArray<double> sums(data.chunks),
      parts(data.chunks * cuda::SquaresParts(data.of->job.count));
  Row("sums of squares", bytes, MedianSeconds([&] {
        Check(cuda::SumSquares(squares_jobs.data(), data.chunks, data.of->job.count, parts.data(),
                               sums.data(), nullptr));
      }),
      ceiling);
}

int Run(int argc, char** argv) {
  int devices = 0;
  if (cudaGetDeviceCount(&devices) != cudaSuccess || devices == 0) {
    std::printf("no CUDA device: nothing to measure\n");
    return 77;
  }
  if (argc < 2) {
    std::fprintf(stderr, "usage: bench_cuda CASES [CHUNKS] [GIGABYTES]\n");
    return 2;
  }
  const kernels::test::Cases all = kernels::test::LoadCases(argv[1]);
  const auto& cases = all.floats;
  const std::size_t chunks = argc > 2 ? std::stoul(argv[2]) : 4096;
  const double gigabytes = argc > 3 ? std::stod(argv[3]) : 10;
  const FloatCase& weights = Find(cases, "f32 weights 131072");
  Heading();
  const double ceiling = CopyCeiling(chunks * 524288);
  ProductCeilings();
  BenchSymbols(weights, chunks, ceiling);
  {
    const PlaneChunks data(weights, chunks);
    for (const std::uint32_t stored : {0u, 1u, 3u, 7u, 11u, 15u, 19u, 23u}) {
      BenchAssembly(data, stored, cuda::PlaneOutput::kElements, "f32 elements", ceiling);
      BenchAssembly(data, stored, cuda::PlaneOutput::kCentres, "f32 centres", ceiling);
    }
    BenchAssembly(data, 7, cuda::PlaneOutput::kCentresBf16, "bf16 centres", ceiling);
    BenchAssembly(data, 23, cuda::PlaneOutput::kElements, "f32 elements", ceiling);
    BenchReading(data, ceiling);
    BenchSplit(data, ceiling);
  }
  {
    const PlaneChunks data(Find(cases, "f32 sparse 131071"), chunks / 2);
    BenchCountKept(data, ceiling);
    BenchAssembly(data, 23, cuda::PlaneOutput::kElements, "f32, zero rule", ceiling);
    BenchSplit(data, ceiling);
  }
  {
    const PlaneChunks data(Find(cases, "bf16 weights 131072"), chunks);
    BenchAssembly(data, 7, cuda::PlaneOutput::kElements, "bf16 elements", ceiling);
  }
  for (const kernels::test::DeltaCase& one : all.deltas) {
    if (one.name == "f32 step weights 131072" || one.name == "f32 extrapolated weights 131072") {
      BenchDelta(one, chunks, ceiling);
    }
  }
  for (const kernels::test::SignificanceCase& one : all.by_significance) {
    if (one.job.count == 131072) BenchSignificance(one, chunks, ceiling);
  }
  BenchGram();
  BenchSpread(ceiling);
  if (gigabytes > 0) BenchPipeline(weights, gigabytes);
  return 0;
}

}  // namespace
}  // namespace dlv::bench

int main(int argc, char** argv) { return dlv::bench::Run(argc, argv); }

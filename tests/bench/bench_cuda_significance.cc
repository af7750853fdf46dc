#include "tests/bench/bench_cuda_significance.h"

#include "engine/kernels/cuda/kernels.h"
#include "tests/bench/cuda_timer.h"

namespace dlv::bench {
namespace {

using kernels::test::Bytes;
using kernels::test::Check;
using kernels::test::DeviceArray;
using kernels::test::SignificanceCase;
namespace cuda = kernels::cuda;

/// `count` copies of an array end to end, each from a multiple of 16 bytes on.
struct Repeats {
  Repeats(const Bytes& bytes, std::size_t count)
      : stride((bytes.size() + 16) / 16 * 16), all(count * stride) {
    for (std::size_t i = 0; i < count && !bytes.empty(); ++i) {
      Check(cudaMemcpyAsync(at(i), bytes.data(), bytes.size(), cudaMemcpyHostToDevice, nullptr),
            "copy");
    }
    Check(cudaDeviceSynchronize(), "copies");
  }
  std::uint8_t* at(std::size_t i) const { return all.data() + i * stride; }
  std::size_t stride;
  DeviceArray<std::uint8_t> all;
};

void BenchLevels(const SignificanceCase& one, std::uint32_t levels, const Repeats& symbols,
                 std::size_t chunks, double ceiling) {
  const Bytes stored = StoredBits(one, levels);
  const Repeats bits(stored, chunks);
  const std::size_t out_bytes = std::size_t{one.job.count} * one.format.bytes;
  const DeviceArray<std::uint8_t> out(chunks * out_bytes);
  const std::size_t rank_numbers = std::size_t{cuda::RankTiles(one.job.count)} * cuda::kSymbolKinds;
  const std::size_t place_numbers = std::size_t{cuda::kSymbolKinds} * one.job.stored_bits;
  const DeviceArray<std::uint32_t> ranks(chunks * rank_numbers), places(chunks * place_numbers);
  std::vector<cuda::SignificanceJob> jobs(chunks, JobOf(one, levels));
  for (std::size_t i = 0; i < chunks; ++i) {
    jobs[i].symbols = symbols.at(i);
    jobs[i].bits = bits.at(i);
    jobs[i].ranks = ranks.data() + i * rank_numbers;
    jobs[i].places = places.data() + i * place_numbers;
    jobs[i].out = out.data() + i * out_bytes;
  }
  const DeviceArray<cuda::SignificanceJob> device_jobs(jobs);
  const DeviceArray<cuda::SignificanceFault> faults(chunks);
  const double seconds = MedianSeconds([&] {
    Check(cuda::AssembleBySignificance(one.format, cuda::PlaneOutput::kElements, device_jobs.data(),
                                       chunks, one.job.count, faults.data(), nullptr));
  });
  // Symbols are read twice: what lies before a tile must be known before it is put together.
  const double bytes = static_cast<double>(2 * one.symbols.size() + stored.size() + out_bytes);
  Row("by significance, " + std::to_string(levels) + " levels", static_cast<double>(chunks) * bytes,
      seconds, ceiling);
  for (const cuda::SignificanceFault fault : faults.Read()) {
    if (fault == cuda::SignificanceFault::kNone) continue;
    std::printf("FAULT by significance\n");
    std::exit(1);
  }
}

}  // namespace

void BenchSignificance(const SignificanceCase& one, std::size_t chunks, double ceiling) {
  const Repeats symbols(one.symbols, chunks);
  for (const std::uint32_t levels : {1u, one.job.level_count / 2, one.job.level_count})
    BenchLevels(one, levels, symbols, chunks, ceiling);
}

}  // namespace dlv::bench

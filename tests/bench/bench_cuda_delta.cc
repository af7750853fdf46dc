#include "tests/bench/bench_cuda_delta.h"

#include "engine/kernels/cuda/kernels.h"
#include "tests/bench/cuda_timer.h"

namespace dlv::bench {
namespace {

using kernels::test::Bytes;
using kernels::test::Check;
using kernels::test::DeltaCase;
using kernels::test::DeltaLevel;
using kernels::test::DeviceArray;
namespace cuda = kernels::cuda;

std::size_t Rounded(std::size_t bytes) { return (bytes + 15) / 16 * 16; }

/// Copies of an array, 16 bytes or more apart.
class Copies {
 public:
  Copies() = default;
  Copies(const Bytes& bytes, std::size_t count)
      : stride_(Rounded(bytes.size() + 1)), all_(count * stride_) {
    for (std::size_t i = 0; i < count && !bytes.empty(); ++i) {
      Check(cudaMemcpy(at(i), bytes.data(), bytes.size(), cudaMemcpyHostToDevice), "copy");
    }
  }
  std::uint8_t* at(std::size_t i) const { return all_.data() + i * stride_; }

 private:
  std::size_t stride_ = 0;
  DeviceArray<std::uint8_t> all_;
};

/// Jobs of one level of all chunks.
struct LevelJobs {
  LevelJobs(const DeltaCase& one, const DeltaLevel& level, std::size_t chunks, const Copies& bases,
            const Copies& second_bases, const Copies& scales, const Copies& states,
            const Copies& symbols)
      : coded(level.coded, chunks),
        low(level.low, chunks),
        high(level.high, chunks),
        values(Bytes(2 * std::size_t{one.count}), chunks),
        frequencies(level.frequencies) {
    std::vector<cuda::DeltaJob> all;
    for (std::size_t i = 0; i < chunks; ++i) {
      cuda::DeltaJob job;
      job.base = bases.at(i);
      if (!one.second_base.empty()) job.second_base = second_bases.at(i);
      job.beta = one.beta;
      job.block_scales = scales.at(i);
      job.states = states.at(i);
      job.symbols = symbols.at(i);
      job.values = values.at(i);
      job.coded = coded.at(i);
      job.low = low.at(i);
      job.high = high.at(i);
      job.frequencies = frequencies.data();
      job.coded_bytes = static_cast<std::uint32_t>(level.coded.size());
      job.low_bytes = static_cast<std::uint32_t>(level.low.size());
      job.high_bytes = static_cast<std::uint32_t>(level.high.size());
      job.count = one.count;
      job.mode = level.mode;
      all.push_back(job);
    }
    jobs = DeviceArray<cuda::DeltaJob>(all);
  }
  Copies coded, low, high, values;
  DeviceArray<std::uint16_t> frequencies;
  DeviceArray<cuda::DeltaJob> jobs;
};

/// Of one level: coded bytes, bases and states read, values and states written.
double BytesOf(const DeltaCase& one, const DeltaLevel& level, unsigned number) {
  const double stored =
      static_cast<double>(level.coded.size() + level.low.size() + level.high.size());
  const double bases = one.second_base.empty() ? 4 : 8;
  return stored + one.count * (bases + (number == 0 ? 2 : 1) + 2);
}

}  // namespace

void BenchDelta(const DeltaCase& one, std::size_t chunks, double ceiling) {
  if (one.ratio != 0) return;  // the case is one without
  const Copies bases(one.base, chunks), second_bases(one.second_base, chunks),
      scales(one.block_scales, chunks), states(Bytes(one.count), chunks),
      symbols(Bytes(one.count), chunks), out(Bytes(one.base.size()), chunks);
  const DeviceArray<cuda::DeltaFault> faults(chunks);
  std::vector<LevelJobs> levels;
  for (const DeltaLevel& level : one.levels) {
    levels.emplace_back(one, level, chunks, bases, second_bases, scales, states, symbols);
  }
  const auto count = static_cast<double>(chunks);
  for (unsigned level = 0; level < levels.size(); ++level) {
    const cuda::DeltaJob* const jobs = levels[level].jobs.data();
    const std::string name =
        (one.second_base.empty() ? "delta level " : "delta of two, level ") + std::to_string(level);
    // States go on from level to level, so a level is timed as a whole only once it was applied.
    const double symbols_seconds = MedianSeconds([&] {
      Check(cuda::DecodeDeltaSymbols(one.dtype, level, jobs, chunks, faults.data(), nullptr));
    });
    Row(name + ", symbols", count * one.count, symbols_seconds, 0);
    if (level == 0) {
      const double seconds = MedianSeconds(
          [&] { Check(cuda::ApplyDelta(one.dtype, level, jobs, chunks, faults.data(), nullptr)); });
      Row(name + ", values", count * BytesOf(one, one.levels[level], level), seconds, ceiling);
    } else {
      Check(cuda::ApplyDelta(one.dtype, level, jobs, chunks, faults.data(), nullptr));
    }
  }
  std::vector<cuda::JoinJob> joins(chunks);
  for (std::size_t i = 0; i < chunks; ++i) {
    for (unsigned level = 0; level < levels.size(); ++level) {
      joins[i].values[level] = levels[level].values.at(i);
    }
    joins[i].out = out.at(i);
    joins[i].count = one.count;
  }
  const DeviceArray<cuda::JoinJob> join_jobs(joins);
  const auto depth = static_cast<unsigned>(levels.size());
  const double seconds = MedianSeconds([&] {
    Check(cuda::JoinLevels(one.dtype, depth, cuda::PlaneOutput::kElements, join_jobs.data(), chunks,
                           one.count, nullptr));
  });
  Row("joining levels", count * one.count * 8.0, seconds, ceiling);
  for (const cuda::DeltaFault fault : faults.Read()) {
    if (fault != cuda::DeltaFault::kNone) std::printf("FAULT in deltas\n"), std::exit(1);
  }
}

}  // namespace dlv::bench

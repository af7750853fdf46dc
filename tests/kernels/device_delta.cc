#include "tests/kernels/device_delta.h"

#include "tests/kernels/device_memory.h"

namespace dlv::kernels::test {
namespace {

/// What is decoded on the device, and what its levels share.
struct Chunk {
  explicit Chunk(const DeltaCase& one)
      : of(one),
        base(one.base),
        second_base(one.second_base),
        block_scales(one.block_scales),
        block_ratios(one.block_ratios),
        states(one.count),
        symbols(one.count) {}
  const DeltaCase& of;
  DeviceArray<std::uint8_t> base, second_base, block_scales, block_ratios, states, symbols;
  DeviceArray<std::uint16_t> values[cuda::kDeltaLevels];
};

cuda::DeltaFault DecodeLevel(const Chunk& chunk, unsigned level) {
  const DeltaLevel& of = chunk.of.levels[level];
  const DeviceArray<std::uint8_t> coded(of.coded, 1), low(of.low, 3), high(of.high, 5);
  const DeviceArray<std::uint16_t> frequencies(of.frequencies);
  cuda::DeltaJob job;
  job.base = chunk.base.data();
  job.second_base = chunk.second_base.data();
  job.beta = chunk.of.beta;
  job.block_scales = chunk.block_scales.data();
  job.block_ratios = chunk.of.ratio != 0 ? chunk.block_ratios.data() : nullptr;
  job.states = chunk.states.data();
  job.symbols = chunk.symbols.data();
  job.values = chunk.values[level].data();
  job.coded = coded.data();
  job.low = low.data();
  job.high = high.data();
  job.frequencies = frequencies.data();
  job.coded_bytes = static_cast<std::uint32_t>(coded.count());
  job.low_bytes = static_cast<std::uint32_t>(low.count());
  job.high_bytes = static_cast<std::uint32_t>(high.count());
  job.count = chunk.of.count;
  job.ratio = chunk.of.ratio;
  job.mode = of.mode;
  const DeviceArray<cuda::DeltaJob> jobs(std::vector<cuda::DeltaJob>{job});
  const DeviceArray<cuda::DeltaFault> faults(1);
  Check(cuda::DecodeDeltaSymbols(chunk.of.dtype, level, jobs.data(), 1, faults.data(), nullptr));
  Check(cuda::ApplyDelta(chunk.of.dtype, level, jobs.data(), 1, faults.data(), nullptr));
  Check(cudaDeviceSynchronize(), "deltas");
  return faults.Read()[0];
}

Bytes Join(const Chunk& chunk, unsigned levels) {
  const DeviceArray<std::uint8_t> out(chunk.of.base.size());
  cuda::JoinJob job;
  for (unsigned level = 0; level < levels; ++level) job.values[level] = chunk.values[level].data();
  job.out = out.data();
  job.count = chunk.of.count;
  const DeviceArray<cuda::JoinJob> jobs(std::vector<cuda::JoinJob>{job});
  Check(cuda::JoinLevels(chunk.of.dtype, levels, cuda::PlaneOutput::kElements, jobs.data(), 1,
                         job.count, nullptr));
  Check(cudaDeviceSynchronize(), "joining levels");
  return out.Read();
}

}  // namespace

DeltaResult DecodeDeltaOnDevice(const DeltaCase& one) {
  Chunk chunk(one);
  DeltaResult result;
  for (unsigned level = 0; level < one.levels.size(); ++level) {
    chunk.values[level] = DeviceArray<std::uint16_t>(one.count);  // levels of 8 bits use half
    result.fault = DecodeLevel(chunk, level);
    if (result.fault != cuda::DeltaFault::kNone) return result;
    result.levels.push_back(Join(chunk, level + 1));
  }
  return result;
}

}  // namespace dlv::kernels::test

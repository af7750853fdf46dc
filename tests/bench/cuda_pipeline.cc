#include "tests/bench/cuda_pipeline.h"

#include <cstring>

#include "engine/kernels/cuda/kernels.h"
#include "tests/bench/cuda_timer.h"

namespace dlv::bench {
namespace {

using kernels::test::Bytes;
using kernels::test::Check;
using kernels::test::DeviceArray;
using kernels::test::FloatCase;
namespace cuda = kernels::cuda;

constexpr std::size_t kStreams = 3;
constexpr std::size_t kBatch = 256;  // chunks: 100 MB coded

/// Pinned memory of the host.
class Pinned {
 public:
  explicit Pinned(std::size_t bytes) {
    void* start = nullptr;
    Check(cudaMallocHost(&start, bytes), "pinned memory");
    start_ = static_cast<std::uint8_t*>(start);
  }
  ~Pinned() { cudaFreeHost(start_); }
  Pinned(const Pinned&) = delete;
  Pinned& operator=(const Pinned&) = delete;
  std::uint8_t* data() const { return start_; }

 private:
  std::uint8_t* start_ = nullptr;
};

/// A chunk as it travels: coded symbols, signs, mantissa planes, end to end as in an archive.
Bytes Coded(const FloatCase& one) {
  Bytes bytes = one.coded_symbols;
  bytes.insert(bytes.end(), one.signs.begin(), one.signs.end());
  bytes.insert(bytes.end(), one.mantissa.begin(), one.mantissa.end());
  return bytes;
}

class Pipeline {
 public:
  Pipeline(const FloatCase& one, double gigabytes)
      : one_(one),
        coded_(Coded(one)),
        element_bytes_(std::size_t{one.job.count} * one.format.bytes),
        batches_(static_cast<std::size_t>(gigabytes * 1e9 / static_cast<double>(element_bytes_)) /
                     kBatch +
                 1),
        host_(batches_ * kBatch * coded_.size()),
        out_(batches_ * kBatch * element_bytes_),
        hashes_(batches_ * kBatch),
        faults_(batches_ * kBatch) {
    for (std::size_t i = 0; i < batches_ * kBatch; ++i) {
      std::memcpy(host_.data() + i * coded_.size(), coded_.data(), coded_.size());
    }
    for (std::size_t s = 0; s < kStreams; ++s) {
      Check(cudaStreamCreateWithFlags(&streams_[s], cudaStreamNonBlocking), "stream");
      staging_[s] = DeviceArray<std::uint8_t>(kBatch * coded_.size());
      symbols_[s] = DeviceArray<std::uint8_t>(kBatch * one.job.count);
    }
    MakeJobs();
  }
  ~Pipeline() {
    for (const cudaStream_t stream : streams_) cudaStreamDestroy(stream);
  }
  Pipeline(const Pipeline&) = delete;
  Pipeline& operator=(const Pipeline&) = delete;

  double coded_bytes() const {
    return static_cast<double>(batches_ * kBatch) * static_cast<double>(coded_.size());
  }
  double element_bytes() const {
    return static_cast<double>(batches_ * kBatch) * static_cast<double>(element_bytes_);
  }

  /// All batches; with `decode` false the copies alone. The default stream's events wait for all.
  void Run(bool decode) const {
    cudaEvent_t start;
    Check(cudaEventCreateWithFlags(&start, cudaEventDisableTiming), "event");
    Check(cudaEventRecord(start, nullptr), "event");
    for (const cudaStream_t stream : streams_) Check(cudaStreamWaitEvent(stream, start, 0), "wait");
    for (std::size_t batch = 0; batch < batches_; ++batch) RunBatch(batch, decode);
    for (const cudaStream_t stream : streams_) {
      Check(cudaEventRecord(start, stream), "event");
      Check(cudaStreamWaitEvent(nullptr, start, 0), "wait");
    }
    cudaEventDestroy(start);
  }

  void Verify() const {
    for (const cuda::SymbolFault fault : faults_.Read()) {
      if (fault != cuda::SymbolFault::kNone) Fail("a fault in its symbols");
    }
    for (const std::uint64_t hash : hashes_.Read()) {
      if (hash != one_.checksum) Fail("a checksum differs");
    }
  }

 private:
  [[noreturn]] static void Fail(const char* why) {
    std::printf("FAILED  end to end: %s\n", why);
    std::exit(1);
  }

  void MakeJobs() {
    std::vector<cuda::SymbolJob> symbol_jobs;
    std::vector<cuda::PlaneJob> plane_jobs;
    std::vector<cuda::HashJob> hash_jobs;
    for (std::size_t i = 0; i < batches_ * kBatch; ++i) {
      const std::size_t slot = i / kBatch % kStreams;
      const std::uint8_t* const coded = staging_[slot].data() + i % kBatch * coded_.size();
      std::uint8_t* const symbols = symbols_[slot].data() + i % kBatch * one_.job.count;
      symbol_jobs.push_back({coded, symbols, static_cast<std::uint32_t>(one_.coded_symbols.size()),
                             one_.job.count, one_.max_symbol});
      cuda::PlaneJob job = one_.job;
      job.symbols = symbols;
      job.signs = coded + one_.coded_symbols.size();
      job.mantissa = job.signs + one_.signs.size();
      job.out = out_.data() + i * element_bytes_;
      job.stored_planes = one_.levels.back().stored_planes;
      job.known_planes = one_.levels.back().known_planes;
      plane_jobs.push_back(job);
      hash_jobs.push_back(
          {out_.data() + i * element_bytes_, static_cast<std::uint32_t>(element_bytes_)});
    }
    symbol_jobs_ = DeviceArray<cuda::SymbolJob>(symbol_jobs);
    plane_jobs_ = DeviceArray<cuda::PlaneJob>(plane_jobs);
    hash_jobs_ = DeviceArray<cuda::HashJob>(hash_jobs);
  }

  void RunBatch(std::size_t batch, bool decode) const {
    const std::size_t slot = batch % kStreams, first = batch * kBatch;
    const cudaStream_t stream = streams_[slot];
    const std::size_t bytes = kBatch * coded_.size();
    Check(cudaMemcpyAsync(staging_[slot].data(), host_.data() + batch * bytes, bytes,
                          cudaMemcpyHostToDevice, stream),
          "copy to the device");
    if (!decode) return;
    Check(cuda::DecodeSymbols(symbol_jobs_.data() + first, kBatch, faults_.data() + first, stream));
    Check(cuda::AssemblePlanes(one_.format, cuda::PlaneOutput::kElements, cuda::ZeroRule::kNever,
                               plane_jobs_.data() + first, kBatch, one_.job.count, stream));
    Check(cuda::HashArrays(hash_jobs_.data() + first, kBatch, hashes_.data() + first, stream));
  }

  const FloatCase& one_;
  const Bytes coded_;
  const std::size_t element_bytes_;
  const std::size_t batches_;
  const Pinned host_;
  const DeviceArray<std::uint8_t> out_;
  const DeviceArray<std::uint64_t> hashes_;
  const DeviceArray<cuda::SymbolFault> faults_;
  cudaStream_t streams_[kStreams] = {};
  DeviceArray<std::uint8_t> staging_[kStreams], symbols_[kStreams];
  DeviceArray<cuda::SymbolJob> symbol_jobs_;
  DeviceArray<cuda::PlaneJob> plane_jobs_;
  DeviceArray<cuda::HashJob> hash_jobs_;
};

}  // namespace

void BenchPipeline(const FloatCase& chunk, double gigabytes) {
  const Pipeline pipeline(chunk, gigabytes);
  const double bus = MedianSeconds([&] { pipeline.Run(false); }, 3);
  Row("bus: coded bytes, pinned", pipeline.coded_bytes(), bus, 0);
  const double seconds = MedianSeconds([&] { pipeline.Run(true); }, 3);
  pipeline.Verify();
  Row("end to end: coded bytes", pipeline.coded_bytes(), seconds, pipeline.coded_bytes() / bus);
  Row("end to end: elements", pipeline.element_bytes(), seconds, 0);
}

}  // namespace dlv::bench

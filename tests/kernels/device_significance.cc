#include "tests/kernels/device_significance.h"

#include <cstring>

#include "tests/kernels/device_memory.h"
#include "tests/kernels/emulated_significance.h"

namespace dlv::kernels::test {
namespace {

std::size_t OutBytes(const SignificanceCase& one, cuda::PlaneOutput output) {
  return std::size_t{one.job.count} *
         (output == cuda::PlaneOutput::kCentresBf16 ? 2 : one.format.bytes);
}

std::size_t RankNumbers(const SignificanceCase& one) {
  return std::size_t{cuda::RankTiles(one.job.count)} * cuda::kSymbolKinds;
}

std::size_t PlaceNumbers(const SignificanceCase& one) {
  return std::size_t{cuda::kSymbolKinds} * one.job.stored_bits;
}

}  // namespace

Bytes SignificanceOnDevice(const SignificanceCase& one, std::uint32_t levels,
                           cuda::PlaneOutput output, cuda::SignificanceFault& fault) {
  const DeviceArray<std::uint8_t> symbols(one.symbols, 3), bits(StoredBits(one, levels), 1);
  const DeviceArray<std::uint32_t> ranks(RankNumbers(one)), places(PlaceNumbers(one));
  const DeviceArray<std::uint8_t> out(OutBytes(one, output));
  cuda::SignificanceJob job = JobOf(one, levels);
  job.symbols = symbols.data();
  job.bits = bits.data();
  job.ranks = ranks.data();
  job.places = places.data();
  job.out = out.data();
  const DeviceArray<cuda::SignificanceJob> jobs(std::vector<cuda::SignificanceJob>{job});
  const DeviceArray<cuda::SignificanceFault> faults(1);
  Check(cuda::AssembleBySignificance(one.format, output, jobs.data(), 1, job.count, faults.data(),
                                     nullptr));
  Check(cudaDeviceSynchronize(), "assembling by significance");
  fault = faults.Read()[0];
  return out.Read();
}

Bytes SignificanceByEmulation(const SignificanceCase& one, std::uint32_t levels,
                              cuda::PlaneOutput output, cuda::SignificanceFault& fault) {
  const Bytes bits = StoredBits(one, levels);
  std::vector<std::uint32_t> ranks(RankNumbers(one)), places(PlaceNumbers(one));
  const std::size_t bytes = OutBytes(one, output);
  std::vector<std::uint64_t> out(bytes / 8 + 1, 0x5a5a5a5a5a5a5a5aull);
  cuda::SignificanceJob job = JobOf(one, levels);
  job.symbols = one.symbols.data();
  job.bits = bits.data();
  job.ranks = ranks.data();
  job.places = places.data();
  job.out = out.data();
  std::size_t shared_faults = 0;
  fault = EmulateSignificance(one.format, output, job, cuda::EmulatedWarp::Order::kForward,
                              shared_faults);
  Bytes copy(bytes);
  std::memcpy(copy.data(), out.data(), bytes);
  return copy;
}

}  // namespace dlv::kernels::test

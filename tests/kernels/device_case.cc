#include "tests/kernels/device_case.h"

#include <cstring>

#include "tests/kernels/emulated_kernels.h"

namespace dlv::kernels::test {
namespace {

std::size_t OutputBytes(const FloatCase& one, cuda::PlaneOutput output) {
  return std::size_t{one.job.count} *
         (output == cuda::PlaneOutput::kCentresBf16 ? 2 : one.format.bytes);
}

/// The planes of a level and nothing behind them.
Bytes PlanesOf(const FloatCase& one, const FloatLevel& level) {
  const std::size_t bytes = level.stored_planes * ((std::size_t{one.job.kept} + 7) / 8);
  return {one.mantissa.begin(), one.mantissa.begin() + static_cast<std::ptrdiff_t>(bytes)};
}

/// Words of 8 bytes, so that their address is aligned for any vector of the kernels but the widest.
struct alignas(16) Sixteen {
  std::uint8_t bytes[16];
};
std::vector<Sixteen> Sixteens(std::size_t bytes) { return std::vector<Sixteen>(bytes / 16 + 1); }

}  // namespace

SymbolResults DecodeOnDevice(const std::vector<SymbolInput>& inputs, std::size_t offset) {
  std::vector<DeviceArray<std::uint8_t>> coded, symbols;
  std::vector<cuda::SymbolJob> jobs;
  for (const SymbolInput& input : inputs) {
    coded.emplace_back(*input.coded, offset);
    symbols.emplace_back(std::size_t{input.count});
    jobs.push_back({coded.back().data(), symbols.back().data(),
                    static_cast<std::uint32_t>(input.coded->size()), input.count,
                    input.max_symbol});
  }
  const DeviceArray<cuda::SymbolJob> device_jobs(jobs);
  const DeviceArray<cuda::SymbolFault> faults(jobs.size());
  Check(cuda::DecodeSymbols(device_jobs.data(), jobs.size(), faults.data(), nullptr));
  Check(cudaDeviceSynchronize(), "decoding symbols");
  SymbolResults results;
  results.faults = faults.Read();
  for (const auto& one : symbols) results.symbols.push_back(one.Read());
  return results;
}

SymbolResults DecodeByEmulation(const std::vector<SymbolInput>& inputs) {
  SymbolResults results;
  for (const SymbolInput& input : inputs) {
    Bytes symbols(input.count, 0x5a);
    cuda::SymbolFault fault{};
    (void)EmulateSymbols(
        {input.coded->data(), symbols.data(), static_cast<std::uint32_t>(input.coded->size()),
         input.count, input.max_symbol},
        Order::kForward, fault);
    results.symbols.push_back(std::move(symbols));
    results.faults.push_back(fault);
  }
  return results;
}

Bytes AssembleOnDevice(const FloatCase& one, const FloatLevel& level, cuda::PlaneOutput output,
                       cuda::PlaneFault& fault) {
  const DeviceArray<std::uint8_t> symbols(one.symbols), signs(one.signs, 1),
      zero_signs(one.zero_signs, 3), mantissa(PlanesOf(one, level), 5), tail(one.tail, 7);
  const DeviceArray<std::uint8_t> out(OutputBytes(one, output));
  const DeviceArray<std::uint32_t> kept_before(one.job.count / cuda::kPlaneTile + 1);
  cuda::PlaneJob job = one.job;
  job.symbols = symbols.data();
  job.signs = signs.data();
  job.zero_signs = zero_signs.data();
  job.mantissa = mantissa.data();
  job.tail = level.has_tail ? tail.data() : nullptr;
  job.out = out.data();
  job.kept_before = kept_before.data();
  job.stored_planes = level.stored_planes;
  job.known_planes = level.known_planes;
  const DeviceArray<cuda::PlaneJob> jobs(std::vector<cuda::PlaneJob>{job});
  const DeviceArray<cuda::PlaneFault> faults(1);
  const auto rule = job.zero_rule != 0 ? cuda::ZeroRule::kPerJob : cuda::ZeroRule::kNever;
  Check(cuda::CountKept(jobs.data(), 1, faults.data(), nullptr));
  Check(cuda::AssemblePlanes(one.format, output, rule, jobs.data(), 1, job.count, nullptr));
  Check(cudaDeviceSynchronize(), "assembling planes");
  fault = faults.Read()[0];
  return out.Read();
}

Bytes AssembleByEmulation(const FloatCase& one, const FloatLevel& level, cuda::PlaneOutput output,
                          cuda::PlaneFault& fault) {
  const Bytes mantissa = PlanesOf(one, level);
  std::vector<Sixteen> symbols = Sixteens(one.symbols.size());
  std::memcpy(symbols.data(), one.symbols.data(), one.symbols.size());
  const std::size_t bytes = OutputBytes(one, output);
  std::vector<Sixteen> out = Sixteens(bytes);
  std::vector<std::uint32_t> kept_before(one.job.count / cuda::kPlaneTile + 1);
  cuda::PlaneJob job = one.job;
  job.symbols = symbols[0].bytes;
  job.signs = one.signs.empty() ? nullptr : one.signs.data();
  job.zero_signs = one.zero_signs.empty() ? nullptr : one.zero_signs.data();
  job.mantissa = mantissa.data();
  job.tail = level.has_tail && !one.tail.empty() ? one.tail.data() : nullptr;
  job.out = out.data();
  job.kept_before = kept_before.data();
  job.stored_planes = level.stored_planes;
  job.known_planes = level.known_planes;
  fault = EmulateCountKept(job, Order::kForward);
  EmulateAssembly(one.format, output, job, Order::kForward);
  return {out[0].bytes, out[0].bytes + bytes};
}

Bytes SplitOnDevice(const FloatCase& one) {
  const std::size_t count = one.job.count, plane = (count + 7) / 8,
                    of_kept = (std::size_t{one.job.kept} + 7) / 8,
                    stored = of_kept == 0 ? 0 : one.mantissa.size() / of_kept;
  const DeviceArray<std::uint8_t> elements(one.levels.back().elements), symbols(count),
      signs(one.signs.empty() ? 0 : plane, 1), zero_signs(one.zero_signs.empty() ? 0 : plane, 3),
      mantissa(stored * plane, 3), tail(one.tail.empty() ? 0 : count, 1);
  const DeviceArray<std::uint32_t> kept_before(count / cuda::kPlaneTile + 1), kept(1);
  cuda::SplitJob job;
  job.elements = elements.data();
  job.symbols = symbols.data();
  job.signs = signs.data();
  job.mantissa = mantissa.data();
  job.count = one.job.count;
  job.first = one.job.first;
  job.stored_planes = static_cast<std::uint32_t>(stored);
  job.zero_rule = one.job.zero_rule;
  job.wide_symbols = one.job.wide_symbols;
  job.tail = tail.data();
  job.zero_signs = zero_signs.data();
  job.kept_before = kept_before.data();
  job.kept = kept.data();
  const DeviceArray<cuda::SplitJob> jobs(std::vector<cuda::SplitJob>{job});
  const DeviceArray<cuda::PlaneFault> faults(
      std::vector<cuda::PlaneFault>{cuda::PlaneFault::kNone});
  const auto rule = job.zero_rule != 0 ? cuda::ZeroRule::kPerJob : cuda::ZeroRule::kNever;
  Check(cuda::CountNonzero(one.format, jobs.data(), 1, nullptr));
  Check(cuda::SplitPlanes(one.format, rule, jobs.data(), 1, job.count, faults.data(), nullptr));
  Check(cudaDeviceSynchronize(), "splitting into planes");
  if (faults.Read()[0] != cuda::PlaneFault::kNone) return {};
  if (job.zero_rule != 0 && kept.Read()[0] != one.job.kept) return {};
  Bytes all;
  const auto add = [&](const DeviceArray<std::uint8_t>& part, std::size_t bytes) {
    const Bytes whole = part.Read();
    all.insert(all.end(), whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(bytes));
  };
  add(symbols, count);
  add(signs, one.signs.size());
  add(zero_signs, one.zero_signs.size());
  add(mantissa, one.mantissa.size());
  add(tail, one.tail.size());
  return all;
}

}  // namespace dlv::kernels::test

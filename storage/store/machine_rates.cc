#include "storage/store/machine_rates.h"

#include <fstream>

#include "storage/archive/decode_timing.h"
#include "storage/codec/cpu_dispatch.h"
#include "storage/io/parallel.h"

namespace dlv::store {
namespace {

constexpr std::uint64_t kLongestRates = 4096;

std::string ProcessorName() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);) {
    const std::size_t colon = line.find(": ");
    if (line.starts_with("model name") && colon != std::string::npos)
      return line.substr(colon + 2, 200);
  }
  return "unknown processor";
}

}  // namespace

Result<plan::MachineRates> MeasureRates(unsigned cores, const CancellationToken* cancel) {
  constexpr int kMilliseconds = 15;
  DLV_ASSIGN(const archive::DecodeTiming timing,
             archive::MeasureDecoding(kMilliseconds, {.cancel = cancel, .threads = cores}));
  plan::MachineRates rates;
  rates.machine = MachineName(cores);
  rates.seconds_per_byte = {timing.base_f32,          timing.base_bf16,       timing.delta_f32,
                            timing.delta_bf16,        timing.other,           timing.near_delta_f32,
                            timing.nearest_delta_f32, timing.near_delta_bf16, timing.delta_other};
  rates.seconds_per_fetched_byte = timing.fetch;
  rates.seconds_per_chunk = timing.seconds_per_chunk;
  rates.times_as_long = {timing.cold_base_f32,   timing.cold_base_bf16, timing.cold_delta_f32,
                         timing.cold_delta_bf16, timing.two_bases_f32,  timing.two_bases_bf16};
  return rates;
}

std::string MachineName(unsigned cores) {
  std::string name = ProcessorName() + ", " +
                     std::to_string(cores == 0 ? io::DefaultThreads() : cores) + " threads, " +
                     std::string(codec::NameOf(codec::ActiveKernelLevel()));
  for (char& letter : name)
    if (static_cast<unsigned char>(letter) < 0x20) letter = ' ';
  return name;
}

Result<plan::MachineRates> RatesOfMachine(Store& store, unsigned cores, bool anew,
                                          const CancellationToken* cancel) {
  const std::string path = store.paths().dlv + "/rates";
  io::FileSystem& files = store.file_system();
  if (const auto bytes = io::ReadWholeFile(files, path, kLongestRates); bytes.ok() && !anew) {
    auto kept =
        plan::ParseMachineRates({reinterpret_cast<const char*>(bytes->data()), bytes->size()});
    if (kept.ok() && kept->machine == MachineName(cores)) return kept;
  }
  DLV_ASSIGN(plan::MachineRates rates, MeasureRates(cores, cancel));
  // Rounded as they are kept, so that the next plan is made with the same ones.
  const std::string text = plan::ToText(rates);
  DLV_ASSIGN(rates, plan::ParseMachineRates(text));
  if (!store.read_only()) {
    [[maybe_unused]] const Status kept =
        io::WriteFileAtomically(files, path, std::as_bytes(std::span(text.data(), text.size())));
  }
  return rates;
}

}  // namespace dlv::store

#include "storage/store/machine_rates.h"

#include "storage/archive/decode_timing.h"

namespace dlv::store {

Result<plan::MachineRates> MeasureRates(unsigned cores) {
  constexpr int kMilliseconds = 15;
  DLV_ASSIGN(const archive::DecodeTiming timing, archive::MeasureDecoding(kMilliseconds, cores));
  plan::MachineRates rates;
  rates.machine = "this one";
  rates.seconds_per_byte = {timing.base_f32,          timing.base_bf16,      timing.delta_f32,
                            timing.delta_bf16,        timing.other,          timing.near_delta_f32,
                            timing.nearest_delta_f32, timing.near_delta_bf16};
  rates.seconds_per_chunk = timing.seconds_per_chunk;
  return rates;
}

}  // namespace dlv::store

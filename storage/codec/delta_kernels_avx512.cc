#include "storage/codec/delta_levels_avx512.h"
#include "storage/codec/delta_model_avx512.h"

namespace dlv::codec {

const DeltaKernels& Avx512DeltaKernels() {
  static constexpr DeltaKernels kKernels = {
      "avx512",           Avx512DeltaModel,    Avx512DeltaEncodeLevel,
      Avx512DeltaPredict, Avx512DeltaContexts, Avx512DeltaDecodeLevel,
      Avx512DeltaJoin,    Avx512DeltaCount,    Avx512DeltaFillTable};
  return kKernels;
}

}  // namespace dlv::codec

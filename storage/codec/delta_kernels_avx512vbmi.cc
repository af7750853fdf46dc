#include "storage/codec/delta_levels_avx512.h"
#include "storage/codec/delta_model_avx512.h"

namespace dlv::codec {

const DeltaKernels& Avx512VbmiDeltaKernels() {
  static constexpr DeltaKernels kKernels = {
      "avx512vbmi",       Avx512DeltaModel,    Avx512DeltaEncodeLevel,
      Avx512DeltaPredict, Avx512DeltaContexts, Avx512DeltaDecodeLevel,
      Avx512DeltaJoin,    Avx512DeltaCount,    Avx512DeltaFillTable};
  return kKernels;
}

}  // namespace dlv::codec

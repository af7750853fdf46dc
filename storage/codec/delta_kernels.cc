#include "storage/codec/delta_kernels.h"

#include "storage/codec/cpu_dispatch.h"
#include "storage/codec/delta_avx512_kernels.h"

namespace dlv::codec {

#if defined(DLV_X86_KERNELS)
const DeltaKernels& Avx512DeltaKernels() {
  static constexpr DeltaKernels kKernels = {
      "avx512",           Avx512DeltaModel,    Avx512DeltaEncodeLevel,
      Avx512DeltaPredict, Avx512DeltaContexts, Avx512DeltaDecodeLevel,
      Avx512DeltaJoin,    Avx512DeltaCount,    Avx512DeltaFillTable};
  return kKernels;
}
#endif

const DeltaKernels& ActiveDeltaKernels() {
#if defined(DLV_X86_KERNELS)
  if (ActiveKernelLevel() == KernelLevel::kAvx512) return Avx512DeltaKernels();
  if (ActiveKernelLevel() == KernelLevel::kAvx2) {
    return HasFastPdep() ? Avx2DeltaKernels() : Avx2PlainDeltaKernels();
  }
#endif
  return PortableDeltaKernels();
}

}  // namespace dlv::codec

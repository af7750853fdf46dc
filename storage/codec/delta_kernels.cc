#include "storage/codec/delta_kernels.h"

#include "storage/codec/cpu_dispatch.h"

namespace dlv::codec {

const DeltaKernels& ActiveDeltaKernels() {
#if defined(DLV_X86_KERNELS)
  switch (ActiveKernelLevel()) {
    case KernelLevel::kAvx512Vbmi:
      return Avx512VbmiDeltaKernels();
    case KernelLevel::kAvx512:
      return Avx512DeltaKernels();
    case KernelLevel::kAvx2:
      return HasFastPdep() ? Avx2DeltaKernels() : Avx2PlainDeltaKernels();
    case KernelLevel::kReference:
      break;
  }
#endif
  return PortableDeltaKernels();
}

}  // namespace dlv::codec

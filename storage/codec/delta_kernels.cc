#include "storage/codec/delta_kernels.h"

#include "storage/codec/cpu_dispatch.h"

namespace dlv::codec {

const DeltaKernels& ActiveDeltaKernels() {
#if defined(DLV_X86_KERNELS)
  if (ActiveKernelLevel() == KernelLevel::kAvx512) return Avx512DeltaKernels();
  if (ActiveKernelLevel() == KernelLevel::kAvx2) return Avx2DeltaKernels();
#endif
  return PortableDeltaKernels();
}

}  // namespace dlv::codec

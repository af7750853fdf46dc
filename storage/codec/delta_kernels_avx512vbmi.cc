#include "storage/codec/delta_kernels_avx512.h"

namespace dlv::codec {

const DeltaKernels& Avx512VbmiDeltaKernels() {
  static constexpr DeltaKernels kKernels = Avx512DeltaKernelsCalled("avx512vbmi");
  return kKernels;
}

}  // namespace dlv::codec

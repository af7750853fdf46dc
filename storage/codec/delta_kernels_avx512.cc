#include "storage/codec/delta_kernels_avx512.h"

namespace dlv::codec {

const DeltaKernels& Avx512DeltaKernels() {
  static constexpr DeltaKernels kKernels = Avx512DeltaKernelsCalled("avx512");
  return kKernels;
}

}  // namespace dlv::codec

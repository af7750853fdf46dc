#include "storage/codec/kernels_avx512.h"

namespace dlv::codec {

const Kernels& Avx512VbmiKernels() {
  static constexpr Kernels kKernels = Avx512KernelsCalled("avx512vbmi");
  return kKernels;
}

}  // namespace dlv::codec

#include "storage/codec/kernels_avx512.h"

namespace dlv::codec {

const Kernels& Avx512Kernels() {
  static constexpr Kernels kKernels = Avx512KernelsCalled("avx512");
  return kKernels;
}

}  // namespace dlv::codec

// For processors with AVX2 whose PDEP and PEXT are slow.

#include "storage/codec/delta_kernels_generic.h"

namespace dlv::codec {

const DeltaKernels& Avx2PlainDeltaKernels() {
  static constexpr DeltaKernels kKernels = GenericDeltaKernels("avx2 without pdep");
  return kKernels;
}

}  // namespace dlv::codec

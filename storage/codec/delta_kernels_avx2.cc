#define DLV_FAST_PDEP 1  // see delta_fields.h

#include "storage/codec/delta_kernels_generic.h"

namespace dlv::codec {

const DeltaKernels& Avx2DeltaKernels() {
  static constexpr DeltaKernels kKernels = GenericDeltaKernels("avx2");
  return kKernels;
}

}  // namespace dlv::codec

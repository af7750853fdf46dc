#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC optimize("O3")
#endif

#include "storage/codec/delta_kernels_generic.h"

namespace dlv::codec {

const DeltaKernels& PortableDeltaKernels() {
  static constexpr DeltaKernels kKernels = GenericDeltaKernels("portable");
  return kKernels;
}

}  // namespace dlv::codec

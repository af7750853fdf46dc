#include "storage/codec/delta_kernels.h"

namespace dlv::codec {
const DeltaKernels& Avx512DeltaKernels() { return ReferenceDeltaKernels(); }
}  // namespace dlv::codec

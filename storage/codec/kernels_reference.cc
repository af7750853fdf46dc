// The reference form: plain C++, 16-byte vector types where bits are transposed.

#include "storage/codec/context_bits_generic.h"
#include "storage/codec/float_scan_sse2.h"
#include "storage/codec/kernels_generic.h"
#include "storage/codec/plane_transpose.h"

namespace dlv::codec {

const Kernels& ReferenceKernels() {
  static const Kernels kernels = {"reference",
                                  GenericChecksum,
                                  GenericRansEncode,
                                  GenericRansDecode,
                                  GenericRansDecodeChained,
                                  GenericPairBits,
                                  GenericDecodeBits,
                                  PortableScan,
                                  PortableToSymbols,
                                  GenericKeepNonzero,
                                  TransposeToPlanes<16>,
                                  TransposeFromPlanes<16>,
                                  GenericCountZeroBytes,
                                  GenericSpreadKept,
                                  GenericAddExponents};
  return kernels;
}

}  // namespace dlv::codec

#pragma once
/// \file
/// Squares of 8 x 8 bits: a byte of each of eight planes, or eight bytes of elements.

#include "engine/kernels/cuda/warp.h"

namespace dlv::kernels::cuda {

/// Bit j of byte i becomes bit i of byte j.
DLV_DEVICE uint64_t Transposed(uint64_t square) {
  uint64_t moved = (square ^ square >> 7) & 0x00aa00aa00aa00aaull;
  square ^= moved ^ moved << 7;
  moved = (square ^ square >> 14) & 0x0000cccc0000ccccull;
  square ^= moved ^ moved << 14;
  moved = (square ^ square >> 28) & 0x00000000f0f0f0f0ull;
  return square ^ moved ^ moved << 28;
}

/// The bits of a plane from bit `from` on, at most 8 of them (`wanted`); zeros behind its end.
DLV_DEVICE uint32_t BitsFrom(const uint8_t* plane, uint32_t plane_bytes, uint32_t from,
                             unsigned wanted) {
  const uint32_t at = from / 8;
  const unsigned shift = from % 8;
  uint32_t bits = wanted != 0 && at < plane_bytes ? plane[at] : 0;
  if (shift + wanted > 8 && at + 1 < plane_bytes) {
    bits |= static_cast<uint32_t>(plane[at + 1]) << 8;
  }
  return bits >> shift & 0xff;
}

}  // namespace dlv::kernels::cuda

#pragma once
/// \file
/// Bit planes by transposing square bit matrices, with the compiler's vector types. A vector of V
/// bytes holds one row of V / sizeof(T) matrices. In an unnamed namespace, compiled once per
/// instruction set (see kernels_generic.h).

#include <string.h>

#include "storage/codec/kernels.h"

namespace dlv::codec {
namespace {

template <class T, unsigned V>
struct PlaneTransposer {
  typedef T Vector __attribute__((vector_size(V)));
  static constexpr unsigned kBits = 8 * sizeof(T);        // rows of a matrix, planes
  static constexpr unsigned kMatrices = V / sizeof(T);    // side by side in a vector
  static constexpr size_t kElements = kBits * kMatrices;  // of a block: 8 V

  // Exchanges the off-diagonal quarters of every 2S x 2S block, for S = kBits/2 .. 1 (Hacker's
  // Delight, 7-3).
  template <unsigned S>
  static void Exchange(Vector* rows) {
    T low_half = 0;
    for (unsigned bit = 0; bit < kBits; ++bit) {
      if ((bit / S) % 2 == 0) low_half = static_cast<T>(low_half | static_cast<T>(T{1} << bit));
    }
    const Vector mask = Vector{} + low_half;
    for (unsigned base = 0; base < kBits; base += 2 * S) {
      for (unsigned k = base; k < base + S; ++k) {
        const Vector t = ((rows[k] >> S) ^ rows[k + S]) & mask;
        rows[k + S] ^= t;
        rows[k] ^= t << S;
      }
    }
    if constexpr (S > 1) Exchange<S / 2>(rows);
  }

  static void BlockToPlanes(const uint8_t* elements, size_t plane_offset,
                            uint8_t* const plane[kMaxPlanes]) {
    T scalar[kBits][kMatrices];
    for (unsigned matrix = 0; matrix < kMatrices; ++matrix) {
      for (unsigned row = 0; row < kBits; ++row) {
        memcpy(&scalar[row][matrix], elements + (matrix * kBits + row) * sizeof(T), sizeof(T));
      }
    }
    Vector rows[kBits];
    memcpy(rows, scalar, sizeof rows);
    Exchange<kBits / 2>(rows);
    for (unsigned bit = 0; bit < kBits; ++bit) {
      if (plane[bit] != nullptr) memcpy(plane[bit] + plane_offset, &rows[bit], V);
    }
  }

  static void BlockFromPlanes(const uint8_t* const plane[kMaxPlanes], size_t plane_offset,
                              uint8_t* elements) {
    Vector rows[kBits];
    for (unsigned bit = 0; bit < kBits; ++bit) {
      if (plane[bit] != nullptr) {
        memcpy(&rows[bit], plane[bit] + plane_offset, V);
      } else {
        rows[bit] = Vector{};
      }
    }
    Exchange<kBits / 2>(rows);
    T scalar[kBits][kMatrices];
    memcpy(scalar, rows, sizeof scalar);
    for (unsigned matrix = 0; matrix < kMatrices; ++matrix) {
      for (unsigned row = 0; row < kBits; ++row) {
        memcpy(elements + (matrix * kBits + row) * sizeof(T), &scalar[row][matrix], sizeof(T));
      }
    }
  }

  static void ToPlanes(const uint8_t* elements, size_t n, uint8_t* const plane[kMaxPlanes]) {
    size_t done = 0;
    for (; n - done >= kElements; done += kElements) {
      BlockToPlanes(elements + done * sizeof(T), done / 8, plane);
    }
    if (done == n) return;
    uint8_t block[kElements * sizeof(T)] = {};
    memcpy(block, elements + done * sizeof(T), (n - done) * sizeof(T));
    uint8_t tails[kBits][V];
    uint8_t* tail[kMaxPlanes] = {};
    for (unsigned bit = 0; bit < kBits; ++bit) tail[bit] = tails[bit];
    BlockToPlanes(block, 0, tail);
    for (unsigned bit = 0; bit < kBits; ++bit) {
      if (plane[bit] != nullptr) memcpy(plane[bit] + done / 8, tails[bit], (n - done + 7) / 8);
    }
  }

  static void FromPlanes(const uint8_t* const plane[kMaxPlanes], size_t n, uint8_t* elements) {
    size_t done = 0;
    for (; n - done >= kElements; done += kElements) {
      BlockFromPlanes(plane, done / 8, elements + done * sizeof(T));
    }
    if (done == n) return;
    uint8_t tails[kBits][V] = {};
    const uint8_t* tail[kMaxPlanes] = {};
    for (unsigned bit = 0; bit < kBits; ++bit) {
      if (plane[bit] == nullptr) continue;
      memcpy(tails[bit], plane[bit] + done / 8, (n - done + 7) / 8);
      tail[bit] = tails[bit];
    }
    uint8_t block[kElements * sizeof(T)];
    BlockFromPlanes(tail, 0, block);
    memcpy(elements + done * sizeof(T), block, (n - done) * sizeof(T));
  }
};

template <unsigned V>
void TransposeToPlanes(const uint8_t* elements, size_t n, unsigned width,
                       uint8_t* const plane[kMaxPlanes]) {
  switch (width) {
    case 1:
      return PlaneTransposer<uint8_t, V>::ToPlanes(elements, n, plane);
    case 2:
      return PlaneTransposer<uint16_t, V>::ToPlanes(elements, n, plane);
    case 4:
      return PlaneTransposer<uint32_t, V>::ToPlanes(elements, n, plane);
    default:
      return PlaneTransposer<uint64_t, V>::ToPlanes(elements, n, plane);
  }
}

/// Whether all planes below the upper half are absent, as they are when a prefix is read.
inline bool IsUpperHalf(const uint8_t* const plane[kMaxPlanes], unsigned width) {
  for (unsigned bit = 0; bit < 4 * width; ++bit) {
    if (plane[bit] != nullptr) return false;
  }
  return true;
}

/// As FromPlanes for such planes: elements of half the width are transposed, and shifted up.
template <class T, class Half, unsigned V>
void FromUpperPlanes(const uint8_t* const plane[kMaxPlanes], size_t n, uint8_t* elements) {
  constexpr size_t kTile = 2048;
  constexpr unsigned kHalfBits = 8 * sizeof(Half);
  const uint8_t* upper[kMaxPlanes] = {};
  for (unsigned bit = 0; bit < kHalfBits; ++bit) upper[bit] = plane[kHalfBits + bit];
  Half halves[kTile];
  for (size_t done = 0; done < n; done += kTile) {
    const size_t count = n - done < kTile ? n - done : kTile;
    PlaneTransposer<Half, V>::FromPlanes(upper, count, reinterpret_cast<uint8_t*>(halves));
    for (size_t i = 0; i < count; ++i) {
      const T value = static_cast<T>(static_cast<T>(halves[i]) << kHalfBits);
      memcpy(elements + (done + i) * sizeof(T), &value, sizeof(T));
    }
    for (const uint8_t*& from : upper) from = from == nullptr ? nullptr : from + kTile / 8;
  }
}

template <unsigned V>
void TransposeFromPlanes(const uint8_t* const plane[kMaxPlanes], size_t n, unsigned width,
                         uint8_t* elements) {
  if (width == 4 && IsUpperHalf(plane, width)) {
    return FromUpperPlanes<uint32_t, uint16_t, V>(plane, n, elements);
  }
  if (width == 8 && IsUpperHalf(plane, width)) {
    return FromUpperPlanes<uint64_t, uint32_t, V>(plane, n, elements);
  }
  switch (width) {
    case 1:
      return PlaneTransposer<uint8_t, V>::FromPlanes(plane, n, elements);
    case 2:
      return PlaneTransposer<uint16_t, V>::FromPlanes(plane, n, elements);
    case 4:
      return PlaneTransposer<uint32_t, V>::FromPlanes(plane, n, elements);
    default:
      return PlaneTransposer<uint64_t, V>::FromPlanes(plane, n, elements);
  }
}

}  // namespace
}  // namespace dlv::codec

#pragma once
/// \file
/// The body of SplitPlanes (kernels.h): one warp a tile of 256 components, 8 a thread.

#include "engine/kernels/cuda/bit_square.h"
#include "engine/kernels/cuda/jobs.h"
#include "engine/kernels/cuda/warp.h"

namespace dlv::kernels::cuda {

template <class Warp, class T>
class PlaneSplitter {
 public:
  DLV_DEVICE PlaneSplitter(Warp& warp, const ElementFormat& format, const SplitJob& job)
      : warp_(warp), format_(format), job_(job), plane_bytes_((job.count + 7) / 8) {}

  /// Returns whether an exponent has no symbol.
  DLV_DEVICE bool Run(uint32_t tile) {
    typename Warp::template PerThread<bool> outside;
    warp_.Each([&](unsigned thread) {
      const uint32_t from = tile * kPlaneTile + thread * kGroup;
      outside[thread] = from < job_.count && !SplitGroup(from);
    });
    return warp_.Ballot(outside) != 0;
  }

 private:
  static constexpr unsigned kGroup = 8;
  static constexpr unsigned kBits = 8 * sizeof(T);
  struct Group {
    T element[kGroup];
  };

  DLV_DEVICE Group Load(uint32_t from) const {
    const T* const elements = static_cast<const T*>(job_.elements) + from;
    Group group;
    for (unsigned i = 0; i < kGroup; ++i)
      group.element[i] = from + i < job_.count ? elements[i] : T{0};
    return group;
  }

  DLV_DEVICE bool SplitGroup(uint32_t from) const {
    const Group group = Load(from);
    WritePlanes(from / 8, group);
    return WriteSymbols(from, group);
  }

  DLV_DEVICE void WritePlanes(uint32_t at, const Group& group) const {
    DLV_UNROLL
    for (unsigned byte = 0; byte < sizeof(T); ++byte) {
      uint64_t square = 0;
      for (unsigned i = 0; i < kGroup; ++i) {
        square |= static_cast<uint64_t>(group.element[i] >> 8 * byte & 0xff) << 8 * i;
      }
      square = Transposed(square);
      for (unsigned k = 0; k < 8; ++k) {
        uint8_t* const plane = PlaneOf(8 * byte + k);
        if (plane != nullptr) plane[at] = static_cast<uint8_t>(square >> 8 * k);
      }
    }
  }

  DLV_DEVICE uint8_t* PlaneOf(unsigned bit) const {
    if (bit == kBits - 1) return job_.signs;
    if (bit >= format_.mantissa_bits) return nullptr;
    const unsigned k = format_.mantissa_bits - 1 - bit;
    return k < job_.stored_planes ? job_.mantissa + static_cast<size_t>(k) * plane_bytes_ : nullptr;
  }

  DLV_DEVICE bool WriteSymbols(uint32_t from, const Group& group) const {
    const uint32_t mask = (1u << format_.exponent_bits) - 1;
    bool inside = true;
    for (unsigned i = 0; i < kGroup; ++i) {
      if (from + i >= job_.count) break;
      const uint32_t exponent =
          static_cast<uint32_t>(group.element[i] >> format_.mantissa_bits) & mask;
      const uint32_t symbol = exponent == 0 ? 0 : exponent - job_.first + 1;
      inside = inside && (exponent == 0 || (exponent >= job_.first && symbol <= 255));
      job_.symbols[from + i] = static_cast<uint8_t>(symbol);
    }
    return inside;
  }

  Warp& warp_;
  const ElementFormat format_;
  const SplitJob job_;
  const uint32_t plane_bytes_;
};

}  // namespace dlv::kernels::cuda

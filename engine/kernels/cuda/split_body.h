#pragma once
/// \file
/// The bodies of CountNonzero and SplitPlanes (kernels.h): one warp a chunk, and one warp a tile of
/// 256 components, 8 a thread. Under the zero rule the tile's symbols are those of 256 components
/// in a row, its bytes of planes those of the 256 kept ones from rank 256 `tile` on, wherever they
/// are: the warp looks for them, so that no two warps write to one byte.

#include "engine/kernels/cuda/bit_square.h"
#include "engine/kernels/cuda/element_format.h"
#include "engine/kernels/cuda/jobs.h"
#include "engine/kernels/cuda/warp.h"

namespace dlv::kernels::cuda {

/// Whether the zero rule takes the element.
template <class T>
DLV_DEVICE bool IsTakenZero(const SplitJob& job, T element) {
  return job.zero_signs != nullptr ? static_cast<T>(element << 1) == 0 : element == 0;
}

/// What a thread has of a tile.
template <class T>
struct ElementGroup {
  static constexpr unsigned kSize = 8;
  T element[kSize];
};

/// Zeros behind the end.
template <class T>
DLV_DEVICE ElementGroup<T> LoadElements(const SplitJob& job, uint32_t from) {
  const T* const elements = static_cast<const T*>(job.elements);
  ElementGroup<T> group;
  DLV_UNROLL
  for (unsigned i = 0; i < ElementGroup<T>::kSize; ++i)
    group.element[i] = from + i < job.count ? elements[from + i] : T{0};
  return group;
}

/// A bit for each component of a group that is kept (or that is not).
template <class T>
DLV_DEVICE uint32_t FlagsOf(const SplitJob& job, const ElementGroup<T>& group, uint32_t from,
                            bool kept) {
  uint32_t flags = 0;
  DLV_UNROLL
  for (unsigned i = 0; i < ElementGroup<T>::kSize; ++i) {
    const bool flag = from + i < job.count && IsTakenZero(job, group.element[i]) != kept;
    flags |= (flag ? 1u : 0u) << i;
  }
  return flags;
}

template <class Warp, class T>
DLV_DEVICE void CountNonzeroOf(Warp& warp, const SplitJob& job) {
  uint32_t kept = 0;
  for (uint32_t tile = 0; tile * kPlaneTile < job.count; ++tile) {
    typename Warp::template PerThread<uint32_t> own;
    warp.Each([&](unsigned thread) {
      const uint32_t from = tile * kPlaneTile + thread * ElementGroup<T>::kSize;
      own[thread] = CountOnes(FlagsOf<T>(job, LoadElements<T>(job, from), from, true));
      if (thread == 0) job.kept_before[tile] = kept;
    });
    kept += warp.Sum(own);
  }
  warp.Each([&](unsigned thread) {
    if (thread == 0) *job.kept = kept;
  });
}

/// Shared memory of a warp, under the zero rule.
template <class Warp, class T>
struct SplitMemory {
  typename Warp::template Shared<T> tile;  // kPlaneTile
};

template <class Warp, class T, bool kZeroRule>
class PlaneSplitter {
 public:
  DLV_DEVICE PlaneSplitter(Warp& warp, SplitMemory<Warp, T>& memory, const ElementFormat& format,
                           const SplitJob& job)
      : warp_(warp),
        memory_(memory),
        job_(job),
        kept_(kZeroRule ? *job.kept : job.count),
        mantissa_bits_(format.mantissa_bits - job.wide_symbols),
        exponent_mask_((1u << (format.exponent_bits + job.wide_symbols)) - 1),
        plane_bytes_((kept_ + 7) / 8) {}

  /// Returns whether an exponent has no symbol.
  DLV_DEVICE bool Run(uint32_t tile) {
    PerThread<bool> outside;
    warp_.Each([&](unsigned thread) {
      const uint32_t from = tile * kPlaneTile + thread * kGroup;
      const Group group = LoadElements<T>(job_, from);
      outside[thread] = !WriteSymbols(from, group);
      if (!kZeroRule && from < job_.count) WriteKept(from, group);
    });
    if (kZeroRule) SplitRanks(tile * kPlaneTile);
    return warp_.Ballot(outside) != 0;
  }

 private:
  template <class U>
  using PerThread = typename Warp::template PerThread<U>;
  using Group = ElementGroup<T>;
  static constexpr unsigned kGroup = Group::kSize;
  static constexpr unsigned kBits = 8 * sizeof(T);

  DLV_DEVICE bool WriteSymbols(uint32_t from, const Group& group) const {
    const uint32_t zero_rule = kZeroRule ? 1 : 0;
    bool inside = true;
    DLV_UNROLL
    for (unsigned i = 0; i < kGroup; ++i) {
      if (from + i >= job_.count) continue;
      const T element = group.element[i];
      const uint32_t exponent = static_cast<uint32_t>(element >> mantissa_bits_) & exponent_mask_;
      uint32_t symbol = exponent == 0 ? zero_rule : exponent - job_.first + 1 + zero_rule;
      inside = inside && (exponent == 0 || (exponent >= job_.first && symbol <= 255));
      if (kZeroRule && IsTakenZero(job_, element)) symbol = 0;
      job_.symbols[from + i] = static_cast<uint8_t>(symbol);
    }
    return inside;
  }

  /// Kept components from rank `rank` on, a multiple of 8.
  DLV_DEVICE void WriteKept(uint32_t rank, const Group& group) const {
    DLV_UNROLL
    for (unsigned byte = 0; byte < sizeof(T); ++byte) {
      const uint64_t square = Transposed(BytesOf(group, byte));
      for (unsigned k = 0; k < 8; ++k) {
        uint8_t* const plane = PlaneOf(8 * byte + k);
        if (plane != nullptr) plane[rank / 8] = static_cast<uint8_t>(square >> 8 * k);
      }
    }
    if (job_.tail == nullptr) return;
    DLV_UNROLL
    for (unsigned i = 0; i < kGroup; ++i) {
      if (rank + i < kept_) job_.tail[rank + i] = static_cast<uint8_t>(group.element[i]);
    }
  }

  DLV_DEVICE static uint64_t BytesOf(const Group& group, unsigned byte) {
    uint64_t square = 0;
    for (unsigned i = 0; i < kGroup; ++i)
      square |= static_cast<uint64_t>(group.element[i] >> 8 * byte & 0xff) << 8 * i;
    return square;
  }

  DLV_DEVICE uint8_t* PlaneOf(unsigned bit) const {
    if (bit == kBits - 1) return job_.signs;
    if (bit >= mantissa_bits_) return nullptr;
    const unsigned k = mantissa_bits_ - 1 - bit;
    return k < job_.stored_planes ? job_.mantissa + static_cast<size_t>(k) * plane_bytes_ : nullptr;
  }

  // ---- the zero rule: ranks among the kept ones, or among the zeros

  DLV_DEVICE void SplitRanks(uint32_t rank) {
    if (rank < kept_) {
      Gather(rank, true);
      warp_.Each([&](unsigned thread) {
        const uint32_t from = rank + thread * kGroup;
        if (from < kept_) WriteKept(from, Gathered(thread, from, kept_));
      });
    }
    const uint32_t zeros = job_.count - kept_;
    if (job_.zero_signs == nullptr || rank >= zeros) return;
    Gather(rank, false);
    warp_.Each([&](unsigned thread) {
      const uint32_t from = rank + thread * kGroup;
      if (from >= zeros) return;
      const uint64_t square = Transposed(BytesOf(Gathered(thread, from, zeros), sizeof(T) - 1));
      job_.zero_signs[from / 8] = static_cast<uint8_t>(square >> 56);
    });
  }

  /// Those of their kind before a tile.
  DLV_DEVICE uint32_t Before(uint32_t tile, bool kept) const {
    if (tile * kPlaneTile >= job_.count) return kept ? kept_ : job_.count - kept_;
    const uint32_t before = job_.kept_before[tile];
    return kept ? before : tile * kPlaneTile - before;
  }

  /// The last tile with no more than `rank` before it.
  DLV_DEVICE uint32_t TileOf(uint32_t rank, bool kept) const {
    uint32_t low = 0, high = (job_.count + kPlaneTile - 1) / kPlaneTile;
    while (high - low > 1) {
      const uint32_t middle = (low + high) / 2;
      const bool below = Before(middle, kept) <= rank;
      low = below ? middle : low;
      high = below ? high : middle;
    }
    return low;
  }

  /// Puts those of ranks `rank` to `rank` + 255 into shared memory.
  DLV_DEVICE void Gather(uint32_t rank, bool kept) {
    warp_.Sync();  // what was gathered before has been read
    for (uint32_t tile = TileOf(rank, kept);
         tile * kPlaneTile < job_.count && Before(tile, kept) < rank + kPlaneTile; ++tile) {
      const uint32_t first = Before(tile, kept);
      if (Before(tile + 1, kept) == first) continue;
      GatherTile(tile, first, rank, kept);
    }
    warp_.Sync();
  }

  DLV_DEVICE void GatherTile(uint32_t tile, uint32_t first, uint32_t rank, bool kept) {
    PerThread<Group> groups;
    PerThread<uint32_t> flags, ones;
    warp_.Each([&](unsigned thread) {
      const uint32_t from = tile * kPlaneTile + thread * kGroup;
      groups[thread] = LoadElements<T>(job_, from);
      flags[thread] = FlagsOf(job_, groups[thread], from, kept);
      ones[thread] = CountOnes(flags[thread]);
    });
    const PerThread<uint32_t> before = warp_.Before(ones);
    warp_.Each([&](unsigned thread) {
      uint32_t place = first + before[thread] - rank;  // wraps below
      DLV_UNROLL
      for (unsigned i = 0; i < kGroup; ++i) {
        if ((flags[thread] >> i & 1) == 0) continue;
        if (place < kPlaneTile) memory_.tile.Set(thread, place, groups[thread].element[i]);
        ++place;
      }
    });
  }

  /// Zeros from rank `end` on.
  DLV_DEVICE Group Gathered(unsigned thread, uint32_t from, uint32_t end) {
    Group group;
    DLV_UNROLL
    for (unsigned i = 0; i < kGroup; ++i)
      group.element[i] = from + i < end ? memory_.tile.Get(thread, thread * kGroup + i) : T{0};
    return group;
  }

  Warp& warp_;
  SplitMemory<Warp, T>& memory_;
  const SplitJob job_;
  const uint32_t kept_;
  const unsigned mantissa_bits_;
  const uint32_t exponent_mask_;
  const uint32_t plane_bytes_;
};

}  // namespace dlv::kernels::cuda

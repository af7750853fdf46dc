#pragma once
/// \file
/// The bodies of CountKept and AssemblePlanes (kernels.h): one warp a chunk, and one warp a tile of
/// 256 components, of which each thread has 8 in a row: one byte of each plane, which a transposed
/// square of bits turns into one byte of each element.

#include "engine/kernels/cuda/bit_square.h"
#include "engine/kernels/cuda/centre_bits.h"
#include "engine/kernels/cuda/jobs.h"
#include "engine/kernels/cuda/warp.h"

namespace dlv::kernels::cuda {

inline constexpr unsigned kGroup = 8;  // components of a thread

/// The symbols of a group, one a byte; those behind the end are 0.
DLV_DEVICE uint64_t LoadSymbols(const uint8_t* symbols, uint32_t count, uint32_t from) {
  if (from + kGroup <= count) return *reinterpret_cast<const uint64_t*>(symbols + from);
  uint64_t group = 0;
  for (uint32_t i = from; i < count; ++i) {
    group |= static_cast<uint64_t>(symbols[i]) << 8 * (i - from);
  }
  return group;
}

/// One bit for each byte that is not 0: byte i's ends in bit i. The product moves bit 8 i to bit
/// 56 + i; no two of its terms meet in one bit.
DLV_DEVICE uint32_t NonzeroBytes(uint64_t group) {
  constexpr uint64_t kLow = 0x7f7f7f7f7f7f7f7full;
  const uint64_t tops = (((group & kLow) + kLow) | group) & ~kLow;
  return static_cast<uint32_t>((tops >> 7) * 0x0102040810204080ull >> 56);
}

template <class Warp>
DLV_DEVICE PlaneFault CountKeptOf(Warp& warp, const PlaneJob& job) {
  if (job.zero_rule == 0) return job.kept == job.count ? PlaneFault::kNone : PlaneFault::kKept;
  uint32_t kept = 0;
  for (uint32_t tile = 0; tile * kPlaneTile < job.count; ++tile) {
    typename Warp::template PerThread<uint32_t> own;
    warp.Each([&](unsigned thread) {
      const uint32_t from = tile * kPlaneTile + thread * kGroup;
      own[thread] =
          from < job.count ? CountOnes(NonzeroBytes(LoadSymbols(job.symbols, job.count, from))) : 0;
      if (thread == 0) job.kept_before[tile] = kept;
    });
    kept += warp.Sum(own);
  }
  return kept == job.kept ? PlaneFault::kNone : PlaneFault::kKept;
}

template <class T, PlaneOutput kOutput>
struct OutputOf {
  using Type = T;
};
template <class T>
struct OutputOf<T, PlaneOutput::kCentresBf16> {
  using Type = uint16_t;
};

/// T: the unsigned integer of a component's size.
template <class Warp, class T, PlaneOutput kOutput, bool kZeroRule>
class PlaneAssembler {
 public:
  DLV_DEVICE PlaneAssembler(Warp& warp, const ElementFormat& format, const PlaneJob& job)
      : warp_(warp), format_(format), job_(job), plane_bytes_((job.kept + 7) / 8) {}

  DLV_DEVICE void Run(uint32_t tile) {
    PerThread<uint64_t> symbols;
    PerThread<uint32_t> present, ones;
    warp_.Each([&](unsigned thread) {
      const uint32_t from = tile * kPlaneTile + thread * kGroup;
      symbols[thread] = from < job_.count ? LoadSymbols(job_.symbols, job_.count, from) : 0;
      const uint32_t inside = from < job_.count ? job_.count - from : 0;
      present[thread] = inside < kGroup ? (1u << inside) - 1 : 0xff;
      if (kZeroRule) present[thread] &= NonzeroBytes(symbols[thread]);
      ones[thread] = CountOnes(present[thread]);
    });
    PerThread<uint32_t> before;
    if (kZeroRule) before = warp_.Before(ones);
    const uint32_t tile_rank = kZeroRule ? job_.kept_before[tile] : tile * kPlaneTile;
    PerThread<Group> groups;
    warp_.Each([&](unsigned thread) {
      const uint32_t from = tile * kPlaneTile + thread * kGroup;
      const uint32_t rank = kZeroRule ? tile_rank + before[thread] : from;
      Group group;
      ReadPlanes(rank, ones[thread], group);
      if (kZeroRule) {
        Spread(present[thread], group);
        if (job_.zero_signs != nullptr) {
          AddSignsOfZeros(present[thread], from, rank, group);
        }
      }
      AddExponents(symbols[thread], group);
      groups[thread] = group;
    });
    Store(tile, groups);
  }

 private:
  template <class U>
  using PerThread = typename Warp::template PerThread<U>;
  struct Group {
    T element[kGroup];
  };
  static constexpr unsigned kBits = 8 * sizeof(T);

  /// The plane of bit `bit` of an element; null: all zeros.
  DLV_DEVICE const uint8_t* PlaneOf(unsigned bit) const {
    if (bit == kBits - 1) return job_.signs;
    const unsigned mantissa_bits = format_.mantissa_bits - job_.wide_symbols;
    if (bit >= mantissa_bits) return nullptr;
    const unsigned k = mantissa_bits - 1 - bit;
    return k < job_.stored_planes ? job_.mantissa + static_cast<size_t>(k) * plane_bytes_ : nullptr;
  }

  /// The `wanted` kept components from the `rank`th on.
  DLV_DEVICE void ReadPlanes(uint32_t rank, unsigned wanted, Group& group) const {
    for (unsigned i = 0; i < kGroup; ++i) group.element[i] = 0;
    DLV_UNROLL
    for (unsigned byte = 0; byte < sizeof(T); ++byte) {
      uint64_t square = 0;
      for (unsigned k = 0; k < 8; ++k) {
        const uint8_t* plane = PlaneOf(8 * byte + k);
        if (plane == nullptr) continue;
        square |= static_cast<uint64_t>(BitsFrom(plane, plane_bytes_, rank, wanted)) << 8 * k;
      }
      square = Transposed(square);
      for (unsigned i = 0; i < kGroup; ++i) {
        const T bits = static_cast<T>(square >> 8 * i & 0xff);
        group.element[i] = static_cast<T>(group.element[i] | static_cast<T>(bits << 8 * byte));
      }
    }
    if (job_.tail == nullptr) return;
    DLV_UNROLL
    for (unsigned i = 0; i < kGroup; ++i) {
      // Beyond what is kept only where the symbols are not those of the job.
      if (i >= wanted || rank + i >= job_.kept) continue;
      group.element[i] = static_cast<T>(group.element[i] | job_.tail[rank + i]);
    }
  }

  /// Moves the kept components to their places; the others become 0. Without indices that are not
  /// constant, which would put the group into local memory.
  DLV_DEVICE static void Spread(uint32_t present, Group& group) {
    Group spread;
    DLV_UNROLL
    for (unsigned i = 0; i < kGroup; ++i) {
      const unsigned from = CountOnes(present & BitsBelow(i));
      T element = 0;
      DLV_UNROLL
      for (unsigned k = 0; k <= i; ++k) element = k == from ? group.element[k] : element;
      spread.element[i] = (present >> i & 1) != 0 ? element : T{0};
    }
    group = spread;
  }

  DLV_DEVICE void AddSignsOfZeros(uint32_t present, uint32_t from, uint32_t rank,
                                  Group& group) const {
    const uint32_t zeros = job_.count - job_.kept;
    uint32_t zero = from - rank;  // zeros before; wraps only where the symbols are not the job's
    for (unsigned i = 0; i < kGroup; ++i) {
      if (from + i >= job_.count || (present >> i & 1) != 0) continue;
      const uint32_t sign = zero < zeros ? job_.zero_signs[zero / 8] >> zero % 8 & 1 : 0;
      group.element[i] =
          static_cast<T>(group.element[i] | static_cast<T>(static_cast<T>(sign) << (kBits - 1)));
      ++zero;
    }
  }

  DLV_DEVICE void AddExponents(uint64_t symbols, Group& group) const {
    const unsigned shift = format_.mantissa_bits - job_.wide_symbols;
    for (unsigned i = 0; i < kGroup; ++i) {
      const auto symbol = static_cast<uint32_t>(symbols >> 8 * i & 0xff);
      const uint32_t exponent =
          symbol <= job_.zero_rule ? 0 : job_.first + (symbol - job_.zero_rule) - 1;
      group.element[i] =
          static_cast<T>(group.element[i] | static_cast<T>(static_cast<T>(exponent) << shift));
    }
  }

  // ---- storing: whole groups in vectors of 16 bytes, the chunk's last one element by element

  using Out = typename OutputOf<T, kOutput>::Type;
  static constexpr unsigned kWords = kGroup * sizeof(Out) / 4;
  struct alignas(16) Vector {
    uint32_t word[4];
  };
  struct Words {
    uint32_t word[kWords];
  };

  DLV_DEVICE Out Finished(T element) const {
    if constexpr (kOutput == PlaneOutput::kElements) return element;
    const T centre = CentreBits(element, format_, job_.known_planes);
    if constexpr (kOutput == PlaneOutput::kCentresBf16) return Bf16Bits(centre);
    return static_cast<Out>(centre);
  }

  DLV_DEVICE Words Packed(const Group& group) const {
    Words words;
    for (unsigned k = 0; k < kWords; ++k) words.word[k] = 0;
    for (unsigned i = 0; i < kGroup; ++i) {
      const uint64_t out = Finished(group.element[i]);
      const unsigned bit = 8 * sizeof(Out) * i;
      words.word[bit / 32] |= static_cast<uint32_t>(out << bit % 32);
      if constexpr (sizeof(Out) == 8) words.word[bit / 32 + 1] |= static_cast<uint32_t>(out >> 32);
    }
    return words;
  }

  DLV_DEVICE void Store(uint32_t tile, const PerThread<Group>& groups) {
    if (sizeof(Out) == 4 && (tile + 1) * kPlaneTile <= job_.count) return StorePairs(tile, groups);
    warp_.Each([&](unsigned thread) {
      const uint32_t from = tile * kPlaneTile + thread * kGroup;
      Out* const out = static_cast<Out*>(job_.out) + from;
      if (from + kGroup <= job_.count) {
        StoreGroup(Packed(groups[thread]), out);
      } else {
        for (unsigned i = 0; i < kGroup; ++i) {
          if (from + i < job_.count) out[i] = Finished(groups[thread].element[i]);
        }
      }
    });
  }

  DLV_DEVICE static void StoreGroup(const Words& words, Out* out) {
    if constexpr (kWords == 2) {
      *reinterpret_cast<uint64_t*>(out) = words.word[0] | static_cast<uint64_t>(words.word[1])
                                                              << 32;
    } else {
      for (unsigned k = 0; k < kWords / 4; ++k) {
        Vector vector;
        for (unsigned j = 0; j < 4; ++j) vector.word[j] = words.word[4 * k + j];
        reinterpret_cast<Vector*>(out)[k] = vector;
      }
    }
  }

  /// Two neighbours exchange halves of their groups, so that each of two stores writes 32 bytes in
  /// a row for two threads: whole sectors of memory.
  DLV_DEVICE void StorePairs(uint32_t tile, const PerThread<Group>& groups) {
    PerThread<Words> words;
    warp_.Each([&](unsigned thread) { words[thread] = Packed(groups[thread]); });
    PerThread<uint32_t> received[4];
    for (unsigned k = 0; k < 4; ++k) {
      PerThread<uint32_t> sent;
      warp_.Each([&](unsigned thread) {
        sent[thread] = thread % 2 == 0 ? words[thread].word[kWords - 4 + k] : words[thread].word[k];
      });
      received[k] = warp_.Exchange(sent, 1);
    }
    warp_.Each([&](unsigned thread) {
      Vector first, second;
      for (unsigned k = 0; k < 4; ++k) {
        const bool even = thread % 2 == 0;
        const uint32_t own = even ? words[thread].word[k] : words[thread].word[kWords - 4 + k];
        first.word[k] = even ? own : received[k][thread];
        second.word[k] = even ? received[k][thread] : own;
      }
      Vector* const out = static_cast<Vector*>(job_.out) + tile * (kPlaneTile / 4) + thread / 2 * 4;
      out[thread % 2] = first;
      out[2 + thread % 2] = second;
    });
  }

  Warp& warp_;
  const ElementFormat format_;
  const PlaneJob job_;
  const uint32_t plane_bytes_;
};

}  // namespace dlv::kernels::cuda

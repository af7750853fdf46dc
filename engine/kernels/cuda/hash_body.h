#pragma once
/// \file
/// The body of HashArrays (kernels.h): one warp an array. XXH3 has eight sums, to which each stripe
/// of 64 bytes adds; after 16 stripes (a block) the sums are scrambled. What a stripe adds does not
/// depend on the sums, so four stripes are taken at a time: thread t has sum t % 8 of stripes
/// t / 8, t / 8 + 4, ... of a block, and what four threads found is added up at its end.

#include "engine/kernels/cuda/jobs.h"
#include "engine/kernels/cuda/warp.h"

namespace dlv::kernels::cuda {

inline constexpr unsigned kSecretWords = 24;
DLV_TABLE uint64_t kHashSecret[kSecretWords] = {
    0xbe4ba423396cfeb8ull, 0x1cad21f72c81017cull, 0xdb979083e96dd4deull, 0x1f67b3b7a4a44072ull,
    0x78e5c0cc4ee679cbull, 0x2172ffcc7dd05a82ull, 0x8e2443f7744608b8ull, 0x4c263a81e69035e0ull,
    0xcb00c391bb52283cull, 0xa32e531b8b65d088ull, 0x4ef90da297486471ull, 0xd8acdea946ef1938ull,
    0x3f349ce33f76faa8ull, 0x1d4f0bc7c7bbdcf9ull, 0x3159b4cd4be0518aull, 0x647378d9c97e9fc8ull,
    0xc3ebd33483acc5eaull, 0xeb6313faffa081c5ull, 0x49daf0b751dd0d17ull, 0x9e68d429265516d3ull,
    0xfca1477d58be162bull, 0xce31d07ad1b8f88full, 0x280416958f3acb45ull, 0x7e404bbbcafbd7afull,
};

template <class Warp>
class ArrayHasher {
 public:
  DLV_DEVICE ArrayHasher(Warp& warp, const HashJob& job)
      : warp_(warp),
        job_(job),
        aligned_(reinterpret_cast<uintptr_t>(job.bytes) % sizeof(uint64_t) == 0) {}

  DLV_DEVICE uint64_t Run() {
    if (job_.size_bytes <= kShortHashBytes) return 0;
    warp_.Each([&](unsigned thread) { sums_[thread] = FirstSum(thread % kSums); });
    const uint32_t blocks = (job_.size_bytes - 1) / kBlockBytes;
    for (uint32_t block = 0; block < blocks; ++block) {
      AddStripes(block * kBlockBytes, kBlockStripes);
      Scramble();
    }
    const uint32_t done = blocks * kBlockBytes;
    AddStripes(done, (job_.size_bytes - 1 - done) / kStripeBytes);
    AddLastStripe();
    return Merged();
  }

 private:
  static constexpr unsigned kSums = 8;
  static constexpr uint32_t kStripeBytes = 64;
  static constexpr uint32_t kBlockStripes = 16;
  static constexpr uint32_t kBlockBytes = kStripeBytes * kBlockStripes;
  static constexpr unsigned kStripesAtOnce = kWarp / kSums;
  // Places in the secret, in bytes, of the last stripe's and of the merge's words.
  static constexpr unsigned kLastSecret = 192 - 64 - 7;
  static constexpr unsigned kMergeSecret = 11;
  static constexpr uint64_t kPrime32[3] = {0x9E3779B1u, 0x85EBCA77u, 0xC2B2AE3Du};
  static constexpr uint64_t kPrime1 = 0x9E3779B185EBCA87ull, kPrime2 = 0xC2B2AE3D27D4EB4Full,
                            kPrime3 = 0x165667B19E3779F9ull, kPrime4 = 0x85EBCA77C2B2AE63ull,
                            kPrime5 = 0x27D4EB2F165667C5ull;
  using PerThread = typename Warp::template PerThread<uint64_t>;

  DLV_DEVICE static uint64_t FirstSum(unsigned i) {
    switch (i) {
      case 0:
        return kPrime32[2];
      case 1:
        return kPrime1;
      case 2:
        return kPrime2;
      case 3:
        return kPrime3;
      case 4:
        return kPrime4;
      case 5:
        return kPrime32[1];
      case 6:
        return kPrime5;
      default:
        return kPrime32[0];
    }
  }

  /// Eight bytes of the secret from any place on.
  DLV_DEVICE static uint64_t SecretAt(unsigned byte) {
    const unsigned shift = 8 * (byte % 8);
    const uint64_t low = kHashSecret[byte / 8];
    return shift == 0 ? low : low >> shift | kHashSecret[byte / 8 + 1] << (64 - shift);
  }

  DLV_DEVICE uint64_t Load(uint32_t at, bool aligned) const {
    const uint8_t* const from = job_.bytes + at;
    if (aligned) return *reinterpret_cast<const uint64_t*>(from);
    uint64_t word = 0;
    for (unsigned k = 0; k < 8; ++k) word |= static_cast<uint64_t>(from[k]) << 8 * k;
    return word;
  }

  DLV_DEVICE static uint64_t Product(uint64_t keyed) {
    return (keyed & 0xffffffff) * (keyed >> 32);
  }

  /// Sum i takes the product of its own word and the word of its neighbour i ^ 1.
  DLV_DEVICE void Add(const PerThread& words, const PerThread& products) {
    const PerThread neighbours = warp_.Exchange(words, 1);
    warp_.Each([&](unsigned thread) { sums_[thread] += products[thread] + neighbours[thread]; });
  }

  DLV_DEVICE void AddStripes(uint32_t from, uint32_t stripes) {
    PerThread words, products;
    warp_.Each([&](unsigned thread) {
      words[thread] = 0;
      products[thread] = 0;
      const unsigned i = thread % kSums;
      for (uint32_t k = 0; k < kBlockStripes; k += kStripesAtOnce) {
        const uint32_t stripe = k + thread / kSums;
        if (stripe >= stripes) break;
        const uint64_t word = Load(from + stripe * kStripeBytes + 8 * i, aligned_);
        words[thread] += word;
        products[thread] += Product(word ^ kHashSecret[stripe + i]);
      }
    });
    for (unsigned mask = kSums; mask < kWarp; mask *= 2) {
      const PerThread other_words = warp_.Exchange(words, mask);
      const PerThread other_products = warp_.Exchange(products, mask);
      warp_.Each([&](unsigned thread) {
        words[thread] += other_words[thread];
        products[thread] += other_products[thread];
      });
    }
    Add(words, products);
  }

  DLV_DEVICE void Scramble() {
    warp_.Each([&](unsigned thread) {
      const uint64_t sum = sums_[thread];
      sums_[thread] = (sum ^ sum >> 47 ^ kHashSecret[16 + thread % kSums]) * kPrime32[0];
    });
  }

  /// The last 64 bytes once more, wherever they begin.
  DLV_DEVICE void AddLastStripe() {
    PerThread words, products;
    warp_.Each([&](unsigned thread) {
      const unsigned i = thread % kSums;
      words[thread] = Load(job_.size_bytes - kStripeBytes + 8 * i, false);
      products[thread] = Product(words[thread] ^ SecretAt(kLastSecret + 8 * i));
    });
    Add(words, products);
  }

  /// The halves of the product of 128 bits, together.
  DLV_DEVICE static uint64_t Folded(uint64_t a, uint64_t b) {
#if defined(__CUDA_ARCH__)
    return (a * b) ^ __umul64hi(a, b);
#else
    __extension__ using Wide = unsigned __int128;
    const Wide product = static_cast<Wide>(a) * b;
    return static_cast<uint64_t>(product) ^ static_cast<uint64_t>(product >> 64);
#endif
  }

  DLV_DEVICE uint64_t Merged() {
    PerThread keyed;
    warp_.Each([&](unsigned thread) {
      keyed[thread] = sums_[thread] ^ SecretAt(kMergeSecret + 8 * (thread % kSums));
    });
    const PerThread neighbours = warp_.Exchange(keyed, 1);
    PerThread parts;
    warp_.Each([&](unsigned thread) { parts[thread] = Folded(keyed[thread], neighbours[thread]); });
    for (unsigned mask = 2; mask < kSums; mask *= 2) {
      const PerThread others = warp_.Exchange(parts, mask);
      warp_.Each([&](unsigned thread) { parts[thread] += others[thread]; });
    }
    uint64_t hash = 0;
    warp_.Each([&](unsigned thread) { hash = parts[thread]; });  // all threads have the same
    hash += job_.size_bytes * kPrime1;
    hash ^= hash >> 37;
    hash *= 0x165667919E3779F9ull;
    return hash ^ hash >> 32;
  }

  Warp& warp_;
  const HashJob job_;
  const bool aligned_;
  PerThread sums_;
};

}  // namespace dlv::kernels::cuda

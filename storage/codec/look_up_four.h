#pragma once
/// \file
/// Table lookups of vectors, loaded one by one: a gather is slow on many processors (AMD's, and
/// Intel's where its data sampling is mitigated), and hardly faster on the others. Only for files
/// compiled for AVX2 and more; in an unnamed namespace, as kernels_generic.h.

#include <immintrin.h>
#include <stdint.h>

namespace dlv::codec {
namespace {

/// Entries at four indices of 32 bits, two in each word.
inline __m128i LookUpFour(const uint32_t* table, const uint64_t (&pairs)[2]) {
  const auto entry = [table](uint64_t index) { return static_cast<int>(table[index]); };
  __m128i entries = _mm_cvtsi32_si128(entry(pairs[0] & 0xffffffff));
  entries = _mm_insert_epi32(entries, entry(pairs[0] >> 32), 1);
  entries = _mm_insert_epi32(entries, entry(pairs[1] & 0xffffffff), 2);
  return _mm_insert_epi32(entries, entry(pairs[1] >> 32), 3);
}

}  // namespace
}  // namespace dlv::codec

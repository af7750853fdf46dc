#pragma once
/// \file
/// The numbers in the golden packs: the same on every machine.

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

#include "dlv/dtype.h"

namespace dlv::testing::golden {

using Bytes = std::vector<std::byte>;

inline std::uint64_t SplitMix(std::uint64_t state) {
  std::uint64_t z = state + 0x9e3779b97f4a7c15;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}

template <class T>
void Append(Bytes& bytes, const T& value) {
  const std::size_t at = bytes.size();
  bytes.resize(at + sizeof value);
  std::memcpy(bytes.data() + at, &value, sizeof value);
}

/// Numbers like weights; of integer types, small ones.
Bytes Weights(DType dtype, std::uint64_t count, std::uint64_t seed);

/// A later state: three of four elements move by less than `range`, a few units in the last place.
template <class Word>
Bytes Moved(Bytes bytes, std::uint64_t seed, std::uint64_t range = sizeof(Word) == 2 ? 3 : 5000) {
  for (std::size_t i = 0; i + sizeof(Word) <= bytes.size(); i += sizeof(Word)) {
    const std::uint64_t random = SplitMix(seed * 7'000'003 + i);
    if (random % 4 == 0) continue;
    Word word = 0;
    std::memcpy(&word, bytes.data() + i, sizeof word);
    word = static_cast<Word>(word + (random >> 8) % range);
    std::memcpy(bytes.data() + i, &word, sizeof word);
  }
  return bytes;
}

/// The low bits of each element, or of its components, are 0.
Bytes WithZeros(Bytes bytes, DType dtype, unsigned zero_bits);

/// Goes on as it went before: a step of its own for each element, and a little noise.
template <class Word>
Bytes Onward(Bytes bytes, std::uint64_t seed) {
  constexpr std::uint64_t kStep = sizeof(Word) == 2 ? 33 : 6000;
  for (std::size_t i = 0; i + sizeof(Word) <= bytes.size(); i += sizeof(Word)) {
    Word word = 0;
    std::memcpy(&word, bytes.data() + i, sizeof word);
    const std::uint64_t step = SplitMix(i) % kStep;
    word = static_cast<Word>(word + step + SplitMix(seed * 3'000'017 + i) % (kStep / 8));
    std::memcpy(bytes.data() + i, &word, sizeof word);
  }
  return bytes;
}

/// Of half of the elements the uppermost of `mantissa` bits is cleared: as where values are fewer
/// the larger they are.
template <class Word>
Bytes Falling(Bytes bytes, unsigned mantissa) {
  for (std::size_t i = 0; i + sizeof(Word) <= bytes.size(); i += sizeof(Word)) {
    if (SplitMix(i) % 2 == 0) continue;
    Word word = 0;
    std::memcpy(&word, bytes.data() + i, sizeof word);
    word = static_cast<Word>(word & ~(Word{1} << (mantissa - 1)));
    std::memcpy(bytes.data() + i, &word, sizeof word);
  }
  return bytes;
}

/// Half of the elements times 0: the signs stay.
template <class Word>
Bytes TimesMask(Bytes bytes, std::uint64_t seed) {
  constexpr Word kSign = Word{1} << (8 * sizeof(Word) - 1);
  for (std::size_t i = 0; i + sizeof(Word) <= bytes.size(); i += sizeof(Word)) {
    if (SplitMix(seed * 9'000'003 + i) % 2 == 0) continue;
    Word word = 0;
    std::memcpy(&word, bytes.data() + i, sizeof word);
    word &= kSign;
    std::memcpy(bytes.data() + i, &word, sizeof word);
  }
  return bytes;
}

/// Bell-shaped bytes around 0, as weights quantised to 8 bits are.
Bytes Quantised(std::uint64_t count, std::uint64_t seed);

/// The same quantised with steps that are a sixteenth smaller, moved a little, more so in every
/// third row of 512, and by `offset`.
Bytes Requantised(const Bytes& bytes, std::uint64_t seed, int offset);

/// Rows of 48 whose signs and exponents are those of the first, all of a row shifted alike.
/// With `rough`, but for the exponents' last bit.
Bytes Rows(std::uint64_t count, std::uint64_t seed, bool rough = false);

}  // namespace dlv::testing::golden

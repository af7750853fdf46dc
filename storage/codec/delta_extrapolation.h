#pragma once
/// \file
/// The prediction from two bases (docs/format/delta.md §4): base + beta (base - second base), in
/// the order of the bits. Compiled with each form of the kernels, for its instruction set; the same
/// rules hold.

#include <string.h>

#include "storage/codec/delta_kernels.h"

namespace dlv::codec {
namespace {

/// What one level of an element is predicted from. `Wide` is an unsigned type of 32 or 64 bits;
/// `kept`: the bits of this level and those above it.
template <class Wide, class Signed, unsigned kBits>
inline Wide ExtrapolatedLevel(Wide base, Wide second, Wide beta, Wide kept, Wide octave) {
  constexpr Wide kSign = static_cast<Wide>(Wide{1} << (kBits - 1));
  constexpr Wide kMagnitude = static_cast<Wide>(kSign - 1);
  const Wide below = kMagnitude & ~kept;
  const Wide from = base & kMagnitude & kept;
  const Wide step = from - (second & kMagnitude & kept);
  const Wide move = static_cast<Wide>(static_cast<Signed>(step * beta) >> 4);
  const Wide moved = (from | (below ^ below >> 1)) + move;
  // Masks, as choices would become branches.
  const Wide same_sign = ((base ^ second) & kSign) == 0 ? ~Wide{0} : 0;
  const Wide near = step + octave < 2 * octave ? ~Wide{0} : 0;
  const Wide in_range = moved <= kMagnitude ? ~Wide{0} : 0;
  const Wide usable = same_sign & near & in_range;
  return (base & kSign) | (moved & usable) | (from & ~usable);
}

template <class T, class Wide, class Signed>
inline void ExtrapolateOneLevel(const DeltaShape* shape, const uint8_t* base, const uint8_t* second,
                                size_t n, int beta, uint8_t* out) {
  const Wide octave = Wide{1} << shape->mantissa_bits;
  const auto factor = static_cast<Wide>(static_cast<Signed>(beta));
  for (size_t i = 0; i < n; ++i) {
    T from, before;
    memcpy(&from, base + i * sizeof(T), sizeof(T));
    memcpy(&before, second + i * sizeof(T), sizeof(T));
    const auto value = static_cast<T>(
        ExtrapolatedLevel<Wide, Signed, 8 * sizeof(T)>(from, before, factor, ~Wide{0}, octave));
    memcpy(out + i * sizeof(T), &value, sizeof(T));
  }
}

/// Elements of four bytes in levels of 16, 8 and 8 bits. `kLevels`: so many are wanted.
template <unsigned kLevels>
inline void ExtrapolateFloats(const uint8_t* base, const uint8_t* second, size_t n, int beta,
                              uint8_t* out) {
  constexpr uint32_t kOctave = 1u << 23;
  const auto factor = static_cast<uint32_t>(beta);
  for (size_t i = 0; i < n; ++i) {
    uint32_t from, before;
    memcpy(&from, base + 4 * i, 4);
    memcpy(&before, second + 4 * i, 4);
    const auto level = [&](uint32_t kept) {
      return ExtrapolatedLevel<uint32_t, int32_t, 32>(from, before, factor, kept, kOctave);
    };
    uint32_t value = level(0xffff0000) & 0xffff0000;
    if constexpr (kLevels > 1) value |= level(0xffffff00) & 0xff00;
    if constexpr (kLevels > 2) value |= level(0xffffffff) & 0xff;
    memcpy(out + 4 * i, &value, 4);
  }
}

/// Elements of eight bytes in levels of 16 bits.
inline void ExtrapolateDoubles(unsigned levels, const uint8_t* base, const uint8_t* second,
                               size_t n, int beta, uint8_t* out) {
  constexpr uint64_t kOctave = uint64_t{1} << 52;
  const auto factor = static_cast<uint64_t>(static_cast<int64_t>(beta));
  memset(out, 0, 8 * n);
  for (unsigned level = 0; level < levels; ++level) {
    const unsigned shift = 48 - 16 * level;
    const uint64_t kept = ~uint64_t{0} << shift;
    const uint64_t wanted = uint64_t{0xffff} << shift;
    for (size_t i = 0; i < n; ++i) {
      uint64_t from, before, value;
      memcpy(&from, base + 8 * i, 8);
      memcpy(&before, second + 8 * i, 8);
      memcpy(&value, out + 8 * i, 8);
      value |=
          ExtrapolatedLevel<uint64_t, int64_t, 64>(from, before, factor, kept, kOctave) & wanted;
      memcpy(out + 8 * i, &value, 8);
    }
  }
}

void Extrapolate(const DeltaShape* shape, unsigned levels, const uint8_t* base,
                 const uint8_t* second, size_t n, int beta, uint8_t* out) {
  if (shape->element_bytes == 2) {
    ExtrapolateOneLevel<uint16_t, uint32_t, int32_t>(shape, base, second, n, beta, out);
  } else if (shape->element_bytes == 8) {
    ExtrapolateDoubles(levels, base, second, n, beta, out);
  } else if (levels == 1) {
    ExtrapolateFloats<1>(base, second, n, beta, out);
  } else if (levels == 2) {
    ExtrapolateFloats<2>(base, second, n, beta, out);
  } else {
    ExtrapolateFloats<3>(base, second, n, beta, out);
  }
}

}  // namespace
}  // namespace dlv::codec

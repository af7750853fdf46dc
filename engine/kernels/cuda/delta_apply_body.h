#pragma once
/// \file
/// The bodies of ApplyDelta and JoinLevels (kernels.h). One warp turns one level's symbols and
/// fields into values, 32 components at a time; where fields lie is a running sum of their widths.

#include "engine/kernels/cuda/bit_square.h"
#include "engine/kernels/cuda/centre_bits.h"
#include "engine/kernels/cuda/delta_prediction.h"
#include "engine/kernels/cuda/jobs.h"
#include "engine/kernels/cuda/warp.h"

namespace dlv::kernels::cuda {

template <class Warp, class T>
class DeltaApplier {
 public:
  DLV_DEVICE DeltaApplier(Warp& warp, const DeltaFormat& format, unsigned level,
                          const DeltaJob& job)
      : warp_(warp),
        format_(format),
        level_(level),
        level_bits_(8 * LevelBytes(format, level)),
        job_(job) {}

  DLV_DEVICE DeltaFault Run() {
    for (uint32_t from = 0; from < job_.count; from += kWarp) {
      if (job_.mode == DeltaMode::kCoded) {
        Coded(from);
      } else {
        Stored(from);
      }
    }
    return SizesFit() ? DeltaFault::kNone : DeltaFault::kFields;
  }

 private:
  template <class U>
  using PerThread = typename Warp::template PerThread<U>;

  DLV_DEVICE bool HasScale(uint32_t i) const {
    return i < job_.count && job_.block_scales[i / kDeltaBlock] != 0;
  }

  DLV_DEVICE void Put(uint32_t i, uint32_t value, uint32_t state) const {
    if (level_bits_ == 16) {
      static_cast<uint16_t*>(job_.values)[i] = static_cast<uint16_t>(value);
    } else {
      static_cast<uint8_t*>(job_.values)[i] = static_cast<uint8_t>(value);
    }
    job_.states[i] = static_cast<uint8_t>(state);
  }

  /// Modes zero and plain: predictions, or the values as they are.
  DLV_DEVICE void Stored(uint32_t from) {
    PerThread<bool> stored;
    warp_.Each([&](unsigned thread) {
      stored[thread] = job_.mode == DeltaMode::kPlain && HasScale(from + thread);
    });
    const uint32_t mask = warp_.Ballot(stored);
    warp_.Each([&](unsigned thread) {
      const uint32_t i = from + thread;
      if (i >= job_.count) return;
      uint32_t value = 0;
      if (stored[thread]) {
        value = StoredValue(values_ + CountOnes(mask & BitsBelow(thread)));
      } else {
        value = Predicted<T>(format_, job_, level_, i);
      }
      const bool stays = job_.mode == DeltaMode::kZero && StateOf(job_, level_, i) == 0;
      Put(i, value, stays ? 0 : 255);
    });
    values_ += CountOnes(mask);
  }

  /// The place-th of the values; zero behind their end.
  DLV_DEVICE uint32_t StoredValue(uint32_t place) const {
    uint32_t value = 0;
    for (uint32_t k = 0; k < level_bits_ / 8; ++k) {
      const uint32_t at = place * (level_bits_ / 8) + k;
      if (at < job_.low_bytes) value |= static_cast<uint32_t>(job_.low[at]) << 8 * k;
    }
    return value;
  }

  DLV_DEVICE void Coded(uint32_t from) {
    PerThread<bool> coded;
    warp_.Each([&](unsigned thread) {
      coded[thread] = HasScale(from + thread) && StateOf(job_, level_, from + thread) <= 1;
    });
    const uint32_t mask = warp_.Ballot(coded);
    PerThread<uint32_t> symbol, widths;  // of the field: low part, and high part times 2^16
    warp_.Each([&](unsigned thread) {
      symbol[thread] =
          coded[thread] ? job_.symbols[symbols_ + CountOnes(mask & BitsBelow(thread))] : 0;
      const uint32_t width = !HasScale(from + thread) ? 0
                             : !coded[thread]         ? level_bits_
                             : level_ == 0            ? symbol[thread] & (level_bits_ - 1)
                                                      : symbol[thread];
      const uint32_t low = width < 8 ? width : 8;
      widths[thread] = low | (width - low) << 16;
    });
    const PerThread<uint32_t> before = warp_.Before(widths);
    warp_.Each([&](unsigned thread) {
      const uint32_t i = from + thread;
      if (i >= job_.count) return;
      const uint32_t prediction = Predicted<T>(format_, job_, level_, i);
      if (!HasScale(i)) return Put(i, prediction, StateOf(job_, level_, i));
      const uint32_t field = Field(widths[thread], before[thread]);
      const uint32_t width = (widths[thread] & 0xffff) + (widths[thread] >> 16);
      const bool first = StateOf(job_, level_, i) == 0;
      Put(i, coded[thread] ? Value(prediction, symbol[thread], width, field) : field,
          coded[thread] && first ? symbol[thread] : 255);
    });
    const uint32_t sum = warp_.Sum(widths);
    low_bits_ += sum & 0xffff;
    high_bits_ += sum >> 16;
    symbols_ += CountOnes(mask);
  }

  DLV_DEVICE uint32_t Field(uint32_t widths, uint32_t before) const {
    const uint32_t low = widths & 0xffff, high = widths >> 16;
    const uint32_t low_part =
        BitsFrom(job_.low, job_.low_bytes, low_bits_ + (before & 0xffff), low) & ((1u << low) - 1);
    const uint32_t high_part =
        BitsFrom(job_.high, job_.high_bytes, high_bits_ + (before >> 16), high) &
        ((1u << high) - 1);
    return low_part | high_part << 8;
  }

  /// Undoes §5: magnitudes with a sign at the first level, numbers modulo 2^W at the others.
  DLV_DEVICE uint32_t Value(uint32_t prediction, uint32_t symbol, uint32_t width,
                            uint32_t field) const {
    uint32_t difference = 0;
    if (width != 0) {
      const uint32_t leading = 1u << (width - 1);
      difference = (field & leading) != 0 ? 0u - field : field | leading;
    }
    const uint32_t all = (1u << level_bits_) - 1;
    if (level_ != 0) return (prediction + difference) & all;
    const uint32_t sign = 1u << (level_bits_ - 1);
    const uint32_t flip = symbol >= level_bits_ ? sign : 0;
    return ((prediction ^ flip) & sign) | ((prediction + difference) & (sign - 1));
  }

  DLV_DEVICE bool SizesFit() const {
    if (job_.mode == DeltaMode::kCoded) {
      return job_.low_bytes == (low_bits_ + 7) / 8 && job_.high_bytes == (high_bits_ + 7) / 8;
    }
    return job_.low_bytes == values_ * (level_bits_ / 8) && job_.high_bytes == 0;
  }

  Warp& warp_;
  const DeltaFormat format_;
  const unsigned level_;
  const uint32_t level_bits_;
  const DeltaJob job_;
  uint32_t symbols_ = 0, values_ = 0;  // taken so far
  uint32_t low_bits_ = 0, high_bits_ = 0;
};

/// Component i of levels 0 to `levels` - 1; bits of the others are zero.
template <class T>
DLV_DEVICE T Joined(const DeltaFormat& format, unsigned levels, const JoinJob& job, uint32_t i) {
  T bits = 0;
  unsigned shift = 8 * sizeof(T);
  DLV_UNROLL
  for (unsigned level = 0; level < kDeltaLevels; ++level) {
    if (level >= levels) continue;
    shift -= 8 * LevelBytes(format, level);
    const T value = LevelBytes(format, level) == 2
                        ? static_cast<T>(static_cast<const uint16_t*>(job.values[level])[i])
                        : static_cast<T>(static_cast<const uint8_t*>(job.values[level])[i]);
    bits = static_cast<T>(bits | static_cast<T>(value << shift));
  }
  return bits;
}

template <class T>
DLV_DEVICE void JoinOne(const ElementFormat& element, const DeltaFormat& format, unsigned levels,
                        PlaneOutput output, const JoinJob& job, uint32_t i) {
  const T bits = Joined<T>(format, levels, job, i);
  if (output == PlaneOutput::kElements) {
    static_cast<T*>(job.out)[i] = bits;
    return;
  }
  const T centre = CentreBits(bits, element, 8 * sizeof(T) - ShiftOf(format, levels - 1));
  if (output == PlaneOutput::kCentres) {
    static_cast<T*>(job.out)[i] = centre;
  } else {
    static_cast<uint16_t*>(job.out)[i] = Bf16Bits(static_cast<uint32_t>(centre));
  }
}

}  // namespace dlv::kernels::cuda

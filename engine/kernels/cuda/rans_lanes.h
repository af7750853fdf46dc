#pragma once
/// \file
/// States and words of an interleaved rANS stream (docs/format/codec.md §5.1), held by one warp.
/// Thread t has lanes t and t + 32. Words are held two a thread, in three windows of 64: a round
/// takes 64 words at most, so that they lie in the first two; the third is on its way from memory.

#include "engine/kernels/cuda/warp.h"

namespace dlv::kernels::cuda {

template <class Warp>
class RansLanes {
 public:
  static constexpr uint32_t kInitialState = 1u << 16;
  static constexpr uint32_t kWideFrom = 4096;  // symbols
  template <class T>
  using PerThread = typename Warp::template PerThread<T>;

  DLV_DEVICE explicit RansLanes(Warp& warp) : warp_(warp) {}

  /// Takes the states of a stream of `count` symbols; false: its size cannot be right.
  DLV_DEVICE bool Start(const uint8_t* stream, uint32_t bytes, uint32_t count) {
    lanes_ = count >= kWideFrom ? 64 : 4;
    const uint32_t state_bytes = 4 * lanes_;
    if (bytes < state_bytes || bytes > state_bytes + 2 * count || bytes % 2 != 0) return false;
    words_ = stream + state_bytes;
    word_count_ = (bytes - state_bytes) / 2;
    warp_.Each([&](unsigned thread) {
      for (unsigned half = 0; half < 2; ++half) {
        const unsigned lane = thread + half * kWarp;
        const uint8_t* const at = stream + 4 * lane;
        state[half][thread] =
            lane < lanes_ ? Load16(at) | Load16(at + 2) << 16 : uint32_t{kInitialState};
      }
      for (unsigned k = 0; k < 3; ++k) window_[k][thread] = WordPair(k * kWindowWords, thread);
    });
    return true;
  }

  DLV_DEVICE unsigned lanes() const { return lanes_; }

  /// Lanes t and t + 32 of thread t. A round replaces them by what is left after a symbol.
  PerThread<uint32_t> state[2];

  /// Ends a round: the lanes that took a symbol and fell below 2^16 get a word, in order.
  DLV_DEVICE void Refill(const PerThread<bool> (&took)[2]) {
    PerThread<bool> need[2];
    warp_.Each([&](unsigned thread) {
      for (unsigned half = 0; half < 2; ++half) {
        need[half][thread] = took[half][thread] && state[half][thread] < kInitialState;
      }
    });
    const uint32_t first = warp_.Ballot(need[0]), second = warp_.Ballot(need[1]);
    TakeWords(0, need[0], first, offset_);
    TakeWords(1, need[1], second, offset_ + CountOnes(first));
    const uint32_t taken = CountOnes(first) + CountOnes(second);
    used_words_ += taken;
    offset_ += taken;
    if (offset_ >= kWindowWords) Advance();
  }

  /// Whether the states are those that an encoder starts with, and all words were used and none
  /// that is not there.
  DLV_DEVICE bool Finished() {
    PerThread<bool> off;
    warp_.Each([&](unsigned thread) {
      off[thread] = state[0][thread] != kInitialState || state[1][thread] != kInitialState;
    });
    return warp_.Ballot(off) == 0 && used_words_ == word_count_;
  }

 private:
  static constexpr unsigned kWindowWords = 64;

  DLV_DEVICE static uint32_t Load16(const uint8_t* at) {
    return static_cast<uint32_t>(at[0]) | static_cast<uint32_t>(at[1]) << 8;
  }

  /// Words `from` + 2 t and the next one; zeros behind the end.
  DLV_DEVICE uint32_t WordPair(uint32_t from, unsigned thread) const {
    const uint32_t i = from + 2 * thread;
    uint32_t pair = i < word_count_ ? Load16(words_ + 2 * static_cast<size_t>(i)) : 0;
    if (i + 1 < word_count_) pair |= Load16(words_ + 2 * static_cast<size_t>(i) + 2) << 16;
    return pair;
  }

  DLV_DEVICE void TakeWords(unsigned half, const PerThread<bool>& need, uint32_t mask,
                            uint32_t from) {
    PerThread<unsigned> place, holder;
    warp_.Each([&](unsigned thread) {
      place[thread] = from + CountOnes(mask & BitsBelow(thread));
      holder[thread] = place[thread] % kWindowWords / 2;
    });
    const PerThread<uint32_t> near = warp_.Shuffle(window_[0], holder);
    const PerThread<uint32_t> far = warp_.Shuffle(window_[1], holder);
    warp_.Each([&](unsigned thread) {
      const uint32_t pair = place[thread] < kWindowWords ? near[thread] : far[thread];
      const uint32_t word = place[thread] % 2 != 0 ? pair >> 16 : pair & 0xffff;
      if (need[thread]) state[half][thread] = state[half][thread] << 16 | word;
    });
  }

  DLV_DEVICE void Advance() {
    offset_ -= kWindowWords;
    windows_passed_ += 1;
    warp_.Each([&](unsigned thread) {
      window_[0][thread] = window_[1][thread];
      window_[1][thread] = window_[2][thread];
      window_[2][thread] = WordPair((windows_passed_ + 2) * kWindowWords, thread);
    });
  }

  Warp& warp_;
  unsigned lanes_ = 0;
  const uint8_t* words_ = nullptr;
  uint32_t word_count_ = 0;
  uint32_t used_words_ = 0;
  uint32_t offset_ = 0;  // of the next word in the windows, below kWindowWords between rounds
  uint32_t windows_passed_ = 0;
  PerThread<uint32_t> window_[3];
};

}  // namespace dlv::kernels::cuda

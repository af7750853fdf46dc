#pragma once
/// \file
/// The warp of warp.h on a processor: steps run thread after thread, in a chosen order. It shows
/// what a body computes, that it stays within its shared memory, and that no thread reads there
/// what another one wrote (or writes what another one read or wrote) without a Sync() between. It
/// does not show speed, nor what the compiler of the device makes of the body.

#include <functional>
#include <vector>

#include "engine/kernels/cuda/warp.h"

namespace dlv::kernels::cuda {

class EmulatedWarp {
 public:
  enum class Order { kForward, kBackward };

  template <class T>
  struct PerThread {
    T value[kWarp] = {};
    T& operator[](unsigned thread) { return value[thread]; }
    const T& operator[](unsigned thread) const { return value[thread]; }
  };

  /// An array in shared memory. Its cells are undefined at first, as on a device: here they hold a
  /// pattern that no correct body depends on.
  template <class T>
  class Shared {
   public:
    Shared(EmulatedWarp& warp, size_t size) : warp_(&warp), cells_(size), uses_(size) {
      for (T& cell : cells_) cell = static_cast<T>(0xa5a5a5a5u);
    }
    T Get(unsigned thread, unsigned i) {
      if (i >= cells_.size()) return warp_->Fault(), T{};
      Use& use = uses_[i];
      if (use.epoch == warp_->epoch_ && use.written && use.thread != thread) warp_->Fault();
      Note(use, thread, false);
      return cells_[i];
    }
    void Set(unsigned thread, unsigned i, T value) {
      if (i >= cells_.size()) return warp_->Fault();
      Use& use = uses_[i];
      if (use.epoch == warp_->epoch_ && (use.thread != thread || use.several)) warp_->Fault();
      Note(use, thread, true);
      cells_[i] = value;
    }

   private:
    struct Use {  // since the last Sync
      uint64_t epoch = 0;
      unsigned thread = 0;
      bool several = false;  // threads read it
      bool written = false;
    };
    void Note(Use& use, unsigned thread, bool write) {
      if (use.epoch != warp_->epoch_) use = {warp_->epoch_, thread, false, false};
      use.several = use.several || use.thread != thread;
      use.written = use.written || write;
    }
    EmulatedWarp* warp_;
    std::vector<T> cells_;
    std::vector<Use> uses_;
  };

  explicit EmulatedWarp(Order order) : order_(order) {}

  template <class Step>
  void Each(const Step& step) {
    for (unsigned k = 0; k < kWarp; ++k) step(order_ == Order::kForward ? k : kWarp - 1 - k);
  }
  void Sync() { ++epoch_; }
  uint32_t Ballot(const PerThread<bool>& flag) const {
    uint32_t bits = 0;
    for (unsigned thread = 0; thread < kWarp; ++thread) {
      bits |= (flag[thread] ? 1u : 0u) << thread;
    }
    return bits;
  }
  PerThread<uint32_t> Match(const PerThread<uint32_t>& value) const {
    PerThread<uint32_t> alike;
    for (unsigned thread = 0; thread < kWarp; ++thread) {
      for (unsigned other = 0; other < kWarp; ++other)
        alike[thread] |= (value[other] == value[thread] ? 1u : 0u) << other;
    }
    return alike;
  }
  template <class T>
  PerThread<T> Shuffle(const PerThread<T>& value, const PerThread<unsigned>& from) const {
    PerThread<T> result;
    for (unsigned thread = 0; thread < kWarp; ++thread)
      result[thread] = value[from[thread] % kWarp];
    return result;
  }
  template <class T>
  PerThread<T> Exchange(const PerThread<T>& value, unsigned mask) const {
    PerThread<T> result;
    for (unsigned thread = 0; thread < kWarp; ++thread) result[thread] = value[thread ^ mask];
    return result;
  }
  uint32_t Sum(const PerThread<uint32_t>& value) const {
    uint32_t sum = 0;
    for (unsigned thread = 0; thread < kWarp; ++thread) sum += value[thread];
    return sum;
  }
  PerThread<uint32_t> Before(const PerThread<uint32_t>& value) const {
    PerThread<uint32_t> result;
    uint32_t sum = 0;
    for (unsigned thread = 0; thread < kWarp; ++thread) {
      result[thread] = sum;
      sum += value[thread];
    }
    return result;
  }

  void Fault() { ++faults_; }
  /// Accesses of shared memory that were out of bounds or unordered.
  size_t faults() const { return faults_; }

 private:
  Order order_;
  uint64_t epoch_ = 1;
  size_t faults_ = 0;
};

}  // namespace dlv::kernels::cuda

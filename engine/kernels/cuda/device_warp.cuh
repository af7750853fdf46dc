#pragma once
/// \file
/// The warp of warp.h on a device. The block must be whole warps, all of whose threads take part.

#include "engine/kernels/cuda/warp.h"

namespace dlv::kernels::cuda {

struct DeviceWarp {
  static constexpr uint32_t kAll = 0xffffffffu;

  template <class T>
  struct PerThread {
    T value;
    DLV_DEVICE T& operator[](unsigned) { return value; }
    DLV_DEVICE const T& operator[](unsigned) const { return value; }
  };

  template <class T>
  struct Shared {
    T* cells;
    DLV_DEVICE T Get(unsigned, unsigned i) const { return cells[i]; }
    DLV_DEVICE void Set(unsigned, unsigned i, T value) const { cells[i] = value; }
  };

  DLV_DEVICE static unsigned Thread() { return threadIdx.x % kWarp; }

  template <class Step>
  DLV_DEVICE void Each(const Step& step) const {
    step(Thread());
  }
  DLV_DEVICE void Sync() const { __syncwarp(); }
  DLV_DEVICE uint32_t Ballot(const PerThread<bool>& flag) const {
    return __ballot_sync(kAll, flag.value);
  }
  /// The threads that have the same value as this one.
  DLV_DEVICE PerThread<uint32_t> Match(const PerThread<uint32_t>& value) const {
    return {__match_any_sync(kAll, value.value)};
  }
  /// The value of thread from[t] % 32.
  template <class T>
  DLV_DEVICE PerThread<T> Shuffle(const PerThread<T>& value,
                                  const PerThread<unsigned>& from) const {
    return {__shfl_sync(kAll, value.value, static_cast<int>(from.value))};
  }
  /// The value of thread t ^ mask.
  template <class T>
  DLV_DEVICE PerThread<T> Exchange(const PerThread<T>& value, unsigned mask) const {
    return {__shfl_xor_sync(kAll, value.value, static_cast<int>(mask))};
  }
  DLV_DEVICE uint32_t Sum(const PerThread<uint32_t>& value) const {
    return __reduce_add_sync(kAll, value.value);
  }
  /// The sum of the values of threads before this one.
  DLV_DEVICE PerThread<uint32_t> Before(const PerThread<uint32_t>& value) const {
    uint32_t sum = value.value;
    for (unsigned distance = 1; distance < kWarp; distance *= 2) {
      const uint32_t other = __shfl_up_sync(kAll, sum, distance);
      sum += Thread() >= distance ? other : 0;
    }
    return {sum - value.value};
  }
};

}  // namespace dlv::kernels::cuda

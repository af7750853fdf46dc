#pragma once
/// \file
/// Arrays of the device for tests and benchmarks. Every call is checked; a failure stops the
/// program, since nothing after it would mean anything.

#include <cuda_runtime_api.h>

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <utility>
#include <vector>

#include "dlv/result.h"

namespace dlv::kernels::test {

inline void Check(cudaError_t error, const char* what) {
  if (error == cudaSuccess) return;
  std::fprintf(stderr, "%s: %s\n", what, cudaGetErrorString(error));
  std::exit(1);
}

inline void Check(const Status& status) {
  if (status.ok()) return;
  std::fprintf(stderr, "%s\n", status.error().message.c_str());
  std::exit(1);
}

/// Of exactly the size asked for, so that compute-sanitizer sees what lies beyond; `offset` bytes
/// from the aligned start on.
template <class T>
class DeviceArray {
 public:
  DeviceArray() = default;
  explicit DeviceArray(std::size_t count, std::size_t offset = 0) : count_(count), offset_(offset) {
    if (count == 0) return;
    Check(cudaMalloc(&start_, count * sizeof(T) + offset), "device memory");
    Check(cudaMemset(start_, 0x5a, count * sizeof(T) + offset), "filling device memory");
  }
  explicit DeviceArray(const std::vector<T>& from, std::size_t offset = 0)
      : DeviceArray(from.size(), offset) {
    if (!from.empty()) {
      Check(cudaMemcpy(data(), from.data(), bytes(), cudaMemcpyHostToDevice), "copy to the device");
    }
  }
  DeviceArray(DeviceArray&& other) noexcept { *this = std::move(other); }
  DeviceArray& operator=(DeviceArray&& other) noexcept {
    std::swap(start_, other.start_);
    std::swap(count_, other.count_);
    std::swap(offset_, other.offset_);
    return *this;
  }
  ~DeviceArray() {
    if (start_ != nullptr) cudaFree(start_);
  }

  T* data() const {
    return start_ == nullptr ? nullptr
                             : reinterpret_cast<T*>(static_cast<std::uint8_t*>(start_) + offset_);
  }
  std::size_t count() const { return count_; }
  std::size_t bytes() const { return count_ * sizeof(T); }
  std::vector<T> Read() const {
    std::vector<T> values(count_);
    if (count_ != 0) {
      Check(cudaMemcpy(values.data(), data(), bytes(), cudaMemcpyDeviceToHost),
            "copy from the device");
    }
    return values;
  }

 private:
  void* start_ = nullptr;
  std::size_t count_ = 0;
  std::size_t offset_ = 0;
};

}  // namespace dlv::kernels::test

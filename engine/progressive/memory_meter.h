#pragma once
/// \file
/// How many bytes of values, bounds and weights are held, and the most that ever were.

#include <atomic>
#include <cstdint>
#include <memory>
#include <utility>

namespace dlv::progressive {

/// Thread-safe.
class MemoryMeter {
 public:
  void Add(std::uint64_t bytes);
  void Remove(std::uint64_t bytes) { live_ -= bytes; }
  /// Counts what something else holds, at its most, beside what is held here now.
  void Reach(std::uint64_t beside);
  std::uint64_t peak() const { return peak_; }

 private:
  std::atomic<std::uint64_t> live_ = 0, peak_ = 0;
};

/// What one thing holds, as long as it lives. The meter is shared by all that is counted.
class HeldBytes {
 public:
  explicit HeldBytes(std::shared_ptr<MemoryMeter> meter) : meter_(std::move(meter)) {}
  HeldBytes(HeldBytes&& other) noexcept
      : meter_(std::move(other.meter_)), bytes_(std::exchange(other.bytes_, 0)) {}
  HeldBytes& operator=(HeldBytes&&) = delete;
  ~HeldBytes() { Set(0); }

  void Set(std::uint64_t bytes);

 private:
  std::shared_ptr<MemoryMeter> meter_;
  std::uint64_t bytes_ = 0;
};

}  // namespace dlv::progressive

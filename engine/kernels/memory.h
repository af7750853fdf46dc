#pragma once
/// \file
/// The memory of values: up to a limit, and used again once a value is gone.

#include <cstdint>
#include <memory>

#include "dlv/result.h"
#include "engine/kernels/value.h"

namespace dlv::kernels {

/// What the values of one session may take together.
inline constexpr std::uint64_t kDefaultMemoryLimit = std::uint64_t{8} << 30;

/// Gives room to values. When the last copy of a value goes, its room is kept for later ones.
/// Values may outlive the Memory. Thread-safe.
class Memory {
 public:
  explicit Memory(std::uint64_t limit_bytes = kDefaultMemoryLimit);

  /// Returns a value with elements that are not set.
  /// Errors: kInvalidArgument, kUnsupported (CheckedCount, or the limit: how much was asked for).
  Result<Value> Make(DType dtype, Shape shape);
  /// The same in an order, which says how many bytes that takes.
  Result<Value> Make(DType dtype, Shape shape, std::shared_ptr<const Order> order);

  /// Bytes of values that live, and the most that were ever taken at a time.
  std::uint64_t live_bytes() const;
  std::uint64_t peak_bytes() const;

 private:
  class Pool;
  Result<std::shared_ptr<std::byte>> Take(const Shape& shape, std::uint64_t bytes);

  std::shared_ptr<Pool> pool_;  ///< shared with the values
};

}  // namespace dlv::kernels

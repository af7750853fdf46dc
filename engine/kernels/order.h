#pragma once
/// \file
/// Orders of elements in memory other than C order, in which fast kernels hand values to each
/// other.

#include <cstddef>

#include "dlv/result.h"

namespace dlv::kernels {

class Memory;
class Value;

/// Where the elements of a value stand, known to the kernels that made it alone. There may be room
/// between them, which is zero.
class Order {
 public:
  virtual ~Order() = default;
  /// Bytes that the value takes.
  virtual std::size_t size_bytes() const = 0;
  /// Whether the elements stand among others, with steps of their own: a part of another value, or
  /// the whole in another shape.
  virtual bool is_view() const { return false; }
  /// Whether the order has more axes than the value, whose last one stands for several of them.
  virtual bool is_folded() const { return false; }
  /// Returns the elements of `value`, which has this order, in C order. Errors: as Memory::Make.
  virtual Result<Value> ToPlain(const Value& value, Memory& memory) const = 0;
};

}  // namespace dlv::kernels

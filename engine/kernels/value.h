#pragma once
/// \file
/// Values that flow between the nodes of a running network: an element type, sizes, and elements
/// in C order without gaps. Fast kernels may keep them in another order among themselves (order.h).
///
/// Real numbers are all of one type in a session, f32 or f64 (`Working`); whole numbers and truth
/// values keep the type that the network gives them.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>

#include "dlv/dtype.h"
#include "dlv/result.h"
#include "engine/kernels/order.h"
#include "engine/kernels/shape.h"

namespace dlv::kernels {

/// A value, or nothing (an operand that is left out). Copies share the elements; who writes to a
/// value must be the only one who has it.
class Value {
 public:
  Value() = default;
  /// `bytes` has room for the elements. What Memory::Make gives stands on a border of 64 bytes.
  Value(DType dtype, Shape shape, std::shared_ptr<std::byte> bytes)
      : dtype_(dtype),
        shape_(std::move(shape)),
        count_(CountOf(shape_)),
        bytes_(std::move(bytes)) {}
  /// The same in an order of its own.
  Value(DType dtype, Shape shape, std::shared_ptr<std::byte> bytes,
        std::shared_ptr<const Order> order)
      : Value(dtype, std::move(shape), std::move(bytes)) {
    order_ = std::move(order);
  }

  bool present() const { return bytes_ != nullptr; }
  DType dtype() const { return dtype_; }
  const Shape& shape() const { return shape_; }
  std::size_t rank() const { return shape_.size(); }
  std::int64_t count() const { return count_; }
  std::size_t size_bytes() const {
    return is_plain() ? static_cast<std::size_t>(count_) * SizeOf(dtype_) : order_->size_bytes();
  }
  /// Whether the elements stand in C order. Only kernels that say so (kernel_table.h) see others.
  bool is_plain() const { return order_ == nullptr; }
  bool is_view() const { return order_ != nullptr && order_->is_view(); }
  bool is_folded() const { return order_ != nullptr && order_->is_folded(); }
  const std::shared_ptr<const Order>& order() const { return order_; }  ///< null: C order
  /// Whether no other value shares the elements, so that they may be overwritten.
  bool is_only_copy() const { return bytes_.use_count() == 1; }
  const std::byte* data() const { return bytes_.get(); }
  std::byte* data() { return bytes_.get(); }

  /// The elements as T, which has the size of one: float, double, std::int64_t, std::int32_t;
  /// std::uint8_t for truth values.
  template <class T>
  std::span<const T> As() const {
    DLV_CHECK(sizeof(T) == SizeOf(dtype_) && is_plain(), "elements read as another type");
    return {reinterpret_cast<const T*>(bytes_.get()), static_cast<std::size_t>(count_)};
  }
  template <class T>
  std::span<T> As() {
    DLV_CHECK(sizeof(T) == SizeOf(dtype_) && is_plain(), "elements written as another type");
    return {reinterpret_cast<T*>(bytes_.get()), static_cast<std::size_t>(count_)};
  }

  /// Returns elements of this value, from a byte on, in an order of their own (null: C order).
  Value Viewed(Shape shape, std::size_t first_byte, std::shared_ptr<const Order> order) const {
    return Value(dtype_, std::move(shape),
                 std::shared_ptr<std::byte>(bytes_, bytes_.get() + first_byte), std::move(order));
  }

  /// Returns the same elements in another shape of as many.
  Value Reshaped(Shape shape) const {
    DLV_CHECK(CountOf(shape) == count_ && is_plain(), "a reshape keeps the number of elements");
    return Value(dtype_, std::move(shape), bytes_);
  }

 private:
  DType dtype_ = DType::kF32;
  Shape shape_;
  std::int64_t count_ = 0;
  std::shared_ptr<std::byte> bytes_;
  std::shared_ptr<const Order> order_;  ///< shared by the values that have it
};

/// Returns the value in C order: itself where it has it. Errors: as Memory::Make.
Result<Value> InPlainOrder(const Value& value, Memory& memory);

/// Returns the type in which a session with real numbers of type `real` keeps elements of `dtype`.
constexpr DType Working(DType dtype, DType real) { return IsFloat(dtype) ? real : dtype; }

}  // namespace dlv::kernels

#include "engine/kernels/shape.h"

#include <algorithm>

namespace dlv::kernels {

Result<std::int64_t> CheckedCount(const Shape& shape) {
  if (shape.size() > kMaxRank) {
    return Error{ErrorCode::kInvalidArgument, "a value of " + std::to_string(shape.size()) +
                                                  " axes, want at most " +
                                                  std::to_string(kMaxRank)};
  }
  std::int64_t product = 1;
  bool empty = false;
  for (const std::int64_t size : shape) {
    if (size < 0) {
      return Error{ErrorCode::kInvalidArgument, "a value of shape " + TextOf(shape)};
    }
    empty = empty || size == 0;
    if (size > 0 && (__builtin_mul_overflow(product, size, &product) || product > kMaxElements)) {
      return Error{ErrorCode::kUnsupported,
                   "a value of shape " + TextOf(shape) + " has more than 2^48 elements"};
    }
  }
  return empty ? 0 : product;
}

std::int64_t CountBetween(const Shape& shape, std::size_t begin, std::size_t end) {
  std::int64_t count = 1;
  for (std::size_t i = begin; i < end; ++i) count *= shape[i];
  return count;
}

Strides StridesOf(const Shape& shape) {
  Strides strides(shape.size());
  std::int64_t step = 1;
  for (std::size_t i = shape.size(); i-- > 0;) {
    strides[i] = step;
    step *= std::max<std::int64_t>(shape[i], 1);
  }
  return strides;
}

std::optional<Shape> BroadcastShape(const Shape& a, const Shape& b) {
  const Shape& longer = a.size() < b.size() ? b : a;
  const Shape& shorter = a.size() < b.size() ? a : b;
  Shape shape = longer;
  const std::size_t extra = longer.size() - shorter.size();
  for (std::size_t i = 0; i < shorter.size(); ++i) {
    std::int64_t& size = shape[extra + i];
    if (size == 1) {
      size = shorter[i];
    } else if (shorter[i] != 1 && shorter[i] != size) {
      return std::nullopt;
    }
  }
  return shape;
}

Strides BroadcastStrides(const Shape& own, const Shape& shape) {
  const Strides own_strides = StridesOf(own);
  Strides strides(shape.size(), 0);
  const std::size_t extra = shape.size() - own.size();
  for (std::size_t i = 0; i < own.size(); ++i) {
    if (own[i] != 1) strides[extra + i] = own_strides[i];
  }
  return strides;
}

std::string TextOf(const Shape& shape) {
  std::string text = "[";
  for (std::size_t i = 0; i < shape.size(); ++i) {
    text += (i == 0 ? "" : ", ") + std::to_string(shape[i]);
  }
  return text + "]";
}

}  // namespace dlv::kernels

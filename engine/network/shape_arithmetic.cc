#include "engine/network/shape_arithmetic.h"

#include <algorithm>

namespace dlv::network {

std::int64_t Plus(std::int64_t a, std::int64_t b) {
  if (!IsKnown(a) || !IsKnown(b)) return kUnknownSize;
  std::int64_t sum = 0;
  return __builtin_add_overflow(a, b, &sum) ? INT64_MAX : sum;
}

std::int64_t Times(std::int64_t a, std::int64_t b) {
  if (!IsKnown(a) || !IsKnown(b)) return kUnknownSize;
  std::int64_t product = 0;
  return __builtin_mul_overflow(a, b, &product) ? INT64_MAX : product;
}

std::int64_t ProductOf(const NetworkShape& shape, std::size_t begin, std::size_t end) {
  std::int64_t product = 1;
  for (std::size_t i = begin; i < end; ++i) product = Times(product, shape[i]);
  return product;
}

std::optional<std::int64_t> SameSize(std::int64_t a, std::int64_t b) {
  if (!IsKnown(a)) return b;
  if (!IsKnown(b) || a == b) return a;
  return std::nullopt;
}

std::optional<NetworkShape> SameShape(const NetworkShape& a, const NetworkShape& b) {
  if (a.size() != b.size()) return std::nullopt;
  NetworkShape merged;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const auto size = SameSize(a[i], b[i]);
    if (!size) return std::nullopt;
    merged.push_back(*size);
  }
  return merged;
}

namespace {

/// Of one axis: 1 stretches; an unknown size beside a known one above 1 can only be that.
std::optional<std::int64_t> BroadcastSize(std::int64_t a, std::int64_t b) {
  if (a == 1) return b;
  if (b == 1) return a;
  return SameSize(a, b);
}

}  // namespace

std::optional<NetworkShape> Broadcast(const NetworkShape& a, const NetworkShape& b) {
  const std::size_t rank = std::max(a.size(), b.size());
  NetworkShape result(rank);
  for (std::size_t i = 0; i < rank; ++i) {
    const std::int64_t left = i < a.size() ? a[a.size() - 1 - i] : 1;
    const std::int64_t right = i < b.size() ? b[b.size() - 1 - i] : 1;
    const auto size = BroadcastSize(left, right);
    if (!size) return std::nullopt;
    result[rank - 1 - i] = *size;
  }
  return result;
}

}  // namespace dlv::network

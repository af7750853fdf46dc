#include "storage/codec/integer_delta_format.h"

#include <algorithm>
#include <functional>

namespace dlv::codec {

bool SupportsIntegerDelta(DType dtype) { return dtype <= DType::kI64; }

IntegerDeltaLayout IntegerLayoutOf(DType dtype, std::size_t count, unsigned width) {
  IntegerDeltaLayout layout;
  layout.width = width;
  layout.units = width == 0 ? 0 : count * SizeOf(dtype) / width;
  layout.flip = dtype == DType::kI8 ? 0x80 : 0;
  return layout;
}

std::optional<IntegerDeltaLayout> ReadIntegerPayload(DType dtype, std::size_t count,
                                                     std::span<const std::byte> payload) {
  if (!SupportsIntegerDelta(dtype) || payload.empty()) return std::nullopt;
  const auto width = static_cast<unsigned>(payload[0]);
  if (width > 1 && width != SizeOf(dtype)) return std::nullopt;
  IntegerDeltaLayout layout = IntegerLayoutOf(dtype, count, width);
  layout.limits = payload.size() - 1;
  if (layout.limits > (width == 1 ? kMostIntegerLimits : 0)) return std::nullopt;
  std::ranges::transform(payload.subspan(1), layout.limit_values.begin(),
                         [](std::byte limit) { return static_cast<std::uint8_t>(limit); });
  const auto limits = std::span(layout.limit_values).first(layout.limits);
  if (std::ranges::adjacent_find(limits, std::greater_equal<>()) != limits.end())
    return std::nullopt;
  return layout;
}

std::size_t CountActive(const IntegerDeltaLayout& layout, std::span<const std::uint8_t> scales) {
  std::size_t active = 0;
  for (std::size_t block = 0; block < scales.size(); ++block)
    active += scales[block] != 0 ? layout.BlockSize(block) : 0;
  return active;
}

}  // namespace dlv::codec

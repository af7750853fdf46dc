#include "storage/codec/delta_format.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace dlv::codec {

std::optional<DeltaShape> DeltaShapeOf(DType dtype) {
  switch (dtype) {
    case DType::kF32:
    case DType::kComplex64:
      return DeltaShape{4, 3, {2, 1, 1, 0}, 7, 0, 128, 1, 23};
    case DType::kBF16:
      return DeltaShape{2, 1, {2, 0, 0, 0}, 7, 0, 128, 1, 7};
    case DType::kF16:
      return DeltaShape{2, 1, {2, 0, 0, 0}, 10, 0, 0, 0, 10};
    case DType::kF64:
    case DType::kComplex128:
      return DeltaShape{8, 4, {2, 2, 2, 2}, 4, 32, 1920, 0, 52};
    case DType::kF8E4M3:
      return DeltaShape{1, 1, {1, 0, 0, 0}, 3, 0, 0, 0, 0};
    case DType::kF8E5M2:
      return DeltaShape{1, 1, {1, 0, 0, 0}, 2, 0, 0, 0, 0};
    default:
      return std::nullopt;
  }
}

unsigned DeltaComponentsOf(DType dtype) {
  return dtype == DType::kComplex64 || dtype == DType::kComplex128 ? 2 : 1;
}

unsigned DeltaPlanes(const DeltaShape& shape, unsigned level) {
  unsigned planes = 0;
  for (unsigned i = 0; i <= level; ++i) planes += 8u * shape.level_bytes[i];
  return planes;
}

unsigned DeltaMostZeroBits(const DeltaShape& shape) {
  return 8u * shape.element_bytes - 8u * shape.level_bytes[0];
}

unsigned DeltaDroppedBits(const DeltaShape& shape, unsigned zero_bits, unsigned level) {
  const unsigned below = 8u * shape.element_bytes - DeltaPlanes(shape, level);
  return zero_bits <= below ? 0 : std::min(zero_bits - below, 8u * shape.level_bytes[level]);
}

namespace {

template <class Value, class Change>
void ChangeValues(std::uint8_t* values, std::size_t count, Change&& change) {
  for (std::size_t i = 0; i < count; ++i) {
    Value value;
    std::memcpy(&value, values + i * sizeof value, sizeof value);
    value = static_cast<Value>(change(value));
    std::memcpy(values + i * sizeof value, &value, sizeof value);
  }
}

template <class Change>
void ChangeLevel(std::uint8_t* values, unsigned bytes, std::size_t count, Change&& change) {
  bytes == 2 ? ChangeValues<std::uint16_t>(values, count, change)
             : ChangeValues<std::uint8_t>(values, count, change);
}

}  // namespace

void DropDeltaBits(std::uint8_t* values, unsigned bytes, std::size_t count, unsigned dropped) {
  if (dropped == 0) return;
  ChangeLevel(values, bytes, count, [&](unsigned value) { return value >> dropped; });
}

void RestoreDeltaBits(std::uint8_t* values, unsigned bytes, std::size_t count, unsigned dropped) {
  if (dropped == 0) return;
  ChangeLevel(values, bytes, count, [&](unsigned value) { return value << dropped; });
}

std::size_t WriteDeltaPayload(const DeltaPayload& payload, std::span<std::byte, 8> out) {
  std::uint8_t flags = payload.equal ? kDeltaEqual : 0;
  std::size_t size = 1;
  if (payload.ratio != 0) {
    flags = static_cast<std::uint8_t>(flags | kDeltaRatio |
                                      (payload.ratio_everywhere ? kDeltaRatioEverywhere : 0));
    std::memcpy(out.data() + 1, &payload.ratio, 4);
    size = 5;
  } else if (payload.beta != 0) {
    flags = kDeltaExtrapolated;
    std::memcpy(out.data() + 1, &payload.beta, 1);
    size = 2;
  }
  if (payload.zero_bits != 0) {
    flags = static_cast<std::uint8_t>(flags | kDeltaNarrow);
    out[size++] = static_cast<std::byte>(payload.zero_bits);
  }
  out[0] = static_cast<std::byte>(flags);
  return size;
}

std::optional<DeltaPayload> ReadDeltaPayload(std::span<const std::byte> bytes) {
  if (bytes.empty()) return std::nullopt;
  DeltaPayload payload;
  auto flags = static_cast<std::uint8_t>(bytes[0]);
  if ((flags & kDeltaNarrow) != 0) {
    flags = static_cast<std::uint8_t>(flags & ~kDeltaNarrow);
    payload.zero_bits = static_cast<std::uint8_t>(bytes.back());
    bytes = bytes.first(bytes.size() - 1);
    if (payload.zero_bits == 0 || bytes.empty() || flags == kDeltaEqual) return std::nullopt;
  }
  std::size_t size = 1;
  switch (flags) {
    case 0:
      break;
    case kDeltaEqual:
      payload.equal = true;
      break;
    case kDeltaRatio | kDeltaRatioEverywhere:
      payload.ratio_everywhere = true;
      [[fallthrough]];
    case kDeltaRatio: {
      size = 5;
      if (bytes.size() != size) return std::nullopt;
      std::memcpy(&payload.ratio, bytes.data() + 1, 4);
      // Positive and normal, so that no product depends on how a machine treats denormal numbers.
      const auto bits = std::bit_cast<std::uint32_t>(payload.ratio);
      if (bits < (1u << 23) || bits >= 0x7f800000) return std::nullopt;
      break;
    }
    case kDeltaExtrapolated:
      size = 2;
      if (bytes.size() != size) return std::nullopt;
      std::memcpy(&payload.beta, bytes.data() + 1, 1);
      if (payload.beta == 0) return std::nullopt;
      break;
    default:
      return std::nullopt;
  }
  return bytes.size() == size ? std::optional(payload) : std::nullopt;
}

void AdvanceDeltaState(DeltaLevelMode mode, std::span<std::uint8_t> state) {
  if (mode == DeltaLevelMode::kPlain) {
    std::memset(state.data(), 255, state.size());
  } else {
    for (std::uint8_t& one : state) one = one == 0 ? 0 : 255;
  }
}

}  // namespace dlv::codec

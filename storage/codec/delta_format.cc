#include "storage/codec/delta_format.h"

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
  out[0] = static_cast<std::byte>(flags);
  return size;
}

std::optional<DeltaPayload> ReadDeltaPayload(std::span<const std::byte> bytes) {
  if (bytes.empty()) return std::nullopt;
  DeltaPayload payload;
  std::size_t size = 1;
  switch (static_cast<std::uint8_t>(bytes[0])) {
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

// The uppermost mantissa plane, coded in the context of the symbols (docs/format/codec.md §6.3).

#include <algorithm>
#include <cstring>

#include "storage/codec/float_codec.h"

namespace dlv::codec {
namespace {

// Bits are counted in blocks of 64 that lie evenly spread, about so many bits.
constexpr std::size_t kBitBlock = 64;
constexpr std::size_t kBitSample = 1u << 13;

// One bit in so many elements must be saved: where little is stored or time does not matter, and
// where elements are many.
constexpr std::size_t kElementsPerBit = 50;
constexpr std::size_t kElementsPerBitIfFast = 10;

template <class T>
void CountBitsOf(const std::uint8_t* elements, const std::uint8_t* symbols, std::size_t n,
                 unsigned place, std::span<BitCounts, 2> counts) {
  const std::size_t step = std::max(n / kBitSample, std::size_t{1}) * kBitBlock;
  for (std::size_t at = 0; at < n; at += step) {
    const std::size_t stop = std::min(at + kBitBlock, n);
    for (std::size_t i = at; i < stop; ++i) {
      T element;
      std::memcpy(&element, elements + i * sizeof(T), sizeof(T));
      ++counts[i % 2][2u * symbols[i] + (element >> place & 1u)];
    }
  }
}

}  // namespace

BitCounts FloatEncoder::CountUppermostBits() const {
  std::array<BitCounts, 2> counts{};  // in turn, so that equal ones do not wait for each other
  const std::size_t n = layout_.components;
  const unsigned place = layout_.format.mantissa_bits - 1;
  switch (layout_.format.width) {
    case 1:
      CountBitsOf<std::uint8_t>(elements_, symbols_.data(), n, place, counts);
      break;
    case 2:
      CountBitsOf<std::uint16_t>(elements_, symbols_.data(), n, place, counts);
      break;
    case 4:
      CountBitsOf<std::uint32_t>(elements_, symbols_.data(), n, place, counts);
      break;
    default:
      CountBitsOf<std::uint64_t>(elements_, symbols_.data(), n, place, counts);
  }
  for (std::size_t i = 0; i < counts[0].size(); ++i) counts[0][i] += counts[1][i];
  if (layout_.map.zero_rule != 0) counts[0][0] = counts[0][1] = 0;  // have no bits
  return counts[0];
}

// At commit all but the first tensors; what `archive` writes has no such order, and large tensors
// consist of whole chunks.
bool FloatEncoder::MustBeFast() const {
  if (effort_ == SymbolEffort::kHurry) return layout_.components >= kAllLevelsFrom;
  return effort_ == SymbolEffort::kMost && !cold_ && layout_.components >= kMaxChunkElements;
}

// Given the exponent, the first mantissa bit is uneven where values are fewer the larger they are.
void FloatEncoder::PlanCodedPlane() {
  if (layout_.components < kSomeLevelsFrom || layout_.StoredPlanes(0, 1) == 0) return;
  const auto plan = PlanBits(CountUppermostBits(), layout_.kept);
  const std::size_t per_bit = MustBeFast() ? kElementsPerBitIfFast : kElementsPerBit;
  if (!plan || plan->saved_bits * per_bit < layout_.components) return;
  layout_.coded_plane = true;
  plane_model_ = plan->model;
  const auto saved_bytes = static_cast<std::size_t>(plan->saved_bits / 8);
  estimated_bytes_ -= saved_bytes;
  plane_bytes_ -= saved_bytes;
}

// Codes the plane at `at`, which the other mantissa planes follow, where that makes it shorter.
void FloatEncoder::CodePlane(std::size_t at, std::vector<std::byte>& body) {
  std::span<const std::uint8_t> symbols = std::span(symbols_).first(layout_.components);
  if (layout_.map.zero_rule != 0) {
    kept_symbols_.resize(layout_.components + 64);
    ActiveKernels().keep_nonzero(symbols.data(), symbols.size(), 1, kept_symbols_.data());
    symbols = std::span(kept_symbols_).first(layout_.kept);
  }
  const auto plane = std::span(body).subspan(at, layout_.plane_bytes());
  coded_plane_.clear();
  bit_encoder_.Encode(plane_model_, symbols, reinterpret_cast<const std::uint8_t*>(plane.data()),
                      coded_plane_);
  layout_.coded_plane = coded_plane_.size() < plane.size();
  if (!layout_.coded_plane) return;
  const MantissaLevels levels =
      MantissaLevelsOf(layout_.format, layout_.components, layout_.coded_tail);
  const std::size_t of_level = layout_.StoredPlanes(0, levels.bits[1]) * layout_.plane_bytes();
  plane_checksum_ = Checksum(std::span(body).subspan(at, of_level));
  const auto first = body.begin() + static_cast<std::ptrdiff_t>(at);
  const auto rest = first + static_cast<std::ptrdiff_t>(plane.size());
  body.erase(std::copy(coded_plane_.begin(), coded_plane_.end(), first), rest);
}

}  // namespace dlv::codec

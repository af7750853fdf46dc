#include <algorithm>
#include <cstring>
#include <string>

#include "storage/codec/bit_run.h"
#include "storage/codec/significance_codec.h"

namespace dlv::codec {
namespace {

Error Bad(const std::string& why) {
  return Error{ErrorCode::kCorruption, "chunk by significance: " + why};
}

std::vector<std::uint8_t> DepthsOf(const ChunkHeader& header) {
  std::vector<std::uint8_t> depths;
  for (const LevelEntry& level : header.levels()) depths.push_back(level.depth);
  return depths;
}

Status CheckSizes(const ChunkHeader& header, const SignificanceLayout& layout,
                  const BitPlaces& places) {
  for (std::size_t i = 0; i < header.level_count; ++i) {
    const std::size_t want = places.level_bytes()[i] + (i == 0 ? layout.symbol_bytes : 0);
    const std::size_t got = header.level_table[i].size_bytes;
    if (got != want) {
      return Bad("level " + std::to_string(i) + " has " + std::to_string(got) + " bytes, want " +
                 std::to_string(want));
    }
  }
  return Ok();
}

Status VerifyLevels(const ChunkHeader& header, const BitPlaces& places,
                    std::span<const std::byte> bits, std::span<const std::uint8_t> symbols,
                    std::size_t level) {
  std::size_t at = 0;
  for (std::size_t i = 0; i <= level; ++i) {
    const std::size_t size = places.level_bytes()[i];
    std::uint64_t got = Checksum(bits.subspan(at, size));
    if (i == 0) got ^= Checksum(std::as_bytes(symbols));
    if (!ChecksumMatches(header, i, got))
      return Bad("level " + std::to_string(i) + ": checksum differs");
    at += size;
  }
  return Ok();
}

/// Puts elements to their places, with the exponent that they have in common.
template <class T>
void Scatter(const std::uint8_t* elements, std::uint64_t exponent,
             std::span<const std::uint32_t> indices, std::byte* out) {
  for (std::size_t i = 0; i < indices.size(); ++i) {
    T element;
    std::memcpy(&element, elements + i * sizeof(T), sizeof(T));
    element = static_cast<T>(element | static_cast<T>(exponent));
    std::memcpy(out + std::size_t{indices[i]} * sizeof(T), &element, sizeof(T));
  }
}

void ScatterOf(unsigned width, const std::uint8_t* elements, std::uint64_t exponent,
               std::span<const std::uint32_t> indices, std::byte* out) {
  switch (width) {
    case 1:
      return Scatter<std::uint8_t>(elements, exponent, indices, out);
    case 2:
      return Scatter<std::uint16_t>(elements, exponent, indices, out);
    case 4:
      return Scatter<std::uint32_t>(elements, exponent, indices, out);
    default:
      return Scatter<std::uint64_t>(elements, exponent, indices, out);
  }
}

}  // namespace

void SignificanceDecoder::Join(const SignificanceLayout& layout, const BitPlaces& places,
                               std::span<const std::byte> bits, std::size_t level,
                               std::span<std::byte> out) {
  const FloatFormat& format = layout.format;
  if (layout.map.zero_rule != 0) std::ranges::fill(out, std::byte{0});
  for (unsigned symbol = layout.map.zero_rule; symbol < 256; ++symbol) {
    const std::span<const std::uint32_t> indices = order_.Of(symbol);
    if (indices.empty()) continue;
    planes_.Make(indices.size(), format.width);
    const std::uint8_t* plane[kMaxPlanes] = {};
    for (unsigned bit = 0; bit < layout.bit_count(); ++bit) {
      if (!places.IsIn(symbol, bit, level)) continue;
      const unsigned at = bit == 0 ? format.sign_bit() : format.mantissa_bits - bit;
      ExtractBits(bits, places.Of(symbol, bit), indices.size(), planes_.Of(at));
      plane[at] = planes_.Of(at);
    }
    ActiveKernels().from_planes(plane, indices.size(), format.width, planes_.elements());
    const std::uint64_t exponent = std::uint64_t{layout.ClassOf(symbol)} << format.mantissa_bits;
    ScatterOf(format.width, planes_.elements(), exponent, indices, out.data());
  }
}

Status SignificanceDecoder::Decode(const ChunkHeader& header, std::span<const std::byte> body,
                                   std::size_t level, std::span<std::byte> out) {
  DLV_ASSIGN(const SignificanceLayout layout, ReadSignificanceLayout(header));
  symbols_.resize(layout.components + 64);
  if (!symbol_decoder_.Decode(body.first(layout.symbol_bytes), layout.context, layout.max_symbol(),
                              layout.components, symbols_.data())) {
    return Bad("exponents are malformed");
  }
  const auto symbols = std::span<const std::uint8_t>(symbols_).first(layout.components);
  order_.Sort(symbols);
  const BitPlaces places(layout, order_.counts(), DepthsOf(header));
  DLV_TRY(CheckSizes(header, layout, places));
  const auto bits = body.subspan(layout.symbol_bytes);
  if (level + 1 < header.level_count) DLV_TRY(VerifyLevels(header, places, bits, symbols, level));
  Join(layout, places, bits, level, out);
  return Ok();
}

}  // namespace dlv::codec

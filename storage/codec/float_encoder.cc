#include <algorithm>
#include <bit>

#include "storage/codec/bit_stream.h"
#include "storage/codec/float_codec.h"

namespace dlv::codec {
namespace {

// Coding neighbours is slower; it must save this much of an element's bits (in 1/64) to be worth
// it.
constexpr std::uint64_t kNeighbourGainPer64 = 9;

// The zero rule is used from this share of +0.0 on: below, it costs time for less than one per
// cent.
constexpr std::size_t kZeroRuleShare = 64;

}  // namespace

unsigned FloatLayout::max_symbol() const {
  const unsigned top = (1u << format.exponent_bits) - 1;
  const unsigned symbol = top - map.first + 1 + map.zero_rule;
  return std::clamp(symbol, 1u, 255u);
}

unsigned FloatLayout::StoredPlanes(unsigned from, unsigned to) const {
  const unsigned stored = format.mantissa_bits - absent_mantissa;
  return std::min(to, stored) - std::min(from, stored);
}

bool FloatEncoder::Plan(DType dtype, std::span<const std::byte> raw) {
  layout_ = FloatLayout{};
  layout_.format = FormatOf(dtype);
  if (!layout_.format.valid()) return false;
  const FloatFormat& format = layout_.format;
  dtype_ = dtype;
  count_ = static_cast<std::uint32_t>(raw.size() / SizeOf(dtype));
  elements_ = reinterpret_cast<const std::uint8_t*>(raw.data());
  layout_.components = raw.size() / format.width;
  const Kernels& kernels = ActiveKernels();
  const FloatScan scan = kernels.scan(elements_, layout_.components, format.width,
                                      format.mantissa_bits, format.exponent_bits);
  any_bits_ = scan.any_bits;
  layout_.map.exponent_shift = format.mantissa_bits;
  layout_.map.exponent_bits = format.exponent_bits;
  layout_.map.first = scan.max_exponent == 0 ? 1 : scan.min_exponent;
  const bool zero_rule =
      scan.zero_count >= std::max<std::size_t>(1, layout_.components / kZeroRuleShare);
  layout_.map.zero_rule = zero_rule ? 1 : 0;
  const std::uint32_t span = scan.max_exponent == 0 ? 0 : scan.max_exponent - layout_.map.first + 1;
  if (span + 1 > 255 && zero_rule) layout_.map.zero_rule = 0;
  if (span + layout_.map.zero_rule > 255) return false;
  highest_symbol_ = std::max(1u, span + layout_.map.zero_rule);
  layout_.kept = layout_.components - (layout_.map.zero_rule != 0 ? scan.zero_count : 0);
  layout_.sign_absent = ((any_bits_ >> format.sign_bit()) & 1) == 0;
  const std::uint64_t mantissa = any_bits_ & ((std::uint64_t{1} << format.mantissa_bits) - 1);
  layout_.absent_mantissa =
      mantissa == 0 ? format.mantissa_bits : static_cast<unsigned>(std::countr_zero(mantissa));
  symbols_.resize(layout_.components + 64);
  kernels.to_symbols(elements_, layout_.components, format.width, layout_.map, symbols_.data());
  ChooseContext();
  return true;
}

void FloatEncoder::ChooseContext() {
  const auto symbols = std::span<const std::uint8_t>(symbols_).first(layout_.components);
  const SymbolEstimate estimate = symbol_encoder_.Estimate(symbols);
  const std::uint64_t worth = layout_.components * kNeighbourGainPer64 / 64;
  const bool neighbour = estimate.neighbour_bits + worth < estimate.plain_bits;
  layout_.context = neighbour ? SymbolContext::kNeighbour : SymbolContext::kNone;
  const std::uint64_t bits = neighbour ? estimate.neighbour_bits : estimate.plain_bits;
  const unsigned planes =
      (layout_.sign_absent ? 0 : 1) + layout_.StoredPlanes(0, layout_.format.mantissa_bits);
  estimated_bytes_ = static_cast<std::size_t>(bits / 8) + planes * layout_.plane_bytes();
}

void FloatEncoder::WritePayload(ChunkHeader& header) const {
  std::vector<std::byte> payload;
  const unsigned flags = layout_.map.zero_rule | (layout_.sign_absent ? 2u : 0u) |
                         (static_cast<unsigned>(layout_.context) << 2);
  PutField(payload, static_cast<std::uint8_t>(flags));
  PutField(payload, static_cast<std::uint8_t>(layout_.absent_mantissa));
  PutField(payload, static_cast<std::uint16_t>(layout_.map.first));
  if (layout_.map.zero_rule != 0) PutVarint(payload, layout_.components - layout_.kept);
  header.SetPayload(payload);
}

void FloatEncoder::Encode(ChunkHeader& header, std::vector<std::byte>& body) {
  const FloatFormat& format = layout_.format;
  const Kernels& kernels = ActiveKernels();
  header.mode = ChunkMode::kFloat;
  header.dtype = dtype_;
  header.count = count_;
  header.level_count = 0;
  WritePayload(header);

  const std::size_t level0 = body.size();
  const auto symbols = std::span<const std::uint8_t>(symbols_).first(layout_.components);
  symbol_encoder_.Encode(layout_.context, symbols, highest_symbol_, body);
  const std::size_t symbol_end = body.size();

  const std::uint8_t* kept = elements_;
  if (layout_.map.zero_rule != 0) {
    kept_.resize(layout_.components * format.width + 64);
    kernels.keep_nonzero(elements_, layout_.components, format.width, kept_.data());
    kept = kept_.data();
  }
  const std::size_t plane_bytes = layout_.plane_bytes();
  const unsigned stored = format.mantissa_bits - layout_.absent_mantissa;
  const std::size_t planes = (layout_.sign_absent ? 0u : 1u) + stored;
  body.resize(symbol_end + planes * plane_bytes);
  auto* next = reinterpret_cast<std::uint8_t*>(body.data() + symbol_end);
  std::uint8_t* plane[kMaxPlanes] = {};
  if (!layout_.sign_absent) {
    plane[format.sign_bit()] = next;
    next += plane_bytes;
  }
  for (unsigned k = 0; k < stored; ++k, next += plane_bytes) {
    plane[format.mantissa_bits - 1 - k] = next;
  }
  kernels.to_planes(kept, layout_.kept, format.width, plane);

  const MantissaLevels levels = MantissaLevelsOf(format, layout_.components);
  const std::size_t sign_bytes = layout_.sign_absent ? 0 : plane_bytes;
  std::size_t at = symbol_end + sign_bytes;
  unsigned known = 0;
  for (std::size_t i = 0; i < levels.count; ++i) {
    const unsigned bits = levels.bits[i];
    const std::size_t size = layout_.StoredPlanes(known, bits) * plane_bytes;
    const bool last = i + 1 == levels.count;
    std::uint64_t checksum = 0;
    if (!last && i == 0) {
      checksum = Checksum(std::as_bytes(symbols)) ^
                 Checksum(std::span(body).subspan(symbol_end, sign_bytes + size));
    } else if (!last) {
      checksum = Checksum(std::span(body).subspan(at, size));
    }
    header.AddLevel(1 + format.exponent_bits + bits, i == 0 ? at + size - level0 : size, checksum);
    at += size;
    known = bits;
  }
}

}  // namespace dlv::codec

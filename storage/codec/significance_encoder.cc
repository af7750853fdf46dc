#include <algorithm>
#include <bit>
#include <numeric>

#include "storage/codec/bit_run.h"
#include "storage/codec/significance_codec.h"

namespace dlv::codec {
namespace {

// As for planes: coding neighbours must save so many 64ths of a bit, and zeros be so many.
constexpr std::uint64_t kContextGainPer64 = 9;
constexpr std::size_t kZeroShare = 64;

// Depths that are written. On disk: readers accept any.
constexpr std::uint8_t kFineDepths[] = {0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14,
                                        15, 16, 18, 20, 22, 24, 26, 28, 30, 32, 40, 56, 72, 88};
constexpr std::uint8_t kCoarseDepths[] = {0,  2,  4,  6,  8,  10, 12, 14, 16, 18,
                                          20, 22, 24, 28, 34, 40, 56, 72, 88};

/// Elements of `width` bytes at `indices`, one after another.
template <class T>
void Gather(const std::uint8_t* elements, std::span<const std::uint32_t> indices,
            std::uint8_t* out) {
  for (std::size_t i = 0; i < indices.size(); ++i)
    std::memcpy(out + i * sizeof(T), elements + std::size_t{indices[i]} * sizeof(T), sizeof(T));
}

void GatherOf(unsigned width, const std::uint8_t* elements, std::span<const std::uint32_t> indices,
              std::uint8_t* out) {
  switch (width) {
    case 1:
      return Gather<std::uint8_t>(elements, indices, out);
    case 2:
      return Gather<std::uint16_t>(elements, indices, out);
    case 4:
      return Gather<std::uint32_t>(elements, indices, out);
    default:
      return Gather<std::uint64_t>(elements, indices, out);
  }
}

}  // namespace

void SymbolOrder::Sort(std::span<const std::uint8_t> symbols) {
  counts_.fill(0);
  for (const std::uint8_t symbol : symbols) ++counts_[symbol];
  std::exclusive_scan(counts_.begin(), counts_.end(), begins_.begin(), 0U);
  indices_.resize(symbols.size());
  std::array<std::uint32_t, 256> next = begins_;
  for (std::uint32_t i = 0; i < symbols.size(); ++i) indices_[next[symbols[i]]++] = i;
}

void SymbolPlanes::Make(std::size_t count, unsigned width) {
  stride_ = (count + 7) / 8 + 64;
  bytes_.resize(std::max(bytes_.size(), 8 * width * stride_));
  elements_.resize(std::max(elements_.size(), count * width + 64));
}

bool SignificanceEncoder::Plan(DType dtype, std::span<const std::byte> raw) {
  layout_ = SignificanceLayout{};
  layout_.format = FormatOf(dtype);
  if (!layout_.format.valid()) return false;
  const FloatFormat& format = layout_.format;
  dtype_ = dtype;
  count_ = static_cast<std::uint32_t>(raw.size() / SizeOf(dtype));
  elements_ = reinterpret_cast<const std::uint8_t*>(raw.data());
  const std::size_t n = layout_.components = raw.size() / format.width;
  const Kernels& kernels = ActiveKernels();
  const FloatScan scan =
      kernels.scan(elements_, n, format.width, format.mantissa_bits, format.exponent_bits);
  const bool any = scan.max_exponent != 0;
  const bool zero_rule = scan.zero_count >= std::max<std::size_t>(1, n / kZeroShare);
  layout_.map = {format.mantissa_bits, format.exponent_bits, any ? scan.min_exponent : 1,
                 zero_rule ? 1U : 0U};
  const unsigned span = any ? scan.max_exponent - layout_.map.first + 1 : 0;
  if (span + layout_.map.zero_rule > 255) return false;
  const std::uint64_t mantissa = scan.any_bits & ((std::uint64_t{1} << format.mantissa_bits) - 1);
  layout_.absent_mantissa =
      mantissa == 0 ? format.mantissa_bits : static_cast<unsigned>(std::countr_zero(mantissa));
  symbols_.resize(n + 64);
  kernels.to_symbols(elements_, n, format.width, layout_.map, symbols_.data());
  order_.Sort(std::span<const std::uint8_t>(symbols_).first(n));
  ChooseOrigin();
  return true;
}

// The first whole octave at which half of the signs are known.
void SignificanceEncoder::ChooseOrigin() {
  const SymbolCounts& counts = order_.counts();
  const std::size_t kept = layout_.components - (layout_.map.zero_rule != 0 ? counts[0] : 0);
  std::size_t known = 0;
  for (unsigned symbol = 255; symbol + 1 > layout_.map.zero_rule && 2 * known < kept; --symbol) {
    if (counts[symbol] == 0) continue;
    known += counts[symbol];
    layout_.origin = StepOf(layout_.format, layout_.ClassOf(symbol), 0) | 1U;
  }
}

std::vector<std::uint8_t> SignificanceEncoder::ChooseDepths() const {
  unsigned last = 0;  // the step at which all is known
  for (unsigned symbol = layout_.map.zero_rule; symbol < 256; ++symbol) {
    if (order_.counts()[symbol] == 0) continue;
    const unsigned of = layout_.ClassOf(symbol);
    last = std::max(last, StepOf(layout_.format, of, layout_.bit_count() - 1));
  }
  std::vector<std::uint8_t> depths;
  const auto add = [&](std::uint8_t depth) {
    if (layout_.origin + depth < last) depths.push_back(depth);
  };
  if (layout_.components >= kAllLevelsFrom) {
    std::ranges::for_each(kFineDepths, add);
  } else if (layout_.components >= kSomeLevelsFrom) {
    std::ranges::for_each(kCoarseDepths, add);
  }
  depths.push_back(kWholeDepth);
  return depths;
}

void SignificanceEncoder::PutBits(const BitPlaces& places, std::span<std::byte> bits) {
  const FloatFormat& format = layout_.format;
  for (unsigned symbol = layout_.map.zero_rule; symbol < 256; ++symbol) {
    const std::span<const std::uint32_t> indices = order_.Of(symbol);
    if (indices.empty()) continue;
    planes_.Make(indices.size(), format.width);
    GatherOf(format.width, elements_, indices, planes_.elements());
    std::uint8_t* plane[kMaxPlanes] = {};
    const auto plane_of = [&](unsigned bit) {
      return bit == 0 ? format.sign_bit() : format.mantissa_bits - bit;
    };
    for (unsigned bit = 0; bit < layout_.bit_count(); ++bit)
      plane[plane_of(bit)] = planes_.Of(plane_of(bit));
    ActiveKernels().to_planes(planes_.elements(), indices.size(), format.width, plane);
    for (unsigned bit = 0; bit < layout_.bit_count(); ++bit)
      InsertBits(plane[plane_of(bit)], indices.size(), places.Of(symbol, bit), bits);
  }
}

void SignificanceEncoder::Encode(ChunkHeader& header, std::vector<std::byte>& body) {
  header.mode = ChunkMode::kSignificance;
  header.dtype = dtype_;
  header.count = count_;
  header.level_count = 0;
  const auto symbols = std::span<const std::uint8_t>(symbols_).first(layout_.components);
  const SymbolEstimate estimate = symbol_encoder_.Estimate(symbols);
  const bool by_neighbour =
      estimate.neighbour_bits + layout_.components * kContextGainPer64 / 64 < estimate.plain_bits;
  layout_.context = by_neighbour ? SymbolContext::kNeighbour : SymbolContext::kNone;
  const unsigned highest = *std::ranges::max_element(symbols);
  const std::size_t begin = body.size();
  symbol_encoder_.Encode(layout_.context, symbols, std::max(highest, 1U), body);
  layout_.symbol_bytes = body.size() - begin;
  const std::vector<std::uint8_t> depths = ChooseDepths();
  const BitPlaces places(layout_, order_.counts(), depths);
  const std::vector<std::size_t>& sizes = places.level_bytes();
  std::size_t at = body.size();
  body.resize(at + std::accumulate(sizes.begin(), sizes.end(), std::size_t{0}));
  PutBits(places, std::span(body).subspan(at));
  for (std::size_t i = 0; i < depths.size(); ++i) {
    std::uint64_t checksum = Checksum(std::span(body).subspan(at, sizes[i]));
    if (i == 0) checksum ^= Checksum(std::as_bytes(symbols));
    header.AddLevelToDepth(depths[i], sizes[i] + (i == 0 ? layout_.symbol_bytes : 0), checksum);
    at += sizes[i];
  }
  WriteSignificanceLayout(layout_, header);
}

}  // namespace dlv::codec

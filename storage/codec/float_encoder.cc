#include <algorithm>
#include <bit>

#include "storage/codec/bit_stream.h"
#include "storage/codec/float_codec.h"
#include "storage/codec/signed_zeros.h"

namespace dlv::codec {
namespace {

// Coding neighbours is slower; it must save this much of an element's bits (in 1/64) to be worth
// it.
constexpr std::uint64_t kNeighbourGainPer64 = 9;

// The zero rule is used from this share of zeros on: below, it costs time for less than one per
// cent.
constexpr std::size_t kZeroRuleShare = 64;

// Signs are looked at in the middle of the chunk, this many of them.
constexpr std::size_t kSignSample = 1u << 14;

// The lowest bytes are looked at in the middle of the chunk; then the sum of squared counts must be
// that of even ones and one part in this many more, and what is saved one part of the chunk.
constexpr std::size_t kTailSample = 2048;
constexpr std::size_t kTailUnevenness = 12;
constexpr std::size_t kTailGain = 256;

// zstd levels for a look at the signs, at commit, for small chunks and for `archive`.
constexpr int kQuickZstd = 1;
constexpr int kGoodZstd = 12;
constexpr int kBestZstd = 19;

bool IsNarrow(const FloatFormat& format) { return format.width == 2 && format.mantissa_bits > 7; }

}  // namespace

unsigned FloatLayout::max_symbol() const {
  const unsigned top = (1u << format.exponent_bits) - 1;
  const unsigned symbol = top - map.first + 1 + map.zero_rule;
  return std::clamp(symbol, 1u, 255u);
}

unsigned FloatLayout::StoredPlanes(unsigned from, unsigned to) const {
  const unsigned stored = plane_bits() - absent_mantissa;
  return std::min(to, stored) - std::min(from, stored);
}

bool FloatEncoder::Plan(DType dtype, std::span<const std::byte> raw, SymbolEffort effort,
                        bool cold) {
  const FloatFormat format = FormatOf(dtype);
  if (!format.valid()) return false;
  dtype_ = dtype;
  effort_ = effort;
  cold_ = cold;
  count_ = static_cast<std::uint32_t>(raw.size() / SizeOf(dtype));
  elements_ = reinterpret_cast<const std::uint8_t*>(raw.data());
  const bool planned = PlanPlain(format);
  // The few mantissa bits of f16 are worth coding; of other types, the speed is worth more.
  if (!cold && !IsNarrow(format)) return planned;
  if (format.mantissa_bits < kWideBits) return planned;
  const std::size_t plain = estimated_bytes_;
  if (PlanFormat(WithWideSymbols(format), true) && (!planned || estimated_bytes_ < plain)) {
    return true;
  }
  return PlanPlain(format);
}

// Without wide symbols.
bool FloatEncoder::PlanPlain(const FloatFormat& format) {
  if (!PlanFormat(format, false)) return false;
  if (format.width >= 4) PlanTail();
  PlanCodedPlane();
  return true;
}

// Whether the lowest bytes of some elements in the middle are about as many of each value.
bool FloatEncoder::LowBytesLookEven() const {
  const std::size_t n = std::min(layout_.components, kTailSample);
  const std::uint8_t* at = elements_ + (layout_.components - n) / 2 * layout_.format.width;
  std::array<std::uint32_t, 256> counts{};
  for (std::size_t i = 0; i < n; ++i) ++counts[at[i * layout_.format.width]];
  std::uint64_t squares = 0;
  for (const std::uint64_t count : counts) squares += count * count;
  return squares * 256 < 256 * n + n * n + n * n / kTailUnevenness;
}

// Codes the lowest byte, where that saves enough for the readable levels which it takes away.
void FloatEncoder::PlanTail() {
  if (layout_.components < kSomeLevelsFrom || layout_.absent_mantissa != 0) return;
  if (LowBytesLookEven()) return;
  tail_.clear();
  for (std::size_t i = 0; i < layout_.components; ++i) {
    if (layout_.map.zero_rule != 0 && symbols_[i] == 0) continue;
    tail_.push_back(elements_[i * layout_.format.width]);
  }
  if (tail_.empty()) return;
  const std::size_t coded = static_cast<std::size_t>(tail_encoder_.Estimate(tail_).plain_bits / 8);
  const std::size_t planes = kTailBits * layout_.plane_bytes();
  if (coded + estimated_bytes_ / kTailGain >= planes) return;
  layout_.coded_tail = true;
  estimated_bytes_ -= planes - coded;
  plane_bytes_ -= planes;
}

bool FloatEncoder::PlanFormat(const FloatFormat& format, bool wide_symbols) {
  const std::size_t components = std::size_t{count_} * format.components;
  const bool signed_zeros = layout_.signed_zeros && elements_ == positive_.data();
  layout_ = FloatLayout{};
  layout_.format = format;
  layout_.components = components;
  layout_.wide_symbols = wide_symbols;
  layout_.signed_zeros = signed_zeros;
  const Kernels& kernels = ActiveKernels();
  const FloatScan scan =
      kernels.scan(elements_, components, format.width, format.mantissa_bits, format.exponent_bits);
  any_bits_ = scan.any_bits;
  layout_.map.exponent_shift = format.mantissa_bits;
  layout_.map.exponent_bits = format.exponent_bits;
  layout_.map.first = scan.max_exponent == 0 ? 1 : scan.min_exponent;
  const bool zero_rule = scan.zero_count >= std::max<std::size_t>(1, components / kZeroRuleShare);
  layout_.map.zero_rule = zero_rule ? 1 : 0;
  const std::uint32_t span = scan.max_exponent == 0 ? 0 : scan.max_exponent - layout_.map.first + 1;
  if (span + 1 > 255 && zero_rule && !signed_zeros) layout_.map.zero_rule = 0;
  if (span + layout_.map.zero_rule > 255) return false;
  highest_symbol_ = std::max(1u, span + layout_.map.zero_rule);
  layout_.kept = components - (layout_.map.zero_rule != 0 ? scan.zero_count : 0);
  layout_.sign_absent = ((any_bits_ >> format.sign_bit()) & 1) == 0;
  const std::uint64_t mantissa = any_bits_ & ((std::uint64_t{1} << format.mantissa_bits) - 1);
  layout_.absent_mantissa =
      mantissa == 0 ? format.mantissa_bits : static_cast<unsigned>(std::countr_zero(mantissa));
  symbols_.resize(components + 64);
  kernels.to_symbols(elements_, components, format.width, layout_.map, symbols_.data());
  ChooseContext();
  if (!signed_zeros && symbol_encoder_.CountOf(layout_.map.zero_rule) != 0 && TakeSignsOfZeros()) {
    return PlanFormat(format, wide_symbols);
  }
  return true;
}

// Where many elements are -0.0 (weights multiplied by a mask): makes them +0.0 and keeps the signs
// apart.
bool FloatEncoder::TakeSignsOfZeros() {
  const std::size_t n = layout_.components;
  const unsigned width = layout_.format.width;
  const std::size_t negative = CountNegativeZeros(elements_, n, width);
  if (negative < std::max<std::size_t>(1, n / kZeroRuleShare)) return false;
  positive_.assign(elements_, elements_ + n * width);
  SplitSignsOfZeros(n, width, positive_.data(), zero_signs_);
  elements_ = positive_.data();
  layout_.signed_zeros = true;
  return true;
}

bool FloatEncoder::TriesAll() const {
  return effort_ == SymbolEffort::kMost ||
         (effort_ == SymbolEffort::kFew && layout_.components < kTryAllBelow);
}

// Whether a part of the sign plane is shorter under zstd.
bool FloatEncoder::SignsRepeat() {
  if (layout_.sign_absent) return false;
  const std::size_t n = std::min(layout_.components, kSignSample);
  const std::size_t first = (layout_.components - n) / 2;
  sign_sample_.assign((n + 7) / 8, 0);
  std::uint8_t* plane[kMaxPlanes] = {};
  plane[layout_.format.sign_bit()] = sign_sample_.data();
  ActiveKernels().to_planes(elements_ + first * layout_.format.width, n, layout_.format.width,
                            plane);
  const auto sample = std::as_bytes(std::span(sign_sample_));
  return zstd_.Compress(sample, kQuickZstd).size() * 16 < sample.size() * 15;
}

// Counts symbols from one exponent lower (`by` 1), or from the old one again (-1).
void FloatEncoder::ShiftSymbols(int by) {
  layout_.map.first -= static_cast<std::uint32_t>(by);
  highest_symbol_ += static_cast<unsigned>(by);
  const unsigned fixed = layout_.map.zero_rule;
  for (std::size_t i = 0; i < layout_.components; ++i) {
    const int change = symbols_[i] > fixed ? by : 0;
    symbols_[i] = static_cast<std::uint8_t>(symbols_[i] + change);
  }
  symbol_encoder_.Estimate(std::span(symbols_).first(layout_.components));
}

// Tries zstd with even exponents and the odd ones above them as pairs, for context 3.
std::uint64_t FloatEncoder::TryZstd(std::uint64_t bits) {
  const bool paired = (layout_.map.first + layout_.map.zero_rule) % 2 == 1;
  const bool shift = !paired && layout_.map.first > 1 && highest_symbol_ < 254;
  if (shift) ShiftSymbols(1);
  const auto symbols = std::span<const std::uint8_t>(symbols_).first(layout_.components);
  if (const auto choice = symbol_encoder_.TryZstd(symbols, bits / 8, effort_)) {
    layout_.context = choice->context;
    return 8 * choice->size_bytes;
  }
  if (shift) ShiftSymbols(-1);
  return bits;
}

void FloatEncoder::ChooseContext() {
  const auto symbols = std::span<const std::uint8_t>(symbols_).first(layout_.components);
  const SymbolEstimate estimate = symbol_encoder_.Estimate(symbols);
  const std::uint64_t worth = layout_.components * kNeighbourGainPer64 / 64;
  const bool neighbour = estimate.neighbour_bits + worth < estimate.plain_bits;
  layout_.context = neighbour ? SymbolContext::kNeighbour : SymbolContext::kNone;
  std::uint64_t bits = neighbour ? estimate.neighbour_bits : estimate.plain_bits;
  // Exponents of one row may be those of another, as in optimizer state: so are the signs. In
  // weights neighbours are a little alike too, but nothing comes again.
  const bool alike = estimate.neighbour_bits < estimate.plain_bits / 8 * 7;
  signs_repeat_ = SignsRepeat();
  if (TriesAll() || alike || layout_.sign_absent || signs_repeat_) bits = TryZstd(bits);
  const unsigned planes = layout_.StoredPlanes(0, layout_.format.mantissa_bits);
  plane_bytes_ = planes * layout_.plane_bytes() + layout_.sign_bytes();
  estimated_bytes_ = static_cast<std::size_t>(bits / 8) + plane_bytes_;
}

void FloatEncoder::WritePayload(ChunkHeader& header) const {
  std::vector<std::byte> payload;
  const unsigned flags = layout_.map.zero_rule | (layout_.sign_absent ? FloatFlags::kNoSigns : 0) |
                         (static_cast<unsigned>(layout_.context) << FloatFlags::kContextShift) |
                         (layout_.coded_plane ? FloatFlags::kCodedPlane : 0) |
                         (layout_.signed_zeros ? FloatFlags::kSignedZeros : 0) |
                         (layout_.packed_sign_bytes != 0 ? FloatFlags::kPackedSigns : 0) |
                         (layout_.wide_symbols ? FloatFlags::kWideSymbols : 0);
  PutField(payload, static_cast<std::uint8_t>(flags));
  PutField(payload, static_cast<std::uint8_t>(layout_.absent_mantissa));
  PutField(payload, static_cast<std::uint16_t>(layout_.map.first));
  if (layout_.map.zero_rule != 0) PutVarint(payload, layout_.components - layout_.kept);
  if (layout_.packed_sign_bytes != 0) PutVarint(payload, layout_.packed_sign_bytes);
  header.SetPayload(payload);
}

// Appends the sign planes, then the mantissa planes.
void FloatEncoder::WritePlanes(std::vector<std::byte>& body) {
  const FloatFormat& format = layout_.format;
  const Kernels& kernels = ActiveKernels();
  const std::uint8_t* kept = elements_;
  if (layout_.map.zero_rule != 0) {
    kept_.resize(layout_.components * format.width + 64);
    kernels.keep_nonzero(elements_, layout_.components, format.width, kept_.data());
    kept = kept_.data();
  }
  const std::size_t plane_bytes = layout_.plane_bytes();
  const unsigned stored = layout_.StoredPlanes(0, format.mantissa_bits);
  const std::size_t start = body.size();
  body.resize(start + layout_.sign_bytes() + stored * plane_bytes);
  auto* next = reinterpret_cast<std::uint8_t*>(body.data() + start);
  std::uint8_t* plane[kMaxPlanes] = {};
  if (!layout_.sign_absent) {
    plane[format.sign_bit()] = next;
    next += plane_bytes;
  }
  if (layout_.signed_zeros) next = std::copy(zero_signs_.begin(), zero_signs_.end(), next);
  for (unsigned k = 0; k < stored; ++k, next += plane_bytes) {
    plane[format.mantissa_bits - 1 - k] = next;
  }
  kernels.to_planes(kept, layout_.kept, format.width, plane);
}

// Puts a zstd frame in the place of the sign planes at `at`, where that is clearly shorter.
void FloatEncoder::PackSigns(std::size_t at, std::vector<std::byte>& body) {
  const auto signs = std::span(body).subspan(at, layout_.sign_bytes());
  const std::size_t limit = signs.size() - signs.size() / 16;
  const std::size_t sample = std::min(signs.size(), kSignSample / 8);
  const auto part = signs.subspan((signs.size() - sample) / 2, sample);
  if (zstd_.Compress(part, kQuickZstd).size() >= sample - sample / 16) return;
  sign_checksum_ = Checksum(signs);
  const bool all = TriesAll();
  const auto frame = zstd_.Compress(signs, all ? kBestZstd : kGoodZstd);
  if (frame.empty() || frame.size() >= limit) return;
  layout_.packed_sign_bytes = frame.size();
  const auto rest = body.begin() + static_cast<std::ptrdiff_t>(at + signs.size());
  body.erase(std::copy(frame.begin(), frame.end(), body.begin() + static_cast<std::ptrdiff_t>(at)),
             rest);
}

// Of the planes of a level.
std::size_t FloatEncoder::LevelBytes(std::size_t level, unsigned from, unsigned to) const {
  const std::size_t planes = layout_.StoredPlanes(from, to) * layout_.plane_bytes();
  if (level != 1 || !layout_.coded_plane) return planes;
  return planes - layout_.plane_bytes() + coded_plane_.size();
}

void FloatEncoder::AddLevels(std::size_t level0, std::size_t symbol_end, std::size_t planes_end,
                             std::span<const std::byte> body, ChunkHeader& header) const {
  const FloatFormat& format = layout_.format;
  const MantissaLevels levels = MantissaLevelsOf(format, layout_.components, layout_.coded_tail);
  const auto symbols = std::span<const std::uint8_t>(symbols_).first(layout_.components);
  const std::size_t sign_bytes = layout_.stored_sign_bytes();
  std::size_t at = symbol_end + sign_bytes;
  unsigned known = 0;
  for (std::size_t i = 0; i < levels.count; ++i) {
    const unsigned bits = levels.bits[i];
    const bool last = i + 1 == levels.count;
    const std::size_t size =
        last && layout_.coded_tail ? body.size() - planes_end : LevelBytes(i, known, bits);
    std::uint64_t checksum = 0;
    if (!last && i == 0) {
      checksum = Checksum(std::as_bytes(symbols)) ^
                 (layout_.signs_apart() ? sign_checksum_ ^ Checksum(body.subspan(at, size))
                                        : Checksum(body.subspan(symbol_end, sign_bytes + size)));
    } else if (!last && i == 1 && layout_.coded_plane) {
      checksum = plane_checksum_;
    } else if (!last) {
      checksum = Checksum(body.subspan(at, size));
    }
    header.AddLevel(1 + format.exponent_bits + bits, i == 0 ? at + size - level0 : size, checksum);
    at += size;
    known = bits;
  }
}

void FloatEncoder::Encode(ChunkHeader& header, std::vector<std::byte>& body) {
  header.mode = layout_.coded_tail ? ChunkMode::kFloatTail : ChunkMode::kFloat;
  header.dtype = dtype_;
  header.count = count_;
  header.level_count = 0;
  const std::size_t level0 = body.size();
  const auto symbols = std::span<const std::uint8_t>(symbols_).first(layout_.components);
  symbol_encoder_.Encode(layout_.context, symbols, highest_symbol_, body);
  const std::size_t symbol_end = body.size();
  WritePlanes(body);
  if (layout_.signed_zeros) {
    sign_checksum_ = Checksum(std::span(body).subspan(symbol_end, layout_.sign_bytes()));
  }
  if (layout_.sign_bytes() != 0) PackSigns(symbol_end, body);
  if (layout_.coded_plane) CodePlane(symbol_end + layout_.stored_sign_bytes(), body);
  WritePayload(header);
  const std::size_t planes_end = body.size();
  if (layout_.coded_tail) tail_encoder_.Encode(SymbolContext::kNone, tail_, 255, body);
  AddLevels(level0, symbol_end, planes_end, body, header);
}

}  // namespace dlv::codec

#include <algorithm>
#include <string>

#include "storage/codec/byte_codec.h"
#include "storage/codec/chunk_codec.h"
#include "storage/codec/delta_codec.h"
#include "storage/codec/float_codec.h"
#include "storage/codec/integer_delta_codec.h"
#include "storage/codec/integer_delta_format.h"
#include "storage/codec/palette_codec.h"
#include "storage/codec/significance_codec.h"

namespace dlv::codec {
namespace {

// zstd levels: at commit, where a sample says that it pays, and for `archive`.
constexpr int kFastZstd = 3;
constexpr int kGoodZstd = 12;
constexpr int kBestZstd = 19;
constexpr int kLongSearchZstd = 18;  // of a sample; lesser levels overlook matches of one element

// A delta by this share smaller than the planes alone is not compared with planes whose symbols
// were looked at for long.
constexpr std::size_t kClearlySmaller = 16;

// A delta of integers by this share smaller than they are is not compared with anything in a hurry.
constexpr std::size_t kHardlyChanged = 8;

// A coding must save one per cent (docs/format/codec.md §1).
std::size_t WorthBytes(std::size_t raw_bytes) { return raw_bytes - raw_bytes / 100; }

SymbolEffort SymbolEffortOf(const EncodeOptions& options) {
  if (options.effort > 0) return SymbolEffort::kMost;
  if (options.hurry) return SymbolEffort::kHurry;
  return options.cluster ? SymbolEffort::kFew : SymbolEffort::kLeast;
}

SymbolEffort PaletteEffortOf(const EncodeOptions& options) {
  const SymbolEffort effort = SymbolEffortOf(options);
  return effort == SymbolEffort::kLeast ? SymbolEffort::kFew : effort;
}

Status CheckArguments(DType dtype, std::span<const std::byte> raw, std::span<const std::byte> base,
                      std::span<const std::byte> second_base) {
  const std::size_t element = SizeOf(dtype);
  const std::size_t count = raw.size() / element;
  if (raw.size() % element != 0 || count == 0 || count > kMaxChunkElements) {
    return Error{ErrorCode::kInvalidArgument, "chunk of " + std::to_string(raw.size()) +
                                                  " bytes, want 1 to 2^17 elements of " +
                                                  std::to_string(element)};
  }
  for (const auto& one : {base, second_base}) {
    if (one.empty() || one.size() == raw.size()) continue;
    return Error{ErrorCode::kInvalidArgument, "base of " + std::to_string(one.size()) +
                                                  " bytes, want " + std::to_string(raw.size())};
  }
  return Ok();
}

}  // namespace

struct ChunkEncoder::State {
  ByteEncoder bytes;
  FloatEncoder floats;
  SignificanceEncoder by_significance;
  PaletteEncoder palettes;
  DeltaEncoder deltas;
  IntegerDeltaEncoder integer_deltas;
  std::vector<std::byte> body;
  std::vector<std::byte> other;  // levels of a rival mode
  std::vector<std::byte> plain;
  ChunkHeader rival;

  void EncodeForced(const EncodeOptions& options, DType dtype, std::span<const std::byte> raw,
                    std::span<const std::byte> base, ChunkHeader& header);
  void EncodeNumbers(DType dtype, std::span<const std::byte> raw, std::span<const std::byte> base,
                     const EncodeOptions& options, ChunkHeader& header);
  struct FloatChoice {
    bool planned = false;   // planes are possible, and worth it,
    bool delta = false;     // but a delta is smaller, and there
    std::size_t limit = 0;  // what others have to be below
  };
  FloatChoice PlanesOrDelta(DType dtype, std::span<const std::byte> raw,
                            std::span<const std::byte> base, const EncodeOptions& options,
                            SymbolEffort effort, ChunkHeader& header);
  bool IsClearlyDelta(const FloatChoice& choice) const;
  void EncodeFloats(DType dtype, std::span<const std::byte> raw, std::span<const std::byte> base,
                    const EncodeOptions& options, ChunkHeader& header);
  void TryUsualPlanes(ChunkHeader& header);
  void TrySecondBits(DType dtype, std::span<const std::byte> raw, std::span<const std::byte> base,
                     ChunkHeader& header);
  void TryFewValues(DType dtype, std::span<const std::byte> raw, const EncodeOptions& options,
                    std::size_t limit, ChunkHeader& header);
  void TryRepeatedBytes(DType dtype, std::span<const std::byte> raw, const EncodeOptions& options,
                        std::size_t limit, ChunkHeader& header);
  bool TryTwoBases(DType dtype, std::span<const std::byte> raw, std::span<const std::byte> base,
                   std::span<const std::byte> second_base, std::size_t limit);
  bool TryPalette(DType dtype, std::span<const std::byte> raw, const EncodeOptions& options,
                  std::size_t limit);
  bool TryZstd(DType dtype, std::span<const std::byte> raw, int level, std::size_t limit);
  bool TryHurriedZstd(DType dtype, std::span<const std::byte> raw, std::size_t limit);
  void TryBySignificance(DType dtype, std::span<const std::byte> raw, ChunkHeader& header);
  void TakeRival(ChunkHeader& header);
};

bool RepeatsItself(DType dtype, std::span<const std::byte> raw) {
  constexpr std::size_t kFewest = 256;  // components; fewer are not worth a chunk of their own
  const FloatFormat format = FormatOf(dtype);
  if (!format.valid() || raw.size() < kFewest * format.width) return false;
  return IsConstant(dtype, raw) || LooksRepetitive(dtype, raw, 0);
}

ChunkEncoder::ChunkEncoder() : state_(std::make_unique<State>()) {}
ChunkEncoder::~ChunkEncoder() = default;
ChunkEncoder::ChunkEncoder(ChunkEncoder&&) noexcept = default;
ChunkEncoder& ChunkEncoder::operator=(ChunkEncoder&&) noexcept = default;

void ChunkEncoder::State::EncodeForced(const EncodeOptions& encode_options, DType dtype,
                                       std::span<const std::byte> raw,
                                       std::span<const std::byte> base, ChunkHeader& header) {
  const ChunkMode mode = *encode_options.force_mode;
  bool done = false;
  const std::size_t limit = raw.size();
  switch (mode) {
    case ChunkMode::kRaw:
      break;
    case ChunkMode::kConstant:
      done = IsConstant(dtype, raw);
      if (done) bytes.EncodeConstant(dtype, raw, header);
      break;
    case ChunkMode::kLz4:
      done = bytes.EncodeLz4(dtype, raw, limit, header, body);
      break;
    case ChunkMode::kZstd:
      done = bytes.EncodeZstd(dtype, raw, kFastZstd, limit, header, body);
      break;
    case ChunkMode::kGroupedZstd:
      done = bytes.EncodeGrouped(dtype, raw, kFastZstd, limit, header, body);
      break;
    case ChunkMode::kFloat:
    case ChunkMode::kFloatTail:  // where the elements suggest it
      done = floats.Plan(dtype, raw, SymbolEffort::kFew, encode_options.cold);
      if (done) floats.Encode(header, body);
      break;
    case ChunkMode::kSignificance:
      done = by_significance.Plan(dtype, raw);
      if (done) by_significance.Encode(header, body);
      break;
    case ChunkMode::kPalette:
      done = palettes.Plan(dtype, raw, SymbolEffort::kFew);
      if (done) palettes.Encode(header, body);
      break;
    case ChunkMode::kDeltaUnsplit:
      break;
    case ChunkMode::kIntegerDelta:
      done = !base.empty() && SupportsIntegerDelta(dtype) &&
             integer_deltas.Encode(dtype, raw, base, limit, SymbolEffort::kFew, header, body);
      break;
    case ChunkMode::kDelta:
    case ChunkMode::kDeltaSecond: {
      DeltaOptions options;
      options.limit_bytes = limit;
      options.second_bits = mode == ChunkMode::kDeltaSecond;
      done = !base.empty() && SupportsDelta(dtype) &&
             deltas.Encode(dtype, raw, base, options, header, body);
      break;
    }
  }
  if (!done || body.size() > limit) {
    body.clear();
    header = ChunkHeader{};
    bytes.EncodeRaw(dtype, raw, header, body);
  }
}

// Puts `rival` and `other` in the place of what there is.
void ChunkEncoder::State::TakeRival(ChunkHeader& header) {
  header = rival;
  body.swap(other);
}

// Leaves a delta that is predicted from two bases in `rival` and `other`, if that is below `limit`.
bool ChunkEncoder::State::TryTwoBases(DType dtype, std::span<const std::byte> raw,
                                      std::span<const std::byte> base,
                                      std::span<const std::byte> second_base, std::size_t limit) {
  if (second_base.empty() || !CanExtrapolate(dtype)) return false;
  DeltaOptions options;
  options.limit_bytes = limit;
  options.second_base = second_base;
  rival = ChunkHeader{};
  other.clear();
  return deltas.Encode(dtype, raw, base, options, rival, other);
}

// Leaves few values as a palette in `rival` and `other`, if that is below `limit`.
bool ChunkEncoder::State::TryPalette(DType dtype, std::span<const std::byte> raw,
                                     const EncodeOptions& options, std::size_t limit) {
  if (!palettes.Plan(dtype, raw, PaletteEffortOf(options))) return false;
  if (palettes.estimated_bytes() >= limit) return false;
  rival = ChunkHeader{};
  other.clear();
  palettes.Encode(rival, other);
  return other.size() < limit;
}

// Does so with zstd: the elements as they are, or their bytes grouped.
bool ChunkEncoder::State::TryZstd(DType dtype, std::span<const std::byte> raw, int level,
                                  std::size_t limit) {
  rival = ChunkHeader{};
  other.clear();
  bool done = FullPlanes(dtype) > 8 && bytes.EncodeGrouped(dtype, raw, level, limit, rival, other);
  if (done) limit = other.size();
  // Whole repeated elements are shorter to name than their bytes apart.
  plain.clear();
  ChunkHeader plain_header;
  if (bytes.EncodeZstd(dtype, raw, level, limit, plain_header, plain)) {
    other.swap(plain);
    rival = plain_header;
    done = true;
  }
  return done;
}

// The one of both that promises more, at a low level.
bool ChunkEncoder::State::TryHurriedZstd(DType dtype, std::span<const std::byte> raw,
                                         std::size_t limit) {
  const std::size_t plain_bytes = bytes.EstimateZstd(dtype, raw, kShortMatches);
  const std::size_t grouped_bytes =
      FullPlanes(dtype) > 8 ? bytes.EstimateGrouped(dtype, raw) : plain_bytes;
  if (std::min(plain_bytes, grouped_bytes) >= limit) return false;
  rival = ChunkHeader{};
  other.clear();
  return plain_bytes <= grouped_bytes
             ? bytes.EncodeZstd(dtype, raw, kShortMatches, limit, rival, other)
             : bytes.EncodeGrouped(dtype, raw, kFastZstd, limit, rival, other);
}

// Integers, booleans and bytes of unknown meaning: a delta, a palette, zstd, LZ4 when that is as
// good; else raw.
void ChunkEncoder::State::EncodeNumbers(DType dtype, std::span<const std::byte> raw,
                                        std::span<const std::byte> base,
                                        const EncodeOptions& options, ChunkHeader& header) {
  std::size_t limit = WorthBytes(raw.size());
  const bool is_delta =
      !base.empty() &&
      integer_deltas.Encode(dtype, raw, base, limit, PaletteEffortOf(options), header, body);
  if (is_delta) limit = body.size();
  const bool in_hurry = options.effort == 0 && options.hurry;
  if (is_delta && in_hurry && limit * kHardlyChanged <= raw.size()) return;
  const auto take = [&] {
    TakeRival(header);
    limit = body.size();
  };
  if (TryPalette(dtype, raw, options, limit)) take();
  if (TryZstd(dtype, raw, kFastZstd, body.empty() && !is_delta ? limit + limit / 8 : limit)) {
    if (other.size() < limit) take();
    const bool all = options.effort > 0 || raw.size() < kTryAllBelow * SizeOf(dtype);
    if (!in_hurry && TryZstd(dtype, raw, all ? kBestZstd : kGoodZstd, limit)) take();
  }
  if (body.empty() && !is_delta) return bytes.EncodeRaw(dtype, raw, header, body);
  other.clear();
  if (bytes.EncodeLz4(dtype, raw, limit, rival, other)) TakeRival(header);
}

// Masked, quantised and repeated values: a palette, zstd. `limit`: what they have to be clearly
// below.
void ChunkEncoder::State::TryFewValues(DType dtype, std::span<const std::byte> raw,
                                       const EncodeOptions& options, std::size_t limit,
                                       ChunkHeader& header) {
  if (TryPalette(dtype, raw, options, limit - limit / 128)) {
    TakeRival(header);
    limit = body.size();
  }
  const std::size_t clearly_less = limit - limit / 128;
  if (options.effort == 0 && options.hurry) {
    if (TryHurriedZstd(dtype, raw, clearly_less)) TakeRival(header);
    return;
  }
  const bool many_come_again = header.mode == ChunkMode::kPalette && palettes.value_count() > 256;
  const bool promising = many_come_again || bytes.EstimateGrouped(dtype, raw) < clearly_less ||
                         bytes.EstimateZstd(dtype, raw, kLongSearchZstd) < clearly_less;
  if (promising && TryZstd(dtype, raw, kBestZstd, clearly_less)) TakeRival(header);
}

// Values that do not come again but for parts of them: bytes grouped.
void ChunkEncoder::State::TryRepeatedBytes(DType dtype, std::span<const std::byte> raw,
                                           const EncodeOptions& options, std::size_t limit,
                                           ChunkHeader& header) {
  const std::size_t clearly_less = limit - limit / 128;
  if (options.effort == 0 && options.hurry) {
    if (TryHurriedZstd(dtype, raw, clearly_less)) TakeRival(header);
  } else if (bytes.EstimateGrouped(dtype, raw) < clearly_less &&
             TryZstd(dtype, raw, kBestZstd, clearly_less)) {
    TakeRival(header);
  }
}

// In the place of wide symbols, which the estimate took for smaller.
void ChunkEncoder::State::TryUsualPlanes(ChunkHeader& header) {
  if (!floats.PlanWithoutWideSymbols()) return;
  rival = ChunkHeader{};
  other.clear();
  floats.Encode(rival, other);
  if (other.size() <= body.size()) TakeRival(header);
}

// The delta that there is once more, with second bits, where that is shorter.
void ChunkEncoder::State::TrySecondBits(DType dtype, std::span<const std::byte> raw,
                                        std::span<const std::byte> base, ChunkHeader& header) {
  if (body.empty()) return;  // equal to its base
  DeltaOptions options;
  options.limit_bytes = body.size() + kMaxHeaderBytes;
  options.second_bits = true;
  rival = ChunkHeader{};
  other.clear();
  if (deltas.Encode(dtype, raw, base, options, rival, other) && other.size() < body.size()) {
    TakeRival(header);
  }
}

// The smaller of planes and delta; of planes `floats` knows what they would take.
ChunkEncoder::State::FloatChoice ChunkEncoder::State::PlanesOrDelta(
    DType dtype, std::span<const std::byte> raw, std::span<const std::byte> base,
    const EncodeOptions& options, SymbolEffort effort, ChunkHeader& header) {
  FloatChoice choice;
  choice.limit = WorthBytes(raw.size());
  choice.planned =
      floats.Plan(dtype, raw, effort, options.cold) && floats.estimated_bytes() < choice.limit;
  if (choice.planned) choice.limit = floats.estimated_bytes();
  if (base.empty() || !SupportsDelta(dtype)) return choice;
  DeltaOptions delta_options;
  delta_options.limit_bytes = choice.limit;
  choice.delta = deltas.Encode(dtype, raw, base, delta_options, header, body);
  const std::size_t now = choice.delta ? body.size() : choice.limit;
  if (TryTwoBases(dtype, raw, base, options.second_base, now - now / 200)) {
    TakeRival(header);
    choice.delta = true;
  }
  return choice;
}

// Whether the delta that there is is so small that planes cannot be, however long zstd looks at
// their symbols.
bool ChunkEncoder::State::IsClearlyDelta(const FloatChoice& choice) const {
  return choice.delta && choice.planned && !floats.signs_repeat() &&
         body.size() + body.size() / kClearlySmaller < floats.plane_bytes();
}

void ChunkEncoder::State::EncodeFloats(DType dtype, std::span<const std::byte> raw,
                                       std::span<const std::byte> base,
                                       const EncodeOptions& options, ChunkHeader& header) {
  const SymbolEffort effort = SymbolEffortOf(options);
  const bool takes_long = effort == SymbolEffort::kMost && !base.empty();
  FloatChoice choice;
  if (takes_long) choice = PlanesOrDelta(dtype, raw, base, options, SymbolEffort::kLeast, header);
  if (!takes_long || !IsClearlyDelta(choice)) {
    body.clear();
    header = ChunkHeader{};
    choice = PlanesOrDelta(dtype, raw, base, options, effort, header);
  }
  const auto [planned, delta, least_bytes] = choice;
  std::size_t limit = least_bytes;
  if (delta && options.cold) TrySecondBits(dtype, raw, base, header);
  if (!delta && planned) {
    floats.Encode(header, body);
    if (options.cold && HasWideSymbols(header)) TryUsualPlanes(header);
  }
  if (delta && planned && floats.signs_repeat()) {
    rival = ChunkHeader{};
    other.clear();
    floats.Encode(rival, other);
    if (other.size() < body.size()) TakeRival(header);
  }
  if (delta || planned) limit = std::min(limit, body.size());
  const unsigned absent = floats.layout().absent_mantissa;
  const bool small_type = SizeOf(dtype) == 1;  // its mantissa has few bits, but not noise
  if (small_type || LooksRepetitive(dtype, raw, absent)) {
    TryFewValues(dtype, raw, options, limit, header);
  } else if (options.effort > 0 || (planned && floats.repeats())) {
    TryRepeatedBytes(dtype, raw, options, limit, header);
  }
  // A delta without bytes is the base.
  if ((body.empty() && !delta) || body.size() >= WorthBytes(raw.size())) {
    body.clear();
    header = ChunkHeader{};
    bytes.EncodeRaw(dtype, raw, header, body);
  }
}

/// Symbols that repeat are coded for less as planes than by significance. By so little, a share of
/// the chunk, that does not count.
constexpr std::size_t kLeastRepeated = 32;

// In the place of planes, where there are levels of them. An uneven tail is given up for that.
void ChunkEncoder::State::TryBySignificance(DType dtype, std::span<const std::byte> raw,
                                            ChunkHeader& header) {
  const bool has_planes = header.mode == ChunkMode::kFloat || header.mode == ChunkMode::kFloatTail;
  if (!has_planes || header.level_count == 1) return;
  const FloatLayout& planes = floats.layout();
  if (planes.sign_absent || planes.signed_zeros) return;
  if (!by_significance.Plan(dtype, raw)) return;
  rival = ChunkHeader{};
  other.clear();
  by_significance.Encode(rival, other);
  if (floats.repeats() && other.size() > body.size() + body.size() / kLeastRepeated) return;
  if (other.size() < WorthBytes(raw.size())) TakeRival(header);
}

Status ChunkEncoder::Encode(DType dtype, std::span<const std::byte> raw,
                            std::span<const std::byte> base, const EncodeOptions& options,
                            EncodedChunk& out) {
  DLV_TRY(CheckArguments(dtype, raw, base, options.second_base));
  State& state = *state_;
  state.body.clear();
  ChunkHeader header;
  if (options.force_mode.has_value()) {
    state.EncodeForced(options, dtype, raw, base, header);
  } else if (IsConstant(dtype, raw)) {
    state.bytes.EncodeConstant(dtype, raw, header);
  } else if (FormatOf(dtype).valid()) {
    state.EncodeFloats(dtype, raw, base, options, header);
    if (options.by_significance) state.TryBySignificance(dtype, raw, header);
  } else {
    state.EncodeNumbers(dtype, raw, base, options, header);
  }
  header.level_table[header.level_count - 1u].checksum = Checksum(raw);
  header.short_checksums = header.level_count > 1 && header.count >= kWideChecksumElements &&
                           header.count < kShortChecksumsBelow;
  out.bytes.clear();
  WriteChunkHeader(header, out.bytes);
  out.bytes.insert(out.bytes.end(), state.body.begin(), state.body.end());
  out.header = header;
  return Ok();
}

}  // namespace dlv::codec

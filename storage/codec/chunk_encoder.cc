#include <algorithm>
#include <string>

#include "storage/codec/byte_codec.h"
#include "storage/codec/chunk_codec.h"
#include "storage/codec/delta_codec.h"
#include "storage/codec/float_codec.h"

namespace dlv::codec {
namespace {

// zstd levels: at commit, where a sample says that it pays, and for `archive`.
constexpr int kFastZstd = 3;
constexpr int kGoodZstd = 12;
constexpr int kBestZstd = 19;

// A coding must save one per cent (docs/format/codec.md §1).
std::size_t WorthBytes(std::size_t raw_bytes) { return raw_bytes - raw_bytes / 100; }

Status CheckArguments(DType dtype, std::span<const std::byte> raw,
                      std::span<const std::byte> base) {
  const std::size_t element = SizeOf(dtype);
  const std::size_t count = raw.size() / element;
  if (raw.size() % element != 0 || count == 0 || count > kMaxChunkElements) {
    return Error{ErrorCode::kInvalidArgument, "chunk of " + std::to_string(raw.size()) +
                                                  " bytes, want 1 to 2^17 elements of " +
                                                  std::to_string(element)};
  }
  if (!base.empty() && base.size() != raw.size()) {
    return Error{ErrorCode::kInvalidArgument, "base of " + std::to_string(base.size()) +
                                                  " bytes, want " + std::to_string(raw.size())};
  }
  return Ok();
}

}  // namespace

struct ChunkEncoder::State {
  ByteEncoder bytes;
  FloatEncoder floats;
  DeltaEncoder deltas;
  std::vector<std::byte> body;
  std::vector<std::byte> other;  // levels of a rival mode
  ChunkHeader rival;

  void EncodeForced(ChunkMode mode, DType dtype, std::span<const std::byte> raw,
                    std::span<const std::byte> base, ChunkHeader& header);
  void EncodeNumbers(DType dtype, std::span<const std::byte> raw, int effort, ChunkHeader& header);
  void EncodeFloats(DType dtype, std::span<const std::byte> raw, std::span<const std::byte> base,
                    const EncodeOptions& options, ChunkHeader& header);
  bool TryGrouped(DType dtype, std::span<const std::byte> raw, int effort, std::size_t limit,
                  ChunkHeader& header);
};

ChunkEncoder::ChunkEncoder() : state_(std::make_unique<State>()) {}
ChunkEncoder::~ChunkEncoder() = default;
ChunkEncoder::ChunkEncoder(ChunkEncoder&&) noexcept = default;
ChunkEncoder& ChunkEncoder::operator=(ChunkEncoder&&) noexcept = default;

void ChunkEncoder::State::EncodeForced(ChunkMode mode, DType dtype, std::span<const std::byte> raw,
                                       std::span<const std::byte> base, ChunkHeader& header) {
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
      done = floats.Plan(dtype, raw);
      if (done) floats.Encode(header, body);
      break;
    case ChunkMode::kDeltaUnsplit:
      break;
    case ChunkMode::kDelta: {
      DeltaOptions options;
      options.limit_bytes = limit;
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

// Integers, booleans and bytes of unknown meaning: plain zstd or grouped, LZ4 when that is as good,
// else raw.
void ChunkEncoder::State::EncodeNumbers(DType dtype, std::span<const std::byte> raw, int effort,
                                        ChunkHeader& header) {
  const int level = effort > 0 ? kBestZstd : kFastZstd;
  std::size_t limit = WorthBytes(raw.size());
  bool done = bytes.EncodeZstd(dtype, raw, level, limit, header, body);
  if (done) limit = body.size();
  if (FullPlanes(dtype) > 8) {
    other.clear();
    ChunkHeader grouped;
    if (bytes.EncodeGrouped(dtype, raw, level, limit, grouped, other)) {
      header = grouped;
      body.swap(other);
      limit = body.size();
      done = true;
    }
  }
  if (done) {
    other.clear();
    ChunkHeader fast;
    if (bytes.EncodeLz4(dtype, raw, limit + limit / 50, fast, other)) {
      header = fast;
      body.swap(other);
    }
    return;
  }
  bytes.EncodeRaw(dtype, raw, header, body);
}

// Masks, quantised and repeated values: zstd finds what exponent coding cannot. Leaves the result
// in `other`.
bool ChunkEncoder::State::TryGrouped(DType dtype, std::span<const std::byte> raw, int effort,
                                     std::size_t limit, ChunkHeader& header) {
  const int level = effort > 0 ? kBestZstd : kGoodZstd;
  other.clear();
  bool done = bytes.EncodeGrouped(dtype, raw, level, limit, header, other);
  const std::size_t grouped = done ? other.size() : limit;
  if (done && grouped * 2 > raw.size() && effort == 0) return true;
  // Whole repeated elements are shorter to name than their bytes apart.
  std::vector<std::byte> plain;
  ChunkHeader plain_header;
  if (bytes.EncodeZstd(dtype, raw, level, grouped - grouped / 32, plain_header, plain)) {
    other.swap(plain);
    header = plain_header;
    done = true;
  }
  return done;
}

void ChunkEncoder::State::EncodeFloats(DType dtype, std::span<const std::byte> raw,
                                       std::span<const std::byte> base,
                                       const EncodeOptions& options, ChunkHeader& header) {
  std::size_t limit = WorthBytes(raw.size());
  const bool planned = floats.Plan(dtype, raw) && floats.estimated_bytes() < limit;
  if (planned) limit = floats.estimated_bytes();
  bool delta = false;
  if (!base.empty() && SupportsDelta(dtype)) {
    DeltaOptions delta_options;
    delta_options.limit_bytes = limit;
    delta = deltas.Encode(dtype, raw, base, delta_options, header, body);
  }
  if (!delta && planned) floats.Encode(header, body);
  if (delta || planned) limit = std::min(limit, body.size());
  const std::size_t clearly_less = limit - limit / 128;
  const unsigned absent = floats.layout().absent_mantissa;
  const bool promising = options.effort > 0 || (LooksRepetitive(dtype, raw, absent) &&
                                                bytes.EstimateGrouped(dtype, raw) < clearly_less);
  if (promising && TryGrouped(dtype, raw, options.effort, clearly_less, rival)) {
    header = rival;
    body.swap(other);
    return;
  }
  if (body.empty() || body.size() >= WorthBytes(raw.size())) {
    body.clear();
    header = ChunkHeader{};
    bytes.EncodeRaw(dtype, raw, header, body);
  }
}

Status ChunkEncoder::Encode(DType dtype, std::span<const std::byte> raw,
                            std::span<const std::byte> base, const EncodeOptions& options,
                            EncodedChunk& out) {
  DLV_TRY(CheckArguments(dtype, raw, base));
  State& state = *state_;
  state.body.clear();
  ChunkHeader header;
  if (options.force_mode.has_value()) {
    state.EncodeForced(*options.force_mode, dtype, raw, base, header);
  } else if (IsConstant(dtype, raw)) {
    state.bytes.EncodeConstant(dtype, raw, header);
  } else if (FormatOf(dtype).valid()) {
    state.EncodeFloats(dtype, raw, base, options, header);
  } else {
    state.EncodeNumbers(dtype, raw, options.effort, header);
  }
  header.level_table[header.level_count - 1u].checksum = Checksum(raw);
  out.bytes.clear();
  WriteChunkHeader(header, out.bytes);
  out.bytes.insert(out.bytes.end(), state.body.begin(), state.body.end());
  out.header = header;
  return Ok();
}

}  // namespace dlv::codec

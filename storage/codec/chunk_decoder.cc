#include <string>

#include "storage/codec/byte_codec.h"
#include "storage/codec/chunk_codec.h"
#include "storage/codec/delta_codec.h"
#include "storage/codec/float_codec.h"
#include "storage/codec/integer_delta_codec.h"
#include "storage/codec/palette_codec.h"
#include "storage/codec/significance_codec.h"

namespace dlv::codec {
namespace {

Status CheckArguments(const ChunkHeader& header, std::span<const std::byte> prefix,
                      std::size_t level, std::span<const std::byte> base,
                      std::span<const std::byte> second_base, std::span<const std::byte> out) {
  const auto bad = [](const std::string& what, std::size_t got, std::size_t want) {
    return Error{
        ErrorCode::kInvalidArgument,
        "decoding a chunk: " + what + " " + std::to_string(got) + ", want " + std::to_string(want)};
  };
  if (level >= header.level_count) return bad("level", level, header.level_count - 1u);
  if (out.size() != header.raw_bytes()) return bad("output bytes", out.size(), header.raw_bytes());
  if (header.needs_base && base.size() != out.size()) {
    return bad("base bytes", base.size(), out.size());
  }
  if (header.needs_second_base && second_base.size() != out.size()) {
    return bad("bytes of the second base", second_base.size(), out.size());
  }
  if (prefix.size() < header.PrefixBytes(level)) {
    return Error{ErrorCode::kCorruption, "chunk has " + std::to_string(prefix.size()) +
                                             " bytes, want " +
                                             std::to_string(header.PrefixBytes(level))};
  }
  return Ok();
}

}  // namespace

struct ChunkDecoder::State {
  ByteDecoder bytes;
  FloatDecoder floats;
  SignificanceDecoder by_significance;
  PaletteDecoder palettes;
  DeltaDecoder deltas;
  IntegerDeltaDecoder integer_deltas;
};

ChunkDecoder::ChunkDecoder() : state_(std::make_unique<State>()) {}
ChunkDecoder::~ChunkDecoder() = default;
ChunkDecoder::ChunkDecoder(ChunkDecoder&&) noexcept = default;
ChunkDecoder& ChunkDecoder::operator=(ChunkDecoder&&) noexcept = default;

Status ChunkDecoder::Decode(const ChunkHeader& header, std::span<const std::byte> prefix,
                            std::size_t level, std::span<const std::byte> base,
                            std::span<std::byte> out, std::span<const std::byte> second_base) {
  DLV_TRY(CheckArguments(header, prefix, level, base, second_base, out));
  const auto body =
      prefix.subspan(header.header_bytes, header.PrefixBytes(level) - header.header_bytes);
  switch (header.mode) {
    case ChunkMode::kFloat:
    case ChunkMode::kFloatTail:
      DLV_TRY(state_->floats.Decode(header, body, level, out));
      break;
    case ChunkMode::kSignificance:
      DLV_TRY(state_->by_significance.Decode(header, body, level, out));
      break;
    case ChunkMode::kPalette:
      DLV_TRY(state_->palettes.Decode(header, body, out));
      break;
    case ChunkMode::kDelta:
    case ChunkMode::kDeltaUnsplit:
    case ChunkMode::kDeltaSecond:
      if (!header.needs_base) return Error{ErrorCode::kCorruption, "delta chunk without a base"};
      DLV_TRY(state_->deltas.Decode(header, body, level, base, second_base, out));
      break;
    case ChunkMode::kIntegerDelta:
      if (!header.needs_base) return Error{ErrorCode::kCorruption, "delta chunk without a base"};
      DLV_TRY(state_->integer_deltas.Decode(header, body, base, out));
      break;
    default:
      DLV_TRY(state_->bytes.Decode(header, body, level, out));
      break;
  }
  if (level + 1u == header.level_count && !ChecksumMatches(header, level, Checksum(out))) {
    return Error{ErrorCode::kCorruption, "chunk: checksum of the decoded elements differs"};
  }
  return Ok();
}

}  // namespace dlv::codec

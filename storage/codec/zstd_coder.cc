#include "storage/codec/zstd_coder.h"

#include <zstd.h>

#include <string>

namespace dlv::codec {
namespace {

/// The parameters stay in the context, but ZSTD_compressCCtx heeds none.
std::size_t CompressShortMatches(ZSTD_CCtx* context, std::span<std::byte> out,
                                 std::span<const std::byte> bytes) {
  ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, 1);
  ZSTD_CCtx_setParameter(context, ZSTD_c_strategy, ZSTD_fast);
  ZSTD_CCtx_setParameter(context, ZSTD_c_minMatch, 4);
  ZSTD_CCtx_setParameter(context, ZSTD_c_hashLog, 17);
  return ZSTD_compress2(context, out.data(), out.size(), bytes.data(), bytes.size());
}

}  // namespace

struct ZstdCompressor::Context {
  ZSTD_CCtx* zstd = ZSTD_createCCtx();
  ~Context() { ZSTD_freeCCtx(zstd); }
};

ZstdCompressor::ZstdCompressor() : context_(std::make_unique<Context>()) {}
ZstdCompressor::~ZstdCompressor() = default;
ZstdCompressor::ZstdCompressor(ZstdCompressor&&) noexcept = default;
ZstdCompressor& ZstdCompressor::operator=(ZstdCompressor&&) noexcept = default;

std::span<const std::byte> ZstdCompressor::Compress(std::span<const std::byte> bytes, int level) {
  const std::size_t bound = ZSTD_compressBound(bytes.size());
  if (frame_.size() < bound) frame_.resize(bound);
  const std::size_t size = level == kShortMatches
                               ? CompressShortMatches(context_->zstd, frame_, bytes)
                               : ZSTD_compressCCtx(context_->zstd, frame_.data(), frame_.size(),
                                                   bytes.data(), bytes.size(), level);
  return std::span(frame_).first(ZSTD_isError(size) != 0 ? 0 : size);
}

struct ZstdDecompressor::Context {
  ZSTD_DCtx* zstd = ZSTD_createDCtx();
  ~Context() { ZSTD_freeDCtx(zstd); }
};

ZstdDecompressor::ZstdDecompressor() : context_(std::make_unique<Context>()) {}
ZstdDecompressor::~ZstdDecompressor() = default;
ZstdDecompressor::ZstdDecompressor(ZstdDecompressor&&) noexcept = default;
ZstdDecompressor& ZstdDecompressor::operator=(ZstdDecompressor&&) noexcept = default;

Status ZstdDecompressor::Decompress(std::span<const std::byte> frame, std::span<std::byte> out) {
  const std::size_t size =
      ZSTD_decompressDCtx(context_->zstd, out.data(), out.size(), frame.data(), frame.size());
  if (ZSTD_isError(size) != 0) {
    return Error{ErrorCode::kCorruption, std::string("chunk: zstd: ") + ZSTD_getErrorName(size)};
  }
  if (size == out.size()) return Ok();
  return Error{ErrorCode::kCorruption, "chunk: zstd gave " + std::to_string(size) +
                                           " bytes, want " + std::to_string(out.size())};
}

}  // namespace dlv::codec

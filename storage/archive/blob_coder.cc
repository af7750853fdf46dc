#include "storage/archive/blob_coder.h"

#include <zstd.h>

#include <cstring>
#include <string>

#include "storage/io/hash.h"

namespace dlv::archive {
namespace {

// A frame and its prefix are at most 3 MiB: a window of 4 MiB sees all of both.
constexpr int kPrefixWindowLog = 22;

struct FreeCompressor {
  void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
};
struct FreeDecompressor {
  void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
};

}  // namespace

struct BlobCoder::State {
  int level = 3;
  std::unique_ptr<ZSTD_CCtx, FreeCompressor> compressor;
  std::unique_ptr<ZSTD_DCtx, FreeDecompressor> decompressor;
};

BlobCoder::BlobCoder(int zstd_level) : state_(std::make_unique<State>()) {
  state_->level = zstd_level;
}
BlobCoder::~BlobCoder() = default;
BlobCoder::BlobCoder(BlobCoder&&) noexcept = default;
BlobCoder& BlobCoder::operator=(BlobCoder&&) noexcept = default;

Result<std::vector<std::byte>> BlobCoder::Encode(std::span<const std::byte> raw,
                                                 std::span<const std::byte> prefix) {
  if (!state_->compressor) state_->compressor.reset(ZSTD_createCCtx());
  ZSTD_CCtx* const context = state_->compressor.get();
  DLV_CHECK(context != nullptr, "memory for a zstd context");
  ZSTD_CCtx_reset(context, ZSTD_reset_session_and_parameters);
  ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, state_->level);
  if (!prefix.empty()) {
    ZSTD_CCtx_setParameter(context, ZSTD_c_windowLog, kPrefixWindowLog);
    ZSTD_CCtx_setParameter(context, ZSTD_c_enableLongDistanceMatching, 1);
    ZSTD_CCtx_refPrefix(context, prefix.data(), prefix.size());
  }
  std::vector<std::byte> coded(ZSTD_compressBound(raw.size()));
  const std::size_t size =
      ZSTD_compress2(context, coded.data(), coded.size(), raw.data(), raw.size());
  if (ZSTD_isError(size) != 0) {
    return Error{ErrorCode::kInternal, std::string("zstd: ") + ZSTD_getErrorName(size)};
  }
  if (size + raw.size() / 64 + 1 > raw.size()) return std::vector<std::byte>();
  coded.resize(size);
  std::vector<std::byte> again(raw.size());
  if (!Decode(coded, prefix, again).ok() ||
      std::memcmp(again.data(), raw.data(), raw.size()) != 0) {
    return Error{ErrorCode::kInternal, "zstd: a frame does not decode to what was coded"};
  }
  return coded;
}

Status BlobCoder::Decode(std::span<const std::byte> coded, std::span<const std::byte> prefix,
                         std::span<std::byte> out) {
  if (!state_->decompressor) state_->decompressor.reset(ZSTD_createDCtx());
  ZSTD_DCtx* const context = state_->decompressor.get();
  DLV_CHECK(context != nullptr, "memory for a zstd context");
  ZSTD_DCtx_reset(context, ZSTD_reset_session_and_parameters);
  if (ZSTD_findFrameCompressedSize(coded.data(), coded.size()) != coded.size() ||
      ZSTD_getFrameContentSize(coded.data(), coded.size()) != out.size()) {
    return Error{ErrorCode::kCorruption, "zstd frame: " + std::to_string(coded.size()) +
                                             " bytes are not one frame of " +
                                             std::to_string(out.size()) + " bytes"};
  }
  if (!prefix.empty()) ZSTD_DCtx_refPrefix(context, prefix.data(), prefix.size());
  const std::size_t size =
      ZSTD_decompressDCtx(context, out.data(), out.size(), coded.data(), coded.size());
  if (ZSTD_isError(size) != 0) {
    return Error{ErrorCode::kCorruption, std::string("zstd frame: ") + ZSTD_getErrorName(size)};
  }
  if (size != out.size()) {
    return Error{ErrorCode::kCorruption, "zstd frame: has " + std::to_string(size) +
                                             " bytes, want " + std::to_string(out.size())};
  }
  return Ok();
}

Result<BlobId> HashBlobSource(const io::ByteSource& bytes,
                              std::vector<std::uint64_t>* frame_checksums) {
  constexpr char kDomain[] = "dlv-blob";  // with its zero byte
  io::Sha256 hash;
  hash.Update(std::as_bytes(std::span(kDomain)));
  std::vector<std::byte> buffer;
  for (std::uint64_t i = 0; i < FrameCount(bytes.size()); ++i) {
    buffer.resize(static_cast<std::size_t>(FrameLength(bytes.size(), i)));
    DLV_TRY(bytes.ReadAt(i * kBlobFrameBytes, buffer));
    hash.Update(buffer);
    if (frame_checksums != nullptr) frame_checksums->push_back(io::Xxh3(buffer));
  }
  return hash.Finish<BlobId>();
}

}  // namespace dlv::archive

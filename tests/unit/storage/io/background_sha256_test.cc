#include "storage/io/background_sha256.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace dlv::io {
namespace {

std::vector<std::byte> HashedBytes(std::size_t size) {
  std::vector<std::byte> bytes(size);
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<std::byte>(i * 2654435761U >> 24);
  return bytes;
}

/// In pieces whose sizes have nothing to do with those of the queue.
FileDigest InPieces(std::span<const std::byte> bytes, std::size_t piece) {
  BackgroundSha256 hash;
  while (!bytes.empty()) {
    const std::size_t part = std::min(piece, bytes.size());
    hash.Update(bytes.first(part));
    bytes = bytes.subspan(part);
  }
  return hash.Finish<FileDigest>();
}

TEST(BackgroundSha256, IsSha256OfEveryLength) {
  constexpr std::size_t kPiece = BackgroundSha256::kPieceBytes;
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, kPiece - 1, kPiece, kPiece + 1,
                                 3 * kPiece, 20 * kPiece + 12'345}) {
    const auto bytes = HashedBytes(size);
    Sha256 hash;
    hash.Update(bytes);
    const auto want = hash.Finish<FileDigest>();
    EXPECT_EQ(InPieces(bytes, 777'777), want) << size;
    EXPECT_EQ(InPieces(bytes, 3 * kPiece + 5), want) << size;
  }
}

TEST(BackgroundSha256, MayBeLeftUnfinished) {
  const auto bytes = HashedBytes(6 * BackgroundSha256::kPieceBytes + 1);
  BackgroundSha256 hash;
  hash.Update(bytes);
}

}  // namespace
}  // namespace dlv::io

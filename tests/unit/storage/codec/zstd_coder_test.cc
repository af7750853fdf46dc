#include "storage/codec/zstd_coder.h"

#include <gtest/gtest.h>

#include <vector>

namespace dlv::codec {
namespace {

TEST(ZstdCoder, GivesBackWhatItGot) {
  ZstdCompressor compressor;
  ZstdDecompressor decompressor;
  for (const std::size_t size : {1, 100, 100000}) {
    std::vector<std::byte> bytes(size);
    for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<std::byte>(i * i / 7);
    const auto frame = compressor.Compress(bytes, 3);
    std::vector<std::byte> out(size);
    EXPECT_TRUE(decompressor.Decompress(frame, out).ok());
    EXPECT_EQ(out, bytes);
  }
}

TEST(ZstdCoder, RefusesAnotherSize) {
  ZstdCompressor compressor;
  ZstdDecompressor decompressor;
  const auto frame = compressor.Compress(std::vector<std::byte>(100, std::byte{5}), 3);
  for (const std::size_t size : {99, 101}) {
    std::vector<std::byte> out(size);
    const Status status = decompressor.Decompress(frame, out);
    ASSERT_FALSE(status.ok());
    EXPECT_EQ(status.error().code, ErrorCode::kCorruption);
  }
}

}  // namespace
}  // namespace dlv::codec

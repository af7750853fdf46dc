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
    for (const int level : {3, kShortMatches, 19}) {
      const auto frame = compressor.Compress(bytes, level);
      std::vector<std::byte> out(size);
      EXPECT_TRUE(decompressor.Decompress(frame, out).ok());
      EXPECT_EQ(out, bytes);
    }
  }
}

TEST(ZstdCoder, ShortMatchesFindElementsThatComeAgain) {
  std::vector<std::byte> bytes;
  std::uint32_t random = 1;
  for (int i = 0; i < 20000; ++i) {
    random = random * 1664525 + 1013904223;
    std::uint32_t value = (random >> 24) * 2654435761u;  // one of 256, without a pattern
    for (int k = 0; k < 4; ++k, value >>= 8) bytes.push_back(static_cast<std::byte>(value));
  }
  ZstdCompressor compressor;
  const std::size_t plain = compressor.Compress(bytes, 3).size();
  const std::size_t with = compressor.Compress(bytes, kShortMatches).size();
  EXPECT_LT(with, plain * 9 / 10);
  // The parameters do not stay.
  EXPECT_EQ(compressor.Compress(bytes, 3).size(), plain);
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

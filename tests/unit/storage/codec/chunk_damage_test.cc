// Damaged chunks: every answer is an error or the right elements; sanitizer builds check the
// memory.

#include <gtest/gtest.h>

#include <string>

#include "storage/codec/chunk_codec.h"
#include "storage/codec/kernels.h"
#include "tests/support/slow_build.h"
#include "tests/unit/storage/codec/sample_data.h"

namespace dlv::codec {
namespace {

using Bytes = std::vector<std::byte>;

struct Case {
  std::string name;
  DType dtype;
  Bytes raw;
  EncodeOptions options;
};

EncodeOptions Forced(ChunkMode mode) {
  EncodeOptions options;
  options.force_mode = mode;
  return options;
}

std::vector<Case> Cases(std::size_t n) {
  std::vector<Case> cases;
  cases.push_back({"f32", DType::kF32, test::Weights(DType::kF32, n), Forced(ChunkMode::kFloat)});
  cases.push_back(
      {"sparse f32", DType::kF32, test::Sparse(DType::kF32, n, 500), Forced(ChunkMode::kFloat)});
  cases.push_back({"uneven f32", DType::kF32,
                   test::WithUnevenTail(DType::kF32, test::Weights(DType::kF32, n)),
                   Forced(ChunkMode::kFloatTail)});
  cases.push_back({"coded plane", DType::kF32,
                   test::WithUnevenFirstBit(DType::kF32, test::Sparse(DType::kF32, n, 300)),
                   Forced(ChunkMode::kFloat)});
  cases.push_back(
      {"coded plane and tail", DType::kF32,
       test::WithUnevenFirstBit(DType::kF32,
                                test::WithUnevenTail(DType::kF32, test::Weights(DType::kF32, n))),
       Forced(ChunkMode::kFloatTail)});
  cases.push_back(
      {"bf16", DType::kBF16, test::Weights(DType::kBF16, n), Forced(ChunkMode::kFloat)});
  cases.push_back({"f64", DType::kF64, test::Weights(DType::kF64, n), Forced(ChunkMode::kFloat)});
  cases.push_back(
      {"grouped", DType::kF32, test::Sparse(DType::kF32, n, 800), Forced(ChunkMode::kGroupedZstd)});
  cases.push_back(
      {"zstd", DType::kI64, test::Sparse(DType::kI64, n, 800), Forced(ChunkMode::kZstd)});
  cases.push_back({"lz4", DType::kI64, test::Sparse(DType::kI64, n, 800), Forced(ChunkMode::kLz4)});
  cases.push_back(
      {"masked f32", DType::kF32, test::Masked(DType::kF32, n), Forced(ChunkMode::kFloat)});
  cases.push_back({"rows", DType::kF32, test::OuterProduct(n), Forced(ChunkMode::kFloat)});
  cases.push_back(
      {"rough rows", DType::kF32, test::OuterProduct(n, true), Forced(ChunkMode::kFloat)});
  cases.push_back({"f16", DType::kF16, test::Weights(DType::kF16, n), Forced(ChunkMode::kFloat)});
  cases.push_back(
      {"palette", DType::kF32, test::FewValues(DType::kF32, n, 9), Forced(ChunkMode::kPalette)});
  cases.push_back({"big palette", DType::kI64, test::FewValues(DType::kI64, n, 400),
                   Forced(ChunkMode::kPalette)});
  cases.push_back({"significance", DType::kF32, test::Weights(DType::kF32, n),
                   Forced(ChunkMode::kSignificance)});
  cases.push_back({"sparse significance", DType::kF64, test::Sparse(DType::kF64, n, 500),
                   Forced(ChunkMode::kSignificance)});
  cases.push_back({"constant", DType::kI32, Bytes(4 * n, std::byte{7}), {}});
  return cases;
}

// Decodes every level; returns whether any answer differs from what was stored. `whole`: compare
// the last level.
bool DecodesWrongly(ChunkDecoder& decoder, std::span<const std::byte> bytes, const Case& c) {
  const auto header = ChunkDecoder::ParseHeader(bytes);
  if (!header.ok() || header->raw_bytes() > kMaxChunkElements * kMaxElementBytes) return false;
  Bytes out(header->raw_bytes());
  for (std::size_t level = 0; level < header->level_count; ++level) {
    if (!decoder.Decode(*header, bytes, level, {}, out).ok()) continue;
    if (level + 1u == header->level_count && out != c.raw) return true;
  }
  return false;
}

TEST(ChunkDamage, EveryFlippedByteIsNoticed) {
  ChunkDecoder decoder;
  for (const std::size_t n : {40, 1100}) {
    for (const Case& c : Cases(n)) {
      ChunkEncoder encoder;
      EncodedChunk chunk;
      ASSERT_TRUE(encoder.Encode(c.dtype, c.raw, {}, c.options, chunk).ok());
      const std::size_t every = n < 100 ? 1 : 29;  // all of the header and the tables, then some
      for (std::size_t at = 0; at < chunk.bytes.size(); at += at < 200 ? 1 : every) {
        for (const unsigned flip : {0x01u, 0x80u, 0xffu}) {
          if (testing::kSlowBuild && n > 100 && flip != 0x80u) continue;
          Bytes bytes = chunk.bytes;
          bytes[at] ^= static_cast<std::byte>(flip);
          ASSERT_FALSE(DecodesWrongly(decoder, bytes, c)) << c.name << " n=" << n << " byte " << at;
        }
      }
    }
  }
}

TEST(ChunkDamage, EveryTruncationIsNoticed) {
  for (const Case& c : Cases(1100)) {
    ChunkEncoder encoder;
    ChunkDecoder decoder;
    EncodedChunk chunk;
    ASSERT_TRUE(encoder.Encode(c.dtype, c.raw, {}, c.options, chunk).ok());
    Bytes out(c.raw.size());
    for (std::size_t size = 0; size < chunk.bytes.size(); size += size < 200 ? 1 : 5) {
      const auto prefix = std::span(chunk.bytes).first(size);
      const auto header = ChunkDecoder::ParseHeader(prefix);
      EXPECT_EQ(header.ok(), size >= chunk.header.header_bytes) << c.name;
      if (!header.ok()) continue;
      EXPECT_FALSE(decoder.Decode(*header, prefix, header->level_count - 1u, {}, out).ok())
          << c.name << " " << size;
    }
  }
}

// With the header's own checksum made right again, so that the damage reaches the decoders.
TEST(ChunkDamage, ForgedHeadersAndBodiesAreSafe) {
  std::mt19937_64 random(test::kSeed);
  ChunkDecoder decoder;
  for (const std::size_t n : {64, 1500, 5000}) {
    for (const Case& c : Cases(n)) {
      ChunkEncoder encoder;
      EncodedChunk chunk;
      ASSERT_TRUE(encoder.Encode(c.dtype, c.raw, {}, c.options, chunk).ok());
      const std::size_t covered = chunk.header.header_bytes - 4;
      for (int round = 0; round < 300; ++round) {
        Bytes bytes = chunk.bytes;
        for (unsigned k = 0; k < 1 + random() % 3; ++k) {
          const std::size_t limit = random() % 3 == 0 ? bytes.size() : covered + 60;
          bytes[random() % std::min(limit, bytes.size())] = static_cast<std::byte>(random());
        }
        const auto checksum = static_cast<std::uint32_t>(Checksum(std::span(bytes).first(covered)));
        std::memcpy(bytes.data() + covered, &checksum, 4);
        ASSERT_FALSE(DecodesWrongly(decoder, bytes, c))
            << c.name << " n=" << n << " round " << round;
      }
    }
  }
}

TEST(ChunkDamage, RandomBytesAreRefused) {
  std::mt19937_64 random(test::kSeed + 9);
  for (int round = 0; round < 2000; ++round) {
    Bytes bytes(random() % 200);
    for (std::byte& b : bytes) b = static_cast<std::byte>(random());
    if (!bytes.empty()) bytes[0] = std::byte{1};
    EXPECT_FALSE(ChunkDecoder::ParseHeader(bytes).ok());
  }
}

}  // namespace
}  // namespace dlv::codec

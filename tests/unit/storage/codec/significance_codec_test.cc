#include "storage/codec/significance_codec.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <random>
#include <string>

#include "storage/codec/bit_run.h"
#include "storage/codec/chunk_codec.h"
#include "storage/codec/cpu_dispatch.h"
#include "tests/support/slow_build.h"
#include "tests/unit/storage/codec/sample_data.h"

namespace dlv::codec {
namespace {

using Bytes = std::vector<std::byte>;

EncodedChunk EncodeForced(DType dtype, const Bytes& raw) {
  ChunkEncoder encoder;
  EncodedChunk chunk;
  EncodeOptions options;
  options.force_mode = ChunkMode::kSignificance;
  const Status status = encoder.Encode(dtype, raw, {}, options, chunk);
  EXPECT_TRUE(status.ok()) << (status.ok() ? "" : status.error().message);
  return chunk;
}

Bytes DecodeLevel(const EncodedChunk& chunk, std::size_t level) {
  const auto header = ParseChunkHeader(chunk.bytes);
  EXPECT_TRUE(header.ok()) << (header.ok() ? "" : header.error().message);
  if (!header.ok()) return {};
  ChunkDecoder decoder;
  Bytes out(header->raw_bytes(), std::byte{0xa5});
  const auto prefix = std::span(chunk.bytes).first(header->PrefixBytes(level));
  const Status status = decoder.Decode(*header, prefix, level, {}, out);
  EXPECT_TRUE(status.ok()) << (status.ok() ? "" : status.error().message);
  return out;
}

/// Straight from the document: an element with the bits that have steps up to `last`.
std::uint64_t Known(const FloatFormat& format, std::uint64_t element, unsigned last) {
  const std::uint64_t classes = std::uint64_t{1} << format.exponent_bits;
  const std::uint64_t c = (element >> format.mantissa_bits) % classes;
  std::uint64_t known = c << format.mantissa_bits;
  if (2 * (classes - 1 - c) + c % 2 <= last)
    known |= element & std::uint64_t{1} << format.sign_bit();
  for (unsigned k = 1; k <= format.mantissa_bits; ++k) {
    if (2 * (classes + k - c) + c % 2 <= last)
      known |= element & std::uint64_t{1} << (format.mantissa_bits - k);
  }
  return known;
}

Bytes KnownOf(DType dtype, const Bytes& raw, const ChunkHeader& header, std::size_t level) {
  if (level + 1U == header.level_count) return raw;
  const FloatFormat format = FormatOf(dtype);
  const auto layout = ReadSignificanceLayout(header);
  EXPECT_TRUE(layout.ok());
  const unsigned last = layout->origin + header.level_table[level].depth;
  Bytes known = raw;
  for (std::size_t at = 0; at < raw.size(); at += format.width) {
    std::uint64_t element = 0;
    std::memcpy(&element, raw.data() + at, format.width);
    element = Known(format, element, last);
    std::memcpy(known.data() + at, &element, format.width);
  }
  return known;
}

void ExpectLevels(DType dtype, const Bytes& raw) {
  const EncodedChunk chunk = EncodeForced(dtype, raw);
  ASSERT_EQ(chunk.header.EncodedBytes(), chunk.bytes.size());
  if (chunk.header.mode != ChunkMode::kSignificance) {
    EXPECT_EQ(chunk.header.mode, ChunkMode::kRaw);
    return;
  }
  for (std::size_t level = 0; level < chunk.header.level_count; ++level)
    ASSERT_EQ(DecodeLevel(chunk, level), KnownOf(dtype, raw, chunk.header, level))
        << "level " << level;
}

constexpr DType kTypes[] = {DType::kF64,    DType::kF32,    DType::kF16,       DType::kBF16,
                            DType::kF8E4M3, DType::kF8E5M2, DType::kComplex64, DType::kComplex128};
constexpr std::size_t kSizes[] = {1, 2, 7, 8, 9, 63, 64, 65, 1000, 1023, 1024, 1025, 4096, 32768};

TEST(SignificanceCodec, LevelsGiveTheStatedBits) {
  for (const DType dtype : kTypes) {
    for (const std::size_t n : kSizes) {
      if (n > 4096 && (testing::kSlowBuild || SizeOf(dtype) > 8)) continue;
      SCOPED_TRACE(std::string(NameOf(dtype)) + " n=" + std::to_string(n));
      ExpectLevels(dtype, test::Weights(dtype, n));
      ExpectLevels(dtype, test::Awkward(dtype, n));  // NaN, infinities, denormals
      ExpectLevels(dtype, test::Sparse(dtype, n, 400));
      ExpectLevels(dtype, test::Masked(dtype, n));
      ExpectLevels(dtype, test::FewValues(dtype, n, 20));
    }
  }
}

TEST(SignificanceCodec, ALargeChunk_HasTheWrittenLevels) {
  const auto raw = test::Weights(DType::kF32, kMaxChunkElements);
  const EncodedChunk chunk = EncodeForced(DType::kF32, raw);
  ASSERT_EQ(chunk.header.mode, ChunkMode::kSignificance);
  EXPECT_GE(chunk.header.level_count, 27);
  EXPECT_LE(chunk.header.header_bytes, kMaxHeaderBytes);
  ExpectLevels(DType::kF32, raw);
}

TEST(SignificanceCodec, ALevelMovesNoElementFarther) {
  const auto raw = test::Weights(DType::kF32, 40000);
  const EncodedChunk chunk = EncodeForced(DType::kF32, raw);
  const auto layout = ReadSignificanceLayout(chunk.header);
  ASSERT_TRUE(layout.ok());
  for (std::size_t level = 0; level + 1U < chunk.header.level_count; ++level) {
    const Bytes got = DecodeLevel(chunk, level);
    // Step 2 (2^8 + k - c) or 1 more: an element is known to 2^(c - k), all to about the same.
    const int octave = static_cast<int>(layout->origin + chunk.header.level_table[level].depth) / 2;
    const double farthest = std::ldexp(1.0, 256 + 1 - octave - 127 + 1 + 2);
    for (std::size_t i = 0; i < raw.size(); i += 4) {
      float want = 0, is = 0;
      std::memcpy(&want, raw.data() + i, 4);
      std::memcpy(&is, got.data() + i, 4);
      ASSERT_LE(std::abs(want - is), farthest) << "level " << level << ", element " << i / 4;
    }
  }
}

TEST(SignificanceCodec, TakesAsManyBytesAsPlanes) {
  const auto raw = test::Weights(DType::kF32, 100000);
  ChunkEncoder encoder;
  EncodedChunk planes, significance;
  EncodeOptions options;
  options.hurry = true;  // without a coded plane, which has no like by significance
  ASSERT_TRUE(encoder.Encode(DType::kF32, raw, {}, options, planes).ok());
  options.by_significance = true;
  ASSERT_TRUE(encoder.Encode(DType::kF32, raw, {}, options, significance).ok());
  ASSERT_EQ(planes.header.mode, ChunkMode::kFloat);
  ASSERT_EQ(significance.header.mode, ChunkMode::kSignificance);
  EXPECT_LE(significance.bytes.size(), planes.bytes.size() + 200);
}

/// With more effort the symbols of a small chunk have one of the other contexts, for a few bytes.
TEST(SignificanceCodec, SmallChunksAndThoseWithMoreEffortHaveItToo) {
  ChunkEncoder encoder;
  EncodedChunk chunk;
  for (const std::size_t count : {1024U, 1500U, 5000U, 6784U, 30'000U, 100'000U}) {
    for (const bool cluster : {false, true}) {
      EncodeOptions options;
      options.by_significance = true;
      options.effort = 1;
      options.cluster = cluster;
      const Bytes raw = test::Weights(DType::kF32, count);
      ASSERT_TRUE(encoder.Encode(DType::kF32, raw, {}, options, chunk).ok());
      EXPECT_EQ(chunk.header.mode, ChunkMode::kSignificance) << count;
      options.by_significance = false;
      const std::size_t bytes = chunk.bytes.size();
      ASSERT_TRUE(encoder.Encode(DType::kF32, raw, {}, options, chunk).ok());
      EXPECT_LE(bytes, chunk.bytes.size() + chunk.bytes.size() / 32 + 300) << count;
    }
  }
}

TEST(SignificanceCodec, WhatRepeatsItselfStaysAsItIs) {
  const Bytes once = test::Weights(DType::kF32, 4096);
  Bytes raw;
  for (int i = 0; i < 8; ++i) raw.insert(raw.end(), once.begin(), once.end());
  ChunkEncoder encoder;
  EncodedChunk planes, significance;
  EncodeOptions options;
  options.effort = 1;
  ASSERT_TRUE(encoder.Encode(DType::kF32, raw, {}, options, planes).ok());
  options.by_significance = true;
  ASSERT_TRUE(encoder.Encode(DType::kF32, raw, {}, options, significance).ok());
  EXPECT_EQ(significance.bytes, planes.bytes);
}

TEST(SignificanceCodec, OtherChunksStayAsTheyAre) {
  ChunkEncoder encoder;
  EncodedChunk chunk;
  EncodeOptions options;
  options.by_significance = true;
  for (const auto& [dtype, raw] :
       {std::pair(DType::kF32, test::Weights(DType::kF32, 1023)),  // one level is enough
        std::pair(DType::kI64, test::Weights(DType::kI64, 5000)),
        std::pair(DType::kF32, Bytes(4096 * 4, std::byte{0}))}) {
    ASSERT_TRUE(encoder.Encode(dtype, raw, {}, options, chunk).ok());
    EXPECT_NE(chunk.header.mode, ChunkMode::kSignificance);
  }
}

TEST(SignificanceCodec, PlanesOfEveryElementAreThereAtTheLastLevelAlone) {
  const EncodedChunk chunk = EncodeForced(DType::kF32, test::Weights(DType::kF32, 5000));
  const auto last = std::size_t{chunk.header.level_count} - 1;
  for (const unsigned planes : {0U, 1U, 9U, 16U, 32U})
    EXPECT_EQ(LevelAtOrAbove(chunk.header, planes), last);
}

TEST(SignificanceCodec, EncodedBytes_DoNotDependOnKernels) {
  const KernelLevel before = ActiveKernelLevel();
  const auto raw = test::Awkward(DType::kF32, 5000);
  const Bytes want = EncodeForced(DType::kF32, raw).bytes;
  SetKernelLevel(KernelLevel::kReference);
  EXPECT_EQ(EncodeForced(DType::kF32, raw).bytes, want);
  SetKernelLevel(before);
}

TEST(SignificanceCodec, DamagedPayloads_AreRefused) {
  const auto raw = test::Weights(DType::kF32, 3000);
  EncodedChunk chunk = EncodeForced(DType::kF32, raw);
  ChunkDecoder decoder;
  Bytes out(raw.size());
  for (std::size_t at = 0; at < chunk.header.payload_size; ++at) {
    for (unsigned bit = 0; bit < 8; ++bit) {
      ChunkHeader header = chunk.header;
      header.payload_bytes[at] ^= static_cast<std::byte>(1U << bit);
      const Status status = decoder.Decode(header, chunk.bytes, header.level_count - 1U, {}, out);
      EXPECT_FALSE(status.ok() && out != raw);
    }
  }
}

TEST(SignificanceCodec, ADamagedBit_IsFoundAtEveryLevel) {
  const auto raw = test::Weights(DType::kF32, 3000);
  const EncodedChunk chunk = EncodeForced(DType::kF32, raw);
  const ChunkHeader& header = chunk.header;
  const auto layout = ReadSignificanceLayout(header);
  ASSERT_TRUE(layout.ok());
  ChunkDecoder decoder;
  Bytes out(raw.size());
  for (std::size_t level = 0; level < header.level_count; ++level) {
    Bytes bytes = chunk.bytes;
    const std::size_t first = header.PrefixBytes(level) - header.level_table[level].size_bytes;
    bytes[level == 0 ? first + layout->symbol_bytes : first] ^= std::byte{1};
    EXPECT_FALSE(decoder.Decode(header, bytes, level, {}, out).ok()) << "level " << level;
  }
}

TEST(BitRun, CopiesFromAndToAnyBit) {
  std::mt19937 random(7);
  std::vector<std::uint8_t> from(40), back(40);
  for (std::uint8_t& byte : from) byte = static_cast<std::uint8_t>(random());
  for (const std::size_t count : {0, 1, 7, 8, 9, 63, 64, 65, 127, 200, 257}) {
    for (std::size_t first = 0; first < 20; ++first) {
      std::vector<std::uint8_t> run(from.begin(), from.begin() + static_cast<long>(count + 7) / 8);
      if (count % 8 != 0) run.back() &= static_cast<std::uint8_t>((1U << count % 8) - 1);
      Bytes bits((first + count + 7) / 8);
      InsertBits(run.data(), count, first, bits);
      back.assign(40, 0xff);
      ExtractBits(bits, first, count, back.data());
      back.resize(run.size());
      EXPECT_EQ(back, run) << count << " bits at " << first;
      back.resize(40);
    }
  }
}

}  // namespace
}  // namespace dlv::codec

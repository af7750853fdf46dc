#include "storage/codec/chunk_codec.h"

#include <gtest/gtest.h>

#include <cstring>
#include <random>
#include <string>

#include "storage/codec/cpu_dispatch.h"
#include "storage/codec/float_codec.h"
#include "storage/codec/float_format.h"
#include "tests/support/slow_build.h"
#include "tests/unit/storage/codec/sample_data.h"

namespace dlv::codec {
namespace {

using Bytes = std::vector<std::byte>;

EncodedChunk Encode(DType dtype, const Bytes& raw, const EncodeOptions& options = {},
                    const Bytes& base = {}) {
  ChunkEncoder encoder;
  EncodedChunk chunk;
  const Status status = encoder.Encode(dtype, raw, base, options, chunk);
  EXPECT_TRUE(status.ok()) << (status.ok() ? "" : status.error().message);
  return chunk;
}

Bytes Decode(const EncodedChunk& chunk, std::size_t level, const Bytes& base = {}) {
  const auto header = ChunkDecoder::ParseHeader(chunk.bytes);
  EXPECT_TRUE(header.ok()) << (header.ok() ? "" : header.error().message);
  if (!header.ok()) return {};
  ChunkDecoder decoder;
  Bytes out(header->raw_bytes(), std::byte{0xa5});
  const auto prefix = std::span(chunk.bytes).first(header->PrefixBytes(level));
  const Status status = decoder.Decode(*header, prefix, level, base, out);
  EXPECT_TRUE(status.ok()) << (status.ok() ? "" : status.error().message);
  return out;
}

// `raw` with all but the `planes` most significant bits of every component cleared.
Bytes Truncated(DType dtype, const Bytes& raw, unsigned planes) {
  const unsigned width = FullPlanes(dtype) / 8;
  Bytes cut = raw;
  for (std::size_t i = 0; i < cut.size(); ++i) {
    const unsigned significance = static_cast<unsigned>(i % width);
    const unsigned above = 8 * (width - 1 - significance);
    const unsigned kept = planes <= above ? 0 : std::min(8u, planes - above);
    cut[i] &= static_cast<std::byte>(0xff00u >> kept);
  }
  return cut;
}

void ExpectRoundTrip(DType dtype, const Bytes& raw, const EncodeOptions& options = {}) {
  const EncodedChunk chunk = Encode(dtype, raw, options);
  const ChunkHeader& header = chunk.header;
  ASSERT_EQ(header.EncodedBytes(), chunk.bytes.size());
  EXPECT_LE(chunk.bytes.size(), raw.size() + kMaxHeaderBytes);
  for (std::size_t level = 0; level < header.level_count; ++level) {
    const Bytes want = Truncated(dtype, raw, header.level_table[level].planes);
    ASSERT_EQ(Decode(chunk, level), want) << "level " << level;
  }
}

double BitsPerElement(DType dtype, const Bytes& raw) {
  const auto bits = static_cast<double>(8 * Encode(dtype, raw).bytes.size());
  return bits / static_cast<double>(raw.size() / SizeOf(dtype));
}

constexpr std::size_t kChunkSizes[] = {1,    2,    63,   64,    65,    127,    1000,  1023,
                                       1024, 4095, 4096, 32767, 32768, 131071, 131072};

bool IsCommon(DType dtype) {
  return dtype == DType::kF32 || dtype == DType::kF64 || dtype == DType::kF16 ||
         dtype == DType::kBF16 || dtype == DType::kI64 || dtype == DType::kBool;
}

TEST(ChunkCodec, EveryType_RoundTripsAtEveryLevel) {
  for (std::uint16_t type = 0; type < kDTypeCount; ++type) {
    const auto dtype = static_cast<DType>(type);
    for (const std::size_t n : kChunkSizes) {
      if (n == 131071 && SizeOf(dtype) > 4) continue;  // the length is the same to all
      if (n > (testing::kSlowBuild ? 4096 : 40000) && !IsCommon(dtype)) continue;
      if (testing::kSlowBuild && (n == 127 || n == 1023 || n == 4095 || n >= 32768)) continue;
      SCOPED_TRACE(std::string(NameOf(dtype)) + " n=" + std::to_string(n));
      ExpectRoundTrip(dtype, test::Weights(dtype, n));
      if (n <= 4096) ExpectRoundTrip(dtype, test::Awkward(dtype, n));
      if (n <= 4096 || n == 131071) ExpectRoundTrip(dtype, test::Sparse(dtype, n, 400));
      if (n <= 4096 || n == 32767) ExpectRoundTrip(dtype, test::Masked(dtype, n));
      if (n <= 4096 || n == 32767) ExpectRoundTrip(dtype, test::FewValues(dtype, n, 20));
    }
  }
}

TEST(ChunkCodec, EveryMode_RoundTripsOrFallsBackToRaw) {
  for (const ChunkMode mode :
       {ChunkMode::kRaw, ChunkMode::kConstant, ChunkMode::kLz4, ChunkMode::kZstd,
        ChunkMode::kGroupedZstd, ChunkMode::kFloat, ChunkMode::kPalette}) {
    for (const DType dtype : {DType::kF32, DType::kBF16, DType::kF64, DType::kI64, DType::kOpaque,
                              DType::kComplex128}) {
      for (const std::size_t n : {1, 100, 5000, testing::kSlowBuild ? 8000 : 40000}) {
        SCOPED_TRACE("mode " + std::to_string(static_cast<int>(mode)) + " " +
                     std::string(NameOf(dtype)) + " n=" + std::to_string(n));
        EncodeOptions options;
        options.force_mode = mode;
        ExpectRoundTrip(dtype, test::Sparse(dtype, n, 300), options);
        ExpectRoundTrip(dtype, test::Awkward(dtype, n), options);
        ExpectRoundTrip(dtype, test::Masked(dtype, n), options);
        ExpectRoundTrip(dtype, test::FewValues(dtype, n, 700), options);
      }
    }
  }
}

TEST(ChunkCodec, UnevenLowestBytes_AreCoded) {
  for (const DType dtype : {DType::kF32, DType::kF64, DType::kComplex64}) {
    for (const std::size_t n : {1024, 5000, 32768}) {
      SCOPED_TRACE(std::string(NameOf(dtype)) + " n=" + std::to_string(n));
      const Bytes weights = test::Weights(dtype, n);
      const Bytes uneven = test::WithUnevenTail(dtype, weights);
      EXPECT_EQ(Encode(dtype, weights).header.mode, ChunkMode::kFloat);
      EXPECT_EQ(Encode(dtype, uneven).header.mode, ChunkMode::kFloatTail);
      EXPECT_LT(BitsPerElement(dtype, uneven), BitsPerElement(dtype, weights) - 2);  // of 3
      ExpectRoundTrip(dtype, uneven);
      ExpectRoundTrip(dtype, test::WithUnevenTail(dtype, test::Sparse(dtype, n, 400)));
      ExpectRoundTrip(dtype, test::WithUnevenTail(dtype, test::Masked(dtype, n)));
    }
  }
  std::vector<unsigned> planes;
  const auto raw = test::WithUnevenTail(DType::kF32, test::Weights(DType::kF32, 5000));
  const EncodedChunk chunk = Encode(DType::kF32, raw);
  for (const LevelEntry& level : chunk.header.levels()) planes.push_back(level.planes);
  EXPECT_EQ(planes, (std::vector<unsigned>{9, 11, 13, 16, 19, 22, 24, 32}));
}

TEST(ChunkCodec, EncodedBytes_DoNotDependOnKernels) {
  const KernelLevel before = ActiveKernelLevel();
  for (const DType dtype : {DType::kF32, DType::kBF16, DType::kF16, DType::kF64, DType::kF8E4M3}) {
    for (const std::size_t n : {65, 1000, 5000, 131071, 131072}) {
      if (testing::kSlowBuild && n > 5000) continue;
      for (const Bytes& raw :
           {test::Weights(dtype, n), test::Awkward(dtype, n), test::Sparse(dtype, n, 500),
            test::Masked(dtype, n), test::WithUnevenTail(dtype, test::Weights(dtype, n))}) {
        EncodeOptions options;
        options.force_mode = ChunkMode::kFloat;
        ASSERT_TRUE(SetKernelLevel(KernelLevel::kReference));
        const EncodedChunk expected = Encode(dtype, raw, options);
        for (const KernelLevel level : kKernelLevels) {
          if (!SetKernelLevel(level)) continue;
          EXPECT_EQ(Encode(dtype, raw, options).bytes, expected.bytes) << NameOf(level);
          EXPECT_EQ(Decode(expected, expected.header.level_count - 1u), raw) << NameOf(level);
        }
      }
    }
  }
  SetKernelLevel(before);
}

TEST(ChunkCodec, Levels_AreThoseOfTheFormat) {
  const auto planes = [](DType dtype, std::size_t n) {
    std::vector<unsigned> list;
    const EncodedChunk chunk = Encode(dtype, test::Weights(dtype, n));
    for (const LevelEntry& level : chunk.header.levels()) list.push_back(level.planes);
    return list;
  };
  using List = std::vector<unsigned>;
  EXPECT_EQ(planes(DType::kF32, 32768),
            (List{9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 27, 29, 32}));
  EXPECT_EQ(planes(DType::kF32, 32767), (List{9, 11, 13, 16, 19, 22, 25, 28, 32}));
  EXPECT_EQ(planes(DType::kF32, 1023), (List{32}));
  EXPECT_EQ(planes(DType::kBF16, 40000), (List{9, 10, 11, 12, 13, 14, 15, 16}));
  EXPECT_EQ(planes(DType::kF16, 40000), (List{8, 9, 10, 11, 12, 13, 14, 15, 16}));
  EXPECT_EQ(planes(DType::kF64, 40000).size(), 25u);
  EXPECT_EQ(planes(DType::kI32, 40000), (List{32}));
}

TEST(ChunkCodec, LevelAtOrAbove_FindsTheFirstSufficient) {
  const EncodedChunk chunk = Encode(DType::kF32, test::Weights(DType::kF32, 32768));
  EXPECT_EQ(LevelAtOrAbove(chunk.header, 0), 0u);
  EXPECT_EQ(LevelAtOrAbove(chunk.header, 16), 7u);
  EXPECT_EQ(LevelAtOrAbove(chunk.header, 26), 17u);
  EXPECT_EQ(LevelAtOrAbove(chunk.header, 32), 19u);
  EXPECT_EQ(LevelAtOrAbove(chunk.header, 99), 19u);
}

TEST(ChunkCodec, Weights_ReachTheExpectedSize) {
  const Bytes f32 = test::Weights(DType::kF32, kMaxChunkElements);
  EXPECT_LT(BitsPerElement(DType::kF32, f32), 26.75);
  const Bytes bf16 = test::Weights(DType::kBF16, kMaxChunkElements);
  EXPECT_LT(BitsPerElement(DType::kBF16, bf16), 10.75);
}

TEST(ChunkCodec, PartialRead_OfF32ToSevenBitsTakesLessThanHalf) {
  const EncodedChunk chunk = Encode(DType::kF32, test::Weights(DType::kF32, kMaxChunkElements));
  const std::size_t level = LevelAtOrAbove(chunk.header, 16);
  EXPECT_LT(static_cast<double>(chunk.header.PrefixBytes(level)),
            0.45 * static_cast<double>(chunk.bytes.size()));
}

TEST(ChunkCodec, Noise_IsStoredRaw) {
  std::mt19937_64 random(test::kSeed);
  Bytes raw(4 * 50000);
  for (std::byte& b : raw) b = static_cast<std::byte>(random());
  const EncodedChunk chunk = Encode(DType::kF32, raw);
  EXPECT_EQ(chunk.header.mode, ChunkMode::kRaw);
  EXPECT_LT(chunk.bytes.size(), raw.size() + 40);
}

TEST(ChunkCodec, ConstantAndRepeatedValues_AreSmall) {
  EXPECT_LT(Encode(DType::kF32, Bytes(400000, std::byte{0x3f})).bytes.size(), 48u);
  std::vector<float> mask(100000);
  for (std::size_t i = 0; i < mask.size(); ++i) mask[i] = (i / 37) % 3 == 0 ? 1.0f : 0.0f;
  const EncodedChunk chunk = Encode(DType::kF32, test::BytesOf(mask));
  EXPECT_LT(chunk.bytes.size(), 20000u);
}

TEST(ChunkCodec, HalfPrecisionStoredAsSingle_DropsTheEmptyPlanes) {
  Bytes raw = test::Weights(DType::kF32, 50000);
  for (std::size_t i = 0; i < raw.size(); i += 4) raw[i] = raw[i + 1] = std::byte{0};
  EXPECT_LT(BitsPerElement(DType::kF32, raw), 10.9);
  ExpectRoundTrip(DType::kF32, raw);
}

TEST(ChunkCodec, MaskedWeights_TakeOneBitForASignOfZero) {
  for (const DType dtype : {DType::kF32, DType::kBF16, DType::kF16, DType::kF64}) {
    const Bytes raw = test::Masked(dtype, 50000);
    const double kept = BitsPerElement(dtype, test::Weights(dtype, 50000));
    EXPECT_LT(BitsPerElement(dtype, raw), kept / 2 + 1.7) << NameOf(dtype);
    EXPECT_EQ(Encode(dtype, raw).header.mode, ChunkMode::kFloat);
    ExpectRoundTrip(dtype, raw);
  }
}

TEST(ChunkCodec, RowsThatComeAgain_AreFoundInExponentsAndSigns) {
  for (const std::size_t n : {6400, 100000}) {
    const Bytes raw = test::OuterProduct(n);
    EXPECT_EQ(Encode(DType::kF32, raw).header.mode, ChunkMode::kFloat);
    EXPECT_LT(BitsPerElement(DType::kF32, raw), n < 10000 ? 25.0 : 24.6);  // 27.6 without
    ExpectRoundTrip(DType::kF32, raw);
  }
}

TEST(ChunkCodec, RowsThatComeAboutAgain_AreFoundWithoutTheLastBit) {
  EncodeOptions options;
  options.force_mode = ChunkMode::kFloat;
  for (const std::size_t n : {6400, 30000}) {
    const Bytes raw = test::OuterProduct(n, true);
    const EncodedChunk chunk = Encode(DType::kF32, raw, options);
    EXPECT_EQ(static_cast<unsigned>(chunk.header.payload()[0]) >> 2 & 7u, 3u);
    ExpectRoundTrip(DType::kF32, raw, options);
  }
}

TEST(ChunkCodec, HalfPrecision_CodesTwoMantissaBitsWithTheExponent) {
  const Bytes raw = test::Weights(DType::kF16, kMaxChunkElements);
  EXPECT_LT(BitsPerElement(DType::kF16, raw), 13.62);
  ExpectRoundTrip(DType::kF16, raw);
}

TEST(ChunkCodec, ColdWeights_TakeWhatIsSmallest) {
  EncodeOptions cold;
  cold.cold = true;
  for (const DType dtype : {DType::kF32, DType::kBF16, DType::kF64, DType::kComplex64}) {
    for (const std::size_t n : {500u, 5000u, 131'072u}) {
      SCOPED_TRACE(std::string(NameOf(dtype)) + " n=" + std::to_string(n));
      const Bytes raw = test::Weights(dtype, n);
      EncodeOptions fast;
      fast.hurry = true;
      const EncodedChunk usual = Encode(dtype, raw, fast), chunk = Encode(dtype, raw, cold);
      EXPECT_EQ(chunk.header.mode, ChunkMode::kFloat);
      if (n > 10'000) {
        EXPECT_TRUE(HasWideSymbols(chunk.header) || HasCodedPlane(chunk.header));
        EXPECT_EQ(HasWideSymbols(chunk.header),
                  chunk.header.level_table[0].planes == usual.header.level_table[2].planes);
        EXPECT_LT(chunk.bytes.size() + n / 200, usual.bytes.size());
      }
      EXPECT_LE(chunk.bytes.size(), Encode(dtype, raw).bytes.size());
      ExpectRoundTrip(dtype, raw, cold);
      if (n > 10'000) continue;  // the rest tries zstd at length
      ExpectRoundTrip(dtype, test::Sparse(dtype, n, 400), cold);
      ExpectRoundTrip(dtype, test::Masked(dtype, n), cold);
      ExpectRoundTrip(dtype, test::Awkward(dtype, n), cold);
      ExpectRoundTrip(dtype, test::WithUnevenTail(dtype, raw), cold);
    }
  }
}

/// What a chunk would be without a coded plane, in all that does not depend on it.
void ExpectSameLevels(const ChunkHeader& got, const ChunkHeader& want) {
  ASSERT_EQ(got.level_count, want.level_count);
  for (std::size_t i = 0; i < got.level_count; ++i) {
    EXPECT_EQ(got.level_table[i].planes, want.level_table[i].planes) << i;
    EXPECT_EQ(got.level_table[i].checksum, want.level_table[i].checksum) << i;
    if (i == 1) continue;
    EXPECT_EQ(got.level_table[i].size_bytes, want.level_table[i].size_bytes) << i;
  }
  EXPECT_LT(got.level_table[1].size_bytes, want.level_table[1].size_bytes);
}

TEST(ChunkCodec, UnevenFirstMantissaBit_IsCoded) {
  for (const DType dtype : {DType::kF32, DType::kBF16, DType::kF64, DType::kF8E4M3}) {
    for (const std::size_t n : {1024, 5000, 32767, 32768, 65536, 131072}) {
      if (testing::kSlowBuild && n > 32768) continue;
      SCOPED_TRACE(std::string(NameOf(dtype)) + " n=" + std::to_string(n));
      EncodeOptions options;
      options.force_mode = ChunkMode::kFloat;
      for (const Bytes& values :
           {test::Weights(dtype, n), test::Sparse(dtype, n, 400), test::Masked(dtype, n)}) {
        const Bytes raw = test::WithUnevenFirstBit(dtype, values);
        EXPECT_TRUE(HasCodedPlane(Encode(dtype, raw, options).header));
        ExpectRoundTrip(dtype, raw, options);
      }
      const Bytes tail =
          test::WithUnevenFirstBit(dtype, test::WithUnevenTail(dtype, test::Weights(dtype, n)));
      ExpectRoundTrip(dtype, tail, options);
    }
  }
}

TEST(ChunkCodec, CodedPlane_LeavesOtherLevelsAndAllChecksumsAsTheyAre) {
  for (const std::size_t n : {5000, 40000}) {
    // Of weights so little is saved that in a hurry the plane stays as it is.
    const Bytes raw = test::Weights(DType::kF32, n);
    EncodeOptions hurry;
    hurry.hurry = true;
    const EncodedChunk coded = Encode(DType::kF32, raw);
    EXPECT_TRUE(HasCodedPlane(coded.header));
    const EncodedChunk fast = Encode(DType::kF32, raw, hurry);
    if (n < kAllLevelsFrom) {
      EXPECT_EQ(fast.bytes, coded.bytes);  // small chunks are always coded
    } else {
      EXPECT_FALSE(HasCodedPlane(fast.header));
      ExpectSameLevels(coded.header, fast.header);
    }
    const Bytes uneven = test::WithUnevenFirstBit(DType::kF32, raw);
    EXPECT_TRUE(HasCodedPlane(Encode(DType::kF32, uneven, hurry).header));
  }
}

TEST(ChunkCodec, CodedPlane_DoesNotDependOnKernels) {
  const KernelLevel before = ActiveKernelLevel();
  for (const std::size_t n : {5000u, 40'000u, 131'071u}) {
    const Bytes raw = test::WithUnevenFirstBit(DType::kF32, test::Weights(DType::kF32, n));
    ASSERT_TRUE(SetKernelLevel(KernelLevel::kReference));
    const EncodedChunk expected = Encode(DType::kF32, raw);
    ASSERT_TRUE(HasCodedPlane(expected.header));
    for (const KernelLevel level : kKernelLevels) {
      if (!SetKernelLevel(level)) continue;
      EXPECT_EQ(Encode(DType::kF32, raw).bytes, expected.bytes) << NameOf(level);
      for (std::size_t i = 0; i < expected.header.level_count; ++i) {
        const unsigned planes = expected.header.level_table[i].planes;
        EXPECT_EQ(Decode(expected, i), Truncated(DType::kF32, raw, planes)) << NameOf(level);
      }
    }
  }
  SetKernelLevel(before);
}

/// The answer to a chunk whose parameters were changed, with its header's checksum made right.
Status DecodeForged(Bytes bytes, std::size_t header_bytes, std::size_t level) {
  const auto checksum =
      static_cast<std::uint32_t>(Checksum(std::span(bytes).first(header_bytes - 4)));
  std::memcpy(bytes.data() + header_bytes - 4, &checksum, 4);
  const auto header = ChunkDecoder::ParseHeader(bytes);
  if (!header.ok()) return header.error();
  Bytes out(header->raw_bytes());
  return ChunkDecoder().Decode(*header, bytes, level, {}, out);
}

TEST(ChunkCodec, CodedPlane_IsRefusedWhereItCannotBe) {
  const Bytes raw = test::WithUnevenFirstBit(DType::kF32, test::Weights(DType::kF32, 1500));
  const EncodedChunk chunk = Encode(DType::kF32, raw);
  ASSERT_TRUE(HasCodedPlane(chunk.header));
  const std::size_t size = chunk.header.header_bytes;
  const std::size_t flags = 9;  // behind a count of two bytes
  ASSERT_EQ(static_cast<unsigned>(chunk.bytes[flags]), FloatFlags::kCodedPlane);
  const std::size_t plane = size + chunk.header.level_table[0].size_bytes;
  const auto refused = [&](std::size_t at, unsigned value, std::size_t level = 2) {
    Bytes bytes = chunk.bytes;
    bytes[at] = static_cast<std::byte>(value);
    const Status status = DecodeForged(bytes, size, level);
    return !status.ok() && status.error().code == ErrorCode::kCorruption;
  };
  EXPECT_TRUE(DecodeForged(chunk.bytes, size, 2).ok());
  EXPECT_TRUE(refused(flags, FloatFlags::kCodedPlane | FloatFlags::kWideSymbols));
  EXPECT_TRUE(refused(flags, 0));       // the level is too short without
  EXPECT_TRUE(refused(flags + 1, 23));  // no mantissa plane is there
  EXPECT_TRUE(refused(plane, 0xff));    // contexts above 255
  const EncodedChunk small = Encode(DType::kF32, test::Weights(DType::kF32, 500));
  ASSERT_EQ(small.header.level_count, 1);
  Bytes bytes = small.bytes;
  bytes[flags] |= static_cast<std::byte>(FloatFlags::kCodedPlane);
  EXPECT_FALSE(DecodeForged(bytes, small.header.header_bytes, 0).ok());
}

TEST(ChunkCodec, ColdWeights_DoNotDependOnKernels) {
  const KernelLevel before = ActiveKernelLevel();
  EncodeOptions cold;
  cold.cold = true;
  for (const DType dtype : {DType::kF32, DType::kBF16, DType::kF64}) {
    for (const std::size_t n : {1000u, 5000u, 131'071u}) {
      const Bytes raw = test::Weights(dtype, n);
      ASSERT_TRUE(SetKernelLevel(KernelLevel::kReference));
      const EncodedChunk expected = Encode(dtype, raw, cold);
      for (const KernelLevel level : kKernelLevels) {
        if (!SetKernelLevel(level)) continue;
        EXPECT_EQ(Encode(dtype, raw, cold).bytes, expected.bytes) << NameOf(level);
        EXPECT_EQ(Decode(expected, expected.header.level_count - 1u), raw) << NameOf(level);
      }
    }
  }
  SetKernelLevel(before);
}

TEST(ChunkCodec, FewValues_TakeTheirEntropy) {
  for (const DType dtype : {DType::kF32, DType::kI64, DType::kF64, DType::kU16}) {
    const Bytes sixteen = test::FewValues(dtype, 60000, 16);
    EXPECT_EQ(Encode(dtype, sixteen).header.mode, ChunkMode::kPalette) << NameOf(dtype);
    EXPECT_LT(BitsPerElement(dtype, sixteen), 3.9) << NameOf(dtype);
    const Bytes thousand = test::FewValues(dtype, 60000, 1000);
    EXPECT_LT(BitsPerElement(dtype, thousand),
              10.1 + 8.0 * static_cast<double>(SizeOf(dtype)) / 60);
    ExpectRoundTrip(dtype, thousand);
  }
}

TEST(ChunkCodec, InAHurry_RoundTripsAndFindsTheSameKinds) {
  EncodeOptions hurry;
  hurry.hurry = true;
  for (const DType dtype : {DType::kF32, DType::kBF16, DType::kF64, DType::kF8E4M3, DType::kI64,
                            DType::kU8, DType::kComplex64}) {
    for (const std::size_t n : {1, 100, 5000}) {
      ExpectRoundTrip(dtype, test::Weights(dtype, n), hurry);
      ExpectRoundTrip(dtype, test::Sparse(dtype, n, 300), hurry);
      ExpectRoundTrip(dtype, test::FewValues(dtype, n, 700), hurry);
      ExpectRoundTrip(dtype, test::FewValues(dtype, n, 20000), hurry);
    }
  }
  ExpectRoundTrip(DType::kF32, test::OuterProduct(40000), hurry);
  const Bytes sixteen = test::FewValues(DType::kF32, 33000, 16);
  EXPECT_EQ(Encode(DType::kF32, sixteen, hurry).bytes, Encode(DType::kF32, sixteen).bytes);
}

TEST(ChunkCodec, InAHurry_RowsWithScalesOfTheirOwnAreStillSmall) {
  std::mt19937 random(3);
  Bytes raw(65536 * 4);
  for (std::size_t i = 0; i < 65536; ++i) {
    // 8 bits and a scale for each row of 512.
    const auto scale = 0.001f + 0.00001f * static_cast<float>(i / 512 * 7919 % 128);
    const float value = scale * (static_cast<float>(random() % 64) - 31.5f);
    std::memcpy(raw.data() + 4 * i, &value, 4);
  }
  EncodeOptions options;
  options.hurry = true;
  EXPECT_LT(Encode(DType::kF32, raw, options).bytes.size() * 8 / 65536, 16u);  // 26 as floats
  ExpectRoundTrip(DType::kF32, raw, options);
}

TEST(ChunkCodec, TinyChunk_HasSmallHeader) {
  const EncodedChunk chunk = Encode(DType::kF32, test::Weights(DType::kF32, 500));
  EXPECT_EQ(chunk.header.mode, ChunkMode::kFloat);
  EXPECT_LE(chunk.header.header_bytes, 30u);
  EXPECT_LT(chunk.bytes.size(), 500u * 4 * 9 / 10);
}

TEST(ChunkCodec, Encode_RefusesWrongSizes) {
  ChunkEncoder encoder;
  EncodedChunk chunk;
  const auto code = [&](DType dtype, std::size_t size, std::size_t base) {
    const Bytes raw(size, std::byte{1});
    const Bytes base_bytes(base, std::byte{1});
    const Status status = encoder.Encode(dtype, raw, base_bytes, {}, chunk);
    return status.ok() ? 0 : static_cast<int>(status.error().code);
  };
  const int invalid = static_cast<int>(ErrorCode::kInvalidArgument);
  EXPECT_EQ(code(DType::kF32, 0, 0), invalid);
  EXPECT_EQ(code(DType::kF32, 6, 0), invalid);
  EXPECT_EQ(code(DType::kU8, kMaxChunkElements + 1, 0), invalid);
  EXPECT_EQ(code(DType::kF32, 8, 4), invalid);
  EXPECT_EQ(code(DType::kComplex128, 16 * kMaxChunkElements, 0), 0);
}

TEST(ChunkCodec, Decode_RefusesWrongArguments) {
  const Bytes raw = test::Weights(DType::kF32, 5000);
  const EncodedChunk chunk = Encode(DType::kF32, raw);
  ChunkDecoder decoder;
  Bytes out(raw.size());
  const auto last = chunk.header.level_count - 1u;
  const auto code = [&](std::size_t level, std::size_t prefix, std::size_t size) {
    const auto part = std::span(chunk.bytes).first(prefix);
    const Status status = decoder.Decode(chunk.header, part, level, {}, std::span(out).first(size));
    return status.ok() ? ErrorCode{} : status.error().code;
  };
  EXPECT_EQ(code(last + 1, chunk.bytes.size(), raw.size()), ErrorCode::kInvalidArgument);
  EXPECT_EQ(code(last, chunk.bytes.size(), raw.size() - 4), ErrorCode::kInvalidArgument);
  EXPECT_EQ(code(last, chunk.bytes.size() - 1, raw.size()), ErrorCode::kCorruption);
  EXPECT_EQ(code(last, chunk.bytes.size(), raw.size()), ErrorCode{});
}

TEST(ChunkCodec, ParseHeader_RefusesNewerFormats) {
  EncodedChunk chunk = Encode(DType::kF32, test::Weights(DType::kF32, 5000));
  for (const auto& [offset, value] : {std::pair{0, 2}, {1, 99}, {3, 16}, {4, 1}}) {
    Bytes bytes = chunk.bytes;
    bytes[static_cast<std::size_t>(offset)] = static_cast<std::byte>(value);
    const auto header = ChunkDecoder::ParseHeader(bytes);
    ASSERT_FALSE(header.ok());
    EXPECT_EQ(header.error().code, ErrorCode::kUnsupported) << offset;
  }
}

}  // namespace
}  // namespace dlv::codec

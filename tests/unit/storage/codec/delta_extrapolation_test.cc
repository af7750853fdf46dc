// Deltas that are predicted from two bases (docs/format/delta.md §4).

#include <gtest/gtest.h>

#include <bit>
#include <cstring>
#include <random>
#include <span>
#include <string>
#include <vector>

#include "storage/codec/chunk_codec.h"
#include "storage/codec/cpu_dispatch.h"
#include "storage/codec/delta_codec.h"
#include "storage/codec/delta_format.h"

namespace dlv::codec {
namespace {

using StepBytes = std::vector<std::byte>;

constexpr DType kTwoBaseTypes[] = {DType::kF32, DType::kBF16,      DType::kF16,
                                   DType::kF64, DType::kComplex64, DType::kComplex128};

unsigned StepWidth(DType dtype) { return DeltaShapeOf(dtype)->element_bytes; }

std::uint64_t BitsAt(const StepBytes& buffer, unsigned width, std::size_t i) {
  std::uint64_t bits = 0;
  std::memcpy(&bits, buffer.data() + i * width, width);
  return bits;
}

void SetBits(StepBytes& buffer, unsigned width, std::size_t i, std::uint64_t bits) {
  std::memcpy(buffer.data() + i * width, &bits, width);
}

/// Three steps of a training whose weights move on; every tenth element is anything.
struct Steps {
  StepBytes second, base, child;
};

Steps MakeSteps(DType dtype, std::size_t elements, std::uint64_t seed) {
  const unsigned width = StepWidth(dtype);
  const unsigned bits = 8 * width;
  const std::uint64_t sign = std::uint64_t{1} << (bits - 1);
  const std::uint64_t specials[] = {0,
                                    sign,
                                    1,
                                    sign | 1,
                                    sign - 1,
                                    sign * 2 - 1,
                                    sign >> 1,
                                    2,
                                    sign | sign >> 1,
                                    (sign - 1) & ~std::uint64_t{0xf}};
  const std::size_t n = elements * SizeOf(dtype) / width;
  std::mt19937_64 random(seed);
  Steps steps{StepBytes(n * width), StepBytes(n * width), StepBytes(n * width)};
  const std::uint64_t step = std::uint64_t{1} << (bits / 2);
  for (std::size_t i = 0; i < n; ++i) {
    std::uint64_t at = (random() & sign) | (sign >> 2) | (random() & ((sign >> 3) - 1));
    const std::uint64_t move = random() % step - step / 2;
    for (StepBytes* one : {&steps.second, &steps.base, &steps.child}) {
      const bool odd = random() % 10 == 0;
      SetBits(*one, width, i, odd ? specials[random() % std::size(specials)] : at);
      at += move + random() % (step / 16);
    }
  }
  return steps;
}

StepBytes CutTo(const StepBytes& buffer, unsigned width, unsigned planes) {
  StepBytes result = buffer;
  const unsigned drop = 8 * width - planes;
  for (std::size_t i = 0; i < buffer.size() / width; ++i)
    SetBits(result, width, i, (BitsAt(buffer, width, i) >> drop) << drop);
  return result;
}

struct CodedSteps {
  ChunkHeader header;
  StepBytes body;
};

CodedSteps EncodeSteps(DType dtype, const Steps& steps) {
  CodedSteps encoded;
  DeltaOptions options;
  options.second_base = steps.second;
  EXPECT_TRUE(
      DeltaEncoder().Encode(dtype, steps.child, steps.base, options, encoded.header, encoded.body));
  EXPECT_TRUE(encoded.header.needs_second_base);
  return encoded;
}

/// Prefixes need prefixes of both bases alone, and what is below them does not matter.
void ExpectStepLevels(DType dtype, const Steps& steps, const CodedSteps& encoded) {
  DeltaDecoder decoder;
  const unsigned width = StepWidth(dtype);
  StepBytes out(steps.child.size());
  std::size_t size = 0;
  for (std::size_t level = 0; level < encoded.header.level_count; ++level) {
    size += encoded.header.level_table[level].size_bytes;
    const unsigned planes = encoded.header.level_table[level].planes;
    const StepBytes want = CutTo(steps.child, width, planes);
    const auto prefix = std::span(encoded.body).first(size);
    for (const bool whole : {false, true}) {
      const StepBytes base = whole ? steps.base : CutTo(steps.base, width, planes);
      const StepBytes second = whole ? steps.second : CutTo(steps.second, width, planes);
      const Status status = decoder.Decode(encoded.header, prefix, level, base, second, out);
      ASSERT_TRUE(status.ok()) << status.error().message;
      ASSERT_EQ(out, want) << "level " << level;
    }
  }
}

class DeltaExtrapolation : public ::testing::TestWithParam<DType> {};

INSTANTIATE_TEST_SUITE_P(Types, DeltaExtrapolation, ::testing::ValuesIn(kTwoBaseTypes),
                         [](const auto& tested) { return std::string(NameOf(tested.param)); });

TEST_P(DeltaExtrapolation, ReturnsEveryLevelFromPrefixesOfBothBases) {
  for (const std::size_t n : {1u, 2u, 63u, 64u, 65u, 1000u, 4097u, 20011u}) {
    SCOPED_TRACE(n);
    const Steps steps = MakeSteps(GetParam(), n, n);
    ASSERT_NO_FATAL_FAILURE(ExpectStepLevels(GetParam(), steps, EncodeSteps(GetParam(), steps)));
  }
}

/// The low bits of the child alone are zeros.
TEST_P(DeltaExtrapolation, ReturnsNarrowElements) {
  const unsigned width = StepWidth(GetParam());
  for (const unsigned zero_bits : {3u, 8u * width / 3, 4u * width}) {
    Steps steps = MakeSteps(GetParam(), 5000, zero_bits);
    steps.child = CutTo(steps.child, width, 8 * width - zero_bits);
    ExpectStepLevels(GetParam(), steps, EncodeSteps(GetParam(), steps));
  }
}

TEST_P(DeltaExtrapolation, AllFormsOfTheKernelsGiveTheSameBytes) {
  const KernelLevel best = ActiveKernelLevel();
  for (const std::size_t n : {1u, 65u, 5003u}) {
    const Steps steps = MakeSteps(GetParam(), n, 7 * n);
    ASSERT_TRUE(SetKernelLevel(KernelLevel::kReference));
    const CodedSteps reference = EncodeSteps(GetParam(), steps);
    for (const KernelLevel level : kKernelLevels) {
      if (!SetKernelLevel(level)) continue;
      SCOPED_TRACE(NameOf(level));
      EXPECT_EQ(EncodeSteps(GetParam(), steps).body, reference.body);
      ExpectStepLevels(GetParam(), steps, reference);
    }
    ASSERT_TRUE(SetKernelLevel(best));
  }
}

/// The kernels alone, against the reference, with every beta and with bits of every kind.
TEST_P(DeltaExtrapolation, KernelsAgreeWithTheReference) {
  const DeltaShape shape = *DeltaShapeOf(GetParam());
  std::mt19937_64 random(11);
  const std::size_t n = 777;
  Steps steps = MakeSteps(GetParam(), n, 5);
  for (std::size_t i = 0; i < steps.base.size(); ++i)
    if (random() % 8 == 0) steps.base[i] = static_cast<std::byte>(random());
  const std::size_t count = steps.base.size() / shape.element_bytes;
  const auto* base = reinterpret_cast<const std::uint8_t*>(steps.base.data());
  const auto* second = reinterpret_cast<const std::uint8_t*>(steps.second.data());
  const KernelLevel best = ActiveKernelLevel();
  for (int beta = -128; beta < 128; ++beta) {
    for (unsigned levels = 1; levels <= shape.level_count; ++levels) {
      std::vector<std::uint8_t> want(steps.base.size());
      ReferenceDeltaKernels().extrapolate(&shape, levels, base, second, count, beta, want.data());
      for (const KernelLevel level : kKernelLevels) {
        if (!SetKernelLevel(level)) continue;
        std::vector<std::uint8_t> got(steps.base.size());
        ActiveDeltaKernels().extrapolate(&shape, levels, base, second, count, beta, got.data());
        ASSERT_EQ(got, want) << NameOf(level) << " beta " << beta << " levels " << levels;
      }
    }
  }
  ASSERT_TRUE(SetKernelLevel(best));
}

TEST(DeltaExtrapolationRule, IsWhatTheDocumentSays) {
  const DeltaShape shape = *DeltaShapeOf(DType::kF32);
  const auto predict = [&](std::uint32_t base, std::uint32_t second, int beta) {
    std::uint32_t out = 0;
    ReferenceDeltaKernels().extrapolate(&shape, 3, reinterpret_cast<const std::uint8_t*>(&base),
                                        reinterpret_cast<const std::uint8_t*>(&second), 1, beta,
                                        reinterpret_cast<std::uint8_t*>(&out));
    return out;
  };
  EXPECT_EQ(predict(0x3f800040, 0x3f800020, 16) & 0xff, 0x60u);
  EXPECT_EQ(predict(0x3f800040, 0x3f800020, 8) & 0xff, 0x50u);
  EXPECT_EQ(predict(0x3f820000, 0x3f800000, 16) >> 16, 0x3f84u);
  // Half a step of the level's unit is rounded: 0x3f81.8000 + 0.5.
  EXPECT_EQ(predict(0x3f810000, 0x3f800000, 8) >> 16, 0x3f82u);
  EXPECT_EQ(predict(0xbf800040, 0xbf800020, 16) & 0xff0000ff, 0xbf000060u);
  EXPECT_EQ(predict(0x3f800040, 0xbf800040, 16), 0x3f800040u);   // signs differ
  EXPECT_EQ(predict(0x3f800040, 0x3e800000, 16), 0x3f800040u);   // two octaves apart
  EXPECT_EQ(predict(0x00000001, 0x00000003, 16) & 0xff, 0x01u);  // would be below zero
  EXPECT_EQ(predict(0x7fffffff, 0x7f900000, 16), 0x7fffffffu);   // would be above all magnitudes
  EXPECT_EQ(predict(0x7fc00abc, 0x7fc00abc, 16), 0x7fc00abcu);   // a NaN that stays
}

TEST(DeltaExtrapolationChoice, TakesTwoBasesOnlyWhereTheyPay) {
  const Steps steps = MakeSteps(DType::kF32, 50000, 3);
  ChunkEncoder encoder;
  EncodedChunk one, two;
  EncodeOptions options;
  ASSERT_TRUE(encoder.Encode(DType::kF32, steps.child, steps.base, options, one).ok());
  options.second_base = steps.second;
  ASSERT_TRUE(encoder.Encode(DType::kF32, steps.child, steps.base, options, two).ok());
  EXPECT_TRUE(two.header.needs_second_base);
  EXPECT_LT(two.bytes.size() + one.bytes.size() / 50, one.bytes.size());
  ChunkDecoder decoder;
  StepBytes out(steps.child.size());
  const std::size_t last = two.header.level_count - 1u;
  ASSERT_TRUE(decoder.Decode(two.header, two.bytes, last, steps.base, out, steps.second).ok());
  EXPECT_EQ(out, steps.child);
  EXPECT_EQ(decoder.Decode(two.header, two.bytes, last, steps.base, out).error().code,
            ErrorCode::kInvalidArgument);
  EXPECT_EQ(decoder.Decode(two.header, two.bytes, last, steps.base, out, steps.base).error().code,
            ErrorCode::kCorruption);
  // A second base that tells nothing.
  const Steps other = MakeSteps(DType::kF32, 50000, 4);
  options.second_base = other.base;
  ASSERT_TRUE(encoder.Encode(DType::kF32, steps.child, steps.base, options, two).ok());
  EXPECT_FALSE(two.header.needs_second_base);
  EXPECT_EQ(two.bytes, one.bytes);
  options.second_base = std::span(other.base).first(4);
  EXPECT_EQ(encoder.Encode(DType::kF32, steps.child, steps.base, options, two).error().code,
            ErrorCode::kInvalidArgument);
}

TEST(DeltaExtrapolationHeader, RefusesWhatDoesNotFit) {
  const Steps steps = MakeSteps(DType::kF32, 300, 9);
  const CodedSteps good = EncodeSteps(DType::kF32, steps);
  StepBytes out(steps.child.size());
  const auto decode = [&](const ChunkHeader& header) {
    return DeltaDecoder().Decode(header, good.body, 2, steps.base, steps.second, out);
  };
  ASSERT_TRUE(decode(good.header).ok());
  ChunkHeader header = good.header;
  header.needs_second_base = false;
  EXPECT_EQ(decode(header).error().code, ErrorCode::kCorruption);
  header = good.header;
  header.payload_bytes[1] = std::byte{0};  // beta 0
  EXPECT_EQ(decode(header).error().code, ErrorCode::kCorruption);
  header.payload_size = 1;
  EXPECT_EQ(decode(header).error().code, ErrorCode::kCorruption);
  EXPECT_FALSE(CanExtrapolate(DType::kF8E4M3));
  EXPECT_FALSE(CanExtrapolate(DType::kI32));
  // A mode that knows no second base.
  header = ChunkHeader{};
  header.mode = ChunkMode::kRaw;
  header.dtype = DType::kF32;
  header.count = 1;
  header.needs_base = header.needs_second_base = true;
  header.AddLevel(32, 4);
  std::vector<std::byte> bytes;
  WriteChunkHeader(header, bytes);
  EXPECT_EQ(ParseChunkHeader(bytes).error().code, ErrorCode::kCorruption);
}

}  // namespace
}  // namespace dlv::codec

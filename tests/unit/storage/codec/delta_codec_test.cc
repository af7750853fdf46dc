#include "storage/codec/delta_codec.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <random>
#include <span>
#include <sstream>
#include <string>
#include <tuple>
#include <vector>

#if defined(__SSE__)
#include <xmmintrin.h>
#endif

#include "storage/codec/chunk_codec.h"
#include "storage/codec/cpu_dispatch.h"
#include "storage/codec/delta_format.h"
#include "tests/support/source_root.h"

namespace dlv::codec {
namespace {

using Buffer = std::vector<std::byte>;

constexpr DType kDTypes[] = {DType::kF32,    DType::kBF16,   DType::kF16,       DType::kF64,
                             DType::kF8E4M3, DType::kF8E5M2, DType::kComplex64, DType::kComplex128};

struct Pair {
  Buffer base;
  Buffer child;
};

unsigned ComponentBytes(DType dtype) { return DeltaShapeOf(dtype)->element_bytes; }

std::uint64_t Get(const Buffer& buffer, unsigned width, std::size_t i) {
  std::uint64_t bits = 0;
  std::memcpy(&bits, buffer.data() + i * width, width);
  return bits;
}

void Set(Buffer& buffer, unsigned width, std::size_t i, std::uint64_t bits) {
  std::memcpy(buffer.data() + i * width, &bits, width);
}

/// Bits of a normal-looking number: exponent near the middle of the range, random mantissa.
std::uint64_t Weight(DType dtype, std::mt19937_64& random) {
  const unsigned bits = 8 * ComponentBytes(dtype);
  const auto shape = *DeltaShapeOf(dtype);
  const unsigned exponent_at = bits - 8u * shape.level_bytes[0] + shape.exponent_shift;
  const std::uint64_t one = std::uint64_t{1} << (bits - 3);  // about the middle
  const std::uint64_t mantissa = random() & ((std::uint64_t{1} << exponent_at) - 1);
  const auto octave = static_cast<std::uint64_t>(std::countl_zero(random() | 1) % 4);
  const std::uint64_t sign = (random() & 1) << (bits - 1);
  return sign | (one + (one >> 1) - (octave << exponent_at)) | mantissa;
}

enum class Kind { kNear, kHalfEqual, kFlips, kRandomBits, kSpecials, kRatio, kEqual, kNarrow };
constexpr Kind kKinds[] = {Kind::kNear,     Kind::kHalfEqual, Kind::kFlips, Kind::kRandomBits,
                           Kind::kSpecials, Kind::kRatio,     Kind::kEqual, Kind::kNarrow};

std::uint64_t Special(unsigned bits, std::mt19937_64& random) {
  const std::uint64_t all = bits == 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << bits) - 1;
  const std::uint64_t sign = std::uint64_t{1} << (bits - 1);
  const std::uint64_t values[] = {0, sign, 1, sign | 1, all, sign - 1, all - 1, sign >> 1, 2, 3};
  return values[random() % std::size(values)];
}

/// Keeps the upper `planes` bits of each component.
Buffer Truncated(const Buffer& buffer, unsigned width, unsigned planes) {
  Buffer result = buffer;
  const unsigned drop = 8 * width - planes;
  for (std::size_t i = 0; i < buffer.size() / width; ++i) {
    Set(result, width, i, (Get(buffer, width, i) >> drop) << drop);
  }
  return result;
}

Pair MakePair(DType dtype, std::size_t elements, Kind kind, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  const unsigned width = ComponentBytes(dtype);
  const unsigned bits = 8 * width;
  const std::size_t n = elements * SizeOf(dtype) / width;
  Pair pair{Buffer(n * width), Buffer(n * width)};
  const std::uint64_t step = std::uint64_t{1} << (bits / 3);
  for (std::size_t i = 0; i < n; ++i) {
    const std::uint64_t from = Weight(dtype, random);
    std::uint64_t to = from + random() % step - step / 2;
    if (kind == Kind::kHalfEqual && random() % 2 == 0) to = from;
    if (kind == Kind::kFlips && random() % 3 == 0) to ^= std::uint64_t{1} << (bits - 1);
    if (kind == Kind::kRandomBits) to = random();
    if (kind == Kind::kSpecials && random() % 2 == 0) to = Special(bits, random);
    if (kind == Kind::kEqual) to = from;
    if (kind == Kind::kRatio && dtype == DType::kF32 && random() % 4 != 0) {
      to = std::bit_cast<std::uint32_t>(std::bit_cast<float>(static_cast<std::uint32_t>(from)) *
                                        0.99f);
    }
    Set(pair.base, width, i,
        kind == Kind::kSpecials && random() % 2 == 0 ? Special(bits, random) : from);
    Set(pair.child, width, i, to);
  }
  if (kind == Kind::kEqual) pair.child = pair.base;
  if (kind == Kind::kNarrow) {  // of the base the low bits are zeros or not
    const auto zeros = static_cast<unsigned>(seed * 5 % (bits - 4));
    pair.child = Truncated(pair.child, width, bits - zeros);
    if (seed % 2 == 0) pair.base = Truncated(pair.base, width, bits - zeros);
  }
  return pair;
}

struct Encoded {
  ChunkHeader header;
  Buffer body;
};

Encoded Encode(DType dtype, const Pair& pair, bool second_bits = false) {
  Encoded encoded;
  DeltaEncoder encoder;
  DeltaOptions options;
  options.second_bits = second_bits;
  EXPECT_TRUE(encoder.Encode(dtype, pair.child, pair.base, options, encoded.header, encoded.body));
  return encoded;
}

/// Every level of the chunk equals the child cut to it, given the base cut to it, or all of the
/// base.
void ExpectAllLevels(DType dtype, const Pair& pair, const Encoded& encoded) {
  DeltaDecoder decoder;
  const unsigned width = ComponentBytes(dtype);
  Buffer out(pair.child.size());
  std::size_t size = 0;
  for (std::size_t level = 0; level < encoded.header.level_count; ++level) {
    size += encoded.header.level_table[level].size_bytes;
    const unsigned planes = encoded.header.level_table[level].planes;
    const auto prefix = std::span(encoded.body).first(size);
    const Buffer want = Truncated(pair.child, width, planes);
    for (const Buffer& base : {Truncated(pair.base, width, planes), pair.base}) {
      const Status status = decoder.Decode(encoded.header, prefix, level, base, {}, out);
      ASSERT_TRUE(status.ok()) << status.error().message;
      ASSERT_EQ(out, want) << "level " << level;
    }
  }
  EXPECT_EQ(size, encoded.body.size());
}

/// Both modes.
class EachDType : public ::testing::TestWithParam<std::tuple<DType, bool>> {
 protected:
  static DType Type() { return std::get<0>(GetParam()); }
  static Encoded Encode(const Pair& pair) {
    return codec::Encode(Type(), pair, std::get<1>(GetParam()));
  }
};

INSTANTIATE_TEST_SUITE_P(DeltaCodec, EachDType,
                         ::testing::Combine(::testing::ValuesIn(kDTypes), ::testing::Bool()),
                         [](const auto& tested) {
                           return std::string(NameOf(std::get<0>(tested.param))) +
                                  (std::get<1>(tested.param) ? "_second_bits" : "");
                         });

TEST_P(EachDType, ReturnsEveryLevelExactly) {
  std::uint64_t seed = 1;
  for (const Kind kind : kKinds) {
    for (std::size_t n = 1; n <= 200; n += n < 70 ? 1 : 13) {
      SCOPED_TRACE(::testing::Message() << "kind " << static_cast<int>(kind) << " n " << n);
      const Pair pair = MakePair(Type(), n, kind, ++seed);
      ASSERT_NO_FATAL_FAILURE(ExpectAllLevels(Type(), pair, Encode(pair)));
    }
    for (const std::size_t n : {4095u, 4097u, 10007u, 65537u}) {
      SCOPED_TRACE(::testing::Message() << "kind " << static_cast<int>(kind) << " n " << n);
      const Pair pair = MakePair(Type(), n, kind, ++seed);
      ASSERT_NO_FATAL_FAILURE(ExpectAllLevels(Type(), pair, Encode(pair)));
    }
  }
}

TEST_P(EachDType, TakesTheLargestChunk) {
  const Pair pair = MakePair(Type(), kMaxChunkElements, Kind::kNear, 5);
  ExpectAllLevels(Type(), pair, Encode(pair));
}

TEST_P(EachDType, AllFormsOfTheKernelsGiveTheSameBytes) {
  const KernelLevel best = ActiveKernelLevel();
  if (best == KernelLevel::kReference) GTEST_SKIP() << "only the reference form runs here";
  std::uint64_t seed = 100;
  for (const Kind kind : kKinds) {
    for (const std::size_t n : {1u, 63u, 64u, 65u, 1000u, 2049u, 20011u}) {
      SCOPED_TRACE(::testing::Message() << "kind " << static_cast<int>(kind) << " n " << n);
      const Pair pair = MakePair(Type(), n, kind, ++seed);
      const Encoded fast = Encode(pair);
      ASSERT_TRUE(SetKernelLevel(KernelLevel::kReference));
      const Encoded reference = Encode(pair);
      ExpectAllLevels(Type(), pair, fast);
      ASSERT_TRUE(SetKernelLevel(best));
      ASSERT_EQ(fast.body, reference.body);
      for (unsigned level = 0; level < fast.header.level_count; ++level) {
        EXPECT_EQ(fast.header.level_table[level].checksum,
                  reference.header.level_table[level].checksum);
      }
    }
  }
}

TEST_P(EachDType, EqualChunksTakeNoBytes) {
  const Pair pair = MakePair(Type(), 5000, Kind::kEqual, 3);
  EXPECT_TRUE(Encode(pair).body.empty());
}

TEST_P(EachDType, DamageIsReportedOrHarmless) {
  for (const Kind kind : {Kind::kHalfEqual, Kind::kNarrow}) {
    const Pair pair = MakePair(Type(), 300, kind, 7);
    const Encoded good = Encode(pair);
    DeltaDecoder decoder;
    Buffer out(pair.child.size());
    const std::size_t last = good.header.level_count - 1u;
    for (std::size_t at = 0; at < good.body.size(); ++at) {
      for (const unsigned bit : {0u, 3u, 7u}) {
        Buffer damaged = good.body;
        damaged[at] ^= static_cast<std::byte>(1u << bit);
        const Status status = decoder.Decode(good.header, damaged, last, pair.base, {}, out);
        EXPECT_TRUE(status.ok() || status.error().code == ErrorCode::kCorruption);
      }
      const auto cut = std::span(good.body).first(at);
      EXPECT_FALSE(decoder.Decode(good.header, cut, last, pair.base, {}, out).ok()) << at;
    }
    EXPECT_TRUE(decoder.Decode(good.header, good.body, last, pair.base, {}, out).ok());
  }
}

/// Weights of a type that has the first bits of f32, as f32: they cost what they cost there.
TEST(DeltaCodec, WideNumbersOfANarrowTypeCostWhatNarrowOnesDo) {
  const std::size_t n = 100'000;
  const Pair narrow = MakePair(DType::kBF16, n, Kind::kNear, 21);
  Pair wide{Buffer(4 * n), Buffer(4 * n)};
  for (std::size_t i = 0; i < n; ++i) {
    Set(wide.base, 4, i, Get(narrow.base, 2, i) << 16);
    Set(wide.child, 4, i, Get(narrow.child, 2, i) << 16);
  }
  const auto as_bf16 = static_cast<double>(Encode(DType::kBF16, narrow).body.size());
  const Encoded as_f32 = Encode(DType::kF32, wide);
  EXPECT_NEAR(static_cast<double>(as_f32.body.size()), as_bf16, 0.005 * as_bf16);
  EXPECT_EQ(static_cast<unsigned>(as_f32.header.payload()[0]) & kDeltaNarrow, kDeltaNarrow);
  EXPECT_EQ(static_cast<unsigned>(as_f32.header.payload().back()), 16u);
}

TEST(DeltaPayloads, OfNarrowNumbersComeBackOrAreRefused) {
  for (DeltaPayload payload :
       {DeltaPayload{}, DeltaPayload{.ratio = 0.5F},
        DeltaPayload{.ratio = 2, .ratio_everywhere = true}, DeltaPayload{.beta = -3}}) {
    for (const unsigned zero_bits : {0u, 1u, 16u, 48u}) {
      payload.zero_bits = static_cast<std::uint8_t>(zero_bits);
      std::array<std::byte, 8> bytes{};
      const std::size_t size = WriteDeltaPayload(payload, bytes);
      const auto read = ReadDeltaPayload(std::span(bytes).first(size));
      ASSERT_TRUE(read.has_value());
      EXPECT_EQ(read->zero_bits, zero_bits);
      EXPECT_EQ(read->ratio, payload.ratio);
      EXPECT_EQ(read->beta, payload.beta);
      EXPECT_FALSE(ReadDeltaPayload(std::span(bytes).first(size - 1)).has_value());
      EXPECT_FALSE(ReadDeltaPayload(std::span(bytes).first(size + 1)).has_value());
    }
  }
  const auto refused = [](std::initializer_list<unsigned> numbers) {
    Buffer bytes;
    for (const unsigned one : numbers) bytes.push_back(static_cast<std::byte>(one));
    return !ReadDeltaPayload(bytes).has_value();
  };
  EXPECT_TRUE(refused({16}));     // no number
  EXPECT_TRUE(refused({16, 0}));  // none
  EXPECT_TRUE(refused({17, 8}));  // of a chunk without bytes
  EXPECT_TRUE(refused({48, 8}));  // a flag that nobody has
  EXPECT_FALSE(refused({16, 8}));
}

TEST(DeltaCodec, HeadersAndPayloadsAgreeOnZeroBits) {
  const Pair pair = MakePair(DType::kF32, 500, Kind::kNarrow, 3);
  Encoded chunk = Encode(DType::kF32, pair);
  ASSERT_TRUE(chunk.header.is_narrow);
  Buffer out(pair.child.size());
  chunk.header.is_narrow = false;
  const Status status = DeltaDecoder().Decode(chunk.header, chunk.body, 2, pair.base, {}, out);
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().code, ErrorCode::kCorruption);
}

TEST(DeltaCodec, RefusesMoreZeroBitsThanTheLevelsHave) {
  const Pair pair = MakePair(DType::kF32, 500, Kind::kNarrow, 3);
  Encoded chunk = Encode(DType::kF32, pair);
  Buffer out(pair.child.size());
  for (const unsigned zero_bits : {17u, 32u, 255u}) {
    const std::byte payload[] = {std::byte{16}, static_cast<std::byte>(zero_bits)};
    chunk.header.SetPayload(payload);
    chunk.header.is_narrow = true;
    const Status status = DeltaDecoder().Decode(chunk.header, chunk.body, 2, pair.base, {}, out);
    ASSERT_FALSE(status.ok());
    EXPECT_EQ(status.error().code, ErrorCode::kCorruption);
  }
}

TEST_P(EachDType, RandomLevelsDoNotCrash) {
  std::mt19937_64 random(11);
  const Pair pair = MakePair(Type(), 500, Kind::kNear, 7);
  Encoded chunk = Encode(pair);
  DeltaDecoder decoder;
  Buffer out(pair.child.size());
  for (int round = 0; round < 2000; ++round) {
    chunk.body.clear();
    for (unsigned level = 0; level < chunk.header.level_count; ++level) {
      const std::size_t size = random() % 700;
      chunk.header.level_table[level].size_bytes = static_cast<std::uint32_t>(size);
      for (std::size_t i = 0; i < size; ++i) {
        chunk.body.push_back(static_cast<std::byte>(random() % (i < 4 ? 3 : 256)));
      }
    }
    EXPECT_FALSE(
        decoder.Decode(chunk.header, chunk.body, chunk.header.level_count - 1u, pair.base, {}, out)
            .ok());
  }
}

TEST(DeltaCodec, SecondBitsAreWorthTheirTables) {
  // Steps of a normal distribution, as training makes them: large ones are rare in each octave.
  std::mt19937_64 random(3);
  std::normal_distribution<float> weight(0.0F, 0.05F), step(0.0F, 0.0003F);
  for (const std::size_t n : {3000u, 100'000u}) {
    Pair pair{Buffer(4 * n), Buffer(4 * n)};
    for (std::size_t i = 0; i < n; ++i) {
      const float from = weight(random);
      Set(pair.base, 4, i, std::bit_cast<std::uint32_t>(from));
      Set(pair.child, 4, i, std::bit_cast<std::uint32_t>(from + step(random)));
    }
    const auto usual = static_cast<double>(Encode(DType::kF32, pair).body.size());
    const auto cold = static_cast<double>(Encode(DType::kF32, pair, true).body.size());
    EXPECT_LT(cold, 0.999 * usual) << n;
    EXPECT_GT(cold, 0.97 * usual) << n;
  }
}

TEST(DeltaCodec, FindsAWrongBase) {
  Pair pair = MakePair(DType::kF32, 5000, Kind::kNear, 9);
  const Encoded encoded = Encode(DType::kF32, pair);
  pair.base[4 * 1234 + 3] ^= std::byte{1};
  DeltaDecoder decoder;
  Buffer out(pair.child.size());
  for (std::size_t level = 0; level < 3; ++level) {
    const Status status = decoder.Decode(encoded.header, encoded.body, level, pair.base, {}, out);
    ASSERT_FALSE(status.ok());
    EXPECT_EQ(status.error().code, ErrorCode::kCorruption);
  }
}

TEST(DeltaCodec, RefusesWhatDoesNotPay) {
  const Pair pair = MakePair(DType::kF32, 5000, Kind::kRandomBits, 9);
  DeltaEncoder encoder;
  ChunkHeader header;
  Buffer body = {std::byte{1}};
  DeltaOptions options;
  options.limit_bytes = pair.child.size() * 26 / 32;
  EXPECT_FALSE(encoder.Encode(DType::kF32, pair.child, pair.base, options, header, body));
  EXPECT_EQ(body.size(), 1u);
  EXPECT_EQ(header.level_count, 0);
}

TEST(DeltaCodec, GivesTheExampleOfTheDocument) {
  std::ifstream in(testing::SourceRoot() / "docs/format/delta.md");
  std::string line;
  while (std::getline(in, line) && line != "```hex") {
  }
  Buffer want;
  std::vector<std::size_t> sizes;
  while (std::getline(in, line) && line != "```") {
    std::istringstream numbers(line);
    for (unsigned byte; numbers >> std::hex >> byte;) want.push_back(static_cast<std::byte>(byte));
    sizes.push_back(want.size());
  }
  const std::uint32_t base[] = {0x3f800000, 0xbf000000, 0x3e800000, 0, 0x3f000000, 0x3f400000};
  const std::uint32_t child[] = {0x3f800123, 0xbf000000, 0xbe812345, 0, 0x3effff80, 0x3f48d0d0};
  const auto bytes = [](std::span<const std::uint32_t> bits) {
    const auto raw = std::as_bytes(bits);
    return Buffer(raw.begin(), raw.end());
  };
  const Encoded encoded = Encode(DType::kF32, {bytes(base), bytes(child)});
  EXPECT_EQ(encoded.body, want);
  ASSERT_EQ(sizes.size(), 3u);
  EXPECT_EQ(encoded.header.level_table[0].size_bytes, sizes[0]);
  EXPECT_EQ(encoded.header.level_table[1].size_bytes, sizes[1] - sizes[0]);
}

TEST(DeltaCodec, RatioShrinksDecayedWeights) {
  const Pair pair = MakePair(DType::kF32, 50000, Kind::kRatio, 2);
  const Encoded encoded = Encode(DType::kF32, pair);
  EXPECT_EQ(static_cast<unsigned>(encoded.header.payload()[0]) & kDeltaRatio, kDeltaRatio);
  EXPECT_LT(encoded.body.size(), 50000u * 2);
}

// As chunks of a table of which some rows have moved.
TEST(DeltaCodec, ChunkThatIsItsBaseTakesAHeader) {
  ChunkEncoder encoder;
  ChunkDecoder decoder;
  for (const DType dtype : {DType::kF32, DType::kBF16, DType::kF64, DType::kF8E4M3}) {
    for (const bool hurry : {false, true}) {
      const Pair pair = MakePair(dtype, 5000, Kind::kEqual, 3);
      EncodeOptions options;
      options.hurry = hurry;
      EncodedChunk chunk;
      ASSERT_TRUE(encoder.Encode(dtype, pair.child, pair.base, options, chunk).ok());
      EXPECT_EQ(chunk.header.mode, ChunkMode::kDelta) << NameOf(dtype);
      EXPECT_EQ(chunk.bytes.size(), chunk.header.header_bytes) << NameOf(dtype);
      Buffer out(pair.child.size());
      const std::size_t last = chunk.header.level_count - 1u;
      ASSERT_TRUE(decoder.Decode(chunk.header, chunk.bytes, last, pair.base, out).ok());
      EXPECT_EQ(out, pair.child);
    }
  }
}

TEST(DeltaCodec, TakesFloatingPointOnly) {
  EXPECT_FALSE(SupportsDelta(DType::kI32));
  EXPECT_FALSE(SupportsDelta(DType::kOpaque));
  EXPECT_TRUE(SupportsDelta(DType::kComplex128));
}

#if defined(__SSE__)
TEST(DeltaCodec, IgnoresFlushingOfDenormalNumbers) {
  Pair pair = MakePair(DType::kF32, 20000, Kind::kRatio, 4);
  for (std::size_t i = 0; i < 20000; i += 3) {
    const auto from = static_cast<std::uint32_t>(i * 977 % (1u << 25));  // around the least normal
    Set(pair.base, 4, i, from);
    Set(pair.child, 4, i, from - from / 100);
  }
  const Encoded normal = Encode(DType::kF32, pair);
  const unsigned before = _mm_getcsr();
  _mm_setcsr(before | 0x8040);  // flush to zero, denormals are zero
  const Encoded flushed = Encode(DType::kF32, pair);
  ExpectAllLevels(DType::kF32, pair, normal);
  _mm_setcsr(before);
  EXPECT_EQ(normal.body, flushed.body);
}
#endif

}  // namespace
}  // namespace dlv::codec

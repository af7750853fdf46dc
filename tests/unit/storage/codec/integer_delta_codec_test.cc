// Integers against a base: every type, every form of the kernels, awkward values, damage.

#include "storage/codec/integer_delta_codec.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <functional>
#include <random>
#include <sstream>
#include <string>

#include "storage/codec/chunk_codec.h"
#include "storage/codec/cpu_dispatch.h"
#include "storage/codec/integer_delta_format.h"
#include "storage/codec/integer_delta_model.h"
#include "tests/support/slow_build.h"
#include "tests/support/source_root.h"
#include "tests/unit/storage/codec/sample_data.h"

namespace dlv::codec {
namespace {

using Bytes = std::vector<std::byte>;

constexpr DType kIntegerTypes[] = {DType::kOpaque, DType::kBool, DType::kU8,  DType::kI8,
                                   DType::kU16,    DType::kI16,  DType::kU32, DType::kI32,
                                   DType::kU64,    DType::kI64};

struct IntegerPair {
  std::string name;
  DType dtype;
  Bytes base, child;
};

/// Numbers of `width` bytes, each of which is given its place.
Bytes Numbers(std::size_t n, std::size_t width,
              const std::function<std::uint64_t(std::size_t)>& number) {
  Bytes bytes(n * width);
  for (std::size_t i = 0; i < n; ++i) {
    const std::uint64_t value = number(i);
    std::memcpy(bytes.data() + i * width, &value, width);
  }
  return bytes;
}

/// Bell-shaped numbers with a step of another size in each row of 300.
IntegerPair Quantised(DType dtype, std::size_t n, double step, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::normal_distribution<double> bell(0, 30);
  std::vector<double> weights(n);
  for (double& weight : weights) weight = bell(random);
  const auto rounded = [](double value) {
    return static_cast<std::uint64_t>(static_cast<std::int64_t>(std::clamp(value, -127.0, 127.0)));
  };
  IntegerPair pair{"quantised", dtype, {}, {}};
  pair.base = Numbers(n, SizeOf(dtype), [&](std::size_t i) { return rounded(weights[i]); });
  pair.child = Numbers(n, SizeOf(dtype), [&](std::size_t i) {
    const double row = 1 + static_cast<double>(i / 300 % 7);
    return rounded(weights[i] * 0.98 + step * row * bell(random) / 30);
  });
  return pair;
}

/// Whatever bits there are, and the ends of the range.
IntegerPair Wild(DType dtype, std::size_t n, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  const auto any = [&](std::size_t) {
    switch (random() % 5) {
      case 0:
        return std::uint64_t{0};
      case 1:
        return ~std::uint64_t{0};
      case 2:
        return std::uint64_t{1} << (8 * SizeOf(dtype) - 1);
      default:
        return std::uint64_t{random()};
    }
  };
  IntegerPair pair{"wild", dtype, Numbers(n, SizeOf(dtype), any), {}};
  pair.child = pair.base;
  for (std::size_t at = 0; at + SizeOf(dtype) <= pair.child.size(); at += SizeOf(dtype)) {
    const std::uint64_t other = random() % 3 == 0 ? any(0) : 0;
    if (other != 0) std::memcpy(pair.child.data() + at, &other, SizeOf(dtype));
  }
  return pair;
}

/// Few numbers differ, in a few places.
IntegerPair HardlyChanged(DType dtype, std::size_t n, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  IntegerPair pair{"hardly changed", dtype, {}, {}};
  pair.base = Numbers(n, SizeOf(dtype), [&](std::size_t) { return std::uint64_t{random()}; });
  pair.child = pair.base;
  for (std::size_t i = 0; i < 1 + n / 500; ++i)
    pair.child[random() % std::max<std::size_t>(n / 3, 1) * SizeOf(dtype)] ^= std::byte{1};
  return pair;
}

std::vector<IntegerPair> Pairs(DType dtype, std::size_t n) {
  std::vector<IntegerPair> pairs = {Quantised(dtype, n, 1, test::kSeed), Wild(dtype, n, 2),
                                    HardlyChanged(dtype, n, 3)};
  pairs.push_back({"all by one", dtype,
                   Numbers(n, SizeOf(dtype), [](std::size_t i) { return i * 7; }),
                   Numbers(n, SizeOf(dtype), [](std::size_t i) { return i * 7 + 1; })});
  pairs.push_back({"equal", dtype, pairs[0].base, pairs[0].base});
  return pairs;
}

EncodedChunk Forced(const IntegerPair& pair) {
  EncodeOptions options;
  options.force_mode = ChunkMode::kIntegerDelta;
  ChunkEncoder encoder;
  EncodedChunk chunk;
  EXPECT_TRUE(encoder.Encode(pair.dtype, pair.child, pair.base, options, chunk).ok());
  return chunk;
}

Status Decoded(const EncodedChunk& chunk, const Bytes& base, Bytes& out) {
  ChunkDecoder decoder;
  out.assign(chunk.header.raw_bytes(), std::byte{0x77});
  return decoder.Decode(chunk.header, chunk.bytes, chunk.header.level_count - 1u, base, out);
}

TEST(IntegerDelta, SupportsWhatIsNoFloat) {
  for (unsigned dtype = 0; dtype < kDTypeCount; ++dtype) {
    const auto type = static_cast<DType>(dtype);
    const bool is_float = FormatOf(type).valid();
    EXPECT_EQ(SupportsIntegerDelta(type), !is_float) << NameOf(type);
  }
}

TEST(IntegerDelta, GivesTheElementsBack) {
  const std::vector<std::size_t> counts =
      testing::kSlowBuild ? std::vector<std::size_t>{1, 129, 5000}
                          : std::vector<std::size_t>{1,    2,    127,  128,    129,
                                                     1000, 4095, 4097, 70'001, kMaxChunkElements};
  for (const DType dtype : kIntegerTypes) {
    for (const std::size_t n : counts) {
      for (const IntegerPair& pair : Pairs(dtype, n)) {
        const EncodedChunk chunk = Forced(pair);
        const std::string what =
            pair.name + " " + std::string(NameOf(dtype)) + " " + std::to_string(n);
        Bytes out;
        ASSERT_TRUE(Decoded(chunk, pair.base, out).ok()) << what;
        ASSERT_EQ(out, pair.child) << what;
        if (pair.name == "equal") {
          EXPECT_EQ(chunk.header.mode, ChunkMode::kIntegerDelta) << what;
          EXPECT_EQ(chunk.header.level_table[0].size_bytes, 0u) << what;
        }
      }
    }
  }
}

TEST(IntegerDelta, AllKernelsWriteAndReadTheSameBytes) {
  const KernelLevel before = ActiveKernelLevel();
  for (const DType dtype : {DType::kI8, DType::kU8, DType::kI32, DType::kI64}) {
    for (const IntegerPair& pair : Pairs(dtype, 9000)) {
      Bytes first;
      for (const KernelLevel level : kKernelLevels) {
        if (!SetKernelLevel(level)) continue;
        const EncodedChunk chunk = Forced(pair);
        if (first.empty()) first = chunk.bytes;
        EXPECT_EQ(chunk.bytes, first) << pair.name << " " << NameOf(level);
        Bytes out;
        ASSERT_TRUE(Decoded(chunk, pair.base, out).ok()) << pair.name << " " << NameOf(level);
        EXPECT_EQ(out, pair.child) << pair.name << " " << NameOf(level);
      }
    }
  }
  SetKernelLevel(before);
}

TEST(IntegerDelta, IsChosenWhereItIsSmaller) {
  ChunkEncoder encoder;
  EncodedChunk alone, chunk;
  const IntegerPair pair = Quantised(DType::kI8, 60'000, 1, 5);
  ASSERT_TRUE(encoder.Encode(pair.dtype, pair.child, {}, {}, alone).ok());
  ASSERT_TRUE(encoder.Encode(pair.dtype, pair.child, pair.base, {}, chunk).ok());
  EXPECT_EQ(chunk.header.mode, ChunkMode::kIntegerDelta);
  EXPECT_TRUE(chunk.header.needs_base);
  EXPECT_LT(chunk.bytes.size(), alone.bytes.size() * 6 / 10);
  // A stranger is no base.
  const IntegerPair other = Quantised(DType::kI8, 60'000, 1, 6);
  ASSERT_TRUE(encoder.Encode(pair.dtype, pair.child, other.base, {}, chunk).ok());
  EXPECT_FALSE(chunk.header.needs_base);
  EXPECT_EQ(chunk.bytes, alone.bytes);
}

TEST(IntegerDelta, ChunkThatIsItsBaseTakesAHeader) {
  ChunkEncoder encoder;
  EncodedChunk chunk;
  const IntegerPair pair = Wild(DType::kI32, 3000, 9);
  ASSERT_TRUE(encoder.Encode(pair.dtype, pair.base, pair.base, {}, chunk).ok());
  EXPECT_EQ(chunk.header.mode, ChunkMode::kIntegerDelta);
  EXPECT_EQ(chunk.bytes.size(), chunk.header.header_bytes);
}

// Two values of four bits in a byte, eight in a number of 32 bits: a carry between them would make
// large differences of small ones.
TEST(IntegerDelta, PackedValuesAreSubtractedByTheByte) {
  std::mt19937_64 random(test::kSeed);
  IntegerPair pair{"packed", DType::kI32, {}, {}};
  pair.base = Numbers(20'000, 4, [&](std::size_t) { return std::uint64_t{random()}; });
  pair.child = pair.base;
  for (std::byte& one : pair.child)
    if (random() % 8 == 0) one = static_cast<std::byte>(static_cast<unsigned>(one) + 16);
  const EncodedChunk chunk = Forced(pair);
  EXPECT_EQ(chunk.header.payload()[0], std::byte{1});
  EXPECT_LT(chunk.bytes.size(), pair.child.size() * 12 / 160);  // 0.544 bits a byte, and states
  // A number that moves by a small step is subtracted as one.
  const IntegerPair table{"table", DType::kI32,
                          Numbers(20'000, 4, [](std::size_t i) { return i * 251; }),
                          Numbers(20'000, 4, [](std::size_t i) { return i * 251 + i % 3; })};
  EXPECT_EQ(Forced(table).header.payload()[0], std::byte{4});
}

// Values of the base say how far those of the child are off, where a scale has changed.
TEST(IntegerDelta, ContextsKnowTheBase) {
  std::mt19937_64 random(test::kSeed);
  IntegerPair pair{"scaled", DType::kI8, {}, {}};
  pair.base = Numbers(50'000, 1, [&](std::size_t) { return random() % 200 - 100; });
  pair.child = pair.base;
  for (std::byte& one : pair.child) {
    const auto value = static_cast<std::int8_t>(one);
    one = static_cast<std::byte>(value + (value > 0 ? 3 : -3));
  }
  EXPECT_LT(Forced(pair).bytes.size(), pair.child.size() / 50);
  // A pruned mask: hardly a value comes back.
  IntegerPair mask{"mask", DType::kBool, {}, {}};
  mask.base = Numbers(100'000, 1, [&](std::size_t) { return random() % 10 < 3 ? 1 : 0; });
  mask.child = mask.base;
  for (std::byte& one : mask.child)
    if (random() % 20 == 0) one = std::byte{0};
  EXPECT_LT(8 * Forced(mask).bytes.size(),
            100'000u * 12 / 100);  // 0.3 times 0.286 bits, and states
}

TEST(IntegerDelta, RefusesWhatNoWriterMakes) {
  const IntegerPair pair = Quantised(DType::kI16, 600, 1, 7);
  const EncodedChunk good = Forced(pair);
  ASSERT_EQ(good.header.mode, ChunkMode::kIntegerDelta);
  IntegerDeltaDecoder decoder;
  const auto body = std::span(good.bytes).subspan(good.header.header_bytes);
  Bytes out(pair.child.size());
  ASSERT_TRUE(decoder.Decode(good.header, body, pair.base, out).ok());
  const auto code_of = [&](const ChunkHeader& header, std::span<const std::byte> bytes) {
    const Status status = decoder.Decode(header, bytes, pair.base, out);
    return status.ok() ? ErrorCode::kInternal : status.error().code;
  };
  const auto with_payload = [&](std::vector<std::byte> payload) {
    ChunkHeader header = good.header;
    header.SetPayload(payload);
    return code_of(header, body);
  };
  EXPECT_EQ(with_payload({}), ErrorCode::kCorruption);
  EXPECT_EQ(with_payload({std::byte{3}}), ErrorCode::kCorruption);
  EXPECT_EQ(with_payload({std::byte{4}}), ErrorCode::kCorruption);
  EXPECT_EQ(with_payload({std::byte{0}}), ErrorCode::kCorruption);  // with bytes
  EXPECT_EQ(with_payload({std::byte{2}, std::byte{1}}), ErrorCode::kCorruption);
  EXPECT_EQ(with_payload(std::vector<std::byte>(9, std::byte{1})), ErrorCode::kCorruption);
  EXPECT_EQ(with_payload({std::byte{1}, std::byte{5}, std::byte{5}}), ErrorCode::kCorruption);
  const auto with_body = [&](std::vector<std::byte> bytes) {
    ChunkHeader header = good.header;
    header.level_table[0].size_bytes = static_cast<std::uint32_t>(bytes.size());
    return code_of(header, bytes);
  };
  const auto none = std::byte{2}, constant = std::byte{0};
  EXPECT_EQ(with_body({none, constant, none, std::byte{9}, none}), ErrorCode::kUnsupported);
  EXPECT_EQ(with_body({none, constant, none, constant, none, none}), ErrorCode::kCorruption);
  EXPECT_EQ(with_body({none, constant, none, constant}), ErrorCode::kCorruption);
  EXPECT_EQ(with_body({std::byte{3}}), ErrorCode::kCorruption);
  EXPECT_EQ(with_body({}), ErrorCode::kCorruption);
  Bytes zero_scales(1 + 5, std::byte{0});  // no block has one
  EXPECT_EQ(with_body(zero_scales), ErrorCode::kCorruption);
  ChunkHeader levels = good.header;
  levels.level_count = 2;
  EXPECT_EQ(code_of(levels, body), ErrorCode::kCorruption);
}

TEST(IntegerDelta, GivesTheExampleOfTheDocument) {
  std::ifstream in(testing::SourceRoot() / "docs/format/delta.md");
  std::string line;
  while (std::getline(in, line) && !line.starts_with("## 11.")) {
  }
  while (std::getline(in, line) && line != "```hex") {
  }
  ASSERT_TRUE(std::getline(in, line));
  std::istringstream numbers(line);
  Bytes want;
  for (unsigned byte; numbers >> std::hex >> byte;) want.push_back(static_cast<std::byte>(byte));
  ASSERT_EQ(want.size(), 8u);
  const auto bytes = [](std::vector<std::int8_t> values) { return test::BytesOf(values); };
  const IntegerPair pair{"document", DType::kI8, bytes({5, -3, 127, 0, 64, -64}),
                         bytes({6, -3, -128, -1, 67, -67})};
  IntegerDeltaEncoder encoder;
  ChunkHeader header;
  Bytes body;
  ASSERT_TRUE(encoder.Encode(pair.dtype, pair.child, pair.base, SIZE_MAX, SymbolEffort::kLeast,
                             header, body));
  EXPECT_EQ(body, want);
  EXPECT_EQ(header.payload_size, 1);
  EXPECT_EQ(header.payload()[0], std::byte{1});
  Bytes out(pair.child.size());
  IntegerDeltaDecoder decoder;
  ASSERT_TRUE(decoder.Decode(header, want, pair.base, out).ok());
  EXPECT_EQ(out, pair.child);
}

TEST(IntegerDelta, WrongBaseIsNoticed) {
  for (const DType dtype : kIntegerTypes) {
    const IntegerPair pair = Quantised(dtype, 2000, 1, 8);
    const EncodedChunk chunk = Forced(pair);
    if (chunk.header.mode != ChunkMode::kIntegerDelta) continue;
    Bytes other = pair.base, out;
    other[other.size() / 2] ^= std::byte{4};
    const Status status = Decoded(chunk, other, out);
    ASSERT_FALSE(status.ok()) << NameOf(dtype);
    EXPECT_EQ(status.error().code, ErrorCode::kCorruption);
  }
}

TEST(IntegerDelta, DamageIsAnErrorOrHarmless) {
  std::mt19937_64 random(test::kSeed);
  for (const DType dtype : {DType::kI8, DType::kI32, DType::kI64}) {
    for (const IntegerPair& pair : Pairs(dtype, 1500)) {
      const EncodedChunk good = Forced(pair);
      const std::size_t covered = good.header.header_bytes - 4;
      for (int round = 0; round < 300; ++round) {
        EncodedChunk chunk = good;
        const std::size_t limit = random() % 2 == 0 ? chunk.bytes.size() : covered + 80;
        chunk.bytes[random() % std::min(limit, chunk.bytes.size())] =
            static_cast<std::byte>(random());
        const auto checksum =
            static_cast<std::uint32_t>(Checksum(std::span(chunk.bytes).first(covered)));
        std::memcpy(chunk.bytes.data() + covered, &checksum, sizeof checksum);
        const auto header = ChunkDecoder::ParseHeader(chunk.bytes);
        if (!header.ok()) continue;
        chunk.header = *header;
        Bytes base = pair.base, out;
        base.resize(chunk.header.raw_bytes());
        const bool is_same_size = base.size() == pair.base.size();
        if (Decoded(chunk, base, out).ok() && is_same_size && header->dtype == pair.dtype &&
            ChecksumMatches(good.header, 0, Checksum(out))) {
          EXPECT_EQ(out, pair.child);
        }
      }
      for (std::size_t size = good.header.header_bytes; size < good.bytes.size(); size += 7) {
        EncodedChunk cut = good;
        cut.header.level_table[0].size_bytes =
            static_cast<std::uint32_t>(size - good.header.header_bytes);
        Bytes out;
        EXPECT_FALSE(Decoded(cut, pair.base, out).ok()) << pair.name << " " << size;
      }
    }
  }
}

TEST(IntegerDelta, LimitsPartTheBaseEvenly) {
  std::array<std::uint8_t, kMostIntegerLimits> limits{};
  SymbolCounts even;
  even.fill(10);
  ASSERT_EQ(ChooseLimits(even, limits), 7u);
  for (std::size_t i = 0; i < limits.size(); ++i) EXPECT_EQ(limits[i], 32 * (i + 1));
  SymbolCounts mask{};
  mask[0] = 900;
  mask[1] = 100;
  ASSERT_EQ(ChooseLimits(mask, limits), 1u);
  EXPECT_EQ(limits[0], 1);
  SymbolCounts one{};
  one[200] = 5;
  EXPECT_EQ(ChooseLimits(one, limits), 0u);
}

TEST(IntegerDelta, ContextsAlikeShareATable) {
  std::vector<SymbolCounts> contexts(4);
  for (unsigned symbol = 0; symbol < 4; ++symbol) {
    contexts[0][symbol] = contexts[1][symbol] = 1000;
    contexts[3][symbol + 100] = 1000;
  }
  IntegerTables tables;
  tables.Choose(contexts);
  EXPECT_EQ(tables.table_of, (std::vector<std::uint8_t>{0, 0, 0, 1}));
  EXPECT_EQ(tables.counts.size(), 2u);
  EXPECT_NEAR(static_cast<double>(tables.bits), 2 * 12'000, 200);
}

}  // namespace
}  // namespace dlv::codec

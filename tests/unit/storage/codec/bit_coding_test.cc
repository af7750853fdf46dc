#include "storage/codec/bit_coding.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

#include "tests/unit/storage/codec/sample_data.h"

namespace dlv::codec {
namespace {

/// Bits that are 1 in one of eight cases with symbol 20, in one of four with 21, and evenly else.
struct UnevenBits {
  std::vector<std::uint8_t> symbols, plane;
  BitCounts counts{};
};

UnevenBits MakeUneven(std::size_t n) {
  std::mt19937 random(static_cast<unsigned>(test::kSeed + n));
  UnevenBits made;
  made.plane.resize((n + 7) / 8);
  for (std::size_t i = 0; i < n; ++i) {
    const auto symbol = static_cast<std::uint8_t>(18 + random() % 5);
    const unsigned one_of = symbol == 20 ? 8 : symbol == 21 ? 4 : 2;
    const unsigned bit = random() % one_of == 0 ? 1 : 0;
    made.symbols.push_back(symbol);
    made.plane[i / 8] = static_cast<std::uint8_t>(made.plane[i / 8] | bit << (i % 8));
    ++made.counts[2u * symbol + bit];
  }
  return made;
}

std::vector<std::byte> CodedBits(const UnevenBits& bits) {
  const auto plan = PlanBits(bits.counts, bits.symbols.size());
  std::vector<std::byte> coded;
  BitEncoder().Encode(plan.value().model, bits.symbols, bits.plane.data(), coded);
  return coded;
}

bool DecodesTo(std::span<const std::byte> coded, const UnevenBits& bits) {
  std::vector<std::uint8_t> plane(bits.plane.size());
  return DecodeBits(coded, bits.symbols, plane.data()) && plane == bits.plane;
}

TEST(BitCoding, TakesAboutWhatThePlanSays) {
  for (const std::size_t n : {2000u, 5000u, 32'767u, 32'768u, 65'535u, 65'536u, 131'072u}) {
    const UnevenBits bits = MakeUneven(n);
    const auto plan = PlanBits(bits.counts, n);
    ASSERT_TRUE(plan.has_value()) << n;
    EXPECT_EQ(plan->model.low, 20) << n;
    EXPECT_EQ(plan->model.count, 2) << n;
    const std::vector<std::byte> coded = CodedBits(bits);
    const auto saved = static_cast<double>(n) - 8.0 * static_cast<double>(coded.size());
    EXPECT_NEAR(saved, static_cast<double>(plan->saved_bits), 16.0 * BitLanes(n)) << n;
    EXPECT_TRUE(DecodesTo(coded, bits)) << n;
  }
}

TEST(BitCoding, PlansNothingWhereNothingIsSaved) {
  EXPECT_FALSE(PlanBits({}, 0).has_value());
  BitCounts even{};
  for (unsigned symbol = 10; symbol < 30; ++symbol) {
    even[2 * symbol] = 1000;
    even[2 * symbol + 1] = 1010;
  }
  EXPECT_FALSE(PlanBits(even, 40'200).has_value());
  BitCounts few{};
  few[100] = 30;
  EXPECT_FALSE(PlanBits(few, 30).has_value());
}

/// Contexts lie within a window of 16, and end with the last symbol.
TEST(BitCoding, ModelsEndWithTheLastSymbol) {
  BitCounts counts{};
  for (unsigned symbol = 230; symbol < 256; ++symbol) counts[2 * symbol] = 1000;
  const auto plan = PlanBits(counts, 26'000);
  ASSERT_TRUE(plan.has_value());
  EXPECT_EQ(plan->model.count, kMaxBitContexts);
  EXPECT_LE(plan->model.low + plan->model.count, 256);
  for (unsigned k = 0; k < plan->model.count; ++k) EXPECT_EQ(plan->model.ones[k], 1);
}

TEST(BitCoding, DamageIsRefused) {
  const UnevenBits bits = MakeUneven(5000);
  const std::vector<std::byte> coded = CodedBits(bits);
  for (std::size_t size = 0; size < coded.size(); size += size < 30 ? 1 : 7) {
    EXPECT_FALSE(DecodesTo(std::span(coded).first(size), bits)) << size;
  }
  std::vector<std::byte> longer = coded;
  longer.insert(longer.end(), 2, std::byte{0});
  EXPECT_FALSE(DecodesTo(longer, bits));
  std::vector<std::byte> above = coded;
  above[0] = std::byte{255};  // two contexts from 255 on
  EXPECT_FALSE(DecodesTo(above, bits));
  std::vector<std::byte> padded = coded;  // 8 + 4 + 2 * 6 bits fill three bytes: one share more
  padded[1] = static_cast<std::byte>(static_cast<unsigned>(padded[1]) + 1);
  EXPECT_FALSE(DecodesTo(padded, bits));
  std::vector<std::byte> states(coded.begin(), coded.begin() + 3 + 16);  // no word
  EXPECT_FALSE(DecodesTo(states, bits));
}

}  // namespace
}  // namespace dlv::codec

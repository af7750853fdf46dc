#include "storage/statistics/widen.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <vector>

namespace dlv::statistics {
namespace {

template <class T>
std::vector<double> WidenAll(DType dtype, const std::vector<T>& values) {
  std::vector<double> out(values.size() * sizeof(T) / SizeOf(dtype) * ComponentsOf(dtype));
  Widen(dtype, std::as_bytes(std::span(values)), out);
  return out;
}

TEST(Widen, AllHalvesFollowTheirDefinition) {
  std::vector<std::uint16_t> codes(65536);
  for (std::size_t i = 0; i < codes.size(); ++i) codes[i] = static_cast<std::uint16_t>(i);
  const auto got = WidenAll(DType::kF16, codes);
  for (std::size_t i = 0; i < codes.size(); ++i) {
    const int exponent = static_cast<int>(i >> 10) & 31, mantissa = static_cast<int>(i) & 1023;
    double want =
        exponent == 0 ? std::ldexp(mantissa, -24) : std::ldexp(1024 + mantissa, exponent - 25);
    if (exponent == 31) want = mantissa == 0 ? HUGE_VAL : NAN;
    if ((i & 0x8000) != 0) want = -want;
    if (std::isnan(want)) {
      ASSERT_TRUE(std::isnan(got[i])) << i;
    } else {
      ASSERT_EQ(got[i], want) << i;
      ASSERT_EQ(std::signbit(got[i]), std::signbit(want)) << i;
    }
  }
}

TEST(Widen, BFloatIsTheHighHalfOfAFloat) {
  const auto got = WidenAll<std::uint16_t>(DType::kBF16, {0x3f80, 0xc000, 0x7f80, 0x0001, 0x7fc0});
  EXPECT_EQ(got[0], 1.0);
  EXPECT_EQ(got[1], -2.0);
  EXPECT_EQ(got[2], HUGE_VAL);
  EXPECT_EQ(got[3], static_cast<double>(std::bit_cast<float>(0x00010000)));
  EXPECT_TRUE(std::isnan(got[4]));
}

TEST(Widen, EightBitFloatsFollowTheirTables) {
  const auto e4 = WidenAll<std::uint8_t>(DType::kF8E4M3,
                                         {0x00, 0x01, 0x07, 0x08, 0x38, 0x7e, 0x7f, 0xb8, 0xff});
  EXPECT_EQ(e4[0], 0);
  EXPECT_EQ(e4[1], std::ldexp(1, -9));
  EXPECT_EQ(e4[2], std::ldexp(7, -9));
  EXPECT_EQ(e4[3], std::ldexp(1, -6));
  EXPECT_EQ(e4[4], 1);
  EXPECT_EQ(e4[5], 448);
  EXPECT_TRUE(std::isnan(e4[6]));
  EXPECT_EQ(e4[7], -1);
  EXPECT_TRUE(std::isnan(e4[8]));
  const auto e5 =
      WidenAll<std::uint8_t>(DType::kF8E5M2, {0x01, 0x04, 0x3c, 0x7b, 0x7c, 0x7d, 0xfc});
  EXPECT_EQ(e5[0], std::ldexp(1, -16));
  EXPECT_EQ(e5[1], std::ldexp(1, -14));
  EXPECT_EQ(e5[2], 1);
  EXPECT_EQ(e5[3], 57344);
  EXPECT_EQ(e5[4], HUGE_VAL);
  EXPECT_TRUE(std::isnan(e5[5]));
  EXPECT_EQ(e5[6], -HUGE_VAL);
}

TEST(Widen, IntegersBoolsAndParts) {
  EXPECT_EQ(WidenAll<std::int8_t>(DType::kI8, {-128, 127}), (std::vector<double>{-128, 127}));
  EXPECT_EQ(WidenAll<std::uint64_t>(DType::kU64, {~std::uint64_t{0}})[0], 0x1p64);
  EXPECT_EQ(WidenAll<std::uint8_t>(DType::kBool, {0, 1, 2}), (std::vector<double>{0, 1, 1}));
  EXPECT_EQ(WidenAll<float>(DType::kComplex64, {1, -2}), (std::vector<double>{1, -2}));
  EXPECT_EQ(ComponentsOf(DType::kComplex128), 2u);
  EXPECT_EQ(ComponentsOf(DType::kOpaque), 0u);
}

TEST(Widen, BytesNeedNotBeAligned) {
  std::vector<std::byte> bytes(1 + 3 * sizeof(double));
  const double values[] = {1.5, -2.5, 1e300};
  std::memcpy(bytes.data() + 1, values, sizeof values);
  std::vector<double> out(3);
  Widen(DType::kF64, std::span(bytes).subspan(1), out);
  EXPECT_EQ(out, (std::vector<double>{1.5, -2.5, 1e300}));
}

}  // namespace
}  // namespace dlv::statistics

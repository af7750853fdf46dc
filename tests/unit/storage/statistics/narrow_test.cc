#include "storage/statistics/narrow.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "storage/statistics/widen.h"

namespace dlv::statistics {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

std::vector<std::byte> NarrowAll(DType to, const std::vector<double>& values,
                                 NarrowReport* report = nullptr) {
  NarrowReport unused;
  std::vector<std::byte> out(values.size() * SizeOf(to));
  Narrow(to, values, out, report != nullptr ? *report : unused);
  return out;
}

std::vector<double> Back(DType to, const std::vector<double>& values,
                         NarrowReport* report = nullptr) {
  std::vector<double> out(values.size());
  Widen(to, NarrowAll(to, values, report), out);
  return out;
}

TEST(Narrow, EveryCodeOfTheSmallTypesComesBack) {
  for (const DType dtype : {DType::kF16, DType::kBF16, DType::kF8E4M3, DType::kF8E5M2}) {
    const std::size_t codes = SizeOf(dtype) == 1 ? 256 : 65536;
    std::vector<std::byte> bytes;
    for (std::size_t code = 0; code < codes; ++code) {
      bytes.push_back(static_cast<std::byte>(code & 255));
      if (SizeOf(dtype) == 2) bytes.push_back(static_cast<std::byte>(code >> 8));
    }
    std::vector<double> values(codes);
    Widen(dtype, bytes, values);
    NarrowReport report;
    const auto again = NarrowAll(dtype, values, &report);
    for (std::size_t code = 0; code < codes; ++code) {
      if (std::isnan(values[code])) continue;
      for (std::size_t k = 0; k < SizeOf(dtype); ++k) {
        ASSERT_EQ(again[code * SizeOf(dtype) + k], bytes[code * SizeOf(dtype) + k])
            << NameOf(dtype) << " " << code;
      }
    }
    EXPECT_EQ(report.changed, 0u) << NameOf(dtype);
    EXPECT_EQ(report.values, codes);
  }
}

TEST(Narrow, BetweenTwoNeighboursTheNearerIsTakenAndTheEvenOneInTheMiddle) {
  for (const DType dtype : {DType::kF16, DType::kBF16, DType::kF8E4M3, DType::kF8E5M2}) {
    const std::uint32_t codes = dtype == DType::kF8E4M3   ? 0x7e
                                : dtype == DType::kF8E5M2 ? 0x7b
                                : dtype == DType::kF16    ? 0x7bff
                                                          : 0x7f7f;
    for (std::uint32_t code = 0; code < codes; ++code) {
      std::vector<std::byte> bytes;
      for (const std::uint32_t c : {code, code + 1}) {
        bytes.push_back(static_cast<std::byte>(c & 255));
        if (SizeOf(dtype) == 2) bytes.push_back(static_cast<std::byte>(c >> 8));
      }
      std::vector<double> pair(2);
      Widen(dtype, bytes, pair);
      const double middle = pair[0] + (pair[1] - pair[0]) / 2;  // exact: many spare bits
      const auto got = Back(
          dtype, {middle, std::nextafter(middle, 0.0), std::nextafter(middle, kInfinity), -middle});
      ASSERT_EQ(got[0], pair[code % 2]) << NameOf(dtype) << " " << code;
      ASSERT_EQ(got[1], pair[0]);
      ASSERT_EQ(got[2], pair[1]);
      ASSERT_EQ(got[3], -pair[code % 2]);
    }
  }
}

TEST(Narrow, WhatIsTooLargeOrTooSmallIsCounted) {
  NarrowReport report;
  const auto half =
      Back(DType::kF16, {65504, 65519, 65520, -1e300, kInfinity, 2e-8, 3e-8, NAN, 0}, &report);
  EXPECT_EQ(half[1], 65504);
  EXPECT_EQ(half[2], kInfinity);
  EXPECT_EQ(half[3], -kInfinity);
  EXPECT_EQ(half[4], kInfinity);
  EXPECT_EQ(half[5], 0);
  EXPECT_EQ(half[6], 0x1p-24);
  EXPECT_TRUE(std::isnan(half[7]));
  EXPECT_EQ(report.overflows, 2u);
  EXPECT_EQ(report.vanished, 1u);
  EXPECT_EQ(report.changed, 5u);
  const auto e4 = Back(DType::kF8E4M3, {448, 463, 464, 465, kInfinity});
  EXPECT_EQ(e4[1], 448);
  EXPECT_EQ(e4[2], 448);
  EXPECT_TRUE(std::isnan(e4[3]));
  EXPECT_TRUE(std::isnan(e4[4]));
}

TEST(Narrow, FloatsAreRoundedOnceNotTwice) {
  // Just above the middle of two bf16 numbers by less than half a unit of f32.
  const double value = 1 + 0x1p-8 + 0x1p-40;
  EXPECT_EQ(Back(DType::kBF16, {value})[0], 1 + 0x1p-7);
  EXPECT_EQ(Back(DType::kF32, {value})[0], 1 + 0x1p-8);
  EXPECT_EQ(Back(DType::kF64, {value})[0], value);
}

}  // namespace
}  // namespace dlv::statistics

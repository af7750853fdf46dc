#include "engine/bounds/centre.h"

#include <gtest/gtest.h>

#include <cstring>
#include <random>

#include "tests/unit/engine/bounds/oracle.h"

namespace dlv::bounds {
namespace {

using oracle::Quad;

struct Type {
  DType dtype;
  int exponent_bits, fraction_bits;
};
constexpr Type kTypes[] = {{DType::kF64, 11, 52}, {DType::kF32, 8, 23},   {DType::kF16, 5, 10},
                           {DType::kBF16, 8, 7},  {DType::kF8E4M3, 4, 3}, {DType::kF8E5M2, 5, 2}};

/// The number that finite bits stand for, from the definition.
Quad ValueOf(const Type& type, std::uint64_t bits) {
  const std::uint64_t fraction = bits & ((std::uint64_t{1} << type.fraction_bits) - 1);
  const auto field = static_cast<int>((bits >> type.fraction_bits) &
                                      ((std::uint64_t{1} << type.exponent_bits) - 1));
  const int bias = (1 << (type.exponent_bits - 1)) - 1;
  Quad value = Quad(fraction);
  if (field != 0) value += Quad(std::uint64_t{1} << type.fraction_bits);
  int shift = (field == 0 ? 1 : field) - bias - type.fraction_bits;
  for (; shift > 0; --shift) value *= 2;
  for (; shift <= -200; shift += 200) value *= Quad(0x1p-200);
  for (; shift < 0; ++shift) value /= 2;
  return (bits >> (type.exponent_bits + type.fraction_bits)) & 1 ? -value : value;
}

bool AllOnes(const Type& type, std::uint64_t bits) {
  const std::uint64_t ones = (std::uint64_t{1} << type.exponent_bits) - 1;
  return ((bits >> type.fraction_bits) & ones) == ones;
}

/// Elements to test: all of small types, random and special ones of large types.
std::vector<std::uint64_t> Samples(const Type& type) {
  const int width = 1 + type.exponent_bits + type.fraction_bits;
  std::vector<std::uint64_t> samples;
  if (width <= 16) {
    for (std::uint64_t bits = 0; bits < std::uint64_t{1} << width; bits += width < 16 ? 1 : 37) {
      samples.push_back(bits);
    }
    return samples;
  }
  std::mt19937_64 random(5);
  const int unused = 64 - width;
  for (int i = 0; i < 200; ++i) {
    samples.push_back(random() >> unused);
    samples.push_back((random() >> unused) & ((std::uint64_t{1} << type.fraction_bits) - 1));
    samples.push_back((std::uint64_t{1} << type.fraction_bits) + (random() & 1));  // least normal
  }
  return samples;
}

struct Centred {
  double centre, radius;
};

Centred CentreOfBits(const Type& type, unsigned planes, bool exact, std::uint64_t bits) {
  Centred result{};
  const std::size_t size = SizeOf(type.dtype);
  std::byte bytes[8];
  std::memcpy(bytes, &bits, sizeof bytes);
  const Status status = CentreOf(type.dtype, planes, exact, std::span(bytes, size),
                                 std::span(&result.centre, 1), std::span(&result.radius, 1));
  EXPECT_TRUE(status.ok());
  return result;
}

TEST(Centre, HoldsEveryElementAtEveryLevel) {
  for (const Type& type : kTypes) {
    const auto width = static_cast<unsigned>(1 + type.exponent_bits + type.fraction_bits);
    const auto samples = Samples(type);
    for (unsigned planes = LeastPlanes(type.dtype);
         planes<width; planes += type.fraction_bits> 10 ? 5 : 1) {
      for (const std::uint64_t bits : samples) {
        if (AllOnes(type, bits)) continue;
        const std::uint64_t known = bits & ~((std::uint64_t{1} << (width - planes)) - 1);
        const auto [centre, radius] = CentreOfBits(type, planes, false, known);
        const Quad difference = ValueOf(type, bits) - Quad(centre);
        ASSERT_LE(oracle::Magnitude(difference), Quad(radius))
            << NameOf(type.dtype) << " " << planes << " " << bits;
        const double computed = static_cast<double>(ValueOf(type, bits)) - centre;
        ASSERT_TRUE(Quad(computed) == difference)  // W - C is exact in double
            << NameOf(type.dtype) << " " << planes << " " << bits;
      }
    }
  }
}

/// The bits of an element that have steps up to `last`, as docs/format/codec.md §6.5 has it.
std::uint64_t KnownMask(const Type& type, std::uint64_t bits, unsigned last) {
  const std::uint64_t classes = std::uint64_t{1} << type.exponent_bits;
  const std::uint64_t c = (bits >> type.fraction_bits) % classes;
  std::uint64_t mask = (classes - 1) << type.fraction_bits;
  if (2 * (classes - 1 - c) + c % 2 <= last) mask |= classes << type.fraction_bits;
  for (int k = 1; k <= type.fraction_bits; ++k) {
    if (2 * (classes + static_cast<unsigned>(k) - c) + c % 2 <= last)
      mask |= std::uint64_t{1} << (type.fraction_bits - k);
  }
  return mask;
}

Centred BySignificance(const Type& type, unsigned last, std::uint64_t bits) {
  Centred result{};
  std::byte bytes[8];
  std::memcpy(bytes, &bits, sizeof bytes);
  EXPECT_TRUE(CentreBySignificance(type.dtype, last, std::span(bytes, SizeOf(type.dtype)),
                                   std::span(&result.centre, 1), std::span(&result.radius, 1))
                  .ok());
  return result;
}

/// Any element with the same known bits, and what is not known makes no difference.
TEST(Centre, BySignificance_HoldsEveryCompletion) {
  std::mt19937_64 random(11);
  for (const Type& type : kTypes) {
    const auto most = static_cast<unsigned>(2 * ((2 << type.exponent_bits) + type.fraction_bits));
    const auto samples = Samples(type);
    for (unsigned last = 0; last <= most; last += 1 + most / 29) {
      for (const std::uint64_t bits : samples) {
        if (AllOnes(type, bits)) continue;
        const std::uint64_t mask = KnownMask(type, bits, last);
        const auto [centre, radius] = BySignificance(type, last, bits & mask);
        const auto [same_centre, same_radius] = BySignificance(type, last, bits);
        ASSERT_EQ(centre, same_centre);
        ASSERT_EQ(radius, same_radius);
        const std::uint64_t width = ~std::uint64_t{0} >> (64 - 8 * SizeOf(type.dtype));
        for (const std::uint64_t fill : {bits, std::uint64_t{0}, ~std::uint64_t{0}, random()}) {
          const std::uint64_t completed = (bits & mask) | (fill & ~mask & width);
          const Quad difference = ValueOf(type, completed) - Quad(centre);
          ASSERT_LE(oracle::Magnitude(difference), Quad(radius))
              << NameOf(type.dtype) << " " << last << " " << completed;
          const double computed = static_cast<double>(ValueOf(type, completed)) - centre;
          ASSERT_TRUE(Quad(computed) == difference)
              << NameOf(type.dtype) << " " << last << " " << completed;
        }
      }
    }
  }
}

TEST(Centre, BySignificance_KnowsAllElementsToAboutTheSame) {
  const Type& type = kTypes[1];
  const unsigned last = 2 * (256 + 6 - 127) + 1;  // numbers from 1 to 2 to 6 bits
  const auto of = [](float value) {
    std::uint32_t bits = 0;
    std::memcpy(&bits, &value, sizeof bits);
    return bits;
  };
  EXPECT_EQ(BySignificance(type, last, of(1)).radius, 0x1p-7);
  EXPECT_EQ(BySignificance(type, last - 1, of(1)).radius, 0x1p-6);  // of an odd exponent: later
  EXPECT_EQ(BySignificance(type, last - 1, of(0.5F)).radius, 0x1p-7);
  EXPECT_EQ(BySignificance(type, last, of(32)).radius, 0x1p-7);
  EXPECT_EQ(BySignificance(type, last, of(-0x1p-6F)).centre, -0x1.8p-6);  // the sign alone
  EXPECT_EQ(BySignificance(type, last, of(-0x1p-7F)).centre, -0x1.8p-7);
  EXPECT_EQ(BySignificance(type, last, of(-0x1p-8F)).centre, 0);
  EXPECT_EQ(BySignificance(type, last, of(-0x1p-8F)).radius, 0x1p-7);
  EXPECT_EQ(BySignificance(type, 1000, of(-0x1.fffffep-20F)).radius, 0);
  EXPECT_TRUE(std::isnan(BySignificance(type, 1000, of(HUGE_VALF)).centre));
}

TEST(Centre, RadiusIsReachedAtTheLowerEnd) {
  for (const Type& type : kTypes) {
    const auto width = static_cast<unsigned>(1 + type.exponent_bits + type.fraction_bits);
    const std::uint64_t one = ((std::uint64_t{1} << (type.exponent_bits - 1)) - 1)
                              << type.fraction_bits;
    for (unsigned planes = LeastPlanes(type.dtype); planes < width; ++planes) {
      const auto [centre, radius] = CentreOfBits(type, planes, false, one);
      const auto known = static_cast<int>(planes) - 1 - type.exponent_bits;
      EXPECT_EQ(radius, std::ldexp(1.0, -known - 1));
      EXPECT_EQ(centre, 1 + radius);
    }
  }
}

TEST(Centre, ExactElementsAreThemselves) {
  for (const Type& type : kTypes) {
    const auto width = static_cast<unsigned>(1 + type.exponent_bits + type.fraction_bits);
    for (const std::uint64_t bits : Samples(type)) {
      if (AllOnes(type, bits)) continue;
      const auto [centre, radius] = CentreOfBits(type, width, true, bits);
      ASSERT_TRUE(Quad(centre) == ValueOf(type, bits)) << NameOf(type.dtype) << " " << bits;
      ASSERT_EQ(radius, 0);
    }
  }
}

TEST(Centre, ExponentZeroHasTheRadiusOfAllDenormals) {
  const auto [centre, radius] = CentreOfBits(kTypes[1], 12, false, 0);
  EXPECT_EQ(centre, 0);
  EXPECT_EQ(radius, 0x1p-126);
  EXPECT_EQ(CentreOfBits(kTypes[1], 32, true, 0).radius, 0);
  EXPECT_EQ(CentreOfBits(kTypes[0], 12, false, 0).radius, 0x1p-1022);
}

TEST(Centre, BitsBelowThePlanesAreNotLookedAt) {
  const auto [centre, radius] = CentreOfBits(kTypes[1], 16, false, 0x3f80ffff);
  const auto [same_centre, same_radius] = CentreOfBits(kTypes[1], 16, false, 0x3f800000);
  EXPECT_EQ(centre, same_centre);
  EXPECT_EQ(radius, same_radius);
}

TEST(Centre, SpecialElementsHaveNoCentre) {
  for (const Type& type : kTypes) {
    const auto width = static_cast<unsigned>(1 + type.exponent_bits + type.fraction_bits);
    const std::uint64_t ones = ((std::uint64_t{1} << type.exponent_bits) - 1) << type.fraction_bits;
    const auto [centre, radius] = CentreOfBits(type, LeastPlanes(type.dtype), false, ones);
    EXPECT_TRUE(std::isnan(centre)) << NameOf(type.dtype);
    EXPECT_TRUE(std::isinf(radius)) << NameOf(type.dtype);
    const std::uint64_t nan = ones | ((std::uint64_t{1} << type.fraction_bits) - 1);
    EXPECT_TRUE(std::isnan(CentreOfBits(type, width, true, nan).centre));
    const std::uint64_t bits[] = {nan};
    EXPECT_TRUE(HasSpecial(type.dtype, width, true,
                           std::as_bytes(std::span(bits)).first(SizeOf(type.dtype))));
  }
  EXPECT_TRUE(std::isinf(CentreOfBits(kTypes[1], 32, true, 0xff800000).centre));
  // The f8 without infinities has finite numbers there; only all ones is not a number.
  EXPECT_EQ(CentreOfBits(kTypes[4], 8, true, 0x7e).centre, 448);
  EXPECT_TRUE(std::isnan(CentreOfBits(kTypes[4], 8, true, 0x7f).centre));
  EXPECT_TRUE(std::isnan(CentreOfBits(kTypes[4], 6, false, 0x78).centre));  // may be it
  const std::byte finite[] = {std::byte{0x78}};
  EXPECT_TRUE(HasSpecial(DType::kF8E4M3, 6, false, finite));
  EXPECT_FALSE(HasSpecial(DType::kF8E4M3, 8, true, finite));
}

TEST(Centre, RefusesWhatItDoesNotKnow) {
  std::vector<std::byte> bytes(8);
  std::vector<double> out(2);
  const auto code = [&](DType dtype, unsigned planes, std::size_t size, std::size_t count) {
    return CentreOf(dtype, planes, false, std::span(bytes).first(size), std::span(out).first(count),
                    {})
        .error()
        .code;
  };
  EXPECT_EQ(code(DType::kI32, 32, 8, 2), ErrorCode::kUnsupported);
  EXPECT_EQ(code(DType::kComplex64, 32, 8, 1), ErrorCode::kUnsupported);
  EXPECT_EQ(code(DType::kF32, 8, 8, 2), ErrorCode::kInvalidArgument);  // half of the exponent
  EXPECT_EQ(code(DType::kF32, 33, 8, 2), ErrorCode::kInvalidArgument);
  EXPECT_EQ(code(DType::kF32, 12, 8, 1), ErrorCode::kInvalidArgument);
}

}  // namespace
}  // namespace dlv::bounds

#include "storage/statistics/value_rounding.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <set>

#include "storage/statistics/widen.h"

namespace dlv::statistics {
namespace {

Quantization Parse(std::string_view text) {
  const auto parsed = ParseQuantization(text);
  EXPECT_TRUE(parsed.ok()) << text;
  return parsed.ok() ? *parsed : Quantization{};
}

struct Rounded {
  DType dtype = DType::kF32;
  std::vector<double> values;
  std::vector<std::byte> bytes;
  std::optional<double> bound;
};

Rounded Round(std::string_view scheme, DType dtype, std::vector<double> values) {
  const Quantization quantization = Parse(scheme);
  ValueSurvey survey = MakeSurvey(quantization);
  survey.Add(values, 0);
  const ValueRounding rounding(quantization, dtype, survey);
  Rounded rounded{rounding.dtype_after(), std::move(values), {}, rounding.bound()};
  rounded.bytes.resize(rounded.values.size() * SizeOf(rounded.dtype));
  rounding.Apply(rounded.values, rounded.bytes);
  return rounded;
}

/// Values of f32 over many magnitudes, both signs, zeros among them.
std::vector<double> Spread(std::size_t count, int least_exponent, int most_exponent,
                           unsigned seed) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<double> mantissa(1, 2);
  std::vector<double> values;
  for (std::size_t i = 0; i < count; ++i) {
    const int range = most_exponent - least_exponent + 1;
    const int exponent = least_exponent + static_cast<int>(random() % static_cast<unsigned>(range));
    const double value = std::ldexp(mantissa(random), exponent);
    values.push_back(static_cast<float>(random() % 2 == 0 ? value : -value));
  }
  values.push_back(0);
  return values;
}

void ExpectWithinBound(const std::vector<double>& before, const Rounded& after) {
  ASSERT_TRUE(after.bound.has_value());
  for (std::size_t i = 0; i < before.size(); ++i) {
    ASSERT_LE(std::abs(after.values[i] - before[i]), *after.bound) << before[i];
  }
}

/// The bytes are the values.
void ExpectStored(const Rounded& rounded) {
  std::vector<double> read(rounded.values.size());
  Widen(rounded.dtype, rounded.bytes, read);
  EXPECT_EQ(read, rounded.values);
}

/// Rounds a double to a number with so many bits below the leading one, on paper's way: the nearest
/// multiple of a unit, the even one of two as near. Independent of any conversion of the machine.
double ToUnit(double value, double unit) {
  const double steps = std::abs(value) / unit, below = std::floor(steps), rest = steps - below;
  const bool up = rest > 0.5 || (rest == 0.5 && std::fmod(below, 2) == 1);
  return std::copysign((below + (up ? 1 : 0)) * unit, value);
}

double ByHand(double value, int mantissa_bits, int least_exponent) {
  if (value == 0) return value;
  int exponent = 0;
  std::frexp(std::abs(value), &exponent);
  return ToUnit(value, std::ldexp(1, std::max(exponent - 1, least_exponent) - mantissa_bits));
}

TEST(ValueRounding, Fp16AndBf16AreToNearestEven) {
  std::vector<double> values = Spread(4000, -30, 14, 1);
  for (int i = 0; i < 64; ++i) {  // halves between neighbours, of both types
    values.push_back(1 + (i + 0.5) / 1024);
    values.push_back(-(1 + (i + 0.5) / 128));
    values.push_back(std::ldexp(i + 0.5, -24));  // and among f16's denormals
  }
  const Rounded half = Round("fp16", DType::kF32, values);
  EXPECT_EQ(half.dtype, DType::kF16);
  const Rounded brain = Round("bf16", DType::kF32, values);
  EXPECT_EQ(brain.dtype, DType::kBF16);
  for (std::size_t i = 0; i < values.size(); ++i) {
    ASSERT_EQ(half.values[i], ByHand(values[i], 10, -14)) << values[i];
    ASSERT_EQ(brain.values[i], ByHand(values[i], 7, -126)) << values[i];
  }
  for (const Rounded* rounded : {&half, &brain}) {
    ExpectWithinBound(values, *rounded);
    ExpectStored(*rounded);
  }
}

TEST(ValueRounding, Fp16AndBf16KeepWhatIsNotFinite) {
  constexpr double kInf = std::numeric_limits<double>::infinity();
  const std::vector<double> values = {1, kInf, -kInf, std::nan("")};
  for (const char* scheme : {"fp16", "bf16"}) {
    const Rounded rounded = Round(scheme, DType::kF32, values);
    EXPECT_EQ(rounded.values[1], kInf);
    EXPECT_EQ(rounded.values[2], -kInf);
    EXPECT_TRUE(std::isnan(rounded.values[3]));
  }
}

TEST(ValueRounding, TooLargeForFp16IsSeenBefore) {
  ValueSurvey survey = MakeSurvey(Parse("fp16"));
  survey.Add(std::vector<double>{65519.996, 65520}, 10);
  EXPECT_EQ(survey.first_too_large(), 11U);
  EXPECT_EQ(Round("fp16", DType::kF32, {65519.996}).values[0], 65504);
  ValueSurvey brain = MakeSurvey(Parse("bf16"));
  brain.Add(std::vector<double>{std::numeric_limits<float>::max()}, 0);
  EXPECT_EQ(brain.first_too_large(), 0U) << "the largest f32 rounds to infinity";
}

TEST(ValueRounding, FixedIsWholeMultiplesOfOnePowerOfTwo) {
  for (const unsigned bits : {2U, 3U, 8U, 16U, 24U}) {
    const std::vector<double> values = Spread(3000, -20, -2, bits);
    const Rounded rounded = Round("fixed:" + std::to_string(bits), DType::kF32, values);
    EXPECT_EQ(rounded.dtype, DType::kF32);
    ExpectWithinBound(values, rounded);
    ExpectStored(rounded);
    const double step = 2 * *rounded.bound, limit = std::ldexp(1, static_cast<int>(bits) - 1) - 1;
    int exponent = 0;
    EXPECT_EQ(std::frexp(step, &exponent), 0.5);
    double largest = 0;
    for (std::size_t i = 0; i < values.size(); ++i) {
      const double steps = rounded.values[i] / step;
      ASSERT_EQ(steps, std::nearbyint(steps));
      ASSERT_EQ(rounded.values[i], ToUnit(values[i], step) + 0.0) << "to nearest, ties to even";
      largest = std::max(largest, std::abs(steps));
    }
    EXPECT_LE(largest, limit);
    EXPECT_GT(largest, limit / 2 - 1) << "half the range at least is used";
  }
}

TEST(ValueRounding, FixedOfAlmostTheNextPowerStillKeepsItsBound) {
  // 0.999 of 2^0: 127 steps of 2^-7 would clip it to 0.992; the step has to be 2^-6.
  const Rounded rounded = Round("fixed:8", DType::kF32, {0.999, -0.5, 0.003});
  EXPECT_EQ(*rounded.bound, std::ldexp(1, -7));
  ExpectWithinBound({0.999, -0.5, 0.003}, rounded);
  EXPECT_EQ(rounded.values[0], 1);
}

TEST(ValueRounding, FixedOfZerosAndOfTheLeastNumbers) {
  const Rounded zeros = Round("fixed:4", DType::kF32, {0, -0.0, 0});
  EXPECT_EQ(zeros.bytes, std::vector<std::byte>(12)) << "no -0";
  const double least = std::ldexp(1, -149);
  const Rounded tiny = Round("fixed:8", DType::kF32, {least, 3 * least, -least});
  EXPECT_EQ(tiny.values, (std::vector<double>{least, 3 * least, -least})) << "nothing to lose";
}

TEST(ValueRounding, CodebookHasNoMoreValuesThanItsBits) {
  const std::vector<double> values = Spread(3000, -12, 0, 5);
  double before = std::numeric_limits<double>::infinity();
  for (const unsigned bits : {1U, 4U, 8U}) {
    const Rounded rounded = Round("codebook:" + std::to_string(bits), DType::kF32, values);
    EXPECT_FALSE(rounded.bound);
    ExpectStored(rounded);
    const std::set<double> distinct(rounded.values.begin(), rounded.values.end());
    EXPECT_LE(distinct.size(), std::size_t{1} << bits);
    double error = 0;
    for (std::size_t i = 0; i < values.size(); ++i) {
      error += std::pow(values[i] - rounded.values[i], 2);
      for (const double other : distinct) {  // the nearest of all
        ASSERT_LE(std::abs(values[i] - rounded.values[i]), std::abs(values[i] - other));
      }
    }
    EXPECT_LT(error, before);
    before = error;
  }
}

TEST(ValueRounding, UniformKeepsItsBoundInEveryType) {
  std::vector<double> values = Spread(2000, -10, 0, 6);
  for (const DType dtype : {DType::kF32, DType::kF64}) {
    for (const unsigned bits : {1U, 4U, 8U}) {
      const Rounded rounded = Round("uniform:" + std::to_string(bits), dtype, values);
      ExpectWithinBound(values, rounded);
      ExpectStored(rounded);
    }
  }
  for (double& value : values) value = ByHand(value, 7, -126);
  const Rounded rounded = Round("uniform:4", DType::kBF16, values);
  EXPECT_EQ(rounded.dtype, DType::kBF16);
  ExpectWithinBound(values, rounded);
  ExpectStored(rounded);
}

TEST(ValueRounding, SameInputSameBytes) {
  const std::vector<double> values = Spread(2000, -10, 0, 7);
  for (const char* scheme : {"fp16", "fixed:8", "codebook:4", "uniform:4"}) {
    EXPECT_EQ(Round(scheme, DType::kF32, values).bytes, Round(scheme, DType::kF32, values).bytes);
  }
}

TEST(TypeAfter, LeavesWhatHasNoMoreBits) {
  EXPECT_EQ(TypeAfter(Parse("bf16"), DType::kF64), DType::kBF16);
  EXPECT_EQ(TypeAfter(Parse("bf16"), DType::kF16), std::nullopt);
  EXPECT_EQ(TypeAfter(Parse("fp16"), DType::kI32), std::nullopt);
  EXPECT_EQ(TypeAfter(Parse("fixed:8"), DType::kBF16), DType::kBF16);
  EXPECT_EQ(TypeAfter(Parse("fixed:10"), DType::kBF16), std::nullopt);
  EXPECT_EQ(TypeAfter(Parse("codebook:4"), DType::kF8E4M3), std::nullopt);
  EXPECT_EQ(TypeAfter(Parse("codebook:4"), DType::kBool), std::nullopt);
}

TEST(ParseQuantization, TakesWhatItWritesAndSaysWhatIsWrong) {
  for (const char* text : {"fp16", "bf16", "fixed:2", "fixed:24", "codebook:1", "uniform:8"}) {
    EXPECT_EQ(ToText(Parse(text)), text);
  }
  EXPECT_EQ(ToText(Parse("float16")), "fp16");
  for (const char* text : {"", "int8", "fixed", "fixed:", "fixed:1", "fixed:25", "codebook:9",
                           "codebook:0", "uniform:x", "fixed:8x", "bf16:8", "fixed:-8"}) {
    const auto parsed = ParseQuantization(text);
    ASSERT_FALSE(parsed.ok()) << text;
    EXPECT_EQ(parsed.error().code, ErrorCode::kInvalidArgument);
  }
}

}  // namespace
}  // namespace dlv::statistics

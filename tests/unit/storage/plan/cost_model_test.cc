#include "storage/plan/cost_model.h"

#include <gtest/gtest.h>

namespace dlv::plan {
namespace {

MachineRates SomeRates() {
  return {"a processor, 2 cores, avx2, dlv 0.1.0",
          {1e-10, 2e-10, 4e-10, 6e-10, 1e-9, 4e-10, 5e-10, 7e-10, 3e-9},
          2.5e-10,
          2e-6,
          {1, 1.25, 3.5, 5, 1.2, 1.1}};
}

constexpr Coding kDelta{true};

TEST(CostModel, ReadingAndDecodingOverlap) {
  const CostModel model(SomeRates(), 2, 1e9);
  // 10 chunks of f32: 5.2 MB.
  const LoadParts parts = model.PartsOf(DType::kF32, 1'310'720, {}, 4e6);
  EXPECT_DOUBLE_EQ(parts.decode_seconds, 4e6 * 0.25e-9 + 1'310'720 * 4 * 1e-10 + 10 * 2e-6);
  EXPECT_NEAR(model.Seconds(parts), 4e-3, 2e-5) << "reading takes longer";
  const CostModel fast_disk(SomeRates(), 2, 1e12);
  EXPECT_NEAR(fast_disk.Seconds(parts), 1.1 * parts.decode_seconds / 2, 1e-9)
      << "on two cores, which are not busy all the time";
  const CostModel one_core(SomeRates(), 1, 1e12);
  EXPECT_NEAR(one_core.Seconds(parts), parts.decode_seconds, 1e-9);
  const CostModel even(SomeRates(), 1, 4e6 / parts.decode_seconds);
  EXPECT_NEAR(even.Seconds(parts), 1.26 * parts.decode_seconds, 0.001 * parts.decode_seconds)
      << "what takes alike does not overlap wholly";
  EXPECT_EQ(model.Seconds({}), 0);
}

TEST(CostModel, ADeltaCostsWhatItsTypeDoes) {
  const CostModel model(SomeRates(), 1);
  EXPECT_GT(model.PartsOf(DType::kF32, 1 << 20, kDelta, 0).decode_seconds,
            3 * model.PartsOf(DType::kF32, 1 << 20, {}, 0).decode_seconds);
  EXPECT_EQ(DecodeKindOf(DType::kBF16, kDelta), DecodeKind::kDelta16);
  EXPECT_EQ(DecodeKindOf(DType::kI64, kDelta), DecodeKind::kDeltaOther);
  EXPECT_EQ(DecodeKindOf(DType::kI64, {}), DecodeKind::kOther);
  EXPECT_NEAR(model.PartsOf(DType::kI8, 1 << 20, kDelta, 0).decode_seconds,
              (1 << 20) * 3e-9 + 8 * 2e-6, 1e-9);
  EXPECT_EQ(DecodeKindOf(DType::kF32, kDelta, 0.6), DecodeKind::kDelta32);
  EXPECT_EQ(DecodeKindOf(DType::kF32, kDelta, 0.5), DecodeKind::kNearDelta32);
  EXPECT_EQ(DecodeKindOf(DType::kF32, kDelta, 0.2), DecodeKind::kNearestDelta32);
  EXPECT_EQ(DecodeKindOf(DType::kF32, {}, 0.2), DecodeKind::kBase32);
  EXPECT_EQ(DecodeKindOf(DType::kBF16, kDelta, 0.1), DecodeKind::kNearDelta16);
  // The nearer the base, the more there is to decode, for fewer bytes.
  const double bytes = 4 << 20;
  EXPECT_GT(model.PartsOf(DType::kF32, 1 << 20, kDelta, 0.2 * bytes).decode_seconds,
            model.PartsOf(DType::kF32, 1 << 20, kDelta, 0.5 * bytes).decode_seconds);
}

TEST(CostModel, ColdFormsAndSecondBasesTakeLonger) {
  MachineRates rates = SomeRates();
  rates.times_as_long = {1.1, 1.2, 4, 5, 1.5, 1.25};
  const CostModel model(rates, 1);
  const auto seconds = [&](DType dtype, const Coding& coding) {
    return model.PartsOf(dtype, 1 << 17, coding, 0).decode_seconds - 2e-6;
  };
  const auto times = [&](DType dtype, const Coding& coding) {
    return seconds(dtype, coding) / seconds(dtype, {coding.is_delta});
  };
  EXPECT_NEAR(times(DType::kF32, {false, 1, 0}), 1.1, 1e-9);
  EXPECT_NEAR(times(DType::kBF16, {false, 1, 0}), 1.2, 1e-9);
  EXPECT_NEAR(times(DType::kF32, {true, 1, 0}), 4, 1e-9);
  EXPECT_NEAR(times(DType::kBF16, {true, 0.5, 0}), 3, 1e-9) << "half of it";
  EXPECT_NEAR(times(DType::kF32, {true, 0, 1}), 1.5, 1e-9);
  EXPECT_NEAR(times(DType::kF16, {true, 0.5, 0.5}), 3.125, 1e-9) << "some chunks this, others that";
  EXPECT_NEAR(times(DType::kI32, {true, 1, 1}), 1, 1e-9);
}

TEST(CostModel, TheSumOfEdgesIsNoLessThanAllTogether) {
  const CostModel model(SomeRates(), 1, 2e9);
  LoadParts all;
  double edges = 0;
  for (int i = 1; i <= 20; ++i) {
    // Some bound by the disk, some by decoding.
    const LoadParts parts = model.PartsOf(DType::kF32, 1 << 18, {i % 2 == 0}, 1e5 * i);
    all += parts;
    edges += model.EdgeSeconds(parts);
  }
  EXPECT_GE(edges, model.Seconds(all));
}

TEST(MachineRates, ComeBackFromText) {
  const std::string text = ToText(SomeRates());
  const auto rates = ParseMachineRates(text);
  ASSERT_TRUE(rates.ok()) << rates.error().message;
  EXPECT_EQ(rates->machine, SomeRates().machine);
  EXPECT_EQ(rates->seconds_per_byte, SomeRates().seconds_per_byte);
  EXPECT_EQ(rates->times_as_long, SomeRates().times_as_long);
  EXPECT_EQ(ToText(*rates), text);
}

TEST(MachineRates, WhatIsDamagedIsRefused) {
  const std::string text = ToText(SomeRates());
  for (std::size_t size = 0; size + 1 < text.size(); ++size) {
    const auto rates = ParseMachineRates(std::string_view(text).substr(0, size));
    if (rates.ok()) {  // cut inside the last number
      EXPECT_EQ(text.substr(size).find('\n'), text.size() - 1 - size);
    }
  }
  const auto with = [&](std::string_view what, std::string_view put) {
    std::string changed = text;
    changed.replace(changed.find(what), what.size(), put);
    return ParseMachineRates(changed);
  };
  for (const char* bad : {"base32 nan", "base32 -1e-10", "base32 0", "base32 1", "base32 x"})
    EXPECT_FALSE(with("base32 1e-10", bad).ok()) << bad;
  EXPECT_FALSE(with("rates 7", "rates 6").ok());
  EXPECT_FALSE(ParseMachineRates(text + "more 1\n").ok());
}

}  // namespace
}  // namespace dlv::plan

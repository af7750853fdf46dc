#include "storage/archive/coded_size.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

namespace dlv::archive {
namespace {

std::unique_ptr<io::ByteSource> SourceOf(const std::vector<float>& values) {
  return io::MakeViewSource(std::as_bytes(std::span(values)));
}

TEST(CodedSize, IsThatOfAllChunks) {
  std::mt19937 random(1);
  std::normal_distribution<float> normal(0.0F, 0.05F);
  std::vector<float> base(200'000);
  for (float& value : base) value = normal(random);
  std::vector<float> child = base;
  for (float& value : child) value += 1e-4F * normal(random);
  const auto count = base.size();
  const auto alone = CodedSize(DType::kF32, count, *SourceOf(child), nullptr, 2);
  const auto one_thread = CodedSize(DType::kF32, count, *SourceOf(child), nullptr, 1);
  const auto base_source = SourceOf(base);
  const auto delta = CodedSize(DType::kF32, count, *SourceOf(child), base_source.get(), 2);
  ASSERT_TRUE(alone.ok() && one_thread.ok() && delta.ok());
  EXPECT_EQ(*alone, *one_thread);
  EXPECT_NEAR(static_cast<double>(*alone), 200'000 * 26.6 / 8, 10'000);
  EXPECT_LT(*delta, *alone * 3 / 4);
  EXPECT_EQ(CodedSize(DType::kF32, 0, *SourceOf({}), nullptr).value(), 0U);
}

TEST(CodedSize, CanBeStopped) {
  const std::vector<float> values(10);
  CancellationToken cancel;
  const Operation operation{.cancel = &cancel, .threads = 1};
  EXPECT_TRUE(
      MeasureTensor(DType::kF32, 10, *SourceOf(values), nullptr, nullptr, {}, operation).ok());
  cancel.Cancel();
  const auto stopped =
      MeasureTensor(DType::kF32, 10, *SourceOf(values), nullptr, nullptr, {}, operation);
  ASSERT_FALSE(stopped.ok());
  EXPECT_EQ(stopped.error().code, ErrorCode::kCancelled);
}

TEST(CodedSize, PassesErrorsOn) {
  const std::vector<float> values(10);
  EXPECT_FALSE(CodedSize(DType::kF32, 11, *SourceOf(values), nullptr).ok());
}

}  // namespace
}  // namespace dlv::archive

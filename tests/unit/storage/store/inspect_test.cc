#include "storage/store/inspect.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <numeric>

#include "storage/statistics/accumulator.h"
#include "storage/store/element_text.h"
#include "storage/store/tensor_storage.h"
#include "tests/unit/storage/store/store_fixture.h"

namespace dlv::store {
namespace {

using testing::CommitNet;
using testing::SmallNet;

class InspectTest : public ::testing::Test {
 protected:
  void SetUp() override {
    store_ = testing::InitOn(disk_);
    ASSERT_NE(store_, nullptr);
    ASSERT_TRUE(CommitNet(*store_, "net", net_).ok());
    trained_.Train(7);
    ASSERT_TRUE(CommitNet(*store_, "net", trained_).ok());
  }

  std::vector<TensorReport> Reports(const std::string& reference, InspectOptions options = {}) {
    auto reports = Inspect(*store_, reference, options, {});
    EXPECT_TRUE(reports.ok()) << reports.error().message;
    return reports.ok() ? std::move(reports).value() : std::vector<TensorReport>();
  }
  ErrorCode CodeOf(const std::string& reference) {
    const auto reports = Inspect(*store_, reference, {}, {});
    return reports.ok() ? ErrorCode::kInternal : reports.error().code;
  }

  testing::FaultyFileSystem disk_;
  std::unique_ptr<Store> store_;
  SmallNet net_{1}, trained_{1};
};

TEST_F(InspectTest, StatisticsAreThoseOfTheStoredBytes) {
  InspectOptions options;
  options.histogram_bins = 10;
  options.head = 3;
  const auto reports = Reports("net/layer1.weight", options);
  ASSERT_EQ(reports.size(), 1u);
  const TensorReport& report = reports[0];
  statistics::Accumulator want(DType::kF32);
  want.Add(trained_.bytes(0));
  EXPECT_EQ(report.statistics.count, 150000u);
  EXPECT_EQ(report.statistics.min, want.Finish().min);
  EXPECT_NEAR(report.statistics.mean, want.Finish().mean, 1e-15);
  EXPECT_NEAR(report.statistics.std, want.Finish().std, 1e-13);
  const auto& counts = report.statistics.histogram.counts;
  EXPECT_EQ(std::accumulate(counts.begin(), counts.end(), std::uint64_t{0}), 150000u);
  ASSERT_EQ(report.head.size(), 3u);
  EXPECT_EQ(report.head[0], ElementText(DType::kF32, std::span(trained_.bytes(0)).subspan(0, 4)));
}

TEST_F(InspectTest, ThreadsDoNotChangeTheFigures) {
  SmallNet large(5, 5000);  // 2.5 million elements: several jobs
  ASSERT_TRUE(CommitNet(*store_, "large", large).ok());
  Operation one, four;
  one.threads = 1;
  four.threads = 4;
  InspectOptions options;
  options.histogram_bins = 33;
  const auto a = Inspect(*store_, "large/layer1.weight", options, one);
  const auto b = Inspect(*store_, "large/layer1.weight", options, four);
  ASSERT_TRUE(a.ok() && b.ok());
  const TensorStatistics& x = a->front().statistics;
  const TensorStatistics& y = b->front().statistics;
  EXPECT_EQ(x.mean, y.mean);
  EXPECT_EQ(x.std, y.std);
  EXPECT_EQ(x.norm2, y.norm2);
  EXPECT_EQ(x.histogram.counts, y.histogram.counts);
  EXPECT_EQ(std::accumulate(x.histogram.counts.begin(), x.histogram.counts.end(), std::uint64_t{0}),
            2500000u);
}

TEST_F(InspectTest, ChainNamesWhoWroteIt) {
  const auto reports = Reports("net/layer1.weight");
  ASSERT_EQ(reports.size(), 1u);
  const auto& chain = reports[0].chain;
  ASSERT_EQ(chain.size(), 2u);
  EXPECT_EQ(chain[0].written_by, "net:v2");
  EXPECT_EQ(chain[1].written_by, "net:v1");
  EXPECT_EQ(chain[0].depth, 1u);
  EXPECT_EQ(reports[0].read_bytes, chain[0].coded_bytes + chain[1].coded_bytes);
  std::uint64_t bytes = 0;
  for (const PlaneGroup& group : reports[0].groups) {
    bytes += group.coded_bytes;
    EXPECT_EQ(group.codec, "delta");
    EXPECT_LE(group.first_plane, group.last_plane);
  }
  EXPECT_EQ(bytes, reports[0].stored_bytes) << "every coded byte is in one group";
}

TEST_F(InspectTest, GlobsShowSeveralAndOddShapesToo) {
  EXPECT_EQ(Reports("net/layer*").size(), 3u);
  const auto scalar = Reports("net/scale", {.head = 5});
  EXPECT_EQ(scalar[0].head.size(), 1u);
  const auto nothing = Reports("net/nothing", {.histogram_bins = 4, .head = 5});
  EXPECT_EQ(nothing[0].statistics.count, 0u);
  EXPECT_TRUE(nothing[0].statistics.histogram.edges.empty());
  EXPECT_TRUE(nothing[0].head.empty());
  EXPECT_EQ(Reports("net/steps", {.head = 1})[0].head[0], "1");
}

TEST_F(InspectTest, SlicesAreLookedAtAlone) {
  const auto reports = Reports("net/layer1.weight[1:3, ::100]", {.histogram_bins = 4, .head = 99});
  ASSERT_EQ(reports.size(), 1u);
  EXPECT_EQ(reports[0].slice_shape, (Shape{2, 5}));
  EXPECT_EQ(reports[0].statistics.count, 10u);
  ASSERT_EQ(reports[0].head.size(), 10u);
  for (std::size_t i = 0; i < 10; ++i) {
    const std::size_t at = (1 + i / 5) * 500 + i % 5 * 100;
    EXPECT_EQ(reports[0].head[i],
              ElementText(DType::kF32, std::span(trained_.bytes(0)).subspan(4 * at, 4)));
  }
  const auto row = Reports("net/layer1.weight[..., 499]");
  EXPECT_EQ(row[0].statistics.count, 300u);
  EXPECT_EQ(CodeOf("net/layer1.weight[300]"), ErrorCode::kInvalidArgument);
}

TEST_F(InspectTest, SaysWhatItCannotShow) {
  EXPECT_EQ(CodeOf("net"), ErrorCode::kInvalidArgument);
  EXPECT_EQ(CodeOf("net/layer9"), ErrorCode::kNotFound);
  EXPECT_EQ(CodeOf("nte/layer1.weight"), ErrorCode::kNotFound);
  const auto near = Inspect(*store_, "net/layer1.wieght", {}, {});
  ASSERT_FALSE(near.ok());
  EXPECT_NE(near.error().hint.find("layer1.weight"), std::string::npos);
  CancellationToken stop;
  stop.Cancel();
  Operation operation;
  operation.cancel = &stop;
  const auto stopped = Inspect(*store_, "net/*", {}, operation);
  ASSERT_FALSE(stopped.ok());
  EXPECT_EQ(stopped.error().code, ErrorCode::kCancelled);
}

TEST_F(InspectTest, StorageAddsUp) {
  const auto first = DescribeStorage(*store_, "net:v1");
  const auto second = DescribeStorage(*store_, "net:v2");
  ASSERT_TRUE(first.ok() && second.ok());
  EXPECT_EQ(second->reference, "net:v2");
  EXPECT_EQ(second->chain_depth_max, 1u);
  EXPECT_GT(second->base_bytes, 0u);
  EXPECT_GT(first->shared_bytes, 0u) << "bases of the second version";
  EXPECT_EQ(first->base_bytes, 0u);
  EXPECT_GT(second->predicted_seconds, 0);
  EXPECT_FALSE(second->assumption.empty());
  for (const auto* report : {&*first, &*second}) {
    std::uint64_t bytes = 0;
    for (const PlaneGroup& group : report->groups) bytes += group.coded_bytes;
    EXPECT_NEAR(static_cast<double>(bytes),
                static_cast<double>(report->own_bytes + report->shared_bytes), 16);
    EXPECT_GE(report->read_bytes, report->own_bytes + report->shared_bytes);
  }
}

/// One tensor whose elements are given.
class OneTensor : public TensorSource {
 public:
  OneTensor(DType dtype, std::vector<std::byte> bytes) : bytes_(std::move(bytes)) {
    info_.name = "w";
    info_.dtype = dtype;
    info_.shape = {static_cast<std::int64_t>(bytes_.size() / SizeOf(dtype))};
  }
  std::size_t size() const override { return 1; }
  TensorInfo Info(std::size_t) const override { return info_; }
  Status Read(std::size_t, std::uint64_t offset, std::span<std::byte> out) override {
    std::memcpy(out.data(), bytes_.data() + offset, out.size());
    return Ok();
  }

 private:
  TensorInfo info_;
  std::vector<std::byte> bytes_;
};

TEST_F(InspectTest, NonFiniteElementsAreFoundWithFewPlanes) {
  const auto clean = FindNonFinite(*store_, "net:v1", {});
  ASSERT_TRUE(clean.ok()) << clean.error().message;
  EXPECT_TRUE(clean->tensors.empty());
  EXPECT_EQ(clean->tensors_read, 6u) << "the floating-point ones";
  const auto storage = DescribeStorage(*store_, "net:v1");
  ASSERT_TRUE(storage.ok());
  EXPECT_LT(clean->read_bytes, storage->read_bytes / 2) << "sign and exponent alone";

  std::vector<float> values(200000, 1.5F);
  values[5] = std::nanf("");
  values[199999] = -HUGE_VALF;
  values[7] = 3e38F;  // its exponent is not all ones
  const auto bytes = std::as_bytes(std::span(values));
  OneTensor broken(DType::kF32, {bytes.begin(), bytes.end()});
  ASSERT_TRUE(CommitNet(*store_, "broken", broken).ok());
  const auto found = FindNonFinite(*store_, "broken", {});
  ASSERT_TRUE(found.ok());
  ASSERT_EQ(found->tensors.size(), 1u);
  EXPECT_EQ(found->tensors[0].name, "w");
  EXPECT_EQ(found->tensors[0].nan_count, 1u);
  EXPECT_EQ(found->tensors[0].inf_count, 1u);
}

TEST_F(InspectTest, NonFiniteElementsOfEveryFloatType) {
  struct Case {
    DType dtype;
    std::vector<std::uint8_t> nan, inf;
  };
  const std::vector<Case> cases = {
      {DType::kF16, {0x01, 0x7c}, {0x00, 0xfc}},
      {DType::kBF16, {0x81, 0x7f}, {0x80, 0xff}},
      {DType::kF8E4M3, {0x7f}, {}},
      {DType::kF8E5M2, {0x7d}, {0x7c}},
      {DType::kF64, {1, 0, 0, 0, 0, 0, 0xf0, 0x7f}, {0, 0, 0, 0, 0, 0, 0xf0, 0x7f}},
  };
  for (const Case& c : cases) {
    std::vector<std::byte> bytes(40000 * SizeOf(c.dtype), std::byte{0x11});
    const auto put = [&](std::size_t at, const std::vector<std::uint8_t>& element) {
      for (std::size_t i = 0; i < element.size(); ++i) {
        bytes[at * SizeOf(c.dtype) + i] = static_cast<std::byte>(element[i]);
      }
    };
    put(3, c.nan);
    put(39999, c.inf);
    OneTensor tensor(c.dtype, bytes);
    const std::string model(NameOf(c.dtype));
    ASSERT_TRUE(CommitNet(*store_, model, tensor).ok());
    const auto found = FindNonFinite(*store_, model, {});
    ASSERT_TRUE(found.ok()) << found.error().message;
    ASSERT_EQ(found->tensors.size(), 1u) << model;
    EXPECT_EQ(found->tensors[0].nan_count, 1u) << model;
    EXPECT_EQ(found->tensors[0].inf_count, c.inf.empty() ? 0u : 1u) << model;
  }
}

TEST(ElementText, GivesTheValueBack) {
  const auto text = [](DType dtype, auto... values) {
    const std::uint8_t bytes[] = {static_cast<std::uint8_t>(values)...};
    return ElementText(dtype, std::as_bytes(std::span(bytes)));
  };
  EXPECT_EQ(text(DType::kF32, 0xcd, 0xcc, 0xcc, 0x3d), "0.1");
  EXPECT_EQ(text(DType::kF16, 0x00, 0xfc), "-inf");
  EXPECT_EQ(text(DType::kF16, 0x01, 0xfe), "nan");
  EXPECT_EQ(text(DType::kBF16, 0x80, 0x3f), "1");
  EXPECT_EQ(text(DType::kBool, 1), "true");
  EXPECT_EQ(text(DType::kI8, 0xff), "-1");
  EXPECT_EQ(text(DType::kU64, 255, 255, 255, 255, 255, 255, 255, 255), "18446744073709551615");
  EXPECT_EQ(text(DType::kComplex64, 0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0), "1-2j");
  EXPECT_EQ(text(DType::kOpaque, 0xa5), "a5");
}

}  // namespace
}  // namespace dlv::store

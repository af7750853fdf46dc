#include "storage/archive/layout.h"

#include <functional>

#include "tests/unit/storage/archive/archive_fixture.h"

namespace dlv::archive {
namespace {

Layout SampleLayout() {
  Layout layout;
  layout.tensors.push_back(
      {0, TensorRole::kParameter, "conv1.weight", DType::kF32, "", {64, 3, 7, 7}, false, false});
  layout.tensors.push_back({0, TensorRole::kParameter, "scalar", DType::kI64, "", {}, false, true});
  layout.tensors.push_back(
      {0, TensorRole::kOptimizer, "conv1.weight", DType::kBF16, "", {0, 5}, true, false});
  layout.tensors.push_back(
      {1, TensorRole::kParameter, "conv1.weight", DType::kOpaque, "float4_e2m1", {9}, true, true});
  return layout;
}

TEST(Layout, ComesBack) {
  const Layout layout = SampleLayout();
  const Bytes bytes = Value(EncodeLayout(layout));
  EXPECT_EQ(Value(DecodeLayout(bytes)), layout);
  EXPECT_EQ(Value(DecodeLayout(Value(EncodeLayout(Layout{})))), Layout{});
}

TEST(Layout, RefusesWhatNoReaderWouldTake) {
  const std::vector<std::pair<const char*, std::function<void(LayoutTensor&)>>> cases = {
      {"negative",
       [](LayoutTensor& t) {
         t.shape = {3, -1};
       }},
      {"overflow",
       [](LayoutTensor& t) {
         t.shape = {std::int64_t{1} << 40, std::int64_t{1} << 40};
       }},
      {"huge beside zero",
       [](LayoutTensor& t) {
         t.shape = {0, std::int64_t{1} << 60};
       }},
      {"rank", [](LayoutTensor& t) { t.shape.assign(65, 1); }},
      {"role", [](LayoutTensor& t) { t.role = static_cast<TensorRole>(4); }},
      {"dtype", [](LayoutTensor& t) { t.dtype = static_cast<DType>(18); }},
      {"foreign type", [](LayoutTensor& t) { t.foreign_dtype = "x"; }},
      {"name", [](LayoutTensor& t) { t.name.assign(100'000, 'n'); }},
      {"twice", [](LayoutTensor& t) { t.name = "scalar"; }},
  };
  for (const auto& [name, spoil] : cases) {
    Layout layout = SampleLayout();
    spoil(layout.tensors[0]);
    const auto result = EncodeLayout(layout);
    ASSERT_FALSE(result.ok()) << name;
    EXPECT_EQ(result.error().code, ErrorCode::kInvalidArgument) << name;
  }
}

TEST(Layout, EveryCutIsRefusedAndFlipsAreSafe) {
  const Bytes bytes = Value(EncodeLayout(SampleLayout()));
  for (std::size_t length = 0; length < bytes.size(); ++length) {
    EXPECT_FALSE(DecodeLayout(std::span(bytes).first(length)).ok());
  }
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    Bytes flipped = bytes;
    flipped[at] ^= std::byte{0x41};
    const auto result = DecodeLayout(flipped);
    if (result.ok()) {
      EXPECT_EQ(Value(EncodeLayout(*result)), flipped);
    }
  }
}

TEST(Layout, CountsElements) {
  EXPECT_EQ(Value(ElementCount({})), 1u);
  EXPECT_EQ(Value(ElementCount({2, 3})), 6u);
  EXPECT_EQ(Value(ElementCount({std::int64_t{1} << 50, 0, std::int64_t{1} << 50})), 0u);
  EXPECT_EQ(Value(ElementCount({std::int64_t{1} << 56})), kMaxElementCount);
  EXPECT_FALSE(ElementCount({std::int64_t{1} << 56, 2}).ok());
  EXPECT_FALSE(ElementCount({-1}).ok());
}

}  // namespace
}  // namespace dlv::archive

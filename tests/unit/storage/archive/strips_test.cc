#include "storage/archive/strips.h"

#include "tests/unit/storage/archive/archive_fixture.h"

namespace dlv::archive {
namespace {

LayoutTensor Tensor(std::uint32_t file, const std::string& name, Shape shape,
                    DType dtype = DType::kF32) {
  LayoutTensor tensor;
  tensor.file = file;
  tensor.name = name;
  tensor.dtype = dtype;
  tensor.shape = std::move(shape);
  return tensor;
}

TEST(Strips, ChooseSmallTensorsOfADTypeThatHasSeveral) {
  std::vector<LayoutTensor> tensors = {Tensor(0, "big", {257}),
                                       Tensor(0, "small", {256}),
                                       Tensor(0, "scalar", {}),
                                       Tensor(0, "empty", {0, 3}),
                                       Tensor(0, "alone", {4}, DType::kI64),
                                       Tensor(0, "half", {512}, DType::kBF16),
                                       Tensor(0, "half.2", {1}, DType::kBF16),
                                       Tensor(0, "half.big", {513}, DType::kBF16)};
  ChooseStripMembers(tensors);
  std::string chosen;
  for (const LayoutTensor& tensor : tensors) chosen += tensor.in_strip ? tensor.name + " " : "";
  EXPECT_EQ(chosen, "small scalar half half.2 ");
}

TEST(Strips, StandBehindTheOthersByFileAndDType) {
  std::vector<LayoutTensor> tensors = {Tensor(0, "a", {5}),
                                       Tensor(0, "b", {900}),
                                       Tensor(0, "c", {2}, DType::kI64),
                                       Tensor(0, "d", {7}),
                                       Tensor(1, "a", {5}),
                                       Tensor(1, "b", {900}),
                                       Tensor(0, "e", {1}),
                                       Tensor(1, "c", {2}, DType::kI64)};
  for (const std::size_t i : {0, 2, 3, 4, 6}) tensors[i].in_strip = true;
  const StripMap map(tensors);
  EXPECT_EQ(map.first_strip(), 3U);
  ASSERT_EQ(map.strips().size(), 3U);
  EXPECT_EQ(map.stored_count(), 6U);
  EXPECT_EQ(map.strips()[0].members, (std::vector<std::uint32_t>{0, 3, 6}));
  EXPECT_EQ(map.strips()[0].element_count, 13U);
  EXPECT_EQ(map.strips()[1].dtype, DType::kI64);
  EXPECT_EQ(map.strips()[2].members, std::vector<std::uint32_t>{4});
  const std::vector<std::pair<std::uint32_t, std::uint64_t>> places = {
      {3, 0}, {0, 0}, {4, 0}, {3, 5}, {5, 0}, {1, 0}, {3, 12}, {2, 0}};
  for (std::size_t i = 0; i < places.size(); ++i) {
    EXPECT_EQ(map.place(i).stored, places[i].first) << i;
    EXPECT_EQ(map.place(i).first_element, places[i].second) << i;
  }
}

TEST(Strips, BeginANewOneWhereTheyWouldBeTooLong) {
  std::vector<LayoutTensor> tensors;
  for (int i = 0; i < 100; ++i) tensors.push_back(Tensor(0, "t" + std::to_string(i), {1000}));
  for (LayoutTensor& tensor : tensors) tensor.in_strip = true;
  const StripMap map(tensors);
  ASSERT_EQ(map.strips().size(), 4U);
  EXPECT_EQ(map.strips()[0].element_count, 32'000U);  // 33,000 is more than 2^15 - 1
  EXPECT_EQ(map.strips()[3].element_count, 4000U);
  EXPECT_EQ(map.place(32).stored, 1U);
  EXPECT_EQ(map.place(32).first_element, 0U);
  EXPECT_EQ(map.place(33).first_element, 1000U);
}

TEST(Strips, LayoutSaysWhoIsInOneAndRefusesWhoCannotBe) {
  Layout layout;
  layout.tensors = {Tensor(0, "a", {1024}), Tensor(0, "b", {3})};
  const Bytes plain = Value(EncodeLayout(layout));
  layout.tensors[0].in_strip = true;
  const Bytes bytes = Value(EncodeLayout(layout));
  EXPECT_EQ(Value(DecodeLayout(bytes)), layout);
  EXPECT_EQ(plain[12], std::byte{0}) << "a layout without strips is as it ever was";
  EXPECT_EQ(bytes[12], std::byte{1});
  Bytes without_feature = bytes;
  without_feature[12] = std::byte{0};
  EXPECT_FALSE(DecodeLayout(without_feature).ok());
  Bytes without_strips = plain;
  without_strips[12] = std::byte{1};
  EXPECT_FALSE(DecodeLayout(without_strips).ok());
  Bytes newer = bytes;
  newer[12] = std::byte{3};
  const auto refused = DecodeLayout(newer);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::kUnsupported);
  layout.tensors[0].shape = {1025};
  EXPECT_FALSE(EncodeLayout(layout).ok()) << "too large";
  layout.tensors[0].shape = {0};
  EXPECT_FALSE(EncodeLayout(layout).ok()) << "empty";
}

}  // namespace
}  // namespace dlv::archive

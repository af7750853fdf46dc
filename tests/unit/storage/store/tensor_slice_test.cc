#include "storage/store/tensor_slice.h"

#include <gtest/gtest.h>

#include <numeric>

namespace dlv::store {
namespace {

/// The flat places of a slice's elements, or the error's code as one negative number.
std::vector<std::int64_t> Places(const std::string& text, const Shape& shape) {
  const auto slice = ParseSlice(text, shape);
  if (!slice.ok()) return {-static_cast<std::int64_t>(slice.error().code)};
  std::vector<std::int64_t> places;
  const Status status =
      slice->ForEachRow(shape, [&](std::uint64_t first, std::uint64_t count, std::uint64_t step) {
        for (std::uint64_t k = 0; k < count; ++k) {
          places.push_back(static_cast<std::int64_t>(first + k * step));
        }
        return Ok();
      });
  EXPECT_TRUE(status.ok());
  EXPECT_EQ(places.size(), slice->element_count);
  std::uint64_t from_shape = 1;
  for (const std::int64_t extent : slice->shape) from_shape *= static_cast<std::uint64_t>(extent);
  EXPECT_EQ(from_shape, slice->element_count);
  return places;
}

using Numbers = std::vector<std::int64_t>;

TEST(TensorSlice, TakesWhatPythonTakes) {
  EXPECT_EQ(Places("0:2, 3", {4, 5}), (Numbers{3, 8}));
  EXPECT_EQ(Places("1", {3, 2}), (Numbers{2, 3}));
  EXPECT_EQ(Places("-1", {3, 2}), (Numbers{4, 5}));
  EXPECT_EQ(Places(":, ::2", {2, 5}), (Numbers{0, 2, 4, 5, 7, 9}));
  EXPECT_EQ(Places("..., 0", {2, 2, 2}), (Numbers{0, 2, 4, 6}));
  EXPECT_EQ(Places("1, ..., 1:", {2, 2, 3}), (Numbers{7, 8, 10, 11}));
  EXPECT_EQ(Places("-3:-1", {5}), (Numbers{2, 3}));
  EXPECT_EQ(Places("2:100", {4}), (Numbers{2, 3}));
  EXPECT_EQ(Places("3:1", {4}), Numbers{});
  EXPECT_EQ(Places("1::2", {6}), (Numbers{1, 3, 5}));
  EXPECT_EQ(Places("...", {}), (Numbers{0}));
  EXPECT_EQ(Places(":", {0}), Numbers{});
  EXPECT_EQ(Places("2,", {3, 1}), (Numbers{2}));
}

TEST(TensorSlice, RefusesWhatDoesNotFit) {
  const Numbers syntax = {-static_cast<std::int64_t>(ErrorCode::kSyntax)};
  const Numbers invalid = {-static_cast<std::int64_t>(ErrorCode::kInvalidArgument)};
  EXPECT_EQ(Places("0, 0, 0", {2, 2}), invalid);
  EXPECT_EQ(Places("2", {2}), invalid);
  EXPECT_EQ(Places("-3", {2}), invalid);
  EXPECT_EQ(Places("::0", {2}), invalid);
  EXPECT_EQ(Places("::-1", {2}), invalid);
  EXPECT_EQ(Places("0", {}), invalid);
  EXPECT_EQ(Places("", {2}), syntax);
  EXPECT_EQ(Places("a", {2}), syntax);
  EXPECT_EQ(Places("1:2:3:4", {2}), syntax);
  EXPECT_EQ(Places("..., ...", {2, 2}), syntax);
  EXPECT_EQ(Places("99999999999999999999", {2}), syntax);
}

TEST(TensorSlice, IsToldFromAGlob) {
  EXPECT_EQ(SplitSlice("w[0:16, 3]").second, "0:16, 3");
  EXPECT_EQ(SplitSlice("w[0:16, 3]").first, "w");
  EXPECT_EQ(SplitSlice("layer[0-9].w[1]").first, "layer[0-9].w");
  EXPECT_EQ(SplitSlice("\"odd [name]\"[...]").first, "\"odd [name]\"");
  EXPECT_FALSE(SplitSlice("layer[0-9]*").second);
  EXPECT_FALSE(SplitSlice("layer.[wb]").second);
  EXPECT_FALSE(SplitSlice("w[-]").second);
  EXPECT_FALSE(SplitSlice("[0]").second);
  EXPECT_FALSE(SplitSlice("").second);
}

}  // namespace
}  // namespace dlv::store

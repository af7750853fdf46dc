#include "storage/plan/base_choice.h"

#include <gtest/gtest.h>

namespace dlv::plan {
namespace {

TensorKey Key(const char* name, std::uint64_t count, DType dtype = DType::kF32,
              TensorRole role = TensorRole::kParameter) {
  return {role, name, dtype, count};
}

TEST(BaseChoice, RemovesWrapperPrefixes) {
  EXPECT_EQ(NormalisedName("module._orig_mod.model.conv.weight"), "conv.weight");
  EXPECT_EQ(NormalisedName("modules.conv"), "modules.conv");
  EXPECT_EQ(NormalisedName("model."), "model.");
}

TEST(BaseChoice, TakesSameNameDtypeCountAndRole) {
  const std::vector<TensorKey> parent = {Key("a", 4), Key("b", 4), Key("c", 4, DType::kF16)};
  const BaseIndex index(parent);
  EXPECT_EQ(index.Find(Key("b", 4)), 1U);
  EXPECT_EQ(index.Find(Key("b", 5)), BaseIndex::kNone);
  EXPECT_EQ(index.Find(Key("c", 4)), BaseIndex::kNone);
  EXPECT_EQ(index.Find(Key("b", 4, DType::kF32, TensorRole::kOptimizer)), BaseIndex::kNone);
}

TEST(BaseChoice, FindsThroughWrapperPrefixUnlessAmbiguous) {
  const std::vector<TensorKey> parent = {Key("module.a", 4), Key("model.b", 4), Key("b", 5),
                                         Key("module.b", 4)};
  const BaseIndex index(parent);
  EXPECT_EQ(index.Find(Key("a", 4)), 0U);
  EXPECT_EQ(index.Find(Key("b", 4)), BaseIndex::kNone);
  EXPECT_EQ(index.Find(Key("b", 5)), 2U);
}

TEST(BaseChoice, FindsAPartOfAnotherNetworkBothWays) {
  const std::vector<TensorKey> backbone = {Key("conv.weight", 4), Key("stage.conv.weight", 4),
                                           Key("w", 4)};
  const BaseIndex small(backbone);
  EXPECT_EQ(small.Find(Key("backbone.conv.weight", 4)), 0U);
  EXPECT_EQ(small.Find(Key("module.backbone.stage.conv.weight", 4)), 1U);
  EXPECT_EQ(small.Find(Key("backbone.conv.weight", 5)), BaseIndex::kNone);
  EXPECT_EQ(small.Find(Key("v", 4)), BaseIndex::kNone);
  const std::vector<TensorKey> detector = {Key("backbone.conv.weight", 4), Key("head.bias", 4),
                                           Key("neck.bias", 4)};
  const BaseIndex large(detector);
  EXPECT_EQ(large.Find(Key("conv.weight", 4)), 0U);
  EXPECT_EQ(large.Find(Key("bias", 4)), BaseIndex::kNone) << "either of two";
}

TEST(BaseChoice, TakesNoBaseForEmptyTensors) {
  const std::vector<TensorKey> parent = {Key("a", 0)};
  EXPECT_EQ(BaseIndex(parent).Find(Key("a", 0)), BaseIndex::kNone);
}

TEST(BaseChoice, LikenessIsTheShareOfElements) {
  const std::vector<TensorKey> parent = {Key("a", 30), Key("b", 10)};
  const std::vector<TensorKey> ours = {Key("a", 30), Key("c", 10)};
  EXPECT_DOUBLE_EQ(Likeness(ours, BaseIndex(parent)), 0.75);
  EXPECT_DOUBLE_EQ(Likeness({}, BaseIndex(parent)), 0);
}

}  // namespace
}  // namespace dlv::plan

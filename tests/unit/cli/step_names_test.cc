#include "cli/step_names.h"

#include <gtest/gtest.h>

namespace dlv::cli {
namespace {

using Names = std::vector<std::string>;
using Steps = std::vector<std::int64_t>;

Steps StepsOf(const Names& names) {
  const Result<Steps> steps = StepsFromNames(names);
  if (!steps.ok()) ADD_FAILURE() << steps.error().message;
  return steps.ok() ? *steps : Steps{};
}

TEST(StepsFromNames, ReadsTheUsualSpellings) {
  EXPECT_EQ(StepsOf({"RFB-Epoch-0-Loss-7.1.pth", "RFB-Epoch-20-Loss-3.2.pth"}), (Steps{0, 20}));
  EXPECT_EQ(StepsOf({"epoch_020_x.pt", "epoch_040_x.pt"}), (Steps{20, 40}));
  EXPECT_EQ(StepsOf({"cifar10_full_iter_10000.caffemodel", "cifar10_full_iter_60000.caffemodel"}),
            (Steps{10000, 60000}));
  EXPECT_EQ(StepsOf({"step-4000", "step-8000"}), (Steps{4000, 8000}));
  EXPECT_EQ(StepsOf({"net_v01.pt", "net_v03.pt"}), (Steps{1, 3}));
  EXPECT_EQ(StepsOf({"checkpoint-500/model.safetensors", "checkpoint-1000/model.safetensors"}),
            (Steps{500, 1000}));
  EXPECT_EQ(StepsOf({"epoch=1-step=400.ckpt", "epoch=2-step=800.ckpt"}), (Steps{400, 800}));
}

TEST(StepsFromNames, TakesTheLastNumberThatVaries) {
  EXPECT_EQ(StepsOf({"resnet18_100_b.pt", "resnet18_200_b.pt"}), (Steps{100, 200}));
  EXPECT_EQ(StepsOf({"a1_b7_c9.pt", "a2_b8_c9.pt"}), (Steps{7, 8}));
}

TEST(StepsFromNames, PrefersAWordForTimeAndAvoidsFractions) {
  EXPECT_EQ(StepsOf({"epoch_020_loss0.35.pt", "epoch_040_loss0.21.pt"}), (Steps{20, 40}));
  EXPECT_EQ(StepsOf({"epoch_1_size_300.pt", "epoch_2_size_400.pt"}), (Steps{1, 2}));
  EXPECT_EQ(StepsOf({"m_10_loss_0.5.pt", "m_20_loss_0.4.pt"}), (Steps{10, 20}));
  EXPECT_EQ(StepsOf({"ckpt_100_of_900.pt", "ckpt_200_of_900.pt"}), (Steps{100, 200}));
}

TEST(StepsFromNames, HandlesOneNameAlone) {
  EXPECT_EQ(StepsOf({"resnet18_step_4000.pt"}), (Steps{4000}));
  EXPECT_EQ(StepsOf({"model-7"}), (Steps{7}));
  EXPECT_EQ(StepsOf({}), (Steps{}));
}

TEST(StepsFromNames, KeepsTheOrderGiven) {
  EXPECT_EQ(StepsOf({"s10", "s9", "s11"}), (Steps{10, 9, 11}));
}

TEST(StepsFromNames, LetsTwoFilesShareAStep) {
  EXPECT_EQ(StepsOf({"step1-a0.bin", "step1-a1.bin", "step2-a0.bin"}), (Steps{1, 1, 2}));
}

TEST(StepsFromNames, RefusesWhatHasNoStep) {
  for (const Names& names : {Names{"model.pt"}, Names{"a_1.pt", "b_2.pt"},
                             Names{"a_1.pt", "a_final.pt"}, Names{"a_1.pt", "a_1.pt"},
                             Names{"h_99999999999999999999.pt", "h_99999999999999999998.pt"}}) {
    const Result<Steps> steps = StepsFromNames(names);
    ASSERT_FALSE(steps.ok()) << names.front();
    EXPECT_EQ(steps.error().code, ErrorCode::kInvalidArgument);
  }
}

TEST(StepsFromNames, ReadsPowersOfTen) {
  EXPECT_EQ(StepsOf({"m_1e3.pt", "m_2e3.pt", "m_500.pt"}), (Steps{1000, 2000, 500}));
  EXPECT_EQ(StepsOf({"step1E5-a", "step2E5-a"}), (Steps{100000, 200000}));
  EXPECT_EQ(StepsOf({"m_1e0.pt", "m_0e9.pt"}), (Steps{1, 0}));
  EXPECT_FALSE(StepsFromNames(Names{"m_1e99.pt", "m_2e99.pt"}).ok()) << "no 64-bit number";
  EXPECT_EQ(StepsOf({"3e7a_10.pt", "3e7a_20.pt"}), (Steps{10, 20})) << "a hash";
}

TEST(StepsFromNames, BlamesTheOddNameNotTheSeries) {
  for (const Names& names :
       {Names{"final.pt", "model_1.pt", "model_2.pt"},
        Names{"model_1.pt", "model_2.pt", "final.pt"}, Names{"final.pt", "model_1.pt"}}) {
    const Result<Steps> steps = StepsFromNames(names);
    ASSERT_FALSE(steps.ok());
    EXPECT_EQ(steps.error().message,
              "no step can be read from \"final.pt\": it is not named like \"model_1.pt\"");
  }
}

TEST(StepsFromNames, TwoRunsOfOneStepAreNoSeries) {
  const Result<Steps> steps = StepsFromNames(Names{"run3_step5.pt", "run4_step5.pt"});
  ASSERT_FALSE(steps.ok());
  EXPECT_EQ(steps.error().message, "\"run3_step5.pt\" and \"run4_step5.pt\" are both of step 5");
  EXPECT_EQ(StepsOf({"net_v2_100.pt", "net_v2_200.pt"}), (Steps{100, 200}));
  EXPECT_EQ(StepsOf({"run3_step5.pt", "run4_step6.pt"}), (Steps{5, 6}));
}

TEST(NamePattern, ReplacesNumbers) {
  EXPECT_EQ(NamePattern("epoch_020_loss0.35.pt"), "epoch_#_loss#.#.pt");
}

}  // namespace
}  // namespace dlv::cli

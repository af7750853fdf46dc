// GRU and RNN on one unit, whose equations are written out here.

#include <cmath>

#include "tests/unit/engine/kernels/run_node.h"

namespace dlv::kernels {
namespace {

double Logistic(double x) { return 1 / (1 + std::exp(-x)); }

constexpr float kInput[] = {0.5F, -1};
constexpr float kWeight[] = {0.3F, -0.7F, 1.1F}, kState[] = {0.9F, 0.2F, -0.4F};
constexpr float kBias[] = {0.1F, 0.2F, 0.3F, -0.1F, 0.4F, 0.5F};

double StepGru(double x, double h, bool linear_before_reset) {
  const double z = Logistic(kWeight[0] * x + kBias[0] + kState[0] * h + kBias[3]);
  const double r = Logistic(kWeight[1] * x + kBias[1] + kState[1] * h + kBias[4]);
  const double before =
      linear_before_reset ? r * (kState[2] * h + kBias[5]) : kState[2] * (r * h) + kBias[5];
  const double next = std::tanh(kWeight[2] * x + kBias[2] + before);
  return (1 - z) * next + z * h;
}

std::vector<Value> GruOperands() {
  return {Floats({2, 1, 1}, {kInput[0], kInput[1]}),
          Floats({1, 3, 1}, {std::begin(kWeight), std::end(kWeight)}),
          Floats({1, 3, 1}, {std::begin(kState), std::end(kState)}),
          Floats({1, 6}, {std::begin(kBias), std::end(kBias)}),
          Value(),
          Floats({1, 1, 1}, {0.25})};
}

TEST(GatedUnits, GruFollowsItsEquations) {
  for (const bool linear : {false, true}) {
    const double h1 = StepGru(kInput[0], 0.25, linear), h2 = StepGru(kInput[1], h1, linear);
    const Attributes attributes = {{"linear_before_reset", std::int64_t{linear}}};
    const auto made = RunAll({"GRU", attributes, 14, 2}, GruOperands());
    ASSERT_TRUE(made.ok()) << made.error().message;
    ExpectReals((*made)[0], {2, 1, 1, 1}, {h1, h2});
    ExpectReals((*made)[1], {1, 1, 1}, {h2});
  }
  const double back = StepGru(kInput[1], 0.25, false);
  ExpectReals(RunNode({"GRU", {{"direction", std::string("reverse")}}, 14, 2}, GruOperands()),
              {2, 1, 1, 1}, {StepGru(kInput[0], back, false), back});
}

TEST(GatedUnits, RnnGoesBothWays) {
  const Value x = Floats({2, 1, 1}, {0.5, -1}), w = Floats({2, 1, 1}, {2, 3});
  const Value r = Floats({2, 1, 1}, {0.5, -1});
  const Attributes both = {{"direction", std::string("bidirectional")},
                           {"activations", std::vector<std::string>{"Tanh", "Relu"}}};
  const double h1 = std::tanh(1.0), h2 = std::tanh(-2 + 0.5 * h1);
  const auto made = RunAll({"RNN", both, 14, 2}, {x, w, r});
  ASSERT_TRUE(made.ok()) << made.error().message;
  ExpectReals((*made)[0], {2, 2, 1, 1}, {h1, 1.5, h2, 0});
  ExpectReals((*made)[1], {2, 1, 1}, {h2, 1.5});
  const Attributes one = {{"activations", std::vector<std::string>{"Affine"}}};
  const std::vector<Value> single = {x, Floats({1, 1, 1}, {1}), Floats({1, 1, 1}, {1})};
  EXPECT_EQ(ErrorOf({"RNN", one, 14}, single), "activation affine, want sigmoid, tanh or relu");
  EXPECT_EQ(ErrorOf({"RNN", both, 14}, {x, w, Floats({2, 1, 2}, {0, 0, 0, 0})}),
            "operand 1 [2, 1, 1], want [2, 2, 1]");
}

TEST(GatedUnits, LstmTakesItsOwnActivationsByName) {
  const Value x = Floats({1, 1, 1}, {1}), w = Floats({1, 4, 1}, {1, 1, 1, 1});
  const auto run = [&](std::vector<std::string> names) -> NodeRun {
    return {"LSTM", {{"activations", std::move(names)}}, 14, 3};
  };
  const Value wanted = RunNode({"LSTM", {}, 14, 3}, {x, w, w});
  ExpectReals(RunNode(run({"Sigmoid", "Tanh", "Tanh"}), {x, w, w}), {1, 1, 1, 1}, RealsOf(wanted));
  EXPECT_EQ(ErrorOf(run({"Sigmoid", "Relu", "Tanh"}), {x, w, w}), "activation relu of a gate");
  EXPECT_EQ(ErrorOf(run({"Sigmoid"}), {x, w, w}), "1 activations, want 3");
}

}  // namespace
}  // namespace dlv::kernels

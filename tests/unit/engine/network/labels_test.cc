#include "engine/network/labels.h"

#include <gtest/gtest.h>

#include "engine/network/normalise.h"
#include "tests/unit/engine/network/builder.h"

namespace dlv::network {
namespace {

using Texts = std::vector<std::string>;

/// A network as caffe's train_val.prototxt has it, with `scores` behind its input.
class TrainingNet {
 public:
  TrainingNet() {
    net_.network().operator_sets.push_back({"caffe", 1});
    label_ = net_.Input("label", NetworkShape{1});
    data_ = net_.Input("data", NetworkShape{1, 8});
    scores_ = Layer("", "scores", "Relu", {data_});
  }
  NetworkOperand Layer(const std::string& domain, const std::string& name, const std::string& op,
                       std::vector<NetworkOperand> operands) {
    const auto made = net_.Node(name, op, std::move(operands));
    net_.network().nodes.back().domain = domain;
    return made;
  }
  void Compare(const std::string& name, const std::string& op, NetworkOperand scores) {
    net_.Output(name, Layer("caffe", name, op, {std::move(scores), label_}));
  }
  Builder net_;
  NetworkOperand label_, data_, scores_;
};

Texts OutputsOf(const Network& network) {
  Texts names;
  for (const NetworkOutput& output : network.outputs)
    names.push_back(network.nodes[output.source.index].name);
  return names;
}

TEST(Labels, ScoresTakeThePlaceOfWhatComparesThem) {
  TrainingNet made;
  made.Compare("side_loss", "SoftmaxWithLoss", made.Layer("", "side", "Relu", {made.scores_}));
  const auto last = made.Layer("", "last", "Relu", {made.scores_});
  made.Compare("accuracy", "Accuracy", last);
  made.Compare("loss", "SoftmaxWithLoss", last);
  Network network = made.net_.network();
  EXPECT_EQ(TakeOutLabelLayers(network), (Texts{"side_loss (SoftmaxWithLoss)",
                                                "accuracy (Accuracy)", "loss (SoftmaxWithLoss)"}));
  EXPECT_EQ(OutputsOf(network), (Texts{"last", "side"}));
  ASSERT_EQ(network.inputs.size(), 1U);
  EXPECT_EQ(network.inputs[0].name, "data");
  EXPECT_TRUE(CheckNetwork(network).ok());
  EXPECT_EQ(network.nodes[0].operands[0].index, 0U);
  EXPECT_TRUE(TakeOutLabelLayers(network).empty()) << "nothing is left to take out";
}

TEST(Labels, OtherOutputsStay) {
  TrainingNet made;
  made.Compare("accuracy", "Accuracy", made.scores_);
  made.net_.Output("prob", made.Layer("", "prob", "Softmax", {made.scores_}));
  Network network = made.net_.network();
  EXPECT_EQ(TakeOutLabelLayers(network), (Texts{"accuracy (Accuracy)"}));
  EXPECT_EQ(OutputsOf(network), (Texts{"prob"}));
  EXPECT_TRUE(CheckNetwork(network).ok());
}

TEST(Labels, WhatIsNotForLabelsAloneStaysAsItIs) {
  const auto unchanged = [](TrainingNet& made) {
    Network network = made.net_.network();
    const std::size_t nodes = network.nodes.size();
    EXPECT_TRUE(TakeOutLabelLayers(network).empty());
    EXPECT_EQ(network.inputs.size(), 2U);
    EXPECT_EQ(network.nodes.size(), nodes);
    EXPECT_EQ(network.outputs.size(), made.net_.network().outputs.size());
  };
  TrainingNet other_domain;
  other_domain.net_.Output("a", other_domain.Layer("mine", "a", "Accuracy",
                                                   {other_domain.scores_, other_domain.label_}));
  unchanged(other_domain);
  TrainingNet read_label;
  read_label.Compare("accuracy", "Accuracy", read_label.scores_);
  read_label.net_.Output("n", read_label.Layer("", "n", "Neg", {read_label.label_}));
  unchanged(read_label);
  TrainingNet read_loss;
  const auto loss =
      read_loss.Layer("caffe", "loss", "SoftmaxWithLoss", {read_loss.scores_, read_loss.label_});
  read_loss.net_.Output("n", read_loss.Layer("", "n", "Neg", {loss}));
  unchanged(read_loss);
  TrainingNet two_inputs;  // a distance between them
  two_inputs.net_.Output(
      "d", two_inputs.Layer("caffe", "d", "EuclideanLoss", {two_inputs.data_, two_inputs.label_}));
  unchanged(two_inputs);
}

}  // namespace
}  // namespace dlv::network

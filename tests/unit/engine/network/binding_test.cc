#include "engine/network/binding.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "engine/network/normalise.h"
#include "tests/unit/engine/network/builder.h"

namespace dlv::network {
namespace {

using Texts = std::vector<std::string>;

TensorFact Tensor(const std::string& name, NetworkShape shape, std::uint8_t content = 0) {
  TensorFact tensor{name, DType::kF32, std::move(shape), {}};
  tensor.id.bytes[0] =
      content != 0 ? content : static_cast<std::uint8_t>(std::hash<std::string>()(name));
  tensor.id.bytes[1] = content == 0 ? 1 : 0;
  return tensor;
}

/// "fc.weight name module.fc.weight" for every parameter.
Texts Lines(const BindingResult& result) {
  const char* const kinds[] = {"name", "content", "guess", "derived", "none"};
  Texts lines;
  for (const ParameterBinding& one : result.bindings) {
    lines.push_back(one.parameter + " " + kinds[static_cast<std::size_t>(one.match)] +
                    (one.tensor.empty() ? "" : " " + one.tensor));
  }
  return lines;
}

/// Two convolutions with biases and a classifier.
Network TwoConvolutions(const Texts& names) {
  Builder net;
  auto y = net.Input("x", NetworkShape{1, 3, 8, 8});
  y = net.Node("c1", "Conv",
               {y, net.Parameter(names[0], {4, 3, 3, 3}), net.Parameter(names[1], {4})});
  y = net.Node("c2", "Conv",
               {net.Node("r", "Relu", {y}), net.Parameter(names[2], {4, 4, 3, 3}),
                net.Parameter(names[3], {4})});
  net.Output("y", y);
  return Normalise(net.Take())->network;
}

TEST(BindParameters, ByName) {
  const Network network = TwoConvolutions({"a.weight", "a.bias", "b.weight", "b.bias"});
  const std::vector<TensorFact> tensors = {
      Tensor("a.weight", {4, 3, 3, 3}), Tensor("module.a.bias", {4}),
      Tensor("b.weight", {4, 4, 3, 3}), Tensor("b.bias", {5}), Tensor("steps", {})};
  const auto result = BindParameters(network, tensors);
  EXPECT_EQ(Lines(result), (Texts{"a.weight name a.weight", "a.bias name module.a.bias",
                                  "b.weight name b.weight", "b.bias none"}));
  EXPECT_EQ(result.unused_tensors, (Texts{"b.bias", "steps"}));
  EXPECT_EQ(
      result.warnings,
      Texts{"parameter b.bias: the tensor of that name is f32 [5], the network wants f32 [4]"});
  EXPECT_FALSE(result.has_guesses());
}

TEST(BindParameters, AWrapperThatIsNotUniqueDoesNotCount) {
  const Network network = TwoConvolutions({"a.weight", "a.bias", "b.weight", "b.bias"});
  const std::vector<TensorFact> tensors = {Tensor("module.a.weight", {4, 3, 3, 3}),
                                           Tensor("net.a.weight", {4, 3, 3, 3})};
  EXPECT_EQ(Lines(BindParameters(network, tensors))[0], "a.weight none");
}

TEST(BindParameters, ByContent) {
  const Network network = TwoConvolutions({"1", "2", "3", "4"});
  const std::vector<TensorFact> own = {Tensor("1", {4, 3, 3, 3}, 11), Tensor("2", {4}, 12),
                                       Tensor("3", {4, 4, 3, 3}, 13), Tensor("4", {4}, 12)};
  const std::vector<TensorFact> tensors = {Tensor("z", {4, 4, 3, 3}, 13), Tensor("y", {4}, 12),
                                           Tensor("x", {4}, 12), Tensor("w", {108}, 11)};
  // Equal biases go in order; the first weight has the same numbers in another shape.
  EXPECT_EQ(Lines(BindParameters(network, tensors, own)),
            (Texts{"1 content w", "2 content y", "3 content z", "4 content x"}));
}

TEST(BindParameters, WeightsOfFewerBitsAreFoundByName) {
  const Network network = TwoConvolutions({"a.weight", "a.bias", "b.weight", "b.bias"});
  std::vector<TensorFact> tensors = {Tensor("a.weight", {4, 3, 3, 3}), Tensor("a.bias", {4})};
  tensors[0].dtype = DType::kBF16;
  tensors[1].dtype = DType::kI32;
  const auto result = BindParameters(network, tensors);
  EXPECT_EQ(Lines(result)[0], "a.weight name a.weight");
  EXPECT_EQ(Lines(result)[1], "a.bias none");
  ASSERT_EQ(result.warnings.size(), 1U);
}

TEST(NameByTensors, WhatWasFoundByContentHasItsTensorsName) {
  Network network = TwoConvolutions({"1", "2", "3", "4"});
  const std::vector<TensorFact> own = {Tensor("1", {4, 3, 3, 3}, 11), Tensor("2", {4}, 12),
                                       Tensor("3", {4, 4, 3, 3}, 13)};
  // The third tensor has the name of the fourth parameter.
  const std::vector<TensorFact> tensors = {Tensor("w", {4, 3, 3, 3}, 11), Tensor("v", {4}, 12),
                                           Tensor("4", {4, 4, 3, 3}, 13)};
  NameByTensors(BindParameters(network, tensors, own).bindings, network);
  Texts names;
  for (const NetworkParameter& parameter : network.parameters) names.push_back(parameter.name);
  EXPECT_EQ(names, (Texts{"w", "v", "3", "4"}));
}

TEST(BindParameters, AGuessByAShapeThatOccursOnce) {
  const Network network = TwoConvolutions({"1", "2", "3", "4"});
  std::vector<TensorFact> tensors = {Tensor("p", {4, 3, 3, 3}), Tensor("r", {4, 4, 3, 3})};
  auto result = BindParameters(network, tensors);
  EXPECT_EQ(Lines(result), (Texts{"1 guess p", "2 none", "3 guess r", "4 none"}));
  EXPECT_TRUE(result.has_guesses());
  EXPECT_TRUE(result.ambiguous.empty());
  tensors.push_back(Tensor("q", {4}));
  tensors.push_back(Tensor("s", {4}));  // two for two: their order tells nothing
  result = BindParameters(network, tensors);
  EXPECT_EQ(Lines(result)[1], "2 none");
  EXPECT_EQ(result.ambiguous, (Texts{"2", "4"}));
  EXPECT_EQ(result.unused_tensors, (Texts{"q", "s"}));
}

TEST(BindParameters, SizesThatTheNetworkDoesNotKnowFit) {
  Network network = TwoConvolutions({"a.weight", "a.bias", "b.weight", "b.bias"});
  network.parameters[0].shape = NetworkShape{4, kUnknownSize, 3, 3};
  const std::vector<TensorFact> tensors = {Tensor("a.weight", {4, 3, 3, 3})};
  const auto result = BindParameters(network, tensors);
  EXPECT_EQ(Lines(result)[0], "a.weight name a.weight");
  EXPECT_TRUE(result.warnings.empty());
}

std::vector<TensorFact> WithNorms() {
  std::vector<TensorFact> tensors;
  for (const std::string n : {"1", "2"}) {
    tensors.push_back(Tensor("conv" + n + ".weight", {4, n == "1" ? 3 : 4, 3, 3}));
    for (const char* part : {"weight", "bias", "running_mean", "running_var"}) {
      tensors.push_back(Tensor("bn" + n + "." + part, {4}));
    }
  }
  return tensors;
}

TEST(BindParameters, FoldedNormalisationIsDerivedNotTheSame) {
  const auto result =
      BindParameters(TwoConvolutions({"onnx::1", "onnx::2", "onnx::3", "onnx::4"}), WithNorms());
  EXPECT_EQ(Lines(result), (Texts{"onnx::1 derived conv1.weight", "onnx::2 derived bn1.bias",
                                  "onnx::3 derived conv2.weight", "onnx::4 derived bn2.bias"}));
  EXPECT_TRUE(result.unused_tensors.empty());
}

TEST(BindParameters, FoldedWhereBuffersComeLast) {
  std::vector<TensorFact> tensors = WithNorms();
  std::stable_partition(tensors.begin(), tensors.end(), [](const TensorFact& one) {
    return one.name.find("running") == std::string::npos;
  });
  const auto result = BindParameters(TwoConvolutions({"1", "2", "3", "4"}), tensors);
  EXPECT_EQ(Lines(result)[3], "4 derived bn2.bias");
}

/// Two convolutions of one shape, in the network in the other order than in the file.
TEST(BindParameters, FoldedOnesOfOneShapeAreToldByTheirBias) {
  std::vector<TensorFact> tensors = WithNorms();
  tensors[0].shape = tensors[5].shape;
  Network network = TwoConvolutions({"1", "2", "3", "4"});
  network.parameters[0].shape = tensors[5].shape;
  const auto unknown = BindParameters(network, tensors);
  EXPECT_EQ(Lines(unknown), (Texts{"1 none", "2 none", "3 none", "4 none"}));
  EXPECT_EQ(unknown.ambiguous, (Texts{"1", "2", "3", "4"}));

  const std::vector<TensorFact> own = {Tensor("2", {4}), Tensor("4", {4})};
  const VectorReader values = [](const TensorFact& fact) {
    const std::map<std::string, double> numbers = {{"bn1.weight", 2},
                                                   {"bn1.bias", 1},  // 1 - 0.5 * 2 / sqrt(4) = 0.5
                                                   {"bn1.running_mean", 0.5},
                                                   {"bn1.running_var", 4},
                                                   {"bn2.weight", 1},
                                                   {"bn2.bias", 3},  // 3 - 1 / sqrt(1) = 2
                                                   {"bn2.running_mean", 1},
                                                   {"bn2.running_var", 1},
                                                   {"2", 2},
                                                   {"4", 0.5}};
    const auto at = numbers.find(fact.name);
    return at == numbers.end() ? std::vector<double>() : std::vector<double>(4, at->second);
  };
  const auto result = BindParameters(network, tensors, own, values);
  EXPECT_EQ(Lines(result), (Texts{"1 derived conv2.weight", "2 derived bn2.bias",
                                  "3 derived conv1.weight", "4 derived bn1.bias"}));
  EXPECT_TRUE(result.ambiguous.empty());
}

TEST(BindParameters, FoldedUnderTheOldName) {
  const auto result = BindParameters(
      TwoConvolutions({"conv1.weight", "conv1.bias", "conv2.weight", "conv2.bias"}), WithNorms());
  EXPECT_EQ(Lines(result)[0], "conv1.weight derived conv1.weight");
  EXPECT_EQ(Lines(result)[1], "conv1.bias derived bn1.bias");
}

TEST(BindParameters, NewParametersNeedNoTensor) {
  Network network = TwoConvolutions({"a.weight", "a.bias", "b.weight", "b.bias"});
  network.parameters[0].initializer = "zeros";
  const std::vector<TensorFact> tensors = {Tensor("w", {4, 3, 3, 3})};
  EXPECT_EQ(Lines(BindParameters(network, tensors))[0], "a.weight none");
}

TEST(BindParameters, WhatBeganWithAnInitializerIsFoundByName) {
  Network network = TwoConvolutions({"a.weight", "a.bias", "b.weight", "b.bias"});
  network.parameters[0].initializer = "zeros";
  const std::vector<TensorFact> tensors = {Tensor("a.weight", {4, 3, 3, 3})};
  EXPECT_EQ(Lines(BindParameters(network, tensors))[0], "a.weight name a.weight");
}

}  // namespace
}  // namespace dlv::network

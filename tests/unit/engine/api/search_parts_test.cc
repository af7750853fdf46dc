// The parts of a search: chains of operators, likeness, words.

#include <gtest/gtest.h>

#include "engine/api/search_chain.h"
#include "engine/api/search_likeness.h"
#include "engine/api/search_words.h"

namespace dlv::api {
namespace {

/// A line of nodes, each reading the one before; "Conv" also reads a weight.
Network Line(const std::vector<std::string>& ops) {
  Network network;
  network.inputs.push_back({"x", DType::kF32, NetworkShape{1, 3, 8, 8}});
  for (std::size_t i = 0; i < ops.size(); ++i) {
    NetworkNode node;
    node.op = ops[i];
    node.name = "n" + std::to_string(i);
    NetworkOperand data;
    data.kind = i == 0 ? OperandKind::kInput : OperandKind::kNode;
    data.index = i == 0 ? 0 : static_cast<std::uint32_t>(i - 1);
    node.operands.push_back(data);
    node.outputs.push_back({"v" + std::to_string(i), DType::kF32, NetworkShape{1, 8, 4, 4}});
    network.nodes.push_back(std::move(node));
  }
  NetworkOutput output;
  output.name = "y";
  output.source.kind = OperandKind::kNode;
  output.source.index = static_cast<std::uint32_t>(ops.size() - 1);
  network.outputs.push_back(output);
  return network;
}

/// "n0 n1 (2)": the nodes of the match and how many there are; "-" for none.
std::string Matched(const Network& network, const std::string& text) {
  const auto chain = ParseChain(text);
  if (!chain.ok()) return chain.error().message;
  const auto match = MatchChain(network, *chain);
  if (!match) return "-";
  std::string found;
  for (const auto node : match->nodes) found += network.nodes[node].name + " ";
  return found + "(" + std::to_string(match->count) + ")";
}

TEST(SearchChain, FindsNeighbours) {
  const Network network = Line({"Conv", "Relu", "MaxPool", "Conv", "Relu", "AveragePool"});
  EXPECT_EQ(Matched(network, "Conv->Relu->MaxPool"), "n0 n1 n2 (1)");
  EXPECT_EQ(Matched(network, "conv -> relu -> pool"), "n0 n1 n2 (2)");
  EXPECT_EQ(Matched(network, "relu->POOL(avg)"), "n4 n5 (1)");
  EXPECT_EQ(Matched(network, "Relu->Conv"), "-");
  EXPECT_EQ(Matched(network, "Conv->*->MaxPool"), "n0 n1 n2 (1)");
  EXPECT_EQ(Matched(network, "MaxPool"), "n2 (1)");
  EXPECT_EQ(Matched(network, "Gemm"), "-");
}

TEST(SearchChain, FindsWhatIsFurtherOn) {
  const Network network = Line({"Conv", "Relu", "MaxPool", "Conv", "Relu", "AveragePool"});
  EXPECT_EQ(Matched(network, "Conv->*AveragePool"), "n0 n5 (1)");
  EXPECT_EQ(Matched(network, "MaxPool->*Conv->Relu"), "n2 n3 n4 (1)");
  EXPECT_EQ(Matched(network, "AveragePool->*Conv"), "-");
}

TEST(SearchChain, ErrorsHaveAPlace) {
  EXPECT_NE(Matched(Line({"Conv"}), "Conv->").find("column 7"), std::string::npos);
  EXPECT_NE(Matched(Line({"Conv"}), "->Conv").find("column 1"), std::string::npos);
  EXPECT_NE(Matched(Line({"Conv"}), "Conv->Re lu").find("column 7"), std::string::npos);
  EXPECT_NE(Matched(Line({"Conv"}), "*Conv").find("to begin with"), std::string::npos);
  EXPECT_NE(Matched(Line({"Conv"}), "POOL(BIG)").find("kind of pool"), std::string::npos);
  EXPECT_EQ(ParseChain("").error().code, ErrorCode::kSyntax);
}

TEST(SearchLikeness, IsOneForTheSameAndLessForLess) {
  const Features a = FeaturesOf(Line({"Conv", "Relu", "MaxPool"}));
  const Features b = FeaturesOf(Line({"Conv", "Relu", "AveragePool"}));
  const Features c = FeaturesOf(Line({"Gemm", "Softmax"}));
  EXPECT_DOUBLE_EQ(Likeness(a, a), 1);
  EXPECT_GT(Likeness(a, b), 0.3);
  EXPECT_LT(Likeness(a, b), 1);
  EXPECT_DOUBLE_EQ(Likeness(a, b), Likeness(b, a));
  EXPECT_DOUBLE_EQ(Likeness(a, c), 0);
  EXPECT_DOUBLE_EQ(Likeness({}, {}), 0);
}

TEST(SearchLikeness, LayoutsByShapeAndName) {
  archive::Layout one, two;
  one.tensors.resize(2);
  one.tensors[0].name = "a";
  one.tensors[0].shape = {3, 4};
  one.tensors[1].name = "b";
  one.tensors[1].shape = {4};
  two = one;
  EXPECT_DOUBLE_EQ(Likeness(FeaturesOf(one), FeaturesOf(two)), 1);
  two.tensors[1].shape = {5};
  EXPECT_DOUBLE_EQ(Likeness(FeaturesOf(one), FeaturesOf(two)), 0.5);
  two.tensors[1].role = TensorRole::kOptimizer;  // does not count
  EXPECT_DOUBLE_EQ(Likeness(FeaturesOf(one), FeaturesOf(two)), 0.5);
}

TEST(SearchWords, AllMustBeThereAndBetterPlacesCountMore) {
  const std::vector<SearchField> fields = {
      {"name", 10, "LeNet"}, {"message", 4, "a baseline for MNIST"}, {"file", 2, "mnist.onnx"}};
  EXPECT_GT(MatchWords({"lenet"}, fields).score, MatchWords({"baseline"}, fields).score);
  EXPECT_GT(MatchWords({"mnist"}, fields).score, MatchWords({"mnis"}, fields).score);
  EXPECT_EQ(MatchWords({"lenet", "nothing"}, fields).score, 0);
  const WordMatch both = MatchWords({"lenet", "mnist"}, fields);
  EXPECT_EQ(both.reasons,
            (std::vector<std::string>{"name: LeNet", "message: a baseline for MNIST"}));
  EXPECT_EQ(MatchWords({"x"}, {}).score, 0);
}

TEST(SearchWords, ReasonsAreShortAndWhole) {
  std::string text;
  for (int i = 0; i < 40; ++i) text += "日本語 ";
  text += "needle";
  const WordMatch match = MatchWords({"needle"}, {{"note", 3, text}});
  ASSERT_EQ(match.reasons.size(), 1U);
  EXPECT_LT(match.reasons[0].size(), 90U);
  EXPECT_NE(match.reasons[0].find("needle"), std::string::npos);
  EXPECT_NE(static_cast<unsigned char>(match.reasons[0][9]) & 0xC0, 0x80) << match.reasons[0];
}

}  // namespace
}  // namespace dlv::api

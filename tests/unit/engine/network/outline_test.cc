#include "engine/network/outline.h"

#include <gtest/gtest.h>

#include "engine/network/adjacency.h"
#include "engine/network/attributes.h"
#include "engine/network/encoding.h"
#include "engine/network/families.h"
#include "engine/network/known_value.h"
#include "engine/network/normalise.h"
#include "tests/unit/engine/network/builder.h"
#include "tests/unit/engine/network/everything.h"

namespace dlv::network {
namespace {

Outline OutlineOf(const Network& network) {
  Outline outline;
  const Status read = outline.Read(Encode(network));
  EXPECT_TRUE(read.ok()) << read.error().message;
  return outline;
}

std::vector<NodeIndex> List(std::span<const NodeIndex> nodes) {
  return {nodes.begin(), nodes.end()};
}

Network Classifier() { return Normalise(SmallClassifier())->network; }

/// Add, MatMul and Clip are of the families that operands decide.
Network Undecided() {
  Builder net;
  const auto x = net.Input("x", NetworkShape{1, 4});
  const auto product = net.Node("0", "MatMul", {x, net.Parameter("w", {4, 4})});
  net.Node("1", "Add", {product, net.Parameter("b", {4})});
  net.Node("2", "Add", {x, product});
  net.Node("3", "MatMul", {x, x});
  const auto zero = net.Constant(Builder::Reals({0}, true));
  net.Node("4", "Clip", {x, zero, net.Constant(Builder::Reals({6}, true))});
  net.Node("5", "Clip", {x, zero});
  return net.Take();
}

/// A branch that reads a value from outside, and a weight that is turned first.
Network Nested() {
  Builder body;
  body.Output("y", body.Node("inner", "Relu", {Builder::Outer("a_out")}));
  Builder net;
  const auto flag = net.Input("flag", NetworkShape{}, DType::kBool);
  const auto turned = net.Node("turn", "Transpose", {net.Parameter("w", {4, 4})});
  net.Node("a", "MatMul", {net.Input("x", NetworkShape{4}), turned});
  net.Output("y", net.Node("if", "If", {flag},
                           {{"then_branch", std::make_shared<const Network>(body.Take())}}));
  return net.Take();
}

TEST(Outline, SaysWhatTheNetworkSays) {
  for (const Network& network : {Network(), Classifier(), Everything(), Nested()}) {
    const Outline outline = OutlineOf(network);
    ASSERT_EQ(outline.nodes.size(), network.nodes.size());
    EXPECT_EQ(outline.inputs.size(), network.inputs.size());
    EXPECT_EQ(outline.constants.size(), network.constants.size());
    ASSERT_EQ(outline.outputs.size(), network.outputs.size());
    for (std::size_t i = 0; i < network.outputs.size(); ++i) {
      EXPECT_EQ(outline.outputs[i].name, network.outputs[i].name);
      EXPECT_EQ(outline.outputs[i].source.index, network.outputs[i].source.index);
    }
    for (std::size_t i = 0; i < network.parameters.size(); ++i) {
      EXPECT_EQ(outline.parameters[i].name, network.parameters[i].name);
      EXPECT_EQ(ShapeOf(outline.parameters[i]), network.parameters[i].shape);
    }
    for (std::size_t i = 0; i < network.nodes.size(); ++i) {
      const NetworkNode& want = network.nodes[i];
      const OutlineNode& node = outline.nodes[i];
      EXPECT_EQ(node.name, want.name);
      EXPECT_EQ(node.original_name, want.original_name);
      EXPECT_EQ(node.op, want.op);
      EXPECT_EQ(node.domain, want.domain);
      ASSERT_EQ(node.outputs.size(), want.outputs.size());
      for (std::size_t k = 0; k < want.outputs.size(); ++k) {
        EXPECT_EQ(node.outputs[k].name, want.outputs[k].name);
        EXPECT_EQ(TypeOf(node.outputs[k]).dtype, want.outputs[k].dtype);
        EXPECT_EQ(ShapeOf(node.outputs[k]), want.outputs[k].shape);
      }
      ASSERT_EQ(node.operands.size(), want.operands.size());
      for (std::size_t k = 0; k < want.operands.size(); ++k) {
        EXPECT_EQ(node.operands[k].kind, want.operands[k].kind);
        EXPECT_EQ(node.operands[k].index, want.operands[k].index);
        EXPECT_EQ(node.operands[k].port, want.operands[k].port);
        EXPECT_EQ(TypeOf(outline, node.operands[k]).shape, TypeOf(network, want.operands[k]).shape);
      }
    }
  }
}

TEST(Outline, FindsAttributes) {
  const Network network = Everything();
  const Outline outline = OutlineOf(network);
  const OutlineNode& node = outline.nodes[0];
  for (const NetworkAttribute& want : network.nodes[0].attributes) {
    const auto found = FindAttribute(node, want.name);
    ASSERT_TRUE(found) << want.name;
    EXPECT_EQ(found->index(), want.value.index()) << want.name;
  }
  EXPECT_EQ(std::get<std::string>(*FindAttribute(node, "e_text")), "h\xc3\xa9\xff\"\\");
  EXPECT_EQ(std::get<NetworkConstant>(*FindAttribute(node, "l_constant")),
            *ConstantAttribute(network.nodes[0], "l_constant"));
  EXPECT_EQ(RealAttribute(node, "a_whole", 1), -5);
  EXPECT_EQ(RealAttribute(node, "b_real", 1), 0.1);
  EXPECT_EQ(RealAttribute(node, "e_text", 1), 1);
  EXPECT_EQ(TextAttribute(node, "b_real", "none"), "none");
  EXPECT_EQ(IntegersAttribute(node, "f_wholes")->size(), 3u);
  EXPECT_FALSE(IntegersAttribute(node, "h_reals"));
  EXPECT_FALSE(FindAttribute(node, "z"));
  ASSERT_EQ(SubgraphsOf(node).size(), 1u);
  EXPECT_EQ(SubgraphsOf(node)[0]->nodes[0].name, "inner");
}

TEST(Outline, HasTheFamiliesAndNeighboursOfTheNetwork) {
  for (const Network& network : {Classifier(), Undecided(), Nested(), Everything()}) {
    const Outline outline = OutlineOf(network);
    const Adjacency want(network), have(outline);
    EXPECT_EQ(have.data(), want.data());
    for (NodeIndex i = 0; i < network.nodes.size(); ++i) {
      EXPECT_EQ(FamilyOf(outline, i), FamilyOf(network, i)) << i;
      EXPECT_EQ(IsOf(outline, i, "CLIP"), IsOf(network, i, "CLIP")) << i;
      EXPECT_EQ(List(have.next(i)), List(want.next(i))) << i;
      EXPECT_EQ(List(have.prev(i)), List(want.prev(i))) << i;
    }
  }
}

TEST(Outline, MatchesTemplatesAsTheNetworkDoes) {
  const Network network = Classifier();
  const Outline outline = OutlineOf(network);
  const auto whole = [](std::int64_t value) { return TemplateArgument{"", value}; };
  const std::pair<const char*, std::vector<TemplateArgument>> templates[] = {
      {"POOL", {{"", "MAX"}}},
      {"POOL", {{"", "AVG"}, whole(2), whole(2)}},
      {"CONV", {whole(3)}},
      {"CONV", {{"channels", std::int64_t{8}}}},
      {"CONV", {{"stride", std::int64_t{1}}, {"pad", std::int64_t{1}}}},
      {"CONV", {{"stride", std::int64_t{2}}}},
      {"FULL", {whole(10)}},
      {"RELU", {}}};
  std::size_t matches = 0;
  for (const auto& [family, arguments] : templates) {
    const auto wanted = MakeTemplate(family, arguments);
    ASSERT_TRUE(wanted.ok()) << wanted.error().message;
    for (std::size_t i = 0; i < network.nodes.size(); ++i) {
      EXPECT_EQ(Matches(outline, i, *wanted), Matches(network, i, *wanted)) << family << i;
      matches += Matches(outline, i, *wanted) ? 1 : 0;
    }
  }
  EXPECT_EQ(matches, 12u);
}

TEST(Outline, IsReadAgainInTheSameMemory) {
  Outline outline = OutlineOf(Everything());
  ASSERT_TRUE(outline.Read(Encode(Classifier())).ok());
  const Outline moved = std::move(outline);
  EXPECT_EQ(moved.nodes[0].name, Classifier().nodes[0].name);
  EXPECT_EQ(moved.nodes.size(), Classifier().nodes.size());
}

TEST(Outline, RefusesEveryCut) {
  const auto bytes = Encode(Everything());
  Outline outline;
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    const Status read = outline.Read(std::span(bytes).first(size));
    ASSERT_FALSE(read.ok()) << size;
    EXPECT_EQ(read.error().code, ErrorCode::kCorruption);
  }
}

/// Whatever it takes, all questions can be asked of; and it takes all that Decode takes.
TEST(Outline, FlippedBytesAreRefusedOrHarmless) {
  for (const Network& network : {Everything(), Nested(), Classifier()}) {
    const auto good = Encode(network);
    Outline outline;
    for (std::size_t at = 0; at < good.size(); ++at) {
      for (const unsigned flip : {0x01U, 0x80U, 0xffU}) {
        auto bytes = good;
        bytes[at] ^= static_cast<std::byte>(flip);
        const bool read = outline.Read(bytes).ok();
        if (!read) {
          EXPECT_FALSE(Decode(bytes).ok()) << at;
          continue;
        }
        const Adjacency adjacency(outline);
        for (std::size_t i = 0; i < outline.nodes.size(); ++i) {
          FamilyOf(outline, i);
          FindAttribute(outline.nodes[i], "kernel_shape");
          for (const auto& operand : outline.nodes[i].operands) TypeOf(outline, operand);
          for (const auto& output : outline.nodes[i].outputs) TypeOf(output);
        }
        for (const auto& constant : outline.constants) ScalarOf(constant);
      }
    }
  }
}

}  // namespace
}  // namespace dlv::network

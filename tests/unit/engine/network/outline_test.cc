#include "engine/network/outline.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>

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

std::vector<NodeIndex> ListSpan(std::span<const NodeIndex> nodes) {
  return {nodes.begin(), nodes.end()};
}

Network ClassifierToOutline() { return Normalise(SmallClassifier())->network; }

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
  for (const Network& network : {Network(), ClassifierToOutline(), Everything(), Nested()}) {
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
  for (const Network& network : {ClassifierToOutline(), Undecided(), Nested(), Everything()}) {
    const Outline outline = OutlineOf(network);
    const Adjacency want(network), have(outline);
    EXPECT_EQ(have.data(), want.data());
    for (NodeIndex i = 0; i < network.nodes.size(); ++i) {
      EXPECT_EQ(FamilyOf(outline, i), FamilyOf(network, i)) << i;
      EXPECT_EQ(IsOf(outline, i, "CLIP"), IsOf(network, i, "CLIP")) << i;
      EXPECT_EQ(ListSpan(have.next(i)), ListSpan(want.next(i))) << i;
      EXPECT_EQ(ListSpan(have.prev(i)), ListSpan(want.prev(i))) << i;
    }
  }
}

TEST(Outline, MatchesTemplatesAsTheNetworkDoes) {
  const Network network = ClassifierToOutline();
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
  ASSERT_TRUE(outline.Read(Encode(ClassifierToOutline())).ok());
  const Outline moved = std::move(outline);
  EXPECT_EQ(moved.nodes[0].name, ClassifierToOutline().nodes[0].name);
  EXPECT_EQ(moved.nodes.size(), ClassifierToOutline().nodes.size());
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
  for (const Network& network : {Everything(), Nested(), ClassifierToOutline()}) {
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

/// All that an outline says, as a text.
std::string Said(const Outline& outline) {
  std::string said;
  const auto bytes = [&](std::span<const std::byte> part) {
    said.append(reinterpret_cast<const char*>(part.data()), part.size()) += '|';
    const auto whole = outline.encoding();
    EXPECT_TRUE(part.data() >= whole.data() &&
                part.data() + part.size() <= whole.data() + whole.size());
  };
  const auto text = [&](std::string_view part) { bytes(std::as_bytes(std::span(part))); };
  const auto values = [&](std::span<const OutlineValue> list) {
    said += std::to_string(list.size()) + ":";
    for (const OutlineValue& value : list) {
      text(value.name);
      bytes(value.type);
    }
  };
  const auto operand = [&](const OutlineOperand& one) {
    said += std::to_string(static_cast<int>(one.kind)) + "," + std::to_string(one.index) + "," +
            std::to_string(one.port) + ";";
  };
  values(outline.inputs);
  values(outline.parameters);
  for (const OutlineConstant& constant : outline.constants) bytes(constant.encoded);
  for (const OutlineNode& node : outline.nodes) {
    for (const auto part : {node.name, node.original_name, node.op, node.domain}) text(part);
    bytes(node.attributes);
    for (const OutlineOperand& one : node.operands) operand(one);
    values(node.outputs);
    said += node.has_subgraph ? "subgraph" : "";
  }
  for (const OutlineOutput& output : outline.outputs) {
    text(output.name);
    operand(output.source);
  }
  return said;
}

/// A network much like another one, as versions of a family are.
Network Varied(Network network, std::mt19937& random) {
  if (network.nodes.empty()) return network;
  NetworkNode& node = network.nodes[random() % network.nodes.size()];
  switch (random() % 8) {
    case 0:
      node.op = random() % 2 == 0 ? "Relu" : "RandomNormal";
      break;
    case 1:
      node.name += std::to_string(random() % 100);
      break;
    case 2:
      node.attributes.insert(node.attributes.begin(),
                             {"", static_cast<std::int64_t>(random() % 300)});
      break;
    case 3:
      node.op = "Shape";
      break;
    case 4:
      if (!node.operands.empty()) node.operands.pop_back();
      break;
    case 5:
      network.inputs.push_back({"extra", DType::kF32, NetworkShape{1}});
      break;
    case 6:
      network.nodes.push_back(node);
      break;
    default:
      break;  // as it is
  }
  return network;
}

/// Reads both ways, and expects the same of both.
void ExpectSame(std::span<const std::byte> encoding, Outline& outline, OutlineHistory& history) {
  Outline alone;
  const Status want = alone.Read(encoding), got = outline.Read(encoding, history);
  ASSERT_EQ(got.ok(), want.ok());
  if (!got.ok()) {
    EXPECT_EQ(got.error().message, want.error().message);
    return;
  }
  EXPECT_EQ(Said(outline), Said(alone));
  if (history.last != nullptr && FlowsAlike(outline, *history.last)) {
    EXPECT_EQ(DependenceOf(outline), DependenceOf(*history.last));
    const Adjacency here(outline), before(*history.last);
    for (NodeIndex i = 0; i < here.size(); ++i)
      EXPECT_EQ(ListSpan(here.next(i)), ListSpan(before.next(i)));
  }
}

TEST(Outline, ReadsTheSameBehindAnother) {
  std::mt19937 random(7);
  for (const Network& first : {ClassifierToOutline(), Undecided(), Nested(), Everything()}) {
    Outline outlines[2];
    OutlineHistory history;
    std::map<std::uint64_t, std::string> names;
    Network network = first;
    for (int i = 0; i < 100; ++i) {
      Outline& outline = outlines[i % 2];
      ExpectSame(Encode(network), outline, history);
      for (const OutlineNode& node : outline.nodes) {
        ASSERT_NE(node.record, 0u);
        EXPECT_EQ(names.emplace(node.record, node.name).first->second, node.name);
      }
      history.last = &outline;
      network = Varied(i % 10 == 9 ? first : std::move(network), random);
    }
  }
}

/// Which templates match a node by itself, and which by what is around it.
TEST(Outline, SaysWhereTemplatesLookAround) {
  const Network network = Undecided();
  const Outline outline = OutlineOf(network);
  const auto full = MakeTemplate("FULL", {}), relu = MakeTemplate("RELU", {});
  ASSERT_TRUE(full.ok() && relu.ok());
  for (const OutlineNode& node : outline.nodes) {
    EXPECT_FALSE(MatchesAlone(node, *full)) << node.name;
    EXPECT_FALSE(MatchesAlone(node, *relu)) << node.name;
  }
  OutlineNode node;
  node.op = "Relu";
  EXPECT_TRUE(MatchesAlone(node, *relu));
  node.op = "Conv";
  const auto conv = MakeTemplate("CONV", {});
  const TemplateArgument sizes[] = {{"", std::int64_t{3}}, {"", std::int64_t{3}}};
  const auto sized = MakeTemplate("CONV", sizes);
  ASSERT_TRUE(conv.ok() && sized.ok());
  EXPECT_TRUE(MatchesAlone(node, *conv));
  EXPECT_FALSE(MatchesAlone(node, *sized));  // the weight may say the kernel
}

TEST(Outline, TakesOverAllButWhatDiffers) {
  Network network = ClassifierToOutline();
  Outline before, after;
  OutlineHistory history;
  ASSERT_TRUE(before.Read(Encode(network), history).ok());
  EXPECT_EQ(history.records, network.nodes.size());
  history.last = &before;
  network.nodes[1].name += "longer";
  ASSERT_TRUE(after.Read(Encode(network), history).ok());
  EXPECT_EQ(history.records, network.nodes.size() + 1);
  for (std::size_t i = 0; i < network.nodes.size(); ++i) {
    EXPECT_EQ(after.nodes[i].record == before.nodes[i].record, i != 1) << i;
  }
  EXPECT_TRUE(FlowsAlike(before, after));
}

TEST(Outline, RefusesTheSameBehindAnother) {
  std::mt19937 random(11);
  Outline before, outline;
  OutlineHistory history;
  const std::vector<std::byte> good = Encode(Everything());
  ASSERT_TRUE(before.Read(good, history).ok());
  history.last = &before;
  for (int i = 0; i < 2000; ++i) {
    std::vector<std::byte> damaged = good;
    damaged[random() % damaged.size()] = static_cast<std::byte>(random());
    if (i % 3 == 0) damaged.resize(random() % damaged.size());
    ExpectSame(damaged, outline, history);
  }
}

}  // namespace
}  // namespace dlv::network

#include "engine/network/families.h"

#include <gtest/gtest.h>

#include "engine/network/initializer.h"
#include "engine/network/normalise.h"
#include "engine/network/shape_inference.h"
#include "tests/unit/engine/network/builder.h"

namespace dlv::network {
namespace {

using Arguments = std::vector<TemplateArgument>;

NodeTemplate Template(std::string_view family, const Arguments& arguments = {}) {
  auto made = MakeTemplate(family, arguments);
  EXPECT_TRUE(made.ok()) << made.error().message;
  return made.ok() ? *made : NodeTemplate();
}

std::string ErrorOf(std::string_view family, const Arguments& arguments) {
  const auto made = MakeTemplate(family, arguments);
  return made.ok() ? "made" : made.error().message;
}

TEST(Families, NamesAndSynonyms) {
  EXPECT_EQ(FindFamily("conv"), "CONV");
  EXPECT_EQ(FindFamily("IP"), "FULL");
  EXPECT_EQ(FindFamily("InnerProduct"), "FULL");
  EXPECT_FALSE(FindFamily("nothing"));
  EXPECT_EQ(FamilyNames()[0], "CONV");
}

TEST(Families, CaffeNormalisesInTwoLayers) {
  Builder net;
  const auto x = net.Input("x", NetworkShape{1, 4});
  const auto norm = net.Node("bn", "BatchNorm", {x, net.Parameter("mean", {4})});
  net.Node("scale", "Scale", {norm, net.Parameter("weight", {4})});
  net.Node("other", "Scale", {x, net.Parameter("factor", {4})});
  const Network network = net.Take();
  EXPECT_EQ(FamilyOf(network, 0), "NORM");
  EXPECT_EQ(FamilyOf(network, 1), "NORM");
  EXPECT_EQ(FamilyOf(network, 2), "");
  const NodeTemplate norm_template = Template("BATCHNORM");
  EXPECT_EQ(norm_template.family, "NORM");
}

TEST(Families, OfOperators) {
  Builder net;
  const auto x = net.Input("x", NetworkShape{1, 4});
  const auto w = net.Parameter("w", {4, 4});
  const auto b = net.Parameter("b", {4});
  const auto product = net.Node("0", "MatMul", {x, w});
  net.Node("1", "Add", {product, b});
  net.Node("2", "Add", {x, product});
  net.Node("3", "MatMul", {x, x});
  const auto six = net.Constant(Builder::Reals({6}, true));
  const auto zero = net.Constant(Builder::Reals({0}, true));
  net.Node("4", "Clip", {x, zero, six});
  net.Node("5", "Clip", {x, zero});
  net.Node("6", "Unheard", {x});
  net.Node("7", "Sum", {x, x});
  net.Node("8", "MatMul", {x, net.Node("9", "Transpose", {w})});
  const Network network = net.Take();
  const char* const wanted[] = {"FULL", "FULL", "ADD", "", "RELU", "CLIP", "", "ADD"};
  for (std::size_t i = 0; i < std::size(wanted); ++i) {
    EXPECT_EQ(FamilyOf(network, i), wanted[i]) << i;
  }
  EXPECT_EQ(FamilyOf(network, 9), "FULL");  // the weight is a transposed parameter
  EXPECT_TRUE(IsOf(network, 4, "CLIP"));
  EXPECT_TRUE(IsOf(network, 4, "RELU"));
  EXPECT_FALSE(IsOf(network, 5, "RELU"));
}

TEST(Templates, Match) {
  const Network network = Normalise(SmallClassifier())->network;
  const auto matches = [&](const NodeTemplate& wanted) {
    std::string names;
    for (std::size_t i = 0; i < network.nodes.size(); ++i) {
      if (Matches(network, i, wanted)) names += network.nodes[i].name + " ";
    }
    return names;
  };
  EXPECT_EQ(matches(Template("POOL")), "pool1 pool2 ");
  EXPECT_EQ(matches(Template("pool", {{"", "max"}})), "pool1 ");
  EXPECT_EQ(matches(Template("POOL", {{"", "AVG"}, {"", std::int64_t{2}}, {"", std::int64_t{2}}})),
            "pool2 ");
  EXPECT_EQ(matches(Template("POOL", {{"", "GLOBAL"}})), "");
  EXPECT_EQ(matches(Template("CONV", {{"", std::int64_t{3}}})), "conv1 conv2 conv3 ");
  EXPECT_EQ(matches(Template("CONV", {{"", std::int64_t{3}}, {"", std::int64_t{5}}})), "");
  EXPECT_EQ(matches(Template("CONV", {{"channels", std::int64_t{8}}})), "conv1 ");
  EXPECT_EQ(matches(Template("CONV", {{"stride", std::int64_t{1}}, {"pad", std::int64_t{1}}})),
            "conv1 conv2 conv3 ");
  EXPECT_EQ(matches(Template("CONV", {{"stride", std::int64_t{2}}})), "");
  EXPECT_EQ(matches(Template("FULL", {{"", std::int64_t{10}}})), "fc ");
  EXPECT_EQ(matches(Template("RELU", {{"", "relu1"}})), "relu1 relu2 ");  // names are the caller's
  EXPECT_EQ(Template("RELU", {{"", "relu1"}}).name, "relu1");
}

TEST(Templates, SayWhatIsWrong) {
  EXPECT_TRUE(ErrorOf("KONV", {}).starts_with("no template \"KONV\"; there are CONV, POOL, FULL"));
  EXPECT_EQ(ErrorOf("RELU", {{"", std::int64_t{3}}}), "template RELU: want no number by place");
  EXPECT_EQ(ErrorOf("DROPOUT", {{"rate", 0.5}}),
            "template DROPOUT has no key \"rate\"; there are ratio");
  EXPECT_EQ(ErrorOf("CONV", {{"stride", "two"}}),
            "template CONV: want a whole number or a list of them for stride");
  EXPECT_EQ(ErrorOf("CONV", {{"stride", std::int64_t{0}}}),
            "template CONV: want stride from 1 to 1048576");
  EXPECT_EQ(ErrorOf("CONV", {{"stride", std::int64_t{1}}, {"strides", std::int64_t{1}}}),
            "template CONV: want one strides");
  EXPECT_EQ(ErrorOf("POOL", {{"", "MAX"}, {"", "a"}, {"", "b"}}),
            "template POOL: want at most one kind and one name, got \"b\" too");
  EXPECT_EQ(ErrorOf("CONV", {{"", 2.5}}), "template CONV: want whole numbers by place");
  EXPECT_EQ(ErrorOf("FULL", {{"init", "guess"}}).substr(0, 24), "no initializer \"guess\"; ");
}

MadeNode Made(const NodeTemplate& wanted, NetworkShape shape) {
  auto made = MakeNode(wanted, "new", {"v", DType::kF32, std::move(shape)});
  EXPECT_TRUE(made.ok()) << made.error().message;
  return made.ok() ? std::move(*made) : MadeNode();
}

TEST(MakeNode, LayersWithWeightsGetSeededInitialisers) {
  const MadeNode conv = Made(Template("CONV", {{"", std::int64_t{3}}}), {kUnknownSize, 16, 8, 8});
  EXPECT_EQ(conv.node.op, "Conv");
  ASSERT_EQ(conv.parameters.size(), 2u);
  EXPECT_EQ(conv.parameters[0].name, "new.weight");
  EXPECT_EQ(conv.parameters[0].shape, (NetworkShape{16, 16, 3, 3}));
  EXPECT_EQ(conv.parameters[0].initializer,
            "kaiming(seed=" + std::to_string(SeedOf("new.weight")) + ")");
  EXPECT_EQ(conv.parameters[1].initializer, "zeros");

  const MadeNode full = Made(Template("FULL", {{"units", std::int64_t{5}},
                                               {"init", "normal(0, 0.02)"},
                                               {"seed", std::int64_t{7}}}),
                             {1, 20});
  EXPECT_EQ(full.node.op, "Gemm");
  EXPECT_EQ(full.parameters[0].shape, (NetworkShape{5, 20}));
  EXPECT_EQ(full.parameters[0].initializer, "normal(0, 0.02, seed=7)");

  EXPECT_EQ(Made(Template("NORM"), {1, 6, 2, 2}).parameters.size(), 4u);
  EXPECT_EQ(Made(Template("PRELU"), {1, 6, 2, 2}).parameters[0].shape, (NetworkShape{6, 1, 1}));
  EXPECT_EQ(Made(Template("FULL"), {1, 7, 20}).node.op, "MatMul");
}

TEST(MakeNode, PoolsAndPlainNodes) {
  EXPECT_EQ(Made(Template("POOL", {{"", "GLOBAL"}}), {1, 6, 2, 2}).node.op, "GlobalAveragePool");
  EXPECT_EQ(Made(Template("POOL", {{"", "MAX"}, {"", std::int64_t{2}}}), {1, 6, 2, 2}).node.op,
            "MaxPool");
  EXPECT_EQ(Made(Template("RELU"), {1}).node.op, "Relu");
  EXPECT_EQ(Made(Template("DROPOUT", {{"", 0.3}}), {1}).node.attributes[0].name, "ratio");
}

TEST(MakeNode, SaysWhatIsMissing) {
  const auto error = [](const NodeTemplate& wanted, std::optional<NetworkShape> shape,
                        std::string_view name = "new") {
    const auto made = MakeNode(wanted, name, {"v", DType::kF32, std::move(shape)});
    return made.ok() ? std::string("made") : made.error().message;
  };
  EXPECT_EQ(error(Template("RELU"), std::nullopt, ""),
            "insert: the new node needs a name: RELU(\"NAME\")");
  EXPECT_EQ(error(Template("CONV", {{"", std::int64_t{3}}}), std::nullopt),
            "insert new: CONV has weights, and their size depends on axis 1 of its input, whose "
            "shape is ?");
  EXPECT_EQ(error(Template("CONV"), NetworkShape{1, 3, 8, 8}),
            "insert new: CONV needs a kernel: CONV(\"new\", 3, 3)");
  EXPECT_EQ(error(Template("POOL"), NetworkShape{1, 3, 8, 8}),
            "insert new: POOL needs a kind: \"MAX\", \"AVG\" or \"GLOBAL\"");
  EXPECT_EQ(error(Template("ADD"), NetworkShape{1, 3}),
            "insert new: ADD needs a second input, which an insert cannot give");
  EXPECT_EQ(error(Template("CONV", {{"", std::int64_t{3}}, {"group", std::int64_t{2}}}),
                  NetworkShape{1, 3, 8, 8}),
            "insert new: 3 channels to 3 do not divide into 2 groups");
}

TEST(Initializers, HaveOneForm) {
  const auto form = [](std::string_view text) {
    const auto parsed = ParseInitializer(text);
    return parsed.ok() ? TextOf(*parsed) : parsed.error().message;
  };
  EXPECT_EQ(form("zeros"), "zeros");
  EXPECT_EQ(form(" normal( 0 , 2e-2 ,seed=7 ) "), "normal(0, 0.02, seed=7)");
  EXPECT_EQ(form("kaiming"), "kaiming(seed=0)");
  EXPECT_EQ(form("constant(0.1)"), "constant(0.1)");
  EXPECT_EQ(form("normal(0)"), "initializer \"normal(0)\": want normal(MEAN, DEVIATION, seed=N)");
  EXPECT_EQ(form("normal(0, -1)"), "initializer \"normal(0, -1)\": the deviation is negative");
  EXPECT_EQ(form("uniform(1, 1)"),
            "initializer \"uniform(1, 1)\": the low end is not below the high end");
  EXPECT_EQ(form("normal(0, x)"), "initializer \"normal(0, x)\": got \"x\", want a number");
  EXPECT_EQ(form("normal(0, 1"), "initializer \"normal(0, 1\": want \")\" at the end");
  EXPECT_EQ(form("zeros(seed=3)"), "initializer \"zeros(seed=3)\": want zeros");
}

}  // namespace
}  // namespace dlv::network

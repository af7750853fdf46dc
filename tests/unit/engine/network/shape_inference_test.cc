#include "engine/network/shape_inference.h"

#include <gtest/gtest.h>

#include "tests/unit/engine/network/builder.h"

namespace dlv::network {
namespace {

using Attributes = Builder::Attributes;
using Wholes = std::vector<std::int64_t>;
using Reals = std::vector<double>;

/// One operator on inputs, weights and constants; what its outputs are.
struct Case {
  const char* op;
  /// "[1, 3, 8, 8]" is an input of f32 of that shape, "={2, 3}" a constant list, "" is absent.
  std::vector<std::string> operands;
  Attributes attributes;
  std::string wanted;  ///< shapes of the outputs, or the error behind "node n (Op): "
  std::int64_t opset = 13;
  std::size_t outputs = 1;
  const char* domain = "";
};

Wholes NumbersIn(const std::string& text) {
  Wholes numbers;
  for (std::size_t at = text.find_first_of("-0123456789?"); at != std::string::npos;) {
    numbers.push_back(text[at] == '?' ? kUnknownSize : std::stoll(text.substr(at)));
    at = text.find_first_of(",]}", at);
    at = text.find_first_of("-0123456789?", at);
  }
  return numbers;
}

NetworkOperand OperandFrom(Builder& net, const std::string& text) {
  if (text.empty()) return Builder::Absent();
  if (text[0] == '=') return net.List(NumbersIn(text));
  if (text[0] == '~') {
    std::vector<float> values;
    for (const std::int64_t value : NumbersIn(text))
      values.push_back(static_cast<float>(value) / 2);
    return net.Constant(Builder::Reals(values));
  }
  const std::string name = "x" + std::to_string(net.network().inputs.size());
  if (text == "?") return net.Input(name, std::nullopt);
  return net.Input(name, NumbersIn(text));
}

std::string Infer(const Case& one) {
  Builder net(one.opset);
  std::vector<NetworkOperand> operands;
  for (const std::string& text : one.operands) operands.push_back(OperandFrom(net, text));
  net.Output("y", net.Node("n", one.op, operands, one.attributes, one.outputs));
  Network network = net.Take();
  network.nodes[0].domain = one.domain;
  const Status status = InferShapes(network);
  if (!status.ok()) {
    const std::string prefix = std::string("node n (") + one.op + "): ";
    EXPECT_EQ(status.error().code, ErrorCode::kInvalidArgument);
    EXPECT_TRUE(status.error().message.starts_with(prefix)) << status.error().message;
    return status.error().message.substr(prefix.size());
  }
  std::string text;
  for (const NetworkValue& output : network.nodes[0].outputs) {
    text += (text.empty() ? "" : " ") + ShapeText(output.shape);
  }
  return text;
}

void Check(const std::vector<Case>& cases) {
  for (const Case& one : cases) {
    std::string operands;
    for (const std::string& text : one.operands) operands += text + " ";
    EXPECT_EQ(Infer(one), one.wanted) << one.op << " " << operands;
  }
}

TEST(InferShapes, Convolutions) {
  Check({
      {"Conv", {"[1, 3, 32, 32]", "[8, 3, 3, 3]", "[8]"}, {}, "[1, 8, 30, 30]"},
      {"Conv",
       {"[?, 3, 32, 32]", "[8, 3, 3, 3]"},
       {{"pads", Wholes{1, 1, 1, 1}}, {"strides", Wholes{2, 2}}},
       "[?, 8, 16, 16]"},
      {"Conv", {"[1, 8, 9]", "[8, 1, 3]"}, {{"group", 8L}, {"dilations", Wholes{2}}}, "[1, 8, 5]"},
      {"Conv",
       {"[1, 3, 7, ?]", "[8, 3, 3, 3]"},
       {{"auto_pad", "SAME_UPPER"}, {"strides", Wholes{2, 2}}},
       "[1, 8, 4, ?]"},
      {"Conv", {"[1, 3, 7, 7]", "[8, 3, 3, 3]"}, {{"auto_pad", "VALID"}}, "[1, 8, 5, 5]"},
      {"Conv", {"[1, 3, 7, 7]", "?"}, {{"kernel_shape", Wholes{3, 3}}}, "[1, ?, 5, 5]"},
      {"Conv", {"?", "[8, 3, 3, 3]"}, {}, "[?, 8, ?, ?]"},
      {"Conv",
       {"[1, 32, 8, 8]", "[128, 64, 3, 3]"},
       {},
       "input has 32 channels, want 64 (weight [128, 64, 3, 3], group 1)"},
      {"Conv", {"[1, 3, 8, 8]", "[8, 3, 3, 3]", "[4]"}, {}, "bias [4], want [8]"},
      {"ConvInteger", {"[1, 3, 8, 8]", "[8, 3, 3, 3]", "[]", "[8]"}, {}, "[1, 8, 6, 6]"},
      {"Conv",
       {"[1, 3, 8, 8]", "[8, 3, 3, 3]"},
       {{"kernel_shape", Wholes{5, 5}}},
       "kernel_shape [5, 5], weight [8, 3, 3, 3]"},
      {"Conv",
       {"[1, 3, 2, 2]", "[8, 3, 3, 3]"},
       {},
       "kernel covers 3 on axis 2, padded input has 2 (input [1, 3, 2, 2])"},
      {"Conv",
       {"[1, 3, 8, 8]", "[8, 3, 3, 3]"},
       {{"strides", Wholes{0, 1}}},
       "strides [0, 1], want numbers from 1 to 1073741824"},
      {"Conv",
       {"[1, 3, 8, 8]", "[8, 3, 3, 3]"},
       {{"strides", Wholes{1}}},
       "strides [1], want 2 numbers for input [1, 3, 8, 8]"},
      {"Conv",
       {"[1, 4, 8, 8]", "[7, 2, 3, 3]"},
       {{"group", 2L}},
       "7 channels do not divide into 2 groups"},
      {"Conv",
       {"[1, 3, 8, 8]", "[8, 3, 3]"},
       {},
       "input [1, 3, 8, 8] and weight [8, 3, 3] have different numbers of axes"},
      {"ConvTranspose",
       {"[1, 8, 5, 5]", "[8, 4, 3, 3]"},
       {{"strides", Wholes{2, 2}}},
       "[1, 4, 11, 11]"},
      {"ConvTranspose",
       {"[1, 8, 5, 5]", "[8, 4, 3, 3]"},
       {{"strides", Wholes{2, 2}}, {"pads", Wholes{1, 1, 1, 1}}, {"output_padding", Wholes{1, 1}}},
       "[1, 4, 10, 10]"},
      {"ConvTranspose",
       {"[1, 8, 5, 5]", "[8, 4, 3, 3]"},
       {{"output_shape", Wholes{9, 9}}},
       "[1, 4, 9, 9]"},
      {"ConvTranspose",
       {"[1, 8, 1, 1]", "[8, 4, 1, 1]"},
       {{"pads", Wholes{4, 4, 4, 4}}},
       "output would have the shape [1, 4, -7, -7]"},
  });
}

TEST(InferShapes, Pools) {
  const Attributes two = {{"kernel_shape", Wholes{2, 2}}, {"strides", Wholes{2, 2}}};
  const Attributes three = {
      {"kernel_shape", Wholes{3, 3}}, {"strides", Wholes{2, 2}}, {"ceil_mode", 1L}};
  Attributes padded = three;
  padded.push_back({"pads", Wholes{1, 1, 1, 1}});
  Check({
      {"MaxPool", {"[1, 3, 9, 8]"}, two, "[1, 3, 4, 4]"},
      {"MaxPool", {"[1, 3, 9, 8]"}, two, "[1, 3, 4, 4] [1, 3, 4, 4]", 13, 2},
      {"MaxPool", {"[1, 3, 32, 32]"}, three, "[1, 3, 16, 16]"},  // cifar10_full of Caffe
      {"AveragePool", {"[1, 3, 8, 8]"}, padded, "[1, 3, 5, 5]"},
      {"MaxPool",
       {"[1, 3, 2, 2]"},
       {{"kernel_shape", Wholes{1, 1}},
        {"strides", Wholes{2, 2}},
        {"pads", Wholes{1, 1, 1, 1}},
        {"ceil_mode", 1L}},
       "[1, 3, 2, 2]"},  // a third window would begin in the padding
      {"GlobalAveragePool", {"[?, 64, 7, 7]"}, {}, "[?, 64, 1, 1]"},
      {"MaxPool", {"[1, 3, 8, 8]"}, {}, "has no kernel_shape"},
      {"MaxPool", {"[1, 3]"}, two, "input [1, 3], want at least 3 axes"},
  });
}

TEST(InferShapes, Products) {
  Check({
      {"Gemm", {"[?, 64]", "[10, 64]", "[10]"}, {{"transB", 1L}}, "[?, 10]"},
      {"Gemm", {"[64, 5]", "[64, 10]"}, {{"transA", 1L}}, "[5, 10]"},
      {"Gemm", {"[1, 32]", "[64, 10]"}, {}, "input has 32 features, want 64 (weight [64, 10])"},
      {"Gemm", {"[1, 3, 8]", "[8, 4]"}, {}, "input [1, 3, 8], want 2 axes"},
      {"Gemm", {"[1, 8]", "[8, 4]", "[5]"}, {}, "bias [5] does not broadcast to [1, 4]"},
      {"MatMul", {"[2, 1, 3, 4]", "[5, 4, 6]"}, {}, "[2, 5, 3, 6]"},
      {"MatMul", {"[4]", "[4, 6]"}, {}, "[6]"},
      {"MatMul", {"[3, 4]", "[4]"}, {}, "[3]"},
      {"MatMul", {"[3, 4]", "[5, 6]"}, {}, "factors [3, 4] and [5, 6]: 4 columns, want 5"},
      {"Einsum", {"[2, 3, 4]", "[2, 5, 4]"}, {{"equation", "bij, bkj -> bik"}}, "[2, 3, 5]"},
      {"Einsum", {"[2, 3]", "[4, 5]"}, {{"equation", "ij,jk->ik"}}, "axis 'j' is 3 and 4"},
  });
}

TEST(InferShapes, ElementByElement) {
  Check({
      {"Relu", {"[?, 3]"}, {}, "[?, 3]"},
      {"Add", {"[?, 3, 8, 8]", "[3, 1, 1]"}, {}, "[?, 3, 8, 8]"},
      {"Add", {"[1, 3]", "[1, 4]"}, {}, "operands [1, 3] and [1, 4] do not broadcast"},
      {"Mul", {"[?, 1]", "[4]"}, {}, "[?, 4]"},
      {"Mul", {"[?]", "[4]"}, {}, "[4]"},
      {"Sum", {"[2, 1]", "[3]", "[1, 1, 1]"}, {}, "[1, 2, 3]"},
      {"Where", {"[2, 1]", "[3]", "[1]"}, {}, "[2, 3]"},
      {"PRelu", {"[1, 3, 8, 8]", "[3]"}, {}, "[1, 3, 8, 8]"},
      {"PRelu",
       {"[1, 3, 8, 8]", "[5, 1, 1]"},
       {},
       "slope [5, 1, 1] does not broadcast to input [1, 3, 8, 8]"},
      {"BatchNormalization", {"[1, 3, 8, 8]", "[3]", "[3]", "[3]", "[3]"}, {}, "[1, 3, 8, 8]"},
      {"BatchNormalization",
       {"[1, 3, 8, 8]", "[3]", "[4]", "[3]", "[3]"},
       {},
       "operand 2 [4], want [3] for input [1, 3, 8, 8]"},
      {"LayerNormalization", {"[2, 5, 8]", "[8]", "[8]"}, {}, "[2, 5, 8]", 17},
      {"Softmax", {"[2, 5]"}, {{"axis", 2L}}, "axis 2, want -2 to 1"},
      {"Dropout", {"[2, 5]"}, {}, "[2, 5] [2, 5]", 13, 2},
      {"Unheard", {"[2, 5]"}, {}, "?"},
  });
}

TEST(InferShapes, LayersOfCaffe) {
  const auto caffe = [](const char* op, std::vector<std::string> operands, Attributes attributes,
                        const char* wanted) {
    return Case{op, std::move(operands), std::move(attributes), wanted, 13, 1, "caffe"};
  };
  Check({
      caffe("BatchNorm", {"[?, 8, 5, 5]", "[8]", "[8]", "[1]"}, {}, "[?, 8, 5, 5]"),
      caffe("BatchNorm", {"[?, 8, 5, 5]", "[1, 1, 1, 8]", "[1, 1, 1, 8]", "[1, 1, 1, 1]"}, {},
            "[?, 8, 5, 5]"),
      caffe("BatchNorm", {"[2, 8, 5, 5]", "[8]", "[7]", "[1]"}, {},
            "operand 2 [7], want 8 elements for input [2, 8, 5, 5]"),
      caffe("BatchNorm", {"[2, 8, 5, 5]", "[8]", "[8]", "[2]"}, {},
            "operand 3 [2], want 1 elements for input [2, 8, 5, 5]"),
      caffe("BatchNorm", {"[8]", "[8]", "[8]", "[1]"}, {}, "input [8], want at least 2 axes"),
      caffe("Scale", {"[2, 8, 5, 5]", "[8]", "[8]"}, {}, "[2, 8, 5, 5]"),
      caffe("Scale", {"[2, 8, 5, 5]", "[2, 8]"}, {{"axis", std::int64_t{0}}}, "[2, 8, 5, 5]"),
      caffe("Scale", {"[2, 8, 5, 5]", "[8]", "[5]"}, {},
            "bias [5] does not fit the axes of input [2, 8, 5, 5] from 1 on"),
      caffe("Bias", {"[2, 8, 5, 5]", "[5]"}, {{"axis", std::int64_t{3}}}, "[2, 8, 5, 5]"),
      caffe("Bias", {"[2, 8]", "[8, 1]"}, {},
            "factor [8, 1] does not fit the axes of input [2, 8] from 1 on"),
      caffe("Eltwise", {"[?, 8, 5, 5]", "[2, 8, 5, 5]"}, {}, "[?, 8, 5, 5]"),
      caffe("Eltwise", {"[2, 8, 5, 5]", "[2, 8, 5]"}, {},
            "operand 1 [2, 8, 5], want the shape of operand 0 [2, 8, 5, 5]"),
      caffe("LRN", {"[2, 8, 5, 5]"}, {}, "[2, 8, 5, 5]"),
      caffe("Power", {"[2, 8]"}, {}, "[2, 8]"),
  });
}

TEST(InferShapes, Layout) {
  Check({
      {"Reshape", {"[2, 3, 4]", "={0, -1}"}, {}, "[2, 12]"},
      {"Reshape", {"[?, 3, 4]", "={0, -1}"}, {}, "[?, 12]"},
      {"Reshape", {"[?, 3, 4]", "={-1, 12}"}, {}, "[?, 12]"},
      {"Reshape", {"[2, 3, 4]", "={5, -1}"}, {}, "cannot reshape [2, 3, 4] to [5, ?]"},
      {"Reshape", {"[2, 3]", "={7}"}, {}, "cannot reshape [2, 3] to [7]"},
      {"Reshape", {"[2, 3]", "={-1, -1}"}, {}, "target [?, ?] has two -1"},
      {"Reshape", {"[2, 3]", "={-5}"}, {}, "target has size -5 at axis 0"},
      {"Reshape", {"[2, 3]", "={2, 3, 0}"}, {}, "target has 0 at axis 2, input [2, 3]"},
      {"Reshape", {"[0, 3]", "={0, 3}"}, {{"allowzero", 1L}}, "[0, 3]"},
      {"Flatten", {"[?, 3, 4, 5]"}, {}, "[?, 60]"},
      {"Flatten", {"[2, 3, 4]"}, {{"axis", -1L}}, "[6, 4]"},
      {"Transpose", {"[2, 3, 4]"}, {}, "[4, 3, 2]"},
      {"Transpose", {"[2, 3, 4]"}, {{"perm", Wholes{0, 2, 1}}}, "[2, 4, 3]"},
      {"Transpose",
       {"[2, 3]"},
       {{"perm", Wholes{0, 0}}},
       "perm [0, 0] is no order of the axes of input [2, 3]"},
      {"Concat", {"[1, 3, 8]", "[1, 5, 8]"}, {{"axis", 1L}}, "[1, 8, 8]"},
      {"Concat", {"[1, 3, 8]", "[1, ?, 8]"}, {{"axis", -2L}}, "[1, ?, 8]"},
      {"Concat",
       {"[1, 3, 8]", "[1, 3, 9]"},
       {{"axis", 1L}},
       "input 1 [1, 3, 9] does not go with input 0 [1, 3, 8] along axis 1"},
      {"Squeeze", {"[1, 3, 1]"}, {}, "[3]"},
      {"Squeeze", {"[1, 3, 1]", "={-1}"}, {}, "[1, 3]"},
      {"Squeeze", {"[1, 3]"}, {{"axes", Wholes{1}}}, "cannot drop axis 1 of input [1, 3]", 11},
      {"Unsqueeze", {"[3, 4]", "={0, 3}"}, {}, "[1, 3, 4, 1]"},
      {"Expand", {"[3, 1]", "={2, 1, 4}"}, {}, "[2, 3, 4]"},
      {"Tile", {"[2, ?]", "={3, 2}"}, {}, "[6, ?]"},
      {"Tile",
       {"[2]", "={4611686018427387904}"},
       {},
       "output would have the shape [9223372036854775807]"},
      {"DepthToSpace", {"[1, 12, 2, 2]"}, {{"blocksize", 2L}}, "[1, 3, 4, 4]"},
      {"SpaceToDepth", {"[1, 3, 4, 4]"}, {{"blocksize", 2L}}, "[1, 12, 2, 2]"},
  });
}

TEST(InferShapes, Parts) {
  Check({
      {"Slice", {"[10, 20]", "={1}", "={-1}", "={1}"}, {}, "[10, 18]"},
      {"Slice", {"[10]", "={-1}", "={-9223372036854775808}", "={0}", "={-2}"}, {}, "[5]"},
      {"Slice", {"[?, 8]", "={0}", "={9223372036854775807}", "={0}"}, {}, "[?, 8]"},
      {"Slice", {"[10]"}, {{"starts", Wholes{2}}, {"ends", Wholes{100}}}, "[8]", 9},
      {"Slice", {"[10]", "={0}", "={5}", "={0}", "={0}"}, {}, "step 0"},
      {"Split", {"[2, 9]"}, {{"axis", 1L}}, "[2, 3] [2, 3] [2, 3]", 13, 3},
      {"Split", {"[2, 9]", "={4, 5}"}, {{"axis", 1L}}, "[2, 4] [2, 5]", 13, 2},
      {"Split",
       {"[2, 9]", "={4, 4}"},
       {{"axis", 1L}},
       "sizes sum to 8, input [2, 9] has 9 on axis 1",
       13,
       2},
      {"Pad", {"[1, 3, 8, 8]", "={0, 0, 1, 2, 0, 0, 3, 4}"}, {}, "[1, 3, 12, 14]"},
      {"Pad", {"[1, 8]"}, {{"pads", Wholes{0, -2, 0, -2}}}, "[1, 4]", 9},
      {"Pad", {"[1, 8]", "[4]"}, {}, "[?, ?]"},
      {"Pad", {"[1, 8]", "={1}"}, {}, "1 pads, want 4 for input [1, 8]"},
      {"Gather", {"[10, 20]", "[3, 4]"}, {{"axis", 1L}}, "[10, 3, 4]"},
      {"GatherND", {"[2, 3, 4]", "[5, 2]"}, {}, "[5, 4]"},
      {"Resize", {"[1, 3, 8, 8]", "", "~{2, 2, 4, 3}"}, {}, "[1, 3, 16, 12]"},
      {"Resize", {"[1, 3, 8, 8]", "", "", "={1, 3, 20, 21}"}, {}, "[1, 3, 20, 21]"},
      {"Upsample", {"[1, 3, 8, 8]"}, {{"scales", Reals{1, 1, 2, 2}}}, "[1, 3, 16, 16]", 7},
      {"Upsample", {"[1, 3, 8, 8]", "~{2, 2, 4, 4}"}, {}, "[1, 3, 16, 16]", 9},
      {"OneHot", {"[2, 3]", "={10}", "[2]"}, {}, "[2, 3, 10]"},
  });
}

TEST(InferShapes, ReductionsAndSources) {
  Check({
      {"ReduceMean", {"[1, 64, 7, 7]"}, {{"axes", Wholes{2, 3}}}, "[1, 64, 1, 1]"},
      {"ReduceMean", {"[1, 64, 7]"}, {{"axes", Wholes{-1}}, {"keepdims", 0L}}, "[1, 64]"},
      {"ReduceSum", {"[2, 3]", "={0}"}, {}, "[1, 3]"},
      {"ReduceMax", {"[2, 3]"}, {{"keepdims", 0L}}, "[]"},
      {"ArgMax", {"[2, 3]"}, {{"axis", 1L}, {"keepdims", 0L}}, "[2]"},
      {"TopK", {"[2, 30]", "={5}"}, {}, "[2, 5] [2, 5]", 13, 2},
      {"Shape", {"[2, ?]"}, {}, "[2]"},
      {"Cast", {"[2]"}, {{"to", 7L}}, "[2]"},
      {"Cast", {"[2]"}, {}, "has no type to cast to"},
      {"ConstantOfShape", {"={2, 3}"}, {}, "[2, 3]"},
      {"Range", {"={2}", "={11}", "={3}"}, {}, "[3]"},
      {"LSTM",
       {"[5, 1, 10]", "[2, 80, 10]", "[2, 80, 20]"},
       {{"hidden_size", 20L}, {"direction", "bidirectional"}},
       "[5, 2, 1, 20] [2, 1, 20] [2, 1, 20]",
       13,
       3},
      {"GRU",
       {"[5, ?, 10]", "[1, 60, 10]", "[1, 60, 20]"},
       {{"hidden_size", 20L}},
       "[5, 1, ?, 20]"},
      {"LSTM",
       {"[5, 1, 9]", "[1, 80, 10]", "[1, 80, 20]"},
       {},
       "input has 9 features, want 10 (weight [1, 80, 10])"},
  });
}

TEST(InferShapes, TypesFollow) {
  Builder net;
  const auto x = net.Input("x", NetworkShape{2, 3});
  net.Node("a", "Cast", {x}, {{"to", std::int64_t{10}}});
  net.Node("b", "Equal", {x, x});
  net.Node("c", "ArgMax", {x});
  net.Node("d", "QuantizeLinear", {x, x});
  Network network = net.Take();
  ASSERT_TRUE(InferShapes(network).ok());
  EXPECT_EQ(network.nodes[0].outputs[0].dtype, DType::kF16);
  EXPECT_EQ(network.nodes[1].outputs[0].dtype, DType::kBool);
  EXPECT_EQ(network.nodes[2].outputs[0].dtype, DType::kI64);
  EXPECT_EQ(network.nodes[3].outputs[0].dtype, DType::kU8);
}

TEST(InferShapes, DeclaredShapesFillAndAreContradicted) {
  Builder net;
  const auto x = net.Input("x", NetworkShape{kUnknownSize, 3});
  net.Node("a", "Relu", {x});
  net.Node("b", "Unheard", {x});
  net.Node("c", "Relu", {x});
  net.network().nodes[0].outputs[0].shape = NetworkShape{5, 3};
  net.network().nodes[1].outputs[0].shape = NetworkShape{7};
  net.network().nodes[2].outputs[0].shape = NetworkShape{5, 4};
  Network network = net.Take();
  std::vector<std::string> warnings;
  ASSERT_TRUE(InferShapes(network, &warnings).ok());
  EXPECT_EQ(network.nodes[0].outputs[0].shape, (NetworkShape{5, 3}));
  EXPECT_EQ(network.nodes[1].outputs[0].shape, NetworkShape{7});
  EXPECT_EQ(network.nodes[2].outputs[0].shape, (NetworkShape{kUnknownSize, 3}));
  EXPECT_EQ(warnings,
            std::vector<std::string>{"node c (Relu): the file says [5, 4], inferred [?, 3]"});
}

Network Branch(std::int64_t width) {
  Builder body;
  body.Output("y", body.Node("b", "Pad", {Builder::Outer("x"), body.List({0, width})}));
  return body.Take();
}

TEST(InferShapes, BranchesThatAgree) {
  for (const std::int64_t other : {3, 4}) {
    Builder net;
    net.Input("x", NetworkShape{5});
    const auto condition = net.Input("flag", NetworkShape{}, DType::kBool);
    net.Output("y", net.Node("if", "If", {condition},
                             {{"then_branch", std::make_shared<const Network>(Branch(3))},
                              {"else_branch", std::make_shared<const Network>(Branch(other))}}));
    Network network = net.Take();
    ASSERT_TRUE(InferShapes(network).ok());
    EXPECT_EQ(ShapeText(network.nodes[0].outputs[0].shape), other == 3 ? "[8]" : "[?]");
  }
}

TEST(InferShapes, AWholeClassifier) {
  Network network = SmallClassifier();
  ASSERT_TRUE(InferShapes(network).ok());
  const auto shape = [&](std::size_t node) {
    return ShapeText(network.nodes[node].outputs[0].shape);
  };
  EXPECT_EQ(shape(2), "[?, 8, 16, 16]");
  EXPECT_EQ(shape(7), "[?, 1024]");
  EXPECT_EQ(shape(9), "[?, 10]");
}

}  // namespace
}  // namespace dlv::network

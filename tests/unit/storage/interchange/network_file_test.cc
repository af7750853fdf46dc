// Networks of ONNX files: graphs built field by field, and what must be refused.

#include "storage/interchange/network_file.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>

#include "storage/interchange/network_readers.h"
#include "tests/unit/storage/interchange/test_files.h"
#include "tests/unit/storage/interchange/wire_writer.h"

namespace dlv::interchange {
namespace {

using Message = WireMessage;
using Names = std::vector<std::string>;

constexpr std::uint64_t kFloatType = 1, kInt64Type = 7;

Message Tensor(const std::string& name, std::uint64_t type, const std::vector<std::uint64_t>& dims,
               const Bytes& raw) {
  Message tensor;
  for (const std::uint64_t extent : dims) tensor.Varint(1, extent);
  return tensor.Varint(2, type).Text(8, name).Data(9, raw);
}

Message Weights(const std::string& name, const std::vector<std::uint64_t>& dims) {
  std::size_t count = 1;
  for (const std::uint64_t extent : dims) count *= extent;
  return Tensor(name, kFloatType, dims, Bytes(4 * count));
}

Message NamedNode(const std::string& op, const Names& inputs, const Names& outputs,
                  const std::vector<Message>& attributes = {}) {
  Message node;
  for (const std::string& input : inputs) node.Text(1, input);
  for (const std::string& output : outputs) node.Text(2, output);
  node.Text(3, "n_" + op).Text(4, op);
  for (const Message& attribute : attributes) node.Message(5, attribute);
  return node;
}

Message Value(const std::string& name, const std::vector<std::int64_t>& dims) {
  Message shape;
  for (const std::int64_t size : dims) {
    Message dim;
    size < 0 ? dim.Text(2, "N") : dim.Varint(1, static_cast<std::uint64_t>(size));
    shape.Message(1, dim);
  }
  const Message tensor = Message().Varint(1, kFloatType).Message(2, shape);
  return Message().Text(1, name).Message(2, Message().Message(1, tensor));
}

Bytes ModelBytes(const Message& graph) {
  Message model;
  model.Varint(1, 8).Message(7, graph);
  return model.Message(8, Message().Varint(2, 13)).bytes();
}

Result<std::optional<Network>> Read(const Bytes& bytes, std::string_view name = "net.onnx") {
  const auto file = io::MakeViewSource(bytes);
  return ReadNetworkFile(*file, name);
}

Network ReadGood(const Bytes& bytes, std::string_view name = "net.onnx") {
  auto network = Read(bytes, name);
  EXPECT_TRUE(network.ok()) << (network.ok() ? "" : network.error().message);
  if (!network.ok() || !network->has_value()) {
    ADD_FAILURE() << "no network";
    return {};
  }
  return std::move(**network);
}

void ExpectError(const Result<std::optional<Network>>& result, ErrorCode code,
                 const std::string& part) {
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().code, code);
  EXPECT_NE(result.error().message.find(part), std::string::npos) << result.error().message;
}

const AttributeValue* Find(const NetworkNode& node, const std::string& name) {
  for (const NetworkAttribute& attribute : node.attributes) {
    if (attribute.name == name) return &attribute.value;
  }
  return nullptr;
}

TEST(OnnxNetwork, KnowsInputsParametersAndShapes) {
  Message graph;
  graph.Text(2, "g").Message(5, Weights("w", {8, 3, 3, 3}));
  graph.Message(11, Value("x", {-1, 3, 32, 32})).Message(11, Value("w", {8, 3, 3, 3}));
  graph.Message(12, Value("y", {-1, 8, 30, 30}));
  graph.Message(1,
                NamedNode("Conv", {"x", "w", ""}, {"y"},
                          {Message().Text(1, "kernel_shape").PackedVarints(8, {3, 3}).Varint(20, 7),
                           Message().Text(1, "auto_pad").Text(3, "VALID").Varint(20, 3)}));
  const Network network = ReadGood(ModelBytes(graph));
  EXPECT_EQ(network.name, "g");
  EXPECT_EQ(network.operator_sets, (std::vector<std::pair<std::string, std::int64_t>>{{"", 13}}));
  ASSERT_EQ(network.inputs.size(), 1u);  // an initializer is no input
  EXPECT_EQ(network.inputs[0].shape, (NetworkShape{kUnknownSize, 3, 32, 32}));
  ASSERT_EQ(network.parameters.size(), 1u);
  EXPECT_EQ(network.parameters[0].shape, (NetworkShape{8, 3, 3, 3}));
  ASSERT_EQ(network.nodes.size(), 1u);
  const NetworkNode& node = network.nodes[0];
  EXPECT_EQ(node.original_name, "n_Conv");
  ASSERT_EQ(node.operands.size(), 2u);  // what is left out at the end is not there
  EXPECT_EQ(node.operands[1].kind, OperandKind::kParameter);
  EXPECT_EQ(node.attributes[0].name, "auto_pad");
  EXPECT_EQ(*Find(node, "kernel_shape"), AttributeValue(std::vector<std::int64_t>{3, 3}));
  EXPECT_EQ(node.outputs[0].shape, (NetworkShape{kUnknownSize, 8, 30, 30}));
  ASSERT_EQ(network.outputs.size(), 1u);
  EXPECT_EQ(network.outputs[0].source.kind, OperandKind::kNode);
}

TEST(OnnxNetwork, ShapesAreConstantsAndLargeConstantsAreParameters) {
  Bytes shape(16);
  shape[0] = static_cast<std::byte>(2);
  Message graph;
  graph.Message(5, Tensor("target", kInt64Type, {2}, shape)).Message(5, Weights("scales", {4}));
  graph.Message(5, Weights("bias", {4}));
  graph.Message(11, Value("x", {2, 4}));
  graph.Message(1, NamedNode("Constant", {}, {"big"},
                             {Message().Text(1, "value").Message(5, Weights("", {100}))}));
  graph.Message(1, NamedNode("Constant", {}, {"small"},
                             {Message().Text(1, "value").Message(5, Weights("", {10}))}));
  graph.Message(1,
                NamedNode("Constant", {}, {"one"}, {Message().Text(1, "value_int").Varint(3, 1)}));
  graph.Message(1, NamedNode("Reshape", {"x", "target"}, {"r"}));
  graph.Message(1, NamedNode("Resize", {"r", "", "scales"}, {"s"}));
  graph.Message(1, NamedNode("Mix", {"s", "bias", "big", "small", "one"}, {"y"}));
  graph.Message(12, Value("y", {}));
  const Network network = ReadGood(ModelBytes(graph));
  ASSERT_EQ(network.parameters.size(), 2u);
  EXPECT_EQ(network.parameters[0].name, "bias");
  EXPECT_EQ(network.parameters[1].name, "big");  // as the tensor is called
  ASSERT_EQ(network.constants.size(), 4u);
  EXPECT_EQ(network.constants[0].bytes, shape);
  EXPECT_EQ(network.constants[3].dtype, DType::kI64);
  EXPECT_TRUE(network.constants[3].shape.empty());
  const NetworkNode& mix = network.nodes.back();
  EXPECT_EQ(mix.operands[2].kind, OperandKind::kParameter);
  EXPECT_EQ(mix.operands[3].kind, OperandKind::kConstant);
}

TEST(OnnxNetwork, ParametersAreCalledAsTheTensorsAre) {
  const auto branch = [](std::uint64_t size) {
    return Message()
        .Message(5, Weights("w", {size}))
        .Message(1, NamedNode("Add", {"x", "w"}, {"z"}))
        .Message(12, Value("z", {}));
  };
  Message graph;
  graph.Message(11, Value("x", {8})).Message(11, Value("c", {}));
  graph.Message(1,
                NamedNode("If", {"c"}, {"y"},
                          {Message().Text(1, "then_branch").Message(6, branch(8)).Varint(20, 5),
                           Message().Text(1, "else_branch").Message(6, branch(1)).Varint(20, 5)}));
  graph.Message(5, Weights("w", {3})).Message(12, Value("y", {}));
  const Bytes bytes = ModelBytes(graph);
  const Network network = ReadGood(bytes);
  const auto described = DescribeBytes(*io::MakeViewSource(bytes), "net.onnx");
  ASSERT_TRUE(described.ok());
  Names tensors, parameters;
  for (const auto& tensor : described->tensors) tensors.push_back(tensor.name);
  for (const NetworkParameter& parameter : network.parameters) parameters.push_back(parameter.name);
  for (const char* name : {"then_branch", "else_branch"}) {
    const auto& body = *std::get<std::shared_ptr<const Network>>(*Find(network.nodes[0], name));
    parameters.push_back(body.parameters.at(0).name);
    EXPECT_EQ(body.nodes[0].operands[0].kind, OperandKind::kOuter);
    EXPECT_EQ(body.nodes[0].operands[0].name, "x");
  }
  std::sort(tensors.begin(), tensors.end());
  std::sort(parameters.begin(), parameters.end());
  EXPECT_EQ(parameters, tensors);  // w, w~2, w~3
}

TEST(OnnxNetwork, SubgraphsReadConstantsAndGiveOuterValues) {
  const Message body = Message().Message(12, Value("outer", {}));
  const Message other =
      Message().Message(1, NamedNode("Add", {"outer", "k"}, {"z"})).Message(12, Value("z", {}));
  Message graph;
  graph.Message(11, Value("x", {8})).Message(11, Value("c", {}));
  graph.Message(1, NamedNode("If", {"c"}, {"y"},
                             {Message().Text(1, "then_branch").Message(6, body),
                              Message().Text(1, "else_branch").Message(6, other)}));
  graph.Message(1, NamedNode("Relu", {"x"}, {"outer"}));  // after its reader
  graph.Message(1,
                NamedNode("Constant", {}, {"k"}, {Message().Text(1, "value_float").Fixed32(2, 2)}));
  graph.Message(12, Value("y", {}));
  const Network network = ReadGood(ModelBytes(graph));
  ASSERT_EQ(network.nodes.size(), 2u);
  EXPECT_EQ(network.nodes[0].op, "Relu");
  const NetworkNode& branch = network.nodes[1];
  const auto& then = *std::get<std::shared_ptr<const Network>>(*Find(branch, "then_branch"));
  ASSERT_EQ(then.nodes.size(), 1u);
  EXPECT_EQ(then.nodes[0].op, "Identity");
  const auto& otherwise = *std::get<std::shared_ptr<const Network>>(*Find(branch, "else_branch"));
  ASSERT_EQ(otherwise.constants.size(), 1u);
  EXPECT_EQ(otherwise.nodes[0].operands[1].kind, OperandKind::kConstant);
}

TEST(OnnxNetwork, KeepsAttributesOfAllKinds) {
  const Message type = Message().Message(1, Message().Varint(1, kFloatType));
  const Message sparse = Message()
                             .Message(1, Weights("", {2}))
                             .Message(2, Tensor("", kInt64Type, {2}, Bytes(16)))
                             .PackedVarints(3, {10});
  const Message graph =
      Message()
          .Message(11, Value("x", {1}))
          .Message(1, NamedNode("Op", {"x"}, {"y"},
                                {Message().Text(1, "f").Fixed32(2, 0.5F),
                                 Message().Text(1, "i").Varint(3, static_cast<std::uint64_t>(-3)),
                                 Message().Text(1, "s").Text(4, "text"),
                                 Message().Text(1, "fs").Packed<float>(7, {1, 2}),
                                 Message().Text(1, "one").Fixed32(7, 7),
                                 Message().Text(1, "ss").Text(9, "a").Text(9, "b"),
                                 Message().Text(1, "none").Varint(20, 7),
                                 Message().Text(1, "t").Message(5, Weights("", {1})),
                                 Message()
                                     .Text(1, "ts")
                                     .Message(10, Weights("", {1}))
                                     .Message(10, Weights("", {2})),
                                 Message().Text(1, "gs").Message(11, Message()),
                                 Message().Text(1, "sparse").Message(22, sparse),
                                 Message().Text(1, "type").Message(14, type)}))
          .Message(12, Value("y", {}));
  const Network network = ReadGood(ModelBytes(graph));
  const NetworkNode& node = network.nodes.at(0);
  EXPECT_EQ(*Find(node, "f"), AttributeValue(0.5));
  EXPECT_EQ(*Find(node, "i"), AttributeValue(std::int64_t{-3}));
  EXPECT_EQ(*Find(node, "s"), AttributeValue(std::string("text")));
  EXPECT_EQ(*Find(node, "fs"), AttributeValue(std::vector<double>{1, 2}));
  EXPECT_EQ(*Find(node, "one"), AttributeValue(std::vector<double>{7}));
  EXPECT_EQ(*Find(node, "ss"), AttributeValue(Names{"a", "b"}));
  EXPECT_EQ(*Find(node, "none"), AttributeValue(std::vector<std::int64_t>{}));
  EXPECT_EQ(std::get<NetworkConstant>(*Find(node, "t")).shape, NetworkShape{1});
  EXPECT_EQ(std::get<NetworkConstant>(*Find(node, "ts[1]")).shape, NetworkShape{2});
  EXPECT_NE(Find(node, "gs[0]"), nullptr);
  EXPECT_EQ(*Find(node, "sparse.dims"), AttributeValue(std::vector<std::int64_t>{10}));
  EXPECT_EQ(*Find(node, "type"), AttributeValue(Names{"tensor(f32)"}));
}

TEST(OnnxNetwork, RefusesBrokenGraphs) {
  const auto graph_of = [](const std::vector<Message>& nodes) {
    Message graph;
    graph.Message(11, Value("x", {1}));
    for (const Message& node : nodes) graph.Message(1, node);
    return ModelBytes(graph.Message(12, Value("y", {})));
  };
  ExpectError(Read(graph_of({NamedNode("A", {"b"}, {"y"}), NamedNode("B", {"y"}, {"b"})})),
              ErrorCode::kCorruption, "a cycle through or before node 'n_A'");
  ExpectError(Read(graph_of({NamedNode("A", {"nowhere"}, {"y"})})), ErrorCode::kCorruption,
              "node 'n_A' reads 'nowhere', which nothing makes");
  ExpectError(Read(graph_of({})), ErrorCode::kCorruption, "an output reads 'y'");
  ExpectError(Read(graph_of({NamedNode("A", {"x"}, {"y"}), NamedNode("B", {"x"}, {"y"})})),
              ErrorCode::kCorruption, "'y' is made twice");
  ExpectError(Read(graph_of({NamedNode("", {"x"}, {"y"})})), ErrorCode::kCorruption,
              "without an operator");
}

TEST(OnnxNetwork, RefusesLyingLengthsAndDepth) {
  ExpectError(Read(Message().Varint(1, 8).Lie(7, 1u << 20).bytes()), ErrorCode::kCorruption,
              "onnx, offset");
  Message inner = Message().Message(12, Value("x", {}));
  for (int i = 0; i < 40; ++i) {
    const Message attribute = Message().Text(1, "body").Message(6, inner);
    inner = Message().Message(1, NamedNode("Loop", {}, {"y" + std::to_string(i)}, {attribute}));
  }
  ExpectError(Read(ModelBytes(inner)), ErrorCode::kUnsafe, "");
}

TEST(OnnxNetwork, EveryCutIsAnErrorOrANetwork) {
  Message graph;
  graph.Message(5, Weights("w", {3})).Message(11, Value("x", {3}));
  graph.Message(1, NamedNode("Add", {"x", "w"}, {"y"}, {Message().Text(1, "a").Fixed32(2, 1)}));
  const Bytes bytes = ModelBytes(graph.Message(12, Value("y", {3})));
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    const auto network =
        Read(Bytes(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size)));
    EXPECT_TRUE(network.ok() || !network.error().message.empty());
  }
}

TEST(NetworkFile, OtherFilesHaveNone) {
  EXPECT_FALSE(MayHoldNetwork("model.pt", "pytorch-zip"));
  EXPECT_FALSE(MayHoldNetwork("notes.txt", "blob"));
  EXPECT_TRUE(MayHoldNetwork("x.prototxt", "blob"));
  const auto solver = Read(ToBytes("base_lr: 0.1\nmax_iter: 10\n"), "solver.prototxt");
  ASSERT_TRUE(solver.ok());
  EXPECT_FALSE(solver->has_value());
}

TEST(NetworkFile, OrderIsStable) {
  EXPECT_EQ(OrderNodes({{}, {3}, {}, {0}}), (std::vector<std::uint32_t>{0, 2, 3, 1}));
  EXPECT_EQ(OrderNodes({{1}, {0}, {}}), (std::vector<std::uint32_t>{2}));
  EXPECT_EQ(OrderNodes({{0}}), (std::vector<std::uint32_t>{}));
}

}  // namespace
}  // namespace dlv::interchange

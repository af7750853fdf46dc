// Networks of Caffe's prototxt and caffemodel files.

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>

#include "storage/interchange/network_file.h"
#include "tests/unit/storage/interchange/test_files.h"
#include "tests/unit/storage/interchange/wire_writer.h"

namespace dlv::interchange {
namespace {

using Message = WireMessage;

Result<std::optional<Network>> Read(std::string_view text, std::string_view name = "x.prototxt") {
  const auto file = io::MakeBufferSource(ToBytes(text));
  return ReadNetworkFile(*file, name);
}

Network ReadGood(std::string_view text) {
  auto network = Read(text);
  EXPECT_TRUE(network.ok()) << (network.ok() ? "" : network.error().message);
  if (!network.ok() || !network->has_value()) {
    ADD_FAILURE() << "no network";
    return {};
  }
  return std::move(**network);
}

const NetworkNode& NodeOf(const Network& network, const std::string& name) {
  for (const NetworkNode& node : network.nodes) {
    if (node.original_name == name) return node;
  }
  ADD_FAILURE() << "no node " << name;
  static const NetworkNode kNone;
  return kNone;
}

AttributeValue Get(const NetworkNode& node, const std::string& name) {
  for (const NetworkAttribute& attribute : node.attributes) {
    if (attribute.name == name) return attribute.value;
  }
  return std::string("(missing)");
}

NetworkShape Ints(std::initializer_list<std::int64_t> values) { return values; }

constexpr std::string_view kNet = R"(
name: "tiny"
layer { name: "data" type: "Data" top: "data" top: "label" include { phase: TRAIN }
        transform_param { crop_size: 64 } }
layer { name: "data" type: "Input" top: "data" include { phase: TEST }
        input_param { shape { dim: 1 dim: 3 dim: 32 dim: 32 } } }
layer { name: "conv1" type: "Convolution" bottom: "data" top: "conv1"
        param { lr_mult: 1 decay_mult: 1 } param { lr_mult: 2 decay_mult: 0 }
        convolution_param { num_output: 8 kernel_size: 5 pad: 2 stride: 1 group: 1 } }
layer { name: "relu1" type: "ReLU" bottom: "conv1" top: "conv1" }
layer { name: "pool1" type: "Pooling" bottom: "conv1" top: "pool1"
        pooling_param { pool: AVE kernel_size: 3 stride: 2 } }
layer { name: "norm1" type: "LRN" bottom: "pool1" top: "norm1"
        lrn_param { local_size: 3 norm_region: WITHIN_CHANNEL } }
layer { name: "odd" type: "Interp" bottom: "norm1" top: "odd" interp_param { height: 9 mode: FAST } }
layer { name: "fc" type: "InnerProduct" bottom: "pool1" top: "fc"
        inner_product_param { num_output: 10 } }
layer { name: "drop" type: "Dropout" bottom: "fc" top: "fc" dropout_param { dropout_ratio: 0.4 } }
layer { name: "fc2" type: "InnerProduct" bottom: "fc" top: "fc2"
        inner_product_param { num_output: 2 bias_term: false } }
layer { name: "quiet" type: "Silence" bottom: "odd" }
)";

TEST(CaffeNetwork, MapsLayersToOperators) {
  const Network network = ReadGood(kNet);
  EXPECT_EQ(network.name, "tiny");
  ASSERT_EQ(network.inputs.size(), 1u);
  EXPECT_EQ(network.inputs[0].shape, Ints({1, 3, 32, 32}));
  const NetworkNode& conv = NodeOf(network, "conv1");
  EXPECT_EQ(conv.op, "Conv");
  EXPECT_EQ(Get(conv, "kernel_shape"), AttributeValue(Ints({5, 5})));
  EXPECT_EQ(Get(conv, "pads"), AttributeValue(Ints({2, 2, 2, 2})));
  EXPECT_EQ(Get(conv, "lr"), AttributeValue(1.0));
  EXPECT_EQ(Get(conv, "bias_lr"), AttributeValue(2.0));
  EXPECT_EQ(Get(conv, "bias_decay"), AttributeValue(0.0));
  EXPECT_EQ(conv.outputs[0].shape, Ints({1, 8, 32, 32}));
  const NetworkNode& pool = NodeOf(network, "pool1");
  EXPECT_EQ(pool.op, "AveragePool");
  EXPECT_EQ(Get(pool, "ceil_mode"), AttributeValue(std::int64_t{1}));
  EXPECT_EQ(pool.outputs[0].shape, Ints({1, 8, 16, 16}));  // rounded up
  EXPECT_EQ(NodeOf(network, "norm1").domain, "caffe");
  const NetworkNode& odd = NodeOf(network, "odd");
  EXPECT_EQ(odd.domain + "." + odd.op, "caffe.Interp");
  EXPECT_EQ(Get(odd, "height"), AttributeValue(std::int64_t{9}));
  EXPECT_EQ(Get(odd, "mode"), AttributeValue(std::string("FAST")));
  EXPECT_EQ(NodeOf(network, "fc").op, "Gemm");
  ASSERT_EQ(network.outputs.size(), 1u);
  EXPECT_EQ(network.outputs[0].name, "fc2");
}

TEST(CaffeNetwork, NamesParametersAsTheCaffemodelReaderDoes) {
  const Network network = ReadGood(kNet);
  std::map<std::string, NetworkShape> shapes;
  for (const NetworkParameter& parameter : network.parameters) {
    shapes[parameter.name] = parameter.shape.value();
  }
  const std::map<std::string, NetworkShape> want = {{"conv1.weight", {8, 3, 5, 5}},
                                                    {"conv1.bias", {8}},
                                                    {"fc.weight", {10, 2048}},
                                                    {"fc.bias", {10}},
                                                    {"fc2.weight", {2, 10}}};
  EXPECT_EQ(shapes, want);
}

TEST(CaffeNetwork, LayersInPlaceFollowEachOther) {
  const Network network = ReadGood(kNet);
  const NetworkNode& relu = NodeOf(network, "relu1");
  EXPECT_EQ(relu.outputs[0].name, "relu1");
  EXPECT_EQ(network.nodes[relu.operands[0].index].original_name, "conv1");
  EXPECT_EQ(network.nodes[NodeOf(network, "pool1").operands[0].index].original_name, "relu1");
  // Only what is no matrix yet is made one.
  const NetworkNode& flat = network.nodes[NodeOf(network, "fc").operands[0].index];
  EXPECT_EQ(flat.op, "Flatten");
  EXPECT_EQ(network.nodes[NodeOf(network, "fc2").operands[0].index].original_name, "drop");
}

TEST(CaffeNetwork, ReadsTheSecondGeneration) {
  const Network network = ReadGood(R"(
    input: "data" input_dim: 2 input_dim: 1 input_dim: 28 input_dim: 28
    layers { name: "conv" type: CONVOLUTION bottom: "data" top: "conv" blobs_lr: 1 blobs_lr: 2
             weight_decay: 0.5 convolution_param { num_output: 20 kernel_h: 5 kernel_w: 3 } }
    layers { name: "ip" type: INNER_PRODUCT bottom: "conv" top: "ip"
             inner_product_param { num_output: 4 } }
    layers { name: "loss" type: SOFTMAX_LOSS bottom: "ip" top: "loss" })");
  EXPECT_EQ(network.inputs[0].shape, Ints({2, 1, 28, 28}));
  const NetworkNode& conv = NodeOf(network, "conv");
  EXPECT_EQ(conv.outputs[0].shape, Ints({2, 20, 24, 26}));
  EXPECT_EQ(Get(conv, "decay"), AttributeValue(0.5));
  const NetworkNode& loss = NodeOf(network, "loss");
  EXPECT_EQ(loss.domain + "." + loss.op, "caffe.SoftmaxWithLoss");
}

TEST(CaffeNetwork, TrainingAloneIsReadAsSuch) {
  const Network network = ReadGood(R"(
    layer { name: "d" type: "Data" top: "data" include { phase: TRAIN }
            transform_param { crop_size: 8 } }
    layer { name: "r" type: "ReLU" bottom: "data" top: "r" relu_param { negative_slope: 0.1 } })");
  EXPECT_EQ(network.inputs[0].shape, Ints({kUnknownSize, kUnknownSize, 8, 8}));
  EXPECT_EQ(NodeOf(network, "r").op, "LeakyRelu");
}

TEST(CaffeNetwork, RefusesWhatNothingMakes) {
  const auto network = Read(R"(layer { name: "a" type: "ReLU" bottom: "b" top: "a" }
                               layer { name: "b" type: "ReLU" bottom: "a" top: "b" })");
  ASSERT_FALSE(network.ok());
  EXPECT_EQ(network.error().code, ErrorCode::kCorruption);
  EXPECT_EQ(network.error().message, "caffe, layer 'a': reads 'b', which no layer before it makes");
  std::string deep;
  for (int i = 0; i < 200; ++i) deep += "layer { ";
  EXPECT_FALSE(Read(deep).ok());
}

TEST(CaffeNetwork, SurvivesSenselessSizes) {
  const Network network = ReadGood(R"(
    input: "data" input_shape { dim: 9000000000000000 dim: -4 dim: 9000000000000000 dim: 0 }
    layer { name: "c" type: "Convolution" bottom: "data" top: "c"
            convolution_param { num_output: 8000000000000000 kernel_size: 3 stride: 0 } }
    layer { name: "d" type: "Deconvolution" bottom: "data" top: "d"
            convolution_param { num_output: -1 kernel_size: 1000000 stride: 1000000 } }
    layer { name: "e" type: "Deconvolution" bottom: "d" top: "e"
            convolution_param { kernel_size: 1000000 stride: 1000000 group: -7 } }
    layer { name: "s" type: "Slice" bottom: "e" top: "s1" top: "s2" slice_param { axis: -1 } }
    layer { name: "t" type: "Concat" bottom: "s1" bottom: "s2" top: "t" concat_param { axis: -90 } }
    layer { name: "p" type: "Permute" bottom: "t" top: "p" permute_param { order: 5 order: -1 } })");
  EXPECT_EQ(network.nodes.size(), 6u);
}

Message Blob(const std::vector<std::uint64_t>& dims) {
  std::size_t count = 1;
  Message shape;
  for (const std::uint64_t extent : dims) {
    count *= extent;
    shape.Varint(1, extent);
  }
  return Message().Message(7, shape).Packed(5, std::vector<float>(count, 1.0F));
}

TEST(CaffeNetwork, ReadsTheGraphInsideACaffemodel) {
  Message model;
  model.Text(1, "inside").Text(3, "data").PackedVarints(4, {1, 3, 8, 8});
  const Message window = Message().Varint(1, 4).Varint(4, 3);
  model.Message(100, Message()
                         .Text(1, "conv")
                         .Text(2, "Convolution")
                         .Text(3, "data")
                         .Text(4, "conv")
                         .Message(7, Blob({4, 3, 3, 3}))
                         .Message(7, Blob({4}))
                         .Message(106, window));
  model.Message(
      100, Message().Text(1, "s").Text(2, "Split").Text(3, "conv").Text(4, "s0").Text(4, "s1"));
  model.Message(100, Message()
                         .Text(1, "p")
                         .Text(2, "Mystery")
                         .Text(3, "s0")
                         .Text(4, "p")
                         .Message(7, Blob({2, 2})));
  const auto file = io::MakeViewSource(model.bytes());
  const auto network = ReadNetworkFile(*file, "net.caffemodel", "caffemodel");
  ASSERT_TRUE(network.ok()) << network.error().message;
  ASSERT_TRUE(network->has_value());
  const Network& net = **network;
  EXPECT_EQ(net.name, "inside");
  EXPECT_EQ(NodeOf(net, "conv").outputs[0].shape, Ints({1, 4, 6, 6}));
  EXPECT_EQ(net.nodes[NodeOf(net, "p").operands[0].index].original_name, "conv");
  const auto described = DescribeBytes(*file, "net.caffemodel");
  ASSERT_TRUE(described.ok());
  ASSERT_EQ(net.parameters.size(), described->tensors.size());
  for (std::size_t i = 0; i < net.parameters.size(); ++i) {
    EXPECT_EQ(net.parameters[i].name, described->tensors[i].name);
    EXPECT_EQ(net.parameters[i].shape, described->tensors[i].shape);
  }
  const Bytes& bytes = model.bytes();
  for (std::size_t size = 0; size < bytes.size(); size += 3) {
    const auto cut = io::MakeViewSource(std::span(bytes).first(size));
    (void)ReadNetworkFile(*cut, "net.caffemodel", "caffemodel");
  }
}

}  // namespace
}  // namespace dlv::interchange

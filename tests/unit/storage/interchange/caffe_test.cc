// Caffe files of all three generations of layers.

#include "tests/unit/storage/interchange/test_files.h"
#include "tests/unit/storage/interchange/wire_writer.h"

namespace dlv::interchange {
namespace {

using Message = WireMessage;

Message Blob(const std::vector<std::uint64_t>& shape, const std::vector<float>& values) {
  return Message().Packed(5, values).Message(7, Message().PackedVarints(1, shape));
}

Message OldBlob(std::uint64_t width, const std::vector<float>& values) {
  return Message().Varint(1, 1).Varint(2, 1).Varint(3, 1).Varint(4, width).Packed(5, values);
}

Message Layer(const std::string& name, const std::string& type, const std::vector<Message>& blobs) {
  Message layer = Message().Text(1, name).Text(2, type);
  for (const Message& blob : blobs) layer.Message(7, blob);
  return layer;
}

struct DescribedCaffe {
  std::unique_ptr<io::ByteSource> file;
  Result<FileDescription> result;
};

DescribedCaffe Describe(const Message& message, std::string_view name) {
  auto file = io::MakeBufferSource(message.bytes());
  auto result = DescribeBytes(*file, name);
  return {std::move(file), std::move(result)};
}

void ExpectRefused(const Message& message, std::string_view name, const std::string& why) {
  const DescribedCaffe d = Describe(message, name);
  ASSERT_FALSE(d.result.ok()) << "want: " << why;
  EXPECT_NE(d.result.error().message.find(why), std::string::npos) << d.result.error().message;
  EXPECT_NE(d.result.error().message.find("caffe, offset "), std::string::npos);
}

Message SmallNet() {
  Message net = Message().Text(1, "net");
  net.Message(100, Layer("data", "Input", {}));
  net.Message(100, Layer("conv1", "Convolution", {Blob({2, 1, 1, 1}, {1, 2}), Blob({2}, {3, 4})}));
  net.Message(100, Layer("bn", "BatchNorm", {Blob({1}, {5}), Blob({1}, {6}), Blob({1}, {7})}));
  return net.Message(100, Layer("own", "Python", {Blob({}, {8})}));
}

TEST(Caffe, LayersOfToday) {
  const DescribedCaffe d = Describe(SmallNet(), "net.caffemodel");
  ASSERT_TRUE(d.result.ok()) << TextOf(d.result);
  EXPECT_EQ(d.result->format, "caffemodel");
  std::vector<std::string> names;
  for (const auto& tensor : d.result->tensors) names.push_back(tensor.name);
  EXPECT_EQ(names, (std::vector<std::string>{"conv1.weight", "conv1.bias", "bn.mean", "bn.variance",
                                             "bn.scale_factor", "own.0"}));
  EXPECT_EQ(FindTensor(*d.result, "conv1.weight")->shape, (Shape{2, 1, 1, 1}));
  EXPECT_EQ(FindTensor(*d.result, "bn.mean")->role, TensorRole::kBuffer);
  EXPECT_EQ(ReadTensor(*FindTensor(*d.result, "conv1.bias")), RawOf<float>({3, 4}));
  EXPECT_EQ(Describe(SmallNet(), "weights").result->format, "caffemodel");  // by content
}

TEST(Caffe, LayersOfBefore) {
  Message middle = Message().Text(4, "ip1").Varint(5, 14);  // INNER_PRODUCT
  middle.Message(6, OldBlob(3, {1, 2, 3}));
  Message oldest = Message().Text(1, "conv0").Text(2, "conv").Message(50, OldBlob(1, {9}));
  const Message net = Message().Message(2, middle).Message(2, Message().Message(1, oldest));
  const DescribedCaffe d = Describe(net, "old.caffemodel");
  ASSERT_TRUE(d.result.ok()) << TextOf(d.result);
  EXPECT_EQ(FindTensor(*d.result, "ip1.weight")->shape, (Shape{1, 1, 1, 3}));
  EXPECT_EQ(ReadTensor(*FindTensor(*d.result, "conv0.weight")), RawOf<float>({9}));
}

TEST(Caffe, ValuesOfOtherKinds) {
  Message unpacked = Message().Message(7, Message().Varint(1, 2));
  unpacked.Fixed32(5, 1).Fixed32(5, 2).Packed(6, std::vector<float>{3, 4});
  Message doubles = Message().Message(7, Message().Varint(1, 1));
  doubles.Packed(8, std::vector<double>{0.5});
  const Message net =
      Message().Message(100, Layer("l", "InnerProduct", {unpacked, doubles, Message()}));
  const DescribedCaffe d = Describe(net, "x.caffemodel");
  ASSERT_TRUE(d.result.ok()) << TextOf(d.result);
  EXPECT_EQ(ReadTensor(*FindTensor(*d.result, "l.weight")), RawOf<float>({1, 2}));
  EXPECT_EQ(FindTensor(*d.result, "l.weight.diff")->role, TensorRole::kOther);
  EXPECT_EQ(FindTensor(*d.result, "l.bias")->dtype, DType::kF64);
  EXPECT_EQ(d.result->warnings.size(), 1u);  // a blob without values
}

TEST(Caffe, StateOfASolver) {
  Message state = Message().Varint(1, 5000).Text(2, "snap_iter_5000.caffemodel");
  state.Message(3, Blob({2}, {1, 2})).Message(3, Blob({1}, {3})).Varint(4, 1);
  const DescribedCaffe d = Describe(state, "s.solverstate");
  ASSERT_TRUE(d.result.ok()) << TextOf(d.result);
  EXPECT_EQ(d.result->format, "solverstate");
  EXPECT_EQ(d.result->tensors.size(), 2u);
  EXPECT_EQ(d.result->tensors[1].name, "history.1");
  EXPECT_EQ(d.result->tensors[1].role, TensorRole::kOptimizer);
  EXPECT_EQ(d.result->metadata[0], (std::pair<std::string, std::string>("iter", "5000")));
  EXPECT_EQ(Describe(state, "s").result->format, "solverstate");
}

TEST(Caffe, ABlobAlone) {
  const DescribedCaffe d = Describe(OldBlob(3, {1, 2, 3}), "mean.binaryproto");
  ASSERT_TRUE(d.result.ok()) << TextOf(d.result);
  EXPECT_EQ(d.result->format, "caffe-blob");
  EXPECT_EQ(d.result->tensors[0].name, "mean");
}

TEST(Caffe, CutAtEveryLength) {
  const Bytes bytes = SmallNet().bytes();
  std::size_t refused = 0;
  for (std::size_t size = 1; size < bytes.size(); ++size) {
    const auto file =
        io::MakeBufferSource(Bytes(bytes.begin(), bytes.begin() + static_cast<long>(size)));
    refused += DescribeBytes(*file, "net.caffemodel").ok() ? 0 : 1;
  }
  EXPECT_EQ(refused, bytes.size() - 1 - 4);  // only between two layers is a prefix a network
}

TEST(Caffe, HostileFiles) {
  const auto net = [](const Message& blob) {
    return Message().Message(100, Layer("l", "InnerProduct", {blob}));
  };
  const std::string name = "x.caffemodel";
  ExpectRefused(net(Blob({3}, {1, 2})), name, "has 2 values, its shape wants 3");
  ExpectRefused(net(Blob({1ull << 40, 1ull << 40}, {1})), name, "overflows");
  ExpectRefused(net(Blob({static_cast<std::uint64_t>(-1)}, {1})), name, "below 0");
  ExpectRefused(net(Blob(std::vector<std::uint64_t>(40, 1), {1})), name, "more than 32 axes");
  ExpectRefused(net(Message().Data(5, Bytes(7))), name, "half a value");
  ExpectRefused(net(Message().Varint(5, 1)), name, "another type");
  ExpectRefused(Message().Message(100, Layer("\x07", "X", {Blob({1}, {1})})), name, "bad name");
  ExpectRefused(Message().Lie(100, 1ull << 60), name, "are left");
  Message deep;
  for (int i = 0; i < 80; ++i) deep = Message().Message(1, deep);
  EXPECT_TRUE(Describe(Message().Message(100, deep), name).result.ok());  // unknown, passed over
}

}  // namespace
}  // namespace dlv::interchange

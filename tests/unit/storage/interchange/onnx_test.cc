// ONNX files built field by field: every way to keep a tensor, and what must be refused.

#include "storage/interchange/onnx_data.h"
#include "storage/interchange/sources.h"
#include "tests/unit/storage/interchange/test_files.h"
#include "tests/unit/storage/interchange/wire_writer.h"

namespace dlv::interchange {
namespace {

using Message = WireMessage;

constexpr int kFloat = 1, kInt8 = 3, kInt64 = 7, kString = 8, kBool = 9, kHalf = 10, kDouble = 11,
              kUInt32 = 12, kComplex64 = 14, kBFloat16 = 16, kInt4 = 22;

Message TensorHead(const std::string& name, int type, const std::vector<std::uint64_t>& dims) {
  Message tensor;
  for (const std::uint64_t extent : dims) tensor.Varint(1, extent);
  tensor.Varint(2, static_cast<std::uint64_t>(type));
  return tensor.Text(8, name);
}

Message Raw(const std::string& name, const std::vector<float>& values) {
  return TensorHead(name, kFloat, {values.size()}).Packed(9, values);
}

Message Node(const std::string& operation, const std::vector<std::string>& inputs,
             const std::vector<std::string>& outputs) {
  Message node;
  for (const std::string& input : inputs) node.Text(1, input);
  for (const std::string& output : outputs) node.Text(2, output);
  return node.Text(3, "node_" + outputs.front()).Text(4, operation);
}

Message ModelMessage(const Message& graph) {
  Message model;
  model.Varint(1, 8).Text(2, "a test");
  model.Message(8, Message().Varint(2, 17));
  model.Message(7, graph);
  return model.Message(14, Message().Text(1, "task").Text(2, "none"));
}

Message Value(const std::string& name) { return Message().Text(1, name); }

Bytes ModelOf(const std::vector<Message>& initializers) {
  Message graph;
  for (const Message& tensor : initializers) graph.Message(5, tensor);
  return ModelMessage(graph).bytes();
}

struct DescribedOnnx {
  std::unique_ptr<io::ByteSource> file;
  Result<FileDescription> result;
};

DescribedOnnx Describe(const Bytes& bytes, std::string_view name = "net.onnx") {
  auto file = io::MakeBufferSource(bytes);
  auto result = DescribeBytes(*file, name);
  return {std::move(file), std::move(result)};
}

void ExpectOnnxRefused(const Bytes& bytes, ErrorCode code, const std::string& why) {
  const DescribedOnnx d = Describe(bytes);
  ASSERT_FALSE(d.result.ok()) << "want: " << why;
  EXPECT_EQ(d.result.error().code, code) << d.result.error().message;
  EXPECT_NE(d.result.error().message.find(why), std::string::npos) << d.result.error().message;
  EXPECT_NE(d.result.error().message.find("offset "), std::string::npos)
      << d.result.error().message;
}

TEST(Onnx, EveryEncodingOfValues) {
  const std::vector<std::uint64_t> halves = {0x3c00, 0xc000, 0};
  Message unpacked = TensorHead("unpacked", kFloat, {3});
  for (const float value : {1.f, -2.f, 3.f}) unpacked.Fixed32(4, value);
  const DescribedOnnx d = Describe(ModelOf({
      Raw("raw", {1, 2, 3}),
      TensorHead("floats", kFloat, {2}).Packed(4, std::vector<float>{4, 5}),
      unpacked,
      TensorHead("halves", kHalf, {3}).PackedVarints(5, halves),
      TensorHead("brain", kBFloat16, {1}).Varint(5, 0x3f80),
      TensorHead("bytes", kInt8, {2}).PackedVarints(5, {1, static_cast<std::uint64_t>(-2)}),
      TensorHead("longs", kInt64, {2}).PackedVarints(7, {300, static_cast<std::uint64_t>(-1)}),
      TensorHead("doubles", kDouble, {1}).Packed(10, std::vector<double>{0.5}),
      TensorHead("words", kUInt32, {1}).PackedVarints(11, {0xffffffff}),
      TensorHead("complex", kComplex64, {1}).Packed(4, std::vector<float>{1, 2}),
      TensorHead("nibbles", kInt4, {3}).Data(9, ToBytes("ab")),
      TensorHead("truth", kBool, {1}).Varint(5, 1),
      TensorHead("scalar", kFloat, {}).Packed(9, std::vector<float>{7}),
      TensorHead("none", kFloat, {0}),
      TensorHead("text", kString, {1}).Text(6, "kept in a literal"),
  }));
  ASSERT_TRUE(d.result.ok()) << TextOf(d.result);
  EXPECT_EQ(d.result->format, "onnx");
  EXPECT_EQ(d.result->tensors.size(), 14u);
  const auto bytes_of = [&](std::string_view name) {
    return ReadTensor(*FindTensor(*d.result, name));
  };
  EXPECT_EQ(bytes_of("raw"), RawOf<float>({1, 2, 3}));
  EXPECT_EQ(bytes_of("floats"), RawOf<float>({4, 5}));
  EXPECT_EQ(bytes_of("unpacked"), RawOf<float>({1, -2, 3}));
  EXPECT_EQ(bytes_of("halves"), RawOf<std::uint16_t>({0x3c00, 0xc000, 0}));
  EXPECT_EQ(bytes_of("brain"), RawOf<std::uint16_t>({0x3f80}));
  EXPECT_EQ(bytes_of("bytes"), RawOf<std::int8_t>({1, -2}));
  EXPECT_EQ(bytes_of("longs"), RawOf<std::int64_t>({300, -1}));
  EXPECT_EQ(bytes_of("doubles"), RawOf<double>({0.5}));
  EXPECT_EQ(bytes_of("words"), RawOf<std::uint32_t>({0xffffffff}));
  EXPECT_EQ(bytes_of("complex"), RawOf<float>({1, 2}));
  const DescribedTensor& nibbles = *FindTensor(*d.result, "nibbles");
  EXPECT_EQ(nibbles.dtype, DType::kOpaque);
  EXPECT_EQ(nibbles.foreign_dtype, "INT4");
  EXPECT_EQ(FindTensor(*d.result, "longs")->role, TensorRole::kBuffer);
  EXPECT_EQ(FindTensor(*d.result, "bytes")->role, TensorRole::kParameter);
  EXPECT_EQ(FindTensor(*d.result, "text"), nullptr);
}

TEST(Onnx, ManyVarintsAreReadFromTheMiddle) {
  std::vector<std::uint64_t> values(70'000);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = i * 7919 % 65536;
  const DescribedOnnx d =
      Describe(ModelOf({TensorHead("w", kHalf, {values.size()}).PackedVarints(5, values)}));
  ASSERT_TRUE(d.result.ok()) << TextOf(d.result);
  const Bytes all = ReadTensor(d.result->tensors[0]);
  for (const std::size_t offset : {0ul, 1ul, 32'767ul, 32'768ul, 99'999ul, all.size() - 3}) {
    Bytes part(3);
    ASSERT_TRUE(d.result->tensors[0].source->ReadAt(offset, part).ok());
    EXPECT_TRUE(std::equal(part.begin(), part.end(), all.begin() + static_cast<long>(offset)));
  }
}

TEST(Onnx, ConstantsOfNestedGraphsAndFunctions) {
  const std::vector<float> big(64, 1.5f);
  const std::vector<float> small(63, 1.5f);
  const auto constant = [](const std::string& output, const std::vector<float>& values) {
    Message attribute = Message().Text(1, "value").Message(5, Raw("", values)).Varint(20, 4);
    return Node("Constant", {}, {output}).Message(5, attribute);
  };
  Message inner;
  inner.Message(1, constant("inner_weight", big)).Message(1, constant("inner_shape", small));
  inner.Message(5, Raw("w", {1})).Message(12, Value("inner_weight"));
  Message branch = Message().Text(1, "then_branch").Message(6, inner).Varint(20, 5);
  Message graph;
  graph.Message(1, Node("If", {"condition"}, {"y"}).Message(5, branch));
  graph.Message(5, Raw("w", {2})).Message(11, Value("condition")).Message(12, Value("y"));
  Message model = ModelMessage(graph);
  model.Message(25, Message().Text(1, "f").Message(7, constant("of_function", big)));
  const DescribedOnnx d = Describe(model.bytes());
  ASSERT_TRUE(d.result.ok()) << TextOf(d.result);
  EXPECT_TRUE(d.result->warnings.empty()) << d.result->warnings.front();
  EXPECT_NE(FindTensor(*d.result, "inner_weight"), nullptr);
  EXPECT_EQ(FindTensor(*d.result, "inner_shape"), nullptr);  // small: structure
  EXPECT_NE(FindTensor(*d.result, "of_function"), nullptr);
  EXPECT_EQ(ReadTensor(*FindTensor(*d.result, "w")), RawOf<float>({1}));
  EXPECT_EQ(ReadTensor(*FindTensor(*d.result, "w~2")), RawOf<float>({2}));
}

TEST(Onnx, SparseInitializersGiveValuesAndIndices) {
  Message sparse;
  sparse.Message(1, Raw("s", {5, 6}));
  sparse.Message(2, TensorHead("", kInt64, {2}).Packed(9, std::vector<std::int64_t>{1, 9}));
  const DescribedOnnx d =
      Describe(ModelMessage(Message().Message(15, sparse.Varint(3, 16))).bytes());
  ASSERT_TRUE(d.result.ok()) << TextOf(d.result);
  EXPECT_EQ(ReadTensor(*FindTensor(*d.result, "s")), RawOf<float>({5, 6}));
  EXPECT_NE(FindTensor(*d.result, "s.indices"), nullptr);
}

TEST(Onnx, StatisticsOfBatchNormalizationAreBuffers) {
  Message graph;
  graph.Message(1, Node("BatchNormalization", {"x", "g", "b", "m", "v"}, {"y"}));
  for (const char* name : {"g", "b", "m", "v"}) graph.Message(5, Raw(name, {1}));
  graph.Message(11, Value("x")).Message(12, Value("y"));
  const DescribedOnnx d = Describe(ModelMessage(graph).bytes());
  ASSERT_TRUE(d.result.ok()) << TextOf(d.result);
  EXPECT_EQ(FindTensor(*d.result, "b")->role, TensorRole::kParameter);
  EXPECT_EQ(FindTensor(*d.result, "m")->role, TensorRole::kBuffer);
  EXPECT_EQ(FindTensor(*d.result, "v")->role, TensorRole::kBuffer);
  EXPECT_TRUE(d.result->warnings.empty());
  const std::vector<std::pair<std::string, std::string>> want = {
      {"ir_version", "8"}, {"producer_name", "a test"}, {"task", "none"}, {"opset", "17"}};
  EXPECT_EQ(d.result->metadata, want);
}

TEST(Onnx, BrokenGraphsAreWarnedOf) {
  Message dangling;
  dangling.Message(1, Node("Relu", {"nowhere"}, {"y"})).Message(12, Value("y"));
  const DescribedOnnx first = Describe(ModelMessage(dangling).bytes());
  ASSERT_TRUE(first.result.ok());
  ASSERT_EQ(first.result->warnings.size(), 1u);
  EXPECT_NE(first.result->warnings[0].find("'nowhere' (read by 'node_y')"), std::string::npos)
      << first.result->warnings[0];
  Message cycle;
  cycle.Message(1, Node("Add", {"x", "b"}, {"a"})).Message(1, Node("Relu", {"a"}, {"b"}));
  cycle.Message(11, Value("x")).Message(12, Value("b"));
  const DescribedOnnx second = Describe(ModelMessage(cycle).bytes());
  ASSERT_TRUE(second.result.ok());
  ASSERT_EQ(second.result->warnings.size(), 1u);
  EXPECT_NE(second.result->warnings[0].find("cycle"), std::string::npos);
  Message twice;
  twice.Message(1, Node("Relu", {"x"}, {"y"})).Message(1, Node("Abs", {"x"}, {"y"}));
  twice.Message(11, Value("x"));
  EXPECT_EQ(Describe(ModelMessage(twice).bytes()).result->warnings.size(), 1u);
}

TEST(Onnx, FoundByContentWithoutItsSuffix) {
  const Bytes model = ModelOf({Raw("w", {1, 2})});
  EXPECT_EQ(Describe(model, "weights.bin").result->format, "onnx");
  EXPECT_EQ(Describe(ToBytes("just a text, not a model"), "notes.txt").result->format, "blob");
  const Bytes tensor = Raw("input", {1, 2, 3}).bytes();
  const DescribedOnnx d = Describe(tensor, "input_0.pb");
  ASSERT_TRUE(d.result.ok());
  EXPECT_EQ(d.result->format, "onnx-tensor");
  EXPECT_EQ(d.result->tensors[0].name, "input");
}

TEST(Onnx, UnknownFieldsAndGroupsAreKept) {
  Message group;
  group.Tag(60, 3).Varint(1, 5).Tag(61, 3).Text(2, "deep").Tag(61, 4).Tag(60, 4);
  Bytes bytes = ModelOf({Raw("w", {1})});
  Append(bytes, group.bytes());
  Append(bytes, Message().Text(999, "of a later version").bytes());
  const DescribedOnnx d = Describe(bytes);
  ASSERT_TRUE(d.result.ok()) << TextOf(d.result);
  EXPECT_EQ(d.result->tensors.size(), 1u);
}

TEST(Onnx, CutAtEveryLength) {
  const Bytes bytes = ModelOf({Raw("weight", {1, 2, 3}), Raw("bias", {4})});
  for (std::size_t size = 1; size < bytes.size(); ++size) {
    const DescribedOnnx d = Describe(Bytes(bytes.begin(), bytes.begin() + static_cast<long>(size)));
    if (d.result.ok()) {  // only metadata at the end may be missing
      EXPECT_GE(size, bytes.size() - 16) << size;
      continue;
    }
    EXPECT_EQ(d.result.error().code, ErrorCode::kCorruption);
    EXPECT_NE(d.result.error().message.find("onnx, offset "), std::string::npos);
  }
}

TEST(Onnx, HostileFiles) {
  constexpr std::uint64_t kHuge = std::uint64_t{1} << 62;
  using enum ErrorCode;
  ExpectOnnxRefused(Message().Varint(1, 8).Lie(7, 1 << 30).bytes(), kCorruption, "are left");
  ExpectOnnxRefused(Message().Varint(1, 8).Lie(7, UINT64_MAX).bytes(), kCorruption, "are left");
  ExpectOnnxRefused(ModelOf({TensorHead("w", kFloat, {kHuge, 16})}), kCorruption, "overflows");
  ExpectOnnxRefused(ModelOf({TensorHead("w", kFloat, {static_cast<std::uint64_t>(-1)})}),
                    kCorruption, "below 0");
  ExpectOnnxRefused(ModelOf({TensorHead("w", kFloat, {1ull << 40})}), kCorruption,
                    "its shape wants");
  ExpectOnnxRefused(ModelOf({TensorHead("w", kFloat, std::vector<std::uint64_t>(33, 1))}),
                    kCorruption, "more than 32 axes");
  ExpectOnnxRefused(ModelOf({Raw("w", {1}), Raw("w", {2})}), kCorruption, "'w' stands twice");
  ExpectOnnxRefused(ModelOf({Raw("w", {1}).Packed(9, std::vector<float>{1})}), kCorruption,
                    "twice");
  ExpectOnnxRefused(ModelOf({Raw("w", {1}).Fixed32(4, 1)}), kCorruption, "raw and other values");
  ExpectOnnxRefused(ModelOf({TensorHead("w", 99, {1})}), kCorruption, "type 99");
  ExpectOnnxRefused(ModelOf({TensorHead("w", kHalf, {1}).Varint(5, 70'000)}), kCorruption,
                    "does not fit");
  ExpectOnnxRefused(ModelOf({TensorHead("w", kInt64, {1}).Data(7, Bytes(11, std::byte{0xff}))}),
                    kCorruption, "at most 10 bytes");
  ExpectOnnxRefused(ModelOf({TensorHead("a\x1b[2J", kFloat, {0})}), kCorruption, "bad tensor name");
  ExpectOnnxRefused(ModelOf({TensorHead(std::string(5000, 'n'), kFloat, {0})}), kUnsafe,
                    "at most 4096");
  Bytes overlong = Message().Varint(1, 8).Tag(5, 0).bytes();
  Append(overlong, Bytes(11, std::byte{0xff}));
  ExpectOnnxRefused(overlong, kCorruption, "at most 10 bytes");
  Message graph;
  for (int depth = 0; depth < 100; ++depth) {
    graph = Message().Message(1, Node("If", {}, {"y"}).Message(5, Message().Message(6, graph)));
  }
  ExpectOnnxRefused(ModelMessage(graph).bytes(), kUnsafe, "nest more than 64 deep");
}

// --- external data ---

Message External(const std::string& name, std::uint64_t count,
                 const std::vector<std::pair<std::string, std::string>>& entries) {
  Message tensor = TensorHead(name, kFloat, {count});
  for (const auto& [key, value] : entries) {
    tensor.Message(13, Message().Text(1, key).Text(2, value));
  }
  return tensor.Varint(14, 1);
}

TEST(OnnxExternal, NamesTheRangesOfOtherFiles) {
  const DescribedOnnx d = Describe(ModelOf({
      Raw("inside", {1}),
      External("a", 2, {{"location", "w/net.data"}, {"offset", "16"}, {"length", "8"}}),
      External("tied", 2, {{"location", "w/net.data"}, {"offset", "16"}}),
      External("b", 1, {{"location", "w/net.data"}}),
  }));
  ASSERT_TRUE(d.result.ok()) << TextOf(d.result);
  EXPECT_EQ(d.result->tensors.size(), 1u);
  ASSERT_EQ(d.result->external.size(), 3u);
  EXPECT_EQ(d.result->external[0].location, "w/net.data");
  Bytes data(40, std::byte{7});
  const auto file = io::MakeViewSource(data);
  const auto described = DescribeExternalData(*file, d.result->external);
  ASSERT_TRUE(described.ok()) << TextOf(described);
  CheckDescription(*described, *file);
  EXPECT_EQ(described->format, "onnx-data");
  EXPECT_EQ(described->tensors.size(), 3u);
  EXPECT_TRUE(FindTensor(*described, "tied")->view.has_value());
  data.resize(20);
  const auto cut = io::MakeViewSource(data);
  const auto refused = DescribeExternalData(*cut, d.result->external);
  ASSERT_FALSE(refused.ok());
  EXPECT_NE(refused.error().message.find("the file has 20"), std::string::npos);
}

TEST(OnnxExternal, OverlapsAreRefused) {
  const DescribedOnnx d =
      Describe(ModelOf({External("a", 4, {{"location", "d"}}),
                        External("b", 4, {{"location", "d"}, {"offset", "8"}})}));
  ASSERT_TRUE(d.result.ok());
  const Bytes data(64);
  const auto file = io::MakeViewSource(data);
  const auto refused = DescribeExternalData(*file, d.result->external);
  ASSERT_FALSE(refused.ok());
  EXPECT_NE(refused.error().message.find("overlaps"), std::string::npos);
}

TEST(OnnxExternal, PathsOutsideOfTheFolderAreRefused) {
  for (const char* location : {"../secret", "/etc/passwd", "a/../../b", "a\\b", "c:x", "", ".",
                               "a//b", "./a", "a/", "x\ny"}) {
    ExpectOnnxRefused(ModelOf({External("w", 1, {{"location", location}})}), ErrorCode::kUnsafe,
                      "not a path below its folder");
  }
  ExpectOnnxRefused(ModelOf({External("w", 1, {{"location", "d"}, {"__class__", "x"}})}),
                    ErrorCode::kUnsafe, "unknown key");
  ExpectOnnxRefused(ModelOf({External("w", 1, {{"location", "d"}, {"location", "e"}})}),
                    ErrorCode::kCorruption, "two 'location'");
  ExpectOnnxRefused(ModelOf({External("w", 1, {{"location", "d"}, {"offset", "-1"}})}),
                    ErrorCode::kCorruption, "no number");
  ExpectOnnxRefused(ModelOf({External("w", 1, {{"location", "d"}, {"length", "5"}})}),
                    ErrorCode::kCorruption, "its shape wants 4");
}

}  // namespace
}  // namespace dlv::interchange

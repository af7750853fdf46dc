// GGUF files built value by value.

#include "storage/interchange/block_types.h"
#include "tests/unit/storage/interchange/test_files.h"

namespace dlv::interchange {
namespace {

void PutText(Bytes& out, std::string_view text) {
  PutLittle<std::uint64_t>(out, text.size());
  Append(out, ToBytes(text));
}

/// A file to build; members are changed by the tests before Build.
struct TestGguf {
  std::uint32_t version = 3;
  std::uint64_t pair_count = 0;
  Bytes pairs;
  std::uint64_t tensor_count = 0;
  Bytes infos;
  Bytes data;
  std::uint64_t alignment = 32;

  TestGguf& Key(std::string_view key, std::uint32_t type, const Bytes& value) {
    ++pair_count;
    PutText(pairs, key);
    PutLittle(pairs, type);
    Append(pairs, value);
    return *this;
  }
  TestGguf& Tensor(std::string_view name, const std::vector<std::uint64_t>& extents,
                   std::uint32_t type, std::uint64_t offset) {
    ++tensor_count;
    PutText(infos, name);
    PutLittle(infos, static_cast<std::uint32_t>(extents.size()));
    for (const std::uint64_t extent : extents) PutLittle(infos, extent);
    PutLittle(infos, type);
    PutLittle(infos, offset);
    return *this;
  }
  Bytes Build() const {
    Bytes out = ToBytes("GGUF");
    PutLittle(out, version);
    PutLittle(out, tensor_count);
    PutLittle(out, pair_count);
    Append(out, pairs);
    Append(out, infos);
    while (out.size() % alignment != 0) out.push_back({});
    Append(out, data);
    return out;
  }
};

template <class T>
Bytes Plain(T value) {
  return RawOf(std::vector<T>{value});
}
Bytes Text(std::string_view text) {
  Bytes out;
  PutText(out, text);
  return out;
}
Bytes Array(std::uint32_t type, std::uint64_t count, const Bytes& values) {
  Bytes out = Plain(type);
  Append(out, Plain(count));
  Append(out, values);
  return out;
}

TestGguf Small() {
  TestGguf file;
  file.Key("general.architecture", 8, Text("llama")).Key("llama.block_count", 4, Plain(2u));
  file.Key("tokenizer.scores", 9, Array(6, 2, RawOf<float>({0.5f, 1})));
  file.Key("flag", 7, Bytes(1, std::byte{1}));
  file.Tensor("embed.weight", {4, 2}, 0, 0).Tensor("q.weight", {32, 2}, 2, 32);
  file.Tensor("h.weight", {3}, 1, 96).Tensor("b.weight", {2}, 30, 128);
  file.data.assign(132, std::byte{3});
  return file;
}

Result<FileDescription> DescribeGguf(const Bytes& bytes, std::unique_ptr<io::ByteSource>& file) {
  file = io::MakeBufferSource(bytes);
  return DescribeBytes(*file, "m.gguf");
}

void ExpectRefused(const TestGguf& gguf, ErrorCode code, const std::string& why) {
  std::unique_ptr<io::ByteSource> file;
  const auto result = DescribeGguf(gguf.Build(), file);
  ASSERT_FALSE(result.ok()) << "want: " << why;
  EXPECT_EQ(result.error().code, code) << result.error().message;
  EXPECT_NE(result.error().message.find(why), std::string::npos) << result.error().message;
  EXPECT_NE(result.error().message.find("gguf, offset "), std::string::npos);
}

TEST(Gguf, TensorsAndMetadata) {
  std::unique_ptr<io::ByteSource> file;
  const auto result = DescribeGguf(Small().Build(), file);
  ASSERT_TRUE(result.ok()) << TextOf(result);
  EXPECT_EQ(result->format, "gguf");
  ASSERT_EQ(result->tensors.size(), 4u);
  EXPECT_EQ(result->tensors[0].shape,
            (Shape{2, 4}));  // the innermost axis stands first in the file
  EXPECT_EQ(result->tensors[1].dtype, DType::kOpaque);
  EXPECT_EQ(result->tensors[1].foreign_dtype, "Q4_0");
  EXPECT_EQ(result->tensors[1].shape, (Shape{2, 18}));
  EXPECT_EQ(result->tensors[1].source->size(), 36u);
  EXPECT_EQ(result->tensors[2].dtype, DType::kF16);
  EXPECT_EQ(result->tensors[3].dtype, DType::kBF16);
  const std::vector<std::pair<std::string, std::string>> want = {{"gguf.version", "3"},
                                                                 {"general.architecture", "llama"},
                                                                 {"llama.block_count", "2"},
                                                                 {"tokenizer.scores", "[0.5, 1]"},
                                                                 {"flag", "true"}};
  EXPECT_EQ(result->metadata, want);
}

TEST(BlockTypes, ShapesOfBytesAndOfElementsBelongTogether) {
  const auto bytes_and_back = [](std::string_view type, const Shape& shape, std::uint64_t elements,
                                 std::uint64_t bytes) {
    return ShapeOfElements(type, ShapeOfBlocks(shape, elements, bytes, 0));
  };
  EXPECT_EQ(ShapeOfBlocks({3, 64}, 32, 18, 108), (Shape{3, 36}));
  EXPECT_EQ(bytes_and_back("Q4_0", {3, 64}, 32, 18), (Shape{3, 64}));
  EXPECT_EQ(bytes_and_back("Q6_K", {2, 2, 512}, 256, 210), (Shape{2, 2, 512}));
  EXPECT_EQ(bytes_and_back("INT4", {5, 8}, 2, 1), (Shape{5, 8}));
  EXPECT_EQ(bytes_and_back("FLOAT8E8M0", {7}, 1, 1), (Shape{7}));
  EXPECT_EQ(ShapeOfBlocks({5, 3}, 2, 1, 8), (Shape{8})) << "rows end inside a byte";
  EXPECT_EQ(ShapeOfBlocks({}, 2, 1, 1), (Shape{1}));
  EXPECT_TRUE(ShapeOfElements("INT4", {8}).empty()) << "15 or 16";
  EXPECT_TRUE(ShapeOfElements("Q4_0", {3, 35}).empty()) << "no whole blocks";
  EXPECT_TRUE(ShapeOfElements("F32", {4}).empty());
  EXPECT_TRUE(ShapeOfElements("nothing", {4}).empty());
  EXPECT_TRUE(ShapeOfElements("Q4_0", {}).empty());
  EXPECT_TRUE(ShapeOfElements("INT2", {1, std::int64_t{1} << 62}).empty()) << "overflow";
}

TEST(Gguf, UnknownTypesReachToTheNextTensor) {
  TestGguf gguf;
  gguf.Tensor("a", {8}, 77, 0).Tensor("b", {1}, 0, 64);
  gguf.data.resize(68);
  std::unique_ptr<io::ByteSource> file;
  const auto result = DescribeGguf(gguf.Build(), file);
  ASSERT_TRUE(result.ok()) << TextOf(result);
  EXPECT_EQ(result->tensors[0].source->size(), 64u);
  EXPECT_EQ(result->tensors[0].foreign_dtype, "type 77");
  EXPECT_EQ(result->warnings.size(), 1u);
}

TEST(Gguf, AlignmentOfTheFile) {
  TestGguf gguf;
  gguf.alignment = 128;
  gguf.Key("general.alignment", 4, Plain(128u)).Tensor("a", {1}, 0, 0).Tensor("b", {1}, 0, 128);
  gguf.data.resize(132);
  std::unique_ptr<io::ByteSource> file;
  const auto result = DescribeGguf(gguf.Build(), file);
  ASSERT_TRUE(result.ok()) << TextOf(result);
  EXPECT_EQ(result->tensors.size(), 2u);
}

TEST(Gguf, CutAtEveryLength) {
  const Bytes bytes = Small().Build();
  for (std::size_t size = 4; size < bytes.size(); ++size) {
    std::unique_ptr<io::ByteSource> file;
    const auto result =
        DescribeGguf(Bytes(bytes.begin(), bytes.begin() + static_cast<long>(size)), file);
    ASSERT_FALSE(result.ok()) << size;
    EXPECT_EQ(result.error().code, ErrorCode::kCorruption);
  }
}

TEST(Gguf, HostileFiles) {
  using enum ErrorCode;
  TestGguf big_endian = Small();
  big_endian.version = 0x03000000;
  ExpectRefused(big_endian, kUnsafe, "big-endian");
  TestGguf later = Small();
  later.version = 4;
  ExpectRefused(later, kUnsupported, "version 4, want 2 or 3");
  TestGguf many = Small();
  many.pair_count = 1ull << 62;
  ExpectRefused(many, kUnsafe, "keys, at most");
  many.pair_count = 4;
  many.tensor_count = 1ull << 62;
  ExpectRefused(many, kUnsafe, "tensors, at most");
  const auto key = [](std::uint32_t type, const Bytes& value) {
    return TestGguf().Key("k", type, value);
  };
  ExpectRefused(key(8, Plain(1ull << 60)), kUnsafe, "a text of");
  ExpectRefused(key(9, Array(5, 1ull << 63, {})), kCorruption, "an array of");
  ExpectRefused(key(9, Array(8, 1ull << 61, {})), kCorruption, "an array of");
  ExpectRefused(key(7, Bytes(1, std::byte{2})), kCorruption, "truth value of 2");
  ExpectRefused(key(13, {}), kCorruption, "type 13");
  ExpectRefused(key(9, Array(9, 1, Array(9, 1, Array(9, 1, Array(9, 1, Array(4, 0, {})))))),
                kUnsafe, "more than 4 deep");
  ExpectRefused(TestGguf().Key("a", 4, Plain(1u)).Key("a", 4, Plain(1u)), kCorruption, "twice");
  ExpectRefused(TestGguf().Key("a\nb", 4, Plain(1u)), kCorruption, "bad key");
  ExpectRefused(TestGguf().Key("general.alignment", 8, Text("x")), kCorruption, "no u32");
  for (const std::uint32_t alignment : {0u, 3u, 1u << 21}) {
    ExpectRefused(TestGguf().Key("general.alignment", 4, Plain(alignment)), kCorruption,
                  "power of two");
  }
  const auto tensor = [](const std::vector<std::uint64_t>& extents, std::uint32_t type,
                         std::uint64_t offset) {
    TestGguf gguf = TestGguf().Tensor("t", extents, type, offset);
    gguf.data.resize(64);
    return gguf;
  };
  ExpectRefused(tensor({1ull << 40, 1ull << 40}, 0, 0), kCorruption, "cannot have");
  ExpectRefused(tensor({33}, 2, 0), kCorruption, "cannot have");
  ExpectRefused(tensor({1, 1, 1, 1, 1}, 0, 0), kCorruption, "at most 4");
  ExpectRefused(tensor({17}, 0, 0), kCorruption, "has 68 bytes");
  ExpectRefused(tensor({1}, 0, 1ull << 63), kCorruption, "has 4 bytes at");
  ExpectRefused(tensor({1}, 0, 5), kCorruption, "no multiple of 32");
  ExpectRefused(tensor({16}, 0, 0).Tensor("u", {4}, 0, 32), kCorruption, "overlaps");
  ExpectRefused(tensor({1}, 0, 0).Tensor("t", {1}, 0, 32), kCorruption, "'t' stands twice");
}

}  // namespace
}  // namespace dlv::interchange

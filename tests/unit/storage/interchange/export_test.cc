#include "storage/interchange/export.h"

#include "storage/interchange/shard_index.h"
#include "tests/unit/storage/interchange/test_files.h"

namespace dlv::interchange {
namespace {

class ListSource final : public TensorSource {
 public:
  struct Item {
    TensorInfo info;
    Bytes bytes;
  };
  std::vector<Item> items;
  void Add(const std::string& name, DType dtype, Shape shape, Bytes bytes) {
    TensorInfo info;
    info.name = name;
    info.dtype = dtype;
    info.shape = std::move(shape);
    items.push_back({std::move(info), std::move(bytes)});
  }
  std::size_t size() const override { return items.size(); }
  TensorInfo Info(std::size_t index) const override { return items[index].info; }
  Status Read(std::size_t index, std::uint64_t offset, std::span<std::byte> out) override {
    std::memcpy(out.data(), items[index].bytes.data() + offset, out.size());
    return Ok();
  }
};

ListSource SampleList() {
  ListSource source;
  source.Add("z.weight", DType::kF32, {2, 1}, ToBytes("abcdefgh"));
  source.Add("a \"quoted\" \\ name", DType::kBF16, {}, ToBytes("xy"));
  source.Add("empty", DType::kI64, {0, 3}, {});
  source.Add("big", DType::kU8, {1'000'000}, Bytes(1'000'000, std::byte{5}));
  source.Add("c", DType::kComplex128, {1}, Bytes(16, std::byte{9}));
  return source;
}

TEST(ExportNpz, RefusesNamesThatLeaveTheArchive) {
  for (const char* name : {"../../x", "/x", "a/../../x", "C:x", "a\\x", "./x", "a//x"}) {
    ListSource source;
    source.Add("fine/x", DType::kU8, {1}, ToBytes("a"));
    source.Add(name, DType::kU8, {1}, ToBytes("b"));
    VectorSink sink;
    const auto report = ExportNpz(source, {}, sink);
    ASSERT_FALSE(report.ok()) << name;
    EXPECT_EQ(report.error().code, ErrorCode::kInvalidArgument) << name;
    EXPECT_TRUE(sink.bytes().empty()) << "before anything is written";
    VectorSink other;
    EXPECT_TRUE(ExportSafetensors(source, {}, other).ok()) << name;
  }
}

TEST(ExportSafetensors, IsReadBackWithEqualBytes) {
  ListSource source = SampleList();
  VectorSink sink;
  const auto report = ExportSafetensors(source, {}, sink);
  ASSERT_TRUE(report.ok()) << report.error().message;
  EXPECT_EQ(report->size_bytes, sink.bytes().size());
  const auto file = io::MakeViewSource(sink.bytes());
  const auto result = DescribeBytes(*file);
  ASSERT_TRUE(result.ok()) << TextOf(result);
  ASSERT_EQ(result->tensors.size(), source.items.size());
  for (std::size_t i = 0; i < source.items.size(); ++i) {
    EXPECT_EQ(result->tensors[i].name, source.items[i].info.name) << "order is kept";
    EXPECT_EQ(ReadTensor(result->tensors[i]), source.items[i].bytes);
  }
  const std::vector<std::pair<std::string, std::string>> want = {{"format", "pt"}};
  EXPECT_EQ(result->metadata, want);
  EXPECT_EQ(report->warnings.size(), 1u) << "complex128 is written as pairs";
  std::uint64_t header = 0;
  std::memcpy(&header, sink.bytes().data(), sizeof header);
  EXPECT_EQ((8 + header) % 64, 0u);
}

TEST(ExportSafetensors, PackedFloatsLeaveAsWhatTheyWere) {
  ListSource source;
  const auto add = [&](const std::string& type, Shape shape, std::size_t bytes) {
    source.Add(type, DType::kOpaque, std::move(shape), Bytes(bytes, std::byte{7}));
    source.items.back().info.foreign_dtype = type;
  };
  add("F4", {3, 2}, 6);
  add("F6_E2M3", {2, 6}, 12);
  add("F8_E8M0", {}, 1);
  add("FLOAT8E4M3FNUZ", {2, 2}, 4);
  add("F4 of [2, 3]", {3}, 3);
  add("Q4_0", {18}, 18);
  VectorSink sink;
  const auto report = ExportSafetensors(source, {}, sink);
  ASSERT_TRUE(report.ok()) << report.error().message;
  const std::vector<std::string> want = {"F4 of [2, 3]: opaque is written as U8",
                                         "Q4_0: opaque is written as U8"};
  EXPECT_EQ(report->warnings, want);
  const std::string text(reinterpret_cast<const char*>(sink.bytes().data()), sink.bytes().size());
  for (const char* entry :
       {R"("F4":{"dtype":"F4","shape":[3,4])", R"("F6_E2M3":{"dtype":"F6_E2M3","shape":[2,8])",
        R"("F8_E8M0":{"dtype":"F8_E8M0","shape":[],)",
        R"("FLOAT8E4M3FNUZ":{"dtype":"F8_E4M3FNUZ","shape":[2,2])",
        R"("F4 of [2, 3]":{"dtype":"U8","shape":[3])", R"("Q4_0":{"dtype":"U8","shape":[18])"}) {
    EXPECT_NE(text.find(entry), std::string::npos) << entry;
  }
}

TEST(ExportSafetensors, SortsOnRequestAndRefusesTwins) {
  ListSource source = SampleList();
  VectorSink sink;
  ASSERT_TRUE(ExportSafetensors(source, {.sort_by_name = true}, sink).ok());
  const auto file = io::MakeViewSource(sink.bytes());
  const auto result = DescribeBytes(*file);
  ASSERT_TRUE(result.ok());
  EXPECT_EQ(result->tensors.back().name, "z.weight");
  source.Add("big", DType::kU8, {1}, ToBytes("x"));
  VectorSink unused;
  const auto twins = ExportSafetensors(source, {}, unused);
  ASSERT_FALSE(twins.ok());
  EXPECT_EQ(twins.error().code, ErrorCode::kInvalidArgument);
}

TEST(ExportNpz, IsReadBackWithEqualBytes) {
  ListSource source = SampleList();
  source.items[1].info.name = "half";
  source.Add("three", DType::kI16, {1, 2, 3}, ToBytes("0123456789AB"));
  VectorSink sink;
  const auto report = ExportNpz(source, {}, sink);
  ASSERT_TRUE(report.ok()) << report.error().message;
  EXPECT_EQ(report->size_bytes, sink.bytes().size());
  const auto file = io::MakeViewSource(sink.bytes());
  const auto result = DescribeBytes(*file);
  ASSERT_TRUE(result.ok()) << TextOf(result);
  EXPECT_EQ(result->format, "npz");
  for (const auto& item : source.items) {
    const DescribedTensor* tensor = FindTensor(*result, item.info.name);
    ASSERT_NE(tensor, nullptr) << item.info.name;
    EXPECT_EQ(ReadTensor(*tensor), item.bytes);
    EXPECT_EQ(tensor->shape, item.info.shape);
  }
  EXPECT_EQ(FindTensor(*result, "half")->dtype, DType::kU16);
  EXPECT_EQ(report->warnings.size(), 1u);
}

TEST(ShardIndex, ChecksShardsAgainstTheMap) {
  const std::map<std::string, std::vector<ShardTensor>> shards = {{"m-1.safetensors", {{"a", 2}}},
                                                                  {"m-2.safetensors", {{"b", 1}}}};
  const auto check = [&](const std::string& json) -> Result<std::vector<std::string>> {
    const auto file = io::MakeBufferSource(ToBytes(json));
    auto index = ReadShardIndex(*file);
    if (!index.ok()) return index.error();
    return CheckShards(*index, shards);
  };
  const std::string map = R"("weight_map":{"a":"m-1.safetensors","b":"m-2.safetensors"})";
  for (const std::string& good : {R"({"metadata":{"total_size":3},)" + map + "}",
                                  "{" + map + R"(,"metadata":{"total_size":3.0,"x":[]}})"}) {
    const auto warnings = check(good);
    ASSERT_TRUE(warnings.ok()) << warnings.error().message;
    EXPECT_TRUE(warnings->empty());
  }
  const auto size = check(R"({"metadata":{"total_size":4},)" + map + "}");
  ASSERT_TRUE(size.ok());
  EXPECT_EQ(*size, std::vector<std::string>{"the shards hold 3 bytes, the index says 4"});
  const auto expect = [&](const std::string& json, ErrorCode code, std::string_view text) {
    const auto result = check(json);
    ASSERT_FALSE(result.ok()) << json;
    EXPECT_EQ(result.error().code, code) << result.error().message;
    EXPECT_NE(result.error().message.find(text), std::string::npos) << result.error().message;
  };
  expect(R"({"weight_map":{"a":"m-2.safetensors","b":"m-1.safetensors"}})", ErrorCode::kCorruption,
         "'a' into m-2.safetensors, it is in m-1.safetensors");
  expect(R"({"weight_map":{"a":"m-1.safetensors","b":"m-2.safetensors","c":"m-1.safetensors"}})",
         ErrorCode::kCorruption, "'c' into m-1.safetensors, no shard holds it");
  expect(R"({"weight_map":{"a":"m-1.safetensors","b":"m-3.safetensors"}})", ErrorCode::kNotFound,
         "m-3.safetensors of the index is missing");
  expect(R"({"weight_map":{"a":"../m-1.safetensors"}})", ErrorCode::kUnsafe, "../m-1");
  expect(R"({"weight_map":{"a":"m-1.safetensors","a":"m-1.safetensors"}})", ErrorCode::kCorruption,
         "stands twice");
  expect(R"({"metadata":{}})", ErrorCode::kCorruption, "no weight_map");
}

TEST(ShardIndex, TensorsThatItDoesNotNameAreAWarning) {
  const auto file = io::MakeBufferSource(ToBytes(R"({"weight_map":{"a":"m-1.bin"}})"));
  const auto index = ReadShardIndex(*file);
  ASSERT_TRUE(index.ok());
  const auto warnings = CheckShards(*index, {{"m-1.bin", {{"a", 2}, {"b", 1}}}});
  ASSERT_TRUE(warnings.ok());
  EXPECT_EQ(*warnings,
            std::vector<std::string>{"shard m-1.bin holds 1 tensor that the index does not name"});
}

TEST(ShardIndex, KnowsNamesOfIndexesAndShards) {
  EXPECT_TRUE(IsShardIndexName("model.safetensors.index.json"));
  EXPECT_TRUE(IsShardIndexName("pytorch_model.bin.index.json"));
  EXPECT_FALSE(IsShardIndexName("index.json"));
  EXPECT_TRUE(LooksLikeShardOf("model-00002-of-00003.safetensors", "model.safetensors.index.json"));
  EXPECT_TRUE(LooksLikeShardOf("pytorch_model-00001-of-00002.bin", "pytorch_model.bin.index.json"));
  for (const char* name : {"model.safetensors", "model-00002-of-00003.bin",
                           "model-a-of-b.safetensors", "other-00002-of-00003.safetensors"}) {
    EXPECT_FALSE(LooksLikeShardOf(name, "model.safetensors.index.json")) << name;
  }
}

TEST(Blob, UnknownFilesAreCutIntoLiterals) {
  const Bytes large(20u << 20, std::byte{1});
  for (const Bytes& bytes : {Bytes{}, ToBytes("hello"), large}) {
    const auto file = io::MakeViewSource(bytes);
    const auto result = DescribeBytes(*file);
    ASSERT_TRUE(result.ok());
    EXPECT_EQ(result->format, "blob");
    EXPECT_EQ(result->literals.size(), (bytes.size() + kMaxLiteralBytes - 1) / kMaxLiteralBytes);
  }
}

}  // namespace
}  // namespace dlv::interchange

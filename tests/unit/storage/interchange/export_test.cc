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

ListSource Sample() {
  ListSource source;
  source.Add("z.weight", DType::kF32, {2, 1}, ToBytes("abcdefgh"));
  source.Add("a \"quoted\" \\ name", DType::kBF16, {}, ToBytes("xy"));
  source.Add("empty", DType::kI64, {0, 3}, {});
  source.Add("big", DType::kU8, {1'000'000}, Bytes(1'000'000, std::byte{5}));
  source.Add("c", DType::kComplex128, {1}, Bytes(16, std::byte{9}));
  return source;
}

TEST(ExportSafetensors, IsReadBackWithEqualBytes) {
  ListSource source = Sample();
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

TEST(ExportSafetensors, SortsOnRequestAndRefusesTwins) {
  ListSource source = Sample();
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
  ListSource source = Sample();
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
  const Bytes one =
      BuildSafetensors(R"({"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}})", ToBytes("xy"));
  const Bytes two =
      BuildSafetensors(R"({"b":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}})", ToBytes("z"));
  const auto file_one = io::MakeViewSource(one);
  const auto file_two = io::MakeViewSource(two);
  const auto first = DescribeFile(*file_one, "1");
  const auto second = DescribeFile(*file_two, "2");
  ASSERT_TRUE(first.ok() && second.ok());
  const std::map<std::string, const FileDescription*> shards = {{"m-1.safetensors", &*first},
                                                                {"m-2.safetensors", &*second}};
  const auto check = [&](const std::string& json) -> Status {
    const auto file = io::MakeBufferSource(ToBytes(json));
    auto index = ReadShardIndex(*file);
    if (!index.ok()) return index.error();
    return CheckShards(*index, shards);
  };
  EXPECT_TRUE(
      check(
          R"({"metadata":{"total_size":3},"weight_map":{"a":"m-1.safetensors","b":"m-2.safetensors"}})")
          .ok());
  EXPECT_TRUE(
      check(
          R"({"weight_map":{"a":"m-1.safetensors","b":"m-2.safetensors"},"metadata":{"total_size":3.0,"x":[]}})")
          .ok());
  const auto expect = [&](const std::string& json, ErrorCode code) {
    const Status status = check(json);
    ASSERT_FALSE(status.ok()) << json;
    EXPECT_EQ(status.error().code, code) << status.error().message;
  };
  expect(
      R"({"metadata":{"total_size":4},"weight_map":{"a":"m-1.safetensors","b":"m-2.safetensors"}})",
      ErrorCode::kCorruption);
  expect(R"({"weight_map":{"a":"m-2.safetensors","b":"m-1.safetensors"}})", ErrorCode::kCorruption);
  expect(R"({"weight_map":{"a":"m-1.safetensors","b":"m-2.safetensors","c":"m-1.safetensors"}})",
         ErrorCode::kCorruption);
  expect(R"({"weight_map":{"a":"m-1.safetensors","b":"m-3.safetensors"}})", ErrorCode::kNotFound);
  expect(R"({"weight_map":{"a":"../m-1.safetensors"}})", ErrorCode::kUnsafe);
  expect(R"({"weight_map":{"a":"m-1.safetensors","a":"m-1.safetensors"}})", ErrorCode::kCorruption);
  expect(R"({"metadata":{}})", ErrorCode::kCorruption);
  EXPECT_TRUE(IsShardIndexName("model.safetensors.index.json"));
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

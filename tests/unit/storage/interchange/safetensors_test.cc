#include "storage/interchange/safetensors_metadata.h"
#include "tests/unit/storage/interchange/test_files.h"

namespace dlv::interchange {
namespace {

Result<FileDescription> Describe(const std::string& header, std::size_t data_bytes) {
  Bytes data(data_bytes);
  for (std::size_t i = 0; i < data_bytes; ++i) data[i] = static_cast<std::byte>(i + 1);
  const Bytes bytes = BuildSafetensors(header, data);
  const auto file = io::MakeBufferSource(bytes);
  return DescribeBytes(*file);
}

TEST(Safetensors, DescribesTensorsWithTheirBytes) {
  const Bytes bytes = BuildSafetensors(
      R"({"__metadata__":{"format":"pt","step":"7"},"bn.running_mean":{"dtype":"F32","shape":[1],"data_offsets":[4,8]},)"
      R"("w":{"dtype":"BF16","shape":[2,1],"data_offsets":[0,4]},"scalar":{"dtype":"U8","shape":[],"data_offsets":[8,9]}}  )",
      ToBytes("abcdefghi"));
  const auto file = io::MakeViewSource(bytes);
  const auto result = DescribeBytes(*file);
  ASSERT_TRUE(result.ok()) << TextOf(result);
  EXPECT_EQ(result->format, "safetensors");
  ASSERT_EQ(result->tensors.size(), 3u);
  EXPECT_EQ(result->tensors[0].name, "bn.running_mean");
  EXPECT_EQ(result->tensors[0].role, TensorRole::kBuffer);
  EXPECT_EQ(result->tensors[1].dtype, DType::kBF16);
  EXPECT_EQ(result->tensors[1].shape, (Shape{2, 1}));
  EXPECT_EQ(ReadTensor(result->tensors[1]), ToBytes("abcd"));
  EXPECT_EQ(ReadTensor(result->tensors[0]), ToBytes("efgh"));
  EXPECT_EQ(ReadTensor(result->tensors[2]), ToBytes("i"));
  const std::vector<std::pair<std::string, std::string>> want = {{"format", "pt"}, {"step", "7"}};
  EXPECT_EQ(result->metadata, want);
  ASSERT_EQ(result->literals.size(), 1u) << "the exact header is one literal";
}

TEST(Safetensors, MetadataIsReadWithoutTensors) {
  const auto read = [](const std::string& header, std::size_t cut = 0) {
    Bytes bytes = BuildSafetensors(header, {});
    bytes.resize(bytes.size() - cut);
    const auto file = io::MakeViewSource(bytes);
    return ReadSafetensorsMetadata(*file);
  };
  const std::string tensor = R"("a":{"dtype":"F32","shape":[3],"data_offsets":[0,12]})";
  const auto said = read("{" + tensor + R"(,"__metadata__":{"format":"pt","b":"c"}})");
  ASSERT_TRUE(said.ok()) << said.error().message;
  const std::vector<std::pair<std::string, std::string>> want = {{"format", "pt"}, {"b", "c"}};
  EXPECT_EQ(*said, want);
  EXPECT_TRUE(read("{" + tensor + "}")->empty());
  for (const std::string& bad : {"{" + tensor, std::string("[]"), std::string("{\"a\":}")}) {
    const auto refused = read(bad);
    ASSERT_FALSE(refused.ok()) << bad;
    EXPECT_EQ(refused.error().code, ErrorCode::kCorruption);
  }
  EXPECT_FALSE(read("{}", 1).ok());
  EXPECT_FALSE(read("{}", 3).ok());
}

TEST(Safetensors, AcceptsEmptyForms) {
  EXPECT_TRUE(Describe("{}", 0).ok());
  EXPECT_TRUE(Describe(R"({"__metadata__":{}})", 0).ok());
  EXPECT_TRUE(Describe(R"({"__metadata__":null})", 0).ok());
  EXPECT_TRUE(Describe(R"({"a":{"dtype":"F32","shape":[0,5],"data_offsets":[0,0]}})", 0).ok());
}

TEST(Safetensors, KeepsUnknownTypesAsBytes) {
  const auto result = Describe(
      R"({"a":{"dtype":"F3","shape":[8],"data_offsets":[0,3]},"b":{"dtype":"F3","shape":[8],"data_offsets":[3,6]}})",
      6);
  ASSERT_TRUE(result.ok()) << TextOf(result);
  EXPECT_EQ(result->tensors[0].dtype, DType::kOpaque);
  EXPECT_EQ(result->tensors[0].foreign_dtype, "F3");
  EXPECT_EQ(result->tensors[0].shape, (Shape{3}));
  const std::vector<std::string> want = {
      "tensor 'a' (and 1 more) has the unknown dtype 'F3' and is kept as bytes"};
  EXPECT_EQ(result->warnings, want);
}

TEST(Safetensors, PackedFloatsHaveTheShapeOfTheirBytes) {
  struct Case {
    const char* dtype;
    Shape shape;
    std::size_t bytes;
    Shape stored;
    std::string foreign;
  };
  for (const Case& c :
       {Case{"F4", {3, 4}, 6, {3, 2}, "F4"}, Case{"F4", {6}, 3, {3}, "F4"},
        Case{"F4", {2, 3}, 3, {3}, "F4 of [2, 3]"}, Case{"F6_E2M3", {2, 8}, 12, {2, 6}, "F6_E2M3"},
        Case{"F6_E3M2", {4, 1}, 3, {3}, "F6_E3M2 of [4, 1]"}, Case{"F8_E8M0", {}, 1, {}, "F8_E8M0"},
        Case{"F8_E4M3FNUZ", {2, 2}, 4, {2, 2}, "F8_E4M3FNUZ"},
        Case{"F8_E5M2FNUZ", {0, 2}, 0, {0, 2}, "F8_E5M2FNUZ"}}) {
    std::string shape;
    for (const std::int64_t extent : c.shape)
      shape += (shape.empty() ? "" : ",") + std::to_string(extent);
    const auto result =
        Describe("{\"a\":{\"dtype\":\"" + std::string(c.dtype) + "\",\"shape\":[" + shape +
                     "],\"data_offsets\":[0," + std::to_string(c.bytes) + "]}}",
                 c.bytes);
    ASSERT_TRUE(result.ok()) << c.foreign << ": " << TextOf(result);
    EXPECT_EQ(result->tensors[0].dtype, DType::kOpaque);
    EXPECT_EQ(result->tensors[0].foreign_dtype, c.foreign);
    EXPECT_EQ(result->tensors[0].shape, c.stored) << c.foreign;
    EXPECT_TRUE(result->warnings.empty());
  }
}

TEST(Safetensors, EqualStructureGivesOneRecipe) {
  const std::string header = R"({"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}})";
  const Bytes one = BuildSafetensors(header, ToBytes("1234"));
  const Bytes two = BuildSafetensors(header, ToBytes("5678"));
  const auto file_one = io::MakeViewSource(one);
  const auto file_two = io::MakeViewSource(two);
  const auto first = DescribeFile(*file_one, "1");
  const auto second = DescribeFile(*file_two, "2");
  ASSERT_TRUE(first.ok() && second.ok());
  EXPECT_EQ(EncodeRecipe(*first->recipe), EncodeRecipe(*second->recipe));
}

struct BadHeader {
  const char* name;
  std::string header;
  std::size_t data_bytes;
  const char* message;
};

class SafetensorsRefusal : public ::testing::TestWithParam<BadHeader> {};

TEST_P(SafetensorsRefusal, IsCorruptionWithOffset) {
  const auto result = Describe(GetParam().header, GetParam().data_bytes);
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().code, ErrorCode::kCorruption);
  EXPECT_NE(result.error().message.find(GetParam().message), std::string::npos)
      << result.error().message;
  EXPECT_NE(result.error().message.find("offset "), std::string::npos) << result.error().message;
}

const BadHeader kBadHeaders[] = {
    {"DuplicateTensor",
     R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"a":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}})",
     2, "stands twice"},
    {"DuplicateField", R"({"a":{"dtype":"U8","dtype":"U8","shape":[1],"data_offsets":[0,1]}})", 1,
     "stands twice"},
    {"DuplicateMetadata", R"({"__metadata__":{"a":"1","a":"2"}})", 0, "stands twice"},
    {"MetadataNumber", R"({"__metadata__":{"a":1}})", 0, "want '\"'"},
    {"Gap", R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}})", 2, "gap"},
    {"Tail", R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}})", 2, "belong to no tensor"},
    {"Overlap",
     R"({"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}})",
     3, "overlap"},
    {"Backwards", R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[1,0]}})", 1, "lies at"},
    {"Beyond", R"({"a":{"dtype":"U8","shape":[9],"data_offsets":[0,9]}})", 1, "lies at"},
    {"WrongSize", R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,3]}})", 3,
     "its shape wants 4"},
    {"Overflow",
     R"({"a":{"dtype":"F32","shape":[9007199254740992,9007199254740992],"data_offsets":[0,4]}})", 4,
     "overflows"},
    {"Exponent", R"({"a":{"dtype":"U8","shape":[1e0],"data_offsets":[0,1]}})", 1, "exponent"},
    {"Fraction", R"({"a":{"dtype":"U8","shape":[1.0],"data_offsets":[0,1]}})", 1, "fraction"},
    {"MinusZero", R"({"a":{"dtype":"U8","shape":[0],"data_offsets":[-0,0]}})", 0, "without sign"},
    {"LeadingZero", R"({"a":{"dtype":"U8","shape":[01],"data_offsets":[0,1]}})", 1, "leading zero"},
    {"TooLargeInteger", R"({"a":{"dtype":"U8","shape":[9007199254740993],"data_offsets":[0,1]}})",
     1, "2^53"},
    {"OldOffsets", R"({"a":{"dtype":"U8","shape":[1],"offsets":[0,1]}})", 1, "without dtype"},
    {"Deep", R"({"a":{"x":[[[[[[[[[1]]]]]]]]],"dtype":"U8","shape":[1],"data_offsets":[0,1]}})", 1,
     "too deep"},
    {"Rank",
     R"({"a":{"dtype":"U8","shape":[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1],"data_offsets":[0,1]}})",
     1, "more than 32"},
    {"ControlCharacter", "{\"a\\u0007\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]}}",
     1, "bad tensor name"},
    {"NotUtf8", "{\"a\xff\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]}}", 1,
     "not UTF-8"},
    {"TrailingText", R"({} x)", 0, "after the end"},
    {"Truncated", R"({"a":{"dtype":"U8")", 0, "want '}'"},
    {"Surrogate", R"({"\ud800":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}})", 1, "surrogate"},
};

INSTANTIATE_TEST_SUITE_P(All, SafetensorsRefusal, ::testing::ValuesIn(kBadHeaders),
                         [](const auto& instance) { return std::string(instance.param.name); });

TEST(Safetensors, RefusesHeaderBeyondTheFile) {
  Bytes bytes = BuildSafetensors("{}", {});
  bytes[1] = std::byte{1};
  const auto file = io::MakeViewSource(bytes);
  const auto result = DescribeFile(*file, "x");
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().code, ErrorCode::kCorruption);
}

TEST(Safetensors, RefusesFileThatIsAlsoAZip) {
  Bytes data = ToBytes("0123");
  const Bytes zip = BuildZip({{"a.npy", ToBytes("x")}});
  const std::string size = std::to_string(data.size() + zip.size());
  // The zip's offsets are those of the whole file, as if it had been appended by a tool.
  const std::string header =
      R"({"a":{"dtype":"U8","shape":[)" + size + R"(],"data_offsets":[0,)" + size + "]}}";
  const std::uint32_t shift = static_cast<std::uint32_t>(8 + header.size() + data.size());
  Bytes moved = zip;
  const std::size_t end = moved.size() - 22;
  std::uint32_t begin = 0;
  std::memcpy(&begin, moved.data() + end + 16, 4);
  const std::uint32_t member = shift;
  std::memcpy(moved.data() + begin + 42, &member, 4);
  const std::uint32_t directory = begin + shift;
  std::memcpy(moved.data() + end + 16, &directory, 4);
  Append(data, moved);
  const Bytes bytes = BuildSafetensors(header, data);
  const auto file = io::MakeViewSource(bytes);
  const auto result = DescribeFile(*file, "x");
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().code, ErrorCode::kUnsafe);
  EXPECT_NE(result.error().message.find("both"), std::string::npos);
}

TEST(Safetensors, LeavesOutOptimizerAndThenHasNoRecipe) {
  const Bytes bytes = BuildSafetensors(
      R"({"optimizer.state.0.exp_avg":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"w":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}})",
      ToBytes("ab"));
  const auto file = io::MakeViewSource(bytes);
  const auto result = DescribeFile(*file, "x", {.include_optimizer = false});
  ASSERT_TRUE(result.ok());
  ASSERT_EQ(result->tensors.size(), 1u);
  EXPECT_EQ(result->tensors[0].name, "w");
  EXPECT_FALSE(result->recipe.has_value());
}

}  // namespace
}  // namespace dlv::interchange

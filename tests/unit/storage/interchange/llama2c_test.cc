// The raw files of llama2.c, which are read on request only.

#include "tests/unit/storage/interchange/test_files.h"

namespace dlv::interchange {
namespace {

// dim 4, hidden 6, 2 layers, 2 heads, 1 kv head, vocabulary 3, sequence 5.
constexpr std::size_t kValues = 12 + 2 * (4 + 16 + 8 + 8 + 16 + 4 + 24 + 24 + 24) + 4 + 5 + 5;

Bytes File(std::int32_t vocabulary, std::size_t values) {
  Bytes bytes = RawOf<std::int32_t>({4, 6, 2, 2, 1, vocabulary, 5});
  for (std::size_t i = 0; i < values; ++i) PutLittle(bytes, static_cast<float>(i));
  return bytes;
}

Result<FileDescription> DescribeLlama(const Bytes& bytes, std::unique_ptr<io::ByteSource>& file) {
  file = io::MakeBufferSource(bytes);
  DescribeOptions options;
  options.format = "llama2c";
  return DescribeBytes(*file, "m.bin", options);
}

TEST(Llama2c, SharedAndOwnClassifier) {
  std::unique_ptr<io::ByteSource> file;
  const auto shared = DescribeLlama(File(3, kValues), file);
  ASSERT_TRUE(shared.ok()) << TextOf(shared);
  EXPECT_EQ(shared->tensors.size(), 1u + 2 * 9 + 3);
  EXPECT_EQ(FindTensor(*shared, "layers.1.attention.wk.weight")->shape, (Shape{2, 4}));
  EXPECT_EQ(FindTensor(*shared, "freqs_cos")->role, TensorRole::kBuffer);
  EXPECT_EQ(ReadTensor(*FindTensor(*shared, "layers.0.attention_norm.weight")),
            RawOf<float>({12, 13, 14, 15}));
  const auto own = DescribeLlama(File(-3, kValues + 12), file);
  ASSERT_TRUE(own.ok()) << TextOf(own);
  EXPECT_EQ(FindTensor(*own, "output.weight")->shape, (Shape{3, 4}));
}

TEST(Llama2c, OnlyOnRequest) {
  const Bytes bytes = File(3, kValues);
  const auto file = io::MakeViewSource(bytes);
  EXPECT_EQ(DescribeBytes(*file, "m.bin")->format, "blob");
  DescribeOptions options;
  options.format = "llama3c";
  const auto unknown = DescribeBytes(*file, "m.bin", options);
  ASSERT_FALSE(unknown.ok());
  EXPECT_EQ(unknown.error().code, ErrorCode::kInvalidArgument);
  EXPECT_NE(unknown.error().message.find("llama2c"), std::string::npos);
}

TEST(Llama2c, HostileFiles) {
  std::unique_ptr<io::ByteSource> file;
  const auto refused = [&](const Bytes& bytes, const std::string& why) {
    const auto result = DescribeLlama(bytes, file);
    ASSERT_FALSE(result.ok()) << why;
    EXPECT_NE(result.error().message.find(why), std::string::npos) << result.error().message;
    EXPECT_NE(result.error().message.find("llama2c, offset"), std::string::npos);
  };
  refused(File(3, kValues - 1), "the file ends before freqs_sin does");
  refused(File(3, kValues + 1), "4 bytes are left over");
  refused(Bytes(10), "dim is 0");
  refused(RawOf<std::int32_t>({4, 6}), "are left");
  refused(RawOf<std::int32_t>({5, 6, 2, 2, 1, 3, 5}), "do not go together");
  refused(RawOf<std::int32_t>({1 << 26, 1 << 26, 99'999, 1, 1, 1 << 26, 1 << 26}), "the file ends");
  refused(RawOf<std::int32_t>({4, 6, -2, 2, 1, 3, 5}), "n_layers is -2");
  refused(RawOf<std::int32_t>({0x616b3432, 1}), "later version");
}

}  // namespace
}  // namespace dlv::interchange

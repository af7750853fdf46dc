// ONNX files with other weights.

#include "storage/store/export_graph.h"

#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "storage/store/checkout.h"
#include "storage/store/listing.h"
#include "tests/unit/storage/store/store_fixture.h"

namespace dlv::store {
namespace {

namespace fs = std::filesystem;
using testing::PutFile;

std::string Varint(std::uint64_t value) {
  std::string out;
  for (; value >= 0x80; value >>= 7) out += static_cast<char>(value | 0x80);
  return out + static_cast<char>(value);
}
std::string Number(std::uint32_t field, std::uint64_t value) {
  return Varint(field << 3) + Varint(value);
}
std::string BytesField(std::uint32_t field, const std::string& bytes) {
  return Varint(field << 3 | 2) + Varint(bytes.size()) + bytes;
}

std::string Floats(std::size_t count, float first) {
  std::string raw;
  for (std::size_t i = 0; i < count; ++i) {
    const float value = first + static_cast<float>(i);
    raw.append(reinterpret_cast<const char*>(&value), sizeof value);
  }
  return raw;
}

std::string Initializer(const std::string& name, std::size_t count, float first) {
  return BytesField(5, Number(1, count) + Number(2, 1) + BytesField(8, name) +
                           BytesField(9, Floats(count, first)));
}

/// y = x + w, with another initializer that holds the bias.
std::string Model(float first, std::size_t count = 64) {
  const std::string node = BytesField(
      1, BytesField(1, "x") + BytesField(1, "w") + BytesField(2, "y") + BytesField(4, "Add"));
  const std::string graph = node + BytesField(2, "net") + Initializer("w", count, first) +
                            Initializer("b", 3, first) + BytesField(11, BytesField(1, "x")) +
                            BytesField(12, BytesField(1, "y"));
  return Number(1, 8) + BytesField(2, "test") + BytesField(7, graph) + BytesField(8, Number(2, 17));
}

/// An initializer of f32 in another file.
std::string Outside(const std::string& name, std::size_t count, std::size_t offset) {
  const auto entry = [](const std::string& key, const std::string& value) {
    return BytesField(13, BytesField(1, key) + BytesField(2, value));
  };
  return BytesField(5, Number(1, count) + Number(2, 1) + BytesField(8, name) + Number(14, 1) +
                           entry("location", "data/weights.bin") +
                           entry("offset", std::to_string(offset)) +
                           entry("length", std::to_string(4 * count)));
}

/// y = x + w, all tensors in data/weights.bin: w of 64, a gap, b of 3.
std::string OutsideModel() {
  const std::string graph = BytesField(1, BytesField(1, "x") + BytesField(1, "w") +
                                              BytesField(2, "y") + BytesField(4, "Add")) +
                            BytesField(2, "net") + Outside("w", 64, 0) + Outside("b", 3, 512) +
                            BytesField(11, BytesField(1, "x")) + BytesField(12, BytesField(1, "y"));
  return Number(1, 8) + BytesField(2, "test") + BytesField(7, graph) + BytesField(8, Number(2, 17));
}
std::string OutsideData(float first) {
  return Floats(64, first) + std::string(256, '\0') + Floats(3, first);
}

class ExportGraphTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "dlv-graph-XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
    store_ = testing::InitOn(disk_);
    ASSERT_NE(store_, nullptr);
    ASSERT_TRUE(disk_.MakeDirectory("/src").ok());
    Keep("one", Model(1));
    Keep("two", Model(100));
    if (format_ != "onnx") {
      GTEST_SKIP()
          << "ONNX files are not understood here: GRAPHS WITH OTHER WEIGHTS ARE NOT TESTED";
    }
  }
  void TearDown() override { fs::remove_all(folder_); }

  void Keep(const std::string& model, const std::string& text) {
    PutFile(disk_, "/src/model.onnx", text);
    CommitRequest request;
    request.model = model;
    request.files = {{"/src/model.onnx", "", {}}};
    const auto result = Commit(*store_, request, {.threads = 1});
    ASSERT_TRUE(result.ok()) << result.error().message;
    format_ = result->files[0].format;
  }
  void KeepOutside(const std::string& model, const std::string& text, const std::string& data) {
    ASSERT_TRUE(disk_.MakeDirectory("/src/" + model).ok());
    ASSERT_TRUE(disk_.MakeDirectory("/src/" + model + "/data").ok());
    PutFile(disk_, "/src/" + model + "/model.onnx", text);
    PutFile(disk_, "/src/" + model + "/data/weights.bin", data);
    CommitRequest request;
    request.model = model;
    request.files = {{"/src/" + model + "/model.onnx", "", {}}};
    const auto result = Commit(*store_, request, {.threads = 1});
    ASSERT_TRUE(result.ok()) << result.error().message;
    ASSERT_EQ(result->files.size(), 2u);
  }
  Result<CheckoutResult> Out(const std::string& reference, const std::string& graph,
                             bool stamp = false) {
    CheckoutOptions options;
    options.format = CheckoutFormat::kOnnx;
    options.graph = graph;
    options.stamp = stamp;
    options.overwrite = true;
    options.output = folder_ / "out";
    return Checkout(*store_, reference, options, {.threads = 1});
  }
  std::string Written(const std::string& path = "model.onnx") const {
    std::ostringstream text;
    text << std::ifstream(folder_ / "out" / path, std::ios::binary).rdbuf();
    return text.str();
  }

  testing::FaultyFileSystem disk_;
  std::unique_ptr<Store> store_;
  fs::path folder_;
  std::string format_;
};

TEST_F(ExportGraphTest, OtherWeightsAndNothingElse) {
  const auto result = Out("two", "one");
  ASSERT_TRUE(result.ok()) << result.error().message;
  EXPECT_EQ(Written(), Model(100)) << "the graph of one is that of two";
  ASSERT_TRUE(Out("one", "").ok());
  EXPECT_EQ(Written(), Model(1));
}

TEST_F(ExportGraphTest, ShapesThatDoNotFitAreListed) {
  Keep("small", Model(1, 63));
  const auto result = Out("small", "one");
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().code, ErrorCode::kInvalidArgument);
  EXPECT_NE(result.error().message.find("w (f32 63, the graph has f32 64)"), std::string::npos)
      << result.error().message;
  EXPECT_FALSE(fs::exists(folder_ / "out/model.onnx"));
}

TEST_F(ExportGraphTest, StampsStandAtTheEnd) {
  ASSERT_TRUE(Out("two", "one", true).ok());
  const std::string text = Written();
  EXPECT_EQ(text.substr(0, Model(100).size()), Model(100));
  EXPECT_NE(text.find("dlv.commit"), std::string::npos);
  EXPECT_NE(text.find("two:v1"), std::string::npos);
}

TEST_F(ExportGraphTest, ExternalDataIsWrittenBesideAndReadAgain) {
  KeepOutside("base", OutsideModel(), OutsideData(1));
  KeepOutside("tuned", OutsideModel(), OutsideData(100));
  const auto result = Out("tuned", "base", true);
  ASSERT_TRUE(result.ok()) << result.error().message;
  ASSERT_EQ(result->files.size(), 2u);
  EXPECT_EQ(Written("data/weights.bin"), OutsideData(100)) << "no stamp in the data";
  EXPECT_EQ(Written().substr(0, OutsideModel().size()), OutsideModel());
  EXPECT_NE(Written().find("dlv.commit"), std::string::npos);

  KeepOutside("again", Written(), Written("data/weights.bin"));
  const auto tuned = Describe(*store_, "tuned"), again = Describe(*store_, "again");
  ASSERT_TRUE(tuned.ok() && again.ok());
  ASSERT_EQ(again->tensors.size(), 2u);
  for (std::size_t i = 0; i < 2; ++i) {
    EXPECT_EQ(again->tensors[i].name, tuned->tensors[i].name);
    EXPECT_EQ(again->tensors[i].id, tuned->tensors[i].id);
  }
}

TEST_F(ExportGraphTest, WeightsOfOneFileGoIntoExternalData) {
  KeepOutside("base", OutsideModel(), OutsideData(1));
  ASSERT_TRUE(Out("two", "base").ok());
  EXPECT_EQ(Written("data/weights.bin"), OutsideData(100));
  ASSERT_TRUE(Out("base", "two").ok());
  EXPECT_EQ(Written(), Model(1));
}

TEST_F(ExportGraphTest, AVersionWithoutAGraphSaysSo) {
  testing::SmallNet net(1);
  ASSERT_TRUE(testing::CommitNet(*store_, "net", net).ok());
  const auto result = Out("one", "net");
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().code, ErrorCode::kNotFound);
  const auto missing = Out("net", "one");
  ASSERT_FALSE(missing.ok());
  EXPECT_NE(missing.error().message.find("w (missing)"), std::string::npos);
}

}  // namespace
}  // namespace dlv::store

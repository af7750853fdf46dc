// Exports of a version: tied tensors, shards, other types, stamps.

#include "storage/store/export_tensors.h"

#include <filesystem>
#include <fstream>
#include <sstream>

#include "storage/interchange/export.h"
#include "storage/store/checkout.h"
#include "storage/store/export_plan.h"
#include "tests/unit/storage/interchange/pickle_writer.h"
#include "tests/unit/storage/store/store_fixture.h"

namespace dlv::store {
namespace {

namespace fs = std::filesystem;
using testing::CommitNet;
using testing::PutFile;
using testing::SmallNet;

class TextSink final : public io::ByteSink {
 public:
  Status Write(std::span<const std::byte> bytes) override {
    text.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    return Ok();
  }
  std::string text;
};

/// An embedding, an output layer tied to it, and one with equal bytes of its own.
class TiedNet : public TensorSource {
 public:
  std::size_t size() const override { return 3; }
  TensorInfo Info(std::size_t index) const override {
    TensorInfo info;
    info.name = index == 0 ? "embed" : index == 1 ? "head" : "twin";
    info.shape = {50, 20};
    return info;
  }
  Status Read(std::size_t, std::uint64_t offset, std::span<std::byte> out) override {
    std::vector<float> values(1000);
    for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<float>(i) * 1.0e3F;
    std::memcpy(out.data(), reinterpret_cast<const char*>(values.data()) + offset, out.size());
    return Ok();
  }
};

class ExportTensorsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "dlv-export-XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
    store_ = testing::InitOn(disk_);
    ASSERT_NE(store_, nullptr);
    ASSERT_TRUE(disk_.MakeDirectory("/src").ok());
    TiedNet net;
    TextSink file;
    ASSERT_TRUE(interchange::ExportPyTorch(net, {.tied_to = {0, 0, 2}}, file).ok());
    PutFile(disk_, "/src/model.pt", file.text);
    CommitRequest request;
    request.model = "m";
    request.files = {{"/src/model.pt", "", {}}};
    const auto result = Commit(*store_, request, {.threads = 1});
    ASSERT_TRUE(result.ok()) << result.error().message;
  }
  void TearDown() override { fs::remove_all(folder_); }

  CheckoutResult Out(CheckoutOptions options, const std::string& reference = "m") {
    if (options.output.empty()) options.output = folder_ / std::to_string(++count_);
    last_ = options.output;
    auto result = Checkout(*store_, reference, options, {.threads = 1});
    EXPECT_TRUE(result.ok()) << result.error().message;
    return result.ok() ? std::move(result).value() : CheckoutResult();
  }
  std::string Slurp(const std::string& name) const {
    std::ostringstream text;
    text << std::ifstream(last_ / name, std::ios::binary).rdbuf();
    return text.str();
  }
  static CheckoutOptions Options(CheckoutFormat format) {
    CheckoutOptions options;
    options.format = format;
    return options;
  }
  ErrorCode CodeOf(CheckoutOptions options) {
    options.output = folder_ / "refused";
    const auto result = Checkout(*store_, "m", options, {});
    return result.ok() ? ErrorCode::kInternal : result.error().code;
  }

  testing::FaultyFileSystem disk_;
  std::unique_ptr<Store> store_;
  fs::path folder_, last_;
  int count_ = 0;
};

constexpr std::size_t kTensorBytes = 4000;

TEST_F(ExportTensorsTest, PyTorchKeepsTiesUnlessToldOtherwise) {
  CheckoutOptions options = Options(CheckoutFormat::kPyTorch);
  const auto kept = Out(options);
  ASSERT_EQ(kept.files.size(), 1u);
  EXPECT_EQ(kept.files[0].path.filename(), "model.pt");
  options.tied = TiedTensors::kDuplicate;
  const auto twice = Out(options);
  EXPECT_GE(twice.files[0].size_bytes, kept.files[0].size_bytes + kTensorBytes);
  options.tied = TiedTensors::kDrop;
  const auto dropped = Out(options);
  EXPECT_LT(dropped.files[0].size_bytes, kept.files[0].size_bytes);
  ASSERT_EQ(dropped.warnings.size(), 1u) << "the twin has bytes of its own";
  EXPECT_NE(dropped.warnings[0].find("head is left out: it is tied to embed"), std::string::npos);
}

TEST_F(ExportTensorsTest, SafetensorsWriteEveryNameOrListWhatTheyDropped) {
  CheckoutOptions options = Options(CheckoutFormat::kSafetensors);
  Out(options);
  EXPECT_NE(Slurp("model.safetensors").find("\"head\":{"), std::string::npos);
  options.tied = TiedTensors::kDrop;
  Out(options);
  const std::string text = Slurp("model.safetensors");
  EXPECT_EQ(text.find("\"head\":{"), std::string::npos);
  EXPECT_NE(text.find("\"head\":\"embed\""), std::string::npos) << "as save_model of safetensors";
  options.tied = TiedTensors::kKeep;
  EXPECT_EQ(CodeOf(options), ErrorCode::kInvalidArgument);
}

TEST_F(ExportTensorsTest, APartOfATieStandsForItself) {
  CheckoutOptions options = Options(CheckoutFormat::kPyTorch);
  options.tensor_glob = "head";
  EXPECT_TRUE(Out(options).warnings.empty());
  options.tied = TiedTensors::kDrop;
  EXPECT_TRUE(Out(options).warnings.empty());
}

/// Two names of all of storage 0, with other views of it between them, and an expanded scalar.
std::string SharedStorages() {
  std::vector<float> values(1000);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<float>(i % 7) * 1.5F;
  interchange::PickleWriter out;
  out.Raw("}(").Text("emb").Tensor("FloatStorage", "0", 1000, 0, {50, 20}, {20, 1});
  out.Text("view").Tensor("FloatStorage", "0", 1000, 20, {10, 20}, {20, 1});
  out.Text("tr").Tensor("FloatStorage", "0", 1000, 0, {20, 50}, {1, 20});
  out.Text("scale").Tensor("FloatStorage", "1", 1, 0, {6, 5}, {0, 0});
  out.Text("head").Tensor("FloatStorage", "0", 1000, 0, {50, 20}, {20, 1}).Raw("u");
  const auto zip = interchange::BuildTorchZip(
      out.Stop(), {interchange::RawOf(values), interchange::RawOf(std::vector<float>{2.5F})});
  return {reinterpret_cast<const char*>(zip.data()), zip.size()};
}

TEST_F(ExportTensorsTest, WholeStoragesStayTiedBesideViewsOfThem) {
  PutFile(disk_, "/src/shared.pt", SharedStorages());
  CommitRequest request;
  request.model = "shared";
  request.files = {{"/src/shared.pt", "", {}}};
  ASSERT_TRUE(Commit(*store_, request, {.threads = 1}).ok());
  CheckoutOptions options = Options(CheckoutFormat::kPyTorch);
  Out(options, "shared");
  const std::string kept = Slurp("shared.pt");
  const auto file = io::MakeViewSource(std::as_bytes(std::span(kept.data(), kept.size())));
  const auto described = interchange::DescribeFile(*file, "shared.pt");
  ASSERT_TRUE(described.ok()) << described.error().message;
  std::vector<std::string> names;
  std::vector<bool> views;
  for (const auto& tensor : described->tensors) {
    names.push_back(tensor.name);
    views.push_back(tensor.view.has_value());
  }
  EXPECT_EQ(names, (std::vector<std::string>{"emb", "view", "tr", "scale", "head"}));
  EXPECT_EQ(views, (std::vector<bool>{false, false, false, false, true}));

  options.tied = TiedTensors::kDrop;
  const auto dropped = Out(options, "shared");
  ASSERT_EQ(dropped.warnings.size(), 1u);
  EXPECT_EQ(dropped.warnings[0], "shared.pt: head is left out: it is tied to emb");
  Out(Options(CheckoutFormat::kSafetensors), "shared");
  const std::string safetensors = Slurp("shared.safetensors");
  EXPECT_EQ(safetensors.find("\"storage."), std::string::npos) << "no name of the file";
  EXPECT_NE(safetensors.find("\"head\""), std::string::npos);

  options = Options(CheckoutFormat::kSafetensors);
  options.tensor_glob = "storage.*";
  options.output = folder_ / "none";
  EXPECT_EQ(Checkout(*store_, "shared", options, {}).error().code, ErrorCode::kNotFound);
}

/// The same name in the file itself: it is a tensor as any other.
TEST_F(ExportTensorsTest, ATensorThatIsCalledLikeAStorageIsExported) {
  interchange::PickleWriter out;
  out.Raw("}(").Text("model").Raw("}(").Text("w");
  out.Tensor("FloatStorage", "0", 2, 0, {2}, {1}).Raw("u").Text("storage").Raw("}(").Text("7");
  out.Tensor("FloatStorage", "1", 2, 0, {2}, {1}).Raw("uu");
  const auto zip = interchange::BuildTorchZip(
      out.Stop(), {interchange::ToBytes("abcdefgh"), interchange::ToBytes("ijklmnop")});
  PutFile(disk_, "/src/named.pt", {reinterpret_cast<const char*>(zip.data()), zip.size()});
  CommitRequest request;
  request.model = "named";
  request.files = {{"/src/named.pt", "", {}}};
  ASSERT_TRUE(Commit(*store_, request, {.threads = 1}).ok());
  EXPECT_TRUE(Out(Options(CheckoutFormat::kSafetensors), "named").warnings.empty());
  EXPECT_NE(Slurp("named.safetensors").find("\"storage.7\""), std::string::npos);
}

TEST_F(ExportTensorsTest, ShardsHaveAnIndex) {
  SmallNet net(1);  // 600,000 + 2,000 + 20,000 + 40 bytes of small ones
  ASSERT_TRUE(CommitNet(*store_, "net", net).ok());
  CheckoutOptions options = Options(CheckoutFormat::kSafetensors);
  options.shard_bytes = 22000;
  options.stamp = true;
  const auto result = Out(options, "net");
  ASSERT_EQ(result.files.size(), 4u);
  EXPECT_EQ(result.files[0].path.filename(), "model-00001-of-00003.safetensors");
  EXPECT_GT(result.files[0].size_bytes, 600000u) << "a tensor is never cut";
  EXPECT_EQ(result.files[3].path.filename(), "model.safetensors.index.json");
  const std::string index = Slurp("model.safetensors.index.json");
  EXPECT_NE(index.find("\"total_size\": 622040"), std::string::npos) << index;
  EXPECT_NE(index.find("\"layer1.weight\": \"model-00001-of-00003.safetensors\""),
            std::string::npos);
  EXPECT_NE(index.find("\"steps\": \"model-00003-of-00003.safetensors\""), std::string::npos);
  EXPECT_NE(index.find("\"dlv.commit\": \"net:v1\""), std::string::npos);
  options.shard_bytes = 1u << 30;
  options.output.clear();
  const auto one = Out(options, "net");
  ASSERT_EQ(one.files.size(), 1u);
  EXPECT_EQ(one.files[0].path.filename(), "model.safetensors");
  options.format = CheckoutFormat::kPyTorch;
  EXPECT_EQ(CodeOf(options), ErrorCode::kInvalidArgument);
}

/// Shards as others write them, each with metadata of its own.
TEST_F(ExportTensorsTest, CommittedShardsKeepTheirMetadataAndGetAnIndex) {
  CommitRequest request;
  request.model = "sharded";
  for (const std::string number : {"1", "2"}) {
    TiedNet net;
    TextSink file;
    interchange::ExportOptions options;
    options.metadata = {{"license", "mit"}, {"format", "jax"}, {"dlv.commit", "old:v" + number}};
    ASSERT_TRUE(interchange::ExportSafetensors(net, options, file).ok());
    std::string text = file.text;
    for (const char* name : {"\"embed\"", "\"head\"", "\"twin\""}) {  // as long as before
      text.replace(text.find(name) + 1, 1, number);
    }
    const std::string path = "/src/net-0000" + number + "-of-00002.safetensors";
    PutFile(disk_, path, text);
    request.files.push_back({path, "sub" + path.substr(4), {}});
  }
  const auto committed = Commit(*store_, request, {.threads = 1});
  ASSERT_TRUE(committed.ok()) << committed.error().message;
  CheckoutOptions options = Options(CheckoutFormat::kSafetensors);
  const auto plain = Out(options, "sharded");
  ASSERT_EQ(plain.files.size(), 3u);
  EXPECT_EQ(plain.files[2].path, last_ / "sub/net.safetensors.index.json");
  const std::string index = Slurp("sub/net.safetensors.index.json");
  EXPECT_NE(index.find("\"1mbed\": \"net-00001-of-00002.safetensors\""), std::string::npos)
      << index;
  EXPECT_NE(index.find("\"2win\": \"net-00002-of-00002.safetensors\""), std::string::npos);
  const std::string text = Slurp("sub/net-00002-of-00002.safetensors");
  EXPECT_NE(text.find(R"({"license":"mit","format":"jax","dlv.commit":"old:v2"})"),
            std::string::npos)
      << text.substr(0, 200);
  options.stamp = true;
  Out(options, "sharded");
  const std::string stamped = Slurp("sub/net-00002-of-00002.safetensors");
  EXPECT_EQ(stamped.find("old:v2"), std::string::npos) << "no key stands twice";
  EXPECT_NE(stamped.find(R"("dlv.commit":"sharded:v1")"), std::string::npos);
}

TEST_F(ExportTensorsTest, ShardsCannotHoldTwoTensorsOfOneName) {
  TiedNet net;
  TextSink file;
  ASSERT_TRUE(interchange::ExportSafetensors(net, {}, file).ok());
  PutFile(disk_, "/src/a.safetensors", file.text);
  CommitRequest request;
  request.model = "two";
  request.files = {{"/src/a.safetensors", "a.safetensors", {}},
                   {"/src/a.safetensors", "b.safetensors", {}}};
  ASSERT_TRUE(Commit(*store_, request, {}).ok());
  CheckoutOptions options = Options(CheckoutFormat::kSafetensors);
  options.output = folder_ / "two";
  options.shard_bytes = 1u << 20;
  const auto result = Checkout(*store_, "two", options, {});
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().code, ErrorCode::kInvalidArgument);
  EXPECT_TRUE(!fs::exists(folder_ / "two") || fs::is_empty(folder_ / "two")) << "nothing is left";
}

TEST_F(ExportTensorsTest, AnotherTypeIsRoundedAndCounted) {
  CheckoutOptions options = Options(CheckoutFormat::kSafetensors);
  options.dtype = DType::kF16;
  options.tied = TiedTensors::kDrop;
  const auto half = Out(options);
  EXPECT_NE(Slurp("model.safetensors").find("\"dtype\":\"F16\""), std::string::npos);
  ASSERT_EQ(half.warnings.size(), 2u);
  // Of 0, 1e3, 2e3, ... 999e3 those above 65,520 overflow (66 to 999), and some below are rounded.
  EXPECT_NE(half.warnings[1].find("of 2000 values are rounded"), std::string::npos);
  EXPECT_NE(half.warnings[1].find("1868 are too large and become infinite"), std::string::npos)
      << half.warnings[1];
  options.dtype = DType::kF64;
  EXPECT_EQ(Out(options).warnings.size(), 1u) << "nothing changes";
  SmallNet net(1);
  ASSERT_TRUE(CommitNet(*store_, "net", net).ok());
  options.output.clear();
  Out(options, "net");
  EXPECT_NE(Slurp("net.safetensors").find("\"steps\":{\"dtype\":\"I64\""), std::string::npos)
      << "integers stay as they are";
  options.dtype = DType::kI8;
  EXPECT_EQ(CodeOf(options), ErrorCode::kInvalidArgument);
}

TEST_F(ExportTensorsTest, StampsSayWhereItCameFrom) {
  CheckoutOptions options = Options(CheckoutFormat::kSafetensors);
  Out(options);
  EXPECT_EQ(Slurp("model.safetensors").find("dlv."), std::string::npos) << "only when asked";
  options.stamp = true;
  Out(options);
  EXPECT_NE(Slurp("model.safetensors").find("\"dlv.commit\":\"m:v1\""), std::string::npos);
  options.format = CheckoutFormat::kPyTorch;
  Out(options);
  EXPECT_NE(Slurp("model.pt").find("archive/extra/dlv.version"), std::string::npos);
  options.format = CheckoutFormat::kNpz;
  EXPECT_EQ(CodeOf(options), ErrorCode::kInvalidArgument);
}

}  // namespace
}  // namespace dlv::store

// Very small tensors through the store: they cost less than they are, and nobody sees a difference.

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "storage/io/hash.h"
#include "storage/store/archive_rewrite.h"
#include "storage/store/garbage.h"
#include "storage/store/rebuild.h"
#include "storage/store/remove.h"
#include "storage/store/version_diff.h"
#include "tests/fault/some_rates.h"
#include "tests/unit/storage/store/small_repository_test.h"

namespace dlv::store {
namespace {

using testing::CommitNet;

/// Tensors of sixteen numbers, and a few others between them.
class TinyNet : public TensorSource {
 public:
  explicit TinyNet(std::size_t count, unsigned seed = 1) : random_(seed) {
    for (std::size_t i = 0; i < count; ++i) {
      Tensor tensor;
      tensor.info.name = "layer." + std::to_string(i);
      tensor.info.dtype = i % 10 == 9 ? DType::kI64 : DType::kF32;
      tensor.info.shape = i % 50 == 7 ? Shape{30, 40} : Shape{4, 4};
      tensor.bytes.resize(tensor.info.element_count() * SizeOf(tensor.info.dtype));
      tensors_.push_back(std::move(tensor));
      Move(i, 0.02F);
    }
  }
  void Step() {
    for (std::size_t i = 0; i < tensors_.size(); ++i) Move(i, 0.0001F);
  }
  void Move(std::size_t index, float by) {
    std::normal_distribution<float> normal(0, by);
    Tensor& tensor = tensors_[index];
    for (std::size_t at = 0; at + 4 <= tensor.bytes.size(); at += 4) {
      float value = 0;
      std::memcpy(&value, tensor.bytes.data() + at, 4);
      value += normal(random_);
      std::memcpy(tensor.bytes.data() + at, &value, 4);
    }
  }
  std::uint64_t raw_bytes() const {
    std::uint64_t sum = 0;
    for (const Tensor& tensor : tensors_) sum += tensor.bytes.size();
    return sum;
  }
  const std::vector<Tensor>& tensors() const { return tensors_; }
  std::size_t size() const override { return tensors_.size(); }
  TensorInfo Info(std::size_t index) const override { return tensors_[index].info; }
  Status Read(std::size_t index, std::uint64_t offset, std::span<std::byte> out) override {
    std::memcpy(out.data(), tensors_[index].bytes.data() + offset, out.size());
    return Ok();
  }

 private:
  std::mt19937 random_;
  std::vector<Tensor> tensors_;
};

/// A safetensors file with two tensors of `count` numbers, "a" and "b".
std::string PairText(std::size_t count, unsigned seed) {
  const std::string one = std::to_string(count * 4), two = std::to_string(count * 8);
  const std::string shape = R"({"dtype":"F32","shape":[)" + std::to_string(count) + "]";
  std::string header = R"({"a":)" + shape + R"(,"data_offsets":[0,)" + one + R"(]},"b":)" + shape +
                       R"(,"data_offsets":[)" + one + "," + two + "]}}";
  while (header.size() % 8 != 0) header.push_back(' ');
  std::string text(8, '\0');
  const std::uint64_t length = header.size();
  std::memcpy(text.data(), &length, 8);
  text += header;
  std::mt19937 random(seed);
  std::normal_distribution<float> normal(0.0F, 0.02F);
  for (std::size_t i = 0; i < 2 * count; ++i) {
    const float value = normal(random);
    text.append(reinterpret_cast<const char*>(&value), 4);
  }
  return text;
}

/// An ONNX file with `count` initializers of sixteen numbers.
std::string OnnxText(std::size_t count, unsigned seed) {
  const auto bytes = [](char field, const std::string& text) {
    std::string length;
    std::size_t left = text.size();
    for (; left >= 0x80; left >>= 7) length += static_cast<char>(left | 0x80);
    return std::string(1, static_cast<char>(field << 3 | 2)) + length + static_cast<char>(left) +
           text;
  };
  std::mt19937 random(seed);
  std::normal_distribution<float> normal(0.0F, 0.02F);
  std::string graph = bytes(2, "net");
  for (std::size_t i = 0; i < count; ++i) {
    std::string raw;
    for (int k = 0; k < 16; ++k) {
      const float value = normal(random);
      raw.append(reinterpret_cast<const char*>(&value), sizeof value);
    }
    const std::string type("\x08\x10\x10\x01", 4);  // dims 16, FLOAT
    graph += bytes(5, type + bytes(8, "w" + std::to_string(i)) + bytes(9, raw));
  }
  const std::string opset("\x10\x11", 2);
  return std::string("\x08\x08", 2) + bytes(7, graph) + bytes(8, opset);
}

class InStrips : public SmallRepositoryTest {
 protected:
  void ExpectTensors(const std::string& reference, const TinyNet& net) {
    const auto details = Describe(*store_, reference);
    ASSERT_TRUE(details.ok()) << details.error().message;
    ASSERT_EQ(details->tensors.size(), net.size());
    for (std::size_t i = 0; i < net.size(); ++i) {
      const Tensor& want = net.tensors()[i];
      const ChunkId chunk = io::HashChunk(want.info.dtype, want.bytes);
      EXPECT_EQ(details->tensors[i].id,
                io::HashTensor(want.info.dtype, want.info.element_count(), {&chunk, 1}))
          << want.info.name;
      EXPECT_EQ(Bytes(reference + "/" + want.info.name), want.bytes) << want.info.name;
    }
  }
  std::uint64_t StoredBytes() {
    std::uint64_t bytes = disk_.Content("/repo/.dlv/catalog.db").size();
    for (const std::string& pack : Packs())
      bytes += disk_.Content("/repo/.dlv/packs/" + pack).size();
    return bytes;
  }
};

TEST_F(InStrips, TensorsComeBackWithTheirIds) {
  TinyNet net(120);
  const auto first = CommitNet(*store_, "tiny", net);
  ASSERT_TRUE(first.ok()) << first.error().message;
  EXPECT_EQ(first->tensors_total, 120U);
  EXPECT_EQ(first->tensors_new, 120U);
  const TinyNet before = net;
  net.Step();
  const auto second = CommitNet(*store_, "tiny", net);
  ASSERT_TRUE(second.ok()) << second.error().message;
  EXPECT_EQ(second->tensors_delta, 120U);
  Reopen();
  ExpectTensors("tiny:v2", net);
  ExpectTensors("tiny:v1", before);
  ExpectClean();
}

TEST_F(InStrips, AVersionCostsLessThanItsNumbers) {
  TinyNet net(300);
  std::uint64_t before = 0;
  constexpr unsigned kVersions = 40;
  for (unsigned i = 0; i <= kVersions; ++i) {
    if (i == 1) before = StoredBytes();  // the first one brings the layout
    net.Step();
    ASSERT_TRUE(CommitNet(*store_, "tiny", net).ok());
  }
  const std::uint64_t each = (StoredBytes() - before) / kVersions;
  EXPECT_LT(each, net.raw_bytes() * 9 / 10) << "of " << net.raw_bytes();
}

TEST_F(InStrips, DiffFindsTheOneThatMoved) {
  TinyNet net(60);
  ASSERT_TRUE(CommitNet(*store_, "tiny", net).ok());
  net.Move(13, 1);
  ASSERT_TRUE(CommitNet(*store_, "tiny", net).ok());
  Reopen();
  const auto diff = Diff(*store_, "tiny:v1", "tiny:v2");
  ASSERT_TRUE(diff.ok()) << diff.error().message;
  for (const TensorChange& change : diff->tensors) {
    EXPECT_EQ(change.kind == TensorChange::Kind::kChanged, change.name == "layer.13")
        << change.name;
  }
}

TEST_F(InStrips, SurviveArchiveRemovalOfTheParentGcAndRebuild) {
  TinyNet net(90);
  ASSERT_TRUE(CommitNet(*store_, "tiny", net).ok());
  for (int i = 0; i < 3; ++i) {
    net.Step();
    ASSERT_TRUE(CommitNet(*store_, "tiny", net).ok());
  }
  ASSERT_TRUE(ArchiveRewrite(*store_, "", testing::SettingsWithRates(), {.threads = 1}).ok());
  ASSERT_TRUE(Remove(*store_, {"tiny:v1", "tiny:v2"}, true, false).ok());
  ASSERT_TRUE(CollectGarbage(*store_, {.execute = true, .use_trash = false}, {.threads = 1}).ok());
  Reopen();
  ExpectTensors("tiny:v4", net);
  ExpectClean();
  store_.reset();
  ASSERT_TRUE(disk_.Delete("/repo/.dlv/catalog.db"));
  ASSERT_TRUE(RebuildCatalog(testing::kRoot, Options(), {}).ok());
  Reopen();
  ExpectTensors("tiny:v4", net);
  ExpectClean();
}

TEST_F(InStrips, OneTensorMoreThanTheParentIsStoredWithoutABase) {
  TinyNet net(30);
  ASSERT_TRUE(CommitNet(*store_, "tiny", net).ok());
  TinyNet more(33);
  ASSERT_TRUE(CommitNet(*store_, "tiny", more).ok());
  Reopen();
  ExpectTensors("tiny:v1", net);
  ExpectTensors("tiny:v2", more);
}

TEST_F(InStrips, ATensorOfAStripAlsoStandsForItself) {
  // Alone in its file it is no member of a strip; both forms give the same tensor.
  TinyNet both(2), one(1);
  ASSERT_TRUE(CommitNet(*store_, "both", both).ok());
  ASSERT_TRUE(CommitNet(*store_, "one", one).ok());
  Reopen();
  ExpectTensors("one", one);
  ExpectTensors("both", both);
  ASSERT_TRUE(Remove(*store_, {"both"}, true, false).ok());
  ASSERT_TRUE(CollectGarbage(*store_, {.execute = true, .use_trash = false}, {.threads = 1}).ok());
  ExpectTensors("one", one);  // what was known of the strip is gone
}

class InStripsExported : public InStrips {
 protected:
  void SetUp() override {
    InStrips::SetUp();
    std::string pattern = (std::filesystem::temp_directory_path() / "dlv-strips-XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
    ASSERT_TRUE(CommitNet(*store_, "tiny", net_).ok());
    net_.Step();
    ASSERT_TRUE(CommitNet(*store_, "tiny", net_).ok());  // strips as deltas, too
    Reopen();
  }
  void TearDown() override {
    std::filesystem::remove_all(folder_);
    InStrips::TearDown();
  }

  /// Writes tiny:v2 and commits what was written: under the same names the same elements.
  void ExpectComesBack(CheckoutOptions options, std::size_t files = 1) {
    options.output = folder_;
    const auto out = Checkout(*store_, "tiny", options, {.threads = 1});
    ASSERT_TRUE(out.ok()) << out.error().message;
    ASSERT_EQ(out->files.size(), files);
    CommitRequest request;
    request.model = "back";
    for (const CheckedOutFile& file : out->files) {
      std::ostringstream text;
      text << std::ifstream(file.path, std::ios::binary).rdbuf();
      const std::string path = "/src/" + file.path.filename().string();
      testing::PutFile(disk_, path, text.str());
      request.files.push_back({path, "", {}});
    }
    const auto back = Commit(*store_, request, {.threads = 1});
    ASSERT_TRUE(back.ok()) << back.error().message;
    EXPECT_EQ(back->tensors_new == 0, files == 1) << "shards have other strips";
    ExpectEqualTensors("back");
  }
  void ExpectEqualTensors(const std::string& reference) {
    const auto wanted = Describe(*store_, "tiny"), got = Describe(*store_, reference);
    ASSERT_TRUE(wanted.ok() && got.ok());
    std::map<std::string, TensorId> ids;
    for (const TensorInfo& tensor : got->tensors) ids[tensor.name] = tensor.id;
    ASSERT_EQ(ids.size(), wanted->tensors.size());
    for (const TensorInfo& tensor : wanted->tensors)
      EXPECT_EQ(ids[tensor.name], tensor.id) << tensor.name;
  }

  TinyNet net_{120};
  std::filesystem::path folder_;
};

TEST_F(InStripsExported, Safetensors) {
  CheckoutOptions options;
  options.format = CheckoutFormat::kSafetensors;
  ExpectComesBack(options);
}

TEST_F(InStripsExported, ShardsOfSafetensors) {
  CheckoutOptions options;
  options.format = CheckoutFormat::kSafetensors;
  options.shard_bytes = 8000;
  options.output = folder_;
  const auto out = Checkout(*store_, "tiny", options, {.threads = 1});
  ASSERT_TRUE(out.ok()) << out.error().message;
  ASSERT_GT(out->files.size(), 3U);
  options.overwrite = true;
  ExpectComesBack(options, out->files.size());
}

TEST_F(InStripsExported, Npz) {
  CheckoutOptions options;
  options.format = CheckoutFormat::kNpz;
  ExpectComesBack(options);
}

TEST_F(InStripsExported, PyTorch) {
  CheckoutOptions options;
  options.format = CheckoutFormat::kPyTorch;
  ExpectComesBack(options);
}

TEST_F(InStripsExported, OneTensorAlone) {
  CheckoutOptions options;
  options.format = CheckoutFormat::kSafetensors;
  options.tensor_glob = "layer.33";
  options.output = folder_;
  const auto out = Checkout(*store_, "tiny", options, {.threads = 1});
  ASSERT_TRUE(out.ok()) << out.error().message;
  std::ostringstream text;
  text << std::ifstream(out->files.at(0).path, std::ios::binary).rdbuf();
  const std::vector<std::byte>& want = net_.tensors()[33].bytes;
  EXPECT_TRUE(text.str().ends_with(
      std::string_view(reinterpret_cast<const char*>(want.data()), want.size())));
}

TEST_F(InStripsExported, Onnx) {
  const auto put = [this](const std::string& path, unsigned seed) {
    testing::PutFile(disk_, path, OnnxText(60, seed));
    CommitRequest request;
    request.model = path.substr(5, 1);
    request.files = {{path, "", {}}};
    const auto done = Commit(*store_, request, {.threads = 1});
    ASSERT_TRUE(done.ok()) << done.error().message;
    ASSERT_EQ(done->tensors_total, 60U);
  };
  put("/src/a.onnx", 1);
  put("/src/b.onnx", 2);
  CheckoutOptions options;
  options.format = CheckoutFormat::kOnnx;
  options.graph = "a";
  options.output = folder_;
  const auto out = Checkout(*store_, "b", options, {.threads = 1});
  ASSERT_TRUE(out.ok()) << out.error().message;
  std::ostringstream text;
  text << std::ifstream(folder_ / "a.onnx", std::ios::binary).rdbuf();
  EXPECT_EQ(text.str(), OnnxText(60, 2));
}

TEST_F(InStrips, AFileCommittedAgainIsKnown) {
  testing::PutFile(disk_, "/src/two.safetensors", PairText(40, 9));
  CommitRequest request;
  request.model = "file";
  request.files = {{"/src/two.safetensors", "", {}}};
  const auto first = Commit(*store_, request, {.threads = 1});
  ASSERT_TRUE(first.ok()) << first.error().message;
  EXPECT_EQ(first->tensors_total, 2U);
  request.model = "copy";
  const auto second = Commit(*store_, request, {.threads = 1});
  ASSERT_TRUE(second.ok()) << second.error().message;
  EXPECT_EQ(second->tensors_total, 2U);
  EXPECT_EQ(second->tensors_new, 0U);
  Reopen();
  ExpectClean();
  EXPECT_EQ(Bytes("copy/a"), Bytes("file/a"));
  CheckoutOptions options;
  const std::filesystem::path output =
      std::filesystem::temp_directory_path() /
      ("dlv-strips-" + std::to_string(static_cast<unsigned long>(::getpid())));
  options.output = output;
  const auto out = Checkout(*store_, "copy", options, {.threads = 1});
  EXPECT_TRUE(out.ok()) << out.error().message;  // its SHA-256 is compared
  std::filesystem::remove_all(output);
}

}  // namespace
}  // namespace dlv::store

// Networks of versions in the catalog, with an importer that knows nodes by their names alone.

#include "storage/store/version_network.h"

#include <fstream>
#include <iterator>

#include "storage/interchange/network_file.h"
#include "storage/store/copy.h"
#include "storage/store/file_skeleton.h"
#include "storage/store/rebuild.h"
#include "storage/store/resolve.h"
#include "tests/support/source_root.h"
#include "tests/unit/storage/store/store_fixture.h"

namespace dlv::store {
namespace {

using testing::CommitNet;
using testing::PutFile;
using testing::RequestOf;
using testing::SmallNet;

class NamesOfNodes : public NetworkImporter {
 public:
  Result<ImportedNetwork> Encode(Network raw) const override {
    std::string names;
    for (const NetworkNode& node : raw.nodes) names += node.original_name + " ";
    ImportedNetwork imported;
    for (std::size_t i = 0; i < names.size(); ++i) {
      imported.form.push_back(static_cast<std::byte>(names[i]));
      imported.id.bytes[i % 32] ^= static_cast<std::uint8_t>(names[i] * (i + 1));
    }
    return imported;
  }
  Result<Network> ReadText(std::string_view text) const override {
    Network network;
    network.nodes.emplace_back().original_name = std::string(text);
    return network;
  }
};

constexpr std::string_view kFirst =
    R"(input: "x" input_dim: 1 input_dim: 3 input_dim: 8 input_dim: 8
layer { name: "relu" type: "ReLU" bottom: "x" top: "y" })";
constexpr std::string_view kSecond =
    R"(input: "x" input_dim: 1 input_dim: 3 input_dim: 8 input_dim: 8
layer { name: "tanh" type: "TanH" bottom: "x" top: "y" })";
constexpr std::string_view kBroken = R"(layer { name: "a" type: "ReLU" bottom: "b" top: "b" })";

class VersionNetwork : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(disk_.MakeDirectory("/in").ok());
    PutFile(disk_, "/in/net.prototxt", kFirst);
    PutFile(disk_, "/in/other.prototxt", kSecond);
    PutFile(disk_, "/in/broken.prototxt", kBroken);
    PutFile(disk_, "/in/text.dlvnet", "words");
    auto made = Store::Init(testing::kRoot, Options(true));
    ASSERT_TRUE(made.ok()) << made.error().message;
    store_ = std::move(*made);
  }

  StoreOptions Options(bool with_networks) {
    StoreOptions options;
    options.file_system = &disk_;
    options.lock_timeout_ms = 0;
    if (with_networks) options.networks = &importer_;
    return options;
  }

  Result<CommitResult> Commit(const std::string& model, const std::vector<std::string>& files,
                              const std::string& graph = {}) {
    SmallNet net(static_cast<unsigned>(model.size()), 80);
    CommitRequest request = RequestOf(model, net);
    for (const std::string& file : files) request.files.push_back({"/in/" + file, "", {}});
    if (!graph.empty()) request.graph = "/in/" + graph;
    return store::Commit(*store_, request, {.threads = 1});
  }

  Result<StoredNetwork> Read(const std::string& reference) {
    DLV_ASSIGN(const Target target, ResolveTarget(*store_, reference));
    DLV_ASSIGN(const auto manifest, ReadVersionManifest(*store_, target.version));
    return ReadStoredNetwork(*store_, target.version, manifest);
  }

  std::string FormOf(const std::string& reference) {
    const auto stored = Read(reference);
    if (!stored.ok()) return std::string(stored.error().message);
    std::string text;
    for (const std::byte byte : stored->form) text += static_cast<char>(byte);
    return stored->file + ": " + text;
  }

  std::uint64_t Rows(const char* table) {
    return *store_->Read([&](const catalog::Catalog& catalog) -> Result<std::uint64_t> {
      DLV_ASSIGN(auto counts, catalog.DumpCounts());
      return counts[table];
    });
  }

  testing::FaultyFileSystem disk_;
  NamesOfNodes importer_;
  std::unique_ptr<Store> store_;
};

TEST_F(VersionNetwork, IsKeptOnceAndByRank) {
  ASSERT_TRUE(Commit("a", {"net.prototxt"}).ok());
  ASSERT_TRUE(Commit("bb", {"net.prototxt", "other.prototxt"}).ok());
  ASSERT_TRUE(Commit("ccc", {"net.prototxt", "text.dlvnet"}).ok());
  ASSERT_TRUE(Commit("dddd", {"net.prototxt"}, "other.prototxt").ok());
  ASSERT_TRUE(Commit("eeeee", {}).ok());
  EXPECT_EQ(FormOf("a"), "net.prototxt: relu ");
  EXPECT_EQ(FormOf("bb"), "net.prototxt: relu ");
  EXPECT_EQ(FormOf("ccc"), "text.dlvnet: words ");
  EXPECT_EQ(FormOf("dddd"), "other.prototxt: tanh ");
  EXPECT_EQ(FormOf("eeeee"), "eeeee:v1 has no file that describes its network");
  EXPECT_EQ(Rows("graph"), 3u);
  EXPECT_EQ(Rows("version_graph"), 5u);
}

TEST_F(VersionNetwork, OneThatCannotBeReadIsAWarning) {
  const auto result = Commit("a", {"broken.prototxt"});
  ASSERT_TRUE(result.ok()) << result.error().message;
  ASSERT_EQ(result->warnings.size(), 1u);
  EXPECT_EQ(result->warnings[0],
            "broken.prototxt: its network is not read: caffe, layer 'a': reads 'b', which no layer "
            "before it makes");
  EXPECT_EQ(Read("a").error().code, ErrorCode::kNotFound);
  EXPECT_NE(FormOf("a").find("no network that can be read: broken.prototxt"), std::string::npos);
  const auto both = Commit("bb", {"broken.prototxt", "net.prototxt"});
  ASSERT_TRUE(both.ok());
  EXPECT_TRUE(both->warnings.empty());
  EXPECT_EQ(FormOf("bb"), "net.prototxt: relu ");
}

TEST_F(VersionNetwork, AGivenGraphMustBeOne) {
  EXPECT_EQ(Commit("a", {}, "broken.prototxt").error().code, ErrorCode::kCorruption);
  PutFile(disk_, "/in/solver.prototxt", "base_lr: 0.1");
  const auto none = Commit("a", {}, "solver.prototxt");
  ASSERT_FALSE(none.ok());
  EXPECT_EQ(none.error().code, ErrorCode::kInvalidArgument);
  EXPECT_NE(none.error().message.find("describes no network"), std::string::npos);
  EXPECT_EQ(Commit("a", {}, "missing.onnx").error().code, ErrorCode::kNotFound);
  EXPECT_EQ(Rows("version"), 0u);
}

TEST_F(VersionNetwork, GivingAGraphLaterIsAChange) {
  ASSERT_TRUE(Commit("a", {"net.prototxt"}).ok());
  EXPECT_TRUE(Commit("a", {"net.prototxt"})->unchanged);
  const auto later = Commit("a", {"net.prototxt"}, "net.prototxt");
  ASSERT_TRUE(later.ok()) << later.error().message;
  EXPECT_FALSE(later->unchanged);
  EXPECT_EQ(later->version.number, 2u);
}

TEST_F(VersionNetwork, ARebuiltCatalogGetsThemFromTheFiles) {
  ASSERT_TRUE(Commit("a", {"net.prototxt"}).ok());
  ASSERT_TRUE(Commit("bb", {"net.prototxt"}, "other.prototxt").ok());
  const auto a = Read("a"), bb = Read("bb");
  ASSERT_TRUE(a.ok() && bb.ok());
  store_.reset();
  ASSERT_TRUE(disk_.Delete("/repo/.dlv/catalog.db"));
  ASSERT_TRUE(RebuildCatalog(testing::kRoot, Options(true), {}).ok());
  store_ = std::move(*Store::Open(testing::kRoot, Options(true)));
  EXPECT_EQ(Rows("version_graph"), 0u);
  EXPECT_EQ(Read("bb")->form, bb->form);  // read on demand
  ASSERT_TRUE(FillNetworks(*store_).ok());
  EXPECT_EQ(Rows("version_graph"), 2u);
  EXPECT_EQ(Read("a")->id, a->id);
  EXPECT_EQ(Read("bb")->id, bb->id);
  EXPECT_EQ(Read("bb")->file, "other.prototxt");
  ASSERT_TRUE(FillNetworks(*store_).ok());  // nothing is left to do
}

TEST_F(VersionNetwork, AStoreWithoutImporterKeepsNone) {
  store_ = std::move(*Store::Open(testing::kRoot, Options(false)));
  ASSERT_TRUE(Commit("a", {"net.prototxt"}).ok());
  EXPECT_EQ(Rows("version_graph"), 0u);
  store_ = std::move(*Store::Open(testing::kRoot, Options(true)));
  EXPECT_EQ(FormOf("a"), "net.prototxt: relu ");
}

TEST_F(VersionNetwork, CopiesHaveIt) {
  ASSERT_TRUE(Commit("a", {"net.prototxt"}).ok());
  CopyRequest request;
  request.source = "a";
  request.model = "b";
  const auto copy = Copy(*store_, request, {});
  ASSERT_TRUE(copy.ok()) << copy.error().message;
  EXPECT_EQ(FormOf("b"), "net.prototxt: relu ");
  EXPECT_EQ(Rows("graph"), 1u);
}

TEST_F(VersionNetwork, ASkeletonHasAllButWeights) {
  const auto path = testing::SourceRoot() / "datasets/lenet_fashion/lenet.onnx";
  std::ifstream in(path, std::ios::binary);
  const std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  ASSERT_FALSE(text.empty());
  PutFile(disk_, "/in/lenet.onnx", text);
  ASSERT_TRUE(Commit("a", {"lenet.onnx"}).ok());
  const auto target = ResolveTarget(*store_, "a");
  const auto manifest = ReadVersionManifest(*store_, target->version);
  ASSERT_TRUE(manifest.ok());
  const archive::ManifestFile& file = manifest->files.at(0);
  ASSERT_EQ(file.form, archive::FileForm::kRecipe);
  const auto content = ReadSnapshot(*store_, *manifest, *file.snapshot);
  ASSERT_TRUE(content.ok());
  const auto skeleton = OpenSkeleton({store_->tensors(), store_->blobs()}, file,
                                     TensorsOfFile(*content, 0), interchange::kMinUnreadBytes);
  ASSERT_TRUE(skeleton.ok()) << skeleton.error().message;
  ASSERT_EQ((*skeleton)->size(), text.size());
  std::vector<std::byte> bytes(text.size());
  for (std::size_t at = 0; at < bytes.size(); at += 1000) {  // in pieces that cross borders
    const std::size_t size = std::min<std::size_t>(1000, bytes.size() - at);
    const Status read = (*skeleton)->ReadAt(at, std::span(bytes).subspan(at, size));
    ASSERT_TRUE(read.ok()) << at << ": " << read.error().message;
  }
  std::size_t hidden = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (bytes[i] == static_cast<std::byte>(text[i])) continue;
    ASSERT_EQ(bytes[i], std::byte{0}) << i;
    ++hidden;
  }
  EXPECT_GT(hidden, text.size() / 2);
  std::byte one;
  EXPECT_FALSE((*skeleton)->ReadAt(text.size(), {&one, 1}).ok());
}

}  // namespace
}  // namespace dlv::store

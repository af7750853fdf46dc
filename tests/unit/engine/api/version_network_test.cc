// Networks of versions, on real files of the repository's data set.

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>

#include "dlv/dlv.h"
#include "tests/support/source_root.h"

namespace dlv {
namespace {

namespace fs = std::filesystem;

class VersionNetworks : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::temp_directory_path() / ("dlv-networks-" + std::to_string(getpid()));
    fs::remove_all(folder_);
    fs::create_directories(folder_);
    auto made = Repository::Init(folder_);
    ASSERT_TRUE(made.ok()) << made.error().message;
    repository_ = std::move(*made);
  }
  void TearDown() override {
    repository_.reset();
    fs::remove_all(folder_);
  }

  static fs::path Data(const std::string& name) {
    return testing::SourceRoot() / "datasets/lenet_fashion" / name;
  }

  fs::path Write(const std::string& name, const std::string& text) const {
    std::ofstream(folder_ / name) << text;
    return folder_ / name;
  }

  Result<CommitResult> Commit(const std::string& model, const std::vector<fs::path>& files,
                              const fs::path& graph = {}, bool guesses = false) {
    CommitRequest request;
    request.model = model;
    request.author = "tester";
    request.side_information = false;
    request.graph = graph;
    request.accept_guesses = guesses;
    for (const fs::path& file : files) request.files.push_back({file, "", {}});
    return repository_->Commit(request);
  }

  NetworkReport Read(const std::string& reference) {
    auto report = repository_->ReadNetwork(reference);
    EXPECT_TRUE(report.ok()) << (report.ok() ? "" : report.error().message);
    return report.ok() ? std::move(*report) : NetworkReport{};
  }

  static std::size_t Count(const NetworkReport& report, ParameterMatch match) {
    std::size_t count = 0;
    for (const ParameterBinding& binding : report.bindings) count += binding.match == match;
    return count;
  }

  fs::path folder_;
  std::unique_ptr<Repository> repository_;
};

TEST_F(VersionNetworks, AnOnnxFileHasItsNetwork) {
  ASSERT_TRUE(Commit("lenet", {Data("lenet.onnx")}).ok());
  const NetworkReport report = Read("lenet");
  EXPECT_EQ(report.file, "lenet.onnx");
  EXPECT_EQ(report.network.inputs.size(), 1u);
  EXPECT_FALSE(report.network.nodes.empty());
  EXPECT_EQ(Count(report, ParameterMatch::kName), report.network.parameters.size());
  EXPECT_TRUE(report.unused_tensors.empty());
  EXPECT_TRUE(report.warnings.empty());
  const auto diff = repository_->DiffNetworks("lenet", "lenet");
  ASSERT_TRUE(diff.ok()) << diff.error().message;
  EXPECT_TRUE(diff->identical());
  EXPECT_EQ(diff->same, report.network.nodes.size());
}

TEST_F(VersionNetworks, WeightsAloneAreJoinedWithAGraph) {
  const auto result =
      Commit("tuned", {Data("finetune_step_000120.safetensors")}, Data("lenet.onnx"));
  ASSERT_TRUE(result.ok()) << result.error().message;
  ASSERT_FALSE(result->graph_notes.empty());
  const NetworkReport report = Read("tuned");
  const std::string total = std::to_string(report.bindings.size());
  EXPECT_EQ(result->graph_notes[0], total + " of " + total + " parameters found their tensor");
  EXPECT_EQ(Count(report, ParameterMatch::kName), report.bindings.size());
  const auto details = repository_->Describe("tuned");
  ASSERT_TRUE(details.ok());
  for (const TensorInfo& tensor : details->tensors) {  // the graph's weights are not taken
    EXPECT_EQ(details->files[tensor.file].path, "finetune_step_000120.safetensors");
  }
}

TEST_F(VersionNetworks, SurvivesARebuiltCatalog) {
  ASSERT_TRUE(Commit("lenet", {Data("lenet.onnx")}).ok());
  ASSERT_TRUE(Commit("tuned", {Data("lenet_step_002000.pt")}, Data("lenet.onnx")).ok());
  const NetworkReport before = Read("tuned");
  repository_.reset();
  ASSERT_TRUE(fs::remove(folder_ / ".dlv/catalog.db"));
  const auto rebuilt = Repository::RebuildCatalog(folder_);
  ASSERT_TRUE(rebuilt.ok()) << rebuilt.error().message;
  repository_ = std::move(*Repository::Open(folder_));
  const NetworkReport after = Read("tuned");
  EXPECT_EQ(after.id, before.id);
  EXPECT_EQ(after.file, before.file);
  EXPECT_EQ(NetworkText(after.network), NetworkText(before.network));
  EXPECT_EQ(Read("lenet").id, before.id);
}

TEST_F(VersionNetworks, TheTextFormComesBack) {
  ASSERT_TRUE(Commit("lenet", {Data("lenet.onnx")}).ok());
  const NetworkReport report = Read("lenet");
  const fs::path text = Write("net.dlvnet", NetworkText(report.network));
  const auto result = Commit("again", {Data("lenet_step_002000.safetensors")}, text);
  ASSERT_TRUE(result.ok()) << result.error().message;
  EXPECT_EQ(Read("again").id, report.id);
  EXPECT_EQ(Read("again").file, "net.dlvnet");
  const fs::path broken = Write("broken.dlvnet", "network \"x\" { node }");
  const auto refused = Commit("again", {Data("lenet_step_002000.pt")}, broken);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::kSyntax);
}

constexpr const char* kOtherNames =
    R"(name: "other" input: "x" input_dim: 1 input_dim: 3 input_dim: 4 input_dim: 4
layer { name: "a" type: "Convolution" bottom: "x" top: "a"
        convolution_param { num_output: 6 kernel_size: 5 pad: 2 bias_term: false } })";

TEST_F(VersionNetworks, GuessesMustBeAccepted) {
  const fs::path text =
      Write("net.prototxt", R"(input: "x" input_dim: 1 input_dim: 1 input_dim: 28 input_dim: 28
layer { name: "first" type: "Convolution" bottom: "x" top: "first"
        convolution_param { num_output: 6 kernel_size: 5 } })");
  const auto refused = Commit("m", {Data("lenet_step_002000.pt")}, text);
  ASSERT_TRUE(refused.ok()) << refused.error().message;
  NetworkReport report = Read("m");
  EXPECT_EQ(Count(report, ParameterMatch::kNone), 2u);
  EXPECT_FALSE(report.unused_tensors.empty());
  ASSERT_FALSE(report.warnings.empty());
  EXPECT_NE(report.warnings[0].find("--accept-guesses"), std::string::npos);
  const auto accepted = Commit("m", {Data("lenet_step_002000.pt")}, text, true);
  ASSERT_TRUE(accepted.ok()) << accepted.error().message;
  EXPECT_FALSE(accepted->unchanged);
  report = Read("m");
  EXPECT_EQ(Count(report, ParameterMatch::kGuess), 2u);
  EXPECT_EQ(report.bindings[0].tensor, "conv1.weight");
}

/// What folding the normalisations of the .pth in float32 with epsilon 1e-5 gives is the .onnx bit
/// for bit (checked with numpy), in another order than that of the .pth: branch_proj runs before
/// branch_main, which is written down first.
TEST_F(VersionNetworks, FoldedNormalisationsOfRealFilesAreToldByTheirNumbers) {
  const char* data = std::getenv("DLV_SHARED_DATA");
  if (data == nullptr) GTEST_SKIP() << "DLV_SHARED_DATA is not set: REAL FILES ARE NOT TESTED";
  const fs::path folder = fs::path(data) / "fastestdet";
  const fs::path weights = folder / "weight_AP05_0.253207_280-epoch.pth";
  ASSERT_TRUE(Commit("own", {weights}, folder / "v0_FastestDet.onnx").ok());
  const NetworkReport own = Read("own");
  EXPECT_EQ(own.bindings.size(), 140u);
  EXPECT_EQ(Count(own, ParameterMatch::kDerived), 140u);
  EXPECT_EQ(own.warnings, std::vector<std::string>());
  std::map<std::string, std::string> found;
  for (const ParameterBinding& binding : own.bindings) found[binding.parameter] = binding.tensor;
  EXPECT_EQ(found["onnx::Conv_763"], "backbone.stage2.0.branch_proj.0.weight");
  EXPECT_EQ(found["onnx::Conv_769"], "backbone.stage2.0.branch_main.0.weight");
  EXPECT_EQ(found["onnx::Conv_965"], "detect_head.cls_layers.conv5x5.1.bias");

  // The network of another training tells nothing of these, and to say yes to guesses neither.
  ASSERT_TRUE(Commit("other", {weights}, folder / "v3_FastestDet.onnx", true).ok());
  const NetworkReport other = Read("other");
  for (const ParameterBinding& binding : other.bindings) {
    EXPECT_TRUE(binding.tensor.empty() || binding.tensor == found[binding.parameter])
        << binding.parameter << " = " << binding.tensor;
  }
  ASSERT_EQ(other.warnings.size(), 1u);
  EXPECT_NE(other.warnings[0].find("ambiguous"), std::string::npos) << other.warnings[0];
}

/// The .caffemodel has the numbers of the simplified .onnx, all 104, under other names.
TEST_F(VersionNetworks, EqualWeightsOfRealFilesAreFoundUnderOtherNames) {
  const char* data = std::getenv("DLV_SHARED_DATA");
  if (data == nullptr) GTEST_SKIP() << "DLV_SHARED_DATA is not set: REAL FILES ARE NOT TESTED";
  const fs::path folder = fs::path(data) / "linzaer_rfb_final";
  ASSERT_TRUE(Commit("net", {folder / "version-RFB-320_simplified.onnx"}).ok());
  ASSERT_TRUE(Commit("net", {folder / "RFB-320.caffemodel", folder / "RFB-320.prototxt"}).ok());
  const auto diff = repository_->Diff("net:v1", "net:v2", {});
  ASSERT_TRUE(diff.ok()) << diff.error().message;
  std::size_t identical = 0, after = 0;
  for (const TensorChange& change : diff->tensors) {
    after += change.after.has_value();
    identical += change.kind == TensorChange::Kind::kIdentical;
  }
  EXPECT_EQ(after, 104u);
  EXPECT_EQ(identical, 104u);
}

TEST_F(VersionNetworks, DifferencesAreOfNodes) {
  ASSERT_TRUE(Commit("lenet", {Data("lenet.onnx")}).ok());
  ASSERT_TRUE(Commit("other", {Write("net.prototxt", kOtherNames)}).ok());
  ASSERT_TRUE(Commit("none", {Data("lenet_step_002000.pt")}).ok());
  const auto diff = repository_->DiffNetworks("lenet", "other");
  ASSERT_TRUE(diff.ok()) << diff.error().message;
  EXPECT_FALSE(diff->identical());
  const auto all_new = repository_->DiffNetworks("none", "lenet");
  ASSERT_TRUE(all_new.ok()) << all_new.error().message;
  EXPECT_EQ(all_new->added.size(), Read("lenet").network.nodes.size());
  EXPECT_EQ(repository_->DiffNetworks("none", "none").error().code, ErrorCode::kNotFound);
  EXPECT_EQ(repository_->DiffNetworks("none", "missing").error().code, ErrorCode::kNotFound);
}

TEST_F(VersionNetworks, ErrorsSayWhy) {
  ASSERT_TRUE(Commit("none", {Data("lenet_step_002000.pt")}).ok());
  const auto none = repository_->ReadNetwork("none");
  ASSERT_FALSE(none.ok());
  EXPECT_EQ(none.error().code, ErrorCode::kNotFound);
  EXPECT_EQ(none.error().message, "none:v1 has no file that describes its network");
  EXPECT_EQ(repository_->ReadNetwork("missing").error().code, ErrorCode::kNotFound);
  EXPECT_EQ(repository_->ReadNetwork("none:v1:").error().code, ErrorCode::kSyntax);
}

TEST_F(VersionNetworks, ComesBackWithARestoredVersion) {
  ASSERT_TRUE(Commit("lenet", {Data("lenet.onnx")}).ok());
  const NetworkId id = Read("lenet").id;
  ASSERT_TRUE(repository_->Remove({"lenet:v1"}, true).ok());
  const auto restored = repository_->Restore({"lenet:v1"});
  ASSERT_TRUE(restored.ok()) << restored.error().message;
  EXPECT_EQ(Read("lenet").id, id);
}

}  // namespace
}  // namespace dlv

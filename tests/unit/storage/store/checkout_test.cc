#include "storage/store/checkout.h"

#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "storage/io/hash.h"
#include "storage/store/commit_writer.h"
#include "storage/store/publish.h"
#include "tests/unit/storage/store/store_fixture.h"

namespace dlv::store {
namespace {

namespace fs = std::filesystem;
using testing::CommitNet;
using testing::PutFile;
using testing::SafetensorsText;
using testing::SmallNet;

std::string Slurp(const fs::path& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

class CheckoutTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "dlv-checkout-XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
    store_ = testing::InitOn(disk_);
    ASSERT_NE(store_, nullptr);
    ASSERT_TRUE(disk_.MakeDirectory("/src").ok());
    text_ = SafetensorsText(5000, 1);
    PutFile(disk_, "/src/a.safetensors", text_);
    PutFile(disk_, "/src/b.txt", "notes");
    CommitRequest request;
    request.model = "m";
    request.files = {{"/src/a.safetensors", "run/a.safetensors", 10}, {"/src/b.txt", "", {}}};
    const auto result = Commit(*store_, request, {.threads = 1});
    ASSERT_TRUE(result.ok()) << result.error().message;
  }
  void TearDown() override { fs::remove_all(folder_); }

  Result<CheckoutResult> Out(CheckoutOptions options = {}, std::string reference = "m") {
    if (options.output.empty()) options.output = folder_ / "out";
    return Checkout(*store_, reference, options, {.threads = 2});
  }
  /// Publishes a version that commit would refuse, as a pack from elsewhere may hold one: every
  /// file has the bytes "evil".
  void PublishFiles(const std::vector<std::string>& paths) {
    const std::string evil = "evil";
    const auto bytes = std::as_bytes(std::span(evil.data(), evil.size()));
    auto writer = CommitWriter::Begin(*store_, "test", {});
    ASSERT_TRUE(writer.ok()) << writer.error().message;
    const auto blob = (*writer)->AddBlob(bytes);
    ASSERT_TRUE(blob.ok());
    archive::Manifest manifest;
    manifest.model = "evil";
    for (const std::string& path : paths) {
      archive::ManifestFile file;
      file.path = path;
      file.size_bytes = evil.size();
      io::Sha256 hash;
      hash.Update(bytes);
      file.sha256 = hash.Finish<FileDigest>();
      file.format = "blob";
      file.content = *blob;
      manifest.files.push_back(file);
    }
    const auto canonical = archive::EncodeManifest(manifest);
    ASSERT_TRUE(canonical.ok()) << canonical.error().message;
    Publication publication;
    publication.manifest = &manifest;
    publication.id = archive::HashManifest(*canonical);
    ASSERT_TRUE((*writer)->Finish(*canonical, publication.envelope).ok());
    const auto published = Publish(*store_, **writer, publication);
    ASSERT_TRUE(published.ok()) << published.error().message;
  }

  /// Everything below the test's folder, relative to it.
  std::vector<std::string> Everything() {
    std::vector<std::string> paths;
    for (const auto& entry : fs::recursive_directory_iterator(folder_)) {
      paths.push_back(entry.path().lexically_relative(folder_).string());
    }
    std::sort(paths.begin(), paths.end());
    return paths;
  }

  ErrorCode CodeOf(const Result<CheckoutResult>& result) {
    return result.ok() ? ErrorCode::kInternal : result.error().code;
  }

  testing::FaultyFileSystem disk_;
  std::unique_ptr<Store> store_;
  fs::path folder_;
  std::string text_;
};

TEST_F(CheckoutTest, FilesComeBackByteForByte) {
  const auto result = Out();
  ASSERT_TRUE(result.ok()) << result.error().message;
  ASSERT_EQ(result->files.size(), 2U);
  EXPECT_TRUE(result->files[0].identical && result->files[1].identical);
  EXPECT_EQ(Slurp(folder_ / "out/run/a.safetensors"), text_);
  EXPECT_EQ(Slurp(folder_ / "out/b.txt"), "notes");
  EXPECT_TRUE(Out().ok());  // identical ones may be there
  for (const auto& entry : fs::recursive_directory_iterator(folder_)) {
    EXPECT_EQ(entry.path().filename().string().find("partial"), std::string::npos);
  }
}

TEST_F(CheckoutTest, DifferingFilesAreAConflictAndNothingIsWritten) {
  fs::create_directories(folder_ / "out");
  std::ofstream(folder_ / "out/b.txt") << "mine!";
  EXPECT_EQ(CodeOf(Out()), ErrorCode::kConflict);
  EXPECT_FALSE(fs::exists(folder_ / "out/run"));
  EXPECT_EQ(Slurp(folder_ / "out/b.txt"), "mine!");
  CheckoutOptions options;
  options.overwrite = true;
  EXPECT_TRUE(Out(options).ok());
  EXPECT_EQ(Slurp(folder_ / "out/b.txt"), "notes");
}

TEST_F(CheckoutTest, FollowsNoLinks) {
  fs::create_directories(folder_ / "out");
  fs::create_directories(folder_ / "elsewhere");
  fs::create_directory_symlink(folder_ / "elsewhere", folder_ / "out/run");
  CheckoutOptions options;
  options.overwrite = true;
  EXPECT_EQ(CodeOf(Out(options)), ErrorCode::kConflict);
  EXPECT_TRUE(fs::is_empty(folder_ / "elsewhere"));
  fs::remove(folder_ / "out/run");
  std::ofstream(folder_ / "victim") << "keep";
  fs::create_symlink(folder_ / "victim", folder_ / "out/b.txt");
  EXPECT_EQ(CodeOf(Out(options)), ErrorCode::kConflict);
  EXPECT_EQ(Slurp(folder_ / "victim"), "keep");
}

TEST_F(CheckoutTest, NothingOfAHostileVersionIsWritten) {
  // "..", absolute names and empty parts do not even get into a manifest.
  for (const char* path : {"../evil", "/evil", "a/../../evil", "a//evil", ""}) {
    archive::Manifest manifest;
    manifest.model = "evil";
    manifest.files.emplace_back();
    manifest.files[0].path = path;
    manifest.files[0].content.bytes[0] = 1;
    EXPECT_FALSE(archive::EncodeManifest(manifest).ok()) << path;
  }
  for (const std::vector<std::string>& paths :
       std::vector<std::vector<std::string>>{{".git/hooks/post-checkout", "good"},
                                             {".dlv/format"},
                                             {"GIT~1/config"},
                                             {"a/.g\xe2\x80\x8cit/config"},
                                             {"a\\..\\..\\evil"},
                                             {"line\nbreak"},
                                             {"Makefile", "makefile"},
                                             {"a", "a/b"}}) {
    PublishFiles(paths);
    const auto result = Out({}, "evil");
    EXPECT_EQ(CodeOf(result), ErrorCode::kUnsafe) << paths[0];
    if (!result.ok()) {
      EXPECT_NE(result.error().message.find("evil:v"), std::string::npos) << result.error().message;
    }
    EXPECT_EQ(Everything(), std::vector<std::string>{}) << paths[0];
  }
}

TEST_F(CheckoutTest, FoldersAndPipesInTheWayAreAConflict) {
  fs::create_directories(folder_ / "out/b.txt/inside");
  CheckoutOptions options;
  options.overwrite = true;
  EXPECT_EQ(CodeOf(Out(options)), ErrorCode::kConflict);
  EXPECT_TRUE(fs::exists(folder_ / "out/b.txt/inside"));
  fs::remove_all(folder_ / "out/b.txt");
  ASSERT_EQ(::mkfifo((folder_ / "out/b.txt").c_str(), 0600), 0);
  EXPECT_EQ(CodeOf(Out(options)), ErrorCode::kConflict) << "and it does not wait for a writer";
  fs::remove(folder_ / "out/b.txt");
  std::ofstream(folder_ / "out/run") << "a file where a folder belongs";
  EXPECT_EQ(CodeOf(Out(options)), ErrorCode::kConflict);
  options.output = folder_ / "out/run";
  EXPECT_EQ(CodeOf(Out(options)), ErrorCode::kConflict);
  EXPECT_EQ(CodeOf(Checkout(*store_, "m", {}, {})), ErrorCode::kInvalidArgument) << "no folder";
}

TEST_F(CheckoutTest, AFolderThatCannotBeWrittenIsToldAsIo) {
  CheckoutOptions options;
  options.output = folder_ / std::string(300, 'x');  // longer than a name may be
  EXPECT_EQ(CodeOf(Out(options)), ErrorCode::kIo);
}

TEST_F(CheckoutTest, CancelledCheckoutLeavesNothing) {
  CancellationToken token;
  token.Cancel();
  CheckoutOptions options;
  options.output = folder_ / "out";
  const auto result = Checkout(*store_, "m", options, {.cancel = &token});
  EXPECT_EQ(CodeOf(result), ErrorCode::kCancelled);
  for (const std::string& path : Everything()) {
    EXPECT_TRUE(fs::is_directory(folder_ / path)) << path;
  }
}

TEST_F(CheckoutTest, OneSnapshotOrAll) {
  PutFile(disk_, "/src/s20.safetensors", SafetensorsText(5000, 2));
  CommitRequest request;
  request.model = "run";
  request.files = {{"/src/a.safetensors", "s10.safetensors", 10}, {"/src/s20.safetensors", "", 20}};
  ASSERT_TRUE(Commit(*store_, request, {.threads = 1}).ok());
  ASSERT_TRUE(Out({}, "run").ok());
  EXPECT_EQ(Everything(), (std::vector<std::string>{"out", "out/s20.safetensors"}));
  fs::remove_all(folder_ / "out");
  ASSERT_TRUE(Out({}, "run#10").ok());
  EXPECT_EQ(Everything(), (std::vector<std::string>{"out", "out/s10.safetensors"}));
  CheckoutOptions options;
  options.all_snapshots = true;
  ASSERT_TRUE(Out(options, "run").ok());
  EXPECT_EQ(Everything().size(), 3U);
  EXPECT_EQ(CodeOf(Out({}, "run#15")), ErrorCode::kNotFound);
  for (const CheckoutFormat format : {CheckoutFormat::kSafetensors, CheckoutFormat::kPyTorch,
                                      CheckoutFormat::kNpz, CheckoutFormat::kOnnx}) {
    options.format = format;
    EXPECT_EQ(CodeOf(Out(options, "run")), ErrorCode::kInvalidArgument) << "one of them is not all";
  }
}

TEST_F(CheckoutTest, ExactComplexNumbersAreToldToBeExact) {
  std::string text = SafetensorsText(5000, 3);
  text.replace(text.find("F32"), 3, "C64");
  text.replace(text.find("[5000]"), 6, "[2500]");
  PutFile(disk_, "/src/c.safetensors", text);
  CommitRequest request;
  request.model = "complex";
  request.files = {{"/src/c.safetensors", "", {}}};
  ASSERT_TRUE(Commit(*store_, request, {.threads = 1}).ok());
  CheckoutOptions options;
  options.format = CheckoutFormat::kSafetensors;
  const auto exact = Out(options, "complex");
  ASSERT_TRUE(exact.ok()) << exact.error().message;
  EXPECT_EQ(exact->planes, 0U);
  options.output = folder_ / "part";
  options.planes = 12;
  const auto part = Out(options, "complex");
  ASSERT_TRUE(part.ok()) << part.error().message;
  EXPECT_GE(part->planes, 12U);
  EXPECT_LT(part->planes, 32U);
  const auto tensor = ReadTensor(*store_, "complex/w", 0);
  ASSERT_TRUE(tensor.ok()) << tensor.error().message;
  EXPECT_EQ(tensor->planes, 64U);
}

TEST_F(CheckoutTest, HardLinkedFileIsReplacedNotWrittenThrough) {
  fs::create_directories(folder_ / "out");
  std::ofstream(folder_ / "victim") << "keep";
  fs::create_hard_link(folder_ / "victim", folder_ / "out/b.txt");
  CheckoutOptions options;
  options.overwrite = true;
  ASSERT_TRUE(Out(options).ok());
  EXPECT_EQ(Slurp(folder_ / "victim"), "keep");
  EXPECT_EQ(Slurp(folder_ / "out/b.txt"), "notes");
}

TEST_F(CheckoutTest, OriginalTakesNeitherTensorsNorPlanes) {
  CheckoutOptions options;
  options.tensor_glob = "w";
  EXPECT_EQ(CodeOf(Out(options)), ErrorCode::kInvalidArgument);
  options.tensor_glob.clear();
  options.planes = 8;
  EXPECT_EQ(CodeOf(Out(options)), ErrorCode::kInvalidArgument);
}

TEST_F(CheckoutTest, ExportsTensorsWholeAndInPart) {
  CheckoutOptions options;
  options.format = CheckoutFormat::kSafetensors;
  const auto exact = Out(options);
  ASSERT_TRUE(exact.ok()) << exact.error().message;
  EXPECT_EQ(exact->planes, 0U);
  const std::string out = Slurp(folder_ / "out/run/a.safetensors");
  EXPECT_EQ(out.substr(out.size() - 20000), text_.substr(text_.size() - 20000));
  options.output = folder_ / "part";
  options.planes = 12;
  const auto part = Out(options);
  ASSERT_TRUE(part.ok()) << part.error().message;
  EXPECT_GE(part->planes, 12U);
  EXPECT_LT(part->planes, 32U);
  EXPECT_LT(part->read_bytes, exact->read_bytes);
  options.output = folder_ / "none";
  options.tensor_glob = "nothing*";
  EXPECT_EQ(CodeOf(Out(options)), ErrorCode::kNotFound);
}

TEST_F(CheckoutTest, MemoryVersionsHaveNoOriginals) {
  SmallNet net(1);
  ASSERT_TRUE(CommitNet(*store_, "net", net).ok());
  EXPECT_EQ(CodeOf(Out({}, "net")), ErrorCode::kInvalidArgument);
  CheckoutOptions options;
  options.format = CheckoutFormat::kNpz;
  EXPECT_TRUE(Out(options, "net").ok());
  EXPECT_TRUE(fs::exists(folder_ / "out/net.npz"));
}

TEST_F(CheckoutTest, DamageIsToldAndLeavesNoFile) {
  const auto packs = disk_.List("/repo/.dlv/packs");
  ASSERT_TRUE(packs.ok());
  ASSERT_EQ(packs->size(), 1U);
  const std::string pack = "/repo/.dlv/packs/" + packs->front();
  store_.reset();
  for (std::uint64_t at = 4096 + 64; at < 4096 + 4000; at += 97) disk_.Corrupt(pack, at);
  store_ = testing::OpenOn(disk_);
  EXPECT_EQ(CodeOf(Out()), ErrorCode::kCorruption);
  EXPECT_FALSE(fs::exists(folder_ / "out/run/a.safetensors"));
}

TEST_F(CheckoutTest, ReadTensorSaysWhatItWants) {
  SmallNet net(1);
  ASSERT_TRUE(CommitNet(*store_, "net", net).ok());
  EXPECT_EQ(ReadTensor(*store_, "net/layer*", 0).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(ReadTensor(*store_, "net", 0).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(ReadTensor(*store_, "net/\"open", 0).error().code, ErrorCode::kSyntax);
  const auto missing = ReadTensor(*store_, "net/layer1.wieght", 0);
  ASSERT_FALSE(missing.ok());
  EXPECT_EQ(missing.error().code, ErrorCode::kNotFound);
  EXPECT_NE(missing.error().hint.find("layer1.weight"), std::string::npos);
  const auto part = ReadTensor(*store_, "net/layer1.weight", 9);
  ASSERT_TRUE(part.ok());
  EXPECT_GE(part->planes, 9U);
}

}  // namespace
}  // namespace dlv::store

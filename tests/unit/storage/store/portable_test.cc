#include <filesystem>
#include <fstream>

#include "storage/store/copy.h"
#include "storage/store/import.h"
#include "storage/store/note.h"
#include "storage/store/portable_export.h"
#include "storage/store/portable_format.h"
#include "storage/store/rename.h"
#include "storage/store/resolve.h"
#include "tests/unit/storage/store/small_repository_test.h"

namespace dlv::store {
namespace {

namespace fs = std::filesystem;

class PortableTest : public SmallRepositoryTest {
 protected:
  void SetUp() override {
    SmallRepositoryTest::SetUp();
    std::string name = (fs::temp_directory_path() / "dlv-portable-XXXXXX").string();
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    folder_ = name;
    out_ = folder_ / "out";
  }
  void TearDown() override {
    std::error_code error;
    fs::remove_all(folder_, error);
  }

  Result<ExportResult> Export() { return ExportAll(*store_, {out_}, {.threads = 1}); }

  /// An empty repository on another disk; files to import lie on the real one.
  std::unique_ptr<Store> Other() {
    StoreOptions options;
    options.file_system = &other_;
    options.sources = &io::PosixFileSystem();
    options.lock_timeout_ms = 0;
    auto store =
        fresh_ ? Store::Init(testing::kRoot, options) : Store::Open(testing::kRoot, options);
    fresh_ = false;
    EXPECT_TRUE(store.ok()) << store.error().message;
    return store.ok() ? std::move(store).value() : nullptr;
  }

  Result<ImportResult> ImportInto(Store& store, bool dry_run = false) {
    return Import(store, {.source = out_, .kind = ImportKind::kDetect, .dry_run = dry_run},
                  {.threads = 1});
  }

  /// Everything that listings say, but for where bytes lie.
  static std::vector<std::string> Listing(Store& store) {
    std::vector<std::string> lines = testing::StateOf(store);
    const auto versions = ListVersions(store, {});
    if (!versions.ok()) return {versions.error().message};
    for (const VersionSummary& version : *versions) {
      const auto details = Describe(store, version.reference());
      if (!details.ok()) return {details.error().message};
      lines.push_back(version.id.Hex() + version.author + version.message +
                      std::to_string(version.created) + " " + std::to_string(version.raw_bytes) +
                      " " + std::to_string(version.parameter_count));
      for (const ParentInfo& parent : version.parents)
        lines.push_back(parent.reference + std::to_string(static_cast<int>(parent.relation)));
      for (const auto& [key, value] : details->hparams) lines.push_back(key + "=" + value);
      for (const Metric& metric : details->metrics) {
        for (const MetricPoint& point : metric.points)
          lines.push_back(metric.name + std::to_string(point.step) + std::to_string(point.value));
      }
      for (const FileInfo& file : details->files)
        lines.push_back(file.path + file.sha256.Hex() + file.format + file.note);
      for (const TensorInfo& tensor : details->tensors)
        lines.push_back(tensor.name + tensor.id.Hex() + std::string(NameOf(tensor.role)));
    }
    return lines;
  }

  void Replace(const std::string& path, const std::string& text) {
    std::ofstream(out_ / path, std::ios::binary) << text;
  }

  fs::path folder_, out_;
  testing::FaultyFileSystem other_;
  bool fresh_ = true;
};

TEST_F(PortableTest, ComesBackWithEveryIdAndName) {
  ASSERT_TRUE(SetNote(*store_, "m:v1", "a note").ok());
  ASSERT_TRUE(RenameModel(*store_, "files", "papers").ok());
  CopyRequest copy;
  copy.source = "papers";
  copy.model = "twin";
  ASSERT_TRUE(Copy(*store_, copy, {.threads = 1}).ok());
  const auto exported = Export();
  ASSERT_TRUE(exported.ok()) << exported.error().message;
  EXPECT_EQ(exported->versions, 4U);
  EXPECT_EQ(exported->models, 3U);
  const auto other = Other();
  const auto imported = ImportInto(*other);
  ASSERT_TRUE(imported.ok()) << imported.error().message;
  EXPECT_EQ(imported->imported, 4U);
  EXPECT_EQ(Listing(*other), Listing(*store_));
  EXPECT_EQ(testing::FindingsOf(*other), std::vector<std::string>{});
}

TEST_F(PortableTest, ASecondImportFindsEverythingThere) {
  ASSERT_TRUE(Export().ok());
  const auto other = Other();
  const auto tried = ImportInto(*other, true);
  ASSERT_TRUE(tried.ok()) << tried.error().message;
  EXPECT_EQ(tried->imported, 3U);
  EXPECT_TRUE(ListVersions(*other, {})->empty()) << "a dry run changes nothing";
  ASSERT_TRUE(ImportInto(*other).ok());
  const auto log = other_.Content("/repo/.dlv/operations.log");
  const auto again = ImportInto(*other);
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(again->there, 3U);
  EXPECT_EQ(again->imported, 0U);
  EXPECT_EQ(other_.Content("/repo/.dlv/operations.log"), log);
}

TEST_F(PortableTest, NothingIsOverwritten) {
  ASSERT_TRUE(Export().ok());
  const auto other = Other();
  testing::SmallNet net(77, 80);
  ASSERT_TRUE(testing::CommitNet(*other, "m", net).ok());
  ASSERT_TRUE(SetAlias(*other, "best", "m:v1").ok());
  const auto imported = ImportInto(*other);
  ASSERT_TRUE(imported.ok()) << imported.error().message;
  EXPECT_EQ(imported->items[0].reference, "m:v2") << "v1 is taken";
  ASSERT_EQ(imported->warnings.size(), 1U);
  EXPECT_NE(imported->warnings[0].find("alias best of m stays at v1"), std::string::npos);
  EXPECT_EQ(ResolveTarget(*other, "m:best")->version.summary.number, 1U);
  EXPECT_EQ(testing::FindingsOf(*other), std::vector<std::string>{});
}

TEST_F(PortableTest, ASecondExportWritesNothingAndALaterOneBringsItUpToDate) {
  ASSERT_TRUE(Export().ok());
  const auto again = Export();
  ASSERT_TRUE(again.ok()) << again.error().message;
  EXPECT_EQ(again->versions, 3U);
  ASSERT_TRUE(SetTags(*store_, "m:v1", {{"late", ""}}).ok());
  ASSERT_TRUE(Export().ok());
  std::ifstream file(out_ / "models/m/v1/version.json");
  const std::string text((std::istreambuf_iterator<char>(file)), {});
  EXPECT_NE(text.find("\"late\""), std::string::npos);
}

TEST_F(PortableTest, ExportRefusesAFolderOfSomethingElse) {
  fs::create_directory(out_);
  Replace("mine.txt", "mine");
  EXPECT_EQ(CodeOf(Export()), ErrorCode::kConflict);
  fs::remove(out_ / "mine.txt");
  ASSERT_TRUE(Export().ok());
  const auto other = Other();
  testing::SmallNet net(78, 80);
  ASSERT_TRUE(testing::CommitNet(*other, "m", net).ok());
  EXPECT_EQ(CodeOf(ExportAll(*other, {out_}, {.threads = 1})), ErrorCode::kConflict)
      << "another repository's m:v1";
}

TEST_F(PortableTest, DamageIsFoundAndNothingHalfIsLeft) {
  ASSERT_TRUE(Export().ok());
  const fs::path weights = out_ / "models/m/v2/tensors/snapshot-0.safetensors";
  const auto size = fs::file_size(weights);
  {
    std::fstream file(weights, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(static_cast<std::streamoff>(size - 9));
    file.put('\x55');
  }
  const auto other = Other();
  const auto imported = ImportInto(*other);
  ASSERT_FALSE(imported.ok());
  EXPECT_EQ(imported.error().code, ErrorCode::kCorruption);
  EXPECT_NE(imported.error().message.find("m:v2"), std::string::npos) << imported.error().message;
  EXPECT_EQ(ListVersions(*other, {})->size(), 1U) << "m:v1 came before it";
  EXPECT_TRUE(other_.List("/repo/.dlv/tmp")->empty());
  ASSERT_TRUE(Export().ok()) << "written again";
  const auto again = ImportInto(*other);
  ASSERT_TRUE(again.ok()) << again.error().message;
  EXPECT_EQ(again->there, 1U);
  EXPECT_EQ(again->imported, 2U);
  EXPECT_EQ(Listing(*other), Listing(*store_));
}

TEST_F(PortableTest, HostileFolders) {
  ASSERT_TRUE(Export().ok());
  const auto other = Other();
  const auto expect = [&](ErrorCode code, const std::string& word) {
    const auto imported = ImportInto(*other);
    ASSERT_FALSE(imported.ok()) << word;
    EXPECT_EQ(imported.error().code, code) << imported.error().message;
    EXPECT_NE(imported.error().message.find(word), std::string::npos) << imported.error().message;
    EXPECT_TRUE(ListVersions(*other, {})->empty());
  };
  const std::string id(64, 'a');
  const auto index = [&](const std::string& model) {
    return R"({"format":"dlv export","version":1,"complete":true,"aliases":[],"versions":[{"model":")" +
           model + R"(","number":1,"id":")" + id + R"("}]})";
  };
  Replace("dlv-export.json", index("../../etc"));
  expect(ErrorCode::kUnsafe, "model name");
  Replace("dlv-export.json", index("m"));
  expect(ErrorCode::kNotFound, "manifests");  // there is no manifest of that id
  Replace("dlv-export.json", std::string(100, '['));
  expect(ErrorCode::kCorruption, "nested");
  Replace("dlv-export.json", R"({"format":"dlv export","version":2})");
  expect(ErrorCode::kUnsupported, "version 2");
  Replace("dlv-export.json", R"({"format":"dlv export","version":1,"complete":false,)"
                             R"("aliases":[],"versions":[]})");
  expect(ErrorCode::kConflict, "interrupted");
}

TEST_F(PortableTest, LinksAreNotFollowed) {
  ASSERT_TRUE(Export().ok());
  const fs::path file = out_ / "models/m/v1/version.json";
  fs::rename(file, folder_ / "elsewhere.json");
  fs::create_symlink(folder_ / "elsewhere.json", file);
  const auto other = Other();
  const auto imported = ImportInto(*other);
  ASSERT_FALSE(imported.ok());
  EXPECT_EQ(imported.error().code, ErrorCode::kUnsafe);
  EXPECT_NE(imported.error().message.find("is a link"), std::string::npos);
}

TEST(PortableFormat, EveryCutAndEveryFlipIsAnAnswer) {
  PortableIndex index{true, {{"m", 1, {}}, {"n", 7, {}}}, {{"m", "best", 1}}};
  PortableVersion version;
  version.summary.model = "m";
  version.summary.number = 1;
  version.parent_models = {"n"};
  version.evaluations = {{"data", "acc", 0.5, {{"a", "b"}}}};
  archive::Manifest manifest;
  manifest.parents.resize(1);
  for (const std::string& whole : {EncodeIndex(index), EncodeVersion(version, manifest, {})}) {
    const bool is_index = whole.find("dlv export") != std::string::npos;
    const auto ok = [&](const std::string& text) {
      return is_index ? DecodeIndex(text).ok() : DecodeVersion(text, "version.json").ok();
    };
    EXPECT_TRUE(ok(whole)) << whole;
    for (std::size_t length = 0; length + 2 < whole.size(); ++length)
      EXPECT_FALSE(ok(whole.substr(0, length))) << length;
    for (std::size_t at = 0; at < whole.size(); ++at) {
      for (const char mask : {'\x01', '\x20', '\x7f'}) {
        std::string text = whole;
        text[at] = static_cast<char>(text[at] ^ mask);
        [[maybe_unused]] const bool taken = ok(text);  // either is right, no crash is
      }
    }
  }
}

TEST(PortableFormat, NumbersThatJsonHasNot) {
  EXPECT_EQ(EncodeMetrics({{"a,b", {{-1, 0.1}, {3, std::numeric_limits<double>::infinity()}}}}),
            "metric,step,value\n\"a,b\",,0.1\n\"a,b\",3,inf\n");
}

}  // namespace
}  // namespace dlv::store

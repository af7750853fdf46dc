#include "storage/store/foreign_import.h"

#include <filesystem>
#include <fstream>

#include "storage/store/import.h"
#include "tests/unit/storage/store/small_repository_test.h"

namespace dlv::store {
namespace {

namespace fs = std::filesystem;
using ItemState = ImportItem::State;

constexpr const char* kMd5 = "0123456789abcdef0123456789abcdef";

class ForeignImport : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "dlv-foreign-XXXXXX").string();
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    folder_ = name;
    StoreOptions options;
    options.file_system = &disk_;
    options.sources = &io::PosixFileSystem();
    options.lock_timeout_ms = 0;
    auto store = Store::Init(testing::kRoot, options);
    ASSERT_TRUE(store.ok()) << store.error().message;
    store_ = std::move(store).value();
  }
  void TearDown() override {
    std::error_code error;
    fs::remove_all(folder_, error);
  }

  void Put(const std::string& path, const std::string& text) {
    fs::create_directories((folder_ / path).parent_path());
    std::ofstream(folder_ / path, std::ios::binary) << text;
  }

  ImportResult MustImport(bool dry_run = false) {
    auto result =
        Import(*store_, {.source = folder_, .kind = ImportKind::kDetect, .dry_run = dry_run},
               {.threads = 1});
    EXPECT_TRUE(result.ok()) << result.error().message;
    return result.ok() ? std::move(result).value() : ImportResult{};
  }

  /// The second time everything is there; a dry run before changes nothing and says the same.
  ImportResult ImportTwice() {
    const ImportResult tried = MustImport(true);
    EXPECT_TRUE(ListVersions(*store_, {})->empty());
    ImportResult result = MustImport();
    EXPECT_EQ(tried.imported, result.imported);
    EXPECT_EQ(tried.skipped, result.skipped);
    const ImportResult again = MustImport();
    EXPECT_EQ(again.imported, 0U);
    EXPECT_EQ(again.there, result.imported);
    EXPECT_EQ(testing::FindingsOf(*store_), std::vector<std::string>{});
    return result;
  }

  /// A file of a Hugging Face cache: a link in a snapshot to a blob.
  void PutCached(const std::string& model, const std::string& revision, const std::string& path,
                 const std::string& text) {
    const std::string blob = "blob-" + revision + "-" + fs::path(path).filename().string();
    Put(model + "/blobs/" + blob, text);
    const fs::path link = folder_ / model / "snapshots" / revision / path;
    fs::create_directories(link.parent_path());
    fs::path up = "../../blobs";
    for (const char c : path) up = c == '/' ? ".." / up : up;
    fs::create_symlink(up / blob, link);
  }

  const ImportItem* Item(const ImportResult& result, const std::string& source) {
    for (const ImportItem& item : result.items) {
      if (item.source == source) return &item;
    }
    ADD_FAILURE() << "no item " << source;
    return nullptr;
  }

  fs::path folder_;
  testing::FaultyFileSystem disk_;
  std::unique_ptr<Store> store_;
};

TEST_F(ForeignImport, HuggingFaceCache) {
  PutCached("models--a--tuned", "r2", "model.safetensors", testing::SafetensorsText(300, 2));
  PutCached(
      "models--a--tuned", "r2", "README.md",
      "---\nlicense: mit\nbase_model:\n- o/base\nbase_model_relation: quantized\n---\n# hi\n");
  PutCached("models--o--base", "r1", "model.safetensors", testing::SafetensorsText(300, 1));
  PutCached("models--o--base", "r1", "sub/config.json", "{}");
  Put("models--o--base/refs/main", "r1");
  Put("models--o--base/refs/pr/1", "r1\n");
  Put("outside.txt", "secret");
  fs::create_symlink(folder_ / "outside.txt", folder_ / "models--o--base/snapshots/r1/leak.txt");
  fs::create_symlink(folder_ / "gone", folder_ / "models--o--base/snapshots/r1/missing.bin");
  Put("datasets--o--rows/refs/main", "x");
  const ImportResult result = ImportTwice();
  EXPECT_EQ(result.kind, ImportKind::kHuggingFace);
  EXPECT_EQ(result.imported, 2U);
  EXPECT_EQ(result.skipped, 1U);
  const auto* base = Item(result, "models--o--base/snapshots/r1");
  ASSERT_NE(base, nullptr);
  EXPECT_EQ(base->reference, "o--base:v1");
  EXPECT_NE(base->note.find("leak.txt left out: a link that leads out"), std::string::npos);
  EXPECT_NE(base->note.find("missing.bin left out: not downloaded"), std::string::npos);
  const auto details = Describe(*store_, "o--base");
  ASSERT_TRUE(details.ok());
  EXPECT_EQ(details->summary.aliases, (std::vector<std::string>{"main", "pr-1"}));
  ASSERT_EQ(details->files.size(), 2U);
  EXPECT_EQ(details->files[1].path, "sub/config.json");
  const auto tuned = Describe(*store_, "a--tuned");
  ASSERT_TRUE(tuned.ok());
  ASSERT_EQ(tuned->summary.parents.size(), 1U);
  EXPECT_EQ(tuned->summary.parents[0].reference, "o--base:v1");
  EXPECT_EQ(tuned->summary.parents[0].relation, Relation::kQuantize);
  EXPECT_EQ(tuned->summary.tags.at("license"), "mit");
}

std::string Submessage(char field, const std::string& text) {  // of a protocol buffer; short ones
  return std::string(1, static_cast<char>(field << 3 | 2)) + static_cast<char>(text.size()) + text;
}

/// An ONNX file whose one tensor, 16 numbers, is elsewhere.
std::string OutsideModel(const std::string& location) {
  const std::string entry = Submessage(13, Submessage(1, "location") + Submessage(2, location));
  const std::string tensor =
      std::string("\x08\x10\x10\x01", 4) + Submessage(8, "w") + entry + std::string("\x70\x01", 2);
  return std::string("\x08\x08", 2) + Submessage(7, Submessage(2, "net") + Submessage(5, tensor)) +
         Submessage(8, std::string("\x10\x11", 2));
}

TEST_F(ForeignImport, HuggingFaceCacheWithDataBesideTheOnnx) {
  const std::string data(64, 'x');
  PutCached("models--o--net", "r1", "onnx/model.onnx", OutsideModel("model.onnx_data"));
  PutCached("models--o--net", "r1", "onnx/model.onnx_data", data);
  PutCached("models--o--half", "r1", "model.onnx", OutsideModel("model.onnx_data"));
  Put("outside", data);
  PutCached("models--o--leak", "r1", "model.onnx", OutsideModel("data"));
  fs::create_symlink(folder_ / "outside", folder_ / "models--o--leak/snapshots/r1/data");
  const ImportResult result = ImportTwice();
  EXPECT_EQ(result.imported, 3U);
  const auto net = Describe(*store_, "o--net");
  ASSERT_TRUE(net.ok());
  ASSERT_EQ(net->tensors.size(), 1U);
  EXPECT_EQ(net->tensors[0].name, "w");
  ASSERT_EQ(net->files.size(), 2U);
  EXPECT_EQ(net->files[1].format, "onnx-data");
  EXPECT_EQ(net->files[1].path, "onnx/model.onnx_data");
  const auto* half = Item(result, "models--o--half/snapshots/r1");
  ASSERT_NE(half, nullptr);
  EXPECT_NE(half->note.find("model.onnx kept unread: its tensors are in model.onnx_data, which is "
                            "not here"),
            std::string::npos)
      << half->note;
  const auto leak = Describe(*store_, "o--leak");
  ASSERT_TRUE(leak.ok());
  EXPECT_EQ(leak->files.size(), 1U);
  EXPECT_TRUE(leak->tensors.empty());
}

TEST_F(ForeignImport, MlflowRuns) {
  const std::string run = "mlruns/7/run1";
  Put("mlruns/7/meta.yaml", "experiment_id: '7'\nname: digits\n");
  Put(run + "/meta.yaml", "run_id: run1\nrun_name: fast one\nstart_time: 5\nuser_id: hui\n");
  Put(run + "/params/lr", "0.1");
  Put(run + "/metrics/val/acc", "1000 0.5 1\n1001 0.75 2\n1002 nan 3\n");
  Put(run + "/tags/team", "vision");
  Put(run + "/tags/mlflow.user", "hui");
  Put(run + "/artifacts/model/model.safetensors", testing::SafetensorsText(200, 3));
  fs::create_symlink("/etc/passwd", folder_ / run / "artifacts/leak");
  Put("mlruns/7/run2/meta.yaml", "run_id: run2\nstart_time: 6\n");
  Put("mlruns/models/Digits/version-3/meta.yaml", "run_id: run1\nversion: 3\n");
  Put("mlruns/models/Digits/aliases/champion", "3");
  const ImportResult result = ImportTwice();
  EXPECT_EQ(result.kind, ImportKind::kMlflow);
  EXPECT_EQ(result.imported, 1U);
  EXPECT_EQ(Item(result, "7/run2")->state, ItemState::kSkipped);
  const auto details = Describe(*store_, "Digits:champion");
  ASSERT_TRUE(details.ok()) << details.error().message;
  EXPECT_EQ(details->hparams, (KeyValues{{"lr", "0.1"}}));
  EXPECT_EQ(details->summary.tags.at("team"), "vision");
  EXPECT_FALSE(details->summary.tags.contains("mlflow.user"));
  EXPECT_EQ(details->summary.author, "hui");
  ASSERT_EQ(details->metrics.size(), 1U);
  EXPECT_EQ(details->metrics[0].name, "val/acc");
  EXPECT_EQ(details->metrics[0].points.size(), 3U);
  ASSERT_EQ(details->files.size(), 1U);
  EXPECT_EQ(details->files[0].path, "model/model.safetensors");
}

TEST_F(ForeignImport, MlflowModelsThatStandBesideTheirRuns) {
  const auto put_model = [this](const std::string& id, const std::string& run, unsigned seed) {
    const std::string folder = "mlruns/7/models/" + id;
    Put(folder + "/meta.yaml", "model_id: " + id + "\nname: net\nsource_run_id: " + run +
                                   "\ncreation_timestamp: 17" + std::to_string(seed) + "\n");
    Put(folder + "/artifacts/data/model.safetensors", testing::SafetensorsText(200, seed));
  };
  Put("mlruns/7/meta.yaml", "experiment_id: '7'\nname: digits\n");
  Put("mlruns/7/run1/meta.yaml", "run_id: run1\nstart_time: 5\n");
  put_model("m-b", "run1", 1);
  put_model("m-a", "run1", 2);
  put_model("m-c", "run9", 3);
  const ImportResult result = ImportTwice();
  EXPECT_EQ(result.imported, 1U);
  const auto details = Describe(*store_, "digits");
  ASSERT_TRUE(details.ok()) << details.error().message;
  ASSERT_EQ(details->files.size(), 2U);
  EXPECT_EQ(details->files[0].path, "net-m-a/data/model.safetensors");
  EXPECT_EQ(details->files[1].path, "net/data/model.safetensors");
}

TEST_F(ForeignImport, MlflowInADatabaseIsRefusedWithAReason) {
  Put("mlflow.db", "SQLite format 3");
  Put("mlruns/7/run1/artifacts/model.safetensors", testing::SafetensorsText(200, 3));
  const auto result = Import(*store_, {.source = folder_}, {.threads = 1});
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().code, ErrorCode::kUnsupported);
  EXPECT_NE(result.error().message.find("mlflow.db: these runs are in a database"),
            std::string::npos);
}

TEST_F(ForeignImport, DvcWorkspace) {
  const std::string md5(kMd5);
  Put(".dvc/config", "");
  Put("models/net.safetensors.dvc", "outs:\n- md5: " + md5 + "\n  path: net.safetensors\n");
  Put(".dvc/cache/files/md5/01/23456789abcdef0123456789abcdef", testing::SafetensorsText(100, 5));
  Put("data.dvc", "outs:\n- md5: ffffffffffffffffffffffffffffffff\n  path: data.csv\n");
  Put("evil.dvc", "outs:\n- md5: " + md5 + "\n  path: ../../../etc/x.pt\n");
  Put("dvc.lock",
      "schema: '2.0'\nstages:\n  train:\n    cmd: python train.py\n    params:\n      "
      "params.yaml:\n"
      "        lr: 0.5\n    outs:\n    - path: run\n      md5: "
      "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.dir\n");
  Put(".dvc/cache/files/md5/aa/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.dir",
      R"([{"md5": ")" + md5 + R"(", "relpath": "w.safetensors"}, {"md5": ")" + md5 +
          R"(", "relpath": "../up"}])");
  const ImportResult result = ImportTwice();
  EXPECT_EQ(result.kind, ImportKind::kDvc);
  EXPECT_EQ(result.imported, 2U);
  EXPECT_EQ(result.skipped, 2U);
  EXPECT_NE(Item(result, "evil.dvc: ../../../etc/x.pt")->note.find("leads out"), std::string::npos);
  EXPECT_NE(Item(result, "data.dvc: data.csv")->note.find("not in the cache"), std::string::npos);
  const auto run = Describe(*store_, "run");
  ASSERT_TRUE(run.ok());
  EXPECT_EQ(run->hparams, (KeyValues{{"lr", "0.5"}}));
  EXPECT_EQ(run->files.size(), 1U);
  EXPECT_TRUE(Describe(*store_, "net").ok());
}

TEST_F(ForeignImport, AFileThatWouldHaveToBeExecutedIsKeptUnread) {
  std::string header = "{'descr': '|O', 'fortran_order': False, 'shape': (), }";
  header.resize(128 - 10 - 1, ' ');
  PutCached("models--o--base", "r1", "arguments.npy",
            std::string("\x93NUMPY\x01\x00", 8) + char(header.size() + 1) + std::string(1, '\0') +
                header + "\n" + "\x80\x02" + "cposix\nsystem\nX" + std::string("\x02\0\0\0ls", 6) +
                "\x85R.");
  const ImportResult result = MustImport();
  ASSERT_EQ(result.imported, 1U) << result.items[0].note;
  EXPECT_NE(result.items[0].note.find("kept unread"), std::string::npos) << result.items[0].note;
}

}  // namespace
}  // namespace dlv::store

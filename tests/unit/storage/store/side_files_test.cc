#include "storage/store/side_files.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace dlv::store {
namespace {

namespace fs = std::filesystem;

class SideFiles : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "dlv-side-XXXXXX").string();
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    root_ = name;
  }
  void TearDown() override { fs::remove_all(root_); }

  void Write(const std::string& path, const std::string& text) {
    fs::create_directories((root_ / path).parent_path());
    std::ofstream(root_ / path) << text;
  }
  FileInput Input(const std::string& path, const std::string& in_version = "") {
    return {root_ / path, in_version, std::nullopt};
  }
  // "path: number of hparams, ..." in order.
  std::string Found(const std::vector<FileInput>& files) {
    std::string text;
    for (const RankedSide& side : ReadSideFiles(io::PosixFileSystem(), files)) {
      text += (text.empty() ? "" : ", ") + side.found.source + ":" +
              std::to_string(side.found.hparams.size());
      warnings_.insert(warnings_.end(), side.found.warnings.begin(), side.found.warnings.end());
    }
    return text;
  }

  fs::path root_;
  std::vector<std::string> warnings_;
};

TEST_F(SideFiles, AreFoundBesideAndInKnownSubfolders) {
  Write("run/model.pt", "");
  Write("run/config.json", "{\"a\": 1}");
  Write("run/params.yaml", "lr: 1\nb: 2\n");
  Write("run/.hydra/config.yaml", "x: 1\n");
  Write("run/other/config.json", "{\"no\": 1}");
  Write("run/tensorboard/one/params.yaml", "t: 1\n");
  Write("run/logs/one/params.yaml", "t: 1\n");
  Write("run/logs/two/params.yaml", "t: 1\n");
  EXPECT_EQ(Found({Input("run/model.pt")}),
            ".hydra/config.yaml:1, params.yaml:2, tensorboard/one/params.yaml:1, config.json:1");
}

TEST_F(SideFiles, OfACheckpointFolderTheRunIsOneUp) {
  Write("run/checkpoints/last.ckpt", "");
  Write("run/hparams.yaml", "lr: 1\n");
  Write("hparams.yaml", "lr: 1\n");
  EXPECT_EQ(Found({Input("run/checkpoints/last.ckpt")}), "../hparams.yaml:1");
  EXPECT_EQ(Found({Input("run/checkpoints/last.ckpt", "checkpoints/last.ckpt")}), "hparams.yaml:1");
}

TEST_F(SideFiles, CommittedOnesHaveTheirPathInTheVersion) {
  Write("run/deep/config.json", "{\"a\": 1}");
  EXPECT_EQ(Found({Input("run/deep/config.json", "deep/config.json")}), "deep/config.json:1");
  FileInput unread = Input("run/deep/config.json");
  unread.as_blob = true;
  EXPECT_EQ(Found({unread}), "");
}

TEST_F(SideFiles, LinksAreNotFollowed) {
  Write("secret/params.yaml", "a: 1\n");
  Write("run/model.pt", "");
  fs::create_symlink(root_ / "secret/params.yaml", root_ / "run/params.yaml");
  fs::create_directory_symlink(root_ / "secret", root_ / "run/.hydra");
  EXPECT_EQ(Found({Input("run/model.pt")}), "");
  fs::create_directory(root_ / "run/config.json");  // no regular file
  EXPECT_EQ(Found({Input("run/model.pt")}), "");
  // A link that is committed itself is followed, as the commit does.
  EXPECT_EQ(Found({Input("run/params.yaml")}), "params.yaml:1");
}

TEST_F(SideFiles, BrokenAndTooLargeOnesAreWarnings) {
  Write("params.yaml", "a: [\n");
  Write("config.yaml", std::string(2u << 20, ' '));
  EXPECT_EQ(Found({Input("model.pt")}), "config.yaml:0, params.yaml:0");
  ASSERT_EQ(warnings_.size(), 2u);
  EXPECT_NE(warnings_[0].find("config.yaml: has 2097152 bytes"), std::string::npos);
  EXPECT_NE(warnings_[1].find("params.yaml: YAML, offset"), std::string::npos);
}

}  // namespace
}  // namespace dlv::store

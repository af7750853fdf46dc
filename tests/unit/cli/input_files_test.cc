#include "cli/input_files.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

namespace dlv::cli {
namespace {

namespace fs = std::filesystem;

class InputFilesTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "dlv-input-XXXXXX").string();
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    root_ = name;
  }
  void TearDown() override { fs::remove_all(root_); }

  std::string Touch(const std::string& name) {
    fs::create_directories((root_ / name).parent_path());
    std::ofstream(root_ / name) << name;
    return (root_ / name).string();
  }

  // "path" or "path#step" of every file found.
  std::vector<std::string> Find(const std::vector<std::string>& paths,
                                const std::vector<std::string>& series = {}) {
    const Result<InputFiles> inputs = FindInputFiles(paths, series);
    if (!inputs.ok()) return {"error: " + inputs.error().message};
    std::vector<std::string> names;
    for (const FileInput& file : inputs->files) {
      EXPECT_TRUE(fs::exists(file.source));
      names.push_back(file.path + (file.step ? "#" + std::to_string(*file.step) : ""));
    }
    return names;
  }
  fs::path root_;
};

using Names = std::vector<std::string>;

TEST_F(InputFilesTest, NamesFilesByTheirFileName) {
  EXPECT_EQ(Find({Touch("a/model.pt"), Touch("b/config.json")}),
            (Names{"config.json", "model.pt"}));
}

TEST_F(InputFilesTest, TakesFoldersWholeWithoutTheirRepositories) {
  Touch("run/model.pt");
  Touch("run/sub/x.json");
  Touch("run/.git/HEAD");
  Touch("run/.dlv/format");
  Touch("run/.hidden");
  EXPECT_EQ(Find({(root_ / "run").string()}), (Names{".hidden", "model.pt", "sub/x.json"}));
}

TEST_F(InputFilesTest, ALinkThatLeadsNowhereSaysSo) {
  fs::create_symlink("nowhere", root_ / "model.pt");
  const std::string path = (root_ / "model.pt").string();
  const Result<InputFiles> inputs = FindInputFiles({path}, {});
  ASSERT_FALSE(inputs.ok());
  EXPECT_EQ(inputs.error().code, ErrorCode::kNotFound);
  EXPECT_EQ(inputs.error().message, path + ": is a link to nowhere, which does not exist");
  EXPECT_TRUE(inputs.error().hint.empty());
}

TEST_F(InputFilesTest, TellsWhatAFolderHoldsBesidesFiles) {
  Touch("run/model.pt");
  Touch("elsewhere/secret");
  Touch("elsewhere/more/x");
  fs::create_symlink("model.pt", root_ / "run/same");
  fs::create_symlink(root_ / "elsewhere/secret", root_ / "run/link");
  fs::create_symlink(root_ / "elsewhere/more", root_ / "run/folder");
  fs::create_symlink("nowhere", root_ / "run/dangling");
  ASSERT_EQ(mkfifo((root_ / "run/pipe").c_str(), 0600), 0);
  const std::string run = (root_ / "run").string();
  EXPECT_EQ(Find({run}), (Names{"link", "model.pt", "same"}));
  const Result<InputFiles> inputs = FindInputFiles({run}, {});
  ASSERT_TRUE(inputs.ok());
  EXPECT_EQ(inputs->warnings,
            (Names{run + ": left out, no files or links to folders: dangling, folder, pipe",
                   run + ": taken along, though the links lead out of the folder: link -> " +
                       (root_ / "elsewhere/secret").string()}));
}

TEST_F(InputFilesTest, RefusesFilesOfARepository) {
  Touch("run/.dlv/format");
  Touch("run/.dlv/packs/a.pack");
  Touch("other/.dlv/notes");
  for (const char* path : {"run/.dlv", "run/.dlv/format", "run/.dlv/packs/a.pack"}) {
    const Result<InputFiles> inputs = FindInputFiles({(root_ / path).string()}, {});
    ASSERT_FALSE(inputs.ok()) << path;
    EXPECT_EQ(inputs.error().code, ErrorCode::kInvalidArgument);
  }
  EXPECT_EQ(Find({(root_ / "other/.dlv/notes").string()}), (Names{"notes"})) << "no repository";
}

TEST_F(InputFilesTest, FallsBackToTheCommonFolderWhenNamesRepeat) {
  EXPECT_EQ(Find({Touch("runs/a/model.pt"), Touch("runs/b/model.pt")}),
            (Names{"a/model.pt", "b/model.pt"}));
}

TEST_F(InputFilesTest, ReadsStepsOfASeriesAndSortsThem) {
  Touch("run/step_20.pt");
  Touch("run/step_9.pt");
  const std::string config = Touch("config.json");
  EXPECT_EQ(Find({config}, {(root_ / "run/step_*.pt").string()}),
            (Names{"config.json", "step_9.pt#9", "step_20.pt#20"}));
}

TEST_F(InputFilesTest, GivesAFolderOfASeriesItsStep) {
  Touch("checkpoint-500/model.safetensors");
  Touch("checkpoint-500/config.json");
  Touch("checkpoint-1000/model.safetensors");
  EXPECT_EQ(Find({}, {(root_ / "checkpoint-*").string()}),
            (Names{"checkpoint-500/config.json#500", "checkpoint-500/model.safetensors#500",
                   "checkpoint-1000/model.safetensors#1000"}));
}

TEST_F(InputFilesTest, UnderstandsAGlobThatTheShellExpanded) {
  const std::string first = Touch("run/step_1.pt");
  EXPECT_EQ(Find({Touch("run/step_2.pt"), Touch("run/step_3.pt"), Touch("config.json")}, {first}),
            (Names{"config.json", "step_1.pt#1", "step_2.pt#2", "step_3.pt#3"}));
}

TEST_F(InputFilesTest, CountsAFileOnceAndKeepsItsStep) {
  Touch("run/step_1.pt");
  const std::string second = Touch("run/step_2.pt");
  EXPECT_EQ(Find({(root_ / "run").string(), second}, {(root_ / "run/step_*.pt").string()}),
            (Names{"step_1.pt#1", "step_2.pt#2"}));
}

TEST_F(InputFilesTest, RefusesWhatIsNotThere) {
  Touch("model.pt");
  const Result<InputFiles> missing = FindInputFiles({(root_ / "modle.pt").string()}, {});
  ASSERT_FALSE(missing.ok());
  EXPECT_EQ(missing.error().code, ErrorCode::kNotFound);
  EXPECT_EQ(missing.error().hint, "did you mean \"model.pt\"?");
  EXPECT_EQ(FindInputFiles({}, {(root_ / "*.npz").string()}).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(FindInputFiles({"/dev/null"}, {}).error().code, ErrorCode::kInvalidArgument);
}

}  // namespace
}  // namespace dlv::cli

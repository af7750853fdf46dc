#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "cli/shell/history_file.h"
#include "cli/shell/line_editor.h"

namespace dlv::cli {
namespace {

namespace fs = std::filesystem;

class HistoryTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "dlv-history-XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
    path_ = folder_ / "state/dlv/history";
  }
  void TearDown() override { fs::remove_all(folder_); }
  std::vector<std::string> Read() {
    HistoryFile file(path_);
    EXPECT_TRUE(file.Load().ok());
    return file.statements();
  }
  fs::path folder_, path_;
};

TEST_F(HistoryTest, KeepsWholeStatementsAcrossSessions) {
  HistoryFile file(path_);
  ASSERT_TRUE(file.Load().ok());  // there is none
  EXPECT_TRUE(file.Add("select m\nwhere m.name ~ \"a\\\\b\";"));
  EXPECT_TRUE(file.Add("select 鳥;"));
  EXPECT_EQ(Read(),
            (std::vector<std::string>{"select m\nwhere m.name ~ \"a\\\\b\";", "select 鳥;"}));
}

TEST_F(HistoryTest, IsForItsOwnerOnly) {
  HistoryFile(path_).Add("select 1;");
  EXPECT_EQ(fs::status(path_).permissions(), fs::perms::owner_read | fs::perms::owner_write);
}

TEST_F(HistoryTest, ForgetsRepetitionsAndPrivateStatements) {
  HistoryFile file(path_);
  EXPECT_TRUE(file.Add("a;"));
  EXPECT_FALSE(file.Add("a;"));
  EXPECT_FALSE(file.Add(" secret;"));
  EXPECT_FALSE(file.Add(""));
  EXPECT_FALSE(file.Add(std::string(HistoryFile::kLongest + 1, 'x')));
  EXPECT_EQ(Read(), std::vector<std::string>{"a;"});
}

TEST_F(HistoryTest, DropsTheOldestWhenItGrows) {
  HistoryFile file(path_);
  for (std::size_t i = 0; i < 2 * HistoryFile::kMost; ++i) file.Add("s" + std::to_string(i));
  const auto kept = Read();
  ASSERT_EQ(kept.size(), HistoryFile::kMost);
  EXPECT_EQ(kept.front(), "s2000");
  std::ostringstream text;
  text << std::ifstream(path_).rdbuf();
  EXPECT_EQ(text.str().find("s1999\n"), std::string::npos);
  EXPECT_EQ(fs::status(path_).permissions(), fs::perms::owner_read | fs::perms::owner_write);
}

TEST_F(HistoryTest, DamagedFilesAreRead) {
  fs::create_directories(path_.parent_path());
  std::ofstream(path_, std::ios::binary) << "a\\\n\n\\x\\\\n" << std::string("\0b\n", 3) << "end";
  EXPECT_EQ(Read().size(), 3U);
}

TEST_F(HistoryTest, WithoutAPlaceItIsForThisSession) {
  HistoryFile file{fs::path()};
  EXPECT_TRUE(file.Load().ok());
  EXPECT_TRUE(file.Add("a;"));
  EXPECT_EQ(file.statements().size(), 1U);
}

TEST(CommonPrefix, EndsAtAWholeCharacter) {
  EXPECT_EQ(CommonPrefix({"select", "self"}), "sel");
  EXPECT_EQ(CommonPrefix({"lenet"}), "lenet");
  EXPECT_EQ(CommonPrefix({"鳥", "鴎"}), "");  // they begin with the same byte
  EXPECT_EQ(CommonPrefix({"a鳥", "a鳥の"}), "a鳥");
  EXPECT_EQ(CommonPrefix({}), "");
}

TEST(InColumns, FitsTheWidth) {
  EXPECT_EQ(InColumns({"a", "bb", "c", "d"}, 8, 10), "a   c\nbb  d\n");
  EXPECT_EQ(InColumns({"a", "b", "c"}, 80, 2), "a  b\n... 1 more\n");
  EXPECT_EQ(InColumns({"evil\x1b"}, 80, 2), "evil\\x1b\n");
}

}  // namespace
}  // namespace dlv::cli

#include "cli/config.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <fstream>

#include "cli/config_file.h"

namespace dlv::cli {
namespace {

class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "dlv-config-XXXXXX").string();
    path = mkdtemp(name.data());
    std::filesystem::create_directory(path / ".dlv");
    setenv("DLV_CONFIG", (path / "user").c_str(), 1);
    for (const char* variable : {"DLV_THREADS", "DLV_PAGER"}) unsetenv(variable);
  }
  ~Folder() { std::filesystem::remove_all(path); }
  void Write(const char* name, const std::string& text) const {
    std::ofstream(path / name) << text;
  }
  std::filesystem::path path;
};

std::string ValueIn(const std::string& text, std::string_view key) {
  const Result<ConfigFile> file = ConfigFile::Parse(text, "f");
  if (!file.ok()) return "error: " + file.error().message;
  const ConfigEntry* entry = file->Find(key);
  return entry == nullptr ? "none" : entry->value;
}

TEST(ConfigFile, ReadsWhatGitWrites) {
  EXPECT_EQ(ValueIn("[user]\n\tname = Hui Miao\n", "user.name"), "Hui Miao");
  EXPECT_EQ(ValueIn("[User]\nNAME=x\n", "user.name"), "x");
  EXPECT_EQ(ValueIn("# c\n; d\n\n[a] # e\n b = 1 ; two\n", "a.b"), "1");
  EXPECT_EQ(ValueIn("[a]\nb = \" 1 # 2 \" \n", "a.b"), " 1 # 2 ");
  EXPECT_EQ(ValueIn("[a]\nb = x\\\"y\\\\z\\tw\n", "a.b"), "x\"y\\z\tw");
  EXPECT_EQ(ValueIn("[a]\nb = one \\\n  two\n", "a.b"), "one   two");
  EXPECT_EQ(ValueIn("[a]\nb\n", "a.b"), "true");
  EXPECT_EQ(ValueIn("[a]\nb =\n", "a.b"), "");
  EXPECT_EQ(ValueIn("[a \"S u\"]\nb = 1\n", "a.S u.b"), "1");
  EXPECT_EQ(ValueIn("[a]\nb = 1\n[c]\nb = 2\n[a]\nb = 3\n", "a.b"), "3");
  EXPECT_EQ(ValueIn("[a]\r\nb = 1\r\n", "a.b"), "1");
}

TEST(ConfigFile, NamesTheLineThatItCannotRead) {
  EXPECT_EQ(ValueIn("[a\n", "a.b"), "error: f:1: want [section]");
  EXPECT_EQ(ValueIn("\nb = 1\n", "a.b"),
            "error: f:2: a name without a section, such as [core], above it");
  EXPECT_EQ(ValueIn("[a]\nb c = 1\n", "a.b"), "error: f:2: want name = value");
  EXPECT_EQ(ValueIn("[a]\nb = \"1\n", "a.b"), "error: f:2: a quote is not closed");
  EXPECT_EQ(ValueIn("[a]\nb = \\q\n", "a.b"),
            "error: f:2: a backslash may stand before n, t, b, \" and \\ only");
  EXPECT_EQ(ValueIn("[]\n", "a.b"), "error: f:1: want [section]");
}

TEST(ConfigFile, ChangesOneLineAndLeavesTheRest) {
  ConfigFile file =
      ConfigFile::Parse("# mine\n[user]\n\tname = a # b\n[gc]\n\tgrace = 1d\n", "f").value();
  file.Set("user.name", " c;d ");
  EXPECT_EQ(file.Text(), "# mine\n[user]\n\tname = \" c;d \"\n[gc]\n\tgrace = 1d\n");
  file.Set("user.email", "x@y");
  EXPECT_EQ(file.Text(), "# mine\n[user]\n\tname = \" c;d \"\n\temail = x@y\n[gc]\n\tgrace = 1d\n");
  file.Set("color.ui", "never");
  EXPECT_TRUE(file.Unset("user.email"));
  EXPECT_FALSE(file.Unset("user.email"));
  EXPECT_EQ(file.Text(),
            "# mine\n[user]\n\tname = \" c;d \"\n[gc]\n\tgrace = 1d\n[color]\n\tui = never\n");
  EXPECT_EQ(file.Find("user.name")->value, " c;d ");
}

TEST(ConfigFile, WhatIsSetIsReadBack) {
  for (const std::string value : {"", " ", "a\"b", "tab\tnewline\nend", "#", "c:\\x", "ü", "\\"}) {
    ConfigFile file = ConfigFile::Parse("", "f").value();
    file.Set("a.b", value);
    EXPECT_EQ(ValueIn(file.Text(), "a.b"), value);
  }
}

TEST(Settings, AreSortedAndTheirDefaultsMakeSense) {
  const auto all = AllSettings();
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (i > 0) {
      EXPECT_LT(std::string(all[i - 1].key), all[i].key);
    }
    if (*all[i].fallback != '\0') {
      EXPECT_TRUE(CheckSetting(all[i], all[i].fallback, "").ok()) << all[i].key;
    }
    EXPECT_EQ(FindSetting(LowerCase(all[i].key)), &all[i]);
  }
}

TEST(Settings, SayWhatIsWanted) {
  const auto message = [](const char* key, const char* value) {
    return CheckSetting(*FindSetting(key), value, "f:3").error().message;
  };
  EXPECT_EQ(message("color.ui", "blue"),
            "color.ui: got \"blue\" (f:3), want auto, always or never");
  EXPECT_EQ(message("core.threads", "0"),
            "core.threads: got \"0\" (f:3), want a whole number from 1 to 1024");
  EXPECT_EQ(message("gc.grace", "soon"),
            "gc.grace: got \"soon\" (f:3), want a time such as 500ms, 30s, 12h or 14d");
  EXPECT_EQ(UnknownSetting("user.nmae").hint, "did you mean \"user.name\"?");
}

TEST(Config, EnvironmentBeforeLocalBeforeGlobalBeforeDefault) {
  const Folder folder;
  const auto threads = [&] { return Config::Load(folder.path).value().Get("core.threads"); };
  EXPECT_TRUE(threads().is_default);
  folder.Write("user", "[core]\nthreads = 2\n");
  EXPECT_EQ(threads().text, "2");
  EXPECT_EQ(threads().origin, "global " + (folder.path / "user").string() + ":2");
  folder.Write(".dlv/config", "[core]\nthreads = 3\n");
  EXPECT_EQ(threads().text, "3");
  EXPECT_TRUE(threads().origin.starts_with("local ")) << threads().origin;
  setenv("DLV_THREADS", "4", 1);
  EXPECT_EQ(threads().text, "4");
  EXPECT_EQ(threads().origin, "environment DLV_THREADS");
  setenv("DLV_THREADS", "many", 1);  // passed over
  EXPECT_EQ(threads().text, "3");
  unsetenv("DLV_THREADS");
}

TEST(Config, ARepositoryNamesNoProgram) {
  const Folder folder;
  folder.Write(".dlv/config", "[core]\npager = evil\n");
  const Config config = Config::Load(folder.path).value();
  EXPECT_EQ(config.Get("core.pager").text, "");
  ASSERT_EQ(config.Complaints().size(), 1u);
  EXPECT_NE(config.Complaints()[0].find("user's file only"), std::string::npos);
  folder.Write("user", "[core]\npager = less\n");
  EXPECT_EQ(Config::Load(folder.path).value().Get("core.pager").text, "less");
}

TEST(Config, AValueThatMakesNoSenseIsAnErrorThatNamesItsPlace) {
  const Folder folder;
  folder.Write(".dlv/config", "[gc]\n\n grace = soon\n");
  const Result<Config> config = Config::Load(folder.path);
  ASSERT_FALSE(config.ok());
  EXPECT_EQ(config.error().code, ErrorCode::kInvalidArgument);
  EXPECT_NE(config.error().message.find(".dlv/config:3"), std::string::npos);
  EXPECT_TRUE(Config::Load(folder.path, false).ok());
}

TEST(Config, ALargeFileIsRefused) {
  const Folder folder;
  folder.Write("user", std::string(2 << 20, '#'));
  EXPECT_EQ(Config::Load(std::nullopt).error().code, ErrorCode::kUnsafe);
}

}  // namespace
}  // namespace dlv::cli

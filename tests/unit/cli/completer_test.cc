#include "cli/completer.h"

#include <gtest/gtest.h>

#include "cli/shell_words.h"

namespace dlv::cli {
namespace {

std::string Answer(const std::vector<std::string>& words) {
  CompletionSource source;
  source.references = [](const std::vector<std::string>&, const std::string& text) {
    std::vector<std::string> found;
    for (const char* name : {"lenet", "lenet:v1", "lenet:best", "lenet/conv1.weight"}) {
      if (std::string_view(name).starts_with(text)) found.emplace_back(name);
    }
    return found;
  };
  const Completion completion = Complete(words, source);
  if (completion.kind == Completion::Kind::kFiles) return "files";
  if (completion.kind == Completion::Kind::kFolders) return "folders";
  std::string text;
  for (const Candidate& candidate : completion.words)
    text += (text.empty() ? "" : " ") + candidate.word;
  return text;
}

TEST(Completer, CommandsAndTopics) {
  EXPECT_EQ(Answer({"checko"}), "checkout");
  EXPECT_EQ(Answer({"-C", "/tmp", "checko"}), "checkout");
  EXPECT_EQ(Answer({"help", "rev"}), "revisions");
  EXPECT_EQ(Answer({"help", "revisions", ""}), "");
  EXPECT_EQ(Answer({"nonsense", ""}), "");
  EXPECT_EQ(Answer({"--vers"}), "--version");
}

TEST(Completer, OptionsAndTheirValues) {
  EXPECT_EQ(Answer({"checkout", "--form"}), "--format");
  EXPECT_EQ(Answer({"checkout", "--format", "np"}), "npz");
  EXPECT_EQ(Answer({"checkout", "--format=np"}), "--format=npz");
  EXPECT_EQ(Answer({"list", "--color", "a"}), "auto always");
  EXPECT_EQ(Answer({"checkout", "-o", ""}), "folders");
  EXPECT_EQ(Answer({"commit", "--parent", "lenet:"}), "lenet:v1 lenet:best");
  EXPECT_EQ(Answer({"commit", "-n", "le"}), Answer({"list", "le"}));
  EXPECT_EQ(Answer({"commit", "--author", "le"}), "");
  EXPECT_EQ(Answer({"commit", "--snapshots", "r"}), "files");
}

TEST(Completer, Operands) {
  EXPECT_EQ(Answer({"desc", "lenet:b"}), "lenet:best");
  EXPECT_EQ(Answer({"desc", "lenet/c"}), "lenet/conv1.weight");
  EXPECT_EQ(Answer({"desc", "lenet", ""}), "");  // one reference is all that desc takes
  EXPECT_EQ(Answer({"rm", "lenet:v1", "lenet:b"}), "lenet:best");
  EXPECT_EQ(Answer({"add", ""}), "files");
  EXPECT_EQ(Answer({"add", "--", "--x"}), "files");
  EXPECT_EQ(Answer({"completion", "z"}), "zsh");
  EXPECT_EQ(Answer({"config", "user.n"}), "user.name");
  EXPECT_EQ(Answer({"config", "color.ui", "n"}), "never");
  EXPECT_EQ(Answer({"status", ""}), "");
  EXPECT_EQ(Answer({"plot", "cu"}), "curves");
  EXPECT_EQ(Answer({"plot", "curves", "lenet:b"}), "lenet:best");
}

TEST(Completer, ChoicesOfHelpTexts) {
  EXPECT_EQ(ChoicesInHelp("original, safetensors or npz").size(), 3u);
  EXPECT_EQ(ChoicesInHelp("model (the default) or version").size(), 2u);
  EXPECT_TRUE(ChoicesInHelp("the folder to write to").empty());
  EXPECT_TRUE(ChoicesInHelp("every version, newest first").empty());
  EXPECT_TRUE(ChoicesInHelp("quiet").empty());
  EXPECT_TRUE(ChoicesInHelp("").empty());
}

TEST(ShellWords, QuotesAndBackslashes) {
  const auto words = [](std::string_view line) { return SplitShellWords(line).words; };
  using Words = std::vector<std::string>;
  EXPECT_EQ(words("dlv desc le"), (Words{"dlv", "desc", "le"}));
  EXPECT_EQ(words("dlv  desc "), (Words{"dlv", "desc", ""}));
  EXPECT_EQ(words("dlv 'a b' \"c'd\" e\\ f"), (Words{"dlv", "a b", "c'd", "e f"}));
  EXPECT_EQ(words("dlv '' x"), (Words{"dlv", "", "x"}));
  EXPECT_EQ(words("dlv 'lenet#"), (Words{"dlv", "lenet#"}));
  EXPECT_TRUE(SplitShellWords("dlv 'lenet").in_quotes);
  EXPECT_EQ(SplitShellWords("dlv 'lenet").raw_last, "'lenet");
  EXPECT_EQ(words(""), (Words{""}));
}

TEST(ShellWords, EscapesWhatAShellWouldTake) {
  EXPECT_EQ(EscapeForShell("a b$c"), "a\\ b\\$c");
  EXPECT_EQ(EscapeForShell("lenet#40"), "lenet#40");
  EXPECT_EQ(EscapeForShell("#a"), "\\#a");
  EXPECT_EQ(BreakPrefix("lenet:v", ":="), 6u);
  EXPECT_EQ(BreakPrefix("--format=n", ":="), 9u);
  EXPECT_EQ(BreakPrefix("lenet", ":="), 0u);
}

}  // namespace
}  // namespace dlv::cli

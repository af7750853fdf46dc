// docs/inference.md says which operators run; this keeps it true.

#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <sstream>
#include <string>

#include "engine/kernels/kernel_table.h"
#include "tests/support/source_root.h"

namespace dlv::infer {
namespace {

std::string Document() {
  std::ifstream in(testing::SourceRoot() / "docs/inference.md");
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

/// The words between two marks.
std::set<std::string> Listed(const std::string& mark) {
  const std::string text = Document(), open = "<!-- " + mark + " -->",
                    close = "<!-- /" + mark + " -->";
  const std::size_t begin = text.find(open), end = text.find(close);
  EXPECT_NE(begin, std::string::npos);
  EXPECT_NE(end, std::string::npos);
  std::string list = text.substr(begin + open.size(), end - begin - open.size());
  for (char& c : list) c = c == ',' ? ' ' : c;
  std::stringstream words(list);
  std::set<std::string> names;
  for (std::string word; words >> word;) names.insert(word);
  return names;
}

std::set<std::string> Running() {
  std::set<std::string> names = {"If"};  // run by the session itself
  for (const kernels::KernelRow& row : AllKernels(kernels::Implementation::kReference)) {
    names.insert((row.domain.empty() ? "" : std::string(row.domain) + ".") + std::string(row.op));
  }
  return names;
}

TEST(TheDocument, ListsTheOperatorsThatRun) { EXPECT_EQ(Listed("runs"), Running()); }

TEST(TheDocument, ListsTheOthersApart) {
  const auto others = Listed("does not run");
  EXPECT_GT(others.size(), 20u);
  for (const std::string& name : others) EXPECT_FALSE(Running().contains(name)) << name;
}

TEST(TheTable, HasEachOperatorOnce) {
  const auto rows = AllKernels(kernels::Implementation::kReference);
  for (const kernels::KernelRow& row : rows) {
    EXPECT_EQ(FindKernel(kernels::Implementation::kReference, row.domain, row.op), row.kernel)
        << row.op;
  }
  EXPECT_EQ(Running().size(), rows.size() + 1);
}

}  // namespace
}  // namespace dlv::infer

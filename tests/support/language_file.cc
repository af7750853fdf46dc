#include "tests/support/language_file.h"

#include <fstream>

#include "dlv/result.h"

namespace dlv::testing {

std::vector<LanguageCase> ReadLanguageFile(const std::filesystem::path& path) {
  std::ifstream file(path);
  DLV_CHECK(file.good(), "the language file is there");
  std::vector<LanguageCase> cases;
  LanguageCase now;
  bool behind = false;  // the line of dashes
  const auto finish = [&] {
    DLV_CHECK(now.statement.empty() || behind, "every statement has a line of dashes behind it");
    if (!now.statement.empty()) cases.push_back(std::move(now));
    now = {};
    behind = false;
  };
  std::string line;
  for (std::size_t number = 1; std::getline(file, line); ++number) {
    if (line.empty()) {
      finish();
    } else if (line == "----") {
      behind = true;
    } else if (behind) {
      now.expected.push_back(line);
    } else if (line[0] != '#' || !now.statement.empty()) {
      if (now.statement.empty()) now.line = number;
      now.statement += (now.statement.empty() ? "" : "\n") + line;
    }
  }
  finish();
  return cases;
}

}  // namespace dlv::testing

#pragma once
/// \file
/// Language tests: text files of statements with what must come of them.
///
///     # a comment; blank lines stand between cases
///     select m where m.name == "x"
///     ----
///     error 1:23 there is no "=="
///     hint values are compared with "="
///
/// A statement may take several lines; what is expected stands behind the line "----" up to a blank
/// line or the end.

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

namespace dlv::testing {

struct LanguageCase {
  std::size_t line = 0;  ///< where the statement begins in its file
  std::string statement;
  std::vector<std::string> expected;
};

/// Reads a file; one that cannot be read, or breaks the form, stops the test program.
std::vector<LanguageCase> ReadLanguageFile(const std::filesystem::path& path);

}  // namespace dlv::testing

#pragma once
/// \file
/// The words of a command line that is being typed, as a shell reads them.

#include <string>
#include <string_view>
#include <vector>

namespace dlv::cli {

struct ShellWords {
  std::vector<std::string> words;  ///< without quotes and backslashes; the last is being typed
  std::string raw_last;            ///< the last as it stands there
  bool in_quotes = false;          ///< a quote in the last word is open
};

/// Splits at blanks that are neither quoted nor behind a backslash. Nothing is expanded.
ShellWords SplitShellWords(std::string_view line);

/// Puts a backslash before whatever a shell would take for its own.
std::string EscapeForShell(std::string_view word);

/// Returns how many bytes of `word` (a whole candidate) stand in front of the last of the break
/// characters that is in `typed` too: bash completes only what comes behind it.
std::size_t BreakPrefix(std::string_view typed, std::string_view break_characters);

}  // namespace dlv::cli

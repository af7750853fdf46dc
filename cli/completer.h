#pragma once
/// \file
/// What may stand where the cursor is. The answer comes from the same tables as help: commands,
/// options, value names, and from the repository where a value name asks for it.

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace dlv::cli {

struct Candidate {
  std::string word;
  std::string meaning;  ///< may be empty
};

struct Completion {
  enum class Kind { kWords, kFiles, kFolders } kind = Kind::kWords;
  std::vector<Candidate> words;
};

/// What completion asks the repository. Both may take milliseconds and must not fail aloud.
struct CompletionSource {
  /// References that begin with the text; `arguments` are the words before it (-C, --repo).
  std::function<std::vector<std::string>(const std::vector<std::string>& arguments,
                                         const std::string& text)>
      references;
};

/// `words` are those behind "dlv"; the last is being typed (perhaps empty).
Completion Complete(const std::vector<std::string>& words, const CompletionSource& source);

/// Returns the words that a help text of the form "a, b or c" offers (what follows them may stand
/// in brackets); none for any other text.
std::vector<std::string> ChoicesInHelp(std::string_view help);

}  // namespace dlv::cli

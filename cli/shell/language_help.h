#pragma once
/// \file
/// What `.help WORD` says about the language: in short, docs/dql.md has all of it.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dlv::cli {

/// Grammar and examples for a keyword; nothing where there is none.
std::optional<std::string> LanguageHelp(std::string_view word);
/// All of it, for `dlv help dql`.
std::string LanguageSummary();
/// The words that there is something about: "select", "from", ...
std::vector<std::string> LanguageTopics();

}  // namespace dlv::cli

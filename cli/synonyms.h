#pragma once
/// \file
/// Words of other tools for what dlv does.

#include <optional>
#include <string>
#include <string_view>

namespace dlv::cli {

/// Returns the command that somebody may mean who types `word` ("ls": "list"); nothing for words
/// that no tool has, or whose command is not there.
std::optional<std::string> CommandForWord(std::string_view word);

}  // namespace dlv::cli

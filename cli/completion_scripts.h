#pragma once
/// \file
/// What a shell has to be told: for every word, `dlv completion SHELL -- ...` is asked.

#include <string_view>

namespace dlv::cli {

std::string_view BashCompletionScript();
std::string_view ZshCompletionScript();
std::string_view FishCompletionScript();

}  // namespace dlv::cli

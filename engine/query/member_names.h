#pragma once
/// \file
/// What may stand behind a dot, for completion: guessed from the text in front of it, which need
/// not be a whole statement.

#include <string>
#include <string_view>
#include <vector>

namespace dlv::query {

/// Names that may follow a dot at the end of `text`: those of the value in front of it where that
/// can be told (`m`, `m["conv1"]`, `n` from nodes n, `metrics["acc"]`, `tensors["w"]`), else all.
std::vector<std::string> MemberNames(std::string_view text);

}  // namespace dlv::query

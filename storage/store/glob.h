#pragma once
/// \file
/// Shell patterns over names.

#include <string_view>

namespace dlv::store {

/// Returns whether `text` as a whole fits `pattern`: `*` any run, `?` any one byte, `[a-z]` and
/// `[!a-z]` sets, `\` takes the next byte as it is. A `[` without `]` is an ordinary byte.
/// Time: pattern times text, whatever the pattern.
bool GlobMatches(std::string_view pattern, std::string_view text);

/// Returns whether the text has bytes with a meaning in patterns.
bool IsGlob(std::string_view text);

}  // namespace dlv::store

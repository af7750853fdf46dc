#pragma once
/// \file
/// "Did you mean".

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace dlv::cli {

/// Returns the number of insertions, deletions, replacements and swaps of neighbours between the
/// two words.
std::size_t EditDistance(std::string_view a, std::string_view b);

/// Returns the candidates nearest to `word`: at most distance 2 (1 for words of up to three
/// letters), or beginning with it; nearest first, at most three.
std::vector<std::string> Nearest(std::string_view word, std::span<const std::string> candidates);

/// Returns `did you mean "a" or "b"?`, or nothing for no names.
std::string DidYouMean(std::span<const std::string> names);

}  // namespace dlv::cli

#pragma once
/// \file
/// Text on a terminal: what may be printed, how wide it is, how it is cut.

#include <cstddef>
#include <string>
#include <string_view>

namespace dlv::cli {

/// Returns `text` with everything escaped that could steer a terminal or mislead a reader: C0 and
/// C1 control characters, DEL, bidirectional controls, line separators, zero-width marks and bytes
/// that are not UTF-8
/// ("\x1b", "\u202e"). Names, messages and errors come from files and people: all printing goes
/// through here.
std::string Sanitize(std::string_view text);

/// Returns the number of terminal cells that `text` (sanitised UTF-8) takes: 2 for wide East Asian
/// characters and emoji, 0 for combining marks, variation selectors,
/// joiners and the colour codes that Style puts in.
std::size_t DisplayWidth(std::string_view text);

/// Where text is cut: at its end, in its middle, or after the last of its parts (two blanks lie
/// between them) that fits.
enum class Cut { kEnd, kMiddle, kParts };

/// Returns `text` in at most `width` cells; what is left out is shown by "…".
std::string Elide(std::string_view text, std::size_t width, Cut cut = Cut::kEnd);

/// Returns `text` with blanks added up to `width` cells, after or before it.
std::string PadRight(std::string text, std::size_t width);
std::string PadLeft(std::string text, std::size_t width);

/// Returns `text` broken at blanks into lines of at most `width` cells (0: no limit); lines after
/// the first begin with `indent` blanks. `first_column` cells are taken on the first line already.
/// A word longer than a line stays whole, and a number stays with its unit.
std::string Wrap(std::string_view text, std::size_t width, std::size_t indent,
                 std::size_t first_column = 0);

}  // namespace dlv::cli

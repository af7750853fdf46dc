#pragma once
/// \file
/// Names and texts in the text form and in DOT: printable whatever they hold.

#include <string>
#include <string_view>

namespace dlv::network {

/// Returns whether a name stands in the text form without quotes: letters, digits, "_", "." and
/// "/", the first no digit and no ".".
bool IsBare(std::string_view name);

/// Returns the text in double quotes. `"` and `\` get a backslash; control characters, those that
/// change the direction of writing, and bytes that are no UTF-8 become \xNN, line feed \n, tab \t.
std::string Quoted(std::string_view text);

/// The name as the text form writes it.
std::string NameText(std::string_view name);

/// A real number that reads back to the same bits and does not look like a whole one: "0.1", "1.0",
/// "inf", "-nan(0x123)".
std::string RealText(double value);
/// The same of a binary32, in its own shortest form.
std::string RealText(float value);

}  // namespace dlv::network

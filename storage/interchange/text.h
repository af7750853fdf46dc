#pragma once
/// \file
/// Text from foreign files.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace dlv::interchange {

/// Returns whether the text is valid UTF-8.
bool IsUtf8(std::string_view text);

/// Returns whether the text is valid UTF-8 without control characters (C0, DEL, C1).
bool IsCleanText(std::string_view text);

/// Returns whether a tensor may have this name: clean text of 1 to 4096 bytes.
bool IsTensorName(std::string_view name);

/// Returns a name for the one tensor of a file: the file's name without folder and suffix, or
/// `otherwise`.
std::string TensorNameOfPath(std::string_view path, std::string_view otherwise);

/// Returns the text with everything that is not clean written as \xHH, at most `limit` bytes of it;
/// for messages.
std::string Printable(std::string_view text, std::size_t limit = 120);

/// Returns the bytes whose values are the characters of `text`; nothing where one is above 255, or
/// the text is no UTF-8.
std::optional<std::string> Latin1Bytes(std::string_view text);

/// Returns "0x1f".
std::string Hex(unsigned long long value);

}  // namespace dlv::interchange

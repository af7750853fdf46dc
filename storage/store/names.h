#pragma once
/// \file
/// Which names are allowed, and which name somebody may have meant.

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "dlv/result.h"

namespace dlv::store {

/// A model name: letters, digits, '_', '-', '.', and any non-ASCII UTF-8; begins with a letter,
/// digit or '_'; at most 128 bytes.  Errors: kInvalidArgument saying what is wrong with it.
Status CheckModelName(std::string_view name);
/// An alias: as a model name, and neither "latest" nor of the form vN.  Errors: kInvalidArgument.
Status CheckAliasName(std::string_view name);
/// A tag key, hyper-parameter or metric name: 1 to 256 bytes of UTF-8 without control characters or
/// '='.  Errors: kInvalidArgument.
Status CheckKey(std::string_view what, std::string_view key);
/// A file's path inside a version: relative, '/' between parts, no part empty, ".", "..", ".dlv" or
/// ".git" in any spelling a file system may take for it, no control characters or backslashes, each
/// part at most 255 bytes.  Errors: kInvalidArgument.
Status CheckFilePath(std::string_view path);
/// Paths that differ only in case would overwrite each other on some file systems; a path must not
/// be a folder of another.  Errors: kInvalidArgument naming both.
Status CheckPathsTogether(const std::vector<std::string>& paths);

bool IsValidUtf8(std::string_view text);

/// Returns the nearest of `candidates` (edit distance at most a third of the length, and at most
/// 3), best first, at most three.
std::vector<std::string> NearestNames(std::string_view name,
                                      std::span<const std::string> candidates);
/// Returns "did you mean a, b or c?"; empty where nothing is near.
std::string DidYouMean(std::string_view name, std::span<const std::string> candidates);

/// Returns the text with control characters, quotes and backslashes escaped, in double quotes: for
/// messages.
std::string Quoted(std::string_view text);

}  // namespace dlv::store

#pragma once
/// \file
/// Files of settings in the manner of git: sections in brackets, `name = value` below them.

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "dlv/result.h"

namespace dlv::cli {

/// One `name = value` of a file.
struct ConfigEntry {
  std::string key;  ///< "section.name", lower case but for what stands between (a subsection)
  std::string value;
  std::size_t line = 0;       ///< the first is 1
  std::size_t last_line = 0;  ///< differs where a value is continued with a backslash
};

/// The content of a file; what is not understood stays as it is when a value changes.
class ConfigFile {
 public:
  /// A file that is not there is empty.  Errors: kSyntax (path and line), kIo, kUnsafe (too large).
  static Result<ConfigFile> Read(const std::filesystem::path& path);
  /// The same from text.
  static Result<ConfigFile> Parse(std::string_view text, const std::filesystem::path& path);

  const std::filesystem::path& path() const { return path_; }
  const std::vector<ConfigEntry>& entries() const { return entries_; }
  /// The last entry of that key, as git has it; null where there is none.
  const ConfigEntry* Find(std::string_view key) const;

  /// Changes the last entry of the key, or adds one at the end of its section.
  void Set(const std::string& key, const std::string& value);
  /// Takes all entries of the key out; returns whether there was one.
  bool Unset(std::string_view key);
  std::string Text() const;
  /// Writes the file so that a crash leaves the old one or the new one; makes its folder.
  /// Errors: kIo.
  Status Write() const;

 private:
  Status ReadLines();
  void Reread();
  std::size_t EndOfSection(std::string_view section) const;

  std::filesystem::path path_;
  std::vector<std::string> lines_;
  std::vector<ConfigEntry> entries_;
  std::vector<std::pair<std::string, std::size_t>> sections_;  ///< name, line of its last entry
};

}  // namespace dlv::cli

#pragma once
/// \file
/// Looking into foreign folders: no link is followed unless the reader allows it, and what is
/// unreadable is no reason to stop.

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "storage/interchange/side_tree.h"

namespace dlv::store {

/// Names of real folders in a folder, sorted; links are left out.
std::vector<std::string> FoldersIn(const std::filesystem::path& folder);
/// Names of regular files in a folder, sorted; links are left out.
std::vector<std::string> FilesIn(const std::filesystem::path& folder);
/// Relative paths of regular files below a folder, sorted; links are not followed.
std::vector<std::string> FilesBelow(const std::filesystem::path& folder);

/// Returns a small regular file (no link); nothing where it cannot be had.
std::optional<std::string> SmallText(const std::filesystem::path& file,
                                     std::uint64_t limit_bytes = 1u << 20);

/// Returns a small YAML file; nothing where it is none.
std::optional<interchange::Tree> SmallYaml(const std::filesystem::path& file);
/// The text of a key of a dict; empty where there is none.
std::string YamlText(const interchange::Tree& tree, const interchange::TreeNode& dict,
                     std::string_view key);

/// Without blanks at both ends.
std::string Trimmed(std::string_view text);

}  // namespace dlv::store

#include "storage/store/foreign_folder.h"

#include <algorithm>
#include <fstream>

namespace dlv::store {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostEntries = 1'000'000;

template <class Keep>
std::vector<std::string> NamesIn(const fs::path& folder, const Keep& keep) {
  std::vector<std::string> names;
  std::error_code error;
  for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    if (names.size() == kMostEntries) break;
    std::error_code ignored;
    if (!at->is_symlink(ignored) && keep(*at)) names.push_back(at->path().filename().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace

std::vector<std::string> FoldersIn(const fs::path& folder) {
  return NamesIn(folder, [](const fs::directory_entry& entry) {
    std::error_code error;
    return entry.is_directory(error);
  });
}

std::vector<std::string> FilesIn(const fs::path& folder) {
  return NamesIn(folder, [](const fs::directory_entry& entry) {
    std::error_code error;
    return entry.is_regular_file(error);
  });
}

std::vector<std::string> FilesBelow(const fs::path& folder) {
  std::vector<std::string> paths;
  std::error_code error;
  for (fs::recursive_directory_iterator at(folder, error), end; !error && at != end;
       at.increment(error)) {
    if (paths.size() == kMostEntries || at.depth() > 64) break;
    std::error_code ignored;
    if (!at->is_symlink(ignored) && at->is_regular_file(ignored))
      paths.push_back(at->path().lexically_relative(folder).generic_string());
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

std::optional<std::string> SmallText(const fs::path& file, std::uint64_t limit_bytes) {
  std::error_code error;
  if (fs::is_symlink(file, error) || !fs::is_regular_file(file, error)) return std::nullopt;
  const auto size = fs::file_size(file, error);
  if (error || size > limit_bytes) return std::nullopt;
  std::string text(static_cast<std::size_t>(size), '\0');
  std::ifstream in(file, std::ios::binary);
  if (!in.read(text.data(), static_cast<std::streamsize>(size)) && size != 0) return std::nullopt;
  return text;
}

std::optional<interchange::Tree> SmallYaml(const fs::path& file) {
  const auto text = SmallText(file);
  if (!text) return std::nullopt;
  auto tree = interchange::ParseYaml(*text);
  if (!tree.ok() || tree->top().kind != interchange::TreeKind::kDict) return std::nullopt;
  return std::move(tree).value();
}

std::string YamlText(const interchange::Tree& tree, const interchange::TreeNode& dict,
                     std::string_view key) {
  const interchange::TreeNode* node = tree.Find(dict, key);
  if (node == nullptr) return "";
  return interchange::TextOfNode(tree, *node).value_or("");
}

std::string Trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t\r\n");
  if (begin == std::string_view::npos) return "";
  return std::string(text.substr(begin, text.find_last_not_of(" \t\r\n") - begin + 1));
}

}  // namespace dlv::store

#include <algorithm>
#include <array>
#include <fstream>
#include <set>
#include <span>

#include "storage/interchange/file_format.h"
#include "storage/store/foreign_folder.h"
#include "storage/store/foreign_import.h"
#include "storage/store/names.h"

namespace dlv::store {
namespace {

namespace fs = std::filesystem;
using interchange::Tree;
using interchange::TreeKind;
using interchange::TreeNode;

bool IsHash(std::string_view text) {
  return text.size() == 32 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

bool IsPlainPath(std::string_view path) { return CheckFilePath(path).ok(); }

class Workspace {
 public:
  explicit Workspace(fs::path root) : root_(std::move(root)) {}

  void Plan(ForeignPlan& plan) {
    for (const std::string& path : FilesBelow(root_)) {
      if (path.starts_with(".dvc/") || path.find("/.dvc/") != std::string::npos) continue;
      const std::string name = fs::path(path).filename().string();
      if (name == "dvc.lock") ReadLock(path, plan);
      if (name.ends_with(".dvc") && name != ".dvc") ReadPointer(path, plan);
    }
  }

 private:
  void ReadPointer(const std::string& path, ForeignPlan& plan) {
    const auto tree = SmallYaml(root_ / path);
    if (!tree) return Skip(path, "is no YAML that can be read", plan);
    AddOuts(*tree, tree->top(), path, {}, plan);
  }

  void ReadLock(const std::string& path, ForeignPlan& plan) {
    const auto tree = SmallYaml(root_ / path);
    const TreeNode* stages = tree ? tree->Find(tree->top(), "stages") : nullptr;
    if (stages == nullptr || stages->kind != TreeKind::kDict)
      return Skip(path, "has no stages", plan);
    for (std::size_t i = 0; i + 1 < stages->items.size(); i += 2) {
      const TreeNode& stage = tree->at(stages->items[i + 1]);
      if (stage.kind == TreeKind::kDict) AddOuts(*tree, stage, path, Params(*tree, stage), plan);
    }
  }

  /// params: FILE: NAME: VALUE.
  static KeyValues Params(const Tree& tree, const TreeNode& stage) {
    KeyValues values;
    const TreeNode* params = tree.Find(stage, "params");
    if (params == nullptr || params->kind != TreeKind::kDict) return values;
    for (std::size_t i = 0; i + 1 < params->items.size(); i += 2) {
      const TreeNode& file = tree.at(params->items[i + 1]);
      if (file.kind != TreeKind::kDict) continue;
      for (std::size_t k = 0; k + 1 < file.items.size(); k += 2) {
        const std::string& name = tree.at(file.items[k]).text;
        const auto value = interchange::TextOfNode(tree, tree.at(file.items[k + 1]));
        if (value && CheckKey("name", name).ok()) values[name] = *value;
      }
    }
    return values;
  }

  static void Skip(const std::string& path, const std::string& why, ForeignPlan& plan) {
    ForeignVersion version;
    version.source = path;
    version.origin = "dvc:" + path;
    version.skip = why;
    plan.versions.push_back(std::move(version));
  }

  void AddOuts(const Tree& tree, const TreeNode& dict, const std::string& from,
               const KeyValues& hparams, ForeignPlan& plan) {
    const TreeNode* outs = tree.Find(dict, "outs");
    if (outs == nullptr || outs->kind != TreeKind::kList) return;
    for (const std::uint32_t item : outs->items) {
      const TreeNode& out = tree.at(item);
      if (out.kind != TreeKind::kDict) continue;
      ForeignVersion version = Out(YamlText(tree, out, "path"), YamlText(tree, out, "md5"), from);
      version.request.hparams = hparams;
      if (seen_.insert(version.origin).second) plan.versions.push_back(std::move(version));
    }
  }

  ForeignVersion Out(const std::string& path, const std::string& hash, const std::string& from) {
    const fs::path whole = (fs::path(from).parent_path() / path).lexically_normal();
    const std::string shown = whole.generic_string();
    ForeignVersion version;
    version.source = from + ": " + path;
    version.origin = "dvc:" + shown + "@" + hash;
    CommitRequest& request = version.request;
    request.model = ModelNameFrom(whole.stem().string());
    request.message = shown + " at " + hash.substr(0, 12) + ", from DVC";
    request.parent_choice = ParentChoice::kInfer;
    const bool folder = hash.ends_with(".dir");
    if (!IsPlainPath(shown)) {
      version.skip = "its path leads out of the folder";
    } else if (request.model.empty()) {
      version.skip = "its name is no name for a model";
    } else if (!IsHash(folder ? std::string_view(hash).substr(0, hash.size() - 4)
                              : std::string_view(hash))) {
      version.skip = "it has no MD5";
    } else if (folder) {
      AddFolder(shown, hash, version);
    } else {
      AddFile(shown, whole.filename().string(), hash, version);
    }
    if (version.skip.empty() && request.files.empty()) version.skip = "not in the cache: dvc pull";
    if (version.skip.empty() && !HasCheckpoint(request)) version.skip = "no checkpoint";
    return version;
  }

  /// The content by its hash: in the cache, of version 3 or 2.
  std::optional<fs::path> Cached(const std::string& hash) const {
    const std::string first = hash.substr(0, 2), rest = hash.substr(2);
    for (const char* base : {".dvc/cache/files/md5", ".dvc/cache"}) {
      const fs::path file = root_ / base / first / rest;
      std::error_code error;
      if (!fs::is_symlink(file, error) && fs::is_regular_file(file, error)) return file;
    }
    return std::nullopt;
  }

  void AddFile(const std::string& shown, const std::string& name, const std::string& hash,
               ForeignVersion& version) const {
    const auto cached = Cached(hash);
    if (!cached) return version.notes.push_back(shown + " is not in the cache");
    FileInput input;
    input.source = *cached;
    input.path = name;
    version.request.files.push_back(std::move(input));
  }

  /// A folder's cache entry is JSON: a list of relpath and md5.
  void AddFolder(const std::string& shown, const std::string& hash, ForeignVersion& version) const {
    const auto listing = Cached(hash);
    const auto text = listing ? SmallText(*listing, 64u << 20) : std::nullopt;
    if (!text) return;
    const auto tree = interchange::ParseJson(*text);
    if (!tree.ok() || tree->top().kind != TreeKind::kList) {
      version.skip = "its listing in the cache is broken";
      return;
    }
    for (const std::uint32_t item : tree->top().items) {
      const TreeNode& entry = tree->at(item);
      if (entry.kind != TreeKind::kDict) continue;
      const std::string path = YamlText(*tree, entry, "relpath");
      const std::string md5 = YamlText(*tree, entry, "md5");
      if (!IsPlainPath(path) || !IsHash(md5)) {
        version.notes.push_back("an entry of " + shown + " left out: its path or hash is none");
        continue;
      }
      AddFile(shown + "/" + path, path, md5, version);
    }
  }

  static bool HasCheckpoint(const CommitRequest& request) {
    return std::any_of(request.files.begin(), request.files.end(), [](const FileInput& input) {
      std::array<char, 16> first{};
      std::ifstream file(input.source, std::ios::binary);
      file.read(first.data(), first.size());
      const auto count = static_cast<std::size_t>(file.gcount());
      return interchange::LooksLikeCheckpoint(input.path,
                                              std::as_bytes(std::span(first.data(), count)));
    });
  }

  fs::path root_;
  std::set<std::string> seen_;
};

}  // namespace

Result<std::optional<ForeignPlan>> PlanDvc(const fs::path& folder) {
  std::error_code error;
  if (!fs::is_directory(folder / ".dvc", error)) return std::optional<ForeignPlan>();
  ForeignPlan plan;
  plan.kind = ImportKind::kDvc;
  Workspace(folder).Plan(plan);
  return std::optional(std::move(plan));
}

}  // namespace dlv::store

#include <algorithm>
#include <map>

#include "storage/store/foreign_folder.h"
#include "storage/store/foreign_import.h"
#include "storage/store/names.h"

namespace dlv::store {
namespace {

namespace fs = std::filesystem;

/// What README.md says at its top, between lines of three dashes.
std::optional<interchange::Tree> FrontMatter(const fs::path& readme) {
  const auto text = SmallText(readme);
  if (!text || !text->starts_with("---")) return std::nullopt;
  const std::size_t begin = text->find('\n');
  const std::size_t end = begin == std::string::npos ? begin : text->find("\n---", begin);
  if (end == std::string::npos) return std::nullopt;
  auto tree = interchange::ParseYaml(std::string_view(*text).substr(begin + 1, end - begin));
  if (!tree.ok() || tree->top().kind != interchange::TreeKind::kDict) return std::nullopt;
  return std::move(tree).value();
}

/// base_model is a name or a list of names; the first counts.
std::string BaseModel(const interchange::Tree& tree) {
  const interchange::TreeNode* node = tree.Find(tree.top(), "base_model");
  if (node == nullptr) return "";
  if (node->kind == interchange::TreeKind::kList) {
    if (node->items.empty()) return "";
    node = &tree.at(node->items.front());
  }
  return node->kind == interchange::TreeKind::kText ? node->text : "";
}

std::optional<Relation> BaseRelation(const interchange::Tree& tree) {
  const std::string word = YamlText(tree, tree.top(), "base_model_relation");
  if (word == "quantized") return Relation::kQuantize;
  if (word == "merge") return Relation::kMerge;
  if (word == "adapter") return Relation::kAdapter;
  return word.empty() ? std::nullopt : std::optional(Relation::kFinetune);
}

/// One models--OWNER--NAME folder.
class CachedModel {
 public:
  CachedModel(fs::path folder, std::string name)
      : folder_(std::move(folder)), name_(std::move(name)) {
    id_ = name_.substr(std::string_view("models--").size());
    const std::size_t dashes = id_.find("--");
    if (dashes != std::string::npos) id_.replace(dashes, 2, "/");
    std::error_code error;
    blobs_ = fs::canonical(folder_ / "blobs", error);
    if (error) blobs_.clear();
  }

  void Plan(std::vector<ForeignVersion>& plan) {
    ReadReferences();
    std::vector<std::string> revisions = FoldersIn(folder_ / "snapshots");
    std::stable_sort(revisions.begin(), revisions.end(), [&](const auto& a, const auto& b) {
      std::error_code error;
      return fs::last_write_time(folder_ / "snapshots" / a, error) <
             fs::last_write_time(folder_ / "snapshots" / b, error);
    });
    for (const std::string& revision : revisions) plan.push_back(Snapshot(revision));
    if (!revisions.empty()) return;
    ForeignVersion nothing;
    nothing.source = name_;
    nothing.origin = "hf:" + id_ + "@";
    nothing.skip = "it has no snapshots";
    plan.push_back(std::move(nothing));
  }

 private:
  void ReadReferences() {
    for (const std::string& path : FilesBelow(folder_ / "refs")) {
      const auto text = SmallText(folder_ / "refs" / path, 256);
      std::string alias = path;
      std::replace(alias.begin(), alias.end(), '/', '-');
      if (text && CheckAliasName(alias).ok()) references_.emplace(Trimmed(*text), alias);
    }
  }

  ForeignVersion Snapshot(const std::string& revision) {
    ForeignVersion version;
    version.source = name_ + "/snapshots/" + revision;
    version.origin = "hf:" + id_ + "@" + revision;
    CommitRequest& request = version.request;
    std::string model = id_;
    if (const std::size_t slash = model.find('/'); slash != std::string::npos)
      model.replace(slash, 1, "--");
    request.model = ModelNameFrom(model);
    request.message = id_ + " at " + revision.substr(0, 12) + ", from a Hugging Face cache";
    const auto [first, last] = references_.equal_range(revision);
    for (auto at = first; at != last; ++at) request.aliases.push_back(at->second);
    AddFiles(folder_ / "snapshots" / revision, version);
    if (request.model.empty()) version.skip = "its name is no name for a model";
    if (request.files.empty()) version.skip = "none of its files is here";
    return version;
  }

  void AddFiles(const fs::path& snapshot, ForeignVersion& version) {
    std::error_code error;
    for (fs::recursive_directory_iterator at(snapshot, error), end; !error && at != end;
         at.increment(error)) {
      if (at.depth() > 32) break;
      std::error_code ignored;
      if (!at->is_symlink(ignored) && at->is_directory(ignored)) continue;
      const std::string path = at->path().lexically_relative(snapshot).generic_string();
      const std::string reason = AddFile(at->path(), path, version);
      if (!reason.empty()) version.notes.push_back(path + " left out: " + reason);
    }
    auto& files = version.request.files;
    std::sort(files.begin(), files.end(),
              [](const FileInput& a, const FileInput& b) { return a.path < b.path; });
  }

  /// Links may lead to this model's blobs and nowhere else. Returns why a file is left out.
  std::string AddFile(const fs::path& file, const std::string& path, ForeignVersion& version) {
    if (const Status name = CheckFilePath(path); !name.ok()) return name.error().message;
    std::error_code error;
    const fs::path target = fs::canonical(file, error);
    if (error) return "not downloaded";
    const bool is_link = fs::is_symlink(file, error);
    if (is_link && (blobs_.empty() || target.parent_path() != blobs_))
      return "a link that leads out of the cache";
    if (!fs::is_regular_file(target, error)) return "no regular file";
    FileInput input;
    input.source = target;
    input.path = path;
    version.request.files.push_back(std::move(input));
    if (path == "README.md") ReadCard(target, version);
    return "";
  }

  static void ReadCard(const fs::path& readme, ForeignVersion& version) {
    const auto card = FrontMatter(readme);
    if (!card) return;
    const std::string base = BaseModel(*card);
    if (!base.empty()) version.base = "hf:" + base + "@";
    version.request.relation = base.empty() ? std::nullopt : BaseRelation(*card);
    const std::string license = YamlText(*card, card->top(), "license");
    if (!license.empty() && license.size() < 256) version.request.tags["license"] = license;
  }

  fs::path folder_, blobs_;
  std::string name_, id_;
  std::multimap<std::string, std::string> references_;  ///< revision, alias
};

/// A base comes before what was made from it.
void SortByBase(std::vector<ForeignVersion>& versions) {
  std::vector<ForeignVersion> sorted;
  std::vector<bool> done(versions.size(), false);
  for (bool moved = true; moved;) {
    moved = false;
    for (std::size_t i = 0; i < versions.size(); ++i) {
      if (done[i]) continue;
      const std::string& base = versions[i].base;
      bool waits = false;
      for (std::size_t k = 0; k < versions.size() && !base.empty(); ++k)
        waits |= k != i && !done[k] && versions[k].origin.starts_with(base) &&
                 !versions[i].origin.starts_with(base);
      if (waits) continue;
      done[i] = moved = true;
      sorted.push_back(versions[i]);
    }
  }
  for (std::size_t i = 0; i < versions.size(); ++i) {
    if (!done[i]) sorted.push_back(versions[i]);  // bases in a ring
  }
  versions = std::move(sorted);
}

void AddModel(const fs::path& folder, const std::string& name, ForeignPlan& plan) {
  if (name.starts_with("models--")) return CachedModel(folder, name).Plan(plan.versions);
  if (!name.starts_with("datasets--") && !name.starts_with("spaces--")) return;
  ForeignVersion other;
  other.source = name;
  other.origin = "hf:" + name;
  other.skip = "holds no model";
  plan.versions.push_back(std::move(other));
}

}  // namespace

Result<std::optional<ForeignPlan>> PlanHuggingFace(const fs::path& folder) {
  ForeignPlan plan;
  plan.kind = ImportKind::kHuggingFace;
  fs::path plain = folder.lexically_normal();
  if (!plain.has_filename()) plain = plain.parent_path();
  if (plain.filename().string().starts_with("models--")) {
    AddModel(plain, plain.filename().string(), plan);
  } else {
    for (const fs::path& root : {plain, plain / "hub"}) {
      for (const std::string& name : FoldersIn(root)) AddModel(root / name, name, plan);
    }
  }
  if (plan.versions.empty()) return std::optional<ForeignPlan>();
  SortByBase(plan.versions);
  return std::optional(std::move(plan));
}

}  // namespace dlv::store

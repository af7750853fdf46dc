#include "storage/store/foreign_import.h"

#include <algorithm>
#include <map>

#include "storage/store/commit.h"
#include "storage/store/input_file.h"
#include "storage/store/names.h"

namespace dlv::store {
namespace {

using State = ImportItem::State;
constexpr const char* kOriginTag = "origin";

std::string Joined(const std::vector<std::string>& notes) {
  std::string text;
  for (std::size_t i = 0; i < notes.size() && i < 3; ++i) text += (i == 0 ? "" : "; ") + notes[i];
  if (notes.size() > 3) text += "; +" + std::to_string(notes.size() - 3);
  return text;
}

class ForeignImporter {
 public:
  ForeignImporter(Store& store, bool dry_run, const Operation& operation)
      : store_(store), dry_run_(dry_run), operation_(operation) {}

  Result<ImportResult> Run(ForeignPlan plan) {
    DLV_TRY(FindOrigins());
    result_.kind = plan.kind;
    for (ForeignVersion& version : plan.versions) DLV_TRY(ImportOne(version));
    return std::move(result_);
  }

 private:
  Status FindOrigins() {
    DLV_ASSIGN(const auto versions,
               store_.Read([](const catalog::Catalog& catalog) { return catalog.ListVersions(); }));
    for (const auto& version : versions) {  // the newest first
      const auto origin = version.summary.tags.find(kOriginTag);
      if (origin != version.summary.tags.end())
        origins_.emplace(origin->second, version.summary.reference());
    }
    return Ok();
  }

  Status ImportOne(ForeignVersion& version) {
    if (operation_.cancel != nullptr && operation_.cancel->cancelled())
      return Error{ErrorCode::kCancelled, "stopped; run it again to go on"};
    ImportItem item;
    item.source = version.source;
    item.reference = version.request.model;
    const auto there = origins_.find(version.origin);
    if (there != origins_.end()) {
      item.state = State::kThere;
      item.reference = there->second;
    } else if (!version.skip.empty()) {
      item.state = State::kSkipped;
      item.note = version.skip;
    } else {
      DLV_TRY(Make(version, item));
    }
    auto& count = item.state == State::kThere     ? result_.there
                  : item.state == State::kSkipped ? result_.skipped
                                                  : result_.imported;
    ++count;
    result_.items.push_back(std::move(item));
    return Ok();
  }

  Status Make(ForeignVersion& version, ImportItem& item) {
    DLV_TRY(LookAtFiles(version, item));
    item.note = Joined(version.notes);
    FindParent(version);
    if (dry_run_) {
      origins_.emplace(version.origin, version.request.model);
      return Ok();
    }
    version.request.tags[kOriginTag] = version.origin;
    version.request.allow_unchanged = true;  // another origin with the same content
    CommitExtras extras;
    extras.data_files = DataFiles::kGiven;
    const auto committed = Commit(store_, version.request, operation_, extras);
    if (committed.ok()) {
      item.reference = committed->version.reference();
      origins_[version.origin] = item.reference;
      return Ok();
    }
    const ErrorCode code = committed.error().code;
    if (code == ErrorCode::kIo || code == ErrorCode::kCancelled) return committed.error();
    item.state = State::kSkipped;
    item.note = committed.error().message;
    return Ok();
  }

  /// What cannot be read without executing it, or is broken, is kept as bytes.
  Status LookAtFiles(ForeignVersion& version, ImportItem& item) {
    for (FileInput& input : version.request.files) {
      const auto file = InputFile::Open(store_, input);
      if (!file.ok()) return file.error();
      item.bytes += (*file)->size();
      const Status described = (*file)->Describe({});
      if (!described.ok() && described.error().code == ErrorCode::kIo) return described;
      const std::string reason = described.ok()
                                     ? MissingData(version, input, (*file)->description())
                                     : described.error().message;
      if (reason.empty()) continue;
      input.as_blob = true;
      version.notes.push_back(input.path + " kept unread: " + reason);
    }
    return Ok();
  }

  /// Says which file an .onnx has tensors in that did not come with it.
  static std::string MissingData(const ForeignVersion& version, const FileInput& input,
                                 const interchange::FileDescription& description) {
    for (const interchange::ExternalTensor& tensor : description.external) {
      const std::string path = PathBeside(input.path, tensor.location);
      const bool there = std::any_of(version.request.files.begin(), version.request.files.end(),
                                     [&](const FileInput& file) { return file.path == path; });
      if (!there) return "its tensors are in " + path + ", which is not here";
    }
    return "";
  }

  void FindParent(ForeignVersion& version) {
    if (version.base.empty()) return;
    const auto found = origins_.lower_bound(version.base);
    if (found == origins_.end() || !found->first.starts_with(version.base)) {
      version.notes.push_back("its base " + version.base.substr(version.base.find(':') + 1) +
                              " is not here");
      return;
    }
    version.request.parent_choice = ParentChoice::kGiven;
    version.request.parents = {found->second};
  }

  Store& store_;
  bool dry_run_;
  const Operation& operation_;
  std::map<std::string, std::string> origins_;
  ImportResult result_;
};

}  // namespace

std::string ModelNameFrom(std::string_view text) {
  std::string name;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '_' || c == '.' || static_cast<unsigned char>(c) >= 0x80;
    name += plain ? c : '-';
  }
  while (!name.empty() && (name.front() == '-' || name.front() == '.')) name.erase(0, 1);
  if (name.size() > 120) name.resize(120);
  return CheckModelName(name).ok() ? name : "";
}

Result<ImportResult> ImportForeign(Store& store, ForeignPlan plan, bool dry_run,
                                   const Operation& operation) {
  return ForeignImporter(store, dry_run, operation).Run(std::move(plan));
}

}  // namespace dlv::store

#include "storage/store/portable_import.h"

#include <algorithm>
#include <map>

#include "storage/store/alias_tag.h"
#include "storage/store/import_folder.h"
#include "storage/store/import_version.h"
#include "storage/store/names.h"
#include "storage/store/portable_format.h"
#include "storage/store/small_packs.h"

namespace dlv::store {
namespace {

using State = ImportItem::State;

class Importer {
 public:
  Importer(Store& store, const ImportOptions& options, const Operation& operation,
           ImportFolder folder)
      : store_(store), options_(options), operation_(operation), folder_(std::move(folder)) {}

  Result<ImportResult> Run() {
    DLV_ASSIGN(const std::string text, folder_.ReadText(kExportIndex, kMaxIndexBytes));
    DLV_ASSIGN(index_, DecodeIndex(text));
    if (!index_.complete) {
      return Error{ErrorCode::kConflict, folder_.root() + ": the export into it was interrupted",
                   "finish it first with: dlv export --all FOLDER"};
    }
    result_.kind = ImportKind::kExport;
    for (const PortableEntry& entry : index_.versions) DLV_TRY(ImportOne(entry));
    if (!options_.dry_run) DLV_TRY(SetAliases());
    return std::move(result_);
  }

 private:
  Status ImportOne(const PortableEntry& entry) {
    if (operation_.cancel != nullptr && operation_.cancel->cancelled())
      return Error{ErrorCode::kCancelled, "stopped; run it again to go on"};
    ImportItem item;
    item.source = entry.Folder();
    item.reference = entry.Reference();
    DLV_ASSIGN(const auto there, Find(entry.model, entry.id));
    if (there) {
      item.state = State::kThere;
      if (there->summary.reference() != entry.Reference()) {
        item.note = "as " + there->summary.reference();
        item.reference = there->summary.reference();
      }
      numbers_[entry.Reference()] = there->row;
      ++result_.there;
      result_.items.push_back(std::move(item));
      return Ok();
    }
    DLV_ASSIGN(const std::string text,
               folder_.ReadText(entry.Folder() + "/version.json", kMaxIndexBytes));
    DLV_ASSIGN(const PortableVersion version,
               DecodeVersion(text, folder_.Path(entry.Folder() + "/version.json")));
    item.bytes = version.summary.raw_bytes;
    if (!options_.dry_run) {
      auto imported = ImportVersion(store_, folder_, entry, version, operation_);
      if (!imported.ok()) return Explain(entry, std::move(imported).error());
      item.reference = imported->summary.reference();
      if (item.reference != entry.Reference()) item.note = "its number is taken here";
      numbers_[entry.Reference()] = imported->row;
    }
    ++result_.imported;
    result_.items.push_back(std::move(item));
    return Ok();
  }

  Error Explain(const PortableEntry& entry, Error error) const {
    if (error.message.find(entry.Reference()) == std::string::npos)
      error.message = entry.Reference() + ": " + error.message;
    if (error.hint.empty() && result_.imported != 0)
      error.hint = "what was imported before it stays; run it again to go on";
    return error;
  }

  Result<std::optional<catalog::VersionRow>> Find(const std::string& model, const VersionId& id) {
    return store_.Read(
        [&](const catalog::Catalog& catalog) -> Result<std::optional<catalog::VersionRow>> {
          DLV_ASSIGN(auto rows, catalog.FindByIdPrefix(model, id.Hex()));
          if (rows.empty()) return std::optional<catalog::VersionRow>();
          return std::optional(std::move(rows.front()));
        });
  }

  /// One operation for all of them. An alias that points elsewhere stays where it is.
  Status SetAliases() {
    return store_.Write("dlv import", [&](Change& change) -> Status {
      for (const PortableAlias& alias : index_.aliases) {
        const std::string name = alias.model + ":v" + std::to_string(alias.number);
        const auto row = numbers_.find(name);
        if (row == numbers_.end()) continue;
        DLV_ASSIGN(const auto version, change.catalog.GetVersion(row->second));
        if (!version) continue;  // removed meanwhile
        DLV_ASSIGN(const auto now, change.catalog.FindByAlias(alias.model, alias.alias));
        if (now && now->row != version->row) {
          result_.warnings.push_back("alias " + alias.alias + " of " + alias.model + " stays at v" +
                                     std::to_string(now->summary.number) +
                                     "; the export has it at " + version->summary.reference());
          continue;
        }
        DLV_ASSIGN([[maybe_unused]] const AliasMove move, MoveAlias(change, alias.alias, *version));
      }
      return Ok();
    });
  }

  Store& store_;
  const ImportOptions& options_;
  const Operation& operation_;
  ImportFolder folder_;
  PortableIndex index_;
  std::map<std::string, catalog::Row> numbers_;  ///< rows by the reference in the export
  ImportResult result_;
};

}  // namespace

bool IsExport(Store& store, const std::string& folder) {
  const auto stat = store.sources().Stat(folder + "/" + std::string(kExportIndex));
  return stat.ok() && stat->is_regular;
}

Result<ImportResult> ImportExport(Store& store, const ImportOptions& options,
                                  const Operation& operation) {
  DLV_ASSIGN(auto folder, ImportFolder::Open(store.sources(), options.source.string()));
  DLV_ASSIGN(ImportResult result, Importer(store, options, operation, std::move(folder)).Run());
  if (result.imported != 0 && !options.dry_run) MergeSmallPacks(store);
  return result;
}

}  // namespace dlv::store

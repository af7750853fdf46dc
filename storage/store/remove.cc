#include "storage/store/remove.h"

#include <algorithm>
#include <set>

#include "storage/store/object_graph.h"
#include "storage/store/resolve.h"
#include "storage/store/space_reserve.h"

namespace dlv::store {
namespace {

std::string Join(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

/// Returns the versions meant, each once.
Result<std::vector<catalog::VersionRow>> ResolveAll(Store& store,
                                                    const std::vector<std::string>& references) {
  std::vector<catalog::VersionRow> versions;
  std::set<catalog::Row> seen;
  for (const std::string& reference : references) {
    DLV_ASSIGN(const Target target, ResolveTarget(store, reference));
    if (target.step || !target.tensor_pattern.empty()) {
      return Error{ErrorCode::kInvalidArgument,
                   reference + " names a part of a version; only whole versions are removed"};
    }
    if (seen.insert(target.version.row).second) versions.push_back(target.version);
  }
  return versions;
}

/// Refuses versions that somebody has given a name.
Status CheckAliases(const std::vector<catalog::VersionRow>& versions) {
  for (const catalog::VersionRow& version : versions) {
    std::vector<std::string> aliases = version.summary.aliases;
    std::erase(aliases, "latest");  // moves by itself
    if (aliases.empty()) continue;
    return Error{ErrorCode::kConflict,
                 version.summary.reference() + " is what the alias" +
                     (aliases.size() == 1 ? " " : "es ") + Join(aliases) +
                     (aliases.size() == 1 ? " points to" : " point to"),
                 "move the alias first, or remove both with --force"};
  }
  return Ok();
}

/// Adds up what gc could free afterwards and what stays for the sake of other versions.
Status AddUp(Store& store, const std::vector<catalog::VersionRow>& versions, RemoveResult& result) {
  std::set<catalog::Row> going;
  for (const auto& version : versions) going.insert(version.row);
  std::vector<catalog::ObjectNumber> remaining, removed;
  const Status read = store.Read([&](const catalog::Catalog& catalog) -> Status {
    DLV_ASSIGN(const auto all, catalog.ListVersions());
    for (const catalog::VersionRow& version : all) {
      DLV_ASSIGN(const auto roots, catalog.ReferencedObjects(version.row));
      auto& side = going.contains(version.row) ? removed : remaining;
      side.insert(side.end(), roots.begin(), roots.end());
    }
    return Ok();
  });
  DLV_TRY(read);
  DLV_ASSIGN(const ObjectGraph graph, ObjectGraph::Load(store));
  const auto kept = graph.Closure(remaining);
  std::vector<bool> stays(graph.nodes().size(), false);
  for (const std::uint32_t place : kept) stays[place] = true;
  for (const std::uint32_t place : graph.Closure(removed)) {
    (stays[place] ? result.kept_bytes : result.freed_bytes) += graph.nodes()[place].coded_bytes;
  }
  return Ok();
}

}  // namespace

Status RemoveInChange(Change& change, const catalog::VersionRow& version, bool force) {
  DLV_ASSIGN(const auto now, change.catalog.GetVersion(version.row));
  if (!now || now->summary.id != version.summary.id) {
    return Error{ErrorCode::kConflict, version.summary.reference() + " was removed meanwhile"};
  }
  if (!force) DLV_TRY(CheckAliases({*now}));
  DLV_ASSIGN(const auto aliases, change.catalog.Aliases(now->summary.model));
  for (const auto& [alias, row] : aliases) {
    if (row != version.row) continue;
    const AliasMove move{now->summary.model, alias, now->summary.number, 0, change.now};
    DLV_TRY(change.transaction.AppendAliasLog(move));
    change.log.emplace_back(archive::AliasRecord{move.model, alias, move.from, 0});
  }
  DLV_TRY(change.transaction.DeleteVersion(version.row));
  change.log.emplace_back(
      archive::RemoveRecord{now->summary.id, now->summary.model, now->summary.number});
  return Ok();
}

Result<RemoveResult> Remove(Store& store, const std::vector<std::string>& references, bool force,
                            bool dry_run) {
  DLV_ASSIGN(const auto versions, ResolveAll(store, references));
  if (!force) DLV_TRY(CheckAliases(versions));
  RemoveResult result;
  for (const auto& version : versions) result.removed.push_back(version.summary.reference());
  DLV_TRY(AddUp(store, versions, result));
  if (dry_run) return result;
  SpendReserve(store);
  const Status written = store.Write("dlv rm", [&](Change& change) -> Status {
    for (const auto& version : versions) DLV_TRY(RemoveInChange(change, version, force));
    DLV_TRY(change.transaction.DeleteUnusedGraphs());
    return change.transaction.DeleteUnusedLayouts();
  });
  DLV_TRY(written);
  return result;
}

}  // namespace dlv::store

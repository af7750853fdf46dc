#include "storage/store/alias_tag.h"

#include "storage/store/names.h"
#include "storage/store/resolve.h"

namespace dlv::store {

Result<AliasMove> MoveAlias(Change& change, std::string_view alias,
                            const catalog::VersionRow& version) {
  DLV_TRY(CheckAliasName(alias));
  const std::string& model = version.summary.model;
  DLV_ASSIGN(const auto before, change.catalog.FindByAlias(model, alias));
  AliasMove move{model, std::string(alias), before ? before->summary.number : 0,
                 version.summary.number, change.now};
  if (move.from == move.to) return move;
  DLV_TRY(change.transaction.SetAlias(alias, version.row));
  DLV_TRY(change.transaction.AppendAliasLog(move));
  change.log.emplace_back(archive::AliasRecord{model, move.alias, move.from, move.to});
  return move;
}

Result<AliasMove> SetAlias(Store& store, std::string_view alias, std::string_view reference) {
  DLV_TRY(CheckAliasName(alias));
  AliasMove move;
  const Status written = store.Write("dlv alias", [&](Change& change) -> Status {
    DLV_ASSIGN(const auto version, ResolveIn(change.catalog, reference));
    DLV_ASSIGN(move, MoveAlias(change, alias, version));
    return Ok();
  });
  DLV_TRY(written);
  return move;
}

Result<AliasMove> DeleteAlias(Store& store, std::string_view model, std::string_view alias) {
  AliasMove move;
  const Status written = store.Write("dlv alias", [&](Change& change) -> Status {
    DLV_ASSIGN(const auto before, change.catalog.FindByAlias(model, alias));
    if (!before) {
      Error error{ErrorCode::kNotFound,
                  "no alias " + std::string(model) + ":" + std::string(alias)};
      DLV_ASSIGN(const auto aliases, change.catalog.Aliases(model));
      std::vector<std::string> names;
      for (const auto& [name, row] : aliases) names.push_back(name);
      error.hint = DidYouMean(alias, names);
      return error;
    }
    move = {std::string(model), std::string(alias), before->summary.number, 0, change.now};
    DLV_TRY(change.transaction.DeleteAlias(model, alias));
    DLV_TRY(change.transaction.AppendAliasLog(move));
    change.log.emplace_back(archive::AliasRecord{move.model, move.alias, move.from, 0});
    return Ok();
  });
  DLV_TRY(written);
  return move;
}

Result<std::vector<AliasMove>> ListAliasMoves(Store& store, std::string_view model) {
  return store.Read([&](const catalog::Catalog& catalog) -> Result<std::vector<AliasMove>> {
    DLV_ASSIGN(auto moves, catalog.AliasLog(model));
    if (!moves.empty()) return moves;
    DLV_ASSIGN(const auto found, catalog.FindModel(model));
    if (found) return moves;
    DLV_ASSIGN(const auto names, catalog.ModelNames());
    return Error{ErrorCode::kNotFound, "no model " + Quoted(model), DidYouMean(model, names)};
  });
}

Status SetTagsIn(Change& change, const catalog::VersionRow& version, const KeyValues& tags) {
  for (const auto& [key, value] : tags) {
    DLV_TRY(CheckKey("tag", key));
    if (value.size() > 4096 || !IsValidUtf8(value)) {
      return Error{ErrorCode::kInvalidArgument,
                   "tag " + Quoted(key) + ": its value is not UTF-8 of at most 4096 bytes"};
    }
    const auto before = version.summary.tags.find(key);
    if (before != version.summary.tags.end() && before->second == value) continue;
    DLV_TRY(change.transaction.SetTag(version.row, key, value));
    change.log.emplace_back(
        archive::TagRecord{version.summary.model, version.summary.number, key, value, false});
  }
  return Ok();
}

Status SetTags(Store& store, std::string_view reference, const KeyValues& tags) {
  return store.Write("dlv tag", [&](Change& change) -> Status {
    DLV_ASSIGN(const auto version, ResolveIn(change.catalog, reference));
    return SetTagsIn(change, version, tags);
  });
}

Status DeleteTags(Store& store, std::string_view reference, const std::vector<std::string>& keys) {
  return store.Write("dlv tag", [&](Change& change) -> Status {
    DLV_ASSIGN(const auto version, ResolveIn(change.catalog, reference));
    for (const std::string& key : keys) {
      DLV_ASSIGN(const bool had, change.transaction.DeleteTag(version.row, key));
      if (!had) {
        std::vector<std::string> names;
        for (const auto& [name, value] : version.summary.tags) names.push_back(name);
        return Error{ErrorCode::kNotFound,
                     version.summary.reference() + " has no tag " + Quoted(key),
                     DidYouMean(key, names)};
      }
      change.log.emplace_back(
          archive::TagRecord{version.summary.model, version.summary.number, key, "", true});
    }
    return Ok();
  });
}

}  // namespace dlv::store

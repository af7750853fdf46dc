#pragma once
/// \file
/// Aliases and tags: what can be changed about a version.

#include <string>
#include <string_view>
#include <vector>

#include "dlv/result.h"
#include "dlv/version_info.h"
#include "storage/store/store.h"

namespace dlv::store {

/// Points an alias of the version's model to it, inside a change. Nothing is written where it
/// points there already.
Result<AliasMove> MoveAlias(Change& change, std::string_view alias,
                            const catalog::VersionRow& version);

/// Errors: kNotFound, kInvalidArgument (reserved name), and those of Store::Write.
Result<AliasMove> SetAlias(Store& store, std::string_view alias, std::string_view reference);
/// Errors: kNotFound with the nearest names.
Result<AliasMove> DeleteAlias(Store& store, std::string_view model, std::string_view alias);
Result<std::vector<AliasMove>> ListAliasMoves(Store& store, std::string_view model);

Status SetTagsIn(Change& change, const catalog::VersionRow& version, const KeyValues& tags);
Status SetTags(Store& store, std::string_view reference, const KeyValues& tags);
/// Errors: kNotFound where the version has not one of the tags.
Status DeleteTags(Store& store, std::string_view reference, const std::vector<std::string>& keys);

}  // namespace dlv::store

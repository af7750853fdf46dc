#pragma once
/// \file
/// What statements write: versions that slice and construct made, and named queries.

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "dlv/progress.h"
#include "dlv/result.h"
#include "engine/query/context.h"
#include "storage/store/store.h"

namespace dlv::api {

/// As query::QueryContext::Save.
Result<std::vector<std::string>> SaveNetworks(store::Store& store,
                                              std::span<const query::NewVersion> versions,
                                              const Operation& operation);
/// As query::QueryContext::StoreQuery and DropQuery. One operation of the log each.
Status StoreQuery(store::Store& store, std::string_view name, std::string_view text, bool replace);
Status DropQuery(store::Store& store, std::string_view name);

}  // namespace dlv::api

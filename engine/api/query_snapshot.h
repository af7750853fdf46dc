#pragma once
/// \file
/// One state of the catalog as columns.

#include <memory>
#include <vector>

#include "engine/query/context.h"
#include "storage/catalog/catalog.h"

namespace dlv::api {

/// A snapshot, with the catalog's row of each version and of each network.
struct LoadedSnapshot {
  query::Snapshot snapshot;
  std::vector<catalog::Row> version_rows;  ///< ascending
  std::vector<catalog::Row> graph_rows;
};

/// Reads what is needed; call inside one read view.  Errors: kCorruption, kIo.
Result<std::shared_ptr<const LoadedSnapshot>> LoadSnapshot(const catalog::Catalog& catalog,
                                                           const query::Needs& needs);

Result<query::Names> LoadNames(const catalog::Catalog& catalog);

}  // namespace dlv::api

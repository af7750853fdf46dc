#pragma once
/// \file
/// One state of the catalog as columns.

#include <memory>
#include <vector>

#include "engine/query/context.h"
#include "storage/catalog/catalog.h"

namespace dlv::api {

/// A snapshot, with the catalog's row of each version. A network's row is its key there.
struct LoadedSnapshot {
  query::Snapshot snapshot;
  std::vector<catalog::Row> version_rows;  ///< ascending
  bool networks_missing = false;           ///< nobody has looked for those of some versions yet
};

/// Reads what is needed; call inside one read view.  Errors: kCorruption, kIo.
Result<std::shared_ptr<LoadedSnapshot>> LoadSnapshot(const catalog::Catalog& catalog,
                                                     const query::Needs& needs);

}  // namespace dlv::api

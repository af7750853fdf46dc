#pragma once
/// \file
/// Stored forms that nobody reads any more, though their pack is alive: what `archive` wrote anew
/// elsewhere, and what gc forgot after that.

#include <cstdint>
#include <map>

#include "dlv/result.h"
#include "storage/store/object_graph.h"
#include "storage/store/store.h"

namespace dlv::store {

/// Returns the coded bytes, by section, of entries that the catalog does not name (it finds their
/// objects elsewhere, or not at all). Members of a cluster of which a mate is named are read with
/// it, and do not count.
Result<std::map<catalog::Row, std::uint64_t>> ReplacedBytes(Store& store, const ObjectGraph& graph);

}  // namespace dlv::store

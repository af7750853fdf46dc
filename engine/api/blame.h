#pragma once
/// \file
/// For every tensor of a version, the version that last changed it.

#include <string_view>
#include <vector>

#include "dlv/lineage.h"
#include "engine/api/lineage_graph.h"
#include "storage/store/resolve.h"
#include "storage/store/store.h"

namespace dlv::api {

/// As Lineage::Blame, of the tensors that the target names. `start` is its version.
Result<std::vector<BlameLine>> Blame(store::Store& store, const LineageGraph& graph, Node start,
                                     const store::Target& target);

}  // namespace dlv::api

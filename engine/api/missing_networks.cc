#include "engine/api/missing_networks.h"

#include <algorithm>
#include <unordered_map>

namespace dlv::api {

Result<MissingNetworks> MissingNetworks::Read(store::Store& store) {
  MissingNetworks missing;
  DLV_ASSIGN(missing.found_, store::ReadMissingNetworks(store));
  return missing;
}

void MissingNetworks::AddTo(LoadedSnapshot& loaded) const {
  query::Snapshot& snapshot = loaded.snapshot;
  std::unordered_map<NetworkId, query::GraphIndex> places;
  for (query::GraphIndex i = 0; i < snapshot.graphs.size(); ++i) places[snapshot.graphs[i]] = i;
  for (std::size_t i = 0; i < found_.size(); ++i) {
    const auto& [row, found] = found_[i];
    const auto version = std::ranges::lower_bound(loaded.version_rows, row);
    if (!found.network || version == loaded.version_rows.end() || *version != row) continue;
    const auto next = static_cast<query::GraphIndex>(snapshot.graphs.size());
    const auto [place, is_new] = places.emplace(found.network->id, next);
    if (is_new) {
      snapshot.graphs.push_back(found.network->id);
      snapshot.graph_keys.push_back(-1 - static_cast<std::int64_t>(i));
    }
    snapshot.graph_of[static_cast<std::size_t>(version - loaded.version_rows.begin())] =
        place->second;
  }
}

std::span<const std::byte> MissingNetworks::FormOf(std::int64_t key) const {
  return found_[static_cast<std::size_t>(-1 - key)].second.network->form;
}

}  // namespace dlv::api

// Which tensor of a chain is damaged, and who has it.

#include <algorithm>
#include <map>
#include <set>

#include "storage/store/form_writer.h"
#include "storage/store/version_content.h"

namespace dlv::store {
namespace {

/// The deepest tensor below `id` that cannot be read; itself where all others can.
TensorId DamagedInChain(Store& store, const TensorId& id) {
  std::multimap<unsigned, TensorId> below;  // by depth
  std::set<TensorId> seen = {id};
  for (std::vector<TensorId> open = {id}; !open.empty();) {
    const auto handle = store.tensors().Open(open.back());
    open.pop_back();
    if (!handle.ok()) continue;
    for (const TensorId& base : (*handle)->Bases()) {
      if (!seen.insert(base).second) continue;
      open.push_back(base);
      const auto opened = store.tensors().Open(base);
      below.emplace(opened.ok() ? (*opened)->depth() : 0, base);
    }
  }
  for (const auto& [depth, base] : below) {
    const auto handle = store.tensors().Open(base);
    if (!handle.ok() || !store.tensors().Verify(**handle, 0).ok()) return base;
  }
  return id;
}

/// "lenet:v2, conv1.weight", or nothing where no version has it, or none can be read.
std::string UserOf(Store& store, const TensorId& id) {
  const auto versions =
      store.Read([](const catalog::Catalog& catalog) { return catalog.ListVersions(); });
  if (!versions.ok()) return {};
  for (const catalog::VersionRow& version : *versions) {
    const auto manifest = ReadVersionManifest(store, version);
    if (!manifest.ok()) continue;
    for (std::uint32_t i = 0; i < manifest->snapshots.size(); ++i) {
      const auto& ids = manifest->snapshots[i].tensors;
      const auto found = std::ranges::find(ids, id);
      if (found == ids.end()) continue;
      std::string user = version.summary.reference();
      const auto layout = ReadLayout(store, manifest->snapshots[i].layout);
      if (!layout.ok()) return user;
      auto place = static_cast<std::size_t>(found - ids.begin());
      for (const auto& tensor : layout->tensors) {
        if (tensor.in_strip) continue;
        if (place-- == 0) return user + ", " + tensor.name;
      }
      return user + ", its small tensors";
    }
  }
  return {};
}

}  // namespace

Error NameDamaged(Store& store, const TensorId& id, Error error) {
  if (error.code != ErrorCode::kCorruption) return error;
  const TensorId damaged = DamagedInChain(store, id);
  const std::string user = UserOf(store, damaged);
  return Error{ErrorCode::kCorruption,
               "tensor " + damaged.Hex(16) + (user.empty() ? "" : " (" + user + ")") +
                   " is damaged: " + error.message,
               "nothing was changed; see what else is damaged with: dlv fsck --full"};
}

}  // namespace dlv::store

#include "storage/store/version_diff.h"

#include <map>

#include "storage/store/resolve.h"
#include "storage/store/version_content.h"

namespace dlv::store {
namespace {

using Key = std::pair<TensorRole, std::string>;

struct Side {
  archive::Manifest manifest;
  std::map<Key, TensorInfo> tensors;
};

Result<Side> Load(Store& store, std::string_view reference) {
  DLV_ASSIGN(const Target target, ResolveTarget(store, reference));
  Side side;
  DLV_ASSIGN(side.manifest, ReadVersionManifest(store, target.version));
  if (side.manifest.snapshots.empty()) return side;
  DLV_ASSIGN(const std::uint32_t ordinal,
             FindSnapshot(side.manifest, target.step, std::string(reference)));
  DLV_ASSIGN(const SnapshotContent content, ReadSnapshot(store, side.manifest, ordinal));
  const auto file_count = static_cast<std::uint32_t>(side.manifest.files.size());
  for (std::size_t i = 0; i < content.ids.size(); ++i) {
    TensorInfo info = content.Info(i, file_count);
    Key key{info.role, info.name};
    side.tensors.emplace(std::move(key), std::move(info));
  }
  return side;
}

TensorChange::Kind KindOf(const TensorInfo& before, const TensorInfo& after) {
  if (before.shape != after.shape || before.dtype != after.dtype)
    return TensorChange::Kind::kReshaped;
  return before.id == after.id ? TensorChange::Kind::kIdentical : TensorChange::Kind::kChanged;
}

void DiffTensors(const Side& before, const Side& after, VersionDiff& diff) {
  for (const auto& [key, info] : before.tensors) {
    const auto other = after.tensors.find(key);
    if (other == after.tensors.end()) {
      diff.tensors.push_back({TensorChange::Kind::kRemoved, key.second, info, std::nullopt});
    } else {
      diff.tensors.push_back({KindOf(info, other->second), key.second, info, other->second});
    }
  }
  for (const auto& [key, info] : after.tensors) {
    if (!before.tensors.contains(key)) {
      diff.tensors.push_back({TensorChange::Kind::kAdded, key.second, std::nullopt, info});
    }
  }
}

void DiffHyperParameters(const KeyValues& before, const KeyValues& after, VersionDiff& diff) {
  KeyValues all = before;
  all.insert(after.begin(), after.end());
  const auto value = [](const KeyValues& side, const std::string& name) {
    const auto found = side.find(name);
    return found == side.end() ? std::string() : found->second;
  };
  for (const auto& [name, any] : all) {
    const std::string old_value = value(before, name), new_value = value(after, name);
    if (old_value != new_value) diff.hparams.push_back({name, {old_value, new_value}});
  }
}

}  // namespace

Result<VersionDiff> Diff(Store& store, std::string_view before, std::string_view after) {
  DLV_ASSIGN(const Side old_side, Load(store, before));
  DLV_ASSIGN(const Side new_side, Load(store, after));
  VersionDiff diff;
  DiffTensors(old_side, new_side, diff);
  DiffHyperParameters(old_side.manifest.hparams, new_side.manifest.hparams, diff);
  return diff;
}

}  // namespace dlv::store

#include "storage/store/version_diff.h"

#include <algorithm>
#include <map>
#include <set>

#include "storage/store/resolve.h"
#include "storage/store/version_content.h"

namespace dlv::store {
namespace {

struct Side {
  std::vector<TensorInfo> tensors;
  KeyValues hparams;
};

Result<Side> LoadSide(Store& store, std::string_view reference) {
  DLV_ASSIGN(const Target target, ResolveTarget(store, reference));
  DLV_ASSIGN(const archive::Manifest manifest, ReadVersionManifest(store, target.version));
  Side side;
  side.hparams = manifest.hparams;
  if (manifest.snapshots.empty()) return side;
  DLV_ASSIGN(const std::uint32_t ordinal,
             FindSnapshot(manifest, target.step, target.version.summary.reference()));
  DLV_ASSIGN(const SnapshotContent content, ReadSnapshot(store, manifest, ordinal));
  DLV_ASSIGN(side.tensors, ListTensors(manifest, content, target.tensor_pattern));
  return side;
}

TensorChange::Kind KindOf(const TensorInfo& before, const TensorInfo& after) {
  if (before.id != after.id) return TensorChange::Kind::kChanged;
  return before.shape == after.shape ? TensorChange::Kind::kIdentical
                                     : TensorChange::Kind::kReshaped;
}

std::vector<TensorChange> DiffTensors(const Side& before, const Side& after) {
  // Two files may have tensors of one name: the first is compared with the first, and so on.
  std::map<std::pair<TensorRole, std::string>, std::vector<const TensorInfo*>> old;
  for (const TensorInfo& info : before.tensors) old[{info.role, info.name}].push_back(&info);
  std::vector<TensorChange> changes;
  for (const TensorInfo& info : after.tensors) {
    auto& matches = old[{info.role, info.name}];
    TensorChange change;
    change.name = info.name;
    change.after = info;
    if (matches.empty()) {
      change.kind = TensorChange::Kind::kAdded;
    } else {
      change.before = *matches.front();
      change.kind = KindOf(*matches.front(), info);
      matches.erase(matches.begin());
    }
    changes.push_back(std::move(change));
  }
  for (const TensorInfo& info : before.tensors) {
    const auto& left = old[{info.role, info.name}];
    if (std::find(left.begin(), left.end(), &info) == left.end()) continue;
    changes.push_back({TensorChange::Kind::kRemoved, info.name, info, std::nullopt});
  }
  return changes;
}

}  // namespace

Result<VersionDiff> Diff(Store& store, std::string_view before, std::string_view after) {
  DLV_ASSIGN(const Side old, LoadSide(store, before));
  DLV_ASSIGN(const Side fresh, LoadSide(store, after));
  VersionDiff diff;
  diff.tensors = DiffTensors(old, fresh);
  std::set<std::string> names;
  for (const auto& [name, value] : old.hparams) names.insert(name);
  for (const auto& [name, value] : fresh.hparams) names.insert(name);
  for (const std::string& name : names) {
    const auto a = old.hparams.find(name);
    const auto b = fresh.hparams.find(name);
    const std::string left = a == old.hparams.end() ? "" : a->second;
    const std::string right = b == fresh.hparams.end() ? "" : b->second;
    if (left != right || (a == old.hparams.end()) != (b == fresh.hparams.end())) {
      diff.hparams.emplace_back(name, std::make_pair(left, right));
    }
  }
  return diff;
}

}  // namespace dlv::store

// Differences of canned networks, hostile names among them.

#include "dlv/dlv.h"

namespace dlv {

Result<NetworkDiff> Repository::DiffNetworks(std::string_view before,
                                             std::string_view after) const {
  DLV_ASSIGN(const ResolvedReference old_version, Resolve(before));
  DLV_ASSIGN(const ResolvedReference new_version, Resolve(after));
  if (old_version.model != "lenet" && new_version.model != "lenet") {
    return Error{ErrorCode::kNotFound, "neither has a network"};
  }
  NetworkDiff diff;
  diff.same = 3;
  if (old_version.number == new_version.number) return diff;
  diff.added = {"dropout (Dropout)"};
  diff.changed = {{"conv1", "conv1", {"kernel_shape: [3, 3] -> [5, 5]"}}};
  diff.renamed = {{"relu", "evil\x1b[31m", {}}};
  return diff;
}

}  // namespace dlv

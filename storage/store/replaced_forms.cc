#include "storage/store/replaced_forms.h"

#include <set>
#include <vector>

namespace dlv::store {
namespace {

using Entries = std::set<std::uint32_t>;

Result<Entries> ClustersOf(const archive::DirectoryReader& directory, const Entries& named) {
  Entries clusters;
  for (const std::uint32_t entry : named) {
    DLV_ASSIGN(const archive::EntryKind kind, directory.Kind(entry));
    if (kind == archive::EntryKind::kBlob) continue;
    DLV_ASSIGN(const auto tensor, directory.Tensor(entry));
    if (tensor.clustered) clusters.insert(tensor.cluster);
  }
  return clusters;
}

Result<std::uint64_t> TensorBytes(const archive::DirectoryReader& directory, std::uint32_t entry,
                                  const Entries& read_clusters) {
  DLV_ASSIGN(const auto tensor, directory.Tensor(entry));
  std::uint64_t bytes = 0;
  for (const auto& chunk : tensor.chunks) bytes += chunk.place.coded_bytes;
  if (!tensor.clustered || read_clusters.contains(tensor.cluster)) return bytes;
  DLV_ASSIGN(const auto cluster, directory.Cluster(tensor.cluster));
  if (cluster.element_count == 0) return bytes;
  return cluster.place.coded_bytes * tensor.element_count / cluster.element_count;
}

Result<std::uint64_t> ReplacedIn(const archive::DirectoryReader& directory, const Entries& named) {
  DLV_ASSIGN(const Entries read_clusters, ClustersOf(directory, named));
  std::uint64_t bytes = 0;
  for (std::uint32_t entry = 0; entry < directory.entry_count(); ++entry) {
    if (named.contains(entry)) continue;
    DLV_ASSIGN(const archive::EntryKind kind, directory.Kind(entry));
    if (kind == archive::EntryKind::kBlob) {
      DLV_ASSIGN(const auto blob, directory.Blob(entry));
      for (const auto& frame : blob.frames) bytes += frame.coded_bytes;
    } else {
      DLV_ASSIGN(const std::uint64_t own, TensorBytes(directory, entry, read_clusters));
      bytes += own;
    }
  }
  return bytes;
}

}  // namespace

Result<std::map<catalog::Row, std::uint64_t>> ReplacedBytes(Store& store,
                                                            const ObjectGraph& graph) {
  std::map<catalog::Row, Entries> named;
  for (const ObjectNode& node : graph.nodes()) named[node.section].insert(node.entry);
  DLV_ASSIGN(const auto sections,
             store.Read([](const catalog::Catalog& catalog) { return catalog.Sections(); }));
  std::map<catalog::Row, std::uint64_t> replaced;
  for (const catalog::SectionRow& row : sections) {
    const Entries& entries = named[row.row];
    if (entries.size() == row.object_count) continue;  // nearly always: no need to open it
    DLV_ASSIGN(const auto section, store.OpenSection(row.row));
    DLV_ASSIGN(replaced[row.row], ReplacedIn(section->directory(), entries));
  }
  return replaced;
}

}  // namespace dlv::store

#include "storage/store/object_graph.h"

#include <algorithm>
#include <map>
#include <unordered_map>

namespace dlv::store {
namespace {

struct EdgeLoader {
  Store& store;
  std::vector<ObjectNode>& nodes;
  std::unordered_map<TensorId, std::vector<std::uint32_t>> tensors;  // parts of one tensor
  std::unordered_map<BlobId, std::uint32_t> blobs;
  std::vector<std::pair<std::uint32_t, TensorId>> bases;
  std::vector<std::pair<std::uint32_t, BlobId>> prefixes;

  Status LoadSection(catalog::Row row, const std::vector<std::uint32_t>& places) {
    DLV_ASSIGN(const auto section, store.OpenSection(row));
    const archive::DirectoryReader& directory = section->directory();
    std::unordered_map<std::uint32_t, std::vector<std::uint32_t>> clusters;
    for (const std::uint32_t place : places) {
      ObjectNode& node = nodes[place];
      if (node.kind == catalog::ObjectKind::kBlob) {
        DLV_TRY(LoadBlob(directory, place));
        continue;
      }
      DLV_ASSIGN(const auto tensor, directory.Tensor(node.entry));
      tensors[tensor.id].push_back(place);
      if (!tensor.clustered) {
        for (const TensorId& base : tensor.Bases()) bases.emplace_back(place, base);
        for (const auto& chunk : tensor.chunks) node.coded_bytes += chunk.place.coded_bytes;
        continue;
      }
      DLV_ASSIGN(const auto cluster, directory.Cluster(tensor.cluster));
      if (cluster.element_count != 0) {
        node.coded_bytes = cluster.place.coded_bytes * tensor.element_count / cluster.element_count;
      }
      clusters[tensor.cluster].push_back(place);
    }
    for (const auto& [cluster, members] : clusters)
      DLV_TRY(LinkCluster(directory, cluster, members));
    return Ok();
  }

  /// Members of a cluster are decoded together: they need each other (a ring says so with one edge
  /// each) and the bases of all members, also of those that the catalog finds elsewhere by now.
  Status LinkCluster(const archive::DirectoryReader& directory, std::uint32_t cluster,
                     const std::vector<std::uint32_t>& members) {
    for (std::size_t i = 0; members.size() > 1 && i < members.size(); ++i) {
      nodes[members[i]].needs.push_back(members[(i + 1) % members.size()]);
    }
    DLV_ASSIGN(const auto entries, directory.Members(cluster));
    for (const archive::TensorEntry& entry : entries) {
      for (const TensorId& base : entry.Bases()) bases.emplace_back(members.front(), base);
    }
    return Ok();
  }

  Status LoadBlob(const archive::DirectoryReader& directory, std::uint32_t place) {
    DLV_ASSIGN(const auto blob, directory.Blob(nodes[place].entry));
    for (const auto& frame : blob.frames) nodes[place].coded_bytes += frame.coded_bytes;
    blobs.emplace(blob.id, place);
    if (blob.prefix) prefixes.emplace_back(place, *blob.prefix);
    return Ok();
  }

  void Link() {
    for (const auto& [place, base] : bases) {
      const auto found = tensors.find(base);
      if (found != tensors.end()) nodes[place].needs.push_back(found->second.front());
    }
    for (const auto& [place, prefix] : prefixes) {
      const auto found = blobs.find(prefix);
      if (found != blobs.end()) nodes[place].needs.push_back(found->second);
    }
    for (const auto& [id, parts] : tensors) {
      for (std::size_t i = 0; parts.size() > 1 && i < parts.size(); ++i) {
        nodes[parts[i]].needs.push_back(parts[(i + 1) % parts.size()]);
      }
    }
  }
};

}  // namespace

Result<ObjectGraph> ObjectGraph::Load(Store& store) {
  ObjectGraph graph;
  DLV_TRY(store.Read([&](const catalog::Catalog& catalog) {
    return catalog.ForEachObject([&](const catalog::ObjectPlace& place) {
      ObjectNode node;
      node.number = place.number;
      node.kind = place.kind;
      node.section = place.section;
      node.entry = place.entry;
      graph.nodes_.push_back(std::move(node));
      return Ok();
    });
  }));
  std::map<catalog::Row, std::vector<std::uint32_t>> by_section;
  for (std::uint32_t i = 0; i < graph.nodes_.size(); ++i)
    by_section[graph.nodes_[i].section].push_back(i);
  EdgeLoader loader{store, graph.nodes_, {}, {}, {}, {}};
  for (const auto& [section, places] : by_section) DLV_TRY(loader.LoadSection(section, places));
  loader.Link();
  graph.visited_.assign(graph.nodes_.size(), 0);
  return graph;
}

std::vector<std::uint32_t> ObjectGraph::Closure(
    const std::vector<catalog::ObjectNumber>& roots) const {
  ++stamp_;
  std::vector<std::uint32_t> found;
  const auto visit = [&](std::uint32_t place) {
    if (visited_[place] == stamp_) return;
    visited_[place] = stamp_;
    found.push_back(place);
  };
  for (const catalog::ObjectNumber number : roots) {
    const auto at = std::lower_bound(
        nodes_.begin(), nodes_.end(), number,
        [](const ObjectNode& node, catalog::ObjectNumber n) { return node.number < n; });
    if (at != nodes_.end() && at->number == number)
      visit(static_cast<std::uint32_t>(at - nodes_.begin()));
  }
  for (std::size_t i = 0; i < found.size(); ++i) {
    for (const std::uint32_t need : nodes_[found[i]].needs) visit(need);
  }
  return found;
}

}  // namespace dlv::store

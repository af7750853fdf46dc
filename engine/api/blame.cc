#include "engine/api/blame.h"

#include <map>
#include <memory>
#include <optional>
#include <unordered_map>
#include <utility>

#include "storage/store/names.h"
#include "storage/store/tensor_pairing.h"
#include "storage/store/version_content.h"

namespace dlv::api {
namespace {

/// The tensors of a version as far as blame needs them.
struct Content {
  archive::ManifestSnapshot snapshot;
  std::vector<TensorInfo> tensors;
};

/// Follows every tensor from a version to the oldest ancestor in which it was the same. A tensor is
/// in one version at a time, so each version is read once: children before parents.
class Blamer {
 public:
  Blamer(store::Store& store, const LineageGraph& graph) : store_(store), graph_(graph) {}

  Result<std::vector<BlameLine>> Run(Node start, const store::Target& target) {
    DLV_ASSIGN(const std::vector<TensorInfo> wanted, Begin(start, target));
    order_ = graph_.Order();
    while (!open_.empty()) {
      const Node node = open_.rbegin()->second;  // no version that is left descends from it
      open_.erase(std::prev(open_.end()));
      DLV_TRY(FollowFrom(node));
    }
    return Lines(wanted);
  }

 private:
  struct Place {
    Node node = 0;
    std::size_t tensor = 0;
    std::string name;
  };

  Result<std::vector<TensorInfo>> Begin(Node start, const store::Target& target) {
    DLV_ASSIGN(const archive::Manifest manifest,
               store::ReadVersionManifest(store_, target.version));
    const std::string name = target.version.summary.reference();
    DLV_ASSIGN(const std::uint32_t ordinal, store::FindSnapshot(manifest, target.step, name));
    DLV_ASSIGN(const auto content, store::ReadSnapshot(store_, manifest, ordinal));
    DLV_ASSIGN(std::vector<TensorInfo> wanted,
               store::ListTensors(manifest, content, target.tensor_pattern));
    if (wanted.empty()) {
      return Error{ErrorCode::kNotFound,
                   target.tensor_pattern.empty()
                       ? name + " has no tensors"
                       : name + " has no tensor that fits " + store::Quoted(target.tensor_pattern)};
    }
    Content own{manifest.snapshots[ordinal], {}};
    DLV_ASSIGN(own.tensors, store::ListTensors(manifest, content, ""));
    for (std::size_t i = 0; i < own.tensors.size() && places_.size() < wanted.size(); ++i) {
      const TensorInfo& next = wanted[places_.size()];  // both lists have the same order
      const TensorInfo& tensor = own.tensors[i];
      if (tensor.name == next.name && tensor.role == next.role && tensor.file == next.file)
        places_.push_back({start, i, next.name});
    }
    contents_[start] = std::move(own);
    open_.emplace(0, start);
    return wanted;
  }

  /// The default snapshot of a parent; of one that holds the very same as its child, nothing but
  /// the manifest is read.
  Result<const Content*> ReadParent(Node node, const Content& child) {
    const auto known = contents_.find(node);
    if (known != contents_.end()) return &known->second;
    DLV_ASSIGN(const auto row, store_.Read([&](const catalog::Catalog& catalog) {
      return catalog.GetVersion(graph_.row(node));
    }));
    Content& content = contents_[node];
    if (!row) return &content;  // it was removed since
    DLV_ASSIGN(const archive::Manifest manifest, store::ReadVersionManifest(store_, *row));
    if (manifest.snapshots.empty()) return &content;
    content.snapshot = manifest.snapshots.back();
    if (content.snapshot.layout == child.snapshot.layout &&
        content.snapshot.tensors == child.snapshot.tensors) {
      content.tensors = child.tensors;
      return &content;
    }
    const auto last = static_cast<std::uint32_t>(manifest.snapshots.size() - 1);
    DLV_ASSIGN(const auto snapshot, store::ReadSnapshot(store_, manifest, last));
    DLV_ASSIGN(content.tensors, store::ListTensors(manifest, snapshot, ""));
    return &content;
  }

  /// Moves the tensors that stand at `node` on to the first parent that has them too.
  Status FollowFrom(Node node) {
    std::vector<std::size_t> here;
    for (std::size_t i = 0; i < places_.size(); ++i) {
      if (places_[i].node == node) here.push_back(i);
    }
    for (const LineageGraph::Edge& edge : graph_.Parents(node)) {
      if (here.empty()) break;
      if (!graph_.IsPresent(edge.parent) || order_[edge.parent] >= order_[node]) continue;
      const Content& own = contents_[node];  // stays where it is while others come in
      DLV_ASSIGN(const Content* parent, ReadParent(edge.parent, own));
      const std::size_t before = here.size();
      std::erase_if(here, [&, partners = Partners(*parent, own)](std::size_t i) {
        const auto partner = partners[places_[i].tensor];
        if (!partner) return false;
        places_[i] = {edge.parent, *partner, parent->tensors[*partner].name};
        return true;
      });
      if (here.size() != before) open_.emplace(order_[edge.parent], edge.parent);
    }
    contents_.erase(node);
    return Ok();
  }

  /// For each tensor of `own`, the one of `parent` that is the same, perhaps under another name.
  static std::vector<std::optional<std::size_t>> Partners(const Content& parent,
                                                          const Content& own) {
    store::TensorPairing pairing(parent.tensors, own.tensors);
    pairing.ByKey();
    pairing.ByName();
    pairing.ByPrefix();
    pairing.ByContent();
    std::vector<std::optional<std::size_t>> partners = pairing.partners();
    for (std::size_t i = 0; i < partners.size(); ++i) {
      if (partners[i] && parent.tensors[*partners[i]].id != own.tensors[i].id) partners[i].reset();
    }
    return partners;
  }

  std::vector<BlameLine> Lines(const std::vector<TensorInfo>& wanted) const {
    std::vector<BlameLine> lines;
    lines.reserve(wanted.size());
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      BlameLine line;
      line.tensor = wanted[i].name;
      line.version = graph_.Version(places_[i].node);
      if (places_[i].name != wanted[i].name) line.name_then = places_[i].name;
      const auto parents = graph_.Parents(places_[i].node);
      if (!parents.empty()) line.relation = parents.front().relation;
      line.elements = wanted[i].element_count();
      lines.push_back(std::move(line));
    }
    return lines;
  }

  store::Store& store_;
  const LineageGraph& graph_;
  std::vector<std::uint32_t> order_;
  std::vector<Place> places_;                   // by tensor asked for
  std::unordered_map<Node, Content> contents_;  // of versions that are still needed
  std::map<std::uint32_t, Node> open_;          // by place in the order
};

}  // namespace

Result<std::vector<BlameLine>> Blame(store::Store& store, const LineageGraph& graph, Node start,
                                     const store::Target& target) {
  return Blamer(store, graph).Run(start, target);
}

}  // namespace dlv::api

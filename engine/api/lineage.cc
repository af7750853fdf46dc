#include "dlv/lineage.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

#include "engine/api/blame.h"
#include "engine/api/lineage_dot.h"
#include "engine/api/lineage_graph.h"
#include "engine/api/repository_impl.h"
#include "storage/store/names.h"
#include "storage/store/resolve.h"

namespace dlv {
namespace {

using api::Direction;
using api::LineageGraph;
using api::Node;

/// Turns the steps of a walk into versions, one at a time.
class WalkedRange : public LineageRange {
 public:
  WalkedRange(const LineageGraph& graph, Node start, Direction direction, LineageFilter filter)
      : graph_(graph), direction_(direction), walk_(graph, start, direction, std::move(filter)) {}

  Result<std::optional<LineageStep>> Next() override {
    const auto found = walk_.Next();
    if (!found) return std::optional<LineageStep>();
    LineageStep step;
    step.version = graph_.Version(found->node);
    step.depth = found->depth;
    step.relation = found->edge->relation;
    step.from =
        graph_.id(direction_ == Direction::kAncestors ? found->edge->child : found->edge->parent);
    return std::optional(std::move(step));
  }

 private:
  const LineageGraph& graph_;
  Direction direction_;
  api::GraphWalk walk_;
};

class StoreLineage : public Lineage {
 public:
  StoreLineage(store::Store& store, catalog::LineageRows rows)
      : store_(store), graph_(std::move(rows)) {}

  Result<std::unique_ptr<LineageRange>> Ancestors(std::string_view reference,
                                                  const LineageFilter& filter) const override {
    return Walk(reference, Direction::kAncestors, filter);
  }
  Result<std::unique_ptr<LineageRange>> Descendants(std::string_view reference,
                                                    const LineageFilter& filter) const override {
    return Walk(reference, Direction::kDescendants, filter);
  }

  Result<std::vector<LineageEdge>> Edges(std::string_view reference) const override {
    std::vector<bool> wanted(graph_.size(), true);
    if (!reference.empty()) {
      DLV_ASSIGN(const Node node, Find(reference));
      wanted = Reach(graph_, node, Direction::kAncestors);
      const std::vector<bool> below = Reach(graph_, node, Direction::kDescendants);
      for (std::size_t i = 0; i < wanted.size(); ++i) wanted[i] = wanted[i] || below[i];
    }
    return EdgesAmong(wanted);
  }

  Result<std::vector<LineageVersion>> Path(std::string_view from,
                                           std::string_view to) const override {
    DLV_ASSIGN(const Node first, Find(from));
    DLV_ASSIGN(const Node last, Find(to));
    return graph_.Versions(ShortestPath(graph_, first, last));
  }

  Result<std::vector<LineageVersion>> LowestCommonAncestors(std::string_view a,
                                                            std::string_view b) const override {
    DLV_ASSIGN(const Node first, Find(a));
    DLV_ASSIGN(const Node second, Find(b));
    return graph_.Versions(LowestCommon(graph_, first, second));
  }

  Result<std::vector<LineageMetric>> MetricAlong(std::string_view reference,
                                                 std::string_view metric) const override {
    DLV_ASSIGN(const Node node, Find(reference));
    const std::vector<Node> line = FirstParents(graph_, node);
    return store_.Read([&](const catalog::Catalog& catalog) -> Result<std::vector<LineageMetric>> {
      return ReadMetric(catalog, line, metric);
    });
  }

  Result<std::vector<BlameLine>> Blame(std::string_view reference) const override {
    DLV_ASSIGN(const store::Target target, store::ResolveTarget(store_, reference));
    DLV_ASSIGN(const Node node, NodeOf(target));
    return api::Blame(store_, graph_, node, target);
  }

  Result<std::string> Dot(std::string_view reference) const override {
    DLV_ASSIGN(const std::vector<LineageEdge> edges, Edges(reference));
    if (!reference.empty()) {
      DLV_ASSIGN(const Node node, Find(reference));
      const LineageVersion version = graph_.Version(node);
      return api::DrawDot(edges, {&version, 1}, &version.id);
    }
    std::vector<LineageVersion> alone;
    for (Node node = 0; node < graph_.present_count(); ++node) {
      if (graph_.Parents(node).empty() && graph_.ChildEdges(node).empty())
        alone.push_back(graph_.Version(node));
    }
    return api::DrawDot(edges, alone, nullptr);
  }

 private:
  Result<Node> NodeOf(const store::Target& target) const {
    const auto node = graph_.Find(target.version.summary.id);
    if (node) return *node;
    return Error{ErrorCode::kNotFound,
                 target.version.summary.reference() + " came after this lineage was opened"};
  }

  Result<Node> Find(std::string_view reference) const {
    DLV_ASSIGN(const store::Target target, store::ResolveTarget(store_, reference));
    if (!target.tensor_pattern.empty()) {
      return Error{ErrorCode::kInvalidArgument,
                   std::string(reference) + ": names tensors, want a version"};
    }
    return NodeOf(target);
  }

  Result<std::unique_ptr<LineageRange>> Walk(std::string_view reference, Direction direction,
                                             const LineageFilter& filter) const {
    DLV_ASSIGN(const Node node, Find(reference));
    return std::unique_ptr<LineageRange>(
        std::make_unique<WalkedRange>(graph_, node, direction, filter));
  }

  std::vector<LineageEdge> EdgesAmong(const std::vector<bool>& wanted) const {
    std::vector<LineageGraph::Edge> chosen;
    for (const LineageGraph::Edge& edge : graph_.edges()) {
      if (wanted[edge.child] && wanted[edge.parent]) chosen.push_back(edge);
    }
    const std::vector<std::uint32_t> order = graph_.Order();
    std::sort(chosen.begin(), chosen.end(), [&](const auto& a, const auto& b) {
      return std::pair(order[a.child], a.ordinal) < std::pair(order[b.child], b.ordinal);
    });
    std::vector<LineageEdge> edges;
    edges.reserve(chosen.size());
    for (const LineageGraph::Edge& edge : chosen) {
      edges.push_back({graph_.Version(edge.child), graph_.Version(edge.parent), edge.relation,
                       edge.ordinal, edge.inferred});
    }
    return edges;
  }

  Result<std::vector<LineageMetric>> ReadMetric(const catalog::Catalog& catalog,
                                                const std::vector<Node>& line,
                                                std::string_view metric) const {
    std::vector<LineageMetric> values;
    bool found = false;
    for (const Node node : line) {
      LineageMetric value{graph_.Version(node), std::nullopt};
      if (graph_.IsPresent(node)) {
        DLV_ASSIGN(value.value, catalog.LastValue(graph_.row(node), metric));
      }
      found = found || value.value.has_value();
      values.push_back(std::move(value));
    }
    if (found) return values;
    return NoMetric(catalog, line, metric);
  }

  Result<std::vector<LineageMetric>> NoMetric(const catalog::Catalog& catalog,
                                              const std::vector<Node>& line,
                                              std::string_view metric) const {
    std::set<std::string> known;
    for (const Node node : line) {
      if (!graph_.IsPresent(node)) continue;
      DLV_ASSIGN(const auto names, catalog.MetricNames(graph_.row(node)));
      known.insert(names.begin(), names.end());
    }
    Error error{ErrorCode::kNotFound, "no version from " + graph_.Version(line.front()).reference +
                                          " to " + graph_.Version(line.back()).reference +
                                          " has the metric " + store::Quoted(metric)};
    error.hint = store::DidYouMean(metric, std::vector<std::string>(known.begin(), known.end()));
    if (error.hint.empty() && !known.empty()) {
      error.hint = "there are:";
      for (const std::string& name : known) error.hint += " " + name;
    }
    return error;
  }

  store::Store& store_;
  LineageGraph graph_;
};

}  // namespace

Result<std::unique_ptr<Lineage>> Lineage::Open(const Repository& repository) {
  store::Store& store = *repository.impl_->store;
  DLV_ASSIGN(auto rows,
             store.Read([](const catalog::Catalog& catalog) { return catalog.ReadLineage(); }));
  return std::unique_ptr<Lineage>(std::make_unique<StoreLineage>(store, std::move(rows)));
}

}  // namespace dlv

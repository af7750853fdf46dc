#include "engine/api/lineage_graph.h"

#include <algorithm>
#include <utility>

namespace dlv::api {
namespace {

constexpr std::size_t kShownDigits = 12;  // of a version that is known by its id alone

/// Turns counts (one place late) into the first place of each.
void Accumulate(std::vector<std::uint32_t>& counts) {
  for (std::size_t i = 1; i < counts.size(); ++i) counts[i] += counts[i - 1];
}

}  // namespace

LineageGraph::LineageGraph(catalog::LineageRows rows) : rows_(std::move(rows)) {
  ids_.reserve(rows_.versions.size());
  nodes_.reserve(rows_.versions.size());
  for (const auto& version : rows_.versions) {
    nodes_.emplace(version.id, static_cast<Node>(ids_.size()));
    ids_.push_back(version.id);
  }
  AddEdges();
}

Node LineageGraph::NodeFor(const catalog::LineageRows::Parent& parent) {
  const auto [found, fresh] = nodes_.emplace(parent.id, static_cast<Node>(ids_.size()));
  if (fresh) {
    ids_.push_back(parent.id);
    away_models_.push_back(parent.model);
  }
  return found->second;
}

void LineageGraph::AddEdges() {
  edges_.reserve(rows_.parents.size());
  for (const auto& parent : rows_.parents) {
    edges_.push_back(
        {parent.version, NodeFor(parent), parent.ordinal, parent.relation, parent.inferred});
  }
  first_edge_.assign(size() + 1, 0);
  first_child_.assign(size() + 1, 0);
  for (const Edge& edge : edges_) {
    ++first_edge_[edge.child + 1];
    ++first_child_[edge.parent + 1];
  }
  Accumulate(first_edge_);
  Accumulate(first_child_);
  child_edges_.resize(edges_.size());
  std::vector<std::uint32_t> next = first_child_;
  for (std::uint32_t i = 0; i < edges_.size(); ++i) child_edges_[next[edges_[i].parent]++] = i;
  rows_.parents = {};
}

std::optional<Node> LineageGraph::Find(const VersionId& id) const {
  const auto found = nodes_.find(id);
  return found == nodes_.end() ? std::nullopt : std::optional(found->second);
}

LineageVersion LineageGraph::Version(Node node) const {
  LineageVersion version;
  version.id = ids_[node];
  version.present = IsPresent(node);
  if (version.present) {
    const auto& row = rows_.versions[node];
    version.model = rows_.models[row.model];
    version.number = row.number;
    version.created = row.created;
    version.reference = version.model + ":v" + std::to_string(version.number);
  } else {
    version.model = rows_.models[away_models_[node - present_count()]];
    version.reference = version.model + "@" + version.id.Hex(kShownDigits);
  }
  return version;
}

std::vector<LineageVersion> LineageGraph::Versions(std::span<const Node> nodes) const {
  std::vector<LineageVersion> versions;
  versions.reserve(nodes.size());
  for (const Node node : nodes) versions.push_back(Version(node));
  return versions;
}

std::span<const LineageGraph::Edge> LineageGraph::Parents(Node node) const {
  return std::span(edges_).subspan(first_edge_[node], first_edge_[node + 1] - first_edge_[node]);
}

std::span<const std::uint32_t> LineageGraph::ChildEdges(Node node) const {
  return std::span(child_edges_)
      .subspan(first_child_[node], first_child_[node + 1] - first_child_[node]);
}

std::vector<std::uint32_t> LineageGraph::Order() const {
  const auto unplaced = static_cast<std::uint32_t>(size());
  std::vector<std::uint32_t> places(size(), unplaced);
  std::vector<std::uint32_t> waiting(size());  // for so many parents
  std::deque<Node> ready;
  for (Node node = 0; node < size(); ++node) {
    waiting[node] = static_cast<std::uint32_t>(Parents(node).size());
    if (waiting[node] == 0) ready.push_back(node);
  }
  std::uint32_t place = 0;
  while (!ready.empty()) {
    const Node node = ready.front();
    ready.pop_front();
    places[node] = place++;
    for (const std::uint32_t edge : ChildEdges(node)) {
      if (--waiting[edges_[edge].child] == 0) ready.push_back(edges_[edge].child);
    }
  }
  for (std::uint32_t& other : places) {
    if (other == unplaced) other = place++;
  }
  return places;
}

GraphWalk::GraphWalk(const LineageGraph& graph, Node start, Direction direction,
                     LineageFilter filter)
    : graph_(graph),
      direction_(direction),
      filter_(std::move(filter)),
      seen_(graph.size(), false),
      given_(Step{start, 0, nullptr}) {
  for (const Relation relation : filter_.relations)
    relations_ |= 1U << static_cast<unsigned>(relation);
  seen_[start] = true;
}

std::optional<GraphWalk::Step> GraphWalk::Next() {
  while (true) {
    if (given_) Expand(*std::exchange(given_, std::nullopt));
    if (found_.empty()) return std::nullopt;
    given_ = found_.front();
    found_.pop_front();
    return given_;
  }
}

void GraphWalk::Expand(const Step& step) {
  if (filter_.max_depth != 0 && step.depth == filter_.max_depth) return;
  if (direction_ == Direction::kAncestors) {
    for (const LineageGraph::Edge& edge : graph_.Parents(step.node)) Follow(edge, step.depth + 1);
  } else {
    for (const std::uint32_t edge : graph_.ChildEdges(step.node))
      Follow(graph_.edges()[edge], step.depth + 1);
  }
}

void GraphWalk::Follow(const LineageGraph::Edge& edge, std::size_t depth) {
  const Node next = direction_ == Direction::kAncestors ? edge.parent : edge.child;
  if (filter_.first_parents && edge.ordinal != 0) return;
  if (relations_ != 0 && (relations_ >> static_cast<unsigned>(edge.relation) & 1U) == 0) return;
  if (seen_[next]) return;
  seen_[next] = true;
  found_.push_back({next, depth, &edge});
}

std::vector<bool> Reach(const LineageGraph& graph, Node start, Direction direction) {
  std::vector<bool> reached(graph.size(), false);
  reached[start] = true;
  GraphWalk walk(graph, start, direction, {});
  while (const auto step = walk.Next()) reached[step->node] = true;
  return reached;
}

std::vector<Node> ShortestPath(const LineageGraph& graph, Node from, Node to) {
  const auto nowhere = static_cast<Node>(graph.size());
  std::vector<Node> before(graph.size(), nowhere);
  std::deque<Node> open = {from};
  before[from] = from;
  const auto reach = [&](Node node, Node next) {
    if (before[next] != nowhere) return;
    before[next] = node;
    open.push_back(next);
  };
  while (!open.empty() && before[to] == nowhere) {
    const Node node = open.front();
    open.pop_front();
    for (const LineageGraph::Edge& edge : graph.Parents(node)) reach(node, edge.parent);
    for (const std::uint32_t edge : graph.ChildEdges(node)) reach(node, graph.edges()[edge].child);
  }
  std::vector<Node> path;
  if (before[to] == nowhere) return path;
  for (Node node = to; node != from; node = before[node]) path.push_back(node);
  path.push_back(from);
  std::reverse(path.begin(), path.end());
  return path;
}

std::vector<Node> LowestCommon(const LineageGraph& graph, Node a, Node b) {
  std::vector<bool> common = Reach(graph, a, Direction::kAncestors);
  const std::vector<bool> other = Reach(graph, b, Direction::kAncestors);
  for (std::size_t i = 0; i < common.size(); ++i) common[i] = common[i] && other[i];
  std::vector<Node> lowest;
  for (Node node = 0; node < graph.size(); ++node) {
    if (!common[node]) continue;
    // What lies between a common ancestor and one that descends from it is common too: looking at
    // the children is enough.
    const auto children = graph.ChildEdges(node);
    const bool above = std::any_of(children.begin(), children.end(), [&](std::uint32_t edge) {
      const Node child = graph.edges()[edge].child;
      return child != node && common[child];
    });
    if (!above) lowest.push_back(node);
  }
  return lowest;
}

std::vector<Node> FirstParents(const LineageGraph& graph, Node start) {
  LineageFilter filter;
  filter.first_parents = true;
  GraphWalk walk(graph, start, Direction::kAncestors, filter);
  std::vector<Node> line = {start};
  while (const auto step = walk.Next()) line.push_back(step->node);
  std::reverse(line.begin(), line.end());
  return line;
}

}  // namespace dlv::api

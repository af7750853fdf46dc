#include "storage/plan/plan_tree.h"

namespace dlv::plan {

PlanTree::PlanTree(const DeltaGraph& graph)
    : graph_(&graph),
      parent_edge_(graph.node_count(), kNoEdge),
      path_seconds_(graph.node_count(), 0),
      depth_(graph.node_count(), 0),
      first_child_(graph.node_count(), kRoot),
      next_(graph.node_count(), kRoot),
      previous_(graph.node_count(), kRoot) {}

PlanTree::PlanTree(const DeltaGraph& graph, const Plan& plan) : PlanTree(graph) {
  parent_edge_ = plan;
  for (Node node = 1; node < plan.size(); ++node) {
    Link(node);
    storage_bytes_ += stored(node).storage_bytes;
  }
  ForSubtree(kRoot, [&](Node node) {
    if (node == kRoot) return;
    const Edge& edge = stored(node);
    path_seconds_[node] = path_seconds_[edge.from] + edge.recreation_seconds;
    depth_[node] = edge.from == kRoot ? 0 : depth_[edge.from] + 1;
  });
}

bool PlanTree::IsWithin(Node node, Node top) const {
  while (node != top && node != kRoot) node = parent(node);
  return node == top;
}

void PlanTree::Link(Node node) {
  const Node above = parent(node);
  const Node sibling = first_child_[above];
  next_[node] = sibling;
  previous_[node] = kRoot;
  if (sibling != kRoot) previous_[sibling] = node;
  first_child_[above] = node;
}

void PlanTree::Unlink(Node node) {
  if (previous_[node] == kRoot) {
    first_child_[parent(node)] = next_[node];
  } else {
    next_[previous_[node]] = next_[node];
  }
  if (next_[node] != kRoot) previous_[next_[node]] = previous_[node];
}

void PlanTree::Move(EdgeIndex index) {
  const Edge& edge = graph_->edge(index);
  if (parent_edge_[edge.to] != kNoEdge) {
    storage_bytes_ -= stored(edge.to).storage_bytes;
    Unlink(edge.to);
  }
  parent_edge_[edge.to] = index;
  storage_bytes_ += edge.storage_bytes;
  Link(edge.to);
  ForSubtree(edge.to, [&](Node node) {
    const Edge& in = stored(node);
    path_seconds_[node] = path_seconds_[in.from] + in.recreation_seconds;
    depth_[node] = in.from == kRoot ? 0 : depth_[in.from] + 1;
  });
}

}  // namespace dlv::plan

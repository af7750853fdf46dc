#include "storage/plan/delta_graph.h"

#include <cmath>
#include <string>

namespace dlv::plan {
namespace {

Status CheckEdge(const Edge& edge, std::size_t tensor_count) {
  const auto refuse = [&](std::string_view why) {
    return Error{ErrorCode::kInvalidArgument, "edge " + std::to_string(edge.from) + " to " +
                                                  std::to_string(edge.to) + ": " +
                                                  std::string(why)};
  };
  if (edge.from > tensor_count || edge.to > tensor_count)
    return refuse("there are " + std::to_string(tensor_count) + " tensors");
  if (edge.to == kRoot) return refuse("leads to the empty tensor");
  if (edge.from == edge.to) return refuse("leads to itself");
  for (const double cost : {edge.storage_bytes, edge.recreation_seconds}) {
    if (!std::isfinite(cost) || cost < 0)
      return refuse("its costs are no finite numbers from 0 on");
  }
  return Ok();
}

/// Turns counts into first places: afterwards starts[i] is where the entries of i begin.
void CountsToStarts(std::vector<EdgeIndex>& starts) {
  EdgeIndex total = 0;
  for (EdgeIndex& entry : starts) {
    const EdgeIndex count = entry;
    entry = total;
    total += count;
  }
}

}  // namespace

Result<DeltaGraph> DeltaGraph::Build(std::size_t tensor_count, std::vector<Edge> edges) {
  if (tensor_count >= kNoEdge || edges.size() >= kNoEdge)
    return Error{ErrorCode::kInvalidArgument,
                 "a delta graph of more than 2^32 - 2 tensors or edges"};
  for (const Edge& edge : edges) DLV_TRY(CheckEdge(edge, tensor_count));

  DeltaGraph graph;
  graph.first_incoming_.resize(tensor_count + 2);
  graph.first_outgoing_.resize(tensor_count + 2);
  for (const Edge& edge : edges) {
    ++graph.first_incoming_[edge.to];
    ++graph.first_outgoing_[edge.from];
  }
  CountsToStarts(graph.first_incoming_);
  CountsToStarts(graph.first_outgoing_);

  graph.edges_.resize(edges.size());
  std::vector<EdgeIndex> next = graph.first_incoming_;
  for (const Edge& edge : edges) graph.edges_[next[edge.to]++] = edge;
  graph.outgoing_.resize(edges.size());
  next = graph.first_outgoing_;
  for (EdgeIndex index = 0; index < edges.size(); ++index)
    graph.outgoing_[next[graph.edges_[index].from]++] = index;
  DLV_TRY(graph.CheckReachable());
  return graph;
}

Status DeltaGraph::CheckReachable() const {
  std::vector<bool> reached(node_count());
  std::vector<Node> stack = {kRoot};
  reached[kRoot] = true;
  while (!stack.empty()) {
    const Node node = stack.back();
    stack.pop_back();
    for (const EdgeIndex index : outgoing(node)) {
      const Node to = edges_[index].to;
      if (reached[to]) continue;
      reached[to] = true;
      stack.push_back(to);
    }
  }
  for (Node node = 1; node < node_count(); ++node) {
    if (!reached[node])
      return Error{ErrorCode::kInvalidArgument,
                   "tensor " + std::to_string(node) + ": no path from the empty tensor"};
  }
  return Ok();
}

std::size_t DeltaGraph::memory_bytes() const {
  return edges_.capacity() * sizeof(Edge) +
         (outgoing_.capacity() + first_incoming_.capacity() + first_outgoing_.capacity()) *
             sizeof(EdgeIndex);
}

}  // namespace dlv::plan

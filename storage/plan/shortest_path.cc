#include "storage/plan/shortest_path.h"

#include <limits>
#include <queue>

namespace dlv::plan {
namespace {

struct Reached {
  double seconds;
  Node node;
  bool operator>(const Reached& other) const {
    return seconds != other.seconds ? seconds > other.seconds : node > other.node;
  }
};

class ShortestPathSearch {
 public:
  ShortestPathSearch(const DeltaGraph& graph, std::span<const EdgeIndex> forced)
      : graph_(graph),
        forced_(forced),
        plan_(graph.node_count(), kNoEdge),
        seconds_(graph.node_count(), std::numeric_limits<double>::infinity()),
        settled_(graph.node_count(), false) {}

  void Run() {
    seconds_[kRoot] = 0;
    queue_.push({0, kRoot});
    while (!queue_.empty()) {
      const Node node = queue_.top().node;
      queue_.pop();
      if (settled_[node]) continue;
      settled_[node] = true;
      for (const EdgeIndex index : graph_.outgoing(node)) Relax(index);
    }
  }

  Plan& plan() { return plan_; }
  std::vector<double>& seconds() { return seconds_; }

 private:
  void Relax(EdgeIndex index) {
    const Edge& edge = graph_.edge(index);
    if (settled_[edge.to]) return;  // also keeps ties at no cost from closing a cycle
    if (!forced_.empty() && forced_[edge.to] != kNoEdge && forced_[edge.to] != index) return;
    const double seconds = seconds_[edge.from] + edge.recreation_seconds;
    if (seconds > seconds_[edge.to]) return;
    const EdgeIndex known = plan_[edge.to];
    if (seconds == seconds_[edge.to] && known != kNoEdge &&
        graph_.edge(known).storage_bytes <= edge.storage_bytes)
      return;
    seconds_[edge.to] = seconds;
    plan_[edge.to] = index;
    queue_.push({seconds, edge.to});
  }

  const DeltaGraph& graph_;
  std::span<const EdgeIndex> forced_;
  Plan plan_;
  std::vector<double> seconds_;
  std::vector<bool> settled_;
  std::priority_queue<Reached, std::vector<Reached>, std::greater<>> queue_;
};

}  // namespace

Plan ShortestPathTree(const DeltaGraph& graph) {
  ShortestPathSearch search(graph, {});
  search.Run();
  return std::move(search.plan());
}

std::vector<double> ShortestPathSeconds(const DeltaGraph& graph,
                                        std::span<const EdgeIndex> forced) {
  ShortestPathSearch search(graph, forced);
  search.Run();
  return std::move(search.seconds());
}

}  // namespace dlv::plan

#include "storage/plan/minimum_storage.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace dlv::plan {
namespace {

/// Storage first, recreation among equals. Edmonds' algorithm only adds, subtracts and compares
/// costs, so pairs in lexicographic order do.
struct EdgeCost {
  double storage = 0;
  double recreation = 0;

  EdgeCost operator-(const EdgeCost& other) const {
    return {storage - other.storage, recreation - other.recreation};
  }
  EdgeCost& operator+=(const EdgeCost& other) {
    storage += other.storage;
    recreation += other.recreation;
    return *this;
  }
  auto operator<=>(const EdgeCost&) const = default;
};

using HeapNode = std::uint32_t;
constexpr HeapNode kEmpty = static_cast<HeapNode>(-1);

/// Leftist heaps of edges, one element an edge, with an amount that is still to be added to a whole
/// subtree. Source: Tarjan, Data structures and network algorithms, 1983, chapter 3.
class EdgeHeaps {
 public:
  explicit EdgeHeaps(const DeltaGraph& graph) : elements_(graph.edge_count()) {
    for (EdgeIndex index = 0; index < graph.edge_count(); ++index) {
      const Edge& edge = graph.edge(index);
      elements_[index].cost = {edge.storage_bytes, edge.recreation_seconds};
    }
  }

  const EdgeCost& cost(HeapNode heap) const { return elements_[heap].cost; }

  void Add(HeapNode heap, const EdgeCost& amount) {
    if (heap == kEmpty) return;
    elements_[heap].cost += amount;
    elements_[heap].pending += amount;
  }

  HeapNode Merge(HeapNode a, HeapNode b) {
    if (a == kEmpty) return b;
    if (b == kEmpty) return a;
    if (elements_[b].cost < elements_[a].cost) std::swap(a, b);
    PushDown(a);
    Element& top = elements_[a];
    top.right = Merge(top.right, b);  // as deep as the logarithm of the size
    if (Rank(top.left) < Rank(top.right)) std::swap(top.left, top.right);
    top.rank = Rank(top.right) + 1;
    return a;
  }

  HeapNode WithoutTop(HeapNode heap) {
    PushDown(heap);
    return Merge(elements_[heap].left, elements_[heap].right);
  }

 private:
  struct Element {
    EdgeCost cost;
    EdgeCost pending;
    HeapNode left = kEmpty;
    HeapNode right = kEmpty;
    std::uint32_t rank = 1;
  };

  std::uint32_t Rank(HeapNode heap) const { return heap == kEmpty ? 0 : elements_[heap].rank; }

  void PushDown(HeapNode heap) {
    Element& element = elements_[heap];
    Add(element.left, element.pending);
    Add(element.right, element.pending);
    element.pending = {};
  }

  std::vector<Element> elements_;
};

/// Grows a path backwards along cheapest edges; a cycle becomes one vertex ("nest"), which is a
/// vertex like any other from then on. Vertices up to the number of nodes are the nodes.
class Contraction {
 public:
  Contraction(const DeltaGraph& graph, std::span<const EdgeIndex> forced)
      : graph_(graph), heaps_(graph) {
    const std::size_t most = 2 * graph.node_count();
    heap_.reserve(most);
    for (Node node = 0; node < graph.node_count(); ++node) {
      HeapNode heap = kEmpty;
      for (const EdgeIndex index : graph.incoming(node)) {
        if (!forced.empty() && forced[node] != kNoEdge && forced[node] != index) continue;
        heap = heaps_.Merge(heap, index);
      }
      heap_.push_back(heap);
    }
    chosen_.assign(heap_.size(), kNoEdge);
    nest_.assign(heap_.size(), kNone);
    found_.resize(heap_.size());
    std::iota(found_.begin(), found_.end(), Vertex{0});
    state_.assign(heap_.size(), State::kNew);
    state_[kRoot] = State::kDone;
  }

  /// Returns whether every node is reached.
  bool Run() {
    for (Node node = 1; node < graph_.node_count(); ++node) {
      if (!GrowFrom(Find(node))) return false;
    }
    return true;
  }

  /// Takes the nests apart, the last made first: the edge that enters a nest enters one vertex of
  /// its cycle, and takes the place of the edge of the cycle there.
  Plan Expand() {
    std::vector<bool> open(chosen_.size(), false);
    for (auto top = static_cast<Vertex>(chosen_.size()); top-- > graph_.node_count();) {
      if (open[top]) continue;
      const EdgeIndex entering = chosen_[top];
      for (Vertex vertex = graph_.edge(entering).to;; vertex = nest_[vertex]) {
        chosen_[vertex] = entering;
        open[vertex] = true;
        if (vertex == top) break;
      }
    }
    chosen_.resize(graph_.node_count());
    return std::move(chosen_);
  }

 private:
  using Vertex = std::uint32_t;
  static constexpr Vertex kNone = static_cast<Vertex>(-1);
  enum class State : std::uint8_t { kNew, kOnPath, kDone };

  bool GrowFrom(Vertex vertex) {
    path_.clear();
    while (state_[vertex] == State::kNew) {
      state_[vertex] = State::kOnPath;
      path_.push_back(vertex);
      if (!TakeCheapest(vertex)) return false;
      const Vertex from = Find(graph_.edge(chosen_[vertex]).from);
      vertex = state_[from] == State::kOnPath ? Contract(from) : from;
    }
    for (const Vertex on_path : path_) state_[on_path] = State::kDone;
    return true;
  }

  /// Chooses the cheapest edge from outside. What is left is worth as much less as it would save.
  bool TakeCheapest(Vertex vertex) {
    HeapNode& heap = heap_[vertex];
    while (heap != kEmpty && Find(graph_.edge(heap).from) == vertex) heap = heaps_.WithoutTop(heap);
    if (heap == kEmpty) return false;
    chosen_[vertex] = heap;
    const EdgeCost cost = heaps_.cost(heap);
    heap = heaps_.WithoutTop(heap);
    heaps_.Add(heap, EdgeCost{} - cost);
    return true;
  }

  /// Makes one vertex of the end of the path from `first` on.
  Vertex Contract(Vertex first) {
    const auto made = static_cast<Vertex>(heap_.size());
    HeapNode heap = kEmpty;
    for (Vertex member = kNone; member != first;) {
      member = path_.back();
      path_.pop_back();
      heap = heaps_.Merge(heap, heap_[member]);
      nest_[member] = made;
      found_[member] = made;
    }
    heap_.push_back(heap);
    chosen_.push_back(kNoEdge);
    nest_.push_back(kNone);
    found_.push_back(made);
    state_.push_back(State::kNew);
    return made;
  }

  /// The outermost nest of a vertex; paths are halved on the way.
  Vertex Find(Vertex vertex) {
    while (found_[vertex] != vertex) {
      found_[vertex] = found_[found_[vertex]];
      vertex = found_[vertex];
    }
    return vertex;
  }

  const DeltaGraph& graph_;
  EdgeHeaps heaps_;
  std::vector<HeapNode> heap_;     ///< by vertex: the edges into it
  std::vector<EdgeIndex> chosen_;  ///< by vertex: the edge by which it is entered
  std::vector<Vertex> nest_;       ///< by vertex: the nest that it was put into
  std::vector<Vertex> found_;      ///< the same with shortcuts
  std::vector<State> state_;
  std::vector<Vertex> path_;
};

}  // namespace

std::optional<Plan> MinimumStorageTree(const DeltaGraph& graph, std::span<const EdgeIndex> forced) {
  Contraction contraction(graph, forced);
  if (!contraction.Run()) return std::nullopt;
  return contraction.Expand();
}

Plan MinimumStorageTree(const DeltaGraph& graph) {
  auto plan = MinimumStorageTree(graph, {});
  DLV_CHECK(plan.has_value(), "DeltaGraph::Build has seen a path to every tensor");
  return std::move(*plan);
}

}  // namespace dlv::plan

// Local search on a finished plan. A greedy solver pays for moves that later ones make needless;
// taking such moves back, and trading one move for others, is what is left to gain. The trades are
// chains of moves in the sense of Glover, Ejection chains, reference structures and alternating
// path methods for traveling salesman problems, 1996: a move that breaks something, and what
// repairs it, are accepted or taken back as a whole.

#include <algorithm>
#include <cmath>

#include "storage/plan/solvers.h"

namespace dlv::plan {
namespace {

/// In bytes, or the objective's unit: smaller gains are rounding.
constexpr double kNoGain = 1e-6;
/// A trial that makes room for others looks at so many of them.
constexpr std::size_t kMostNeighbours = 200;

/// Moves one node to its best edge; returns whether it moved.
bool PolishNode(WorkingPlan& plan, Node node) {
  plan.Focus(node);
  EdgeIndex best = kNoEdge;
  double least = -kNoGain;
  for (const EdgeIndex edge : plan.problem().graph().incoming(node)) {
    const double cost = plan.CostOf(edge);
    if (!(cost < least) || !plan.IsPossible(edge) || !plan.KeepsBudgets(edge)) continue;
    best = edge;
    least = cost;
  }
  if (best != kNoEdge) plan.Move(best);
  return best != kNoEdge;
}

void PolishNodes(WorkingPlan& plan, std::span<const Node> nodes) {
  for (bool moved = true; moved;) {
    moved = false;
    for (const Node node : nodes) {
      if (plan.problem().stopped()) return;
      moved |= PolishNode(plan, node);
    }
  }
}

/// Nodes with the most to gain first: what they take now against their smallest edge.
std::vector<Node> ByPromise(const PlanTree& tree) {
  std::vector<std::pair<double, Node>> promises;
  for (Node node = 1; node < tree.plan().size(); ++node) {
    double least = tree.stored(node).storage_bytes;
    for (const EdgeIndex edge : tree.graph().incoming(node))
      least = std::min(least, tree.graph().edge(edge).storage_bytes);
    promises.emplace_back(least - tree.stored(node).storage_bytes, node);
  }
  std::ranges::sort(promises);
  std::vector<Node> nodes;
  for (const auto& [promise, node] : promises) nodes.push_back(node);
  return nodes;
}

class Trades {
 public:
  Trades(WorkingPlan& plan, std::size_t trials)
      : plan_(plan), trials_(trials), seen_(plan.tree().plan().size(), 0) {}

  void Run() {
    for (bool better = true; better && trials_ > 0;) {
      better = false;
      for (const Node node : ByPromise(plan_.tree())) better |= TryNode(node);
    }
  }

 private:
  bool TryNode(Node node) {
    bool better = TurnTowards(node);
    for (const EdgeIndex edge : plan_.problem().graph().incoming(node)) {
      if (trials_ == 0 || plan_.problem().stopped()) return better;
      plan_.Focus(node);
      if (!plan_.IsPossible(edge)) continue;
      const double cost = plan_.CostOf(edge);
      const bool kept = plan_.KeepsBudgets(edge);
      // Breaks a budget and saves, or makes room and costs: everything else is Polish's or useless.
      if (cost < 0 ? kept : plan_.DropOf(edge) <= 0) continue;
      --trials_;
      better |= Try(node, edge);
    }
    return better;
  }

  bool Try(Node node, EdgeIndex edge) {
    plan_.StartJournal();
    const double before = plan_.cost_so_far();
    plan_.Move(edge);
    return Settle(before, [&](Node other) { return other == node; });
  }

  /// Turns the chain of a node around: the node is stored whole, and what it rested on is stored
  /// against it. One by one these moves cost much and gain nothing, so no other trade finds them.
  bool TurnTowards(Node node) {
    const std::vector<Node> chain = ChainOf(node);
    if (chain.size() < 2 || trials_ == 0 || plan_.problem().stopped()) return false;
    --trials_;
    plan_.StartJournal();
    const double before = plan_.cost_so_far();
    bool is_turned = true;
    for (std::size_t i = 0; i < chain.size() && is_turned; ++i)
      is_turned = MoveOnto(chain[i], i == 0 ? kRoot : chain[i - 1]);
    if (!is_turned) {
      plan_.RollBack();
      return false;
    }
    return Settle(before,
                  [&](Node other) { return std::ranges::find(chain, other) != chain.end(); });
  }

  /// From the node to the one that is stored whole.
  std::vector<Node> ChainOf(Node node) const {
    std::vector<Node> chain;
    for (; node != kRoot; node = plan_.tree().stored(node).from) chain.push_back(node);
    return chain;
  }

  bool MoveOnto(Node node, Node base) {
    const DeltaGraph& graph = plan_.problem().graph();
    plan_.Focus(node);
    EdgeIndex best = kNoEdge;
    for (const EdgeIndex edge : graph.incoming(node)) {
      const bool is_smaller =
          best == kNoEdge || graph.edge(edge).storage_bytes < graph.edge(best).storage_bytes;
      if (graph.edge(edge).from == base && is_smaller && plan_.IsPossible(edge)) best = edge;
    }
    if (best != kNoEdge) plan_.Move(best);
    return best != kNoEdge;
  }

  /// Repairs what the moves of a trial broke, where `is_fixed` allows it, and takes what they made
  /// room for; where that is no gain over `before`, all is as it was.
  bool Settle(double before, const std::function<bool(Node)>& is_fixed) {
    if (plan_.IsOver()) Relieve(plan_, is_fixed);
    if (!plan_.IsOver()) PolishNodes(plan_, Neighbours());
    if (!plan_.IsOver() && plan_.cost_so_far() < before - kNoGain) return true;
    plan_.RollBack();
    return false;
  }

  /// What the moves of the trial may have made room for: tensors that could be stored against what
  /// moved, and those that are loaded together with it.
  std::span<const Node> Neighbours() {
    neighbours_.clear();
    ++round_;
    const DeltaGraph& graph = plan_.problem().graph();
    for (const EdgeIndex replaced : plan_.journal()) {
      plan_.tree().ForSubtree(graph.edge(replaced).to, [&](Node node) {
        for (const EdgeIndex edge : graph.outgoing(node)) Note(graph.edge(edge).to);
      });
    }
    for (const EdgeIndex replaced : plan_.journal()) {
      for (const GroupIndex group : plan_.problem().groups_of(graph.edge(replaced).to)) {
        for (const Node member : plan_.problem().members(group)) Note(member);
      }
    }
    return neighbours_;
  }

  void Note(Node node) {
    if (neighbours_.size() >= kMostNeighbours || seen_[node] == round_) return;
    seen_[node] = round_;
    neighbours_.push_back(node);
  }

  WorkingPlan& plan_;
  std::size_t trials_;
  std::vector<std::uint32_t> seen_;
  std::uint32_t round_ = 0;
  std::vector<Node> neighbours_;
};

}  // namespace

void Polish(WorkingPlan& plan) { PolishNodes(plan, ByPromise(plan.tree())); }

void Exchange(WorkingPlan& plan, std::size_t trials) {
  if (!plan.IsOver()) Trades(plan, trials).Run();
}

}  // namespace dlv::plan

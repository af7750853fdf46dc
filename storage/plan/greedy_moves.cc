#include "storage/plan/greedy_moves.h"

#include <queue>

namespace dlv::plan {
namespace {

/// Moves that cost nothing come before all others, among themselves by worth. The papers divide by
/// the growth of storage, which may be 0 or less.
struct Gain {
  bool is_free = false;
  double value = 0;

  static Gain Of(double worth, double cost) {
    if (cost <= 0) return {true, worth};
    return {false, worth / cost};
  }
  auto operator<=>(const Gain&) const = default;
};

struct Candidate {
  Gain gain;
  Node node = kRoot;
  EdgeIndex edge = kNoEdge;
  std::uint32_t stamp = 0;
  bool operator<(const Candidate& other) const {
    return gain != other.gain ? gain < other.gain : node > other.node;
  }
};

/// In seconds: below it is rounding.
constexpr double kNoWorth = 1e-12;

class Greedy {
 public:
  Greedy(WorkingPlan& plan, const MoveWorth& worth, const GreedyOptions& options)
      : plan_(plan),
        worth_(worth),
        options_(options),
        stamps_(plan.tree().plan().size(), 0),
        queued_(stamps_.size(), 0) {}

  void Run() {
    while (plan_.IsOver() && !plan_.problem().stopped()) {
      if (options_.only_overrun) {
        for (const Node node : plan_.OverrunNodes()) Push(node);
      } else {
        for (Node node = 1; node < stamps_.size(); ++node) Push(node);
      }
      if (!Drain()) return;
    }
  }

 private:
  /// Takes moves until all is met or the heap is empty; returns whether any was taken.
  bool Drain() {
    bool moved = false;
    while (plan_.IsOver() && !heap_.empty() && !plan_.problem().stopped()) {
      const Candidate top = heap_.top();
      heap_.pop();
      if (top.stamp != stamps_[top.node]) continue;
      const Candidate now = Best(top.node);
      if (now.edge == kNoEdge) continue;
      if (!heap_.empty() && now < heap_.top()) {
        heap_.push(now);
        continue;
      }
      Take(now);
      moved = true;
    }
    return moved;
  }

  void Push(Node node) {
    ++stamps_[node];
    const Candidate candidate = Best(node);
    if (candidate.edge != kNoEdge) heap_.push(candidate);
  }

  Candidate Best(Node node) {
    Candidate best{{}, node, kNoEdge, stamps_[node]};
    if (options_.is_fixed && options_.is_fixed(node)) return best;
    plan_.Focus(node);
    if (options_.only_overrun && !plan_.FocusIsOver()) return best;
    double least = 0;
    for (const EdgeIndex edge : plan_.problem().graph().incoming(node)) {
      if (!MayLower(edge) || !plan_.IsPossible(edge)) continue;
      const double worth = worth_(plan_, edge);
      if (worth <= kNoWorth) continue;
      const double cost = plan_.CostOf(edge);
      const Gain gain = Gain::Of(worth, cost);
      if (best.edge != kNoEdge && (gain < best.gain || (gain == best.gain && cost >= least)))
        continue;
      best.gain = gain;
      best.edge = edge;
      least = cost;
    }
    return best;
  }

  /// Whether loads can become less at all. Under the reusable scheme a longer path may be shared.
  bool MayLower(EdgeIndex edge) const {
    return plan_.problem().scheme() == Scheme::kReusable ||
           plan_.tree().Drop(plan_.problem().graph().edge(edge)) > 0;
  }

  void Take(const Candidate& move) {
    changed_.clear();
    ++round_;
    NoteAbove(move.node);
    plan_.Focus(move.node);
    plan_.Move(move.edge);
    NoteAbove(move.node);
    plan_.tree().ForSubtree(move.node, [&](Node node) {
      Note(node);
      for (const EdgeIndex edge : plan_.problem().graph().outgoing(node))
        Note(plan_.problem().graph().edge(edge).to);
    });
    for (const Node node : changed_) Push(node);
  }

  void NoteAbove(Node node) {
    for (; node != kRoot; node = plan_.tree().parent(node)) Note(node);
  }

  void Note(Node node) {
    if (queued_[node] == round_) return;
    queued_[node] = round_;
    changed_.push_back(node);
  }

  WorkingPlan& plan_;
  const MoveWorth& worth_;
  const GreedyOptions& options_;
  std::priority_queue<Candidate> heap_;
  std::vector<std::uint32_t> stamps_;  ///< by node: entries of the heap with another are outdated
  std::vector<std::uint32_t> queued_;
  std::uint32_t round_ = 0;
  std::vector<Node> changed_;
};

}  // namespace

void GreedyMoves(WorkingPlan& plan, const MoveWorth& worth, const GreedyOptions& options) {
  Greedy(plan, worth, options).Run();
}

}  // namespace dlv::plan

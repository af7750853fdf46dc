#include <algorithm>

#include "storage/plan/scheme_loads.h"

namespace dlv::plan {
namespace {

/// A group takes the sum over the union of its paths. When a node moves, the union loses the part
/// of its old path that nobody else needs, and gains the part of its new one that nobody else has.
class ReusableLoads : public SchemeLoads {
 public:
  ReusableLoads(const PlanningProblem& problem, const PlanTree& tree)
      : problem_(problem), touched_(problem), focus_of_(problem.graph().node_count(), 0) {
    for (GroupIndex group = 0; group < problem.group_count(); ++group) {
      double load = 0;
      ++focus_;
      for (const Node member : problem.members(group))
        load += MarkPath(tree, member, kRoot, nullptr);
      loads_.push_back(load);
    }
  }

  void Focus(const PlanTree& tree, Node node) override {
    items_.clear();
    others_.clear();
    first_other_.assign(1, 0);
    own_seconds_.clear();
    for (const auto& [group, members] : touched_.Collect(tree, node)) {
      items_.push_back({group, loads_[group], problem_.budget(group), problem_.weight(group)});
      ++focus_;
      for (const Node member : problem_.members(group)) {
        if (!tree.IsWithin(member, node)) MarkPath(tree, member, kRoot, &others_);
      }
      double own = 0;
      for (Node on_path = node; on_path != kRoot && focus_of_[on_path] != focus_;
           on_path = tree.parent(on_path))
        own += tree.stored(on_path).recreation_seconds;
      own_seconds_.push_back(own);
      std::sort(others_.begin() + first_other_.back(), others_.end());
      first_other_.push_back(static_cast<std::ptrdiff_t>(others_.size()));
    }
  }

  double LoadAfter(const PlanTree& tree, std::size_t item, const Edge& edge) const override {
    const auto first = others_.begin() + first_other_[item];
    const auto last = others_.begin() + first_other_[item + 1];
    double gained = edge.recreation_seconds;
    for (Node node = edge.from; node != kRoot && !std::binary_search(first, last, node);
         node = tree.parent(node))
      gained += tree.stored(node).recreation_seconds;
    return items_[item].load - own_seconds_[item] + gained;
  }

  void WillMove(const PlanTree& tree, const Edge& edge) override {
    for (std::size_t i = 0; i < items_.size(); ++i)
      loads_[items_[i].subject] = LoadAfter(tree, i, edge);
  }

  double OverrunOf(const PlanTree&, std::vector<Node>* overrun) const override {
    return OverrunOfGroups(problem_, loads_, overrun);
  }

 private:
  /// Marks what of the path is not marked yet; returns its length.
  double MarkPath(const PlanTree& tree, Node node, Node top, std::vector<Node>* marked) {
    double seconds = 0;
    for (; node != top && focus_of_[node] != focus_; node = tree.parent(node)) {
      focus_of_[node] = focus_;
      seconds += tree.stored(node).recreation_seconds;
      if (marked != nullptr) marked->push_back(node);
    }
    return seconds;
  }

  const PlanningProblem& problem_;
  TouchedGroups touched_;
  std::vector<double> loads_;            ///< by group
  std::vector<std::uint64_t> focus_of_;  ///< by node: marked when equal to focus_
  std::uint64_t focus_ = 0;
  std::vector<Node> others_;  ///< by item, ascending: what members not below the focus need
  std::vector<std::ptrdiff_t> first_other_;
  std::vector<double> own_seconds_;  ///< by item: what the focus alone adds to the union, above it
};

}  // namespace

std::unique_ptr<SchemeLoads> MakeReusableLoads(const PlanningProblem& problem,
                                               const PlanTree& tree) {
  return std::make_unique<ReusableLoads>(problem, tree);
}

}  // namespace dlv::plan

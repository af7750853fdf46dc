#pragma once
/// \file
/// What the loads of groups become when one tensor is stored in another way: one implementation for
/// each scheme of retrieval.

#include <cstdint>
#include <memory>
#include <vector>

#include "storage/plan/plan_tree.h"
#include "storage/plan/planning_problem.h"

namespace dlv::plan {

/// Something with a budget or a weight whose load depends on where the node in focus is stored.
struct LoadItem {
  std::uint32_t subject = 0;  ///< a group, or a tensor
  double load = 0;
  double budget = kUnlimited;
  double weight = 0;
};

/// The loads of a plan. Moves are asked about one node at a time: Focus(node) lists what depends on
/// it, LoadAfter says what would become of that. The problem must outlive it; the tree is the one
/// given at construction, before every call. Not thread-safe.
class SchemeLoads {
 public:
  static std::unique_ptr<SchemeLoads> Of(const PlanningProblem& problem, const PlanTree& tree);
  virtual ~SchemeLoads() = default;

  /// Collects what depends on how `node` is stored.
  virtual void Focus(const PlanTree& tree, Node node) = 0;
  const std::vector<LoadItem>& items() const { return items_; }
  /// Returns the load of items()[item] with the node in focus stored by `edge`, which does not come
  /// from below it.
  virtual double LoadAfter(const PlanTree& tree, std::size_t item, const Edge& edge) const = 0;
  /// To be called before the tree moves the node in focus to `edge`.
  virtual void WillMove(const PlanTree& tree, const Edge& edge) = 0;
  /// Returns the sum of the overruns in seconds. `overrun`, if given, receives the tensors whose
  /// loads are part of one.
  virtual double OverrunOf(const PlanTree& tree, std::vector<Node>* overrun) const = 0;

 protected:
  std::vector<LoadItem> items_;
};

std::unique_ptr<SchemeLoads> MakeIndependentLoads(const PlanningProblem& problem,
                                                  const PlanTree& tree);
std::unique_ptr<SchemeLoads> MakeParallelLoads(const PlanningProblem& problem);
std::unique_ptr<SchemeLoads> MakeReusableLoads(const PlanningProblem& problem,
                                               const PlanTree& tree);

/// The sum of overruns of `loads`, by group; the members of groups that are over go to `overrun`.
double OverrunOfGroups(const PlanningProblem& problem, const std::vector<double>& loads,
                       std::vector<Node>* overrun);

/// Finds the groups with members in a subtree, in time proportional to the subtree.
class TouchedGroups {
 public:
  explicit TouchedGroups(const PlanningProblem& problem)
      : problem_(&problem), place_(problem.group_count(), kUntouched) {}

  struct Entry {
    GroupIndex group = 0;
    std::uint32_t members = 0;  ///< in the subtree
  };
  const std::vector<Entry>& Collect(const PlanTree& tree, Node top);

 private:
  static constexpr std::uint32_t kUntouched = static_cast<std::uint32_t>(-1);
  const PlanningProblem* problem_;
  std::vector<Entry> entries_;
  std::vector<std::uint32_t> place_;  ///< by group: where in entries_
};

}  // namespace dlv::plan

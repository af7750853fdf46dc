// How far the solvers are from the best plan on small graphs, and what planning costs on large
// ones.
//
//   bench_plan [--graphs N] [--seed S]

#include <sys/resource.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <random>
#include <string>

#include "storage/plan/solve.h"
#include "storage/plan/solvers.h"

namespace dlv::plan {
namespace {

/// Checkpoints of models: `names` tensors in `snapshots` snapshots, some of them fine-tunes of
/// earlier ones. Deltas grow with the distance along the lineage, as measured on real series.
struct Family {
  std::vector<Edge> edges;
  std::vector<Group> groups;
};

class FamilyMaker {
 public:
  FamilyMaker(std::mt19937& random, Node names, Node snapshots, Node candidates)
      : random_(random), names_(names), snapshots_(snapshots), candidates_(candidates) {}

  Family Make(double budget) {
    for (Node name = 0; name < names_; ++name)
      bytes_.push_back(std::exp(Uniform(std::log(1e3), std::log(4e6))));
    for (Node snapshot = 0; snapshot < snapshots_; ++snapshot) AddSnapshot(snapshot);
    for (Group& group : family_.groups) group.budget = Budget::TimesMaterialised(budget);
    return std::move(family_);
  }

 private:
  double Uniform(double low, double high) {
    return std::uniform_real_distribution<double>(low, high)(random_);
  }
  Node NodeOf(Node snapshot, Node name) const { return 1 + snapshot * names_ + name; }

  void AddSnapshot(Node snapshot) {
    Group group;
    // Mostly the one before; now and then a fine-tune of any.
    const Node parent = snapshot == 0         ? 0
                        : Uniform(0, 1) < 0.8 ? snapshot - 1
                                              : static_cast<Node>(random_() % snapshot);
    parents_.push_back(parent);
    for (Node name = 0; name < names_; ++name) {
      const Node node = NodeOf(snapshot, name);
      group.members.push_back(node);
      family_.edges.push_back(
          {0, node, 0, std::round(bytes_[name] * Uniform(0.82, 0.85)), bytes_[name] * 2.2e-10});
      AddDeltas(snapshot, name);
    }
    family_.groups.push_back(std::move(group));
  }

  void AddDeltas(Node snapshot, Node name) {
    Node ancestor = snapshot;
    double drift = 0;
    for (Node i = 0; i < (candidates_ + 1) / 2 && ancestor != 0; ++i) {
      ancestor = parents_[ancestor];
      drift += Uniform(0.5, 1.5);
      const double share = std::min(0.84, 0.45 + 0.07 * std::log2(1 + drift));
      AddDelta(NodeOf(ancestor, name), NodeOf(snapshot, name), bytes_[name], share);
      AddDelta(NodeOf(snapshot, name), NodeOf(ancestor, name), bytes_[name], share);
    }
  }

  void AddDelta(Node from, Node to, double bytes, double share) {
    family_.edges.push_back({from, to, 0, std::round(bytes * (share + Uniform(-0.02, 0.02))),
                             bytes * (1.1e-10 + share * 2e-10)});
  }

  std::mt19937& random_;
  Node names_, snapshots_, candidates_;
  std::vector<double> bytes_;
  std::vector<Node> parents_;
  Family family_;
};

/// Of this process's processor time: other work on the machine does not count.
double Seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

double AtShare(std::vector<double> values, double share) {
  if (values.empty()) return 0;
  std::ranges::sort(values);
  return values[static_cast<std::size_t>(share * static_cast<double>(values.size() - 1))];
}

const char* SchemeName(Scheme scheme) {
  return scheme == Scheme::kIndependent ? "independent"
         : scheme == Scheme::kParallel  ? "parallel"
                                        : "reusable";
}

/// Wild: directed, parallel edges, cycles, groups that overlap.
Family WildFamily(std::mt19937& random, Node tensors) {
  std::uniform_real_distribution<double> unit(0, 1);
  Family family;
  for (Node node = 1; node <= tensors; ++node)
    family.edges.push_back({0, node, 0, std::round(60 + 60 * unit(random)), 1 + unit(random)});
  for (Node i = 0; i < 4 * tensors; ++i) {
    const auto from = static_cast<Node>(1 + random() % tensors);
    const auto to = static_cast<Node>(1 + random() % tensors);
    if (from != to)
      family.edges.push_back(
          {from, to, 0, std::round(10 + 70 * unit(random)), 0.2 + 1.2 * unit(random)});
  }
  for (int i = 0; i < 3; ++i) {
    Group group;
    for (Node node = 1; node <= tensors; ++node) {
      if (unit(random) < 0.5) group.members.push_back(node);
    }
    group.budget = Budget::TimesMaterialised(1 + 0.8 * unit(random));
    family.groups.push_back(std::move(group));
  }
  return family;
}

struct GapRow {
  std::vector<double> gaps;
  int infeasible = 0;
};

void PrintRow(const char* name, const GapRow& row) {
  const auto best = std::ranges::count_if(row.gaps, [](double gap) { return gap < 1e-9; });
  std::printf("  %-24s %7.2f %7.2f %7.2f   %5.1f %%   %d\n", name, 100 * AtShare(row.gaps, 0.5),
              100 * AtShare(row.gaps, 0.95), 100 * AtShare(row.gaps, 1),
              row.gaps.empty()
                  ? 0.0
                  : 100.0 * static_cast<double>(best) / static_cast<double>(row.gaps.size()),
              row.infeasible);
}

void Gaps(const char* title, Scheme scheme, int graphs, unsigned seed, bool wild) {
  constexpr Method kJudged[] = {Method::kLast, Method::kLmgAll, Method::kPasMt, Method::kPasPt,
                                Method::kAuto};
  std::vector<GapRow> raw(std::size(kJudged));
  std::vector<GapRow> polished(std::size(kJudged));
  int unproved = 0;
  for (int i = 0; i < graphs; ++i) {
    std::mt19937 random(seed + static_cast<unsigned>(i));
    std::uniform_real_distribution<double> budget(1.1, 2.2);
    const Node tensors = wild ? 8 : 10;
    const Family family =
        wild ? WildFamily(random, tensors) : FamilyMaker(random, 2, 5, 8).Make(budget(random));
    const auto graph = DeltaGraph::Build(tensors, family.edges);
    const auto problem = PlanningProblem::Build(graph.value(), scheme, family.groups);
    bool is_proved = false;
    const auto exact = Exact(problem.value(), 300'000, is_proved);
    if (!is_proved || !exact) {
      unproved += is_proved ? 0 : 1;
      continue;
    }
    const double least = Evaluate(problem.value(), *exact).objective;
    for (std::size_t m = 0; m < std::size(kJudged); ++m) {
      for (const bool polish : {false, true}) {
        SolveOptions options;
        options.method = kJudged[m];
        options.polish = polish;
        if (!polish) options.trials_per_tensor = 0;
        const Solution solution = Solve(problem.value(), options);
        GapRow& row = polish ? polished[m] : raw[m];
        if (solution.evaluation.feasible) {
          row.gaps.push_back(solution.evaluation.objective / least - 1);
        } else {
          ++row.infeasible;
        }
      }
    }
  }
  std::printf("%s, %s, %d graphs of %d tensors (%d not proved): storage above the best, per cent\n",
              title, SchemeName(scheme), graphs, wild ? 8 : 10, unproved);
  std::printf("  %-24s %7s %7s %7s   %7s   %s\n", "solver", "median", "p95", "max", "optimal",
              "over budget");
  for (std::size_t m = 0; m < std::size(kJudged); ++m) {
    const std::string name(MethodName(kJudged[m]));
    // `auto` without polish still has the exact solver: that would say nothing.
    if (kJudged[m] != Method::kAuto) PrintRow(name.c_str(), raw[m]);
    PrintRow((name + ", polished").c_str(), polished[m]);
  }
}

void PrintSolve(const PlanningProblem& problem, Method method, double trials, double materialised) {
  const double before = Seconds();
  SolveOptions options;
  options.method = method;
  options.trials_per_tensor = trials;
  const Solution solution = Solve(problem, options);
  std::printf("  %-16s %4.2f trials a tensor %8.3f s  %6.2f %% of materialised  depth %2u  %s\n",
              std::string(MethodName(method)).c_str(), trials, Seconds() - before,
              100 * solution.evaluation.storage_bytes / materialised, solution.evaluation.depth,
              solution.evaluation.feasible ? "" : "over budget");
}

void Large(Node names, Node snapshots, Node candidates, Scheme scheme, double budget) {
  std::mt19937 random(1);
  Family family = FamilyMaker(random, names, snapshots, candidates).Make(budget);
  const double start = Seconds();
  const auto graph = DeltaGraph::Build(names * snapshots, std::move(family.edges));
  const auto problem = PlanningProblem::Build(graph.value(), scheme, family.groups, 32);
  const double materialised = [&] {
    double total = 0;
    for (Node node = 1; node <= names * snapshots; ++node)
      total += graph.value().edge(graph.value().incoming(node).front()).storage_bytes;
    return total;
  }();
  std::printf("%u tensors, %zu edges (%.1f MB), %s, budget %.1f times, built in %.3f s\n",
              names * snapshots, graph.value().edge_count(),
              static_cast<double>(graph.value().memory_bytes()) / 1e6, SchemeName(scheme), budget,
              Seconds() - start);
  for (const Method method : kMethods) {
    if (method == Method::kExact || (scheme == Scheme::kReusable && method != Method::kAuto))
      continue;
    PrintSolve(problem.value(), method, 0, materialised);
  }
  for (const double trials : {0.25, 1.0, 4.0})
    PrintSolve(problem.value(), Method::kAuto, trials, materialised);
}

void Memory() {
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  std::printf("most memory so far: %.1f MB\n", static_cast<double>(usage.ru_maxrss) / 1e3);
}

}  // namespace
}  // namespace dlv::plan

int main(int argc, char** argv) {
  using namespace dlv::plan;
  int graphs = 200;
  unsigned seed = 1;
  for (int i = 1; i + 1 < argc; i += 2) {
    if (std::strcmp(argv[i], "--graphs") == 0) graphs = std::atoi(argv[i + 1]);
    if (std::strcmp(argv[i], "--seed") == 0) seed = static_cast<unsigned>(std::atoi(argv[i + 1]));
  }
  std::printf("seed %u\n", seed);
  for (const Scheme scheme : {Scheme::kIndependent, Scheme::kParallel, Scheme::kReusable}) {
    Gaps("checkpoint families", scheme, graphs, seed, false);
    Gaps("wild graphs", scheme, graphs, seed, true);
  }
  Memory();
  Large(20, 100, 20, Scheme::kIndependent, 1.6);
  Memory();
  if (graphs == 0) return 0;
  Large(20, 100, 20, Scheme::kParallel, 1.6);
  Large(20, 100, 20, Scheme::kReusable, 1.6);
  Memory();
  Large(20, 400, 20, Scheme::kIndependent, 1.6);
  Memory();
  return 0;
}

#include "storage/store/archive_plan.h"

#include <algorithm>
#include <cmath>

#include "storage/archive/coded_size.h"
#include "storage/io/parallel.h"
#include "storage/plan/plan_tree.h"
#include "storage/plan/size_estimate.h"
#include "storage/store/machine_rates.h"
#include "storage/store/plan_tensors.h"
#include "storage/store/resolve.h"

namespace dlv::store {
namespace {

/// A plan must pay for itself.
constexpr double kLeastGain = 0.005;
/// Coding what was chosen may change the choice; after so many rounds the plan stands, made once
/// more with all sizes that are known by then.
constexpr int kMostRounds = 4;
/// Smaller tensors are coded together with others: coding one alone says little about its size.
constexpr std::uint64_t kCodedAlone = 1U << 15;

Result<plan::MachineRates> RatesOf(const PlannerSettings& options) {
  if (options.rates) return *options.rates;
  return MeasureRates(options.cores);
}

/// A way to store a tensor.
struct Form {
  plan::Edge edge;
  bool is_exact = false;
};

class ArchivePlanner {
 public:
  ArchivePlanner(Store& store, PlanTensors input, plan::CostModel model,
                 const PlannerSettings& options, const Operation& operation)
      : store_(store),
        input_(std::move(input)),
        model_(std::move(model)),
        options_(options),
        operation_(operation) {}

  Result<ArchivePlan> Run() {
    AddForms();
    for (int round = 1;; ++round) {
      DLV_ASSIGN(graph_, Graph());
      DLV_ASSIGN(problem_, Problem());
      solution_ = plan::Solve(*problem_, options_.solve);
      if (round > kMostRounds) break;
      DLV_ASSIGN(const bool changed, CodeChosen());
      if (!changed) break;
    }
    return Report();
  }

 private:
  const PlanTensor& TensorOf(plan::Node node) const { return input_.tensors[node - 1]; }

  /// The present form of each tensor, the other of materialised and delta, and the candidates.
  void AddForms() {
    std::vector<std::uint32_t> by_search(input_.search.size());
    for (std::uint32_t number = 0; number < input_.tensors.size(); ++number) {
      const PlanTensor& tensor = input_.tensors[number];
      const plan::Node node = number + 1;
      const plan::Node base = tensor.base ? *tensor.base + 1 : plan::kRoot;
      present_.push_back(static_cast<std::uint32_t>(forms_.size()));
      AddForm(base, node, static_cast<double>(tensor.coded_bytes), true);
      if (tensor.base && !tensor.in_search)
        AddForm(plan::kRoot, node, static_cast<double>(tensor.handle->size_bytes()), false);
      if (tensor.base && tensor.in_search)
        AddForm(plan::kRoot, node, plan::EstimateBaseBytes(input_.search.sketch(*tensor.in_search)),
                false);
      if (tensor.in_search) by_search[*tensor.in_search] = number;
    }
    for (const plan::BaseCandidate& candidate : input_.search.Find()) {
      const std::uint32_t number = by_search[candidate.tensor];
      const std::uint32_t base = by_search[candidate.base];
      ++candidates_;
      if (input_.tensors[number].base != base)
        AddForm(base + 1, number + 1, candidate.estimated_bytes, false);
    }
  }

  void AddForm(plan::Node from, plan::Node to, double bytes, bool is_exact) {
    Form form;
    form.edge.from = from;
    form.edge.to = to;
    form.edge.tag = static_cast<std::uint32_t>(forms_.size());
    form.is_exact = is_exact;
    forms_.push_back(form);
    SetBytes(forms_.back(), bytes);
  }

  void SetBytes(Form& form, double bytes) {
    const archive::TensorHandle& handle = *TensorOf(form.edge.to).handle;
    form.edge.storage_bytes = std::round(bytes);
    form.edge.recreation_seconds = model_.EdgeSeconds(model_.PartsOf(
        handle.dtype(), handle.element_count(), form.edge.from != plan::kRoot, bytes));
  }

  Result<std::optional<plan::DeltaGraph>> Graph() const {
    std::vector<plan::Edge> edges;
    for (const Form& form : forms_) edges.push_back(form.edge);
    DLV_ASSIGN(auto graph, plan::DeltaGraph::Build(input_.tensors.size(), std::move(edges)));
    return std::optional(std::move(graph));
  }

  Result<std::optional<plan::PlanningProblem>> Problem() const {
    std::vector<plan::Group> groups;
    for (const PlanSnapshot& snapshot : input_.snapshots) {
      plan::Group group;
      group.budget = options_.budget;
      for (const std::uint32_t number : snapshot.tensors) group.members.push_back(number + 1);
      groups.push_back(std::move(group));
    }
    DLV_ASSIGN(auto problem,
               plan::PlanningProblem::Build(*graph_, options_.scheme, groups, options_.max_depth));
    return std::optional(std::move(problem));
  }

  Form& ChosenForm(plan::Node node) { return forms_[graph_->edge(solution_.plan[node]).tag]; }

  /// Codes what the plan has chosen by its estimate; returns whether any was.
  Result<bool> CodeChosen() {
    bool any = false;
    for (plan::Node node = 1; node < graph_->node_count(); ++node) {
      Form& form = ChosenForm(node);
      const archive::TensorHandle& handle = *TensorOf(node).handle;
      if (form.is_exact || handle.element_count() < kCodedAlone) continue;
      if (operation_.cancel != nullptr && operation_.cancel->cancelled())
        return Error{ErrorCode::kCancelled, "stopped on request"};
      DLV_ASSIGN(const auto source, store_.tensors().OpenSource(handle.id()));
      std::unique_ptr<io::ByteSource> base;
      if (form.edge.from != plan::kRoot) {
        DLV_ASSIGN(base, store_.tensors().OpenSource(TensorOf(form.edge.from).handle->id()));
      }
      DLV_ASSIGN(const std::uint64_t bytes,
                 archive::CodedSize(handle.dtype(), handle.element_count(), *source, base.get(),
                                    operation_.threads));
      SetBytes(form, static_cast<double>(bytes));
      form.is_exact = true;
      ++coded_;
      any = true;
    }
    return any;
  }

  plan::Plan PresentPlan() const {
    plan::Plan plan(graph_->node_count(), plan::kNoEdge);
    for (plan::EdgeIndex edge = 0; edge < graph_->edge_count(); ++edge) {
      const plan::Node to = graph_->edge(edge).to;
      if (graph_->edge(edge).tag == present_[to - 1]) plan[to] = edge;
    }
    return plan;
  }

  /// Of the last round, its sizes exact as far as they are.
  Result<ArchivePlan> Report() {
    DLV_ASSIGN(graph_, Graph());
    DLV_ASSIGN(problem_, Problem());
    const plan::Plan present = PresentPlan();
    const plan::Evaluation now = plan::Evaluate(*problem_, present);
    plan::Evaluation planned = plan::Evaluate(*problem_, solution_.plan);
    if (now.overrun_seconds <= planned.overrun_seconds &&
        planned.storage_bytes > now.storage_bytes * (1 - kLeastGain)) {
      solution_.plan = present;
      planned = now;
    }
    ArchivePlan report;
    report.tensors = input_.tensors.size();
    report.candidates = candidates_;
    report.coded = coded_;
    report.method = plan::MethodName(solution_.method);
    report.now = StateOf(now);
    report.planned = StateOf(planned);
    report.within_budget = planned.feasible;
    AddSnapshots(report, now, planned);
    AddChanges(report, present);
    return report;
  }

  static ArchiveState StateOf(const plan::Evaluation& evaluation) {
    ArchiveState state;
    state.bytes = static_cast<std::uint64_t>(evaluation.storage_bytes);
    state.depth = evaluation.depth;
    std::vector<double> loads = evaluation.loads;
    if (loads.empty()) return state;
    std::ranges::sort(loads);
    const auto at = [&](double share) {
      return loads[static_cast<std::size_t>(std::ceil(share * static_cast<double>(loads.size()))) -
                   1];
    };
    state.load_median = at(0.5);
    state.load_p95 = at(0.95);
    state.load_worst = loads.back();
    return state;
  }

  void AddSnapshots(ArchivePlan& report, const plan::Evaluation& now,
                    const plan::Evaluation& planned) const {
    for (plan::GroupIndex group = 0; group < input_.snapshots.size(); ++group) {
      report.snapshots.push_back({input_.snapshots[group].reference, now.loads[group],
                                  planned.loads[group], problem_->budget(group), std::nullopt});
    }
    for (const plan::UnmetBudget& unmet : solution_.unmet)
      report.snapshots[unmet.group].least_seconds = unmet.least_seconds;
  }

  void AddChanges(ArchivePlan& report, const plan::Plan& present) const {
    const plan::PlanTree tree(*graph_, solution_.plan);
    tree.ForSubtree(plan::kRoot, [&](plan::Node node) {
      if (node == plan::kRoot || solution_.plan[node] == present[node]) return;
      const plan::Edge& edge = tree.stored(node);
      PlannedChange change;
      change.tensor = TensorOf(node).handle->id();
      if (edge.from != plan::kRoot) change.base = TensorOf(edge.from).handle->id();
      change.bytes_now = TensorOf(node).coded_bytes;
      change.bytes_planned = static_cast<std::uint64_t>(edge.storage_bytes);
      change.depth_planned = tree.depth(node);
      report.bytes_to_write += change.bytes_planned;
      report.changes.push_back(std::move(change));
    });
  }

  Store& store_;
  PlanTensors input_;
  plan::CostModel model_;
  const PlannerSettings& options_;
  const Operation& operation_;
  std::vector<Form> forms_;             ///< by tag of their edge
  std::vector<std::uint32_t> present_;  ///< by tensor: its form now
  std::uint64_t candidates_ = 0;
  std::uint64_t coded_ = 0;
  std::optional<plan::DeltaGraph> graph_;
  std::optional<plan::PlanningProblem> problem_;
  plan::Solution solution_;
};

Result<std::vector<catalog::VersionRow>> VersionsOf(Store& store, std::string_view reference) {
  if (reference.empty())
    return store.Read([](const catalog::Catalog& catalog) { return catalog.ListVersions(); });
  DLV_ASSIGN(const Target target, ResolveTarget(store, reference));
  return std::vector<catalog::VersionRow>{target.version};
}

Status CheckPositive(const char* what, double value) {
  if (value > 0 && std::isfinite(value)) return Ok();
  return Error{ErrorCode::kInvalidArgument, std::string(what) + ": want a number above 0"};
}

}  // namespace

Result<PlannerSettings> SettingsOf(const ArchivePlanOptions& options) {
  DLV_TRY(CheckPositive("max load", options.max_load_seconds.value_or(options.max_load_times)));
  DLV_TRY(CheckPositive("read rate", options.read_bytes_per_second));
  PlannerSettings settings;
  settings.budget = options.max_load_seconds
                        ? plan::Budget::Seconds(*options.max_load_seconds)
                        : plan::Budget::TimesMaterialised(options.max_load_times);
  settings.read_bytes_per_second = options.read_bytes_per_second;
  return settings;
}

Result<ArchivePlan> PlanArchive(Store& store, std::string_view reference,
                                const PlannerSettings& options, const Operation& operation) {
  DLV_ASSIGN(const auto versions, VersionsOf(store, reference));
  DLV_ASSIGN(PlanTensors input, CollectPlanTensors(store, versions, operation));
  DLV_ASSIGN(plan::MachineRates rates, RatesOf(options));
  const unsigned cores = options.cores == 0 ? io::DefaultThreads() : options.cores;
  plan::CostModel model(std::move(rates), cores, options.read_bytes_per_second);
  return ArchivePlanner(store, std::move(input), std::move(model), options, operation).Run();
}

}  // namespace dlv::store

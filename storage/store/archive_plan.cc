#include "storage/store/archive_plan.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <unordered_map>

#include "storage/archive/coded_size.h"
#include "storage/io/parallel.h"
#include "storage/plan/plan_tree.h"
#include "storage/plan/size_estimate.h"
#include "storage/store/form_writer.h"
#include "storage/store/machine_rates.h"
#include "storage/store/plan_tensors.h"
#include "storage/store/resolve.h"
#include "storage/store/snapshot_wishes.h"

namespace dlv::store {
namespace {

/// A plan must pay for itself.
constexpr double kLeastGain = 0.005;
/// Coding what was chosen may change the choice; after so many rounds the plan stands, made once
/// more with all sizes that are known by then.
constexpr int kMostRounds = 4;
/// Smaller tensors are coded together with others: coding one alone says little about its size.
constexpr std::uint64_t kCodedAlone = 1U << 15;
/// A load that is over its budget by less is within it, and one that is shortened by less is not
/// better: predictions are not that exact.
constexpr double kLoadTolerance = 0.02;
/// What one core codes in a second, where nothing was coded to measure it.
constexpr double kCodedBytesPerSecond = 40e6;
/// How much longer writing takes than coding for a size alone: with more effort, and decoded again
/// twice.
constexpr double kWritingFactor = 2;

/// A way to store a tensor.
struct Form {
  plan::Edge edge;
  bool is_exact = false;
};

class ArchivePlanner {
 public:
  ArchivePlanner(Store& store, StoredForms forms, PlanTensors input,
                 std::vector<SnapshotWish> wishes, plan::CostModel model, PlannerNotes& notes,
                 const PlannerSettings& options, const Operation& operation)
      : store_(store),
        stored_(std::move(forms)),
        input_(std::move(input)),
        wishes_(std::move(wishes)),
        model_(std::move(model)),
        notes_(notes),
        options_(options),
        operation_(operation) {}

  Result<PlannedArchive> Run() {
    DLV_TRY(CheckUnchanged());
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
  /// Tensors were opened one by one: all of them must be as in the state that was read before.
  Status CheckUnchanged() const {
    for (const PlanTensor& tensor : input_.tensors) {
      const StoredForm* const form = stored_.FindForm(tensor.handle->id());
      if (form == nullptr || form->base != tensor.handle->base())
        return Error{ErrorCode::kConflict, "the repository changed while it was looked at",
                     "try again"};
    }
    return Ok();
  }

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
    const auto known =
        is_exact ? std::nullopt : notes_.Size(TensorOf(to).handle->id(), BaseOf(form));
    forms_.back().is_exact = is_exact || known;
    SetBytes(forms_.back(), known ? static_cast<double>(*known) : bytes);
  }

  std::optional<TensorId> BaseOf(const Form& form) const {
    if (form.edge.from == plan::kRoot) return std::nullopt;
    return TensorOf(form.edge.from).handle->id();
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
    for (std::size_t i = 0; i < input_.snapshots.size(); ++i) {
      plan::Group group;
      group.budget = wishes_[i].budget;
      group.weight = wishes_[i].weight;
      for (const std::uint32_t number : input_.snapshots[i].tensors)
        group.members.push_back(number + 1);
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
      DLV_ASSIGN(const std::uint64_t bytes, CodeOne(form));
      SetBytes(form, static_cast<double>(bytes));
      form.is_exact = true;
      ++coded_;
      any = true;
    }
    return any;
  }

  Result<std::uint64_t> CodeOne(const Form& form) {
    const auto start = std::chrono::steady_clock::now();
    const archive::TensorHandle& handle = *TensorOf(form.edge.to).handle;
    DLV_ASSIGN(const auto source, store_.tensors().OpenSource(handle.id()));
    std::unique_ptr<io::ByteSource> base;
    if (form.edge.from != plan::kRoot) {
      DLV_ASSIGN(base, store_.tensors().OpenSource(TensorOf(form.edge.from).handle->id()));
    }
    const auto bytes = archive::CodedSize(handle.dtype(), handle.element_count(), *source,
                                          base.get(), operation_.threads);
    if (!bytes.ok()) return NameDamaged(store_, handle.id(), bytes.error());
    const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start;
    notes_.KeepSize(handle.id(), BaseOf(form), *bytes);
    coding_seconds_ += elapsed.count();
    coding_bytes_ += static_cast<double>(handle.size_bytes());
    return *bytes;
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
  Result<PlannedArchive> Report() {
    DLV_ASSIGN(graph_, Graph());
    DLV_ASSIGN(problem_, Problem());
    const plan::Plan present = PresentPlan();
    const plan::Evaluation now = plan::Evaluate(*problem_, present);
    plan::Evaluation planned = plan::Evaluate(*problem_, solution_.plan);
    PlannedArchive result;
    result.meets_more_budgets = ShortensLoads(now, planned);
    if (!result.meets_more_budgets &&
        planned.objective > now.objective - kLeastGain * now.storage_bytes) {
      solution_.plan = present;
      planned = now;
    }
    result.serves_frequent_loads =
        planned.objective - planned.storage_bytes <
        now.objective - now.storage_bytes - kLeastGain * now.storage_bytes;
    ArchivePlan& report = result.report;
    report.tensors = input_.tensors.size();
    report.candidates = candidates_;
    report.coded = coded_;
    report.method = plan::MethodName(solution_.method);
    report.now = StateOf(now);
    report.planned = StateOf(planned);
    report.within_budget = planned.feasible;
    AddSnapshots(report, now, planned);
    AddChanges(report, present);
    DLV_TRY(AddRewrites(result));
    result.forms = std::move(stored_);
    return result;
  }

  /// Whether a load that is clearly over its budget becomes clearly shorter.
  bool ShortensLoads(const plan::Evaluation& now, const plan::Evaluation& planned) const {
    for (plan::GroupIndex group = 0; group < input_.snapshots.size(); ++group) {
      if (now.loads[group] > problem_->budget(group) * (1 + kLoadTolerance) &&
          planned.loads[group] < now.loads[group] * (1 - kLoadTolerance))
        return true;
    }
    return false;
  }

  /// What the depth of chains and shared clusters add to the changes, and what else is coded anew.
  Status AddRewrites(PlannedArchive& result) const {
    ArchivePlan& report = result.report;
    const std::vector<TrashedUnit> trash = LoadTrash(store_, stored_);
    WantedBases wanted;
    std::unordered_map<TensorId, std::uint64_t> bytes;
    for (const PlannedChange& change : report.changes) {
      wanted[change.tensor] = change.base;
      bytes[change.tensor] = change.bytes_planned;
    }
    const auto sum = [&](const std::vector<Rewrite>& rewrites) {
      std::uint64_t total = 0;
      for (const Rewrite& rewrite : rewrites) {
        const StoredForm& form = stored_.forms()[rewrite.form];
        const auto planned = bytes.find(form.id);
        total += planned == bytes.end() ? form.coded_bytes : planned->second;
      }
      return total;
    };
    DLV_ASSIGN(const auto needed, MakeRewriteSet(stored_, wanted, {}, options_.max_depth, trash));
    LeaveOut(report, needed);
    report.dependants =
        static_cast<std::uint64_t>(std::ranges::count(needed, false, &Rewrite::is_wanted));
    report.bytes_to_write = sum(needed);
    DLV_ASSIGN(result.rewrites,
               MakeRewriteSet(stored_, wanted, CodedAnew(), options_.max_depth, trash));
    report.free_bytes = sum(result.rewrites);
    double raw = 0;
    for (const Rewrite& rewrite : result.rewrites)
      raw += static_cast<double>(stored_.forms()[rewrite.form].size_bytes());
    report.seconds_to_write = raw * kWritingFactor * SecondsPerCodedByte();
    return Ok();
  }

  /// Changes that would make a version in the trash unreadable are left out.
  void LeaveOut(ArchivePlan& report, const std::vector<Rewrite>& needed) const {
    std::unordered_map<TensorId, std::optional<TensorId>> bases;
    for (const Rewrite& rewrite : needed) bases[stored_.forms()[rewrite.form].id] = rewrite.base;
    report.left_out = std::erase_if(report.changes, [&](const PlannedChange& change) {
      const auto found = bases.find(change.tensor);
      return found == bases.end() || found->second != change.base;
    });
  }

  /// Tensors of the planned snapshots, in their order, but for those on whose bases archive has
  /// done its best before.
  std::vector<TensorId> CodedAnew() const {
    std::vector<TensorId> ids;
    std::vector<bool> seen(input_.tensors.size());
    for (const PlanSnapshot& snapshot : input_.snapshots) {
      for (const std::uint32_t number : snapshot.tensors) {
        const archive::TensorHandle& handle = *input_.tensors[number].handle;
        if (!seen[number] && !notes_.IsTried(handle.id(), handle.base()))
          ids.push_back(handle.id());
        seen[number] = true;
      }
    }
    return ids;
  }

  double SecondsPerCodedByte() const {
    if (coding_bytes_ > 0) return coding_seconds_ / coding_bytes_;
    const unsigned threads = operation_.threads == 0 ? io::DefaultThreads() : operation_.threads;
    return 1 / (kCodedBytesPerSecond * threads);
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
                                  planned.loads[group], problem_->budget(group),
                                  problem_->materialised(group), std::nullopt});
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
      report.changes.push_back(std::move(change));
    });
  }

  Store& store_;
  StoredForms stored_;
  PlanTensors input_;
  std::vector<SnapshotWish> wishes_;  ///< by snapshot
  plan::CostModel model_;
  PlannerNotes& notes_;
  const PlannerSettings& options_;
  const Operation& operation_;
  std::vector<Form> forms_;             ///< by tag of their edge
  std::vector<std::uint32_t> present_;  ///< by tensor: its form now
  std::uint64_t candidates_ = 0;
  std::uint64_t coded_ = 0;
  double coding_seconds_ = 0, coding_bytes_ = 0;
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
  DLV_TRY(CheckWishes(options.budgets, options.frequencies));
  settings.budgets = options.budgets;
  settings.frequencies = options.frequencies;
  settings.read_bytes_per_second = options.read_bytes_per_second;
  settings.full = options.full;
  settings.confirm = options.confirm;
  return settings;
}

bool PlannedArchive::is_unreachable() const {
  return std::ranges::any_of(report.snapshots, [](const PlannedSnapshot& snapshot) {
    return snapshot.least_seconds.has_value();
  });
}

Result<PlannedArchive> PlanRewrites(Store& store, std::string_view reference,
                                    const PlannerSettings& options, const Operation& operation) {
  DLV_ASSIGN(const auto versions, VersionsOf(store, reference));
  DLV_ASSIGN(StoredForms forms, StoredForms::Load(store));
  PlannerNotes notes = options.full ? PlannerNotes() : PlannerNotes::Load(store);
  DLV_ASSIGN(PlanTensors input, CollectPlanTensors(store, versions, notes, operation));
  DLV_ASSIGN(auto wishes, WishesFor(store, input.snapshots, options.budget, options.budgets,
                                    options.frequencies));
  plan::MachineRates rates;
  if (options.rates) {
    rates = *options.rates;
  } else {
    DLV_ASSIGN(rates, RatesOfMachine(store, options.cores, options.full));
  }
  const unsigned cores = options.cores == 0 ? io::DefaultThreads() : options.cores;
  plan::CostModel model(std::move(rates), cores, options.read_bytes_per_second);
  ArchivePlanner planner(store, std::move(forms), std::move(input), std::move(wishes),
                         std::move(model), notes, options, operation);
  DLV_ASSIGN(PlannedArchive planned, planner.Run());
  planned.notes = std::move(notes);
  return planned;
}

Result<ArchivePlan> PlanArchive(Store& store, std::string_view reference,
                                const PlannerSettings& options, const Operation& operation) {
  DLV_ASSIGN(PlannedArchive planned, PlanRewrites(store, reference, options, operation));
  planned.notes.Save(store);
  return std::move(planned.report);
}

}  // namespace dlv::store

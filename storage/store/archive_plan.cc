#include "storage/store/archive_plan.h"

#include <algorithm>
#include <cmath>

#include "storage/io/parallel.h"
#include "storage/store/cold_units.h"
#include "storage/store/machine_rates.h"
#include "storage/store/names.h"
#include "storage/store/plan_report.h"
#include "storage/store/plan_scope.h"
#include "storage/store/plan_tensors.h"
#include "storage/store/plan_units.h"
#include "storage/store/resolve.h"
#include "storage/store/snapshot_wishes.h"
#include "storage/store/unit_forms.h"
#include "storage/store/unit_loads.h"

namespace dlv::store {
namespace {

/// Coding what was chosen may change the choice. After so many rounds nothing is chosen any more
/// whose size is only an estimate.
constexpr int kMostRounds = 12;
/// For so many rounds what a unit waits for besides may also become less again.
constexpr int kRoundsToFall = 6;
/// Sums in another order.
constexpr double kSameSeconds = 1e-9;

/// Looks for the best forms until it knows the size of all that it has chosen.
class ArchivePlanner {
 public:
  ArchivePlanner(PlanContext context, UnitForms& forms, const std::vector<SnapshotWish>& wishes)
      : context_(std::move(context)), forms_(forms), wishes_(wishes) {}

  Result<PlannedArchive> Run() {
    other_seconds_.assign(context_.units.units.size(), 0);
    std::vector<std::uint32_t> chosen;
    for (std::uint32_t unit = 0; unit < context_.units.units.size(); ++unit)
      chosen.push_back(forms_.present(unit));
    RaiseOtherSeconds(chosen, false);
    for (int round = 1; forms_.weighed_bytes() > 0; ++round) {
      DLV_TRY(Prepare(true, round > kMostRounds));
      solution_ = BestSolution();
      if (problem_->stopped()) return Error{ErrorCode::kCancelled, "stopped on request"};
      chosen = ChosenForms();
      DLV_ASSIGN(const bool measured, MeasureForms(chosen, round <= kMostRounds));
      const bool raised = RaiseOtherSeconds(chosen, round <= kRoundsToFall);
      DLV_ASSIGN(const bool reconsidered, Reconsider(chosen));
      if (!measured && !raised && (!reconsidered || round > kMostRounds)) break;
    }
    RecodeWhatMust(chosen);
    DLV_TRY(Prepare(false, false));
    if (solution_.plan.empty()) solution_.plan = PresentPlan();
    DLV_TRY(forms_.MeasureColdGains(chosen));
    return ReportPlan(context_, forms_, *graph_, *problem_, solution_, chosen);
  }

 private:
  Status Prepare(bool for_solver, bool exact_only) {
    problem_.reset();
    DLV_ASSIGN(auto graph, plan::DeltaGraph::Build(context_.units.units.size(),
                                                   forms_.Edges(context_.model, other_seconds_,
                                                                for_solver, exact_only)));
    graph_.emplace(std::move(graph));
    std::vector<plan::Group> groups;
    for (std::size_t i = 0; i < context_.input.snapshots.size(); ++i) {
      plan::Group group{{}, wishes_[i].budget, wishes_[i].weight};
      for (const std::uint32_t number : context_.input.snapshots[i].tensors)
        group.members.push_back(context_.units.unit_of[number] + 1);
      groups.push_back(std::move(group));
    }
    const PlannerSettings& settings = context_.settings;
    DLV_ASSIGN(auto problem,
               plan::PlanningProblem::Build(*graph_, settings.scheme, groups, settings.max_depth));
    problem_.emplace(std::move(problem));
    problem_->StopWhen(context_.operation.cancel);
    return Ok();
  }

  /// What is hardly over its budget now is within it, so that nothing moves for that.
  plan::PlanningProblem Tolerant(const plan::Evaluation& present) const {
    std::vector<double> budgets;
    for (plan::GroupIndex group = 0; group < problem_->group_count(); ++group) {
      const double budget = problem_->budget(group), load = present.loads[group];
      budgets.push_back(load > budget && load <= budget * (1 + kLoadTolerance) ? load : budget);
    }
    return problem_->WithBudgets(std::move(budgets));
  }

  /// The forms as they are. A unit may rest on several others, of which a plan knows one: where
  /// these go round in a circle, one of them counts as stored whole.
  plan::Plan PresentPlan() const {
    plan::Plan present = PlanOf(*graph_, [&](std::uint32_t unit) { return forms_.present(unit); });
    const plan::Plan whole =
        PlanOf(*graph_, [&](std::uint32_t unit) { return forms_.whole(unit); });
    std::vector<plan::Node> walk(present.size(), plan::kRoot);  // by node: the walk that saw it
    for (plan::Node start = 1; start < present.size(); ++start) {
      plan::Node node = start;
      while (node != plan::kRoot && walk[node] == plan::kRoot) {
        walk[node] = start;
        node = graph_->edge(present[node]).from;
      }
      if (node != plan::kRoot && walk[node] == start) present[node] = whole[node];
    }
    return present;
  }

  /// Of what is found from the beginning and what comes of changing the present forms a little, the
  /// latter, unless the former is clearly better.
  plan::Solution BestSolution() const {
    const plan::Plan present = PresentPlan();
    const plan::Evaluation now = plan::Evaluate(*problem_, present);
    const plan::PlanningProblem problem = Tolerant(now);
    plan::Solution best = plan::Solve(problem, context_.settings.solve);
    if (!best.unmet.empty()) return best;
    plan::Plan near = plan::Improved(problem, present);
    plan::Evaluation evaluation = plan::Evaluate(problem, near);
    if (!evaluation.feasible ||
        evaluation.objective > best.evaluation.objective + forms_.least_gain_bytes())
      return best;
    best.plan = std::move(near);
    best.evaluation = std::move(evaluation);
    return best;
  }

  std::vector<std::uint32_t> ChosenForms() const {
    std::vector<std::uint32_t> forms;
    for (plan::Node node = 1; node < graph_->node_count(); ++node)
      forms.push_back(graph_->edge(solution_.plan[node]).tag);
    return forms;
  }

  /// A unit that rests on several waits for more than its path where those go other ways now.
  /// Returns whether any does. In the end they only grow, so that there is one.
  bool RaiseOtherSeconds(const std::vector<std::uint32_t>& chosen, bool may_fall) {
    const UnitLoads loads(context_.units, forms_, context_.model, chosen);
    bool raised = false;
    for (std::uint32_t unit = 0; unit < chosen.size(); ++unit) {
      if (!forms_.IsPresent(chosen[unit])) continue;
      const double seconds = loads.OtherSeconds(unit);
      const bool grows = seconds > other_seconds_[unit] * (1 + kSameSeconds);
      if (grows || may_fall) other_seconds_[unit] = seconds;
      raised |= grows;
    }
    return raised;
  }

  /// Returns whether any size is another one then: of those that are estimated, and `again` those
  /// that were measured when the bases had other bases.
  Result<bool> MeasureForms(const std::vector<std::uint32_t>& forms, bool again) {
    std::vector<UnitForms::FormToMeasure> wanted;
    for (const std::uint32_t number : forms) {
      const UnitForm& form = forms_.form(number);
      SecondBaseList second_bases = SecondBasesOf(form, forms);
      const bool is_outdated =
          again && !form.second_bases.empty() && form.second_bases != second_bases;
      if (!form.is_exact || is_outdated) wanted.push_back({number, std::move(second_bases)});
    }
    return forms_.Measure(std::move(wanted));
  }

  /// Forms that are to stay, of which the bases get other bases. Returns whether any has another
  /// size for that.
  Result<bool> Reconsider(const std::vector<std::uint32_t>& chosen) {
    bool any = false;
    for (std::uint32_t unit = 0; unit < chosen.size(); ++unit) {
      if (!forms_.IsPresent(chosen[unit])) continue;
      DLV_ASSIGN(const bool is_new,
                 forms_.Reconsider(unit, SecondBasesOf(forms_.form(chosen[unit]), chosen)));
      any |= is_new;
    }
    return any;
  }

  /// What loses its second base is written again, and has the size that it has then.
  void RecodeWhatMust(std::vector<std::uint32_t>& chosen) const {
    for (std::uint32_t unit = 0; unit < chosen.size(); ++unit) {
      const bool is_present = forms_.IsPresent(chosen[unit]);
      if (is_present && forms_.recoded(unit) &&
          forms_.MustRecode(unit, SecondBasesOf(forms_.form(chosen[unit]), chosen)))
        chosen[unit] = *forms_.recoded(unit);
    }
  }

  /// What the bases of a form are stored against where all `chosen` forms (by unit) are taken, by
  /// member; empty where none is.
  SecondBaseList SecondBasesOf(const UnitForm& form,
                               const std::vector<std::uint32_t>& chosen) const {
    SecondBaseList second(form.bases.of_member.size());
    for (std::size_t place = 0; place < second.size(); ++place) {
      const std::optional<std::uint32_t>& base = form.bases.of_member[place];
      if (!base) continue;
      const std::uint32_t unit = context_.units.unit_of[*base];
      const std::vector<std::uint32_t>& members = context_.units.units[unit].members;
      const auto at = static_cast<std::size_t>(std::ranges::find(members, *base) - members.begin());
      const UnitBases& below = forms_.form(chosen[unit]).bases;
      if (at >= below.of_member.size()) continue;
      second[place] = below.of_member[at];
      if (second[place] == context_.units.units[form.unit].members[place]) second[place].reset();
    }
    return second;
  }

  PlanContext context_;
  UnitForms& forms_;
  const std::vector<SnapshotWish>& wishes_;
  std::vector<double> other_seconds_;  ///< by unit
  std::optional<plan::DeltaGraph> graph_;
  std::optional<plan::PlanningProblem> problem_;
  plan::Solution solution_;
};

Result<std::vector<catalog::VersionRow>> VersionsOf(Store& store, std::string_view reference) {
  if (reference.empty()) {
    DLV_ASSIGN(auto all, store.Read([](const catalog::Catalog& catalog) {
      return catalog.ListVersions();  // the latest first
    }));
    std::ranges::reverse(all);
    return all;
  }
  DLV_ASSIGN(const Target target, ResolveTarget(store, reference));
  return std::vector<catalog::VersionRow>{target.version};
}

/// Others may load the tensors of a version.
Status CheckCold(std::string_view reference, const PlannerSettings& settings) {
  const bool any_cold = settings.cold || std::ranges::any_of(settings.budgets, &LoadBudget::cold);
  if (reference.empty() || !any_cold) return Ok();
  return Error{ErrorCode::kInvalidArgument,
               "what is cold is told from all versions, and " + Quoted(reference) + " is one",
               "dlv archive --budget " + std::string(reference) + "=cold"};
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
  settings.budget = options.cold ? plan::Budget()
                    : options.max_load_seconds
                        ? plan::Budget::Seconds(*options.max_load_seconds)
                        : plan::Budget::TimesMaterialised(options.max_load_times);
  settings.cold = options.cold;
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

bool PlannedArchive::is_settled() const {
  return rewrites.empty() && report.left_out == 0 && !is_unreachable();
}

Result<PlannedArchive> PlanRewrites(Store& store, std::string_view reference,
                                    const PlannerSettings& options, const Operation& operation) {
  DLV_TRY(CheckCold(reference, options));
  DLV_ASSIGN(const auto versions, VersionsOf(store, reference));
  DLV_ASSIGN(StoredForms forms, StoredForms::Load(store));
  PlannerNotes notes = PlannerNotes::Load(store);
  if (options.full) notes.ForgetFindings();
  const bool weighs_all = options.full || !reference.empty();
  DLV_ASSIGN(PlanTensors input, CollectPlanTensors(store, forms, versions, notes, operation));
  DLV_ASSIGN(auto wishes, WishesFor(store, input.snapshots, {options.budget, 0, options.cold},
                                    options.budgets, options.frequencies));
  plan::MachineRates rates;
  if (options.rates) {
    rates = *options.rates;
  } else {
    DLV_ASSIGN(rates, RatesOfMachine(store, options.cores, options.full, operation.cancel));
  }
  const unsigned cores = options.cores == 0 ? io::DefaultThreads() : options.cores;
  const std::uint64_t question = HashOfQuestion(rates, cores, options.read_bytes_per_second,
                                                options.scheme, options.max_depth);
  const plan::CostModel model(std::move(rates), cores, options.read_bytes_per_second);
  DLV_ASSIGN(const PlanUnits units, MakePlanUnits(input, forms));
  const PlanContext context{store, forms, input, units, model, notes, options, operation};
  const auto plan_with = [&](const std::vector<bool>& cold) -> Result<PlannedArchive> {
    UnitForms unit_forms(store, input, units, cold, notes, operation);
    DLV_TRY(unit_forms.AddPresent());
    std::vector<std::uint64_t> marks = MarksOf(input, units, unit_forms, wishes, question);
    const PlanScope scope = ScopeOf(input, units, unit_forms, wishes, model,
                                    weighs_all ? PlannerNotes() : notes, marks);
    DLV_TRY(unit_forms.AddCandidates(scope.searched));
    DLV_ASSIGN(PlannedArchive planned, ArchivePlanner(context, unit_forms, wishes).Run());
    planned.report.settled = scope.settled;
    for (std::size_t i = 0; i < planned.report.snapshots.size(); ++i)
      planned.report.snapshots[i].budget_reference = wishes[i].source;
    if (reference.empty()) planned.marks = std::move(marks);
    return planned;
  };
  const std::vector<bool> cold = ColdUnits(input, units, wishes, PresentBasesOf(units));
  DLV_ASSIGN(PlannedArchive planned, plan_with(cold));
  // What nothing hot would rest on any more can be cold at once, if that holds of the plan that
  // comes of it, too.
  const std::vector<bool> then = ColdUnits(input, units, wishes, planned.bases);
  if (!planned.rewrites.empty() && then != cold) {
    DLV_ASSIGN(PlannedArchive again, plan_with(then));
    if (ColdUnits(input, units, wishes, again.bases) == then) planned = std::move(again);
  }
  planned.forms = std::move(forms);
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

#include "storage/store/plan_report.h"

#include <algorithm>
#include <cmath>
#include <unordered_map>
#include <unordered_set>

#include "storage/io/parallel.h"
#include "storage/plan/plan_tree.h"
#include "storage/store/unit_loads.h"

namespace dlv::store {
namespace {

/// What one core codes in a second, where nothing was coded to measure it.
constexpr double kCodedBytesPerSecond = 12e6;
/// How much longer writing takes than coding alone: read, hashed, and decoded again twice.
constexpr double kWritingFactor = 2;
/// Of what is cold: gains there are small, and were asked for.
constexpr double kLeastShrinking = 0.0005;

ArchiveState StateOf(const plan::Evaluation& evaluation) {
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

class PlanReporter {
 public:
  PlanReporter(const PlanContext& context, const UnitForms& forms, const plan::DeltaGraph& graph,
               const plan::PlanningProblem& problem, const plan::Solution& solution,
               std::vector<std::uint32_t> chosen)
      : context_(context),
        forms_(forms),
        graph_(graph),
        problem_(problem),
        solution_(solution),
        chosen_(std::move(chosen)) {}

  Result<PlannedArchive> Run() {
    std::vector<std::uint32_t> present;
    for (std::uint32_t unit = 0; unit < chosen_.size(); ++unit)
      present.push_back(forms_.present(unit));
    now_ = EvaluateForms(present);
    EvaluatePlanned();
    if (!IsWorthIt()) KeepPresent();
    trash_ = LoadTrash(context_.store, context_.stored);
    DLV_TRY(ApplyRules());
    EvaluatePlanned();
    if (!IsWorthIt()) KeepPresent();
    EvaluatePlanned();
    PlannedArchive result;
    result.serves_loads = ShortensLoads() || ServesFrequentLoads();
    if (result.serves_loads) result.demanded = Demanded();
    result.has_cold = forms_.has_cold();
    for (std::uint32_t unit = 0; unit < chosen_.size(); ++unit) {
      const PlanUnit& described = context_.units.units[unit];
      if (Changes(unit)) {
        const UnitForm& form = forms_.form(chosen_[unit]);
        result.changed.push_back({FormNumberOf(described.members.front()), forms_.KeyOf(form),
                                  described.coded_bytes, form.bytes});
      }
    }
    result.bases = PresentBasesOf(context_.units);
    for (std::uint32_t unit = 0; unit < chosen_.size(); ++unit) {
      if (!Changes(unit)) continue;
      result.bases[unit].clear();
      const auto& base = forms_.form(chosen_[unit]).bases.unit;
      if (base) result.bases[unit].push_back(*base);
    }
    Describe(result.report);
    AddChanges(result.report);
    AddModels(result.report);
    DLV_TRY(AddRewrites(result));
    return result;
  }

 private:
  void EvaluatePlanned() {
    plan_ = PlanOf(graph_, [&](std::uint32_t unit) { return chosen_[unit]; });
    planned_ = EvaluateForms(chosen_);
  }

  /// As plan::Evaluate, with all that units rest on.
  plan::Evaluation EvaluateForms(const std::vector<std::uint32_t>& forms) const {
    plan::Evaluation evaluation =
        plan::Evaluate(problem_, PlanOf(graph_, [&](std::uint32_t unit) { return forms[unit]; }));
    evaluation.loads = UnitLoads(context_.units, forms_, context_.model, forms).Loads(problem_);
    evaluation.objective = evaluation.storage_bytes;
    for (plan::GroupIndex group = 0; group < problem_.group_count(); ++group)
      evaluation.objective += problem_.weight(group) * evaluation.loads[group];
    return evaluation;
  }

  void KeepPresent() {
    for (std::uint32_t unit = 0; unit < chosen_.size(); ++unit)
      chosen_[unit] = forms_.present(unit);
  }

  bool IsWorthIt() const {
    return ShortensLoads() || ShrinksWhatIsCold() ||
           planned_.objective <= now_.objective - forms_.least_gain_bytes();
  }

  /// Judged alone: what is weighed besides would hide it.
  bool ShrinksWhatIsCold() const {
    double now = 0, planned = 0;
    for (std::uint32_t unit = 0; unit < chosen_.size(); ++unit) {
      if (!forms_.is_cold(unit)) continue;
      now += PresentOf(unit).bytes;
      planned += forms_.form(chosen_[unit]).bytes;
    }
    return planned < now * (1 - kLeastShrinking) && planned_.objective < now_.objective;
  }

  /// Whether a load that is clearly over its budget becomes clearly shorter.
  bool ShortensLoads() const {
    for (plan::GroupIndex group = 0; group < problem_.group_count(); ++group) {
      if (now_.loads[group] > problem_.budget(group) * (1 + kLoadTolerance) &&
          planned_.loads[group] < now_.loads[group] * (1 - kLoadTolerance))
        return true;
    }
    return false;
  }

  std::uint64_t CountOver(const plan::Evaluation& evaluation) const {
    std::uint64_t count = 0;
    for (plan::GroupIndex group = 0; group < problem_.group_count(); ++group)
      count += evaluation.loads[group] > problem_.budget(group) * (1 + kLoadTolerance) ? 1 : 0;
    return count;
  }

  bool ServesFrequentLoads() const {
    return planned_.objective - planned_.storage_bytes <
           now_.objective - now_.storage_bytes - forms_.least_gain_bytes();
  }

  const TensorId& IdOf(std::uint32_t tensor) const {
    return context_.input.tensors[tensor].handle->id();
  }

  std::uint32_t FormNumberOf(std::uint32_t tensor) const {
    return context_.stored.Find(IdOf(tensor)).value();
  }

  std::optional<TensorId> BaseOf(std::uint32_t form, std::size_t place) const {
    const UnitBases& bases = forms_.form(form).bases;
    if (!bases.unit || !bases.of_member[place]) return std::nullopt;
    return IdOf(*bases.of_member[place]);
  }

  const UnitForm& PresentOf(std::uint32_t unit) const { return forms_.form(forms_.present(unit)); }

  bool Changes(std::uint32_t unit) const { return chosen_[unit] != forms_.present(unit); }

  WantedBases Wanted() const {
    WantedBases wanted;
    for (std::uint32_t unit = 0; unit < chosen_.size(); ++unit) {
      if (!Changes(unit)) continue;
      const std::vector<std::uint32_t>& members = context_.units.units[unit].members;
      for (std::size_t place = 0; place < members.size(); ++place)
        wanted[IdOf(members[place])] = BaseOf(chosen_[unit], place);
    }
    return wanted;
  }

  /// Units, in the order of the snapshots; what is no part of the plan by cluster.
  std::vector<std::uint32_t> Groups() const {
    const auto units = static_cast<std::uint32_t>(chosen_.size());
    std::vector<std::uint32_t> groups;
    for (std::uint32_t number = 0; number < context_.stored.forms().size(); ++number) {
      const auto& cluster = context_.stored.forms()[number].cluster;
      groups.push_back(units +
                       (cluster ? context_.stored.clusters()[*cluster].members.front() : number));
    }
    for (std::uint32_t unit = 0; unit < units; ++unit) {
      for (const std::uint32_t member : context_.units.units[unit].members)
        groups[FormNumberOf(member)] = unit;
    }
    return groups;
  }

  Result<std::vector<Rewrite>> RewritesFor() const {
    DLV_ASSIGN(auto rewrites, MakeRewriteSet(context_.stored, Wanted(), {},
                                             context_.settings.max_depth, trash_, Groups()));
    const std::vector<bool> cold = ColdForms();
    for (Rewrite& rewrite : rewrites) rewrite.is_cold = cold[rewrite.form];
    return rewrites;
  }

  /// By number in StoredForms. What is no part of the plan is not.
  std::vector<bool> ColdForms() const {
    std::vector<bool> cold(context_.stored.forms().size());
    for (std::uint32_t unit = 0; unit < chosen_.size(); ++unit) {
      for (const std::uint32_t member : context_.units.units[unit].members)
        cold[FormNumberOf(member)] = forms_.is_cold(unit);
    }
    return cold;
  }

  /// Chains that get too long are cut, and what a version in the trash rests on keeps its bases:
  /// from here on the plan says so.
  Status ApplyRules() {
    DLV_ASSIGN(const std::vector<Rewrite> needed, RewritesFor());
    std::unordered_map<TensorId, std::optional<TensorId>> bases;
    for (const Rewrite& rewrite : needed)
      bases[context_.stored.forms()[rewrite.form].id] = rewrite.base;
    for (std::uint32_t unit = 0; unit < chosen_.size(); ++unit) {
      const std::uint32_t asked = chosen_[unit];
      const std::uint32_t real = RealForm(unit, bases);
      if (real == asked) continue;
      if (Changes(unit)) left_out_ += context_.units.units[unit].members.size();
      chosen_[unit] = real;
    }
    return Ok();
  }

  /// The form of a unit that has these bases; the present one where there is no such form.
  std::uint32_t RealForm(std::uint32_t unit,
                         const std::unordered_map<TensorId, std::optional<TensorId>>& bases) const {
    const std::vector<std::uint32_t>& members = context_.units.units[unit].members;
    const auto fits = [&](std::uint32_t form) {
      for (std::size_t place = 0; place < members.size(); ++place) {
        const auto found = bases.find(IdOf(members[place]));
        const auto base =
            found == bases.end() ? BaseOf(forms_.present(unit), place) : found->second;
        if (base != BaseOf(form, place)) return false;
      }
      return true;
    };
    for (const std::uint32_t form : {chosen_[unit], forms_.present(unit), forms_.whole(unit)})
      if (fits(form)) return form;
    return forms_.present(unit);
  }

  void Describe(ArchivePlan& report) const {
    report.tensors = context_.input.tensors.size();
    report.candidates = forms_.candidates();
    report.coded = forms_.measured();
    report.method = plan::MethodName(solution_.method);
    report.now = StateOf(now_);
    report.planned = StateOf(planned_);
    report.now.over_budget = CountOver(now_);
    report.planned.over_budget = CountOver(planned_);
    report.left_out = left_out_;
    report.within_budget = report.planned.over_budget == 0;
    for (plan::GroupIndex group = 0; group < problem_.group_count(); ++group) {
      const double budget = problem_.budget(group);
      report.snapshots.push_back({context_.input.snapshots[group].reference,
                                  now_.loads[group],
                                  planned_.loads[group],
                                  budget,
                                  problem_.materialised(group),
                                  std::nullopt,
                                  budget == plan::kUnlimited,
                                  {}});
    }
    for (const plan::UnmetBudget& unmet : solution_.unmet)
      report.snapshots[unmet.group].least_seconds = unmet.least_seconds;
  }

  void AddChanges(ArchivePlan& report) const {
    const plan::PlanTree tree(graph_, plan_);
    tree.ForSubtree(plan::kRoot, [&](plan::Node node) {
      if (node == plan::kRoot || !Changes(node - 1)) return;
      const std::uint32_t unit = node - 1;
      const std::vector<std::uint32_t>& members = context_.units.units[unit].members;
      for (std::size_t place = 0; place < members.size(); ++place) {
        PlannedChange change;
        change.tensor = IdOf(members[place]);
        change.base = BaseOf(chosen_[unit], place);
        if (change.base == BaseOf(forms_.present(unit), place)) continue;
        const double share = ShareOf(unit, members[place]);
        change.bytes_now = static_cast<std::uint64_t>(
            share * static_cast<double>(context_.units.units[unit].coded_bytes));
        change.bytes_planned = static_cast<std::uint64_t>(share * forms_.form(chosen_[unit]).bytes);
        change.depth_planned = tree.depth(node);
        report.changes.push_back(std::move(change));
      }
    });
  }

  void AddModels(ArchivePlan& report) const {
    std::unordered_map<std::string, std::size_t> numbers;
    std::vector<bool> counted(chosen_.size());
    for (plan::GroupIndex group = 0; group < problem_.group_count(); ++group) {
      const std::string& name = context_.input.snapshots[group].model;
      const auto [known, is_new] = numbers.try_emplace(name, report.models.size());
      if (is_new) report.models.emplace_back().model = name;
      PlannedModel& model = report.models[known->second];
      ++model.snapshots;
      model.worst_now = std::max(model.worst_now, now_.loads[group]);
      model.worst_planned = std::max(model.worst_planned, planned_.loads[group]);
      for (const plan::Node node : problem_.members(group)) {
        if (!counted[node - 1]) CountUnit(node - 1, model);
        counted[node - 1] = true;
      }
    }
  }

  void CountUnit(std::uint32_t unit, PlannedModel& model) const {
    const PlanUnit& described = context_.units.units[unit];
    model.bytes_now += described.coded_bytes;
    model.bytes_planned += static_cast<std::uint64_t>(forms_.form(chosen_[unit]).bytes);
    for (std::size_t place = 0; place < described.members.size(); ++place)
      model.changes += BaseOf(chosen_[unit], place) != BaseOf(forms_.present(unit), place) ? 1 : 0;
  }

  double ShareOf(std::uint32_t unit, std::uint32_t tensor) const {
    return static_cast<double>(context_.input.tensors[tensor].handle->element_count()) /
           static_cast<double>(context_.units.units[unit].element_count);
  }

  /// The bytes that `rewrites` take: what changes as planned, what follows as now.
  double BytesOf(const std::vector<Rewrite>& rewrites) const {
    double bytes = 0;
    std::unordered_set<std::uint32_t> of_changed;
    for (std::uint32_t unit = 0; unit < chosen_.size(); ++unit) {
      if (!Changes(unit)) continue;
      bytes += forms_.form(chosen_[unit]).bytes;
      for (const std::uint32_t member : context_.units.units[unit].members)
        of_changed.insert(FormNumberOf(member));
    }
    for (const Rewrite& rewrite : rewrites) {
      if (!of_changed.contains(rewrite.form))
        bytes += static_cast<double>(context_.stored.forms()[rewrite.form].coded_bytes);
    }
    return bytes;
  }

  /// What the depth of chains and shared clusters add to the changes.
  Status AddRewrites(PlannedArchive& result) const {
    ArchivePlan& report = result.report;
    DLV_ASSIGN(result.rewrites, RewritesFor());
    report.dependants =
        static_cast<std::uint64_t>(std::ranges::count(result.rewrites, false, &Rewrite::is_wanted));
    for (std::uint32_t unit = 0; unit < chosen_.size(); ++unit) {
      if (Changes(unit) &&
          forms_.form(chosen_[unit]).bases.of_member == PresentOf(unit).bases.of_member)
        report.recoded += context_.units.units[unit].members.size();
      if (Changes(unit) && forms_.is_cold(unit)) {
        report.cold += context_.units.units[unit].members.size();
        report.cold_saves_bytes += static_cast<std::uint64_t>(forms_.cold_gain(unit));
      }
    }
    report.bytes_to_write = static_cast<std::uint64_t>(BytesOf(result.rewrites));
    report.free_bytes = report.bytes_to_write;
    report.seconds_to_write = kWritingFactor * SecondsToCode(result.rewrites);
    return Ok();
  }

  /// Tensors of snapshots for whose loads the plan may take more bytes, with all that those rest on
  /// now or would rest on.
  std::unordered_set<TensorId> Demanded() const {
    std::vector<std::uint32_t> open;
    for (plan::GroupIndex group = 0; group < problem_.group_count(); ++group) {
      const bool is_over = now_.loads[group] > problem_.budget(group) * (1 + kLoadTolerance);
      if (!is_over && problem_.weight(group) == 0) continue;
      for (const plan::Node node : problem_.members(group)) open.push_back(node - 1);
    }
    std::vector<bool> seen(chosen_.size());
    std::unordered_set<TensorId> ids;
    while (!open.empty()) {
      const std::uint32_t unit = open.back();
      open.pop_back();
      if (seen[unit]) continue;
      seen[unit] = true;
      const PlanUnit& described = context_.units.units[unit];
      for (const std::uint32_t member : described.members) ids.insert(IdOf(member));
      open.insert(open.end(), described.bases.begin(), described.bases.end());
      const auto& planned = forms_.form(chosen_[unit]).bases.unit;
      if (planned) open.push_back(*planned);
    }
    return ids;
  }

  double SecondsToCode(const std::vector<Rewrite>& rewrites) const {
    const unsigned asked = context_.operation.threads;
    const unsigned threads = asked == 0 ? io::DefaultThreads() : asked;
    double bytes = 0, on_all_threads = 0;
    for (const Rewrite& rewrite : rewrites) {
      const StoredForm& form = context_.stored.forms()[rewrite.form];
      const auto size = static_cast<double>(form.size_bytes());
      bytes += size;
      on_all_threads += form.cluster ? size : size / threads;  // clusters come one by one
    }
    if (forms_.measured_bytes() > 0)
      return bytes * forms_.measuring_seconds() / forms_.measured_bytes();
    return on_all_threads / kCodedBytesPerSecond;
  }

  const PlanContext& context_;
  const UnitForms& forms_;
  const plan::DeltaGraph& graph_;
  const plan::PlanningProblem& problem_;
  const plan::Solution& solution_;
  std::vector<std::uint32_t> chosen_;  ///< forms by unit
  plan::Plan plan_;
  plan::Evaluation now_, planned_;
  std::vector<TrashedUnit> trash_;
  std::uint64_t left_out_ = 0;
};

}  // namespace

plan::Plan PlanOf(const plan::DeltaGraph& graph,
                  const std::function<std::uint32_t(std::uint32_t unit)>& form_of) {
  plan::Plan plan(graph.node_count(), plan::kNoEdge);
  for (plan::EdgeIndex edge = 0; edge < graph.edge_count(); ++edge) {
    const plan::Node to = graph.edge(edge).to;
    if (graph.edge(edge).tag == form_of(to - 1)) plan[to] = edge;
  }
  return plan;
}

Result<PlannedArchive> ReportPlan(const PlanContext& context, const UnitForms& forms,
                                  const plan::DeltaGraph& graph,
                                  const plan::PlanningProblem& problem,
                                  const plan::Solution& solution,
                                  const std::vector<std::uint32_t>& chosen) {
  return PlanReporter(context, forms, graph, problem, solution, chosen).Run();
}

}  // namespace dlv::store

#include "storage/store/plan_units.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <unordered_map>

namespace dlv::store {
namespace {

/// Of the best bases of a unit so many are looked at member by member, and each member is compared
/// with so many.
constexpr std::size_t kCompleted = 8;
constexpr std::size_t kMostCompared = 32;

class UnitMaker {
 public:
  UnitMaker(const PlanTensors& input, const StoredForms& forms) : input_(input), forms_(forms) {}

  Result<PlanUnits> Run() {
    FindFirstSnapshots();
    for (std::uint32_t number = 0; number < input_.tensors.size(); ++number)
      DLV_TRY(AddTensor(number));
    CountWholeClusters();
    OrderMembers();
    for (std::uint32_t unit = 0; unit < result_.units.size(); ++unit) FindBases(unit);
    for (std::uint32_t unit = 0; unit < result_.units.size(); ++unit) PinOtherBases(unit);
    return std::move(result_);
  }

 private:
  Status AddTensor(std::uint32_t number) {
    const archive::TensorHandle& handle = *input_.tensors[number].handle;
    const StoredForm* const form = forms_.FindForm(handle.id());
    if (form == nullptr || form->base != handle.base())
      return Error{ErrorCode::kConflict, "the repository changed while it was looked at",
                   "try again"};
    PlanUnit& unit = result_.units[UnitFor(number, *form)];
    unit.members.push_back(number);
    unit.dtype = form->dtype;
    unit.element_count += form->element_count;
    return Ok();
  }

  void FindFirstSnapshots() {
    first_snapshot_.resize(input_.tensors.size());
    for (std::uint32_t snapshot = 0; snapshot < input_.snapshots.size(); ++snapshot) {
      for (const std::uint32_t number : input_.snapshots[snapshot].tensors)
        if (!first_snapshot_[number]) first_snapshot_[number] = snapshot;
    }
  }

  std::uint32_t UnitFor(std::uint32_t number, const StoredForm& form) {
    const auto next = static_cast<std::uint32_t>(result_.units.size());
    std::uint32_t unit = next;
    if (form.cluster) {
      const auto& first = first_snapshot_[number];
      // What no snapshot has (a base of a version that is gone) stays with its cluster.
      const Key key{first.has_value(), first.value_or(*form.cluster), form.dtype};
      unit = by_key_.try_emplace(key, next).first->second;
    }
    if (unit == next) {
      result_.units.emplace_back();
      result_.units.back().is_cluster = form.cluster.has_value();
    }
    result_.units[unit].coded_bytes += form.coded_bytes;
    result_.unit_of.push_back(unit);
    if (form.cluster) by_cluster_[*form.cluster].push_back(unit);
    return unit;
  }

  /// The shares of members are rounded; a cluster that is all of one unit counts exactly.
  void CountWholeClusters() {
    for (const auto& [cluster, units] : by_cluster_) {
      if (std::ranges::count(units, units.front()) != std::ssize(units)) continue;
      std::uint64_t shares = 0;
      for (const std::uint32_t member : forms_.clusters()[cluster].members)
        shares += forms_.forms()[member].coded_bytes;
      result_.units[units.front()].coded_bytes += forms_.clusters()[cluster].coded_bytes - shares;
    }
  }

  void OrderMembers() {
    result_.place_of.resize(input_.tensors.size());
    for (PlanUnit& unit : result_.units) {
      std::ranges::sort(unit.members, {}, [&](std::uint32_t number) {
        return forms_.Find(input_.tensors[number].handle->id());
      });
      for (std::uint32_t place = 0; place < unit.members.size(); ++place)
        result_.place_of[unit.members[place]] = place;
    }
  }

  unsigned DepthOf(std::uint32_t unit) const {
    unsigned depth = 0;
    for (const std::uint32_t member : result_.units[unit].members)
      depth = std::max(depth, forms_.FindForm(input_.tensors[member].handle->id())->depth);
    return depth;
  }

  void FindBases(std::uint32_t number) {
    PlanUnit& unit = result_.units[number];
    for (const std::uint32_t member : unit.members) {
      const std::optional<std::uint32_t>& base = input_.tensors[member].base;
      if (base && result_.unit_of[*base] != number) unit.bases.push_back(result_.unit_of[*base]);
    }
    std::ranges::sort(unit.bases);
    unit.bases.erase(std::unique(unit.bases.begin(), unit.bases.end()), unit.bases.end());
    std::ranges::stable_sort(unit.bases, std::greater<>(),
                             [&](std::uint32_t base) { return DepthOf(base); });
  }

  /// A plan is a tree, and knows of the first base alone: so that it makes no circle, the others,
  /// and all that they rest on, get no other bases.
  void PinOtherBases(std::uint32_t number) {
    const PlanUnit& unit = result_.units[number];
    std::vector<std::uint32_t> open;
    if (unit.bases.size() > 1) open.assign(unit.bases.begin() + 1, unit.bases.end());
    while (!open.empty()) {
      PlanUnit& base = result_.units[open.back()];
      open.pop_back();
      if (base.is_pinned) continue;
      base.is_pinned = true;
      open.insert(open.end(), base.bases.begin(), base.bases.end());
    }
  }

  const PlanTensors& input_;
  const StoredForms& forms_;
  PlanUnits result_;
  using Key = std::tuple<bool, std::uint32_t, DType>;
  std::vector<std::optional<std::uint32_t>> first_snapshot_;                  ///< by tensor
  std::unordered_map<std::uint32_t, std::vector<std::uint32_t>> by_cluster_;  ///< units of members
  std::map<Key, std::uint32_t> by_key_;
};

/// Collects candidates by unit and unit of the base.
class CandidateGrouping {
 public:
  CandidateGrouping(const PlanTensors& input, const PlanUnits& units, SizeEstimator& estimator)
      : input_(input), units_(units), estimator_(estimator) {}

  void Add(const plan::BaseCandidate& candidate) {
    const std::uint32_t tensor = estimator_.TensorOf(candidate.tensor);
    const std::uint32_t base = estimator_.TensorOf(candidate.base);
    const std::uint32_t unit = units_.unit_of[tensor], base_unit = units_.unit_of[base];
    if (unit == base_unit) return;
    std::vector<Choice>& choices = pairs_[{unit, base_unit}];
    choices.resize(units_.units[unit].members.size());
    Choice& choice = choices[units_.place_of[tensor]];
    if (!choice.base || candidate.estimated_bytes < choice.bytes)
      choice = {base, candidate.estimated_bytes};
  }

  std::vector<UnitCandidate> Take(const plan::CandidateOptions& options) {
    std::vector<UnitCandidate> all;
    for (auto pair = pairs_.begin(); pair != pairs_.end();) {
      if (options.cancel != nullptr && options.cancel->cancelled()) break;
      const std::uint32_t unit = pair->first.first;
      std::vector<UnitCandidate> of_unit;
      const double most = WholeBytes(unit) * (1 - options.least_saving);
      for (; pair != pairs_.end() && pair->first.first == unit; ++pair) {
        UnitCandidate candidate = CandidateOf(pair->first, pair->second);
        if (candidate.estimated_bytes <= most && HasMostBases(candidate))
          of_unit.push_back(std::move(candidate));
      }
      std::ranges::stable_sort(of_unit, {}, &UnitCandidate::estimated_bytes);
      of_unit.resize(std::min(of_unit.size(), options.most_bases));
      for (std::size_t i = 0; i < std::min(of_unit.size(), kCompleted); ++i)
        Complete(of_unit[i], options);
      std::ranges::move(of_unit, std::back_inserter(all));
    }
    return all;
  }

 private:
  struct Choice {
    std::optional<std::uint32_t> base;
    double bytes = 0;
  };

  double WholeBytes(std::uint32_t unit) const {
    return EstimateUnitBytes(estimator_, units_.units[unit], {});
  }

  /// Units that share hardly more than a bias are no kin.
  bool HasMostBases(const UnitCandidate& candidate) const {
    const PlanUnit& unit = units_.units[candidate.unit];
    std::uint64_t based = 0;
    for (std::size_t place = 0; place < unit.members.size(); ++place) {
      if (candidate.bases.of_member[place])
        based += input_.tensors[unit.members[place]].handle->element_count();
    }
    return 2 * based >= unit.element_count;
  }

  /// The search finds most kin, not all; what is left without a base is compared with the members
  /// of its size, for it would need a cluster of its own.
  void Complete(UnitCandidate& candidate, const plan::CandidateOptions& options) {
    const PlanUnit& unit = units_.units[candidate.unit];
    for (std::size_t place = 0; place < unit.members.size(); ++place) {
      if (candidate.bases.of_member[place]) continue;
      const double whole = estimator_.Bytes(unit.members[place], std::nullopt);
      const Choice best = BestOf(unit.members[place], units_.units[*candidate.bases.unit]);
      if (!best.base || best.bytes > whole * (1 - options.least_saving)) continue;
      candidate.bases.of_member[place] = best.base;
      candidate.estimated_bytes += best.bytes - whole;
    }
  }

  Choice BestOf(std::uint32_t tensor, const PlanUnit& bases) const {
    Choice best;
    const auto& in_search = input_.tensors[tensor].in_search;
    std::size_t compared = 0;
    for (const std::uint32_t base : bases.members) {
      const auto& other = input_.tensors[base].in_search;
      if (!in_search || !other || compared >= kMostCompared ||
          !input_.search.sketch(*in_search).IsComparable(input_.search.sketch(*other)))
        continue;
      ++compared;
      const double bytes = estimator_.Bytes(tensor, base);
      if (!best.base || bytes < best.bytes) best = {base, bytes};
    }
    return best;
  }

  UnitCandidate CandidateOf(const std::pair<std::uint32_t, std::uint32_t>& pair,
                            const std::vector<Choice>& choices) const {
    UnitCandidate candidate;
    candidate.unit = pair.first;
    candidate.bases.unit = pair.second;
    for (std::size_t place = 0; place < choices.size(); ++place) {
      const std::uint32_t member = units_.units[pair.first].members[place];
      candidate.bases.of_member.push_back(choices[place].base);
      candidate.estimated_bytes +=
          choices[place].base ? choices[place].bytes : estimator_.Bytes(member, std::nullopt);
    }
    return candidate;
  }

  const PlanTensors& input_;
  const PlanUnits& units_;
  SizeEstimator& estimator_;
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::vector<Choice>> pairs_;
};

}  // namespace

Result<PlanUnits> MakePlanUnits(const PlanTensors& input, const StoredForms& forms) {
  return UnitMaker(input, forms).Run();
}

UnitBases PresentBases(const PlanTensors& input, const PlanUnits& units, std::uint32_t unit) {
  UnitBases bases;
  if (units.units[unit].bases.empty()) return bases;
  bases.unit = units.units[unit].bases.front();
  for (const std::uint32_t member : units.units[unit].members)
    bases.of_member.push_back(input.tensors[member].base);
  return bases;
}

double EstimateUnitBytes(SizeEstimator& estimator, const PlanUnit& unit, const UnitBases& bases) {
  double bytes = 0;
  for (std::size_t place = 0; place < unit.members.size(); ++place) {
    bytes += estimator.Bytes(unit.members[place],
                             bases.of_member.empty() ? std::nullopt : bases.of_member[place]);
  }
  return bytes;
}

std::vector<UnitCandidate> CandidatesOfUnits(const PlanTensors& input, const PlanUnits& units,
                                             std::span<const plan::BaseCandidate> found,
                                             SizeEstimator& estimator,
                                             const plan::CandidateOptions& options) {
  CandidateGrouping grouping(input, units, estimator);
  for (const plan::BaseCandidate& candidate : found) grouping.Add(candidate);
  return grouping.Take(options);
}

}  // namespace dlv::store

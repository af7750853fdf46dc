#include "storage/store/parent_choice.h"

#include <algorithm>
#include <functional>
#include <set>

#include "storage/store/kin_search.h"
#include "storage/store/names.h"
#include "storage/store/resolve.h"

namespace dlv::store {
namespace {

/// Versions of one model, and of all, that are considered; and models, by their latest versions.
constexpr std::size_t kNewestOfModel = KinSearch::kMostLookedAt;
constexpr std::size_t kNewestOfAll = 32;
constexpr std::size_t kMostModels = 64;

using Rows = std::vector<catalog::VersionRow>;

/// The newest versions of a model that are left, newest first.
Result<Rows> NewestOf(Store& store, const std::string& model) {
  return store.Read([&](const catalog::Catalog& catalog) -> Result<Rows> {
    Rows rows;
    DLV_ASSIGN(auto latest, catalog.FindLatest(model));
    if (!latest) return rows;
    const std::uint64_t number = latest->summary.number;
    rows.push_back(std::move(*latest));
    for (std::uint64_t back = 1; back < std::min<std::uint64_t>(kNewestOfModel, number); ++back) {
      DLV_ASSIGN(auto row, catalog.FindVersion(model, number - back));
      if (row) rows.push_back(std::move(*row));
    }
    return rows;
  });
}

/// The newest versions of other models and, if `every_model`, the latest of every model; newest
/// first.
Result<Rows> NewestOfOthers(Store& store, const std::string& model, bool every_model) {
  return store.Read([&](const catalog::Catalog& catalog) -> Result<Rows> {
    DLV_ASSIGN(Rows rows, catalog.ListVersions({"*", kNewestOfAll}));
    std::set<catalog::Row> seen;
    for (const catalog::VersionRow& row : rows) seen.insert(row.row);
    std::vector<catalog::Row> latest;
    if (every_model) {
      DLV_ASSIGN(const auto models, catalog.ListModels());
      for (const catalog::ModelRow& one : models)
        if (one.latest != 0 && seen.insert(one.latest).second) latest.push_back(one.latest);
    }
    std::ranges::sort(latest, std::greater());
    if (latest.size() > kMostModels) latest.resize(kMostModels);
    for (const catalog::Row row : latest) {
      DLV_ASSIGN(auto version, catalog.GetVersion(row));
      if (version) rows.push_back(std::move(*version));
    }
    std::erase_if(rows, [&](const catalog::VersionRow& row) { return row.summary.model == model; });
    return rows;
  });
}

/// What a search has found, for one commit.
struct Found {
  Rows own;  ///< the model's newest versions
  std::vector<Kin> own_kin, other_kin;
  bool compared = false;  ///< the snapshot has values that can be
  std::optional<catalog::VersionRow> same_layout;

  /// The nearest of both. Of versions as near, one of the model.
  const Kin* Nearest() const {
    const Kin* const own_nearest = NearestOf(own_kin);
    const Kin* const other = NearestOf(other_kin);
    if (own_nearest == nullptr || other == nullptr)
      return own_nearest != nullptr ? own_nearest : other;
    return other->weights.ClearlyNearer(own_nearest->weights) ? other : own_nearest;
  }
};

/// Of the other model that is nearest, the other versions are looked at too: what a fine-tune began
/// with need not be the latest.
Status FindAmongOthers(Store& store, const std::string& model, KinSearch& search, Found& found) {
  DLV_ASSIGN(const Rows others, NewestOfOthers(store, model, found.own.empty()));
  DLV_ASSIGN(found.other_kin, search.Find(others, plan::kParentLikeness));
  const Kin* const nearest = NearestOf(found.other_kin);
  if (nearest == nullptr) return Ok();
  DLV_ASSIGN(const Rows siblings, NewestOf(store, nearest->version.summary.model));
  DLV_ASSIGN(auto more, search.Find(siblings, plan::kParentLikeness));
  std::set<catalog::Row> seen;
  for (const Kin& one : found.other_kin) seen.insert(one.version.row);
  for (Kin& one : more)
    if (seen.insert(one.version.row).second) found.other_kin.push_back(std::move(one));
  std::ranges::sort(found.other_kin, std::greater(),
                    [](const Kin& one) { return one.version.row; });
  return Ok();
}

Result<Found> FindKin(Store& store, const std::string& model, const SnapshotWork* first,
                      const Rows& named) {
  Found found;
  DLV_ASSIGN(found.own, NewestOf(store, model));
  if (first == nullptr) return found;
  KinSearch search(store, *first);
  DLV_TRY(search.status());
  found.compared = search.has_samples();
  if (!found.compared) return found;
  Rows own = named;
  std::set<catalog::Row> seen;
  for (const catalog::VersionRow& row : named) seen.insert(row.row);
  for (const catalog::VersionRow& row : found.own)
    if (seen.insert(row.row).second) own.push_back(row);
  DLV_ASSIGN(found.own_kin, search.Find(own, 0));
  DLV_TRY(FindAmongOthers(store, model, search, found));
  found.same_layout = search.first_looked_at();
  return found;
}

/// The parents of a version that none were named for.
std::vector<ChosenParent> Inferred(const Found& found) {
  const Kin* const own = NearestOf(found.own_kin);
  if (own != nullptr) {
    const bool is_latest = own->version.row == found.own.front().row;
    return {{own->version, Relation::kRetrain, !is_latest}};
  }
  if (const Kin* const other = NearestOf(found.other_kin))
    return {{other->version, Relation::kFinetune, true}};
  if (found.own.empty()) return {};
  ChosenParent latest{found.own.front(), Relation::kRetrain, false};
  if (found.compared && latest.version.summary.snapshot_count > 0)
    latest.attributes.emplace(kWeightsAttribute, kWeightsUnlike);
  return {std::move(latest)};
}

Result<std::vector<ChosenParent>> Given(Store& store, const CommitRequest& request) {
  std::vector<ChosenParent> parents;
  for (const std::string& reference : request.parents) {
    DLV_ASSIGN(Target target, ResolveTarget(store, reference));
    const bool same_model = target.version.summary.model == request.model;
    for (const ChosenParent& other : parents) {
      if (other.version.summary.id == target.version.summary.id) {
        return Error{ErrorCode::kInvalidArgument,
                     "parent " + Quoted(reference) + " is given twice"};
      }
    }
    parents.push_back({std::move(target.version),
                       same_model ? Relation::kRetrain : Relation::kFinetune,
                       false,
                       {}});
  }
  return parents;
}

}  // namespace

std::unique_ptr<BaseSet> BasesOf(Store& store, const catalog::VersionRow& version) {
  const auto manifest = ReadVersionManifest(store, version);
  if (!manifest.ok() || manifest->snapshots.empty()) return nullptr;
  const auto last = static_cast<std::uint32_t>(manifest->snapshots.size() - 1);
  const auto content = ReadSnapshot(store, *manifest, last);
  if (!content.ok()) return nullptr;
  return std::make_unique<BaseSet>(*manifest, *content);
}

Result<ChosenParents> ChooseParents(Store& store, const CommitRequest& request,
                                    const SnapshotWork* first) {
  ChosenParents chosen;
  if (request.parent_choice == ParentChoice::kNone) return chosen;
  Rows named;
  if (request.parent_choice == ParentChoice::kGiven) {
    DLV_ASSIGN(chosen.parents, Given(store, request));
    for (const ChosenParent& parent : chosen.parents) named.push_back(parent.version);
  }
  DLV_ASSIGN(const Found found, FindKin(store, request.model, first, named));
  if (request.parent_choice == ParentChoice::kInfer) chosen.parents = Inferred(found);
  if (const Kin* const nearest = found.Nearest()) {
    chosen.base = nearest->version;
  } else if (!chosen.parents.empty()) {
    chosen.base = chosen.parents.front().version;
  } else {
    chosen.base = found.same_layout;
  }
  if (request.relation) {
    for (ChosenParent& parent : chosen.parents) parent.relation = *request.relation;
  }
  return chosen;
}

}  // namespace dlv::store

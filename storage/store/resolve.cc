#include "storage/store/resolve.h"

#include <algorithm>

#include "storage/store/names.h"

namespace dlv::store {
namespace {

using catalog::Catalog;
using catalog::VersionRow;

Result<VersionRow> FindNumbered(const Catalog& catalog, const Reference& reference) {
  DLV_ASSIGN(const auto found, catalog.FindVersion(reference.model, *reference.number));
  if (found) return *found;
  DLV_ASSIGN(const auto latest, catalog.FindLatest(reference.model));
  if (!latest) return NoModel(catalog, reference.model);
  const std::string name = reference.model + ":v" + std::to_string(*reference.number);
  std::string hint = "the latest is " + latest->summary.reference();
  if (*reference.number < latest->summary.number)
    hint = "it was removed; bring it back with: dlv restore " + name;
  return Error{ErrorCode::kNotFound, "no version " + name, hint};
}

Result<VersionRow> FindLatest(const Catalog& catalog, const std::string& model) {
  DLV_ASSIGN(const auto found, catalog.FindLatest(model));
  if (!found) return NoModel(catalog, model);
  return *found;
}

Result<VersionRow> FindAliased(const Catalog& catalog, const Reference& reference) {
  DLV_ASSIGN(const auto found, catalog.FindByAlias(reference.model, reference.alias));
  if (found) return *found;
  DLV_ASSIGN(const VersionRow latest, FindLatest(catalog, reference.model));
  if (reference.alias == "latest") return latest;
  std::vector<std::string> names = {"latest"};
  DLV_ASSIGN(const auto aliases, catalog.Aliases(reference.model));
  for (const auto& [alias, row] : aliases) names.push_back(alias);
  std::string hint = DidYouMean(reference.alias, names);
  if (hint.empty()) {
    hint = "aliases of " + reference.model + ":";
    for (const std::string& name : names) hint += " " + name;
  }
  return Error{ErrorCode::kNotFound, "no alias " + reference.model + ":" + reference.alias, hint};
}

Result<VersionRow> FindHashed(const Catalog& catalog, const Reference& reference) {
  DLV_ASSIGN(const auto found, catalog.FindByIdPrefix(reference.model, reference.id_prefix));
  const std::string name = reference.model + "@" + reference.id_prefix;
  if (found.empty()) return Error{ErrorCode::kNotFound, "no version " + name};
  if (found.size() == 1) return found.front();
  std::string candidates;
  for (const VersionRow& row : found) {
    candidates +=
        (candidates.empty() ? "" : ", ") + row.summary.reference() + " " + row.summary.id.Hex(12);
  }
  return Error{ErrorCode::kInvalidArgument, name + " fits several versions: " + candidates,
               "give more digits"};
}

Result<VersionRow> FollowParent(const Catalog& catalog, const VersionRow& child,
                                std::uint64_t number) {
  const auto& parents = child.summary.parents;
  if (parents.empty())
    return Error{ErrorCode::kNotFound, child.summary.reference() + " has no parent"};
  if (number > parents.size()) {
    return Error{ErrorCode::kNotFound, child.summary.reference() + " has " +
                                           std::to_string(parents.size()) +
                                           (parents.size() == 1 ? " parent" : " parents") +
                                           ", not " + std::to_string(number)};
  }
  const ParentInfo& parent = parents[static_cast<std::size_t>(number - 1)];
  DLV_ASSIGN(const auto found, catalog.FindById(parent.id));
  if (!found) {
    return Error{ErrorCode::kNotFound, "parent " + parent.reference + " of " +
                                           child.summary.reference() +
                                           " is not in this repository"};
  }
  return *found;
}

Error RemovedSince(const std::string& name) {
  return Error{ErrorCode::kNotFound, name + ", where it was then, has been removed",
               "bring it back with: dlv restore " + name};
}

/// Where an alias was, by its log.
Result<VersionRow> FindAliasThen(const Catalog& catalog, const Reference& reference) {
  DLV_ASSIGN(auto moves, catalog.AliasLog(reference.model));
  std::erase_if(moves, [&](const AliasMove& move) { return move.alias != reference.alias; });
  if (moves.empty()) return FindAliased(catalog, reference);  // says which there are
  std::uint64_t number = 0;
  if (reference.moves_back) {
    if (*reference.moves_back > moves.size()) {
      return Error{ErrorCode::kNotFound, reference.alias + " of " + reference.model +
                                             " has moved " + std::to_string(moves.size()) +
                                             (moves.size() == 1 ? " time" : " times") + ", not " +
                                             std::to_string(*reference.moves_back)};
    }
    const auto back = static_cast<std::size_t>(*reference.moves_back);
    number = back == 0 ? moves.back().to : moves[moves.size() - back].from;
  } else {
    for (const AliasMove& move : moves) {
      if (move.when <= *reference.moment) number = move.to;
    }
  }
  if (number == 0) {
    return Error{ErrorCode::kNotFound,
                 reference.model + " had no alias " + reference.alias + " then",
                 "see where it was with: dlv alias --log " + reference.model};
  }
  DLV_ASSIGN(auto found, catalog.FindVersion(reference.model, number));
  if (!found) return RemovedSince(reference.model + ":v" + std::to_string(number));
  return std::move(*found);
}

/// The latest version N versions ago, or at a moment.
Result<VersionRow> FindLatestThen(const Catalog& catalog, const Reference& reference) {
  DLV_ASSIGN(auto versions, catalog.ListVersions({reference.model, 0}));
  if (versions.empty()) return NoModel(catalog, reference.model);
  std::stable_sort(versions.begin(), versions.end(), [](const auto& a, const auto& b) {
    return a.summary.number > b.summary.number;
  });
  if (reference.moves_back) {
    const auto back = static_cast<std::size_t>(*reference.moves_back);
    if (back < versions.size()) return std::move(versions[back]);
    return Error{ErrorCode::kNotFound, reference.model + " has " + std::to_string(versions.size()) +
                                           (versions.size() == 1 ? " version" : " versions")};
  }
  for (VersionRow& version : versions) {
    if (version.summary.created <= *reference.moment) return std::move(version);
  }
  return Error{ErrorCode::kNotFound, reference.model + " had no version then"};
}

Result<VersionRow> FindStart(const Catalog& catalog, const Reference& reference) {
  if (reference.moves_back || reference.moment) {
    const bool latest = reference.alias.empty() || reference.alias == "latest";
    return latest ? FindLatestThen(catalog, reference) : FindAliasThen(catalog, reference);
  }
  if (!reference.id_prefix.empty()) return FindHashed(catalog, reference);
  if (reference.number) return FindNumbered(catalog, reference);
  if (!reference.alias.empty()) return FindAliased(catalog, reference);
  return FindLatest(catalog, reference.model);
}

Result<VersionRow> Find(const Catalog& catalog, const Reference& reference) {
  DLV_ASSIGN(VersionRow row, FindStart(catalog, reference));
  for (const ReferenceStep& step : reference.steps) {
    if (step.is_parent) {
      DLV_ASSIGN(row, FollowParent(catalog, row, step.count));
    } else {
      for (std::uint64_t i = 0; i < step.count; ++i) {
        DLV_ASSIGN(row, FollowParent(catalog, row, 1));
      }
    }
  }
  return row;
}

Status CheckStep(const Catalog& catalog, const VersionRow& version, std::int64_t step) {
  DLV_ASSIGN(const auto snapshots, catalog.Snapshots(version.row));
  std::vector<std::int64_t> steps;
  for (const catalog::SnapshotRow& snapshot : snapshots) {
    if (snapshot.info.step == step) return Ok();
    if (snapshot.info.step) steps.push_back(*snapshot.info.step);
  }
  std::sort(steps.begin(), steps.end(), [&](std::int64_t a, std::int64_t b) {
    const auto distance = [&](std::int64_t value) {
      return value > step ? static_cast<std::uint64_t>(value) - static_cast<std::uint64_t>(step)
                          : static_cast<std::uint64_t>(step) - static_cast<std::uint64_t>(value);
    };
    return distance(a) < distance(b);
  });
  std::string hint;
  for (std::size_t i = 0; i < steps.size() && i < 3; ++i) {
    hint += (i == 0 ? "nearest steps: " : ", ") + std::to_string(steps[i]);
  }
  return Error{ErrorCode::kNotFound,
               version.summary.reference() + " has no snapshot of step " + std::to_string(step),
               hint.empty() ? "its snapshots have no steps" : hint};
}

}  // namespace

Error NoModel(const catalog::Catalog& catalog, const std::string& model) {
  Error error{ErrorCode::kNotFound, "no model " + Quoted(model)};
  const auto now = catalog.NameNow(model);
  if (now.ok() && now->has_value()) {
    error.hint = Quoted(model) + " was renamed; did you mean " + Quoted(**now) + "?";
    return error;
  }
  const auto names = catalog.ModelNames();
  if (!names.ok()) return error;
  error.hint = DidYouMean(model, *names);
  if (error.hint.empty()) {
    error.hint = names->empty() ? "nothing is committed yet" : "see the models with: dlv list";
  }
  return error;
}

Result<Target> ResolveTarget(Store& store, std::string_view reference) {
  DLV_ASSIGN(const Reference parsed, ParseReference(reference));
  return store.Read([&](const Catalog& catalog) -> Result<Target> {
    DLV_ASSIGN(VersionRow row, Find(catalog, parsed));
    if (parsed.snapshot_step) DLV_TRY(CheckStep(catalog, row, *parsed.snapshot_step));
    return Target{std::move(row), parsed.snapshot_step, parsed.tensor_pattern};
  });
}

Result<VersionRow> ResolveIn(const Catalog& catalog, std::string_view reference) {
  DLV_ASSIGN(const Reference parsed, ParseReference(reference));
  if (parsed.snapshot_step || !parsed.tensor_pattern.empty()) {
    return Error{ErrorCode::kInvalidArgument,
                 Quoted(reference) + ": want a version here, not a snapshot or a tensor"};
  }
  return Find(catalog, parsed);
}

}  // namespace dlv::store

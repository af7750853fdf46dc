#include "storage/store/parent_choice.h"

#include <algorithm>
#include <set>

#include "storage/archive/tensor_hash.h"
#include "storage/store/names.h"
#include "storage/store/resolve.h"

namespace dlv::store {
namespace {

constexpr std::size_t kMaxCandidates = 64;
constexpr std::size_t kSampleTensors = 12;
constexpr std::uint64_t kSampleElements = 1u << 20;  // a tensor of the sample has at most so many

/// Ids of a few tensors of a snapshot, so that versions which share them can be found without
/// hashing all.
Result<std::vector<TensorId>> SampleIds(const SnapshotWork& snapshot) {
  std::vector<TensorId> ids;
  for (const auto& file : snapshot.files) {
    if (file->known) {
      ids.insert(ids.end(), file->ids.begin(), file->ids.end());
      continue;
    }
    const auto& tensors = file->input->description().tensors;
    const std::size_t step = std::max<std::size_t>(1, tensors.size() / kSampleTensors);
    for (std::size_t i = 0; i < tensors.size(); i += step) {
      DLV_ASSIGN(const std::uint64_t count, archive::ElementCount(tensors[i].shape));
      if (count == 0 || count > kSampleElements) continue;
      DLV_ASSIGN(const auto hash,
                 archive::HashTensorSource(*tensors[i].source, tensors[i].dtype, count, 1));
      ids.push_back(hash.id);
    }
  }
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  return ids;
}

double SharedPart(const std::vector<TensorId>& sample, std::vector<TensorId> theirs) {
  if (sample.empty()) return 0;
  std::sort(theirs.begin(), theirs.end());
  const auto shared = std::count_if(sample.begin(), sample.end(), [&](const TensorId& id) {
    return std::binary_search(theirs.begin(), theirs.end(), id);
  });
  return static_cast<double>(shared) / static_cast<double>(sample.size());
}

/// Returns the newest versions, and the latest of every model among the rest.
Result<std::vector<catalog::VersionRow>> Candidates(Store& store) {
  using Rows = std::vector<catalog::VersionRow>;
  return store.Read([&](const catalog::Catalog& catalog) -> Result<Rows> {
    DLV_ASSIGN(Rows rows, catalog.ListVersions({"*", kMaxCandidates / 2}));
    std::set<catalog::Row> seen;
    for (const catalog::VersionRow& row : rows) seen.insert(row.row);
    DLV_ASSIGN(const auto models, catalog.ListModels());
    for (const catalog::ModelRow& model : models) {
      if (rows.size() >= kMaxCandidates) break;
      if (!seen.insert(model.latest).second) continue;
      DLV_ASSIGN(auto row, catalog.GetVersion(model.latest));
      if (row) rows.push_back(std::move(*row));
    }
    return rows;
  });
}

Result<std::optional<ChosenParent>> InferAcrossModels(Store& store, const SnapshotWork& first) {
  std::vector<plan::TensorKey> keys = first.Keys();
  std::erase_if(keys, [](const plan::TensorKey& key) {  // it comes and goes with the same network
    return key.role == TensorRole::kOptimizer;
  });
  if (keys.empty()) return std::optional<ChosenParent>();
  DLV_ASSIGN(const auto candidates, Candidates(store));
  if (candidates.empty()) return std::optional<ChosenParent>();
  DLV_ASSIGN(const std::vector<TensorId> sample, SampleIds(first));
  std::optional<ChosenParent> best;
  double best_score = 0;
  for (const catalog::VersionRow& row : candidates) {
    const auto bases = BasesOf(store, row);
    if (!bases) continue;
    const double likeness = plan::Likeness(keys, bases->index());
    const double shared = SharedPart(sample, bases->ids());
    if (likeness < plan::kParentLikeness && shared < plan::kParentLikeness) continue;
    const double score = likeness + 2 * shared;
    if (score <= best_score) continue;
    best_score = score;
    best = ChosenParent{row, Relation::kFinetune, true};
  }
  return best;
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
    parents.push_back(
        {std::move(target.version), same_model ? Relation::kRetrain : Relation::kFinetune, false});
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

Result<std::vector<ChosenParent>> ChooseParents(Store& store, const CommitRequest& request,
                                                const SnapshotWork* first) {
  std::vector<ChosenParent> parents;
  if (request.parent_choice == ParentChoice::kGiven) {
    DLV_ASSIGN(parents, Given(store, request));
  } else if (request.parent_choice == ParentChoice::kInfer) {
    DLV_ASSIGN(auto latest, store.Read([&](const catalog::Catalog& catalog) {
      return catalog.FindLatest(request.model);
    }));
    if (latest) {
      parents.push_back({std::move(*latest), Relation::kRetrain, false});
    } else if (first != nullptr) {
      DLV_ASSIGN(auto found, InferAcrossModels(store, *first));
      if (found) parents.push_back(std::move(*found));
    }
  }
  if (request.relation) {
    for (ChosenParent& parent : parents) parent.relation = *request.relation;
  }
  return parents;
}

}  // namespace dlv::store

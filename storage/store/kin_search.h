#pragma once
/// \file
/// Which stored versions have weights like those of a new snapshot.

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "dlv/result.h"
#include "storage/archive/tensor_reader.h"
#include "storage/catalog/rows.h"
#include "storage/plan/weight_likeness.h"
#include "storage/store/keyed_layout.h"
#include "storage/store/snapshot_work.h"
#include "storage/store/store.h"

namespace dlv::store {

/// A version with how near its default snapshot's weights are.
struct Kin {
  catalog::VersionRow version;
  plan::WeightLikeness weights;
};

/// Looks at a bounded number of versions, so that a commit costs the same in a repository of any
/// size: names and shapes are compared first, then a stretch of a tensor or two, and of the most
/// promising versions all samples. Versions that cannot be read have no kin. Not thread-safe.
class KinSearch {
 public:
  /// Versions whose tensors are fetched at the most, for each call of Find.
  static constexpr std::size_t kMostLookedAt = 16;

  /// `snapshot` was looked at but need not be stored; both must outlive this object.
  KinSearch(Store& store, const SnapshotWork& snapshot);

  /// Returns whether the snapshot has values that can be compared: without them there are no kin.
  bool has_samples() const { return !samples_.empty(); }

  /// Returns which of `versions` have weights alike, in the same order. Those are left out that
  /// have less than `least_layout` (plan::Likeness) of the elements by names and sizes, and less
  /// than half of the sampled tensors under other names; of the others the first kMostLookedAt are
  /// looked at.  Errors: kIo, of the catalog.
  Result<std::vector<Kin>> Find(const std::vector<catalog::VersionRow>& versions,
                                double least_layout);

  /// The first version that was looked at, whatever its weights: texts around them are alike.
  const std::optional<catalog::VersionRow>& first_looked_at() const { return first_looked_at_; }

  /// What went wrong in reading (kIo): then it is not known what is alike. What is damaged is only
  /// not compared.
  const Status& status() const { return status_; }

 private:
  /// Whether it is; keeps the first error of reading.
  template <class Outcome>
  bool Succeeded(const Outcome& outcome) {
    if (!outcome.ok() && outcome.error().code == ErrorCode::kIo && status_.ok())
      status_ = outcome.error();
    return outcome.ok();
  }
  struct Sample {
    plan::SamplePlace place;
    plan::StretchSample values;
    std::optional<TensorId> id;  ///< of the tensor, where it is small enough
  };
  /// Where a version has a sampled tensor: a stretch of a stored one, if it has one of its name.
  struct Counterpart {
    std::optional<TensorId> stored;
    std::uint64_t first = 0;
    bool is_same = false;  ///< it is there bit for bit, under another name
  };
  struct Candidate {
    catalog::VersionRow version;
    std::size_t place = 0;                  ///< among the versions given
    std::vector<Counterpart> counterparts;  ///< by sample
    plan::WeightLikeness weights;
  };

  void TakeSamples(const SnapshotWork& snapshot);
  std::optional<Sample> SampleOf(const plan::SamplePlace& place, const io::ByteSource& source);
  std::optional<Sample> SampleOfStored(const plan::SamplePlace& place, const TensorId& id);
  std::optional<std::vector<std::byte>> StoredBytes(const TensorId& id, DType dtype,
                                                    std::uint64_t first, std::uint64_t count);
  std::shared_ptr<const KeyedLayout> LayoutOf(const BlobId& id);
  /// Opens all, and says which tensors will be read: chains have bases in common.
  std::vector<Candidate> OpenAll(const std::vector<catalog::VersionRow>& versions,
                                 double least_layout);
  Counterpart CounterpartOf(const Sample& sample, const archive::ManifestSnapshot& snapshot,
                            const KeyedLayout& layout);
  std::optional<Candidate> Open(const catalog::VersionRow& version, double least_layout);
  void ExpectFirst(const Candidate& candidate,
                   std::vector<std::shared_ptr<const archive::TensorHandle>>& reads);
  /// Leaves those that a first look finds promising: the first, and the nearest of the others.
  void LookFirst(std::vector<Candidate>& candidates);
  /// Compares at most `most` samples; returns nothing where the version cannot be read.
  std::optional<plan::WeightLikeness> Compare(const Candidate& candidate, std::size_t most);

  Store& store_;
  archive::TensorReader tensors_;
  std::vector<plan::TensorKey> keys_;           ///< of the snapshot
  std::vector<plan::TensorKey> compared_keys_;  ///< those that a layout is compared by
  std::vector<Sample> samples_;
  Status status_ = Ok();
  std::map<BlobId, std::shared_ptr<const KeyedLayout>> layouts_;
  std::optional<catalog::VersionRow> first_looked_at_;
};

/// Returns the nearest of `kin`, and of those that are about as near the first; null where there is
/// none.
const Kin* NearestOf(const std::vector<Kin>& kin);

}  // namespace dlv::store

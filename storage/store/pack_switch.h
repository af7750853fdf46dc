#pragma once
/// \file
/// Changing where objects are stored, without changing what they are: what gc, archive and the
/// merging of small packs share.

#include <cstdint>
#include <string>
#include <vector>

#include "dlv/result.h"
#include "storage/archive/pack_merge.h"
#include "storage/store/new_packs.h"
#include "storage/store/store.h"

namespace dlv::store {

/// Returns the sequence number of the last log record that the catalog contains: equal numbers mean
/// that nothing has changed in between.
Result<std::uint64_t> SequenceNow(Store& store);
/// Errors: kConflict where the catalog has moved on since `sequence`.
Status ExpectSequence(const catalog::Catalog& catalog, std::uint64_t sequence);

/// Appends to the log which packs are live from here on, the newest first: where two of them hold
/// an object, a rebuilt catalog takes the first.
Status LogSwitch(Change& change, const std::string& command);

/// A section that gets a new place (and perhaps new entries) in a new pack.
struct SectionMove {
  catalog::SectionRow row;  ///< as it is now
  archive::MovedSection moved;
  std::shared_ptr<const archive::SectionReader> section;  ///< the new one
};

/// Writes what is kept of several packs into one new pack under `packs`.
class PackRebuilder {
 public:
  static Result<PackRebuilder> Create(NewPacks& packs);
  /// As PackMerger::CopySection.
  Status Copy(Store& store, const catalog::SectionRow& row);
  /// As PackMerger::RewriteSection.
  Status Rewrite(Store& store, const catalog::SectionRow& row,
                 const std::function<bool(std::uint32_t entry)>& live, bool keep_manifest);
  /// Closes the pack and moves it into .dlv/packs.
  Status Finish(Store& store);

  /// Inserts the pack into the catalog and points the sections to it; object entries are the
  /// caller's work.
  Status Insert(Change& change) const;
  const std::vector<SectionMove>& moves() const { return moves_; }
  std::uint64_t size_bytes() const { return size_bytes_; }

 private:
  PackRebuilder(NewPacks& packs, archive::PackMerger merger)
      : packs_(&packs), merger_(std::move(merger)) {}
  NewPacks* packs_;
  archive::PackMerger merger_;
  std::vector<SectionMove> moves_;
  std::uint64_t size_bytes_ = 0;
};

/// Deletes the sections of a pack and the pack itself from the catalog; its objects must have gone
/// or moved.
Status DeletePackRows(Change& change, catalog::Row pack);

}  // namespace dlv::store

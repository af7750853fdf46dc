#pragma once
/// \file
/// The part of rebuilding that decides what tells the history: the operation log, as far as it can
/// be read, or the old catalog.

#include <optional>
#include <set>
#include <vector>

#include "dlv/repository.h"
#include "dlv/result.h"
#include "storage/store/history.h"

namespace dlv::store {

struct RebuildSource {
  History history;  ///< what the new catalog is to say
  History former;   ///< what the log tells, also where `history` is the old catalog's
  /// Every version that a record names as committed, also where that was taken back.
  std::set<VersionId> named;
  /// Versions of the old catalog; nothing where it is missing or damaged.
  std::optional<std::vector<catalog::VersionRow>> before;
  std::uint64_t last_sequence = 0;  ///< the last record that log or catalog knew of
  bool log_is_whole = false;
  /// Whether versions may be in packs only: neither log nor catalog can be trusted to name all.
  bool may_lack_versions = false;
};

/// Reads the log and the old catalog. Damage of the log becomes a finding, or a note where the
/// catalog makes up for it.  Errors: kUnsupported (a newer format), kConflict (the catalog is in
/// use), kIo.
Result<RebuildSource> ReadRebuildSource(io::FileSystem& file_system, const RepositoryPaths& paths,
                                        VerifyResult& result);

}  // namespace dlv::store

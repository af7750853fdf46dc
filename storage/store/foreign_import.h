#pragma once
/// \file
/// Bringing in what other tools keep on the disk: readers of their folders make plans, and one
/// place carries them out.

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "dlv/commit.h"
#include "dlv/portable.h"
#include "dlv/progress.h"
#include "dlv/result.h"
#include "storage/store/store.h"

namespace dlv::store {

/// A version to be made of something in a foreign folder.
struct ForeignVersion {
  std::string source;  ///< for listings
  /// What it is and in which state: "hf:OWNER/NAME@REVISION". Kept as tag `origin`; a version with
  /// the same one is not imported again.
  std::string origin;
  CommitRequest request;
  std::string base;  ///< beginning of the origin of its parent: "hf:OWNER/NAME@"; empty: none
  std::string skip;  ///< why nothing is to be imported; empty: it is
  std::vector<std::string> notes;  ///< files that were left out, and the like
};

struct ForeignPlan {
  ImportKind kind = ImportKind::kDetect;
  std::vector<ForeignVersion> versions;  ///< parents before what was made from them
};

/// Readers. Each returns nothing where the folder is not of its kind.
/// Errors: kIo; kUnsafe and kCorruption where nothing at all can be made of the folder.
Result<std::optional<ForeignPlan>> PlanHuggingFace(const std::filesystem::path& folder);
Result<std::optional<ForeignPlan>> PlanMlflow(const std::filesystem::path& folder);
Result<std::optional<ForeignPlan>> PlanDvc(const std::filesystem::path& folder);

/// Makes the versions, each in a transaction of its own. Files that would have to be executed to be
/// read are kept unread.
Result<ImportResult> ImportForeign(Store& store, ForeignPlan plan, bool dry_run,
                                   const Operation& operation);

/// Name of a model made of foreign text: what is not allowed becomes '-'.
std::string ModelNameFrom(std::string_view text);

}  // namespace dlv::store

#pragma once
/// \file
/// Adds what was found in files to what the user said of a version.

#include <string>
#include <vector>

#include "dlv/commit.h"
#include "storage/archive/manifest.h"
#include "storage/store/side_files.h"

namespace dlv::store {

struct SideOutcome {
  KeyValues tags;                       ///< those found, beside the ones given
  std::vector<FoundInformation> found;  ///< only files of which something was taken
  std::vector<std::string> warnings;
};

/// Adds to `manifest` the hyper-parameters and metrics of `sides` (in order of rank) that it has
/// not yet, with their sources, and the sources of tags. `given_tags` count more than found ones.
/// Series of one name from files of one rank become one series if they join, or agree at all steps
/// that they have in common. Else they may be of two runs, and each is kept under a name of its
/// own, "train_log:loss". Between ranks the lower counts, with a warning where the other one
/// differs.
SideOutcome MergeSides(const std::vector<RankedSide>& sides, const KeyValues& given_tags,
                       archive::Manifest& manifest);

}  // namespace dlv::store

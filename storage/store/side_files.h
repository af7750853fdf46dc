#pragma once
/// \file
/// Finds files that say something of the committed ones: hyper-parameters, metrics, tags.

#include <string>
#include <vector>

#include "dlv/commit.h"
#include "storage/interchange/side_information.h"
#include "storage/io/file_system.h"

namespace dlv::store {

/// What a file says, and how much it counts: the lower rank wins where two disagree.
struct RankedSide {
  int rank = 0;
  bool joins = false;  ///< series of files of this rank are parts of one
  interchange::SideInformation found;
};

/// Reads the files of known kinds (interchange::SideReaders) among the committed ones, in their
/// folders, in fixed sub-folders of those (.hydra, tensorboard, ...), and in the folder above one
/// that is called "checkpoints" or alike. Only regular files, no links; at most 64 folders and 256
/// files. What cannot be read is a warning. Ascending by rank and path.
std::vector<RankedSide> ReadSideFiles(io::FileSystem& file_system,
                                      const std::vector<FileInput>& files);

}  // namespace dlv::store

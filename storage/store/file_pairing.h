#pragma once
/// \file
/// Which file of one version is which of another.

#include <vector>

#include "dlv/diff.h"

namespace dlv::store {

/// As FileChange says; in the order of `after`, then what was removed.
std::vector<FileChange> PairFiles(const std::vector<FileInfo>& before,
                                  const std::vector<FileInfo>& after);

}  // namespace dlv::store

#pragma once
/// \file
/// What `dlv diff` lists when asked for more than the summary.

#include <cstddef>
#include <string_view>
#include <vector>

#include "cli/output.h"
#include "dlv/diff.h"

namespace dlv::cli {

enum class DiffOrder {
  kFile,      ///< as in the file of the later version
  kRelative,  ///< greatest relative change first
  kAbsolute,  ///< greatest norm of the difference first
  kCosine,    ///< least cosine first
  kName,
};

struct TensorTableOptions {
  DiffOrder order = DiffOrder::kFile;
  std::size_t top = 0;  ///< rows; 0: all
  bool all = false;     ///< also what is identical
};

/// Returns the changes to show, in order. In orders by figures, tensors of integers come after the
/// others, and those without figures last.
std::vector<const TensorChange*> ChosenTensors(const VersionDiff& diff,
                                               const TensorTableOptions& options);

void ShowDiffTensors(Output& out, const std::vector<VersionDiff>& diffs,
                     const TensorTableOptions& options);
void ShowDiffHparams(Output& out, const std::vector<VersionDiff>& diffs);
void ShowDiffFiles(Output& out, const std::vector<VersionDiff>& diffs);

}  // namespace dlv::cli

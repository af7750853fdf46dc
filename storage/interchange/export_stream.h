#pragma once
/// \file
/// What the writers share: which tensors, in which order, and copying them.

#include <vector>

#include "storage/interchange/export.h"

namespace dlv::interchange {

struct ExportItem {
  std::size_t index = 0;  ///< in the source
  TensorInfo info;
  std::uint64_t size_bytes = 0;
};

/// Returns the tensors in the order of the options.
/// Errors: kInvalidArgument: two tensors of one name, a bad name, a shape that overflows.
Result<std::vector<ExportItem>> PlanExport(const TensorSource& source,
                                           const ExportOptions& options);

/// Copies the bytes of one tensor, by chunks of 2^17 elements.
Status CopyTensor(TensorSource& source, const ExportItem& item, io::ByteSink& sink);

}  // namespace dlv::interchange

#pragma once
/// \file
/// What the writers share: which tensors, in which order, and copying them.

#include <vector>

#include "storage/interchange/export.h"

namespace dlv::interchange {

/// The source is asked for the rest again: of a million tensors, names and shapes are much.
struct ExportItem {
  std::size_t index = 0;  ///< in the source
  DType dtype = DType::kF32;
  std::uint64_t size_bytes = 0;
};

/// Returns the tensors in the order of the options.
/// Errors: kInvalidArgument: two tensors of one name, a bad name, a shape that overflows.
Result<std::vector<ExportItem>> PlanExport(const TensorSource& source,
                                           const ExportOptions& options);

/// Copies the bytes of one tensor, by chunks of 2^17 elements.
Status CopyTensor(TensorSource& source, const ExportItem& item, io::ByteSink& sink);

}  // namespace dlv::interchange

#pragma once
/// \file
/// Files beside an .onnx that hold tensors of it ("external data"): ranges that the .onnx names.

#include <span>

#include "storage/interchange/file_format.h"

namespace dlv::interchange {

inline constexpr std::string_view kOnnxData = "onnx-data";

/// Describes a file as the tensors that lie in it; what lies between them is kept as it is.
/// Tensors at one place are tied. `file` must outlive the description.
/// Errors: kCorruption: a tensor that leaves the file, two that overlap.
Result<FileDescription> DescribeExternalData(const io::ByteSource& file,
                                             std::span<const ExternalTensor> tensors,
                                             const DescribeOptions& options = {});

}  // namespace dlv::interchange

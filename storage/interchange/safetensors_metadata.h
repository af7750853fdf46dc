#pragma once
/// \file
/// What a safetensors file says of itself, without a description of all its tensors.

#include <string>
#include <utility>
#include <vector>

#include "dlv/result.h"
#include "storage/io/byte_source.h"

namespace dlv::interchange {

/// Returns `__metadata__` in the order of the file.  Errors: kCorruption, kIo.
Result<std::vector<std::pair<std::string, std::string>>> ReadSafetensorsMetadata(
    const io::ByteSource& file);

}  // namespace dlv::interchange

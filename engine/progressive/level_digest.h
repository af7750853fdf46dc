#pragma once
/// \file
/// What a level of a tensor gave, as one hash: certificates say from which numbers an answer was
/// proved (docs/progressive.md, "The file").

#include <string>

#include "dlv/result.h"
#include "engine/progressive/level_source.h"

namespace dlv::progressive {

/// Returns the SHA-256, hexadecimal, of the centres of a tensor: little-endian doubles in C order.
/// It depends on the level and the elements, not on how they are stored.
/// Errors: kUnsupported (not real numbers).
Result<std::string> DigestOf(const LeveledTensor& tensor);

}  // namespace dlv::progressive

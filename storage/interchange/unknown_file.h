#pragma once
/// \file
/// Files of no known format, whose names may say that they should be of one.

#include "dlv/result.h"
#include "storage/interchange/format_table.h"

namespace dlv::interchange {

/// Returns a blob; where the name is one that files of weights have, with a warning that says what
/// was expected, what was found and where. Errors: kUnsafe for a pickle so named that would have to
/// be executed, with all that it asks for; what the file says.
Result<FileDescription> DescribeUnknown(const Probe& probe);

}  // namespace dlv::interchange

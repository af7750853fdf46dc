#pragma once
/// \file
/// How a reference that is being typed may go on.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "dlv/result.h"
#include "storage/store/store.h"

namespace dlv::store {

/// Returns whole references that begin with `text`, at most `limit`, for the shell's completion:
/// names of models; after ':' aliases and versions, newest first; after '#' steps; after '/' names
/// of tensors. Text that cannot become a reference has no continuation. Costs a few rows whatever
/// the number of versions.
Result<std::vector<std::string>> CompleteReference(Store& store, std::string_view text,
                                                   std::size_t limit);

}  // namespace dlv::store

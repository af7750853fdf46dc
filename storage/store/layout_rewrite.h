#pragma once
/// \file
/// Storing weights with levels by significance, or by planes again.

#include <string_view>

#include "dlv/progress.h"
#include "dlv/repository.h"
#include "dlv/result.h"
#include "storage/store/store.h"

namespace dlv::store {

/// As Repository::SetLayout.
Result<ArchiveResult> RewriteLayout(Store& store, std::string_view reference, TensorLayout layout,
                                    const Operation& operation);

}  // namespace dlv::store

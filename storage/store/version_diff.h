#pragma once
/// \file
/// What differs between two versions.

#include <string_view>

#include "dlv/repository.h"
#include "dlv/result.h"
#include "storage/store/store.h"

namespace dlv::store {

/// As Repository::Diff.
Result<VersionDiff> Diff(Store& store, std::string_view before, std::string_view after,
                         const DiffOptions& options = {}, const Operation& operation = {});

}  // namespace dlv::store

#pragma once
/// \file
/// Which tensors of two versions are the same, by id.

#include <string_view>

#include "dlv/repository.h"
#include "dlv/result.h"
#include "storage/store/store.h"

namespace dlv::store {

/// As Repository::Diff. Tensors are paired by role and name; where several files have tensors of
/// one name, the first with the first. Those of `after` come first, in its order; then what was
/// removed.
Result<VersionDiff> Diff(Store& store, std::string_view before, std::string_view after);

}  // namespace dlv::store

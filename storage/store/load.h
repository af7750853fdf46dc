#pragma once
/// \file
/// Snapshots into memory.

#include <string_view>

#include "dlv/load.h"
#include "dlv/progress.h"
#include "dlv/result.h"
#include "storage/store/store.h"

namespace dlv::store {

/// As Repository::Load.
Result<LoadResult> Load(Store& store, std::string_view reference, const LoadOptions& options,
                        TensorSink& sink, const Operation& operation);

}  // namespace dlv::store

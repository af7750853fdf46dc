#pragma once
/// \file
/// Reversing an operation.

#include <cstdint>

#include "dlv/operations.h"
#include "dlv/result.h"
#include "storage/store/store.h"

namespace dlv::store {

/// As Repository::Undo.
Result<UndoResult> Undo(Store& store, std::uint64_t operation, bool dry_run);

}  // namespace dlv::store

#pragma once
/// \file
/// A new model from an old version, without copying bytes.

#include "dlv/operations.h"
#include "dlv/progress.h"
#include "dlv/result.h"
#include "storage/store/store.h"

namespace dlv::store {

/// As Repository::Copy.
Result<CommitResult> Copy(Store& store, const CopyRequest& request, const Operation& operation);

/// As Repository::ReadFile.
Result<std::vector<std::byte>> ReadFile(Store& store, std::string_view reference,
                                        std::string_view path, std::uint64_t limit_bytes);

}  // namespace dlv::store

#pragma once
/// \file
/// From ids to the catalog's object numbers.

#include <optional>

#include "dlv/ids.h"
#include "dlv/result.h"
#include "storage/store/store.h"

namespace dlv::store {

/// Returns the number of the stored tensor (its first part, where it has several) or blob, its full
/// id compared; nothing where it is not stored.  Errors: kCorruption, kIo.
Result<std::optional<catalog::ObjectNumber>> FindNumber(Store& store, const TensorId& id);
Result<std::optional<catalog::ObjectNumber>> FindNumber(Store& store, const BlobId& id);

}  // namespace dlv::store

#pragma once
/// \file
/// Looking for damage. Reading only: nothing is repaired here.

#include "dlv/progress.h"
#include "dlv/repository.h"
#include "dlv/result.h"
#include "storage/store/store.h"

namespace dlv::store {

/// Checks catalog, operation log, staging list and every byte of every pack against its checksum;
/// with `full` decodes every tensor and blob, compares their ids, and makes every file again and
/// compares its SHA-256. Damage is a finding, not an error. Errors: kCancelled; kIo where not even
/// the folders can be read.
Result<VerifyResult> Verify(Store& store, const VerifyOptions& options, const Operation& operation);

}  // namespace dlv::store

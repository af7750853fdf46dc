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
/// compares its SHA-256. A damaged catalog is one finding; then only the packs' stored bytes are
/// checked. Damage is a finding, not an error. Errors: kCancelled; kIo where not even
/// the folders can be read.
Result<VerifyResult> Verify(Store& store, const VerifyOptions& options, const Operation& operation);

/// The same for stored bytes only, where the store cannot be opened because .dlv/format or the
/// catalog is damaged or missing.  Errors: kNotFound (no repository), kUnsupported (newer), kIo,
/// kCancelled.
Result<VerifyResult> VerifyWithoutCatalog(const std::string& root, StoreOptions options,
                                          const Operation& operation);

}  // namespace dlv::store

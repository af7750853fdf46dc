#pragma once
/// \file
/// One version of an export back into the repository, with the id that it had.

#include "dlv/progress.h"
#include "dlv/result.h"
#include "storage/store/import_folder.h"
#include "storage/store/portable_format.h"
#include "storage/store/store.h"

namespace dlv::store {

/// Stores and publishes the version. Every byte is held against the manifest, whose hash is the id;
/// the number is the one of the export where it is free.
/// Errors: kCorruption (a file is not what the manifest says), kUnsafe, kConflict, kIo.
Result<catalog::VersionRow> ImportVersion(Store& store, const ImportFolder& folder,
                                          const PortableEntry& entry,
                                          const PortableVersion& version,
                                          const Operation& operation);

}  // namespace dlv::store

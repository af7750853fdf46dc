#pragma once
/// \file
/// Who uses how much of the disk, and what removing something would free.

#include "dlv/repository.h"
#include "dlv/result.h"
#include "storage/store/store.h"

namespace dlv::store {

/// As Repository::Usage.
Result<UsageReport> Usage(Store& store, const UsageOptions& options = {});

/// Size of all files below `path`; 0 where it does not exist.
Result<std::uint64_t> FolderBytes(io::FileSystem& file_system, const std::string& path);

}  // namespace dlv::store

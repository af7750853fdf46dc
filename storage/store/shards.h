#pragma once
/// \file
/// Sets of shards: files that an index file (model.safetensors.index.json) holds together.

#include <string>
#include <vector>

#include "dlv/commit.h"
#include "dlv/result.h"
#include "storage/io/file_system.h"
#include "storage/store/snapshot_work.h"

namespace dlv::store {

/// Returns `files` and the shards that index files among them name and that are not there yet.
/// Errors, each naming the index: kNotFound (a shard does not exist), kCorruption, kUnsafe, kIo.
Result<std::vector<FileInput>> WithShards(io::FileSystem& file_system,
                                          const std::vector<FileInput>& files);

/// Checks the shards of a snapshot against its index files. Returns warnings.
/// Errors: kCorruption (an index that lies), kNotFound.
Result<std::vector<std::string>> CheckShardSets(const SnapshotWork& snapshot);

}  // namespace dlv::store

#pragma once
/// \file
/// model.safetensors.index.json: which tensor is in which of several safetensors files.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "dlv/result.h"
#include "storage/interchange/file_format.h"

namespace dlv::interchange {

struct ShardIndex {
  std::optional<std::uint64_t> total_size;  ///< metadata.total_size: bytes of all tensors
  std::map<std::string, std::string>
      weight_map;                  ///< tensor name to file name; plain names, no folders
  std::vector<std::string> files;  ///< distinct file names, sorted
};

/// Returns whether the file name is that of an index ("*.safetensors.index.json").
bool IsShardIndexName(std::string_view name);

/// Reads the index.  Errors: kCorruption (with offset), kUnsafe (a file name that leaves the
/// folder).
Result<ShardIndex> ReadShardIndex(const io::ByteSource& file);

/// Checks the shards against the index: every tensor is in the file that the index names, no other
/// tensor is there, and total_size is right. `shards` maps file name to description. Errors:
/// kNotFound (a shard is missing), kCorruption.
Status CheckShards(const ShardIndex& index,
                   const std::map<std::string, const FileDescription*>& shards);

}  // namespace dlv::interchange

#pragma once
/// \file
/// model.safetensors.index.json and pytorch_model.bin.index.json: which tensor is in which of
/// several files.

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

/// Returns whether the file name is that of an index: "*.safetensors.index.json",
/// "*.bin.index.json" (PyTorch).
bool IsShardIndexName(std::string_view name);

/// Reads the index.  Errors: kCorruption (with offset), kUnsafe (a file name that leaves the
/// folder).
Result<ShardIndex> ReadShardIndex(const io::ByteSource& file);

/// A tensor that a shard holds.
struct ShardTensor {
  std::string name;
  std::uint64_t size_bytes = 0;
};

/// Checks the shards (file name to tensors) against the index. Returns warnings: tensors that the
/// index does not name, another total_size. Errors: kNotFound (a shard is missing), kCorruption (a
/// tensor is not in the file that the index names).
Result<std::vector<std::string>> CheckShards(
    const ShardIndex& index, const std::map<std::string, std::vector<ShardTensor>>& shards);

/// Returns whether `name` looks like a shard of the set that the index with the name `index_name`
/// describes: "model-00002-of-00003.safetensors" for "model.safetensors.index.json".
bool LooksLikeShardOf(std::string_view name, std::string_view index_name);

}  // namespace dlv::interchange

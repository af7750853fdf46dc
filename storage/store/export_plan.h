#pragma once
/// \file
/// Which tensors of an export go to which file.

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "dlv/repository.h"
#include "dlv/tensor.h"

namespace dlv::store {

/// A file of an export.
struct PlannedFile {
  std::string name;
  std::vector<TensorInfo> tensors;
  std::vector<std::size_t> tied_to;                          ///< by place in `tensors`
  std::vector<std::pair<std::string, std::string>> dropped;  ///< name, and the one it is tied to
  std::set<std::uint32_t> sources;  ///< places in Manifest::files of where the tensors come from
};

/// Returns the ending of the format's files with its dot.
const char* SuffixOf(CheckoutFormat format);

/// Returns whether tied tensors are kept, dropped or written twice, where the caller leaves it
/// open: kept where the format can share a storage, else written twice, so that every name is
/// there.
TiedTensors TiedOrDefault(const CheckoutOptions& options);

/// Takes tensors out that are tied to another one of the file, and remembers their names.
void DropTied(PlannedFile& file);

/// Cuts one file into several of at most `shard_bytes` of data each (a larger tensor stands alone),
/// in order: model-00001-of-00003.safetensors, ... One that suffices keeps its plain name.
std::vector<PlannedFile> CutIntoShards(PlannedFile whole, std::uint64_t shard_bytes,
                                       const std::string& stem, const std::string& suffix);

/// Returns what belongs together of files that are named as shards,
/// STEM-00001-of-00003.safetensors, by the name that their index has:
/// FOLDER/STEM.safetensors.index.json. Names of the files are then relative to that folder.
std::map<std::string, std::vector<PlannedFile>> ShardSets(const std::vector<PlannedFile>& files);

/// Returns the text of STEM.safetensors.index.json as Hugging Face's clients read it.
std::string ShardIndexText(const std::vector<PlannedFile>& shards,
                           const std::vector<std::pair<std::string, std::string>>& metadata);

}  // namespace dlv::store

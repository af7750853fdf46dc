#include "storage/store/shards.h"

#include <map>
#include <set>

#include "storage/interchange/shard_index.h"
#include "storage/io/byte_source.h"
#include "storage/store/input_file.h"

namespace dlv::store {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kHint =
    "the index can be kept as an opaque file, unread (FileInput::as_blob)";

bool IsIndex(const FileInput& file) {
  return !file.as_blob && interchange::IsShardIndexName(fs::path(PathOf(file)).filename().string());
}

Error Named(const FileInput& file, Error error) {
  error.message = file.source.string() + ": " + error.message;
  if (error.hint.empty()) error.hint = kHint;
  return error;
}

Result<interchange::ShardIndex> ReadIndex(io::FileSystem& file_system, const FileInput& file) {
  DLV_ASSIGN(const auto opened, file_system.OpenForReading(file.source.string()));
  DLV_ASSIGN(const io::FileStat stat, opened->Stat());
  return interchange::ReadShardIndex(*io::MakeFileSource(*opened, 0, stat.size_bytes));
}

// What the files of a snapshot in the folder of an index hold.
std::map<std::string, std::vector<interchange::ShardTensor>> ShardsBeside(
    const SnapshotWork& snapshot, const fs::path& index) {
  std::map<std::string, std::vector<interchange::ShardTensor>> shards;
  for (const auto& file : snapshot.files) {
    const fs::path path = file->entry.path;
    if (path.parent_path() != index.parent_path()) continue;
    auto& tensors = shards[path.filename().string()];
    for (const archive::LayoutTensor& tensor : file->tensors) {
      if (tensor.role != TensorRole::kParameter && tensor.role != TensorRole::kBuffer) continue;
      std::uint64_t bytes = SizeOf(tensor.dtype);
      for (const std::int64_t extent : tensor.shape) bytes *= static_cast<std::uint64_t>(extent);
      tensors.push_back({tensor.name, bytes});
    }
  }
  return shards;
}

Result<std::vector<std::string>> CheckSet(const SnapshotWork& snapshot, const FileWork& file) {
  DLV_ASSIGN(interchange::ShardIndex index, interchange::ReadShardIndex(file.input->source()));
  const fs::path path = file.entry.path;
  const std::string name = path.filename().string();
  // PyTorch's total counts what tensors share once, or not, by the release that wrote it.
  if (!name.ends_with(".safetensors.index.json")) index.total_size.reset();
  const auto shards = ShardsBeside(snapshot, path);
  DLV_ASSIGN(std::vector<std::string> warnings, interchange::CheckShards(index, shards));
  const std::set<std::string> named(index.files.begin(), index.files.end());
  for (const auto& [shard, tensors] : shards) {
    if (!named.contains(shard) && interchange::LooksLikeShardOf(shard, name)) {
      warnings.push_back(shard + " looks like a shard, but the index does not name it");
    }
  }
  return warnings;
}

}  // namespace

Result<std::vector<FileInput>> WithShards(io::FileSystem& file_system,
                                          const std::vector<FileInput>& files) {
  std::vector<FileInput> all = files;
  std::set<std::string> paths;
  for (const FileInput& file : files) paths.insert(PathOf(file));
  for (const FileInput& file : files) {
    if (!IsIndex(file)) continue;
    auto index = ReadIndex(file_system, file);
    if (!index.ok()) return Named(file, std::move(index).error());
    const fs::path folder = fs::path(PathOf(file)).parent_path();
    for (const std::string& shard : index->files) {
      const std::string path = (folder / shard).generic_string();
      if (!paths.insert(path).second) continue;
      const fs::path source = file.source.parent_path() / shard;
      const auto stat = file_system.Stat(source.string());
      if (!stat.ok() && stat.error().code == ErrorCode::kNotFound) {
        return Named(file, {ErrorCode::kNotFound, "it names " + shard + ", which is not there"});
      }
      all.push_back({source, path, file.step});
    }
  }
  return all;
}

Result<std::vector<std::string>> CheckShardSets(const SnapshotWork& snapshot) {
  std::vector<std::string> warnings;
  for (const auto& file : snapshot.files) {
    if (!IsIndex(file->request)) continue;
    auto found = CheckSet(snapshot, *file);
    if (!found.ok()) return Named(file->request, std::move(found).error());
    for (const std::string& warning : *found) {
      warnings.push_back(file->input->name() + ": " + warning);
    }
  }
  return warnings;
}

}  // namespace dlv::store

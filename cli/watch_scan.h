#pragma once
/// \file
/// The checkpoints that lie in a folder.

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dlv/commit.h"
#include "dlv/result.h"

namespace dlv::cli {

/// What tells whether files were written to since the last look.
struct FileStamp {
  std::uint64_t size_bytes = 0;
  std::int64_t modified_ns = 0;  ///< of the newest
  std::uint64_t files = 0;
  bool operator==(const FileStamp&) const = default;
};

/// A file, a folder of files (`checkpoint-500/`), or the shards of one (`model-00001-of-00003...`).
struct Checkpoint {
  std::string name;  ///< relative to the folder that is watched
  std::optional<std::int64_t> step;
  std::vector<FileInput> files;  ///< with the names that they get in the version
  FileStamp stamp;
  bool whole = true;  ///< false: shards are missing
};

/// Returns the checkpoints directly in `folder`, by step (those without come last), then by name.
/// A checkpoint is a file with an extension of weights, or a folder with a number in its name that
/// holds one. Hidden and temporary names ("step_5.pt.tmp", "tmp-checkpoint-5") do not count.
/// Errors: kNotFound, kIo.
Result<std::vector<Checkpoint>> ScanCheckpoints(const std::filesystem::path& folder);

/// Whether a name has an extension of weights and is no temporary one.
bool IsCheckpointName(std::string_view name);
bool IsTemporaryName(std::string_view name);

}  // namespace dlv::cli

#pragma once
/// \file
/// What a watch has done, kept in .dlv/watch/MODEL.json, so that a restart goes on where it was.

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "cli/watch_scan.h"
#include "dlv/result.h"

namespace dlv::cli {

/// What became of a checkpoint.
struct WatchedCheckpoint {
  FileStamp stamp;
  std::string reference;  ///< the version; empty: refused
};

/// A version that watching made.
struct MadeVersion {
  std::string reference;
  std::optional<std::int64_t> step;
};

struct WatchState {
  /// Folder (relative to the repository's where it lies there), checkpoint.
  std::map<std::string, std::map<std::string, WatchedCheckpoint>> folders;
  std::vector<MadeVersion> made;  ///< oldest first

  /// A state that is not there, or not readable, is empty: what is there already is found unchanged
  /// when it is committed again.  Errors: kIo.
  static Result<WatchState> Read(const std::filesystem::path& path);
  Status Write(const std::filesystem::path& path) const;
};

/// The state of watching for `model` in the repository at `root`.
std::filesystem::path WatchStatePath(const std::filesystem::path& root, const std::string& model);
/// How the state names the folder.
std::string WatchedFolderName(const std::filesystem::path& root,
                              const std::filesystem::path& folder);

}  // namespace dlv::cli

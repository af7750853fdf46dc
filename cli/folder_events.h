#pragma once
/// \file
/// Waiting for something to happen in a folder.

#include <cstdint>
#include <filesystem>

namespace dlv {
class CancellationToken;
}

namespace dlv::cli {

/// News of a folder by inotify. On file systems that tell nothing (NFS: what another machine
/// writes), Wait just takes its time, so the caller looks by itself then.
class FolderEvents {
 public:
  FolderEvents();
  ~FolderEvents();
  FolderEvents(const FolderEvents&) = delete;
  FolderEvents& operator=(const FolderEvents&) = delete;

  /// From now on tells of `folder` and of the folders in it; again and again is fine.
  void Add(const std::filesystem::path& folder);
  /// Returns when a file was written to, closed, renamed or removed there, after `timeout_ms`, or
  /// when `cancel` asks; says whether there was news.
  bool Wait(std::int64_t timeout_ms, const CancellationToken& cancel);

 private:
  bool Drain() const;
  int descriptor_ = -1;
};

}  // namespace dlv::cli

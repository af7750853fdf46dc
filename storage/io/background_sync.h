#pragma once
/// \file
/// Syncing of finished files beside the work that follows: a disk takes seconds for a large one.

#include <cstdint>
#include <memory>
#include <thread>

#include "dlv/result.h"
#include "storage/io/file_system.h"

namespace dlv::io {

/// Syncs and closes files, one at a time, on a thread of its own. Used by one thread at a time.
class BackgroundSync {
 public:
  /// Smaller files are synced at once: a thread would gain nothing, and the order of operations
  /// on the disk stays that of the calls.
  static constexpr std::uint64_t kLeastBytes = 64u << 20;

  /// `least_bytes`: for tests.
  explicit BackgroundSync(std::uint64_t least_bytes = kLeastBytes) : least_bytes_(least_bytes) {}
  ~BackgroundSync();
  BackgroundSync(const BackgroundSync&) = delete;
  BackgroundSync& operator=(const BackgroundSync&) = delete;

  /// Takes a file of `size_bytes` that is written and not synced. Waits for the file before: a disk
  /// that falls behind slows the writer down. Errors: of this file or of one before.
  Status Finish(std::unique_ptr<WritableFile> file, std::uint64_t size_bytes);
  /// Returns once all files are on the medium, with the first error; nothing that was taken may be
  /// relied on before, nor after an error.
  Status Wait();

 private:
  std::uint64_t least_bytes_;
  Status status_ = Ok();  ///< the thread's while it runs
  std::thread thread_;
};

}  // namespace dlv::io

#pragma once
/// \file
/// A file system that counts what is read from packs, and can make it as slow as a disk.

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "storage/io/file_system.h"

namespace dlv::testing {

/// Gives out bytes at a rate: who takes some waits until they have come. Thread-safe; several
/// waiters share the rate, as readers of one disk do.
class TokenBucket {
 public:
  /// `bytes_per_second` 0: no limit.
  void SetRate(double bytes_per_second);
  void Take(std::uint64_t bytes);

 private:
  using Clock = std::chrono::steady_clock;
  std::mutex mutex_;
  double rate_ = 0;
  Clock::time_point free_at_;
};

/// Passes everything on to another file system, which must outlive it.
class WatchedFileSystem : public io::FileSystem {
 public:
  explicit WatchedFileSystem(io::FileSystem& real) : real_(real) {}

  /// Of files that end in .pack, since the last Reset.
  std::uint64_t read_bytes() const { return counts_.bytes; }
  std::uint64_t reads() const { return counts_.reads; }
  void Reset();
  void SetRate(double bytes_per_second) { counts_.bucket.SetRate(bytes_per_second); }

  Result<std::unique_ptr<io::ReadableFile>> OpenForReading(const std::string& path) override;
  Result<std::unique_ptr<io::WritableFile>> OpenForWriting(const std::string& path,
                                                           io::WriteMode mode) override {
    return real_.OpenForWriting(path, mode);
  }
  Result<io::FileStat> Stat(const std::string& path) override { return real_.Stat(path); }
  Result<std::vector<std::string>> List(const std::string& path) override {
    return real_.List(path);
  }
  Status MakeDirectory(const std::string& path) override { return real_.MakeDirectory(path); }
  Status Rename(const std::string& from, const std::string& to) override {
    return real_.Rename(from, to);
  }
  Status Remove(const std::string& path) override { return real_.Remove(path); }
  Status SyncDirectory(const std::string& path) override { return real_.SyncDirectory(path); }
  Result<std::uint64_t> FreeBytes(const std::string& path) override {
    return real_.FreeBytes(path);
  }
  Result<bool> IsLocal(const std::string& path) override { return real_.IsLocal(path); }
  Result<std::unique_ptr<io::FileLock>> OpenLock(const std::string& path) override {
    return real_.OpenLock(path);
  }

  struct Counts {
    std::atomic<std::uint64_t> bytes{0}, reads{0};
    TokenBucket bucket;
  };

 private:
  io::FileSystem& real_;
  Counts counts_;
};

}  // namespace dlv::testing

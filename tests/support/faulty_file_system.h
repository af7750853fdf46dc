#pragma once
/// \file
/// A file system in memory that fails on request and forgets, on a power cut, what was not synced.
///
///     for (std::uint64_t n = 1;; ++n) {
///       disk.Restore(before);
///       disk.SetPlan({.kind = FaultKind::kPowerCut, .at_operation = n, .count_reads = false});
///       const bool acknowledged = Commit(disk).ok();
///       const bool reached = disk.fault_reached();
///       disk.DropUnsyncedBytes(seed);       // the machine starts again: the plan is gone, old
///       handles are dead
///       ... open again: old state, or new state; new if acknowledged ...
///       if (!reached) break;
///     }
///
/// What is modelled. Content of a file: bytes written since the last Sync may be lost, kept, or
/// kept in part (in sectors of 512 bytes), write by write; so may a Truncate. Names: making,
/// renaming and removing are durable after SyncDirectory of the folder (for a rename: of the
/// target's folder); before that each may be lost or kept, in order or not, depending on the seed.
/// Thread-safe. Paths are compared as written, after removing "//" and "/./" and a final "/".

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "storage/io/file_system.h"

namespace dlv::testing {

enum class FaultKind : std::uint8_t {
  kNone,
  kFail,      ///< operation `at_operation` returns kIo without effect, once
  kFailFrom,  ///< that one and all later ones
  kPowerCut,  ///< as kFailFrom, but the operation itself may have happened in part
  kDiskFull,  ///< writes that would bring the sum of file sizes above `disk_bytes` return kIo "no
              ///< space left on device"
};

struct FaultPlan {
  FaultKind kind = FaultKind::kNone;
  std::uint64_t at_operation = 0;  ///< counted from SetPlan on, the first is 1
  std::uint64_t disk_bytes = 0;
  /// false: only operations that change something (or make it durable) are counted and fail by
  /// number, which makes a search over all power cuts shorter and misses none. After kFailFrom or
  /// kPowerCut has hit, reads fail too.
  bool count_reads = true;
};

class FaultyFileSystem final : public io::FileSystem {
 public:
  /// Starts with an empty root "/".
  FaultyFileSystem();
  ~FaultyFileSystem() override;

  // ---- io::FileSystem
  // -----------------------------------------------------------------------------------------
  Result<std::unique_ptr<io::ReadableFile>> OpenForReading(const std::string& path) override;
  Result<std::unique_ptr<io::WritableFile>> OpenForWriting(const std::string& path,
                                                           io::WriteMode mode) override;
  Result<io::FileStat> Stat(const std::string& path) override;
  Result<std::vector<std::string>> List(const std::string& path) override;
  Status MakeDirectory(const std::string& path) override;
  Status Rename(const std::string& from, const std::string& to) override;
  Status Remove(const std::string& path) override;
  Status SyncDirectory(const std::string& path) override;
  Result<std::uint64_t> FreeBytes(const std::string& path) override;
  Result<bool> IsLocal(const std::string& path) override;
  Result<std::unique_ptr<io::FileLock>> OpenLock(const std::string& path) override;

  // ---- Faults
  // -------------------------------------------------------------------------------------------------
  /// Replaces the plan and sets the counter to 0.
  void SetPlan(const FaultPlan& plan);
  /// Operations counted since SetPlan.
  std::uint64_t operations() const;
  /// Whether the plan has made an operation fail.
  bool fault_reached() const;
  /// Power comes back: what was not synced is lost, torn or kept as `seed` decides (seed 0: all of
  /// it is lost; seed 1: all is kept), handles and locks of before are dead, the plan is cleared.
  void DropUnsyncedBytes(std::uint64_t seed);
  /// Everything is durable as it is now (as after a clean unmount).
  void SyncAll();

  // ---- State
  // --------------------------------------------------------------------------------------------------
  struct State;
  /// Returns a copy of everything. Restore kills handles and locks, and clears the plan.
  std::shared_ptr<const State> Snapshot() const;
  void Restore(const std::shared_ptr<const State>& snapshot);
  /// Paths of all regular files, sorted.
  std::vector<std::string> Files() const;
  /// Sum of file sizes.
  std::uint64_t UsedBytes() const;
  /// Content of a file; empty if there is none.
  std::vector<std::byte> Content(const std::string& path) const;
  /// The following change files behind dlv's back, durably. They return false if there is no such
  /// file or place.
  bool Corrupt(const std::string& path, std::uint64_t offset, std::uint8_t xor_mask = 0xff);
  bool Truncate(const std::string& path, std::uint64_t size_bytes);
  bool Replace(const std::string& path, std::vector<std::byte> content);
  bool Delete(const std::string& path);

 private:
  struct Shared;
  class Readable;
  class Writable;
  class Lock;
  std::shared_ptr<Shared> shared_;
};

}  // namespace dlv::testing

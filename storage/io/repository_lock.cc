#include "storage/io/repository_lock.h"

#include <algorithm>
#include <chrono>
#include <ctime>
#include <optional>
#include <thread>
#include <vector>

namespace dlv::io {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr milliseconds kFirstPause{2};
constexpr milliseconds kLongestPause{200};
// Between making the file and writing its content a process needs microseconds. A file without
// content that is older than this was left by a process (or a machine) that died in between.
constexpr std::int64_t kEmptyLockAge_ns = 10'000'000'000;

using Content = std::vector<std::byte>;

std::span<const std::byte> AsBytes(const std::string& text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}

/// Returns the content of the lock file, or nothing where there is none.
Result<std::optional<Content>> ReadLock(FileSystem& file_system, const std::string& path) {
  Result<Content> content = ReadWholeFile(file_system, path, kHolderLimitBytes);
  if (content.ok()) return std::optional<Content>(std::move(content).value());
  const ErrorCode code = content.error().code;
  if (code == ErrorCode::kNotFound) return std::optional<Content>();
  // It shrank or vanished while it was read: look again.
  if (code == ErrorCode::kCorruption) return std::optional<Content>(Content());
  return std::move(content).error();
}

struct Judgement {
  bool may_break = false;
  std::string holder;  ///< for people
};

Judgement JudgeUnreadable(FileSystem& file_system, const std::string& path, bool force) {
  const Result<FileStat> stat = file_system.Stat(path);
  if (!stat.ok()) return {};
  const std::int64_t now_ns = static_cast<std::int64_t>(std::time(nullptr)) * 1'000'000'000;
  const bool old = now_ns - stat->modified_ns > kEmptyLockAge_ns;
  return {old || force, "somebody who did not say who (" + path + " has no readable content)"};
}

Judgement Judge(FileSystem& file_system, const std::string& path, const Content& content,
                bool force) {
  const Result<Holder> holder = DecodeHolder(content);
  if (!holder.ok()) return JudgeUnreadable(file_system, path, force);
  const Liveness liveness = CheckLiveness(*holder);
  return {liveness == Liveness::kGone || (force && liveness == Liveness::kUnknown),
          Describe(*holder)};
}

/// Removes the lock file if it still has `content`. Everyone who breaks a lock holds a system lock
/// on that very file while looking again and renaming, so a lock made after `content` was judged is
/// never taken away. Returns whether the file is gone.
Result<bool> Break(FileSystem& file_system, const std::string& path, const Content& content,
                   std::uint64_t token) {
  Result<std::unique_ptr<FileLock>> guard = file_system.OpenLock(path);
  if (!guard.ok()) {
    if (guard.error().code == ErrorCode::kNotFound) return true;
    return std::move(guard).error();
  }
  DLV_ASSIGN(const bool alone, (*guard)->TryLock(0, 1, true));
  if (!alone) return false;
  DLV_ASSIGN(const std::optional<Content> again, ReadLock(file_system, path));
  if (again != content) return false;
  const std::string aside = path + ".stale-" + std::to_string(token);
  DLV_TRY(file_system.Rename(path, aside));
  DLV_TRY(file_system.Remove(aside));
  return true;
}

/// Returns whether the lock file was made.
Result<bool> TryCreate(FileSystem& file_system, const std::string& path,
                       const std::string& content) {
  Result<std::unique_ptr<WritableFile>> file =
      file_system.OpenForWriting(path, WriteMode::kCreateNew);
  if (!file.ok()) {
    if (file.error().code == ErrorCode::kConflict) return false;
    return std::move(file).error();
  }
  Status written = (*file)->Append(AsBytes(content));
  if (written.ok()) written = (*file)->Close();
  if (!written.ok()) {
    (void)file_system.Remove(path);
    return std::move(written).error();
  }
  // Slept for seconds after making the file, and somebody took it for a dead one?
  DLV_ASSIGN(const std::optional<Content> found, ReadLock(file_system, path));
  return found.has_value() && std::ranges::equal(*found, AsBytes(content));
}

Error TimedOut(const std::string& holder) {
  return Error{ErrorCode::kConflict, "locked by " + holder,
               "wait for it to end; a lock left by another host is broken by --force-unlock"};
}

/// Tries until the lock is made or the time is over.
Status Wait(FileSystem& file_system, const std::string& path, const LockOptions& options,
            const Holder& holder) {
  const Clock::time_point deadline = Clock::now() + milliseconds(options.timeout_ms);
  const std::string content = EncodeHolder(holder);
  milliseconds pause = kFirstPause;
  bool told = false;
  while (true) {
    DLV_ASSIGN(const bool made, TryCreate(file_system, path, content));
    if (made) return Ok();
    DLV_ASSIGN(const std::optional<Content> other, ReadLock(file_system, path));
    if (!other.has_value()) {
      if (Clock::now() >= deadline) return TimedOut("others, one after the other");
      continue;
    }
    const Judgement judgement = Judge(file_system, path, *other, options.force);
    if (judgement.may_break) {
      DLV_ASSIGN(const bool broken, Break(file_system, path, *other, holder.token));
      if (broken) continue;
    }
    if (Clock::now() >= deadline) return TimedOut(judgement.holder);
    if (!told && options.on_wait) options.on_wait("locked by " + judgement.holder);
    told = true;
    const auto left =
        std::chrono::duration_cast<milliseconds>(deadline - Clock::now()) + milliseconds(1);
    std::this_thread::sleep_for(std::min(pause, left));
    pause = std::min(2 * pause, kLongestPause);
  }
}

}  // namespace

Result<std::unique_ptr<RepositoryLock>> RepositoryLock::Acquire(FileSystem& file_system,
                                                                const std::string& path,
                                                                const LockOptions& options) {
  Holder holder = MakeHolder(options.command);
  if (Status status = Wait(file_system, path, options, holder); !status.ok()) {
    ForgetHolder(holder);
    return std::move(status).error();
  }
  return std::unique_ptr<RepositoryLock>(new RepositoryLock(file_system, path, std::move(holder)));
}

RepositoryLock::~RepositoryLock() { (void)Release(); }

Status RepositoryLock::CheckHeld() const {
  DLV_ASSIGN(const std::optional<Content> found, ReadLock(file_system_, path_));
  const std::string mine = EncodeHolder(holder_);
  if (held_ && found.has_value() && std::ranges::equal(*found, AsBytes(mine))) return Ok();
  return Error{ErrorCode::kConflict, path_ + ": the lock was taken away from this process"};
}

Status RepositoryLock::Release() {
  if (!held_) return Ok();
  Status status = CheckHeld();
  if (status.ok()) status = file_system_.Remove(path_);
  held_ = false;
  ForgetHolder(holder_);
  return status;
}

}  // namespace dlv::io

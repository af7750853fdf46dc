#include "storage/io/file_system.h"

#include <unistd.h>

#include <atomic>

namespace dlv::io {
namespace {

std::string ParentOf(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

Status WriteAndSync(FileSystem& file_system, const std::string& path,
                    std::span<const std::byte> bytes) {
  DLV_ASSIGN(const auto file, file_system.OpenForWriting(path, WriteMode::kReplace));
  DLV_TRY(file->Append(bytes));
  DLV_TRY(file->Sync());
  return file->Close();
}

}  // namespace

Status WriteFileAtomically(FileSystem& file_system, const std::string& path,
                           std::span<const std::byte> bytes) {
  static std::atomic<unsigned> counter{0};
  const std::string temporary =
      path + ".new-" + std::to_string(getpid()) + "-" + std::to_string(counter++);
  Status written = WriteAndSync(file_system, temporary, bytes);
  if (written.ok()) written = file_system.Rename(temporary, path);
  if (!written.ok()) {
    (void)file_system.Remove(temporary);
    return written;
  }
  return file_system.SyncDirectory(ParentOf(path));
}

Result<std::vector<std::byte>> ReadWholeFile(FileSystem& file_system, const std::string& path,
                                             std::uint64_t limit_bytes) {
  DLV_ASSIGN(const auto file, file_system.OpenForReading(path));
  DLV_ASSIGN(const FileStat stat, file->Stat());
  if (!stat.is_regular) return Error{ErrorCode::kIo, path + ": is not a regular file"};
  if (stat.size_bytes > limit_bytes) {
    return Error{ErrorCode::kUnsafe, path + ": has " + std::to_string(stat.size_bytes) +
                                         " bytes, want at most " + std::to_string(limit_bytes)};
  }
  std::vector<std::byte> bytes(static_cast<std::size_t>(stat.size_bytes));
  DLV_TRY(file->ReadAt(0, bytes));
  return bytes;
}

}  // namespace dlv::io

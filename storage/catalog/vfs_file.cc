#include "storage/catalog/vfs_file.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <vector>

#include "storage/catalog/page_checksum.h"
#include "storage/catalog/vfs.h"
#include "storage/catalog/vfs_lock.h"

namespace dlv::catalog {
namespace {

/// SQLite's rare temporary files (statement journals above 64 KiB). They never need to survive.
class TemporaryFile final : public File {
 public:
  using File::File;
  int Read(std::span<std::byte> out, std::uint64_t offset) override {
    const std::uint64_t have = offset < bytes_.size() ? bytes_.size() - offset : 0;
    const std::size_t size = std::min<std::size_t>(out.size(), have);
    std::copy_n(bytes_.begin() + static_cast<std::ptrdiff_t>(size == 0 ? 0 : offset), size,
                out.begin());
    std::fill(out.begin() + static_cast<std::ptrdiff_t>(size), out.end(), std::byte{0});
    return size == out.size() ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
  }
  int Write(std::span<const std::byte> bytes, std::uint64_t offset) override {
    if (bytes_.size() < offset + bytes.size()) bytes_.resize(offset + bytes.size());
    std::copy(bytes.begin(), bytes.end(), bytes_.begin() + static_cast<std::ptrdiff_t>(offset));
    return SQLITE_OK;
  }
  int Truncate(std::uint64_t size) override {
    bytes_.resize(size);
    return SQLITE_OK;
  }
  int Sync() override { return SQLITE_OK; }
  int Size(std::uint64_t& size) override {
    size = bytes_.size();
    return SQLITE_OK;
  }

 private:
  std::vector<std::byte> bytes_;
};

/// A file of the file system, open for writing or, where that is refused, for reading.
class StoredFile : public File {
 public:
  StoredFile(VfsState& vfs, std::string path, std::unique_ptr<io::WritableFile> writable,
             std::unique_ptr<io::ReadableFile> readable)
      : File(vfs),
        path_(std::move(path)),
        writable_(std::move(writable)),
        readable_(std::move(readable)) {}

  int Read(std::span<std::byte> out, std::uint64_t offset) override {
    const Status status = ReadStored(out, offset);
    if (status.ok()) return SQLITE_OK;
    // The file may end before the page does: SQLite asks for zeros then.
    std::uint64_t size = 0;
    if (const int code = Size(size); code != SQLITE_OK) return code;
    const std::uint64_t have = offset < size ? size - offset : 0;
    if (have >= out.size()) return vfs_.Keep(status.error(), SQLITE_IOERR_READ);
    const auto [part, rest] = std::pair(out.first(have), out.subspan(have));
    if (Status again = ReadStored(part, offset); !again.ok()) {
      return vfs_.Keep(std::move(again).error(), SQLITE_IOERR_READ);
    }
    std::fill(rest.begin(), rest.end(), std::byte{0});
    return SQLITE_IOERR_SHORT_READ;
  }

  int Write(std::span<const std::byte> bytes, std::uint64_t offset) override {
    if (writable_ == nullptr) return SQLITE_READONLY;
    Status status = writable_->WriteAt(offset, bytes);
    return status.ok() ? SQLITE_OK : vfs_.Keep(std::move(status).error(), SQLITE_IOERR_WRITE);
  }

  int Truncate(std::uint64_t size) override {
    if (writable_ == nullptr) return SQLITE_READONLY;
    Status status = writable_->Truncate(size);
    return status.ok() ? SQLITE_OK : vfs_.Keep(std::move(status).error(), SQLITE_IOERR_TRUNCATE);
  }

  int Sync() override {
    if (writable_ == nullptr) return SQLITE_OK;
    Status status = writable_->Sync();
    // A new journal must be found after a loss of power, so its name is made durable with its first
    // content.
    if (status.ok() && sync_folder_) {
      status = vfs_.file_system.SyncDirectory(FolderOf(path_));
      sync_folder_ = !status.ok();
    }
    return status.ok() ? SQLITE_OK : vfs_.Keep(std::move(status).error(), SQLITE_IOERR_FSYNC);
  }

  int Size(std::uint64_t& size) override {
    if (writable_ != nullptr) {
      Result<std::uint64_t> found = writable_->Size();
      if (!found.ok()) return vfs_.Keep(std::move(found).error(), SQLITE_IOERR_FSTAT);
      size = *found;
    } else {
      Result<io::FileStat> found = readable_->Stat();
      if (!found.ok()) return vfs_.Keep(std::move(found).error(), SQLITE_IOERR_FSTAT);
      size = found->size_bytes;
    }
    return SQLITE_OK;
  }

  bool read_only() const override { return writable_ == nullptr; }

 private:
  Status ReadStored(std::span<std::byte> out, std::uint64_t offset) const {
    if (out.empty()) return Ok();
    return writable_ != nullptr ? writable_->ReadAt(offset, out) : readable_->ReadAt(offset, out);
  }

 protected:
  std::string path_;

 private:
  std::unique_ptr<io::WritableFile> writable_;
  std::unique_ptr<io::ReadableFile> readable_;
  bool sync_folder_ = true;
};

/// The database: locks, and a checksum in each page.
class DatabaseFile final : public StoredFile {
 public:
  using StoredFile::StoredFile;

  void SetLock(std::unique_ptr<io::FileLock> lock) { lock_.emplace(std::move(lock)); }

  int Read(std::span<std::byte> out, std::uint64_t offset) override {
    const int code = StoredFile::Read(out, offset);
    // Parts of the header are read before page 1 is; only whole pages carry a checksum.
    if (code != SQLITE_OK || out.size() < kSmallestSqlitePage) return code;
    if (out.size() != kPageSize || offset % kPageSize != 0) {
      return vfs_.Keep(Damaged(offset, "its size is " + std::to_string(out.size()) + ", want " +
                                           std::to_string(kPageSize)),
                       SQLITE_IOERR_DATA);
    }
    if (IsPageSound(offset / kPageSize + 1, out)) return SQLITE_OK;
    return vfs_.Keep(Damaged(offset, "checksum does not match"), SQLITE_IOERR_DATA);
  }

  int Write(std::span<const std::byte> bytes, std::uint64_t offset) override {
    if (bytes.size() != kPageSize || offset % kPageSize != 0) {
      return vfs_.Keep(Error{ErrorCode::kInternal, path_ + ": SQLite writes a part of a page"},
                       SQLITE_IOERR_WRITE);
    }
    if (const int code = FillGap(offset); code != SQLITE_OK) return code;
    return WriteSealed(bytes, offset);
  }

  int Lock(int level) override {
    if (!lock_.has_value()) return SQLITE_OK;
    Result<bool> taken = lock_->Raise(level);
    if (!taken.ok()) return vfs_.Keep(std::move(taken).error(), SQLITE_IOERR_LOCK);
    if (!*taken) return SQLITE_BUSY;
    return level == SQLITE_LOCK_SHARED ? RefuseReplaced() : SQLITE_OK;
  }
  int Unlock(int level) override {
    if (!lock_.has_value()) return SQLITE_OK;
    Status status = lock_->Lower(level);
    return status.ok() ? SQLITE_OK : vfs_.Keep(std::move(status).error(), SQLITE_IOERR_UNLOCK);
  }
  int CheckReserved(int& reserved) override {
    reserved = 0;
    if (!lock_.has_value()) return SQLITE_OK;
    Result<bool> held = lock_->IsReserved();
    if (!held.ok()) return vfs_.Keep(std::move(held).error(), SQLITE_IOERR_CHECKRESERVEDLOCK);
    reserved = *held ? 1 : 0;
    return SQLITE_OK;
  }

 private:
  static constexpr std::size_t kSmallestSqlitePage = 512;

  /// A journal is found by name: after the file was replaced (rebuilt), the name belongs to another
  /// database, and rolling that journal back into this file would harm both. Whoever replaces a
  /// catalog holds it exclusively meanwhile, so that asking under a shared lock is enough.
  int RefuseReplaced() {
    Result<bool> named = lock_->IsStillNamed();
    if (named.ok() && *named) return SQLITE_OK;
    (void)lock_->Lower(SQLITE_LOCK_NONE);
    if (!named.ok()) return vfs_.Keep(std::move(named).error(), SQLITE_IOERR_LOCK);
    return vfs_.Keep(
        Error{ErrorCode::kConflict, path_ + ": was replaced since it was opened", "open it again"},
        SQLITE_IOERR_LOCK);
  }

  Error Damaged(std::uint64_t offset, const std::string& why) const {
    return Error{ErrorCode::kCorruption,
                 path_ + ": page " + std::to_string(offset / kPageSize + 1) + " is damaged: " + why,
                 "dlv fsck --rebuild-catalog makes the catalog anew from the packs"};
  }

  int WriteSealed(std::span<const std::byte> bytes, std::uint64_t offset) {
    std::array<std::byte, kPageSize> page;
    std::memcpy(page.data(), bytes.data(), bytes.size());
    SealPage(offset / kPageSize + 1, page);
    return StoredFile::Write(page, offset);
  }

  /// SQLite leaves out pages that are free when the file grows. They would read as zeros without a
  /// checksum.
  int FillGap(std::uint64_t offset) {
    std::uint64_t size = 0;
    if (const int code = Size(size); code != SQLITE_OK) return code;
    static constexpr std::array<std::byte, kPageSize> kZeros{};
    for (std::uint64_t at = (size + kPageSize - 1) / kPageSize * kPageSize; at < offset;
         at += kPageSize) {
      if (const int code = WriteSealed(kZeros, at); code != SQLITE_OK) return code;
    }
    return SQLITE_OK;
  }

  std::optional<DatabaseLock> lock_;
};

}  // namespace

std::string FolderOf(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

Result<std::unique_ptr<File>> OpenStoredFile(VfsState& vfs, const std::string& path, int flags) {
  io::FileSystem& system = vfs.file_system;
  const Result<io::FileStat> stat = system.Stat(path);
  const bool missing = !stat.ok() && stat.error().code == ErrorCode::kNotFound;
  if (!stat.ok() && (!missing || (flags & SQLITE_OPEN_CREATE) == 0)) return stat.error();

  std::unique_ptr<io::WritableFile> writable;
  std::unique_ptr<io::ReadableFile> readable;
  if ((flags & SQLITE_OPEN_READWRITE) != 0) {
    Result<std::unique_ptr<io::WritableFile>> opened =
        system.OpenForWriting(path, io::WriteMode::kUpdate);
    if (!opened.ok() && missing) return std::move(opened).error();
    if (opened.ok()) {
      writable = std::move(opened).value();
    } else {
      vfs.read_only_reason = std::move(opened).error();
    }
  }
  if (writable == nullptr) {
    DLV_ASSIGN(readable, system.OpenForReading(path));
  }
  if ((flags & SQLITE_OPEN_MAIN_DB) == 0) {
    return std::unique_ptr<File>(
        std::make_unique<StoredFile>(vfs, path, std::move(writable), std::move(readable)));
  }
  auto database =
      std::make_unique<DatabaseFile>(vfs, path, std::move(writable), std::move(readable));
  DLV_ASSIGN(auto lock, system.OpenLock(path));
  database->SetLock(std::move(lock));
  return std::unique_ptr<File>(std::move(database));
}

std::unique_ptr<File> MakeTemporaryFile(VfsState& vfs) {
  return std::make_unique<TemporaryFile>(vfs);
}

}  // namespace dlv::catalog

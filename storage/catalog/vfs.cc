#include "storage/catalog/vfs.h"

#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstring>
#include <new>
#include <span>
#include <thread>
#include <vector>

#include "storage/catalog/page_checksum.h"
#include "storage/catalog/vfs_lock.h"

namespace dlv::catalog {

struct Vfs::Impl {
  explicit Impl(io::FileSystem& system) : file_system(system) {}
  io::FileSystem& file_system;
  std::optional<Error> error;
  std::optional<Error> read_only_reason;
  sqlite3_vfs vfs{};

  /// Keeps the error for the translation in sqlite.cc and returns `code` to SQLite.
  int Keep(Error why, int code) {
    if (!error.has_value()) error = std::move(why);
    return code;
  }
};

namespace {

std::string FolderOf(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

/// A file as SQLite sees it: the calls of sqlite3_io_methods, with SQLite's codes.
class File {
 public:
  explicit File(Vfs::Impl& vfs) : vfs_(vfs) {}
  virtual ~File() = default;
  virtual int Read(std::span<std::byte> out, std::uint64_t offset) = 0;
  virtual int Write(std::span<const std::byte> bytes, std::uint64_t offset) = 0;
  virtual int Truncate(std::uint64_t size) = 0;
  virtual int Sync() = 0;
  virtual int Size(std::uint64_t& size) = 0;
  virtual int Lock(int) { return SQLITE_OK; }
  virtual int Unlock(int) { return SQLITE_OK; }
  virtual int CheckReserved(int& reserved) {
    reserved = 0;
    return SQLITE_OK;
  }

 protected:
  Vfs::Impl& vfs_;
};

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
  StoredFile(Vfs::Impl& vfs, std::string path, std::unique_ptr<io::WritableFile> writable,
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

  bool read_only() const { return writable_ == nullptr; }

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

// ---- The C interface ----------------------------------------------------------------------------

struct OpenFile {
  sqlite3_file base;  // first: SQLite sees this member only
  File* file;
};

File& FileOf(sqlite3_file* base) { return *reinterpret_cast<OpenFile*>(base)->file; }
Vfs::Impl& ImplOf(sqlite3_vfs* vfs) { return *static_cast<Vfs::Impl*>(vfs->pAppData); }

int Close(sqlite3_file* base) {
  auto* const open = reinterpret_cast<OpenFile*>(base);
  delete open->file;
  open->file = nullptr;
  return SQLITE_OK;
}
int Read(sqlite3_file* base, void* out, int size, sqlite3_int64 offset) {
  return FileOf(base).Read({static_cast<std::byte*>(out), static_cast<std::size_t>(size)},
                           static_cast<std::uint64_t>(offset));
}
int Write(sqlite3_file* base, const void* bytes, int size, sqlite3_int64 offset) {
  return FileOf(base).Write({static_cast<const std::byte*>(bytes), static_cast<std::size_t>(size)},
                            static_cast<std::uint64_t>(offset));
}
int Truncate(sqlite3_file* base, sqlite3_int64 size) {
  return FileOf(base).Truncate(static_cast<std::uint64_t>(size));
}
int Sync(sqlite3_file* base, int) { return FileOf(base).Sync(); }
int FileSize(sqlite3_file* base, sqlite3_int64* size) {
  std::uint64_t found = 0;
  const int code = FileOf(base).Size(found);
  *size = static_cast<sqlite3_int64>(found);
  return code;
}
int Lock(sqlite3_file* base, int level) { return FileOf(base).Lock(level); }
int Unlock(sqlite3_file* base, int level) { return FileOf(base).Unlock(level); }
int CheckReserved(sqlite3_file* base, int* reserved) {
  return FileOf(base).CheckReserved(*reserved);
}
int FileControl(sqlite3_file*, int, void*) { return SQLITE_NOTFOUND; }
int SectorSize(sqlite3_file*) { return kPageSize; }
int DeviceCharacteristics(sqlite3_file*) { return 0; }

constexpr sqlite3_io_methods kMethods = {
    1,
    Close,
    Read,
    Write,
    Truncate,
    Sync,
    FileSize,
    Lock,
    Unlock,
    CheckReserved,
    FileControl,
    SectorSize,
    DeviceCharacteristics,
    nullptr,
    nullptr,
    nullptr,
    nullptr,
    nullptr,
    nullptr,
};

/// Opens for writing where SQLite asks for it and the medium allows it.
Result<std::unique_ptr<StoredFile>> OpenStored(Vfs::Impl& vfs, const std::string& path, int flags) {
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
    return std::make_unique<StoredFile>(vfs, path, std::move(writable), std::move(readable));
  }
  auto database =
      std::make_unique<DatabaseFile>(vfs, path, std::move(writable), std::move(readable));
  DLV_ASSIGN(auto lock, system.OpenLock(path));
  database->SetLock(std::move(lock));
  return std::unique_ptr<StoredFile>(std::move(database));
}

int Open(sqlite3_vfs* vfs, sqlite3_filename name, sqlite3_file* base, int flags, int* out_flags) {
  auto* const open = reinterpret_cast<OpenFile*>(base);
  open->base.pMethods = nullptr;  // SQLite calls xClose only where there are methods
  Vfs::Impl& impl = ImplOf(vfs);
  if (name == nullptr) {
    open->file = new (std::nothrow) TemporaryFile(impl);
    if (open->file == nullptr) return SQLITE_NOMEM;
  } else {
    Result<std::unique_ptr<StoredFile>> file = OpenStored(impl, name, flags);
    if (!file.ok()) return impl.Keep(std::move(file).error(), SQLITE_CANTOPEN);
    if ((*file)->read_only())
      flags = (flags & ~(SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE)) | SQLITE_OPEN_READONLY;
    open->file = file->release();
  }
  open->base.pMethods = &kMethods;
  if (out_flags != nullptr) *out_flags = flags;
  return SQLITE_OK;
}

int Delete(sqlite3_vfs* vfs, const char* name, int sync_folder) {
  Vfs::Impl& impl = ImplOf(vfs);
  Status status = impl.file_system.Remove(name);
  if (!status.ok() && status.error().code == ErrorCode::kNotFound) return SQLITE_IOERR_DELETE_NOENT;
  if (status.ok() && sync_folder != 0) status = impl.file_system.SyncDirectory(FolderOf(name));
  return status.ok() ? SQLITE_OK : impl.Keep(std::move(status).error(), SQLITE_IOERR_DELETE);
}

int Access(sqlite3_vfs* vfs, const char* name, int flags, int* result) {
  Vfs::Impl& impl = ImplOf(vfs);
  const Result<io::FileStat> stat = impl.file_system.Stat(name);
  *result = 0;
  if (!stat.ok()) {
    if (stat.error().code == ErrorCode::kNotFound) return SQLITE_OK;
    return impl.Keep(stat.error(), SQLITE_IOERR_ACCESS);
  }
  // As SQLite's own VFS: an empty file does not exist (an emptied journal is no journal).
  *result = flags != SQLITE_ACCESS_EXISTS || stat->size_bytes > 0 ? 1 : 0;
  return SQLITE_OK;
}

int FullPathname(sqlite3_vfs*, const char* name, int size, char* out) {
  const std::size_t length = std::strlen(name);
  if (length >= static_cast<std::size_t>(size)) return SQLITE_CANTOPEN;
  std::memcpy(out, name, length + 1);
  return SQLITE_OK;
}

int Randomness(sqlite3_vfs*, int size, char* out) {
  sqlite3_vfs* const real = sqlite3_vfs_find(nullptr);
  return real->xRandomness(real, size, out);
}

int Sleep(sqlite3_vfs*, int microseconds) {
  std::this_thread::sleep_for(std::chrono::microseconds(microseconds));
  return microseconds;
}

int CurrentTimeInt64(sqlite3_vfs*, sqlite3_int64* milliseconds) {
  using namespace std::chrono;
  constexpr sqlite3_int64 kUnixEpoch = 210866760000000;  // in milliseconds of the Julian day
  *milliseconds =
      kUnixEpoch +
      duration_cast<std::chrono::milliseconds>(system_clock::now().time_since_epoch()).count();
  return SQLITE_OK;
}

int CurrentTime(sqlite3_vfs* vfs, double* days) {
  sqlite3_int64 milliseconds = 0;
  const int code = CurrentTimeInt64(vfs, &milliseconds);
  *days = static_cast<double>(milliseconds) / 86'400'000.0;
  return code;
}

int GetLastError(sqlite3_vfs*, int, char*) { return 0; }

std::string UniqueName() {
  static std::atomic<std::uint64_t> counter{0};
  return "dlv-" + std::to_string(++counter);
}

}  // namespace

Vfs::Vfs(io::FileSystem& file_system)
    : name_(UniqueName()), impl_(std::make_unique<Impl>(file_system)) {
  sqlite3_initialize();
  sqlite3_vfs& vfs = impl_->vfs;
  vfs.iVersion = 2;
  vfs.szOsFile = sizeof(OpenFile);
  vfs.mxPathname = 4096;
  vfs.zName = name_.c_str();
  vfs.pAppData = impl_.get();
  vfs.xOpen = Open;
  vfs.xDelete = Delete;
  vfs.xAccess = Access;
  vfs.xFullPathname = FullPathname;
  vfs.xRandomness = Randomness;
  vfs.xSleep = Sleep;
  vfs.xCurrentTime = CurrentTime;
  vfs.xCurrentTimeInt64 = CurrentTimeInt64;
  vfs.xGetLastError = GetLastError;
  sqlite3_vfs_register(&vfs, 0);
}

Vfs::~Vfs() { sqlite3_vfs_unregister(&impl_->vfs); }

std::optional<Error> Vfs::TakeError() { return std::exchange(impl_->error, std::nullopt); }

const std::optional<Error>& Vfs::read_only_reason() const { return impl_->read_only_reason; }

}  // namespace dlv::catalog

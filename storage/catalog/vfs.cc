#include "storage/catalog/vfs.h"

#include <sqlite3.h>

#include <atomic>
#include <chrono>
#include <cstring>
#include <thread>

#include "storage/catalog/vfs_file.h"

namespace dlv::catalog {

struct Vfs::Impl : VfsState {
  using VfsState::VfsState;
  sqlite3_vfs vfs{};
};

namespace {

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

int Open(sqlite3_vfs* vfs, sqlite3_filename name, sqlite3_file* base, int flags, int* out_flags) {
  auto* const open = reinterpret_cast<OpenFile*>(base);
  open->base.pMethods = nullptr;  // SQLite calls xClose only where there are methods
  Vfs::Impl& impl = ImplOf(vfs);
  if (name == nullptr) {
    open->file = MakeTemporaryFile(impl).release();
  } else {
    Result<std::unique_ptr<File>> file = OpenStoredFile(impl, name, flags);
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

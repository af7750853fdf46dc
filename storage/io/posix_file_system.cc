#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "storage/io/file_system.h"
#include "storage/io/posix_error.h"
#include "storage/io/posix_file_lock.h"

namespace dlv::io {
namespace {

// Kernels cut a single read or write at 2 GiB less a page; this stays below and keeps signals
// responsive.
constexpr std::size_t kLargestTransfer = std::size_t{1} << 30;
// Writeback is started each time this much was appended, so that the final sync has little left to
// wait for.
constexpr std::uint64_t kWritebackStep = std::uint64_t{16} << 20;

/// DLV_FSYNC=0 leaves out every sync: for tests that make thousands of commits and never lose
/// power.
bool SyncIsOn() {
  static const bool on = [] {
    const char* value = std::getenv("DLV_FSYNC");
    return value == nullptr || std::strcmp(value, "0") != 0;
  }();
  return on;
}

template <class Call>
auto Retry(Call call) {
  decltype(call()) result;
  do {
    result = call();
  } while (result < 0 && errno == EINTR);
  return result;
}

std::int64_t Nanoseconds(const timespec& time) {
  return static_cast<std::int64_t>(time.tv_sec) * 1'000'000'000 + time.tv_nsec;
}

FileStat Describe(const struct stat& found) {
  FileStat stat;
  stat.size_bytes = static_cast<std::uint64_t>(found.st_size);
  stat.mode = found.st_mode & 07777;
  stat.is_directory = S_ISDIR(found.st_mode);
  stat.is_regular = S_ISREG(found.st_mode);
  stat.is_link = S_ISLNK(found.st_mode);
  stat.link_count = found.st_nlink;
  stat.modified_ns = Nanoseconds(found.st_mtim);
  char key[128];
  std::snprintf(
      key, sizeof key, "%llx-%llx-%llx-%llx-%llx", static_cast<unsigned long long>(found.st_dev),
      static_cast<unsigned long long>(found.st_ino), static_cast<unsigned long long>(found.st_size),
      static_cast<unsigned long long>(stat.modified_ns),
      static_cast<unsigned long long>(Nanoseconds(found.st_ctim)));
  stat.change_key = key;
  return stat;
}

Result<FileStat> StatDescriptor(int descriptor, const std::string& path) {
  struct stat found {};
  if (fstat(descriptor, &found) != 0) return PosixError(errno, "stat", path);
  return Describe(found);
}

Status ReadFully(int descriptor, const std::string& path, std::uint64_t offset,
                 std::span<std::byte> out) {
  std::size_t done = 0;
  while (done < out.size()) {
    const std::size_t want = std::min(out.size() - done, kLargestTransfer);
    const ssize_t got = Retry([&] {
      return pread(descriptor, out.data() + done, want, static_cast<off_t>(offset + done));
    });
    if (got < 0) return PosixError(errno, "read", path);
    if (got == 0) {
      return Error{ErrorCode::kCorruption, path + ": ends at byte " +
                                               std::to_string(offset + done) + ", want " +
                                               std::to_string(offset + out.size())};
    }
    done += static_cast<std::size_t>(got);
  }
  return Ok();
}

class PosixReadable final : public ReadableFile {
 public:
  PosixReadable(int descriptor, std::string path)
      : descriptor_(descriptor), path_(std::move(path)) {}
  ~PosixReadable() override { close(descriptor_); }
  Status ReadAt(std::uint64_t offset, std::span<std::byte> out) const override {
    return ReadFully(descriptor_, path_, offset, out);
  }
  Result<FileStat> Stat() const override { return StatDescriptor(descriptor_, path_); }
  const std::string& path() const override { return path_; }

 private:
  int descriptor_;
  std::string path_;
};

class PosixWritable final : public WritableFile {
 public:
  PosixWritable(int descriptor, std::uint64_t end, std::string path)
      : descriptor_(descriptor), end_(end), writeback_from_(end), path_(std::move(path)) {}
  ~PosixWritable() override { (void)Close(); }

  Status Append(std::span<const std::byte> bytes) override {
    DLV_TRY(WriteAt(end_, bytes));
    if (SyncIsOn() && end_ - writeback_from_ >= kWritebackStep) {
      // A hint: errors show up again in Sync.
      (void)sync_file_range(descriptor_, static_cast<off_t>(writeback_from_),
                            static_cast<off_t>(end_ - writeback_from_), SYNC_FILE_RANGE_WRITE);
      writeback_from_ = end_;
    }
    return Ok();
  }

  Status WriteAt(std::uint64_t offset, std::span<const std::byte> bytes) override {
    DLV_TRY(CheckOpen());
    std::size_t done = 0;
    while (done < bytes.size()) {
      const std::size_t want = std::min(bytes.size() - done, kLargestTransfer);
      const ssize_t put = Retry([&] {
        return pwrite(descriptor_, bytes.data() + done, want, static_cast<off_t>(offset + done));
      });
      if (put < 0) return PosixError(errno, "write", path_);
      if (put == 0) return PosixError(EIO, "write", path_);
      done += static_cast<std::size_t>(put);
    }
    end_ = std::max(end_, offset + bytes.size());
    return Ok();
  }

  Status ReadAt(std::uint64_t offset, std::span<std::byte> out) const override {
    DLV_TRY(CheckOpen());
    return ReadFully(descriptor_, path_, offset, out);
  }

  Status Truncate(std::uint64_t size_bytes) override {
    DLV_TRY(CheckOpen());
    if (Retry([&] { return ftruncate(descriptor_, static_cast<off_t>(size_bytes)); }) != 0) {
      return PosixError(errno, "truncate", path_);
    }
    end_ = size_bytes;
    writeback_from_ = std::min(writeback_from_, end_);
    return Ok();
  }

  Status Sync() override {
    DLV_TRY(CheckOpen());
    if (SyncIsOn() && Retry([&] { return fdatasync(descriptor_); }) != 0)
      return PosixError(errno, "sync", path_);
    return Ok();
  }

  Result<std::uint64_t> Size() const override {
    DLV_TRY(CheckOpen());
    DLV_ASSIGN(const FileStat stat, StatDescriptor(descriptor_, path_));
    return stat.size_bytes;
  }

  Status Close() override {
    if (descriptor_ < 0) return Ok();
    const int descriptor = std::exchange(descriptor_, -1);
    // After EINTR the descriptor is closed all the same (Linux); closing again could hit another
    // file.
    if (close(descriptor) != 0 && errno != EINTR) return PosixError(errno, "close", path_);
    return Ok();
  }

 private:
  Status CheckOpen() const {
    if (descriptor_ < 0) return Error{ErrorCode::kIo, path_ + ": is closed"};
    return Ok();
  }

  int descriptor_;
  std::uint64_t end_;
  std::uint64_t writeback_from_;
  std::string path_;
};

Status MakeOneDirectory(const std::string& path) {
  if (mkdir(path.c_str(), 0777) == 0) return Ok();
  const int why = errno;
  struct stat found {};
  if (why == EEXIST && stat(path.c_str(), &found) == 0 && S_ISDIR(found.st_mode)) return Ok();
  return PosixError(why, "make directory", path);
}

/// f_type of the network and user-space file systems on which neither locks nor mmap can be relied
/// on.
bool IsRemoteType(std::uint64_t type) {
  constexpr std::uint64_t kRemote[] = {
      0x6969 /* nfs */,      0x517b /* smb */,       0xff534d42 /* cifs */,
      0xfe534d42 /* smb2 */, 0x65735546 /* fuse */,  0x01021997 /* 9p */,
      0x00c36400 /* ceph */, 0x5346414f /* afs */,   0x0bd00bd0 /* lustre */,
      0x47504653 /* gpfs */, 0x19830326 /* fhgfs */, 0x7461636f /* ocfs2 */,
      0x01161970 /* gfs2 */, 0x73757245 /* coda */,  0x564c /* ncp */,
  };
  return std::find(std::begin(kRemote), std::end(kRemote), type) != std::end(kRemote);
}

class Posix final : public FileSystem {
 public:
  Result<std::unique_ptr<ReadableFile>> OpenForReading(const std::string& path) override {
    const int descriptor = Retry([&] { return open(path.c_str(), O_RDONLY | O_CLOEXEC); });
    if (descriptor < 0) return PosixError(errno, "open", path);
    return std::unique_ptr<ReadableFile>(std::make_unique<PosixReadable>(descriptor, path));
  }

  Result<std::unique_ptr<WritableFile>> OpenForWriting(const std::string& path,
                                                       WriteMode mode) override {
    const bool is_private = mode == WriteMode::kPrivate;
    const int extra = mode == WriteMode::kCreateNew || is_private ? O_EXCL
                      : mode == WriteMode::kReplace               ? O_TRUNC
                                                                  : 0;
    const mode_t rights = is_private ? 0600 : 0666;
    const int descriptor =
        Retry([&] { return open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | extra, rights); });
    if (descriptor < 0) return PosixError(errno, "open", path);
    Result<FileStat> stat = StatDescriptor(descriptor, path);
    if (!stat.ok()) {
      close(descriptor);
      return std::move(stat).error();
    }
    return std::unique_ptr<WritableFile>(
        std::make_unique<PosixWritable>(descriptor, stat->size_bytes, path));
  }

  Result<FileStat> Stat(const std::string& path) override {
    struct stat found {};
    if (lstat(path.c_str(), &found) != 0) return PosixError(errno, "stat", path);
    return Describe(found);
  }

  Result<std::vector<std::string>> List(const std::string& path) override {
    DIR* directory = opendir(path.c_str());
    if (directory == nullptr) return PosixError(errno, "list", path);
    std::vector<std::string> names;
    errno = 0;
    while (const dirent* entry = readdir(directory)) {
      const std::string name = entry->d_name;
      if (name != "." && name != "..") names.push_back(name);
      errno = 0;
    }
    const int why = errno;
    closedir(directory);
    if (why != 0) return PosixError(why, "list", path);
    std::sort(names.begin(), names.end());
    return names;
  }

  Status MakeDirectory(const std::string& path) override {
    for (std::size_t slash = path.find('/', 1); slash != std::string::npos;
         slash = path.find('/', slash + 1)) {
      DLV_TRY(MakeOneDirectory(path.substr(0, slash)));
    }
    return path.empty() || path.back() == '/' ? Ok() : MakeOneDirectory(path);
  }

  Status Rename(const std::string& from, const std::string& to) override {
    if (rename(from.c_str(), to.c_str()) != 0) return PosixError(errno, "rename", from);
    return Ok();
  }

  Status Remove(const std::string& path) override {
    if (std::remove(path.c_str()) != 0) return PosixError(errno, "remove", path);
    return Ok();
  }

  Status SyncDirectory(const std::string& path) override {
    if (!SyncIsOn()) return Ok();
    const int descriptor =
        Retry([&] { return open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); });
    if (descriptor < 0) return PosixError(errno, "open", path);
    const int result = Retry([&] { return fsync(descriptor); });
    const int why = errno;
    close(descriptor);
    // Some network and FUSE file systems have no sync for directories; there is nothing more to be
    // had from them.
    if (result != 0 && why != EINVAL && why != ENOTSUP) return PosixError(why, "sync", path);
    return Ok();
  }

  Result<std::uint64_t> FreeBytes(const std::string& path) override {
    struct statvfs found {};
    if (statvfs(path.c_str(), &found) != 0) return PosixError(errno, "free space of", path);
    return static_cast<std::uint64_t>(found.f_bavail) * found.f_frsize;
  }

  Result<bool> IsLocal(const std::string& path) override {
    struct statfs found {};
    if (statfs(path.c_str(), &found) != 0) return PosixError(errno, "file system of", path);
    return !IsRemoteType(static_cast<std::uint32_t>(found.f_type));
  }

  Result<std::unique_ptr<FileLock>> OpenLock(const std::string& path) override {
    return OpenPosixLock(path);
  }
};

}  // namespace

FileSystem& PosixFileSystem() {
  static Posix posix;
  return posix;
}

}  // namespace dlv::io

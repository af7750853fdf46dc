#include "storage/io/posix_file_lock.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "storage/io/posix_error.h"

namespace dlv::io {
namespace {

class PosixLock final : public FileLock {
 public:
  PosixLock(int descriptor, bool writable, std::string path)
      : descriptor_(descriptor), writable_(writable), path_(std::move(path)) {}
  ~PosixLock() override { close(descriptor_); }

  Result<bool> TryLock(std::uint64_t offset, std::uint64_t length, bool exclusive) override {
    if (exclusive && !writable_) {
      return Error{ErrorCode::kIo, path_ + ": lock: the file is read-only"};
    }
    struct flock request = Range(offset, length, exclusive ? F_WRLCK : F_RDLCK);
    if (Control(F_OFD_SETLK, &request) == 0) return true;
    if (errno == EAGAIN || errno == EACCES) return false;
    // A medium that can neither be written nor locked has no writers to be protected from.
    if (!exclusive && !writable_ && (errno == ENOLCK || errno == EROFS)) return true;
    return PosixError(errno, "lock", path_);
  }

  Status Unlock(std::uint64_t offset, std::uint64_t length) override {
    struct flock request = Range(offset, length, F_UNLCK);
    if (Control(F_OFD_SETLK, &request) != 0) return PosixError(errno, "unlock", path_);
    return Ok();
  }

  Result<bool> IsHeldByOther(std::uint64_t offset, std::uint64_t length) override {
    struct flock request = Range(offset, length, F_WRLCK);
    if (Control(F_OFD_GETLK, &request) != 0) return PosixError(errno, "query lock of", path_);
    return request.l_type != F_UNLCK;
  }

  Result<bool> IsStillNamed() override {
    struct stat mine {};
    struct stat named {};
    if (fstat(descriptor_, &mine) != 0) return PosixError(errno, "stat", path_);
    if (stat(path_.c_str(), &named) != 0) {
      if (errno == ENOENT) return false;
      return PosixError(errno, "stat", path_);
    }
    return mine.st_dev == named.st_dev && mine.st_ino == named.st_ino;
  }

 private:
  static struct flock Range(std::uint64_t offset, std::uint64_t length, short type) {
    struct flock request {};
    request.l_type = type;
    request.l_whence = SEEK_SET;
    request.l_start = static_cast<off_t>(offset);
    request.l_len = static_cast<off_t>(length);
    return request;
  }

  int Control(int command, struct flock* request) const {
    int result = 0;
    do {
      result = fcntl(descriptor_, command, request);
    } while (result != 0 && errno == EINTR);
    return result;
  }

  int descriptor_;
  bool writable_;
  std::string path_;
};

}  // namespace

Result<std::unique_ptr<FileLock>> OpenPosixLock(const std::string& path) {
  bool writable = true;
  int descriptor = open(path.c_str(), O_RDWR | O_CLOEXEC);
  if (descriptor < 0 && (errno == EACCES || errno == EROFS || errno == EPERM)) {
    writable = false;
    descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  }
  if (descriptor < 0) return PosixError(errno, "open", path);
  return std::unique_ptr<FileLock>(std::make_unique<PosixLock>(descriptor, writable, path));
}

}  // namespace dlv::io

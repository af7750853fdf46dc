#include "storage/io/output_folder.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <utility>

#include "storage/io/posix_error.h"

namespace dlv::io {
namespace {

constexpr int kFolderFlags = O_RDONLY | O_DIRECTORY | O_CLOEXEC;

/// A file read through a descriptor.
class DescriptorFile : public ReadableFile {
 public:
  DescriptorFile(int file, std::string path) : file_(file), path_(std::move(path)) {}
  ~DescriptorFile() override { ::close(file_); }
  Status ReadAt(std::uint64_t offset, std::span<std::byte> out) const override {
    while (!out.empty()) {
      const ssize_t got = ::pread(file_, out.data(), out.size(), static_cast<off_t>(offset));
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) return PosixError(errno, "read", path_);
      if (got == 0) {
        return Error{ErrorCode::kCorruption, path_ + ": ends at byte " + std::to_string(offset)};
      }
      out = out.subspan(static_cast<std::size_t>(got));
      offset += static_cast<std::uint64_t>(got);
    }
    return Ok();
  }
  Result<FileStat> Stat() const override;
  const std::string& path() const override { return path_; }

 private:
  int file_;
  std::string path_;
};

FileStat Convert(const struct stat& raw) {
  FileStat stat;
  stat.size_bytes = static_cast<std::uint64_t>(raw.st_size);
  stat.mode = raw.st_mode & 07777;
  stat.is_directory = S_ISDIR(raw.st_mode);
  stat.is_regular = S_ISREG(raw.st_mode);
  stat.is_link = S_ISLNK(raw.st_mode);
  return stat;
}

Result<FileStat> DescriptorFile::Stat() const {
  struct stat raw {};
  if (::fstat(file_, &raw) != 0) return PosixError(errno, "stat", path_);
  return Convert(raw);
}

Error InTheWay(const std::string& path) {
  return Error{ErrorCode::kConflict, path + ": a link or a file is in the way",
               "remove it, or choose another output folder"};
}

Status MakeAll(const std::string& path) {
  for (std::size_t end = path.find('/', 1);; end = path.find('/', end + 1)) {
    const std::string part = path.substr(0, end);
    if (!part.empty() && ::mkdir(part.c_str(), 0777) != 0 && errno != EEXIST) {
      return PosixError(errno, "make folder", part);
    }
    if (end == std::string::npos) return Ok();
  }
}

}  // namespace

Result<OutputFolder> OutputFolder::Open(const std::string& path) {
  DLV_TRY(MakeAll(path));
  const int folder = ::open(path.c_str(), kFolderFlags);
  if (folder < 0 && errno == ENOTDIR) return InTheWay(path);
  if (folder < 0) return PosixError(errno, "open folder", path);
  return OutputFolder(folder, path);
}

OutputFolder::OutputFolder(OutputFolder&& other) noexcept
    : folder_(std::exchange(other.folder_, -1)), path_(std::move(other.path_)) {}

OutputFolder::~OutputFolder() {
  if (folder_ >= 0) ::close(folder_);
}

Result<int> OutputFolder::OpenParent(const std::string& relative, bool make,
                                     std::string& name) const {
  int folder = ::fcntl(folder_, F_DUPFD_CLOEXEC, 0);
  if (folder < 0) return PosixError(errno, "open folder", path_);
  std::size_t start = 0;
  for (std::size_t slash = relative.find('/'); slash != std::string::npos;
       slash = relative.find('/', start)) {
    const std::string part = relative.substr(start, slash - start);
    if (make && ::mkdirat(folder, part.c_str(), 0777) != 0 && errno != EEXIST) {
      const Error error = PosixError(errno, "make folder", path_ + "/" + relative);
      ::close(folder);
      return error;
    }
    const int next = ::openat(folder, part.c_str(), kFolderFlags | O_NOFOLLOW);
    const int reason = errno;
    ::close(folder);
    if (next < 0 && reason == ENOENT && !make) return -1;
    if (next < 0 && (reason == ELOOP || reason == ENOTDIR)) {
      return InTheWay(path_ + "/" + relative.substr(0, slash));
    }
    if (next < 0) return PosixError(reason, "open folder", path_ + "/" + relative);
    folder = next;
    start = slash + 1;
  }
  name = relative.substr(start);
  return folder;
}

Result<std::optional<FileStat>> OutputFolder::Look(const std::string& relative) const {
  std::string name;
  DLV_ASSIGN(const int folder, OpenParent(relative, false, name));
  if (folder < 0) return std::optional<FileStat>();
  struct stat raw {};
  const int result = ::fstatat(folder, name.c_str(), &raw, AT_SYMLINK_NOFOLLOW);
  const int reason = errno;
  ::close(folder);
  if (result != 0 && reason == ENOENT) return std::optional<FileStat>();
  if (result != 0) return PosixError(reason, "stat", path_ + "/" + relative);
  return std::optional(Convert(raw));
}

Result<std::unique_ptr<ReadableFile>> OutputFolder::OpenForReading(
    const std::string& relative) const {
  std::string name;
  DLV_ASSIGN(const int folder, OpenParent(relative, false, name));
  const std::string shown = path_ + "/" + relative;
  if (folder < 0) return PosixError(ENOENT, "open", shown);
  // O_NONBLOCK: opening a pipe would wait for its writer.
  const int file = ::openat(folder, name.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
  const int reason = errno;
  ::close(folder);
  if (file < 0) return PosixError(reason, "open", shown);
  std::unique_ptr<ReadableFile> opened = std::make_unique<DescriptorFile>(file, shown);
  DLV_ASSIGN(const FileStat stat, opened->Stat());
  if (!stat.is_regular) return InTheWay(shown);
  return opened;
}

Result<std::unique_ptr<OutputFile>> OutputFolder::Create(const std::string& relative) const {
  DLV_ASSIGN(const auto before, Look(relative));
  if (before && !before->is_regular) return InTheWay(path_ + "/" + relative);
  static std::atomic<unsigned> counter{0};
  std::unique_ptr<OutputFile> file(new OutputFile());
  file->shown_ = path_ + "/" + relative;
  DLV_ASSIGN(file->folder_, OpenParent(relative, true, file->name_));
  for (int attempt = 0; attempt < 1000; ++attempt) {
    file->temporary_ =
        ".dlv-partial-" + std::to_string(::getpid()) + "-" + std::to_string(counter.fetch_add(1));
    file->file_ = ::openat(file->folder_, file->temporary_.c_str(),
                           O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (file->file_ >= 0) return file;
    if (errno != EEXIST) break;
  }
  file->temporary_.clear();
  return PosixError(errno, "make", file->shown_);
}

OutputFile::~OutputFile() {
  if (file_ >= 0) ::close(file_);
  if (folder_ >= 0) {
    if (!temporary_.empty()) ::unlinkat(folder_, temporary_.c_str(), 0);
    ::close(folder_);
  }
}

Status OutputFile::Write(std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const ssize_t done = ::write(file_, bytes.data(), bytes.size());
    if (done < 0 && errno == EINTR) continue;
    if (done < 0) return PosixError(errno, "write", shown_);
    bytes = bytes.subspan(static_cast<std::size_t>(done));
  }
  return Ok();
}

Status OutputFile::Commit(std::uint32_t mode) {
  const mode_t mask = ::umask(0);
  ::umask(mask);
  if (::fchmod(file_, static_cast<mode_t>(mode & 0777) & ~mask) != 0) {
    return PosixError(errno, "set permissions of", shown_);
  }
  const int closed = ::close(std::exchange(file_, -1));
  if (closed != 0) return PosixError(errno, "close", shown_);
  if (::renameat(folder_, temporary_.c_str(), folder_, name_.c_str()) != 0) {
    return PosixError(errno, "rename to", shown_);
  }
  temporary_.clear();
  return Ok();
}

}  // namespace dlv::io

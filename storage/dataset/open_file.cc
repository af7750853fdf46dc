#include <algorithm>

#include "storage/dataset/readers.h"

namespace dlv::dataset {
namespace {

/// A file and the source that reads it.
class FileBytes : public io::ByteSource {
 public:
  FileBytes(std::unique_ptr<io::ReadableFile> file, std::uint64_t size)
      : file_(std::move(file)), size_(size) {}
  std::uint64_t size() const override { return size_; }
  Status ReadAt(std::uint64_t offset, std::span<std::byte> out) const override {
    return file_->ReadAt(offset, out);
  }

 private:
  std::unique_ptr<io::ReadableFile> file_;
  std::uint64_t size_;
};

constexpr std::size_t kSniffBytes = 16;

}  // namespace

Result<OpenFile> OpenFile::Open(io::FileSystem& files, const std::string& path) {
  DLV_ASSIGN(auto file, files.OpenForReading(path));
  DLV_ASSIGN(const io::FileStat stat, file->Stat());
  if (!stat.is_regular) return Error{ErrorCode::kInvalidArgument, path + ": no regular file"};
  OpenFile open;
  open.path = path;
  open.bytes = std::make_shared<FileBytes>(std::move(file), stat.size_bytes);
  DLV_ASSIGN(const auto head, open.Head(kSniffBytes));
  if (IsGzip(head)) {
    DLV_ASSIGN(open.bytes, OpenGzip(open.bytes, path));
  }
  return open;
}

Result<std::vector<std::byte>> OpenFile::Head(std::size_t count) const {
  std::vector<std::byte> head(
      static_cast<std::size_t>(std::min<std::uint64_t>(count, bytes->size())));
  DLV_TRY(bytes->ReadAt(0, head));
  return head;
}

std::string Join(const std::string& folder, const std::string& name) {
  return folder.ends_with('/') ? folder + name : folder + "/" + name;
}

std::string NameIn(const std::string& path) { return path.substr(path.find_last_of('/') + 1); }

}  // namespace dlv::dataset

#include "storage/io/byte_source.h"

#include <cstring>
#include <string>

namespace dlv::io {
namespace {

Status CheckRange(std::uint64_t offset, std::uint64_t length, std::uint64_t size) {
  if (offset <= size && length <= size - offset) return Ok();
  return Error{ErrorCode::kCorruption, "ends at byte " + std::to_string(size) + ", want " +
                                           std::to_string(length) + " bytes from " +
                                           std::to_string(offset)};
}

class FileSource final : public ByteSource {
 public:
  FileSource(const ReadableFile& file, std::uint64_t offset, std::uint64_t size)
      : file_(file), offset_(offset), size_(size) {}
  std::uint64_t size() const override { return size_; }
  Status ReadAt(std::uint64_t offset, std::span<std::byte> out) const override {
    if (Status range = CheckRange(offset, out.size(), size_); !range.ok()) {
      return Error{range.error().code, file_.path() + ": " + range.error().message};
    }
    return file_.ReadAt(offset_ + offset, out);
  }

 private:
  const ReadableFile& file_;
  std::uint64_t offset_;
  std::uint64_t size_;
};

class MemorySource final : public ByteSource {
 public:
  MemorySource(std::vector<std::byte> owned, std::span<const std::byte> view)
      : owned_(std::move(owned)),
        bytes_(owned_.empty() ? view : std::span<const std::byte>(owned_)) {}
  std::uint64_t size() const override { return bytes_.size(); }
  Status ReadAt(std::uint64_t offset, std::span<std::byte> out) const override {
    DLV_TRY(CheckRange(offset, out.size(), bytes_.size()));
    if (!out.empty()) std::memcpy(out.data(), bytes_.data() + offset, out.size());
    return Ok();
  }

 private:
  std::vector<std::byte> owned_;
  std::span<const std::byte> bytes_;
};

}  // namespace

std::unique_ptr<ByteSource> MakeFileSource(const ReadableFile& file, std::uint64_t offset,
                                           std::uint64_t size) {
  return std::make_unique<FileSource>(file, offset, size);
}

std::unique_ptr<ByteSource> MakeBufferSource(std::vector<std::byte> bytes) {
  return std::make_unique<MemorySource>(std::move(bytes), std::span<const std::byte>());
}

std::unique_ptr<ByteSource> MakeViewSource(std::span<const std::byte> bytes) {
  return std::make_unique<MemorySource>(std::vector<std::byte>(), bytes);
}

}  // namespace dlv::io

#include "storage/interchange/sources.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <string>

namespace dlv::interchange {
namespace {

Status CheckRange(std::uint64_t offset, std::size_t want, std::uint64_t size) {
  if (offset <= size && want <= size - offset) return Ok();
  return Error{ErrorCode::kCorruption, "read of " + std::to_string(want) + " bytes at " +
                                           std::to_string(offset) + ", has " +
                                           std::to_string(size)};
}

class RangeSource final : public io::ByteSource {
 public:
  RangeSource(const io::ByteSource* base, std::shared_ptr<const io::ByteSource> owner,
              std::uint64_t offset, std::uint64_t size)
      : base_(base), owner_(std::move(owner)), offset_(offset), size_(size) {}
  std::uint64_t size() const override { return size_; }
  Status ReadAt(std::uint64_t offset, std::span<std::byte> out) const override {
    DLV_TRY(CheckRange(offset, out.size(), size_));
    return base_->ReadAt(offset_ + offset, out);
  }
  Place place() const override {
    const Place base = base_->place();
    return {base.whole, base.offset + offset_};
  }

 private:
  const io::ByteSource* base_;
  std::shared_ptr<const io::ByteSource>
      owner_;  // shared by all parts of one inflated member or buffer
  std::uint64_t offset_;
  std::uint64_t size_;
};

class KeepingSource final : public io::ByteSource {
 public:
  KeepingSource(std::shared_ptr<const io::ByteSource> source,
                std::shared_ptr<const io::ByteSource> owner)
      : source_(std::move(source)), owner_(std::move(owner)) {}
  std::uint64_t size() const override { return source_->size(); }
  Status ReadAt(std::uint64_t offset, std::span<std::byte> out) const override {
    return source_->ReadAt(offset, out);
  }
  Place place() const override { return source_->place(); }

 private:
  std::shared_ptr<const io::ByteSource> source_;
  std::shared_ptr<const io::ByteSource> owner_;  // shared by all sources of a file inside a file
};

class SwappedSource final : public io::ByteSource {
 public:
  SwappedSource(std::shared_ptr<const io::ByteSource> base, unsigned group)
      : base_(std::move(base)), group_(group) {}
  std::uint64_t size() const override { return base_->size(); }
  Status ReadAt(std::uint64_t offset, std::span<std::byte> out) const override {
    DLV_TRY(CheckRange(offset, out.size(), size()));
    const std::uint64_t begin = offset / group_ * group_;
    const std::uint64_t end =
        std::min(size(), (offset + out.size() + group_ - 1) / group_ * group_);
    if (begin == offset && end == offset + out.size()) {
      DLV_TRY(base_->ReadAt(offset, out));
      SwapGroups(out, group_);
      return Ok();
    }
    std::vector<std::byte> whole(static_cast<std::size_t>(end - begin));
    DLV_TRY(base_->ReadAt(begin, whole));
    SwapGroups(whole, group_);
    std::memcpy(out.data(), whole.data() + (offset - begin), out.size());
    return Ok();
  }

 private:
  std::shared_ptr<const io::ByteSource> base_;
  unsigned group_;
};

template <class T>
void SwapAs(std::span<std::byte> bytes) {
  for (std::size_t i = 0; i + sizeof(T) <= bytes.size(); i += sizeof(T)) {
    T value;
    std::memcpy(&value, bytes.data() + i, sizeof value);
    if constexpr (sizeof(T) == 2) value = __builtin_bswap16(value);
    if constexpr (sizeof(T) == 4) value = __builtin_bswap32(value);
    if constexpr (sizeof(T) == 8) value = __builtin_bswap64(value);
    std::memcpy(bytes.data() + i, &value, sizeof value);
  }
}

}  // namespace

std::uint8_t SwapSizeOf(DType dtype) {
  const std::size_t size = SizeOf(dtype);
  if (size == 1) return 0;
  const bool complex = dtype == DType::kComplex64 || dtype == DType::kComplex128;
  return static_cast<std::uint8_t>(complex ? size / 2 : size);
}

void SwapGroups(std::span<std::byte> bytes, unsigned group) {
  switch (group) {
    case 0:
    case 1:
      return;
    case 2:
      return SwapAs<std::uint16_t>(bytes);
    case 4:
      return SwapAs<std::uint32_t>(bytes);
    case 8:
      return SwapAs<std::uint64_t>(bytes);
    default:
      for (std::size_t i = 0; i + group <= bytes.size(); i += group) {
        std::reverse(bytes.begin() + static_cast<std::ptrdiff_t>(i),
                     bytes.begin() + static_cast<std::ptrdiff_t>(i + group));
      }
  }
}

std::shared_ptr<const io::ByteSource> MakeRange(const io::ByteSource& base, std::uint64_t offset,
                                                std::uint64_t size) {
  return std::make_shared<RangeSource>(&base, nullptr, offset, size);
}

std::shared_ptr<const io::ByteSource> MakeRange(std::shared_ptr<const io::ByteSource> base,
                                                std::uint64_t offset, std::uint64_t size) {
  const io::ByteSource* raw = base.get();
  return std::make_shared<RangeSource>(raw, std::move(base), offset, size);
}

std::shared_ptr<const io::ByteSource> MakeSwapped(std::shared_ptr<const io::ByteSource> base,
                                                  unsigned group) {
  if (group <= 1) return base;
  return std::make_shared<SwappedSource>(std::move(base), group);
}

std::shared_ptr<const io::ByteSource> MakeKeeping(std::shared_ptr<const io::ByteSource> source,
                                                  std::shared_ptr<const io::ByteSource> owner) {
  return std::make_shared<KeepingSource>(std::move(source), std::move(owner));
}

std::shared_ptr<const io::ByteSource> MakeSharedBuffer(std::vector<std::byte> bytes) {
  return io::MakeBufferSource(std::move(bytes));
}

Result<std::vector<std::byte>> ReadAll(const io::ByteSource& source, std::uint64_t limit_bytes,
                                       const char* what) {
  if (source.size() > limit_bytes) {
    return Error{ErrorCode::kUnsafe, std::string(what) + ": " + std::to_string(source.size()) +
                                         " bytes, limit " + std::to_string(limit_bytes)};
  }
  std::vector<std::byte> bytes(static_cast<std::size_t>(source.size()));
  DLV_TRY(source.ReadAt(0, bytes));
  return bytes;
}

}  // namespace dlv::interchange

#include "storage/archive/blob_reader.h"

#include <algorithm>
#include <cstring>
#include <list>
#include <mutex>
#include <string>

#include "storage/archive/blob_coder.h"
#include "storage/io/hash.h"

namespace dlv::archive {
namespace {

constexpr std::size_t kKeptFrames = 4;  // a prefix of 2 MiB touches at most three

Result<BlobEntry> FindEntry(ObjectLocator& locator, const BlobId& id,
                            std::shared_ptr<const SectionReader>* section) {
  DLV_ASSIGN(const ObjectPlace place, locator.FindBlob(id));
  *section = place.section;
  auto entry = place.section->directory().Blob(place.entry);
  if (!entry.ok())
    return Error{entry.error().code, place.section->Name() + ": " + entry.error().message};
  if (entry->id != id) {
    return Error{ErrorCode::kCorruption, place.section->Name() + ", blob " + id.Hex(12) +
                                             ": the entry found is another blob"};
  }
  return entry;
}

/// A blob as a source of its bytes.
class BlobSource : public io::ByteSource {
 public:
  BlobSource(std::shared_ptr<const SectionReader> section, BlobEntry entry,
             std::unique_ptr<io::ByteSource> prefix)
      : section_(std::move(section)), entry_(std::move(entry)), prefix_(std::move(prefix)) {}

  std::uint64_t size() const override { return entry_.raw_bytes; }

  Status ReadAt(std::uint64_t offset, std::span<std::byte> out) const override {
    if (offset > size() || out.size() > size() - offset) {
      return Error{ErrorCode::kCorruption, "blob " + entry_.id.Hex(12) + ": ends at byte " +
                                               std::to_string(size()) + ", want " +
                                               std::to_string(offset + out.size())};
    }
    const std::lock_guard lock(mutex_);
    while (!out.empty()) {
      const std::uint64_t index = offset / kBlobFrameBytes;
      const std::uint64_t skip = offset - index * kBlobFrameBytes;
      DLV_ASSIGN(const std::vector<std::byte>* const frame, Frame(index));
      const std::size_t length =
          std::min(out.size(), frame->size() - static_cast<std::size_t>(skip));
      std::memcpy(out.data(), frame->data() + skip, length);
      out = out.subspan(length);
      offset += length;
    }
    return Ok();
  }

 private:
  struct Kept {
    std::uint64_t index = 0;
    std::vector<std::byte> bytes;
  };

  Result<const std::vector<std::byte>*> Frame(std::uint64_t index) const {
    const auto found = std::find_if(kept_.begin(), kept_.end(),
                                    [&](const Kept& kept) { return kept.index == index; });
    if (found != kept_.end()) {
      kept_.splice(kept_.begin(), kept_, found);
      return &kept_.front().bytes;
    }
    Kept fresh{index, {}};
    DLV_TRY(DecodeFrame(index, fresh.bytes));
    if (kept_.size() >= kKeptFrames) kept_.pop_back();
    kept_.push_front(std::move(fresh));
    return &kept_.front().bytes;
  }

  Status DecodeFrame(std::uint64_t index, std::vector<std::byte>& out) const {
    const UnitPlace& place = entry_.frames[static_cast<std::size_t>(index)];
    out.resize(static_cast<std::size_t>(FrameLength(entry_.raw_bytes, index)));
    if (place.coded_bytes == out.size()) return section_->ReadUnit(place, out);
    std::vector<std::byte> coded(place.coded_bytes);
    DLV_TRY(section_->ReadUnit(place, coded));
    std::vector<std::byte> prefix;
    if (prefix_) {
      const PrefixRange range = PrefixOfFrame(prefix_->size(), index);
      prefix.resize(static_cast<std::size_t>(range.length));
      DLV_TRY(prefix_->ReadAt(range.offset, prefix));
    }
    const Status status = coder_.Decode(coded, prefix, out);
    if (status.ok()) return status;
    return Error{status.error().code, section_->Name() + ", blob " + entry_.id.Hex(12) +
                                          ", frame " + std::to_string(index) + ": " +
                                          status.error().message};
  }

  std::shared_ptr<const SectionReader> section_;
  BlobEntry entry_;
  std::unique_ptr<io::ByteSource> prefix_;
  mutable std::mutex mutex_;
  mutable BlobCoder coder_;
  mutable std::list<Kept> kept_;
};

Result<std::unique_ptr<io::ByteSource>> OpenChain(ObjectLocator& locator, const BlobId& id,
                                                  unsigned prefixes_left) {
  std::shared_ptr<const SectionReader> section;
  DLV_ASSIGN(BlobEntry entry, FindEntry(locator, id, &section));
  std::unique_ptr<io::ByteSource> prefix;
  if (entry.prefix) {
    if (prefixes_left == 0) {
      return Error{ErrorCode::kUnsafe, section->Name() + ", blob " + id.Hex(12) + ": more than " +
                                           std::to_string(kPrefixChainLimit) +
                                           " prefixes in a row"};
    }
    DLV_ASSIGN(prefix, OpenChain(locator, *entry.prefix, prefixes_left - 1));
  }
  return std::unique_ptr<io::ByteSource>(
      std::make_unique<BlobSource>(std::move(section), std::move(entry), std::move(prefix)));
}

}  // namespace

Result<std::unique_ptr<io::ByteSource>> BlobReader::OpenSource(const BlobId& id) {
  return OpenChain(locator_, id, kPrefixChainLimit);
}

Status BlobReader::Stream(const BlobId& id,
                          const std::function<Status(std::span<const std::byte>)>& sink) {
  DLV_ASSIGN(const auto source, OpenSource(id));
  constexpr char kDomain[] = "dlv-blob";  // with its zero byte
  io::Sha256 hash;
  hash.Update(std::as_bytes(std::span(kDomain)));
  std::vector<std::byte> buffer;
  for (std::uint64_t i = 0; i < FrameCount(source->size()); ++i) {
    buffer.resize(static_cast<std::size_t>(FrameLength(source->size(), i)));
    DLV_TRY(source->ReadAt(i * kBlobFrameBytes, buffer));
    hash.Update(buffer);
    DLV_TRY(sink(buffer));
  }
  if (hash.Finish<BlobId>() != id) {
    return Error{ErrorCode::kCorruption,
                 "blob " + id.Hex(12) + ": content is not what its id says"};
  }
  return Ok();
}

Result<std::vector<std::byte>> BlobReader::ReadAll(const BlobId& id, std::uint64_t limit_bytes) {
  std::shared_ptr<const SectionReader> section;
  DLV_ASSIGN(const BlobEntry entry, FindEntry(locator_, id, &section));
  if (entry.raw_bytes > limit_bytes) {
    return Error{ErrorCode::kUnsafe, section->Name() + ", blob " + id.Hex(12) + ": has " +
                                         std::to_string(entry.raw_bytes) + " bytes, the limit is " +
                                         std::to_string(limit_bytes)};
  }
  std::vector<std::byte> bytes;
  DLV_TRY(Stream(id, [&bytes](std::span<const std::byte> piece) {
    bytes.insert(bytes.end(), piece.begin(), piece.end());
    return Ok();
  }));
  return bytes;
}

Result<unsigned> BlobReader::PrefixChain(const BlobId& id) {
  std::shared_ptr<const SectionReader> section;
  BlobId at = id;
  for (unsigned length = 0; length <= kPrefixChainLimit; ++length) {
    DLV_ASSIGN(const BlobEntry entry, FindEntry(locator_, at, &section));
    if (!entry.prefix) return length;
    at = *entry.prefix;
  }
  return Error{ErrorCode::kUnsafe, "blob " + id.Hex(12) + ": too many prefixes in a row"};
}

}  // namespace dlv::archive

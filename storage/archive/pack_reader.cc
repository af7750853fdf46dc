#include "storage/archive/pack_reader.h"

#include <algorithm>

#include "storage/archive/blob_coder.h"
#include "storage/archive/canonical.h"
#include "storage/codec/chunk_header.h"
#include "storage/io/hash.h"

namespace dlv::archive {
namespace {

constexpr std::uint64_t kMaxDirectoryBytes = std::uint64_t{1} << 30;
constexpr std::uint64_t kMaxEnvelopeBytes = 16u << 20;

Error AddPlace(Error error, const std::string& place) {
  error.message = place + ": " + error.message;
  return error;
}

/// Adds the file's name to an error of code that only knows bytes.
template <class T>
T At(T result, const std::string& place) {
  if (result.ok()) return result;
  return AddPlace(std::move(result).error(), place);
}

template <std::size_t N>
Result<std::array<std::byte, N>> ReadFixed(const io::ReadableFile& file, std::uint64_t offset) {
  std::array<std::byte, N> bytes{};
  DLV_TRY(file.ReadAt(offset, bytes));
  return bytes;
}

Result<SectionHeaderFields> ReadSectionHeader(const io::ReadableFile& file, std::uint64_t offset) {
  DLV_ASSIGN(const auto bytes, ReadFixed<SectionHeader::kEncodedSize>(file, offset));
  return ParseSectionHeader(bytes);
}

/// Reads header and footer of the section at `offset` and compares them.
Result<SectionFooterFields> ReadSectionFrame(const io::ReadableFile& file, std::uint64_t offset,
                                             std::uint64_t file_bytes) {
  DLV_ASSIGN(const SectionHeaderFields header, ReadSectionHeader(file, offset));
  if (header.length == 0) return Error{ErrorCode::kCorruption, "section was never finished"};
  if (header.length < SectionHeader::kEncodedSize + SectionFooter::kEncodedSize ||
      offset > file_bytes || header.length > file_bytes - offset) {
    return Error{ErrorCode::kCorruption, "section reaches past the end of its pack"};
  }
  DLV_ASSIGN(const auto bytes, ReadFixed<SectionFooter::kEncodedSize>(
                                   file, offset + header.length - SectionFooter::kEncodedSize));
  DLV_ASSIGN(const SectionFooterFields footer, ParseSectionFooter(bytes));
  if (footer.length != header.length || footer.id != header.id) {
    return Error{ErrorCode::kCorruption, "section header and footer disagree"};
  }
  return footer;
}

}  // namespace

std::string SectionReader::Name() const {
  return file_->path() + ", section at " + std::to_string(place_.offset);
}

Result<std::shared_ptr<const SectionReader>> SectionReader::Open(
    std::shared_ptr<const io::ReadableFile> file, std::uint64_t offset) {
  const std::string name = file->path() + ", section at " + std::to_string(offset);
  DLV_ASSIGN(const io::FileStat stat, file->Stat());
  DLV_ASSIGN(const SectionFooterFields footer,
             At(ReadSectionFrame(*file, offset, stat.size_bytes), name));
  const AreaPlace& area = footer.area(Area::kDirectory);
  if (area.length > kMaxDirectoryBytes)
    return Error{ErrorCode::kCorruption, name + ": directory longer than its limit"};
  std::vector<std::byte> bytes(static_cast<std::size_t>(area.length));
  DLV_TRY(file->ReadAt(offset + area.offset, bytes));
  if (io::Xxh3(bytes) != area.checksum)
    return Error{ErrorCode::kCorruption, name + ": checksum of the directory does not fit"};
  DLV_ASSIGN(DirectoryReader directory,
             At(DirectoryReader::Open(std::move(bytes), UnitsEnd(footer)), name));
  std::shared_ptr<SectionReader> reader(new SectionReader(std::move(file), std::move(directory)));
  reader->place_ = {offset, footer.length, footer.id};
  reader->footer_ = footer;
  reader->units_end_ = UnitsEnd(footer);
  return std::shared_ptr<const SectionReader>(std::move(reader));
}

Status SectionReader::ReadUnit(const UnitPlace& unit, std::span<std::byte> out) const {
  DLV_CHECK(out.size() <= unit.coded_bytes, "no more is read than the unit has");
  DLV_TRY(file_->ReadAt(place_.offset + unit.offset, out));
  return out.size() == unit.coded_bytes ? CheckUnit(unit, out) : Ok();
}

Status SectionReader::CheckUnit(const UnitPlace& unit, std::span<const std::byte> whole) const {
  if (codec::Checksum(whole) != unit.checksum) {
    return Error{ErrorCode::kCorruption, Name() + ": checksum of the unit at " +
                                             std::to_string(unit.offset) + " does not fit"};
  }
  return Ok();
}

Result<std::vector<std::byte>> SectionReader::ReadArea(Area which) const {
  const AreaPlace& area = footer_.area(which);
  if (area.length > kMaxDirectoryBytes)
    return Error{ErrorCode::kCorruption, Name() + ": area longer than its limit"};
  std::vector<std::byte> bytes(static_cast<std::size_t>(area.length));
  if (bytes.empty()) return bytes;
  DLV_TRY(file_->ReadAt(place_.offset + area.offset, bytes));
  if (io::Xxh3(bytes) != area.checksum) {
    return Error{
        ErrorCode::kCorruption,
        Name() + ": checksum of area " + std::to_string(static_cast<int>(which)) + " does not fit"};
  }
  return bytes;
}

Result<std::vector<std::byte>> SectionReader::ReadManifestBytes() const {
  if (!has_manifest()) return Error{ErrorCode::kNotFound, Name() + ": has no manifest"};
  DLV_ASSIGN(const std::vector<std::byte> area, ReadArea(Area::kManifest));
  io::ByteReader in(area, "manifest area");
  DLV_ASSIGN(const std::uint8_t codec, At(in.Get<std::uint8_t>(), Name()));
  DLV_ASSIGN(const std::uint64_t size, At(in.GetVarint(), Name()));
  if (size > kMaxManifestBytes) return AddPlace(in.Bad("manifest longer than its limit"), Name());
  DLV_ASSIGN(const auto coded, in.GetBytes(in.remaining()));
  if (codec == static_cast<std::uint8_t>(BlobCodec::kRaw)) {
    if (coded.size() != size) return AddPlace(in.Bad("manifest has another length"), Name());
    return std::vector<std::byte>(coded.begin(), coded.end());
  }
  if (codec != static_cast<std::uint8_t>(BlobCodec::kZstd)) {
    return Error{ErrorCode::kUnsupported,
                 Name() + ": manifest codec " + std::to_string(codec) + " is not known"};
  }
  if (size / 1024 > coded.size())
    return AddPlace(in.Bad("manifest expands more than it can"), Name());
  std::vector<std::byte> manifest(static_cast<std::size_t>(size));
  DLV_TRY(At(BlobCoder().Decode(coded, {}, manifest), Name()));
  return manifest;
}

Result<Manifest> SectionReader::ReadManifest() const {
  DLV_ASSIGN(const std::vector<std::byte> bytes, ReadManifestBytes());
  return At(DecodeManifest(bytes), Name());
}

Result<Envelope> SectionReader::ReadEnvelope() const {
  if (footer_.area(Area::kEnvelope).length == 0)
    return Error{ErrorCode::kNotFound, Name() + ": has no envelope"};
  if (footer_.area(Area::kEnvelope).length > kMaxEnvelopeBytes) {
    return Error{ErrorCode::kCorruption, Name() + ": envelope longer than its limit"};
  }
  DLV_ASSIGN(const std::vector<std::byte> bytes, ReadArea(Area::kEnvelope));
  return At(DecodeEnvelope(bytes), Name());
}

Result<PackReader> PackReader::OpenHeader(std::unique_ptr<io::ReadableFile> file) {
  PackReader reader(std::move(file));
  const std::string& name = reader.file_->path();
  DLV_ASSIGN(const io::FileStat stat, reader.file_->Stat());
  reader.size_bytes_ = stat.size_bytes;
  std::vector<std::byte> header(
      static_cast<std::size_t>(std::min<std::uint64_t>(stat.size_bytes, PackHeader::kEncodedSize)));
  DLV_TRY(reader.file_->ReadAt(0, header));
  DLV_TRY(At(ParsePackHeader(header), name));
  return reader;
}

Result<PackReader> PackReader::Open(std::unique_ptr<io::ReadableFile> file) {
  DLV_ASSIGN(PackReader reader, OpenHeader(std::move(file)));
  const std::string& name = reader.file_->path();
  const std::uint64_t size = reader.size_bytes_;
  if (size < PackHeader::kEncodedSize + PackFooter::kTailSize) {
    return Error{ErrorCode::kCorruption, name + ": pack footer missing: the pack was cut off"};
  }
  DLV_ASSIGN(const auto tail,
             ReadFixed<PackFooter::kTailSize>(*reader.file_, size - PackFooter::kTailSize));
  DLV_ASSIGN(const std::uint64_t length, At(PackFooterLength(tail, size), name));
  std::vector<std::byte> footer(static_cast<std::size_t>(length));
  DLV_TRY(reader.file_->ReadAt(size - length, footer));
  DLV_ASSIGN(reader.sections_, At(ParsePackFooter(footer, size), name));
  return reader;
}

Result<PackReader> PackReader::Scan(std::unique_ptr<io::ReadableFile> file) {
  DLV_ASSIGN(PackReader reader, OpenHeader(std::move(file)));
  std::uint64_t offset = kSectionAlignment;
  while (offset + SectionHeader::kEncodedSize <= reader.size_bytes_) {
    const auto footer = ReadSectionFrame(*reader.file_, offset, reader.size_bytes_);
    if (!footer.ok() && footer.error().code == ErrorCode::kIo) return footer.error();
    if (!footer.ok()) {
      reader.scan_finding_ = "at " + std::to_string(offset) + ": " + footer.error().message;
      return reader;
    }
    reader.sections_.push_back({offset, footer->length, footer->id});
    offset = AlignUp(offset + footer->length, kSectionAlignment);
  }
  return reader;
}

Result<std::shared_ptr<const SectionReader>> PackReader::OpenSection(std::size_t index) const {
  DLV_CHECK(index < sections_.size(), "sections are counted by sections()");
  DLV_ASSIGN(auto section, OpenSectionAt(sections_[index].offset));
  if (section->place() != sections_[index]) {
    return Error{ErrorCode::kCorruption,
                 section->Name() + ": is not the section that the pack footer names"};
  }
  return section;
}

Result<std::shared_ptr<const SectionReader>> PackReader::OpenSectionAt(std::uint64_t offset) const {
  return SectionReader::Open(file_, offset);
}

SectionCache::SectionCache(Opener open, std::uint64_t limit_bytes)
    : open_(std::move(open)), limit_bytes_(limit_bytes) {}

Result<std::shared_ptr<const SectionReader>> SectionCache::Get(const std::string& pack,
                                                               std::uint64_t offset) {
  const std::string key = pack + "@" + std::to_string(offset);
  const std::lock_guard lock(mutex_);
  if (const auto found = by_key_.find(key); found != by_key_.end()) {
    recent_.splice(recent_.begin(), recent_, found->second);
    return recent_.front().section;
  }
  DLV_ASSIGN(std::unique_ptr<io::ReadableFile> file, open_(pack));
  DLV_ASSIGN(auto section, SectionReader::Open(std::move(file), offset));
  recent_.push_front({key, section});
  by_key_[key] = recent_.begin();
  held_bytes_ += section->directory().memory_bytes();
  while (recent_.size() > 1 && (held_bytes_ > limit_bytes_ || recent_.size() > kMaxOpenSections)) {
    held_bytes_ -= recent_.back().section->directory().memory_bytes();
    by_key_.erase(recent_.back().key);
    recent_.pop_back();
  }
  return section;
}

void SectionCache::Clear() {
  const std::lock_guard lock(mutex_);
  by_key_.clear();
  recent_.clear();
  held_bytes_ = 0;
}

}  // namespace dlv::archive

#include "storage/archive/pack_file_writer.h"

#include <algorithm>
#include <cstring>

#include "storage/io/hash.h"

namespace dlv::archive {
namespace {

constexpr std::size_t kBufferBytes = 1u << 20;
constexpr std::size_t kDirectBytes = 128u << 10;  // written without a copy

SectionId MakeSectionId(const SectionTail& tail) {
  constexpr char kDomain[] = "dlv-section";  // with its zero byte
  io::Sha256 hash;
  hash.Update(std::as_bytes(std::span(kDomain)));
  hash.Update(tail.directory);
  hash.Update(tail.manifest);
  hash.Update(tail.envelope);
  const auto digest = hash.Finish<Digest<SectionId>>();
  SectionId id;
  std::copy_n(digest.bytes.begin(), id.size(), id.begin());
  return id;
}

}  // namespace

Result<PackFileWriter> PackFileWriter::Create(NewPack pack) {
  PackFileWriter writer(std::move(pack));
  DLV_TRY(writer.Append(EncodePackHeader()));
  return writer;
}

Status PackFileWriter::Append(std::span<const std::byte> bytes) {
  position_ += bytes.size();
  if (bytes.size() >= kDirectBytes || buffer_.size() + bytes.size() > kBufferBytes)
    DLV_TRY(Flush());
  if (bytes.size() >= kDirectBytes) return pack_.file->Append(bytes);
  buffer_.insert(buffer_.end(), bytes.begin(), bytes.end());
  return Ok();
}

Status PackFileWriter::Flush() {
  if (buffer_.empty()) return Ok();
  DLV_TRY(pack_.file->Append(buffer_));
  buffer_.clear();
  return Ok();
}

Status PackFileWriter::PadTo(std::uint64_t position) {
  static constexpr std::byte kZeros[kSectionAlignment] = {};
  DLV_CHECK(position >= position_ && position - position_ <= sizeof kZeros,
            "padding is less than a page");
  return Append(std::span(kZeros).first(static_cast<std::size_t>(position - position_)));
}

Status PackFileWriter::BeginSection() {
  DLV_TRY(PadTo(AlignUp(position_, kSectionAlignment)));
  section_offset_ = position_;
  return Append(EncodeSectionHeader(0, SectionId{}));
}

Result<std::uint64_t> PackFileWriter::AppendUnit(std::span<const std::byte> coded) {
  const std::uint64_t alignment =
      coded.size() >= kBigUnitBytes ? kBigUnitAlignment : kSmallUnitAlignment;
  DLV_TRY(PadTo(
      AlignUp(position_, alignment)));  // sections start aligned, so this aligns inside them too
  const std::uint64_t offset = position_ - section_offset_;
  DLV_TRY(Append(coded));
  return offset;
}

Result<AreaPlace> PackFileWriter::AppendArea(std::span<const std::byte> bytes) {
  if (bytes.empty()) return AreaPlace{};
  const AreaPlace place{position_ - section_offset_, bytes.size(), io::Xxh3(bytes)};
  DLV_TRY(Append(bytes));
  return place;
}

Result<SectionPlace> PackFileWriter::EndSection(const SectionTail& tail) {
  SectionFooterFields fields;
  fields.id = MakeSectionId(tail);
  const auto set = [&fields](Area area, const AreaPlace& place) {
    fields.areas[static_cast<std::size_t>(area)] = place;
  };
  DLV_ASSIGN(const AreaPlace manifest, AppendArea(tail.manifest));
  DLV_ASSIGN(const AreaPlace envelope, AppendArea(tail.envelope));
  DLV_ASSIGN(const AreaPlace directory, AppendArea(tail.directory));
  set(Area::kManifest, manifest);
  set(Area::kEnvelope, envelope);
  set(Area::kDirectory, directory);
  fields.length = position_ - section_offset_ + SectionFooter::kEncodedSize;
  DLV_TRY(Append(EncodeSectionFooter(fields)));
  DLV_TRY(Flush());
  DLV_TRY(pack_.file->WriteAt(section_offset_,
                              EncodeSectionHeader(fields.length, fields.id, tail.features)));
  sections_.push_back({section_offset_, fields.length, fields.id});
  return sections_.back();
}

Status PackFileWriter::BeginCopy(const SectionPlace& source) {
  DLV_TRY(PadTo(AlignUp(position_, kSectionAlignment)));
  section_offset_ = position_;
  copy_ = source;
  return Ok();
}

Status PackFileWriter::AppendRaw(std::span<const std::byte> bytes) { return Append(bytes); }

Result<SectionPlace> PackFileWriter::EndCopy() {
  DLV_CHECK(position_ - section_offset_ == copy_.length, "the whole section was copied");
  sections_.push_back({section_offset_, copy_.length, copy_.id});
  return sections_.back();
}

Result<WrittenPack> PackFileWriter::Finish() {
  DLV_TRY(Append(EncodePackFooter(sections_, position_)));
  DLV_TRY(Flush());
  io::BackgroundSync at_once(UINT64_MAX);
  io::BackgroundSync& syncs = pack_.syncs != nullptr ? *pack_.syncs : at_once;
  DLV_TRY(syncs.Finish(std::move(pack_.file), position_));
  return WrittenPack{pack_.path, position_, sections_};
}

}  // namespace dlv::archive

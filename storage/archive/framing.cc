#include "storage/archive/framing.h"

#include <cstring>

#include "storage/archive/canonical.h"
#include "storage/io/hash.h"

namespace dlv::archive {
namespace {

void PutChecksum(io::ByteWriter& out) { out.Put(io::Xxh3(out.bytes())); }

/// Compares the u64 at `in` with the XXH3 of everything before it.
Status CheckChecksum(io::ByteReader& in, std::span<const std::byte> all) {
  const std::uint64_t got = io::Xxh3(all.first(in.offset()));
  DLV_ASSIGN(const std::uint64_t want, in.Get<std::uint64_t>());
  if (got != want) return in.Bad("checksum does not fit");
  return Ok();
}

Status ExpectMagic(io::ByteReader& in, const Magic& magic) {
  DLV_ASSIGN(const auto found, in.GetBytes(magic.size()));
  if (std::memcmp(found.data(), magic.data(), magic.size()) != 0) return in.Bad("wrong magic");
  return Ok();
}

Result<SectionId> GetSectionId(io::ByteReader& in) {
  SectionId id;
  DLV_ASSIGN(const auto bytes, in.GetBytes(id.size()));
  std::memcpy(id.data(), bytes.data(), id.size());
  return id;
}

/// The areas follow each other without gaps, in this order, and end where the footer begins.
Status CheckAreas(const io::ByteReader& in, const SectionFooterFields& fields) {
  constexpr Area kOrder[] = {Area::kManifest, Area::kEnvelope, Area::kMetadata, Area::kDirectory};
  std::uint64_t next = 0;
  for (const Area which : kOrder) {
    const AreaPlace& area = fields.area(which);
    if (area.length == 0 && which != Area::kDirectory) {
      if (area.offset != 0 || area.checksum != 0) return in.Bad("empty area with a place");
      continue;
    }
    if (area.offset > fields.length || area.length > fields.length - area.offset)
      return in.Bad("area outside the section");
    if (next == 0 ? area.offset < SectionHeader::kEncodedSize : area.offset != next)
      return in.Bad("areas out of order");
    next = area.offset + area.length;
  }
  if (next + SectionFooter::kEncodedSize != fields.length)
    return in.Bad("areas do not end at the footer");
  if (fields.area(Area::kManifest).length == 0 && fields.area(Area::kEnvelope).length != 0) {
    return in.Bad("envelope without a manifest");
  }
  return Ok();
}

}  // namespace

std::vector<std::byte> EncodePackHeader() {
  io::ByteWriter out;
  PutPreamble(out, PackHeader::kMagic);
  PutChecksum(out);
  return out.Take();
}

Status ParsePackHeader(std::span<const std::byte> bytes) {
  io::ByteReader in(bytes, "pack header");
  const Status preamble = CheckPreamble(in, PackHeader::kMagic, "pack");
  // A damaged header must not pass for a newer one.
  if (!preamble.ok() && preamble.error().code != ErrorCode::kUnsupported) return preamble;
  if (bytes.size() < PackHeader::kEncodedSize) return in.Bad("cut off");
  io::ByteReader sum(bytes, "pack header");
  DLV_TRY(sum.GetBytes(PackHeader::kEncodedSize - 8));
  DLV_TRY(CheckChecksum(sum, bytes));
  return preamble;
}

std::vector<std::byte> EncodePackFooter(const std::vector<SectionPlace>& sections,
                                        std::uint64_t end_of_sections) {
  io::ByteWriter out;
  for (const SectionPlace& section : sections) {
    out.Put(section.offset);
    out.Put(section.length);
    out.PutBytes(std::as_bytes(std::span(section.id)));
  }
  out.Put(static_cast<std::uint32_t>(sections.size()));
  out.Put(std::uint32_t{0});
  out.Put(end_of_sections + out.size() + 24);
  PutChecksum(out);
  out.PutBytes(std::as_bytes(std::span(PackFooter::kMagic)));
  return out.Take();
}

Result<std::uint64_t> PackFooterLength(std::span<const std::byte> tail, std::uint64_t file_bytes) {
  io::ByteReader in(tail, "pack footer");
  DLV_ASSIGN(const std::uint32_t count, in.Get<std::uint32_t>());
  DLV_ASSIGN(const std::uint32_t zero, in.Get<std::uint32_t>());
  DLV_ASSIGN(const std::uint64_t length, in.Get<std::uint64_t>());
  DLV_TRY(in.GetBytes(8));
  if (!ExpectMagic(in, PackFooter::kMagic).ok()) return in.Bad("missing: the pack was cut off");
  const std::uint64_t footer =
      count * std::uint64_t{PackFooter::kListItemSize} + PackFooter::kTailSize;
  if (zero != 0 || length != file_bytes || footer > file_bytes)
    return in.Bad("does not fit the file's length");
  return footer;
}

Result<std::vector<SectionPlace>> ParsePackFooter(std::span<const std::byte> footer,
                                                  std::uint64_t file_bytes) {
  io::ByteReader sum(footer, "pack footer");
  DLV_TRY(sum.GetBytes(footer.size() - 16));
  DLV_TRY(CheckChecksum(sum, footer));
  io::ByteReader in(footer, "pack footer");
  std::vector<SectionPlace> sections((footer.size() - PackFooter::kTailSize) /
                                     PackFooter::kListItemSize);
  std::uint64_t next = kSectionAlignment;
  const std::uint64_t limit = file_bytes - footer.size();
  for (SectionPlace& section : sections) {
    DLV_ASSIGN(section.offset, in.Get<std::uint64_t>());
    DLV_ASSIGN(section.length, in.Get<std::uint64_t>());
    DLV_ASSIGN(section.id, GetSectionId(in));
    if (section.offset % kSectionAlignment != 0 || section.offset < next ||
        section.offset > limit || section.length > limit - section.offset ||
        section.length < SectionHeader::kEncodedSize + SectionFooter::kEncodedSize) {
      return in.Bad("section outside the pack");
    }
    next = section.offset + section.length;
  }
  return sections;
}

std::vector<std::byte> EncodeSectionHeader(std::uint64_t length, const SectionId& id,
                                           std::uint32_t features) {
  io::ByteWriter out;
  PutPreamble(out, SectionHeader::kMagic, features);
  out.Put(length);
  out.PutBytes(std::as_bytes(std::span(id)));
  PutChecksum(out);
  return out.Take();
}

Result<SectionHeaderFields> ParseSectionHeader(std::span<const std::byte> bytes) {
  io::ByteReader in(bytes, "section header");
  DLV_TRY(ExpectMagic(in, SectionHeader::kMagic));
  io::ByteReader sum(bytes, "section header");
  DLV_TRY(sum.GetBytes(SectionHeader::kEncodedSize - 8));
  DLV_TRY(CheckChecksum(sum, bytes));
  io::ByteReader fields(bytes, "section header");
  SectionHeaderFields header;
  DLV_ASSIGN(header.features,
             GetPreamble(fields, SectionHeader::kMagic, "section", SectionHeader::kSecondBases));
  DLV_ASSIGN(header.length, fields.Get<std::uint64_t>());
  DLV_ASSIGN(header.id, GetSectionId(fields));
  return header;
}

std::vector<std::byte> EncodeSectionFooter(const SectionFooterFields& fields) {
  io::ByteWriter out;
  out.PutBytes(std::as_bytes(std::span(SectionFooter::kMagic)));
  out.PutBytes(std::as_bytes(std::span(fields.id)));
  for (const AreaPlace& area : fields.areas) {
    out.Put(area.offset);
    out.Put(area.length);
    out.Put(area.checksum);
  }
  out.Put(fields.length);
  PutChecksum(out);
  DLV_CHECK(out.size() == SectionFooter::kEncodedSize, "the footer has its documented size");
  return out.Take();
}

Result<SectionFooterFields> ParseSectionFooter(std::span<const std::byte> bytes) {
  io::ByteReader in(bytes, "section footer");
  DLV_TRY(ExpectMagic(in, SectionFooter::kMagic));
  SectionFooterFields fields;
  DLV_ASSIGN(fields.id, GetSectionId(in));
  for (AreaPlace& area : fields.areas) {
    DLV_ASSIGN(area.offset, in.Get<std::uint64_t>());
    DLV_ASSIGN(area.length, in.Get<std::uint64_t>());
    DLV_ASSIGN(area.checksum, in.Get<std::uint64_t>());
  }
  DLV_ASSIGN(fields.length, in.Get<std::uint64_t>());
  DLV_TRY(CheckChecksum(in, bytes));
  DLV_TRY(CheckAreas(in, fields));
  return fields;
}

std::uint64_t UnitsEnd(const SectionFooterFields& fields) {
  std::uint64_t end = fields.area(Area::kDirectory).offset;
  for (const AreaPlace& area : fields.areas) {
    if (area.length != 0 && area.offset < end) end = area.offset;
  }
  return end;
}

}  // namespace dlv::archive

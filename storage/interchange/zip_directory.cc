#include "storage/interchange/zip_directory.h"

#include <algorithm>
#include <cstring>
#include <string>
#include <string_view>
#include <unordered_set>

#include "storage/interchange/sources.h"
#include "storage/interchange/text.h"
#include "storage/interchange/zlib_streams.h"
#include "storage/io/byte_io.h"

namespace dlv::interchange {
namespace {

constexpr std::uint32_t kLocalSignature = 0x04034b50;
constexpr std::uint32_t kDescriptorSignature = 0x08074b50;
constexpr std::uint32_t kDirectorySignature = 0x02014b50;
constexpr std::uint32_t kEndSignature = 0x06054b50;
constexpr std::uint32_t kEnd64Signature = 0x06064b50;
constexpr std::uint32_t kLocator64Signature = 0x07064b50;
constexpr std::uint64_t kEndSize = 22;
constexpr std::uint64_t kEnd64Size = 56;
constexpr std::uint64_t kLocator64Size = 20;
constexpr std::uint64_t kLocalSize = 30;
constexpr std::uint64_t kEntrySize = 46;
constexpr std::uint64_t kMaxComment = 0xffff;
constexpr std::uint32_t kEscape32 = 0xffffffff;  // "see the ZIP64 field"
constexpr std::uint16_t kFlagEncrypted = 0x0001;
constexpr std::uint16_t kFlagDescriptor = 0x0008;
constexpr std::uint16_t kKnownFlags = 0x0002 | 0x0004 | kFlagDescriptor | 0x0800;
constexpr std::size_t kMaxZipNameBytes = 4096;
constexpr std::uint64_t kMaxDeflateRatio = 1032;  // of deflate itself
constexpr std::uint64_t kMaxTotalRatio = 64;
constexpr std::uint64_t kTotalSlack = 1u << 30;

Error BadZip(std::uint64_t offset, const std::string& why) {
  return Error{ErrorCode::kCorruption, "zip, offset " + std::to_string(offset) + ": " + why};
}
Error Unsafe(std::uint64_t offset, const std::string& why) {
  return Error{ErrorCode::kUnsafe, "zip, offset " + std::to_string(offset) + ": " + why};
}

template <class T>
T Load(std::span<const std::byte> bytes, std::uint64_t offset) {
  T value;
  std::memcpy(&value, bytes.data() + offset, sizeof value);
  return value;
}

Result<std::vector<std::byte>> ReadSome(const io::ByteSource& file, std::uint64_t offset,
                                        std::uint64_t size) {
  if (offset > file.size() || size > file.size() - offset)
    return BadZip(offset, "the file ends too early");
  std::vector<std::byte> bytes(static_cast<std::size_t>(size));
  DLV_TRY(file.ReadAt(offset, bytes));
  return bytes;
}

struct End {
  std::uint64_t offset = 0;         // of the end record
  std::uint64_t directory_end = 0;  // where the directory must end
  std::uint64_t directory_offset = 0;
  std::uint64_t directory_size = 0;
  std::uint64_t count = 0;
};

// Finds the offsets of all end records whose comment reaches exactly to the end of the file.
Result<std::vector<std::uint64_t>> FindEnds(const io::ByteSource& file) {
  std::vector<std::uint64_t> found;
  if (file.size() < kEndSize) return found;
  const std::uint64_t tail = std::min(file.size(), kEndSize + kMaxComment);
  const std::uint64_t base = file.size() - tail;
  DLV_ASSIGN(const std::vector<std::byte> bytes, ReadSome(file, base, tail));
  for (std::uint64_t at = tail - kEndSize + 1; at-- > 0;) {
    if (bytes[at] == std::byte{'P'} && Load<std::uint32_t>(bytes, at) == kEndSignature &&
        at + kEndSize + Load<std::uint16_t>(bytes, at + 20) == tail) {
      found.push_back(base + at);
    }
  }
  return found;
}

Status ReadEnd64(const io::ByteSource& file, End& end, bool needed) {
  if (end.offset < kLocator64Size + kEnd64Size) {
    return needed ? Status(BadZip(end.offset, "no ZIP64 end record")) : Ok();
  }
  const std::uint64_t at = end.offset - kLocator64Size;
  DLV_ASSIGN(const std::vector<std::byte> locator, ReadSome(file, at, kLocator64Size));
  if (Load<std::uint32_t>(locator, 0) != kLocator64Signature) {
    return needed ? Status(BadZip(end.offset, "no ZIP64 end record")) : Ok();
  }
  const auto offset = Load<std::uint64_t>(locator, 8);
  if (offset > at || at - offset != kEnd64Size || Load<std::uint32_t>(locator, 4) != 0 ||
      Load<std::uint32_t>(locator, 16) > 1) {
    return BadZip(at, "ZIP64 locator points to " + std::to_string(offset) + ", want " +
                          std::to_string(at - kEnd64Size));
  }
  DLV_ASSIGN(const std::vector<std::byte> record, ReadSome(file, offset, kEnd64Size));
  if (Load<std::uint32_t>(record, 0) != kEnd64Signature ||
      Load<std::uint64_t>(record, 4) != kEnd64Size - 12 || Load<std::uint64_t>(record, 16) != 0 ||
      Load<std::uint64_t>(record, 24) != Load<std::uint64_t>(record, 32)) {
    return BadZip(offset, "bad ZIP64 end record");
  }
  const End old = end;
  end.count = Load<std::uint64_t>(record, 32);
  end.directory_size = Load<std::uint64_t>(record, 40);
  end.directory_offset = Load<std::uint64_t>(record, 48);
  end.directory_end = offset;
  const bool agree =
      (old.count == 0xffff || old.count == end.count) &&
      (old.directory_size == kEscape32 || old.directory_size == end.directory_size) &&
      (old.directory_offset == kEscape32 || old.directory_offset == end.directory_offset);
  if (!agree) return Unsafe(offset, "the two end records disagree");
  return Ok();
}

Result<End> ReadEnd(const io::ByteSource& file, std::uint64_t offset) {
  DLV_ASSIGN(const std::vector<std::byte> record, ReadSome(file, offset, kEndSize));
  if (Load<std::uint32_t>(record, 4) != 0 ||
      Load<std::uint16_t>(record, 8) != Load<std::uint16_t>(record, 10)) {
    return BadZip(offset, "a part of a zip of several disks");
  }
  End end;
  end.offset = end.directory_end = offset;
  end.count = Load<std::uint16_t>(record, 10);
  end.directory_size = Load<std::uint32_t>(record, 12);
  end.directory_offset = Load<std::uint32_t>(record, 16);
  const bool needed =
      end.count == 0xffff || end.directory_size == kEscape32 || end.directory_offset == kEscape32;
  DLV_TRY(ReadEnd64(file, end, needed));
  std::uint64_t directory_end = 0;
  if (__builtin_add_overflow(end.directory_offset, end.directory_size, &directory_end) ||
      directory_end != end.directory_end) {
    return BadZip(offset, "directory of " + std::to_string(end.directory_size) + " bytes at " +
                              std::to_string(end.directory_offset) + ", want it to end at " +
                              std::to_string(end.directory_end));
  }
  if (end.count > kMaxZipMembers || end.directory_size > kMaxZipDirectoryBytes ||
      end.count > end.directory_size / kEntrySize) {
    return Unsafe(offset, std::to_string(end.count) + " members in a directory of " +
                              std::to_string(end.directory_size) + " bytes");
  }
  return end;
}

Status CheckName(std::string_view name, std::uint64_t offset) {
  const std::string fault = FaultOfZipName(name);
  return fault.empty() ? Ok() : Status(Unsafe(offset, fault));
}

// The ZIP64 extra field gives, in this order, those of the values that are escaped.
Status ReadExtra64(std::span<const std::byte> extra, std::uint64_t offset,
                   std::initializer_list<std::uint64_t*> values) {
  bool wanted = false;
  for (const std::uint64_t* value : values) wanted = wanted || *value == kEscape32;
  if (!wanted) return Ok();
  for (std::uint64_t at = 0; at + 4 <= extra.size();) {
    const auto tag = Load<std::uint16_t>(extra, at);
    const auto size = Load<std::uint16_t>(extra, at + 2);
    if (size > extra.size() - at - 4) break;
    if (tag == 1) {
      std::uint64_t inside = 0;
      for (std::uint64_t* value : values) {
        if (*value != kEscape32) continue;
        if (inside + 8 > size) return BadZip(offset, "ZIP64 field is too short");
        *value = Load<std::uint64_t>(extra, at + 4 + inside);
        inside += 8;
      }
      return Ok();
    }
    at += 4u + size;
  }
  return BadZip(offset, "ZIP64 field is missing");
}

Status CheckKind(const ZipMember& member, std::uint16_t made_by, std::uint32_t attributes,
                 std::uint64_t offset) {
  if ((member.flags & kFlagEncrypted) != 0)
    return Unsafe(offset, "encrypted member " + member.name);
  if ((member.flags & ~kKnownFlags) != 0) {
    return Unsafe(offset, "member " + member.name + " has unknown flags");
  }
  if (member.method != ZipMethod::kStored && member.method != ZipMethod::kDeflated) {
    return Error{ErrorCode::kUnsupported, "zip, offset " + std::to_string(offset) + ": member " +
                                              member.name + " has compression method " +
                                              std::to_string(static_cast<unsigned>(member.method))};
  }
  const std::uint32_t file_type = attributes >> 28;  // of st_mode, if made on Unix
  if (made_by >> 8 == 3 && file_type != 0 && file_type != 8 && file_type != 4) {
    return Unsafe(offset, "member " + member.name + " is a link or a device");
  }
  if (member.method == ZipMethod::kStored && member.size != member.compressed_size) {
    return Unsafe(offset, "stored member " + member.name + " with two sizes");
  }
  if (member.method == ZipMethod::kDeflated &&
      member.size / kMaxDeflateRatio > member.compressed_size) {
    return Unsafe(offset, "member " + member.name + " inflates more than deflate can");
  }
  if (member.name.back() == '/' && member.size != 0) {
    return Unsafe(offset, "folder " + member.name + " with contents");
  }
  return Ok();
}

// Reads one entry of the central directory; `at` moves on to the next.
Result<ZipMember> ReadEntry(std::span<const std::byte> directory, std::uint64_t base,
                            std::uint64_t& at) {
  const std::uint64_t offset = base + at;
  if (directory.size() - at < kEntrySize ||
      Load<std::uint32_t>(directory, at) != kDirectorySignature) {
    return BadZip(offset, "no directory entry");
  }
  const auto entry = directory.subspan(static_cast<std::size_t>(at));
  const auto name_size = Load<std::uint16_t>(entry, 28);
  const auto extra_size = Load<std::uint16_t>(entry, 30);
  const std::uint64_t total = kEntrySize + name_size + extra_size + Load<std::uint16_t>(entry, 32);
  if (total > entry.size()) return BadZip(offset, "directory entry is cut off");
  ZipMember member;
  member.flags = Load<std::uint16_t>(entry, 8);
  member.method = static_cast<ZipMethod>(Load<std::uint16_t>(entry, 10));
  member.crc32 = Load<std::uint32_t>(entry, 16);
  member.directory_crc = offset + 16;
  member.compressed_size = Load<std::uint32_t>(entry, 20);
  member.size = Load<std::uint32_t>(entry, 24);
  member.header_offset = Load<std::uint32_t>(entry, 42);
  member.name.assign(reinterpret_cast<const char*>(entry.data()) + kEntrySize, name_size);
  DLV_TRY(CheckName(member.name, offset));
  DLV_TRY(ReadExtra64(entry.subspan(kEntrySize + name_size, extra_size), offset,
                      {&member.size, &member.compressed_size, &member.header_offset}));
  if (Load<std::uint16_t>(entry, 34) != 0)
    return BadZip(offset, "a part of a zip of several disks");
  DLV_TRY(CheckKind(member, Load<std::uint16_t>(entry, 4), Load<std::uint32_t>(entry, 38), offset));
  at += total;
  return member;
}

// Finds the data descriptor behind the data: with or without signature, 32 or 64 bits.
Status ReadDescriptor(const io::ByteSource& file, ZipMember& member, std::uint64_t limit) {
  const std::uint64_t at = member.end_offset;
  DLV_ASSIGN(const std::vector<std::byte> bytes,
             ReadSome(file, at, std::min<std::uint64_t>(24, limit - at)));
  for (const bool wide : {true, false}) {
    for (const std::uint64_t skip : {std::uint64_t{4}, std::uint64_t{0}}) {
      const std::uint64_t size = skip + 4 + (wide ? 16 : 8);
      if (bytes.size() < size ||
          (skip != 0 && Load<std::uint32_t>(bytes, 0) != kDescriptorSignature)) {
        continue;
      }
      const std::uint64_t packed =
          wide ? Load<std::uint64_t>(bytes, skip + 4) : Load<std::uint32_t>(bytes, skip + 4);
      const std::uint64_t plain =
          wide ? Load<std::uint64_t>(bytes, skip + 12) : Load<std::uint32_t>(bytes, skip + 8);
      if (Load<std::uint32_t>(bytes, skip) != member.crc32 || packed != member.compressed_size ||
          plain != member.size) {
        continue;
      }
      member.descriptor_crc = at + skip;
      member.end_offset = at + size;
      return Ok();
    }
  }
  return Unsafe(at, "data descriptor of " + member.name + " contradicts the directory");
}

Status ReadLocal(const io::ByteSource& file, ZipMember& member, std::uint64_t limit) {
  const std::uint64_t at = member.header_offset;
  if (at > limit || limit - at < kLocalSize)
    return Unsafe(at, member.name + " overlaps what follows");
  DLV_ASSIGN(const std::vector<std::byte> header, ReadSome(file, at, kLocalSize));
  if (Load<std::uint32_t>(header, 0) != kLocalSignature) return BadZip(at, "no member header");
  const auto name_size = Load<std::uint16_t>(header, 26);
  const auto extra_size = Load<std::uint16_t>(header, 28);
  DLV_ASSIGN(const std::vector<std::byte> rest,
             ReadSome(file, at + kLocalSize, std::uint64_t{name_size} + extra_size));
  const std::string_view name(reinterpret_cast<const char*>(rest.data()), name_size);
  const bool later = (member.flags & kFlagDescriptor) != 0;
  std::uint64_t packed = Load<std::uint32_t>(header, 18);
  std::uint64_t plain = Load<std::uint32_t>(header, 22);
  const auto crc = Load<std::uint32_t>(header, 14);
  if (packed == kEscape32 || plain == kEscape32) {
    const Status found = ReadExtra64(std::span(rest).subspan(name_size), at, {&plain, &packed});
    if (!found.ok() && !later) return found;
  }
  const auto fits = [&](std::uint64_t local, std::uint64_t want) {
    return local == want || (later && (local == 0 || local == kEscape32));
  };
  if (name != member.name || Load<std::uint16_t>(header, 6) != member.flags ||
      Load<std::uint16_t>(header, 8) != static_cast<std::uint16_t>(member.method) ||
      !fits(crc, member.crc32) || !fits(packed, member.compressed_size) ||
      !fits(plain, member.size)) {
    return Unsafe(at, "header of " + member.name + " contradicts the directory");
  }
  member.local_crc = crc == member.crc32 && !(later && crc == 0);
  member.data_offset = at + kLocalSize + name_size + extra_size;
  if (member.data_offset > limit || member.compressed_size > limit - member.data_offset) {
    return Unsafe(at, member.name + " overlaps what follows");
  }
  member.end_offset = member.data_offset + member.compressed_size;
  return later ? ReadDescriptor(file, member, limit) : Ok();
}

Status CheckTotal(const io::ByteSource& file, const ZipDirectory& directory) {
  std::uint64_t total = 0;
  for (const ZipMember& member : directory.members) {
    if (__builtin_add_overflow(total, member.size, &total)) total = UINT64_MAX;
    if (total / kMaxTotalRatio > file.size() && total > kTotalSlack) {
      return Unsafe(member.header_offset, "members inflate to more than " +
                                              std::to_string(kMaxTotalRatio) + " times the file");
    }
  }
  return Ok();
}

}  // namespace

std::string FaultOfZipName(std::string_view name) {
  const std::string shown = "name '" + Printable(name.substr(0, 80)) + "' ";
  if (name.empty() || name.size() > kMaxZipNameBytes) return "name of a bad length";
  if (!IsCleanText(name)) return shown + "is not clean UTF-8";
  if (name.find('\\') != std::string_view::npos || name.front() == '/' ||
      (name.size() > 1 && name[1] == ':')) {
    return shown + "is not a relative path";
  }
  for (std::size_t begin = 0; begin <= name.size();) {
    const std::size_t end = std::min(name.find('/', begin), name.size());
    const std::string_view part = name.substr(begin, end - begin);
    if (part == "." || part == ".." || (part.empty() && end != name.size())) {
      return shown + "leaves its folder";
    }
    begin = end + 1;
  }
  return "";
}

Result<bool> EndsWithZipDirectory(const io::ByteSource& file) {
  DLV_ASSIGN(const std::vector<std::uint64_t> ends, FindEnds(file));
  for (const std::uint64_t offset : ends) {
    const Result<End> end = ReadEnd(file, offset);
    if (end.ok() && end->count != 0) return true;
  }
  return false;
}

Result<ZipDirectory> ReadZipDirectory(const io::ByteSource& file) {
  DLV_ASSIGN(const std::vector<std::uint64_t> ends, FindEnds(file));
  if (ends.empty()) return BadZip(file.size(), "no end record: the file is cut off or not a zip");
  if (ends.size() > 1) return Unsafe(ends.back(), "more than one end record");
  DLV_ASSIGN(const End end, ReadEnd(file, ends.front()));
  DLV_ASSIGN(const std::vector<std::byte> bytes,
             ReadSome(file, end.directory_offset, end.directory_size));
  ZipDirectory directory;
  directory.directory_offset = end.directory_offset;
  std::uint64_t at = 0;
  for (std::uint64_t i = 0; i < end.count; ++i) {
    DLV_ASSIGN(ZipMember member, ReadEntry(bytes, end.directory_offset, at));
    directory.members.push_back(std::move(member));
  }
  if (at != end.directory_size)
    return BadZip(end.directory_offset + at, "bytes after the last entry");
  std::sort(
      directory.members.begin(), directory.members.end(),
      [](const ZipMember& a, const ZipMember& b) { return a.header_offset < b.header_offset; });
  std::unordered_set<std::string_view> names;
  for (std::size_t i = 0; i < directory.members.size(); ++i) {
    ZipMember& member = directory.members[i];
    const bool last = i + 1 == directory.members.size();
    DLV_TRY(ReadLocal(file, member,
                      last ? end.directory_offset : directory.members[i + 1].header_offset));
    if (!names.insert(member.name).second) {
      return Unsafe(member.header_offset, "two members named " + member.name);
    }
  }
  DLV_TRY(CheckTotal(file, directory));
  return directory;
}

Status CheckZipMember(const io::ByteSource& file, const ZipMember& member) {
  std::shared_ptr<const io::ByteSource> data =
      MakeRange(file, member.data_offset, member.compressed_size);
  if (member.method == ZipMethod::kDeflated) data = MakeInflated(std::move(data), member.size);
  CrcState state;
  std::vector<std::byte> buffer(1u << 20);
  for (std::uint64_t offset = 0; offset < data->size();) {
    const auto part = std::span(buffer).first(
        static_cast<std::size_t>(std::min<std::uint64_t>(buffer.size(), data->size() - offset)));
    DLV_TRY(data->ReadAt(offset, part));
    state.Update(part);
    offset += part.size();
  }
  if (state.crc == member.crc32) return Ok();
  return BadZip(member.data_offset, "CRC-32 of " + member.name + " is " +
                                        std::to_string(state.crc) + ", want " +
                                        std::to_string(member.crc32));
}

}  // namespace dlv::interchange

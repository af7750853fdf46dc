#pragma once
/// \file
/// The directory of a zip file, with the exact place of every byte. Why not libzip:
/// docs/decisions/0004-own-zip-directory-reader.md

#include <cstdint>
#include <string>
#include <vector>

#include "dlv/result.h"
#include "storage/io/byte_source.h"

namespace dlv::interchange {

inline constexpr std::uint64_t kMaxZipMembers = 1u << 20;
inline constexpr std::uint64_t kMaxZipDirectoryBytes = 256u << 20;

enum class ZipMethod : std::uint16_t { kStored = 0, kDeflated = 8 };

/// A member. Offsets count from the beginning of the file.
struct ZipMember {
  std::string name;
  ZipMethod method = ZipMethod::kStored;
  std::uint16_t flags = 0;
  std::uint32_t crc32 = 0;
  std::uint64_t compressed_size = 0;
  std::uint64_t size = 0;
  std::uint64_t header_offset = 0;   ///< of the local header
  std::uint64_t data_offset = 0;     ///< of the (compressed) bytes
  std::uint64_t end_offset = 0;      ///< after the data descriptor, if there is one
  bool local_crc = false;            ///< the local header holds the CRC (at header_offset + 14)
  std::uint64_t descriptor_crc = 0;  ///< offset of the CRC in the data descriptor; 0: none
  std::uint64_t directory_crc = 0;   ///< offset of the CRC in the central directory
};

struct ZipDirectory {
  std::vector<ZipMember> members;      ///< sorted by header_offset
  std::uint64_t directory_offset = 0;  ///< of the first central header
};

/// Returns why a member cannot have this name, in an archive that is read or written; empty: it
/// can.
std::string FaultOfZipName(std::string_view name);

/// Returns whether the file ends with a zip end record whose directory lies inside the file.
Result<bool> EndsWithZipDirectory(const io::ByteSource& file);

/// Reads the directory and every local header, and checks that they agree.
/// Errors: kCorruption; kUnsafe for what only a crafted file has: members that overlap, two of one
/// name, names that leave the folder, links, encryption, local headers that contradict the
/// directory, more than one end record.
Result<ZipDirectory> ReadZipDirectory(const io::ByteSource& file);

/// Checks the CRC of a member by reading it.  Errors: kCorruption, kUnsafe (inflates beyond its
/// stated size).
Status CheckZipMember(const io::ByteSource& file, const ZipMember& member);

}  // namespace dlv::interchange

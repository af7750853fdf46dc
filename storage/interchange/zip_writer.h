#pragma once
/// \file
/// Writes zip files of stored members in one pass: sizes are known before, CRC-32s are not, so
/// they follow the data (flag 3). ZIP64 where a size, an offset or the number of members needs it.
/// All times are 1980-01-01, so that equal content makes equal files.

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "dlv/result.h"
#include "storage/io/byte_source.h"

namespace dlv::interchange {

class ZipWriter {
 public:
  /// The data of each member begin on a multiple of `alignment` (a power of two; 1: anywhere);
  /// the local header is padded by an extra field, as PyTorch does.
  explicit ZipWriter(io::ByteSink& sink, std::uint64_t alignment = 1)
      : sink_(sink), alignment_(alignment) {}

  /// Writes a member; `write` must give exactly `size` bytes.
  /// Errors: kInvalidArgument (name longer than the format's 65,535 bytes), kInternal (another
  /// size), those of `write` and the sink.
  Status Member(const std::string& name, std::uint64_t size,
                const std::function<Status(io::ByteSink& sink)>& write);
  /// The same for bytes in memory.
  Status Member(const std::string& name, std::string_view bytes);
  /// Writes the central directory. Returns the size of the file.
  Result<std::uint64_t> Finish();

 private:
  struct Entry {
    std::string name;
    std::uint64_t offset = 0;
    std::uint64_t size = 0;
    std::uint32_t crc = 0;
    bool wide() const;
  };
  std::uint64_t PaddingFor(const Entry& entry) const;
  std::vector<std::byte> LocalHeader(const Entry& entry, std::uint64_t padding) const;
  static std::vector<std::byte> Descriptor(const Entry& entry);
  static std::vector<std::byte> DirectoryEntry(const Entry& entry);
  std::vector<std::byte> End64(std::uint64_t begin, std::uint64_t size) const;
  Status Write(std::span<const std::byte> bytes);

  io::ByteSink& sink_;
  std::uint64_t alignment_;
  std::uint64_t at_ = 0;
  std::vector<Entry> entries_;
};

}  // namespace dlv::interchange

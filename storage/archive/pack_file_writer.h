#pragma once
/// \file
/// Lays a pack out: header, sections at multiples of 4 KiB, units at multiples of 64 bytes or 4
/// KiB, footer.

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "dlv/result.h"
#include "storage/archive/framing.h"
#include "storage/io/background_sync.h"
#include "storage/io/file_system.h"

namespace dlv::archive {

/// A new empty pack under a temporary name. The writer appends, syncs and closes it; the caller
/// renames it.
struct NewPack {
  std::string path;
  std::unique_ptr<io::WritableFile> file;
  /// Syncs and closes the file in the writer's place, and is to be waited for before the pack is
  /// renamed. Null: the writer does.
  io::BackgroundSync* syncs = nullptr;
};

struct WrittenPack {
  std::string path;
  std::uint64_t size_bytes = 0;
  std::vector<SectionPlace> sections;
};

/// The describing parts of a section; empty: it has none of that kind.
struct SectionTail {
  std::vector<std::byte> directory;
  std::vector<std::byte> manifest;
  std::vector<std::byte> envelope;
  std::uint32_t features = 0;  ///< that a reader has to know (SectionHeader)
};

/// Not thread-safe. After an error the file is of no use.
class PackFileWriter {
 public:
  static Result<PackFileWriter> Create(NewPack pack);

  Status BeginSection();
  /// Returns the offset of the unit in the section.
  Result<std::uint64_t> AppendUnit(std::span<const std::byte> coded);
  /// Writes areas and footer, and the length into the section's header.
  Result<SectionPlace> EndSection(const SectionTail& tail);

  /// Starts a section that is copied as it is: `length` bytes follow by AppendRaw.
  Status BeginCopy(const SectionPlace& source);
  Status AppendRaw(std::span<const std::byte> bytes);
  Result<SectionPlace> EndCopy();

  /// Writes the footer; then syncs and closes, or leaves that to NewPack::syncs.
  Result<WrittenPack> Finish();

  std::uint64_t position() const { return position_; }
  /// Start of the section being written.
  std::uint64_t section_offset() const { return section_offset_; }

 private:
  explicit PackFileWriter(NewPack pack) : pack_(std::move(pack)) {}
  Status Append(std::span<const std::byte> bytes);
  Status PadTo(std::uint64_t position);
  Status Flush();
  Result<AreaPlace> AppendArea(std::span<const std::byte> bytes);

  NewPack pack_;
  std::vector<std::byte> buffer_;  // small pieces and padding gather here: fewer, larger writes
  std::uint64_t position_ = 0;     // of the next byte, buffer included
  std::uint64_t section_offset_ = 0;
  SectionPlace copy_;
  std::vector<SectionPlace> sections_;
};

}  // namespace dlv::archive

#pragma once
/// \file
/// Opening packs and their sections (docs/format/archive.md).

#include <array>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "dlv/result.h"
#include "storage/archive/directory.h"
#include "storage/archive/framing.h"
#include "storage/archive/manifest.h"
#include "storage/io/file_system.h"

namespace dlv::archive {

/// A section open for reading. Thread-safe.
class SectionReader {
 public:
  /// Reads header, footer and directory of the section at `offset`. The file is shared by the
  /// pack's sections. Errors: kCorruption, kUnsupported (newer format or unknown feature), kIo.
  static Result<std::shared_ptr<const SectionReader>> Open(
      std::shared_ptr<const io::ReadableFile> file, std::uint64_t offset);

  const DirectoryReader& directory() const { return directory_; }
  const SectionPlace& place() const { return place_; }
  const std::string& path() const { return file_->path(); }
  const io::ReadableFile& file() const { return *file_; }
  /// Returns how many of the section's bytes are units and blobs; the rest describes them.
  std::uint64_t units_end() const { return units_end_; }

  /// Fills `out` with the first out.size() coded bytes of a unit; checks the checksum when that is
  /// all of it.
  Status ReadUnit(const UnitPlace& unit, std::span<std::byte> out) const;

  /// Checks the checksum of a unit that was read in pieces.  Errors: kCorruption.
  Status CheckUnit(const UnitPlace& unit, std::span<const std::byte> whole) const;

  /// Fills `out` from `offset` within the units, without a check: levels carry their own.
  Status ReadRange(std::uint64_t offset, std::span<std::byte> out) const {
    return file_->ReadAt(place_.offset + offset, out);
  }

  bool has_manifest() const { return footer_.area(Area::kManifest).length != 0; }
  /// Errors: kNotFound where the section has none.
  Result<Manifest> ReadManifest() const;
  Result<Envelope> ReadEnvelope() const;
  /// Returns the manifest's canonical bytes (what VersionId hashes).
  Result<std::vector<std::byte>> ReadManifestBytes() const;
  /// Returns an area as it is stored, checksum verified; empty where the section has none.
  Result<std::vector<std::byte>> ReadArea(Area area) const;

  /// "packs/x.pack, section at 4096": for messages.
  std::string Name() const;

 private:
  SectionReader(std::shared_ptr<const io::ReadableFile> file, DirectoryReader directory)
      : file_(std::move(file)), directory_(std::move(directory)) {}

  std::shared_ptr<const io::ReadableFile> file_;
  SectionPlace place_;
  SectionFooterFields footer_;
  std::uint64_t units_end_ = 0;
  DirectoryReader directory_;
};

/// A sealed pack. Thread-safe.
class PackReader {
 public:
  /// Reads header and footer.  Errors: kCorruption ("cut off" where the footer is missing),
  /// kUnsupported, kIo.
  static Result<PackReader> Open(std::unique_ptr<io::ReadableFile> file);
  /// For rebuilding from a pack whose footer is lost: walks from section header to section header
  /// and lists those that are whole. Fails only where not even the pack header can be read.
  static Result<PackReader> Scan(std::unique_ptr<io::ReadableFile> file);

  const std::vector<SectionPlace>& sections() const { return sections_; }
  std::uint64_t size_bytes() const { return size_bytes_; }
  /// Scan: why it stopped before the end of the file; empty: it did not.
  const std::string& scan_finding() const { return scan_finding_; }
  Result<std::shared_ptr<const SectionReader>> OpenSection(std::size_t index) const;
  Result<std::shared_ptr<const SectionReader>> OpenSectionAt(std::uint64_t offset) const;

 private:
  static Result<PackReader> OpenHeader(std::unique_ptr<io::ReadableFile> file);
  explicit PackReader(std::shared_ptr<const io::ReadableFile> file) : file_(std::move(file)) {}
  std::shared_ptr<const io::ReadableFile> file_;
  std::vector<SectionPlace> sections_;
  std::uint64_t size_bytes_ = 0;
  std::string scan_finding_;
};

/// Keeps recently used sections open, up to `limit_bytes` of directories and 256 files.
/// Thread-safe.
class SectionCache {
 public:
  /// `open` finds a pack by name, in packs/ or trash/.
  using Opener = std::function<Result<std::unique_ptr<io::ReadableFile>>(const std::string& pack)>;
  explicit SectionCache(Opener open, std::uint64_t limit_bytes = 128u << 20);
  /// Returns the section of `pack` at `offset`; it stays valid after it leaves the cache.
  Result<std::shared_ptr<const SectionReader>> Get(const std::string& pack, std::uint64_t offset);
  /// Forgets everything, so that removed packs are closed.
  void Clear();

 private:
  static constexpr std::size_t kMaxOpenSections = 256;
  struct Slot {
    std::string key;
    std::shared_ptr<const SectionReader> section;
  };
  Opener open_;
  std::uint64_t limit_bytes_;
  std::mutex mutex_;
  std::list<Slot> recent_;
  std::unordered_map<std::string, std::list<Slot>::iterator> by_key_;
  std::uint64_t held_bytes_ = 0;
};

}  // namespace dlv::archive

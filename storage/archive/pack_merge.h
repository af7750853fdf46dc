#pragma once
/// \file
/// Merging packs and dropping what is dead: sections are copied byte for byte, or with only their
/// live units.

#include <cstdint>
#include <functional>
#include <vector>

#include "dlv/result.h"
#include "storage/archive/pack_file_writer.h"
#include "storage/archive/pack_reader.h"

namespace dlv::archive {

/// Where an entry went.
struct MovedEntry {
  std::uint32_t from = 0, to = 0;  ///< entry numbers
};

struct MovedSection {
  SectionPlace place;               ///< in the new pack
  std::vector<MovedEntry> entries;  ///< empty after CopySection: numbers stay
};

/// Writes one new pack out of existing sections. Units are never decoded; each one's checksum is
/// verified on the way.
class PackMerger {
 public:
  /// Takes a new empty file.
  static Result<PackMerger> Create(NewPack pack);
  PackMerger(PackMerger&&) noexcept;
  PackMerger& operator=(PackMerger&&) noexcept;
  ~PackMerger();

  /// Copies a section verbatim: same id, same entry numbers, other offset.
  Result<MovedSection> CopySection(const SectionReader& section);

  /// Copies the entries for which `live` says true, and every other member of a cluster that has a
  /// live one (they are decoded together, so the caller must keep their bases too: see
  /// ClusterMates). The manifest is kept if `keep_manifest`.
  Result<MovedSection> RewriteSection(const SectionReader& section,
                                      const std::function<bool(std::uint32_t entry)>& live,
                                      bool keep_manifest);

  std::uint64_t size_bytes() const;
  /// Writes the footer, syncs and closes.
  Result<WrittenPack> Finish();

 private:
  PackMerger();
  class Impl;
  std::unique_ptr<Impl> impl_;
};

/// Returns the entries that live and die with `entry`: the members of its cluster, or itself alone.
Result<std::vector<std::uint32_t>> ClusterMates(const SectionReader& section, std::uint32_t entry);

}  // namespace dlv::archive

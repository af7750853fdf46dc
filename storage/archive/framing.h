#pragma once
/// \file
/// Headers and footers of packs and sections (docs/format/archive.md, 2 and 3), as fields and as
/// bytes.

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "dlv/result.h"
#include "storage/archive/format.h"

namespace dlv::archive {

using SectionId = std::array<std::uint8_t, 16>;

/// Where a section lies in its pack.
struct SectionPlace {
  std::uint64_t offset = 0;
  std::uint64_t length = 0;
  SectionId id{};
  bool operator==(const SectionPlace&) const = default;
};

/// Where an area lies in its section.
struct AreaPlace {
  std::uint64_t offset = 0;
  std::uint64_t length = 0;
  std::uint64_t checksum = 0;
};

struct SectionFooterFields {
  SectionId id{};
  std::array<AreaPlace, SectionFooter::kAreaCount> areas{};
  std::uint64_t length = 0;
  const AreaPlace& area(Area which) const { return areas[static_cast<std::size_t>(which)]; }
};

constexpr std::uint64_t AlignUp(std::uint64_t offset, std::uint64_t alignment) {
  return (offset + alignment - 1) / alignment * alignment;
}

std::vector<std::byte> EncodePackHeader();
/// Errors: kCorruption, kUnsupported; so for all of these.
Status ParsePackHeader(std::span<const std::byte> bytes);

std::vector<std::byte> EncodePackFooter(const std::vector<SectionPlace>& sections,
                                        std::uint64_t end_of_sections);
/// Returns the length of the whole footer from the last PackFooter::kTailSize bytes of a file of
/// `file_bytes`.
Result<std::uint64_t> PackFooterLength(std::span<const std::byte> tail, std::uint64_t file_bytes);
Result<std::vector<SectionPlace>> ParsePackFooter(std::span<const std::byte> footer,
                                                  std::uint64_t file_bytes);

/// `length` 0 marks a section that is being written.
std::vector<std::byte> EncodeSectionHeader(std::uint64_t length, const SectionId& id,
                                           std::uint32_t features = 0);
struct SectionHeaderFields {
  std::uint32_t features = 0;
  std::uint64_t length = 0;
  SectionId id{};
};
Result<SectionHeaderFields> ParseSectionHeader(std::span<const std::byte> bytes);

std::vector<std::byte> EncodeSectionFooter(const SectionFooterFields& fields);
/// Checks that the areas lie in order between the section's header and its footer.
Result<SectionFooterFields> ParseSectionFooter(std::span<const std::byte> bytes);

/// Returns where the first area starts, which is where units end.
std::uint64_t UnitsEnd(const SectionFooterFields& fields);

}  // namespace dlv::archive

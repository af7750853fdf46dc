#pragma once
/// \file
/// Fuzzing packs: a pack out of the input's bytes, its checksums put right, everything in it read.

#include <algorithm>
#include <cstring>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "storage/archive/blob_reader.h"
#include "storage/archive/tensor_reader.h"
#include "storage/io/hash.h"

namespace dlv::archive {

/// The input as a file.
class InputFile : public io::ReadableFile {
 public:
  explicit InputFile(std::vector<std::byte> bytes) : bytes_(std::move(bytes)) {}
  Status ReadAt(std::uint64_t offset, std::span<std::byte> out) const override {
    if (offset > bytes_.size() || out.size() > bytes_.size() - offset)
      return Error{ErrorCode::kCorruption, "ends early"};
    if (!out.empty()) std::memcpy(out.data(), bytes_.data() + offset, out.size());
    return Ok();
  }
  Result<io::FileStat> Stat() const override {
    io::FileStat stat;
    stat.size_bytes = bytes_.size();
    return stat;
  }
  const std::string& path() const override { return path_; }

 private:
  std::vector<std::byte> bytes_;
  std::string path_ = "input";
};

/// Sets the XXH3 at `at` to that of [begin, at).
inline void SumUp(std::vector<std::byte>& bytes, std::size_t begin, std::size_t at) {
  if (at < begin || at + 8 > bytes.size()) return;
  const std::uint64_t sum = io::Xxh3(std::span(bytes).subspan(begin, at - begin));
  std::memcpy(bytes.data() + at, &sum, 8);
}

/// Makes the checksums of headers, areas and footers fit, so that mutations reach the parsers
/// behind them.
inline void RepairChecksums(std::vector<std::byte>& bytes) {
  constexpr std::size_t kSection = kSectionAlignment;
  SumUp(bytes, 0, PackHeader::kEncodedSize - 8);
  SumUp(bytes, kSection, kSection + SectionHeader::kEncodedSize - 8);
  if (bytes.size() < kSection + SectionHeader::kEncodedSize) return;
  std::uint64_t length = 0;
  std::memcpy(&length, bytes.data() + kSection + 16, 8);
  if (length >= SectionFooter::kEncodedSize && length <= bytes.size() - kSection) {
    const std::size_t footer =
        kSection + static_cast<std::size_t>(length) - SectionFooter::kEncodedSize;
    for (std::size_t i = 0; i < SectionFooter::kAreaCount; ++i) {
      std::uint64_t place[2] = {};
      const std::size_t field = footer + 24 + i * 24;
      std::memcpy(place, bytes.data() + field, sizeof place);
      if (place[0] > length || place[1] > length - place[0] || place[1] == 0) continue;
      const std::uint64_t sum = io::Xxh3(std::span(bytes).subspan(kSection + place[0], place[1]));
      std::memcpy(bytes.data() + field + 16, &sum, 8);
    }
    SumUp(bytes, footer, footer + SectionFooter::kEncodedSize - 8);
  }
  if (bytes.size() < kSection + 64) return;
  const std::size_t list =
      bytes.size() - PackFooter::kTailSize - PackFooter::kListItemSize;  // one section
  SumUp(bytes, list, bytes.size() - 16);
}

/// Reads all objects; results do not matter, only that nothing breaks.
inline void ReadEverything(const std::vector<std::shared_ptr<const SectionReader>>& sections) {
  SectionSetLocator locator(sections);
  ReaderOptions options;
  options.max_units = 64;
  options.max_working_bytes = 32u << 20;
  TensorReader tensors(locator, options);
  BlobReader blobs(locator);
  for (const auto& section : sections) {
    (void)section->ReadManifest().ok();
    (void)section->ReadEnvelope().ok();
    const DirectoryReader& directory = section->directory();
    for (std::uint32_t i = 0; i < std::min(directory.entry_count(), 64u); ++i) {
      if (const auto blob = directory.Blob(i); blob.ok())
        (void)blobs.ReadAll(blob->id, 4u << 20).ok();
      const auto entry = directory.Tensor(i);
      if (!entry.ok()) continue;
      const auto tensor = tensors.Open(entry->id);
      if (!tensor.ok()) continue;
      (void)tensors.Cost(**tensor).ok();
      const std::uint64_t elements =
          std::min<std::uint64_t>((*tensor)->element_count(), kChunkElements);
      std::vector<std::byte> out(static_cast<std::size_t>(elements) * SizeOf((*tensor)->dtype()));
      for (const unsigned planes : {8u, 0u}) (void)tensors.Read(**tensor, 0, out, planes).ok();
    }
    for (std::uint32_t i = 0; i < std::min(directory.cluster_count(), 64u); ++i)
      (void)directory.Members(i).ok();
  }
}

inline void ReadPackInput(std::vector<std::byte> bytes) {
  const auto opened = PackReader::Open(std::make_unique<InputFile>(bytes));
  const auto scanned = PackReader::Scan(std::make_unique<InputFile>(std::move(bytes)));
  for (const auto* pack : {&opened, &scanned}) {
    if (!pack->ok()) continue;
    std::vector<std::shared_ptr<const SectionReader>> sections;
    for (std::size_t i = 0; i < std::min<std::size_t>((*pack)->sections().size(), 8); ++i) {
      if (auto section = (*pack)->OpenSection(i); section.ok()) sections.push_back(*section);
    }
    ReadEverything(sections);
  }
}

}  // namespace dlv::archive

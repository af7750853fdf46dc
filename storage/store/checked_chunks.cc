#include "storage/store/checked_chunks.h"

#include <algorithm>
#include <variant>

#include "storage/interchange/recipe.h"
#include "storage/io/hash.h"

namespace dlv::store {

Result<std::optional<std::uint64_t>> CheckedChunks::ReadBack(const archive::TensorHandle& tensor,
                                                             std::uint64_t index,
                                                             std::span<std::byte> scratch) const {
  constexpr std::optional<std::uint64_t> kUnknown;
  if (index % kEveryDecoded == 0) return kUnknown;
  const auto found = written_.find(tensor.id());
  if (found == written_.end() || index >= found->second.size()) return kUnknown;
  if (tensor.parts().empty()) return kUnknown;  // in a strip
  const archive::TensorHandle::Part& part = tensor.PartOfChunk(index);
  if (part.entry.clustered) return kUnknown;
  const archive::CheckedChunk& checked = found->second[static_cast<std::size_t>(index)];
  const archive::UnitPlace& place =
      part.chunks[static_cast<std::size_t>(index - part.entry.first_chunk)].place;
  if (place.checksum != checked.coded_checksum || place.coded_bytes != checked.coded_bytes) {
    return kUnknown;
  }
  // The coded bytes are fewer than the elements, but for a chunk that is stored raw.
  std::vector<std::byte> larger;
  if (place.coded_bytes > scratch.size()) larger.resize(place.coded_bytes);
  const auto coded = larger.empty() ? scratch.first(place.coded_bytes) : std::span(larger);
  DLV_TRY(part.section->ReadUnit(place, coded));
  return std::optional(checked.raw_checksum);
}

Result<bool> CheckedChunks::Read(std::uint32_t number, const archive::TensorHandle& tensor,
                                 std::uint64_t index, std::span<std::byte> out) const {
  if (number >= description_->tensors.size()) return false;
  DLV_ASSIGN(const auto want, ReadBack(tensor, index, out));
  if (!want) return false;
  const io::ByteSource& source = *description_->tensors[number].source;
  const std::uint64_t offset = index * archive::kChunkElements * SizeOf(tensor.dtype());
  if (offset > source.size() || out.size() > source.size() - offset) return false;
  DLV_TRY(source.ReadAt(offset, out));
  return io::Xxh3(out) == *want;
}

bool IsQuickToRead(const interchange::FileDescription& description) {
  return description.recipe &&
         std::ranges::none_of(description.recipe->instructions, [](const auto& instruction) {
           return std::holds_alternative<interchange::Deflate>(instruction.body);
         });
}

}  // namespace dlv::store

// TensorReader::LevelsOf: what reading a tensor to a number of planes fetches, from chunk headers
// alone.

#include <algorithm>
#include <map>
#include <set>

#include "storage/archive/reader_caches.h"
#include "storage/archive/tensor_reader.h"
#include "storage/codec/chunk_codec.h"

namespace dlv::archive {

/// Walks from the units of a tensor down their chains of bases.
class LevelCounter {
 public:
  LevelCounter(TensorReader& reader, TensorReader::Shared& shared)
      : reader_(reader), shared_(shared) {}

  Result<std::vector<TensorLevel>> Run(const TensorHandle& tensor) {
    const TensorHandle& stored = tensor.strip() != nullptr ? *tensor.strip() : tensor;
    const std::uint64_t end = tensor.first_in_strip() + tensor.element_count();
    for (std::uint64_t at = tensor.first_in_strip(); at < end;) {
      const std::uint64_t index = at / kChunkElements;
      const std::uint64_t begin = index * kChunkElements;
      const std::uint64_t stop = std::min(end, begin + ChunkLength(stored.element_count(), index));
      DLV_TRY(AddChain(stored, index, at - begin, stop - at));
      at = stop;
    }
    return Levels(codec::FullPlanes(tensor.dtype()));
  }

 private:
  /// A unit on the way down, and which of its elements are the tensor's.
  struct Link {
    const codec::ChunkHeader* header = nullptr;
    std::uint64_t coded_bytes = 0;
    std::uint64_t first = 0, count = 0, whole = 1;

    std::uint64_t Share(std::uint64_t bytes) const {
      return bytes * (first + count) / whole - bytes * first / whole;
    }
  };
  using Chain = std::vector<Link>;

  Status AddChain(const TensorHandle& tensor, std::uint64_t index, std::uint64_t first,
                  std::uint64_t count) {
    Chain chain;
    std::set<TensorId> seen;
    std::shared_ptr<const TensorHandle> held;
    const TensorHandle* at = &tensor;
    while (true) {
      if (!seen.insert(at->id()).second) {
        return Error{ErrorCode::kCorruption,
                     "tensor " + at->id().Hex(12) + " is its own base, by way of others"};
      }
      DLV_ASSIGN(const bool uses_base, AddLink(*at, index, first, count, chain));
      const std::optional<TensorId>& base = at->PartOfChunk(index).entry.base;
      if (!uses_base || !base) break;
      DLV_ASSIGN(held, reader_.Open(*base));
      if (held->strip() != nullptr || held->element_count() != tensor.element_count()) {
        return Error{ErrorCode::kCorruption,
                     "tensor " + at->id().Hex(12) + ": its base has another size"};
      }
      at = held.get();
    }
    chains_.push_back(std::move(chain));
    return Ok();
  }

  /// Returns whether the unit needs its base.
  Result<bool> AddLink(const TensorHandle& tensor, std::uint64_t index, std::uint64_t first,
                       std::uint64_t count, Chain& chain) {
    const TensorHandle::Part& part = tensor.PartOfChunk(index);
    if (part.entry.clustered) {
      DLV_ASSIGN(const ClusterEntry cluster, part.section->directory().Cluster(part.entry.cluster));
      DLV_ASSIGN(const codec::ChunkHeader* header, HeaderOf(*part.section, cluster.place));
      const std::uint64_t whole = std::max<std::uint64_t>(cluster.element_count, 1);
      chain.push_back(
          {header, cluster.place.coded_bytes, part.entry.first_element + first, count, whole});
      return cluster.uses_base;
    }
    const TensorHandle::Chunk& chunk =
        part.chunks[static_cast<std::size_t>(index - part.entry.first_chunk)];
    DLV_ASSIGN(const codec::ChunkHeader* header, HeaderOf(*part.section, chunk.place));
    const std::uint64_t whole = ChunkLength(tensor.element_count(), index);
    chain.push_back({header, chunk.place.coded_bytes, first, count, whole});
    return chunk.uses_base;
  }

  Result<const codec::ChunkHeader*> HeaderOf(const SectionReader& section, const UnitPlace& place) {
    const CodedPrefixes::Key key{section.place().id, place.offset};
    if (const auto known = headers_.find(key); known != headers_.end()) return &known->second;
    std::array<std::byte, codec::kMaxHeaderBytes> room;
    const auto out = std::span(room).first(std::min<std::size_t>(place.coded_bytes, room.size()));
    if (shared_.prefixes.CopyTo(key, out) < out.size()) {
      DLV_TRY(section.ReadUnit(place, out));
      shared_.fetched_bytes.fetch_add(out.size(), std::memory_order_relaxed);
      shared_.prefixes.Keep(key, out);
    }
    auto header = codec::ParseChunkHeader(out);
    if (!header.ok() || header->level_count == 0 || header->EncodedBytes() != place.coded_bytes) {
      return Error{ErrorCode::kCorruption,
                   section.Name() + ", unit at " + std::to_string(place.offset) + ": " +
                       (header.ok() ? "its header does not fit" : header.error().message)};
    }
    return &headers_.emplace(key, *header).first->second;
  }

  std::vector<TensorLevel> Levels(unsigned full) const {
    std::set<unsigned> wishes = {full};
    for (const Chain& chain : chains_) {
      for (const codec::LevelEntry& level : chain.front().header->levels())
        wishes.insert(level.planes);
    }
    std::vector<TensorLevel> levels;
    for (const unsigned planes : wishes) {
      const TensorLevel level = Cost(planes, full);
      if (levels.empty() || level.planes > levels.back().planes) levels.push_back(level);
    }
    return levels;
  }

  TensorLevel Cost(unsigned wish, unsigned full) const {
    TensorLevel cost{full, 0, 0};
    for (const Chain& chain : chains_) {
      unsigned planes = wish;
      for (const Link& link : chain) {
        const std::size_t level = codec::LevelAtOrAbove(*link.header, planes);
        planes = link.header->levels()[level].planes;
        const std::uint64_t prefix = link.header->PrefixBytes(level);
        if (&link == &chain.front()) cost.planes = std::min(cost.planes, planes);
        cost.plane_bytes += link.Share(prefix - link.header->header_bytes);
        cost.all_bytes += link.Share(
            std::max(prefix, std::min<std::uint64_t>(link.coded_bytes, codec::kMaxHeaderBytes)));
      }
    }
    return cost;
  }

  TensorReader& reader_;
  TensorReader::Shared& shared_;
  std::map<CodedPrefixes::Key, codec::ChunkHeader> headers_;
  std::vector<Chain> chains_;
};

Result<std::vector<TensorLevel>> TensorReader::LevelsOf(const TensorHandle& tensor) {
  return LevelCounter(*this, *shared_).Run(tensor);
}

}  // namespace dlv::archive

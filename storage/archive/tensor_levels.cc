// TensorReader::LevelsOf: what reading a tensor to a number of planes fetches, from chunk headers
// alone.

#include <algorithm>
#include <functional>
#include <map>
#include <set>

#include "storage/archive/reader_caches.h"
#include "storage/archive/tensor_reader.h"
#include "storage/codec/chunk_codec.h"

namespace dlv::archive {

/// Walks from the units of a tensor down to all that they rest on.
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
    std::vector<std::size_t> bases = {};  ///< places in the chain

    std::uint64_t Share(std::uint64_t bytes) const {
      return bytes * (first + count) / whole - bytes * first / whole;
    }
  };
  using Chain = std::vector<Link>;  ///< each unit before what it rests on
  /// Bases by depth, the deepest first, with the links that rest on them: these come before.
  using Open = std::map<std::pair<unsigned, TensorId>, std::vector<std::size_t>, std::greater<>>;

  Status AddChain(const TensorHandle& tensor, std::uint64_t index, std::uint64_t first,
                  std::uint64_t count) {
    Chain chain;
    Open open;
    std::set<TensorId> seen = {tensor.id()};
    DLV_TRY(AddUnit(tensor, index, first, count, chain, open));
    while (!open.empty()) {
      const auto next = open.extract(open.begin());
      const TensorId& id = next.key().second;
      DLV_ASSIGN(const auto base, reader_.Open(id));
      if (!seen.insert(id).second) {
        return Error{ErrorCode::kCorruption,
                     "tensor " + id.Hex(12) + " is its own base, by way of others"};
      }
      if (base->strip() != nullptr || base->element_count() != tensor.element_count()) {
        return Error{ErrorCode::kCorruption,
                     "tensor " + id.Hex(12) + " is a base of a tensor of another size"};
      }
      for (const std::size_t above : next.mapped()) chain[above].bases.push_back(chain.size());
      DLV_TRY(AddUnit(*base, index, first, count, chain, open));
    }
    chains_.push_back(std::move(chain));
    return Ok();
  }

  /// Adds the unit to the chain, and what it needs to `open`.
  Status AddUnit(const TensorHandle& tensor, std::uint64_t index, std::uint64_t first,
                 std::uint64_t count, Chain& chain, Open& open) {
    DLV_ASSIGN(const bool uses_base, AddLink(tensor, index, first, count, chain));
    const TensorEntry& entry = tensor.PartOfChunk(index).entry;
    const bool uses_second = chain.back().header->needs_second_base;
    for (const auto& id : {entry.base, uses_second ? entry.second_base : std::nullopt}) {
      if (!uses_base || !id) continue;
      DLV_ASSIGN(const auto base, reader_.Open(*id));
      std::vector<std::size_t>& above = open[{base->depth(), *id}];
      if (above.empty() || above.back() != chain.size() - 1) above.push_back(chain.size() - 1);
    }
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
      std::vector<unsigned> wanted(chain.size());
      wanted.front() = wish;
      for (std::size_t place = 0; place < chain.size(); ++place) {
        const Link& link = chain[place];
        const std::size_t level = codec::LevelAtOrAbove(*link.header, wanted[place]);
        const unsigned planes = link.header->levels()[level].planes;
        for (const std::size_t base : link.bases) wanted[base] = std::max(wanted[base], planes);
        const std::uint64_t prefix = link.header->PrefixBytes(level);
        if (place == 0) cost.planes = std::min(cost.planes, planes);
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

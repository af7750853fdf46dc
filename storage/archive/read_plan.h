#pragma once
/// \file
/// One read of one chunk: finds all coded units it needs, checks that this is a sane amount of
/// work, then decodes from the bottom of the chains up (docs/format/archive.md, "Reading a
/// tensor").

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "dlv/result.h"
#include "storage/archive/reader_caches.h"
#include "storage/archive/tensor_reader.h"
#include "storage/codec/chunk_codec.h"

namespace dlv::archive {

class ReadPlan {
 public:
  ReadPlan(TensorReader& reader, TensorReader::Shared& shared) : reader_(reader), shared_(shared) {}

  /// Decodes `planes` planes of chunk `index` into `out`; returns the planes given.
  Result<unsigned> Run(const TensorHandle& tensor, std::uint64_t index, unsigned planes,
                       std::span<std::byte> out);
  /// The same for two chunks at once; units that both need are decoded once.
  Status RunPair(const TensorHandle& first, const TensorHandle& second, std::uint64_t index,
                 unsigned planes, const TensorReader::PairSink& sink);
  /// Whether it failed because a base is as deep as what is stored against it: it may have been
  /// stored otherwise after the other was opened.
  bool is_outdated() const { return is_outdated_; }

 private:
  using NodeKey =
      std::pair<const SectionReader*, std::uint64_t>;  // unit offsets differ within a section

  /// Where a stretch of one of a node's bases comes from.
  struct Link {
    std::size_t node = 0;
    std::uint32_t source_element = 0, target_element = 0, element_count = 0;
  };
  struct Node {
    std::shared_ptr<const SectionReader> section;
    UnitPlace place;
    DType dtype = DType::kOpaque;
    std::uint32_t element_count = 0;
    unsigned depth = 0;
    bool uses_base = false;
    std::int64_t cluster = -1;     // its number, or -1: a chunk
    TensorId tensor;               // chunk: of this
    std::uint64_t chunk = 0;       // chunk: which
    std::optional<TensorId> base;  // chunk: that its tensor has, though it may do without
    std::optional<TensorId> second_base;
    unsigned planes = 0;  // asked for by those above; 0: all
    codec::ChunkHeader header;
    std::size_t level = 0;
    Buffer coded;
    std::vector<Link> links, second_links;  // of the base, and of the second one
    std::size_t users = 0;                  // nodes that still have to read it
    SharedBytes decoded;
  };

  /// Returns the node of the unit that holds chunk `index` of `tensor`, made if new, and where the
  /// chunk starts in it.
  Result<std::pair<std::size_t, std::uint32_t>> Want(const TensorHandle& tensor,
                                                     std::uint64_t index, unsigned planes,
                                                     unsigned depth_limit);
  Status Gather();
  /// Takes the unit from what is decoded already; returns whether it is there.
  bool FindDecoded(Node& node);
  /// Whether as many planes of the cluster are there as are asked for.
  bool IsCached(const ClusterCacheKey& key, DType dtype, unsigned planes);
  std::optional<ClusterCacheKey> ChainEnd(const TensorHandle& tensor);
  /// Keeps what the node holds for later uses in this retrieval; `out` where it is a copy.
  void Keep(const Node& node, std::span<const std::byte> out);
  Status Fetch(Node& node);
  /// Fetches what is missing of the first `wanted` coded bytes; `have` are there.
  Status FetchUpTo(Node& node, std::size_t wanted, std::size_t& have);
  /// Which of a node's two bases.
  using Which = std::vector<Link> Node::*;
  Status LinkBases(std::size_t at);
  Status LinkChunk(std::size_t at, Which which, const std::optional<TensorId>& base);
  Status LinkBase(std::size_t at, Which which, const TensorId& base,
                  std::uint64_t element_count_of_tensor, std::uint64_t chunk, std::uint32_t target,
                  std::uint32_t element_count);
  /// The bytes of a base: as they were decoded, or put together in `assembled`.
  std::span<const std::byte> BaseOf(const Node& node, const std::vector<Link>& links,
                                    Buffer& assembled);
  Status Decode(std::size_t at, std::span<std::byte> out);
  /// Decodes all units, or all but the one asked for first, if it is a chunk.
  Status DecodeAll(bool leave_first);
  Error Bad(const Node& node, const std::string& why) const;

  TensorReader& reader_;
  TensorReader::Shared& shared_;
  std::vector<std::unique_ptr<Node>> nodes_;
  std::map<NodeKey, std::size_t> by_unit_;
  std::multimap<unsigned, std::size_t> open_;  // by depth: not yet fetched
  std::vector<std::size_t> order_;             // as fetched: depth descends
  std::uint64_t held_bytes_ = 0;
  bool is_outdated_ = false;
};

}  // namespace dlv::archive

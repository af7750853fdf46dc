#include "storage/archive/read_plan.h"

#include <algorithm>
#include <cstring>

namespace dlv::archive {
namespace {

constexpr unsigned kNoLimit = kMaxDepth + 1;

SharedBytes Share(Buffer buffer) { return std::make_shared<const Buffer>(std::move(buffer)); }

/// As Share, but the memory goes back to `pool` when the last user lets go; `pool` must outlive the
/// bytes.
SharedBytes ShareFrom(Pool<Buffer>& pool, Buffer buffer) {
  return {new Buffer(std::move(buffer)), [&pool](Buffer* held) {
            pool.Give(std::move(*held));
            delete held;
          }};
}

std::optional<ClusterCacheKey> ClusterOf(const TensorHandle::Part& part) {
  if (!part.entry.clustered) return std::nullopt;
  return ClusterCacheKey{part.section->place().id, part.entry.cluster};
}

/// Holds one of the places for threads that decode.
class Turn {
 public:
  explicit Turn(std::counting_semaphore<>& places) : places_(places) { places_.acquire(); }
  ~Turn() { places_.release(); }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;

 private:
  std::counting_semaphore<>& places_;
};

}  // namespace

Error ReadPlan::Bad(const Node& node, const std::string& why) const {
  return {ErrorCode::kCorruption,
          node.section->Name() + ", unit at " + std::to_string(node.place.offset) + ": " + why};
}

Result<std::pair<std::size_t, std::uint32_t>> ReadPlan::Want(const TensorHandle& tensor,
                                                             std::uint64_t index, unsigned planes,
                                                             unsigned depth_limit) {
  const TensorHandle::Part& part = tensor.PartOfChunk(index);
  const TensorEntry& entry = part.entry;
  if (entry.depth >= depth_limit) {
    is_outdated_ = true;
    return Error{ErrorCode::kCorruption, part.section->Name() + ": tensor " + entry.id.Hex(12) +
                                             " has depth " + std::to_string(entry.depth) +
                                             ", as base it must have less than " +
                                             std::to_string(depth_limit)};
  }
  Node fresh;
  fresh.section = part.section;
  if (entry.clustered) {
    DLV_ASSIGN(const ClusterEntry cluster, part.section->directory().Cluster(entry.cluster));
    if (cluster.depth != entry.depth || cluster.dtype != entry.dtype ||
        entry.first_element + entry.element_count > cluster.element_count) {
      return Error{ErrorCode::kCorruption, part.section->Name() + ": tensor " + entry.id.Hex(12) +
                                               " does not fit its cluster"};
    }
    fresh.place = cluster.place;
    fresh.element_count = cluster.element_count;
    fresh.uses_base = cluster.uses_base;
    fresh.cluster = entry.cluster;
  } else {
    const TensorHandle::Chunk& chunk =
        part.chunks[static_cast<std::size_t>(index - entry.first_chunk)];
    fresh.place = chunk.place;
    fresh.element_count = static_cast<std::uint32_t>(ChunkLength(entry.element_count, index));
    fresh.uses_base = chunk.uses_base;
    fresh.tensor = entry.id;
    fresh.chunk = index;
    fresh.base = entry.base;
    fresh.second_base = entry.second_base;
  }
  fresh.dtype = entry.dtype;
  fresh.depth = entry.depth;
  const auto [found, is_new] =
      by_unit_.try_emplace({fresh.section.get(), fresh.place.offset}, nodes_.size());
  if (is_new) {
    if (nodes_.size() >= shared_.options.max_units) {
      return Error{ErrorCode::kUnsafe, "reading one chunk needs more than " +
                                           std::to_string(shared_.options.max_units) + " others"};
    }
    nodes_.push_back(std::make_unique<Node>(std::move(fresh)));
    nodes_.back()->planes = planes;
    open_.emplace(entry.depth, found->second);
  } else {
    Node& known = *nodes_[found->second];
    // Two entries that name one unit must agree on what it is.
    if (known.depth != fresh.depth || known.dtype != fresh.dtype ||
        known.element_count != fresh.element_count || known.cluster != fresh.cluster) {
      return Bad(known, "entries disagree about it");
    }
    known.planes = known.planes == 0 || planes == 0 ? 0 : std::max(known.planes, planes);
  }
  return std::pair(found->second, entry.clustered ? entry.first_element : 0);
}

Status ReadPlan::FetchUpTo(Node& node, std::size_t wanted, std::size_t& have) {
  if (wanted <= have) return Ok();
  const auto piece = node.coded.bytes().subspan(have, wanted - have);
  DLV_TRY(node.section->ReadRange(node.place.offset + have, piece));
  shared_.fetched_bytes.fetch_add(piece.size(), std::memory_order_relaxed);
  have = wanted;
  const auto prefix = node.coded.bytes().first(have);
  if (have == node.place.coded_bytes) DLV_TRY(node.section->CheckUnit(node.place, prefix));
  shared_.prefixes.Keep({node.section->place().id, node.place.offset}, prefix);
  return Ok();
}

Status ReadPlan::Fetch(Node& node) {
  // A level is known only from the header, so a partial read fetches the header first.
  const bool whole = node.planes == 0 || node.place.coded_bytes <= codec::kMaxHeaderBytes;
  const std::size_t first = whole ? node.place.coded_bytes : codec::kMaxHeaderBytes;
  node.coded = shared_.buffers.Take();
  node.coded.Resize(node.place.coded_bytes);
  std::size_t have =
      shared_.prefixes.CopyTo({node.section->place().id, node.place.offset}, node.coded.bytes());
  DLV_TRY(FetchUpTo(node, first, have));
  auto header = codec::ChunkDecoder::ParseHeader(node.coded.bytes().first(have));
  if (!header.ok()) {
    return Error{header.error().code, Bad(node, header.error().message).message};
  }
  node.header = *header;
  if (node.header.dtype != node.dtype || node.header.count != node.element_count ||
      node.header.needs_base != node.uses_base || node.header.level_count == 0 ||
      node.header.EncodedBytes() != node.place.coded_bytes) {
    return Bad(node, "chunk header does not fit the directory");
  }
  node.level = node.planes == 0 ? node.header.level_count - 1u
                                : codec::LevelAtOrAbove(node.header, node.planes);
  const std::size_t prefix = std::max(first, node.header.PrefixBytes(node.level));
  DLV_TRY(FetchUpTo(node, prefix, have));
  node.coded.Resize(prefix);
  held_bytes_ += prefix + node.header.raw_bytes();
  if (held_bytes_ > shared_.options.max_working_bytes) {
    return Error{ErrorCode::kUnsafe, "reading one chunk needs more than " +
                                         std::to_string(shared_.options.max_working_bytes) +
                                         " bytes of memory"};
  }
  return Ok();
}

Status ReadPlan::LinkBase(std::size_t at, Which which, const TensorId& base_id,
                          std::uint64_t tensor_elements, std::uint64_t chunk, std::uint32_t target,
                          std::uint32_t element_count) {
  const auto base = reader_.Open(base_id);
  Node& node = *nodes_[at];
  if (!base.ok())
    return Error{base.error().code,
                 Bad(node, "base " + base_id.Hex(12) + ": " + base.error().message).message};
  const TensorHandle& tensor = **base;
  if (tensor.dtype() != node.dtype || tensor.element_count() != tensor_elements) {
    return Bad(node, "base " + base_id.Hex(12) + " has another type or size");
  }
  const unsigned planes = node.header.levels()[node.level].planes;
  DLV_ASSIGN(const auto wanted, Want(tensor, chunk, planes, node.depth));
  ((*nodes_[at]).*which).push_back({wanted.first, wanted.second, target, element_count});
  nodes_[wanted.first]->users += 1;
  return Ok();
}

/// The same chunk of another tensor, which must have it.
Status ReadPlan::LinkChunk(std::size_t at, Which which, const std::optional<TensorId>& base) {
  const Node& node = *nodes_[at];
  if (!base) return Bad(node, "uses a base that its tensor does not have");
  const auto tensor =
      reader_.Open(*base);  // the tensor's size is its base's size; checked chunk by chunk
  if (!tensor.ok())
    return Error{tensor.error().code,
                 Bad(node, "base " + base->Hex(12) + ": " + tensor.error().message).message};
  const std::uint64_t elements = (*tensor)->element_count();
  if (node.chunk >= ChunkCount(elements) ||
      ChunkLength(elements, node.chunk) != node.element_count) {
    return Bad(node, "base " + base->Hex(12) + " has another size");
  }
  return LinkBase(at, which, TensorId(*base), elements, node.chunk, 0, node.element_count);
}

Status ReadPlan::LinkBases(std::size_t at) {
  const Node& node = *nodes_[at];
  if (!node.uses_base) return Ok();
  const bool both = node.header.needs_second_base;
  if (node.cluster < 0) {
    DLV_TRY(LinkChunk(at, &Node::links, node.base));
    return both ? LinkChunk(at, &Node::second_links, node.second_base) : Ok();
  }
  DLV_ASSIGN(const auto members,
             node.section->directory().Members(static_cast<std::uint32_t>(node.cluster)));
  for (const TensorEntry& member : members) {
    const auto link = [&](Which which, const TensorId& base) {
      return LinkBase(at, which, base, member.element_count, 0, member.first_element,
                      static_cast<std::uint32_t>(member.element_count));
    };
    DLV_TRY(link(&Node::links, *member.base));
    if (both) DLV_TRY(link(&Node::second_links, member.second_base.value_or(*member.base)));
  }
  return Ok();
}

bool ReadPlan::FindDecoded(Node& node) {
  const unsigned full = codec::FullPlanes(node.dtype);
  const unsigned wanted = node.planes == 0 ? full : std::min(node.planes, full);
  if (node.cluster < 0) {
    const auto kept = shared_.kept.Take(node.tensor, node.chunk, wanted);
    if (!kept) return false;
    node.decoded = kept->bytes;
    node.planes = kept->planes;
    return true;
  }
  CachedCluster cached;
  const ClusterCacheKey key{node.section->place().id, static_cast<std::uint32_t>(node.cluster)};
  if (!shared_.clusters.Get(key, &cached) || cached.planes < wanted) return false;
  node.decoded = cached.bytes;
  node.planes = cached.planes;
  return true;
}

void ReadPlan::Keep(const Node& node, std::span<const std::byte> out) {
  if (!shared_.kept.HasUseFor(node.tensor, node.chunk, out.size())) return;
  SharedBytes bytes = node.decoded;
  if (!bytes || bytes->capacity() > out.size() + out.size() / 4) {
    Buffer copy;
    copy.Resize(out.size());
    std::memcpy(copy.bytes().data(), out.data(), out.size());
    bytes = Share(std::move(copy));
  }
  const unsigned planes = node.header.levels()[node.level].planes;
  shared_.kept.Put(node.tensor, node.chunk, {std::move(bytes), planes});
}

Status ReadPlan::Gather() {
  // Whoever uses a unit is deeper than it. Going from deep to shallow, all wishes for a unit are
  // known when it is fetched.
  while (!open_.empty()) {
    const auto deepest = std::prev(open_.end());
    const std::size_t at = deepest->second;
    open_.erase(deepest);
    Node& node = *nodes_[at];
    if (FindDecoded(node)) continue;
    DLV_TRY(Fetch(node));
    order_.push_back(at);
    // A use of the base that was expected, and will not come.
    if (node.base && !node.uses_base) shared_.kept.Take(*node.base, node.chunk, 0);
    if (node.second_base && !node.header.needs_second_base)
      shared_.kept.Take(*node.second_base, node.chunk, 0);
    DLV_TRY(LinkBases(at));
  }
  return Ok();
}

std::span<const std::byte> ReadPlan::BaseOf(const Node& node, const std::vector<Link>& links,
                                            Buffer& assembled) {
  if (links.empty()) return {};
  if (links.size() == 1 && links[0].source_element == 0 &&
      nodes_[links[0].node]->element_count == node.element_count) {
    return nodes_[links[0].node]->decoded->bytes();
  }
  const std::size_t element_bytes = SizeOf(node.dtype);
  assembled = shared_.buffers.Take();
  assembled.Resize(node.element_count * element_bytes);
  for (const Link& link : links) {
    const auto from = nodes_[link.node]->decoded->bytes().subspan(
        link.source_element * element_bytes, link.element_count * element_bytes);
    std::memcpy(assembled.bytes().data() + link.target_element * element_bytes, from.data(),
                from.size());
  }
  return assembled.bytes();
}

Status ReadPlan::Decode(std::size_t at, std::span<std::byte> out) {
  Node& node = *nodes_[at];
  Buffer assembled, second_assembled;
  const auto base = BaseOf(node, node.links, assembled);
  const auto second_base = BaseOf(node, node.second_links, second_assembled);
  std::unique_ptr<codec::ChunkDecoder> decoder = shared_.decoders.Take();
  if (!decoder) decoder = std::make_unique<codec::ChunkDecoder>();
  const Status status =
      decoder->Decode(node.header, node.coded.bytes(), node.level, base, out, second_base);
  shared_.decoders.Give(std::move(decoder));
  shared_.decoded_units.fetch_add(1, std::memory_order_relaxed);
  for (Buffer* one : {&assembled, &second_assembled})
    if (one->capacity() != 0) shared_.buffers.Give(std::move(*one));
  shared_.buffers.Give(std::move(node.coded));
  if (!status.ok()) return Error{status.error().code, Bad(node, status.error().message).message};
  for (const auto* links : {&node.links, &node.second_links}) {
    for (const Link& link : *links) {
      Node& used = *nodes_[link.node];
      if (--used.users == 0) used.decoded.reset();
    }
  }
  return Ok();
}

Status ReadPlan::DecodeAll(bool leave_first) {
  for (std::size_t i = order_.size(); i-- > 0;) {
    Node& node = *nodes_[order_[i]];
    if (leave_first && order_[i] == 0 && node.cluster < 0)
      break;  // the chunk asked for: decoded into the caller's memory
    Buffer buffer = shared_.buffers.Take();
    buffer.Resize(node.header.raw_bytes());
    DLV_TRY(Decode(order_[i], buffer.bytes()));
    if (node.cluster < 0) node.planes = node.header.levels()[node.level].planes;
    node.decoded = node.cluster >= 0 ? Share(std::move(buffer))
                                     : ShareFrom(shared_.buffers, std::move(buffer));
    if (node.cluster < 0) Keep(node, node.decoded->bytes());
    if (node.cluster >= 0) {
      const unsigned planes = node.header.levels()[node.level].planes;
      node.planes = planes;
      shared_.clusters.Put({node.section->place().id, static_cast<std::uint32_t>(node.cluster)},
                           {node.decoded, planes}, node.decoded->capacity());
    }
  }
  return Ok();
}

bool ReadPlan::IsCached(const ClusterCacheKey& key, DType dtype, unsigned planes) {
  const unsigned full = codec::FullPlanes(dtype);
  CachedCluster cached;
  return shared_.clusters.Get(key, &cached) &&
         cached.planes >= (planes == 0 ? full : std::min(planes, full));
}

/// Returns the cluster that the chain of a tensor ends at, if it does; what is wrong with the chain
/// is found when it is read.
std::optional<ClusterCacheKey> ReadPlan::ChainEnd(const TensorHandle& tensor) {
  const TensorHandle* at = &tensor;
  std::shared_ptr<const TensorHandle> held;
  for (unsigned depth = 0; at->base() && depth <= kMaxDepth; ++depth) {
    auto base = reader_.Open(*at->base());
    if (!base.ok() || (*base)->parts().empty()) return std::nullopt;
    held = std::move(*base);
    at = held.get();
  }
  return ClusterOf(at->parts().front());
}

Result<unsigned> ReadPlan::Run(const TensorHandle& tensor, std::uint64_t index, unsigned planes,
                               std::span<std::byte> out) {
  std::optional<ClusterTurns::Turn> at_cluster, at_base;
  const auto cluster = ClusterOf(tensor.PartOfChunk(index));
  if (cluster && !IsCached(*cluster, tensor.dtype(), planes)) {
    at_cluster.emplace(shared_.turns, *cluster);
    const auto end = ChainEnd(tensor);
    if (end && !IsCached(*end, tensor.dtype(), planes)) at_base.emplace(shared_.base_turns, *end);
  }
  DLV_ASSIGN(const auto top, Want(tensor, index, planes, kNoLimit));
  DLV_TRY(Gather());
  const Turn turn(shared_.decoding);
  DLV_TRY(DecodeAll(true));
  Node& node = *nodes_[top.first];
  if (node.cluster < 0 && !node.decoded) {
    DLV_TRY(Decode(top.first, out));
    Keep(node, out);
    return unsigned{node.header.levels()[node.level].planes};
  }
  const auto from = node.decoded->bytes().subspan(top.second * SizeOf(node.dtype), out.size());
  std::memcpy(out.data(), from.data(), from.size());
  return node.planes;
}

Status ReadPlan::RunPair(const TensorHandle& first, const TensorHandle& second, std::uint64_t index,
                         unsigned planes, const TensorReader::PairSink& sink) {
  DLV_ASSIGN(const auto a, Want(first, index, planes, kNoLimit));
  DLV_ASSIGN(const auto b, Want(second, index, planes, kNoLimit));
  nodes_[a.first]->users += 1;  // kept until both have been handed out
  nodes_[b.first]->users += 1;
  DLV_TRY(Gather());
  {
    const Turn turn(shared_.decoding);
    DLV_TRY(DecodeAll(false));
  }
  const auto part = [&](const std::pair<std::size_t, std::uint32_t>& place,
                        const TensorHandle& tensor) {
    const std::size_t element_bytes = SizeOf(tensor.dtype());
    return nodes_[place.first]->decoded->bytes().subspan(
        place.second * element_bytes,
        static_cast<std::size_t>(ChunkLength(tensor.element_count(), index)) * element_bytes);
  };
  return sink(part(a, first), nodes_[a.first]->planes, part(b, second), nodes_[b.first]->planes);
}

}  // namespace dlv::archive

#include "storage/archive/whole_levels.h"

#include <algorithm>
#include <set>

#include "storage/codec/chunk_codec.h"

namespace dlv::archive {
namespace {

using Headers = std::vector<codec::ChunkHeader>;

Result<Headers> HeadersOf(DType dtype, std::span<const std::byte> bytes) {
  codec::ChunkEncoder encoder;
  codec::EncodedChunk coded;
  Headers headers;
  const std::size_t most = codec::kMaxChunkElements * SizeOf(dtype);
  for (std::size_t at = 0; at < bytes.size(); at += most) {
    const auto raw = bytes.subspan(at, std::min(most, bytes.size() - at));
    DLV_TRY(encoder.Encode(dtype, raw, {}, {}, coded));
    headers.push_back(coded.header);
  }
  return headers;
}

/// What reading all chunks to at least `wish` planes takes.
TensorLevel Cost(const Headers& headers, unsigned wish, unsigned full) {
  TensorLevel cost{full, 0, 0};
  for (const codec::ChunkHeader& header : headers) {
    const std::size_t level = codec::LevelAtOrAbove(header, wish);
    const std::uint64_t prefix = header.PrefixBytes(level);
    cost.planes = std::min<unsigned>(cost.planes, header.levels()[level].planes);
    cost.plane_bytes += prefix - header.header_bytes;
    cost.all_bytes +=
        std::max(prefix, std::min<std::uint64_t>(header.EncodedBytes(), codec::kMaxHeaderBytes));
  }
  return cost;
}

}  // namespace

Result<std::vector<TensorLevel>> WholeLevels(DType dtype, std::span<const std::byte> bytes) {
  DLV_ASSIGN(const Headers headers, HeadersOf(dtype, bytes));
  const unsigned full = codec::FullPlanes(dtype);
  std::set<unsigned> wishes = {full};
  for (const codec::ChunkHeader& header : headers) {
    for (const codec::LevelEntry& level : header.levels()) wishes.insert(level.planes);
  }
  std::vector<TensorLevel> levels;
  for (const unsigned planes : wishes) {
    const TensorLevel level = Cost(headers, planes, full);
    if (levels.empty() || level.planes > levels.back().planes) levels.push_back(level);
  }
  return levels;
}

}  // namespace dlv::archive

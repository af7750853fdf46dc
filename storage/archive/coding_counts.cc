#include "storage/archive/coding_counts.h"

#include <algorithm>
#include <vector>

#include "storage/archive/directory.h"
#include "storage/codec/float_codec.h"

namespace dlv::archive {

void CodingCounts::Add(const codec::ChunkHeader& header, std::uint64_t of_them) {
  elements += of_them;
  if (header.mode == codec::ChunkMode::kDeltaSecond || codec::HasWideSymbols(header))
    cold += of_them;
  if (header.needs_second_base) two_bases += of_them;
}

CodingCounts& CodingCounts::operator+=(const CodingCounts& other) {
  elements += other.elements;
  cold += other.cold;
  two_bases += other.two_bases;
  return *this;
}

Result<CodingCounts> SampleCoding(const TensorHandle& tensor) {
  const TensorHandle& stored = tensor.strip() != nullptr ? *tensor.strip() : tensor;
  CodingCounts counts;
  counts.elements = tensor.element_count();
  if (counts.elements == 0) return counts;
  const std::uint64_t index = ChunkCount(stored.element_count()) / 2;
  const TensorHandle::Part& part =
      stored.parts().front().entry.clustered ? stored.parts().front() : stored.PartOfChunk(index);
  if (part.section->has_manifest()) return counts;
  UnitPlace place;
  if (part.entry.clustered) {
    DLV_ASSIGN(const ClusterEntry cluster, part.section->directory().Cluster(part.entry.cluster));
    place = cluster.place;
  } else {
    place = part.chunks[static_cast<std::size_t>(index - part.entry.first_chunk)].place;
  }
  std::vector<std::byte> bytes(std::min<std::size_t>(place.coded_bytes, codec::kMaxHeaderBytes));
  DLV_TRY(part.section->ReadRange(place.offset, bytes));
  DLV_ASSIGN(const codec::ChunkHeader header, codec::ParseChunkHeader(bytes));
  counts = {};
  counts.Add(header, tensor.element_count());
  return counts;
}

}  // namespace dlv::archive

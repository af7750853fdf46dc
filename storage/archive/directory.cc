#include "storage/archive/directory.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "storage/io/byte_io.h"

namespace dlv::archive {
namespace {

constexpr const char* kDirectoryText = "section directory";

std::uint64_t RoundUp64(std::uint64_t offset) {
  return (offset + kSmallUnitAlignment - 1) / kSmallUnitAlignment;
}

/// Writes and reads the place64 fields of one record; each is relative to the end of the one
/// before.
class PlaceWriter {
 public:
  void Put(io::ByteWriter& out, std::uint64_t offset, std::uint64_t coded_bytes) {
    DLV_CHECK(offset % kSmallUnitAlignment == 0 && offset >= end_, "units ascend, aligned");
    out.PutVarint(offset / kSmallUnitAlignment - RoundUp64(end_));
    end_ = offset + coded_bytes;
  }

 private:
  std::uint64_t end_ = 0;
};

class PlaceReader {
 public:
  PlaceReader(io::ByteReader& in, std::uint64_t units_end) : in_(in), units_end_(units_end) {}

  Result<std::uint64_t> Offset() {
    DLV_ASSIGN(const std::uint64_t gap, in_.GetVarint());
    if (gap > units_end_ / kSmallUnitAlignment) return in_.Bad("unit outside the section");
    return (RoundUp64(end_) + gap) * kSmallUnitAlignment;
  }
  Status Close(UnitPlace& place, std::uint64_t offset, std::uint64_t coded_bytes) {
    if (coded_bytes == 0 || coded_bytes > kMaxUnitBytes) return in_.Bad("impossible unit length");
    if (offset < SectionHeader::kEncodedSize || offset + coded_bytes > units_end_) {
      return in_.Bad("unit outside the section");
    }
    place.offset = offset;
    place.coded_bytes = static_cast<std::uint32_t>(coded_bytes);
    end_ = offset + coded_bytes;
    return Ok();
  }

 private:
  io::ByteReader& in_;
  std::uint64_t units_end_;
  std::uint64_t end_ = 0;
};

Result<DType> GetDType(io::ByteReader& in) {
  DLV_ASSIGN(const std::uint64_t value, in.GetVarint());
  if (value >= kDTypeCount) return in.Bad("unknown dtype " + std::to_string(value));
  return static_cast<DType>(value);
}

/// Bytes of a chunk in a record at the least: gap, length, checksum, id.
constexpr std::size_t kMinChunkBytes = 1 + 1 + 8 + 32;
constexpr std::size_t kMinFrameBytes = 1 + 1 + 8;

Status ReadChunks(io::ByteReader& in, std::uint64_t units_end, std::uint64_t count,
                  TensorEntry& entry) {
  if (count > in.remaining() / kMinChunkBytes) return in.Bad("more chunks than the record holds");
  entry.chunks.resize(static_cast<std::size_t>(count));
  PlaceReader places(in, units_end);
  for (ChunkEntry& chunk : entry.chunks) {
    DLV_ASSIGN(const std::uint64_t offset, places.Offset());
    DLV_ASSIGN(const std::uint64_t size, in.GetVarint());
    chunk.uses_base = (size & 1) != 0;
    if (chunk.uses_base && !entry.base) return in.Bad("chunk uses a base, but there is none");
    DLV_TRY(places.Close(chunk.place, offset, size >> 1));
    DLV_ASSIGN(chunk.place.checksum, in.Get<std::uint64_t>());
    DLV_ASSIGN(chunk.id, in.GetDigest<ChunkId>());
  }
  return Ok();
}

Status ReadChunkList(io::ByteReader& in, std::uint64_t units_end, TensorEntry& entry) {
  const std::uint64_t all = ChunkCount(entry.element_count);
  if (!entry.is_part) return ReadChunks(in, units_end, all, entry);
  DLV_ASSIGN(const std::uint64_t part, in.GetVarint());
  DLV_ASSIGN(entry.first_chunk, in.GetVarint());
  DLV_ASSIGN(const std::uint64_t count, in.GetVarint());
  if (entry.first_chunk >= all || count == 0 || count > all - entry.first_chunk ||
      part > entry.first_chunk) {
    return in.Bad("part outside its tensor");
  }
  entry.part = static_cast<std::uint32_t>(part);
  return ReadChunks(in, units_end, count, entry);
}

Status ReadMembership(io::ByteReader& in, TensorEntry& entry) {
  DLV_ASSIGN(const std::uint64_t cluster, in.GetVarint());
  DLV_ASSIGN(const std::uint64_t first, in.GetVarint());
  if (entry.element_count == 0 || entry.element_count >= kSmallTensorElements ||
      cluster > UINT32_MAX || first + entry.element_count > kClusterElements) {
    return in.Bad("impossible cluster member");
  }
  entry.cluster = static_cast<std::uint32_t>(cluster);
  entry.first_element = static_cast<std::uint32_t>(first);
  return Ok();
}

}  // namespace

std::uint32_t DirectoryBuilder::AddTensor(const TensorEntry& entry) {
  io::ByteWriter out;
  out.Put(static_cast<std::uint8_t>(EntryKind::kTensor));
  out.Put(static_cast<std::uint8_t>(
      (entry.base ? kTensorHasBase : 0) | (entry.clustered ? kTensorClustered : 0) |
      (entry.is_part ? kTensorPart : 0) | (entry.second_base ? kTensorHasSecondBase : 0)));
  out.PutVarint(static_cast<std::uint64_t>(entry.dtype));
  out.PutVarint(entry.element_count);
  out.Put(entry.depth);
  DLV_CHECK((entry.depth != 0) == entry.base.has_value(), "depth says whether there is a base");
  if (entry.base) out.PutDigest(*entry.base);
  if (entry.second_base) {
    DLV_CHECK(entry.base.has_value(), "a second base stands beside a first");
    out.PutDigest(*entry.second_base);
    features_ |= SectionHeader::kSecondBases;
  }
  if (entry.clustered) {
    out.PutVarint(entry.cluster);
    out.PutVarint(entry.first_element);
  } else if (entry.is_part) {
    out.PutVarint(entry.part);
    out.PutVarint(entry.first_chunk);
    out.PutVarint(entry.chunks.size());
  }
  PlaceWriter places;
  for (const ChunkEntry& chunk : entry.chunks) {
    places.Put(out, chunk.place.offset, chunk.place.coded_bytes);
    out.PutVarint(std::uint64_t{chunk.place.coded_bytes} * 2 + (chunk.uses_base ? 1 : 0));
    out.Put(chunk.place.checksum);
    out.PutDigest(chunk.id);
  }
  return AddEntry(entry.id.bytes, EntryKind::kTensor, out.bytes());
}

std::uint32_t DirectoryBuilder::AddBlob(const BlobEntry& entry) {
  io::ByteWriter out;
  out.Put(static_cast<std::uint8_t>(EntryKind::kBlob));
  out.Put(static_cast<std::uint8_t>(entry.codec));
  out.PutVarint(entry.raw_bytes);
  DLV_CHECK((entry.codec == BlobCodec::kZstdPrefix) == entry.prefix.has_value(),
            "a prefix goes with its codec");
  if (entry.prefix) out.PutDigest(*entry.prefix);
  PlaceWriter places;
  for (const UnitPlace& frame : entry.frames) {
    places.Put(out, frame.offset, frame.coded_bytes);
    out.PutVarint(frame.coded_bytes);
    out.Put(frame.checksum);
  }
  return AddEntry(entry.id.bytes, EntryKind::kBlob, out.bytes());
}

std::uint32_t DirectoryBuilder::AddCluster(const ClusterEntry& cluster) {
  io::ByteWriter out;
  out.Put(static_cast<std::uint8_t>(cluster.uses_base ? 1 : 0));
  out.PutVarint(static_cast<std::uint64_t>(cluster.dtype));
  out.PutVarint(cluster.element_count);
  out.Put(cluster.depth);
  out.PutVarint(cluster.first_entry);
  out.PutVarint(cluster.member_count);
  PlaceWriter places;
  places.Put(out, cluster.place.offset, cluster.place.coded_bytes);
  out.PutVarint(cluster.place.coded_bytes);
  out.Put(cluster.place.checksum);
  cluster_offsets_.push_back(static_cast<std::uint32_t>(cluster_records_.size()));
  cluster_records_.insert(cluster_records_.end(), out.bytes().begin(), out.bytes().end());
  return static_cast<std::uint32_t>(cluster_offsets_.size() - 1);
}

std::uint32_t DirectoryBuilder::AddEntry(const std::array<std::uint8_t, 32>& id, EntryKind kind,
                                         std::span<const std::byte> record) {
  ids_.insert(ids_.end(), id.begin(), id.end());
  kinds_.push_back(kind);
  record_offsets_.push_back(static_cast<std::uint32_t>(records_.size()));
  records_.insert(records_.end(), record.begin(), record.end());
  return static_cast<std::uint32_t>(kinds_.size() - 1);
}

std::uint64_t DirectoryBuilder::EncodedSize() const {
  return Directory::kHeadSize + kinds_.size() * Directory::kEntryTableSize +
         cluster_offsets_.size() * 4 + records_.size() + cluster_records_.size();
}

std::vector<std::byte> DirectoryBuilder::Encode() const {
  std::vector<std::uint32_t> sorted(kinds_.size());
  for (std::uint32_t i = 0; i < sorted.size(); ++i) sorted[i] = i;
  std::sort(sorted.begin(), sorted.end(), [this](std::uint32_t a, std::uint32_t b) {
    const int order = std::memcmp(&ids_[a * std::size_t{32}], &ids_[b * std::size_t{32}], 32);
    return order != 0 ? order < 0 : kinds_[a] < kinds_[b];
  });
  io::ByteWriter out;
  out.Put(entry_count());
  out.Put(static_cast<std::uint32_t>(cluster_offsets_.size()));
  out.Put(static_cast<std::uint64_t>(records_.size() + cluster_records_.size()));
  out.PutBytes(std::as_bytes(std::span(ids_)));
  out.PutBytes(std::as_bytes(std::span(sorted)));
  out.PutBytes(std::as_bytes(std::span(record_offsets_)));
  for (const std::uint32_t offset : cluster_offsets_) {
    out.Put(static_cast<std::uint32_t>(records_.size() + offset));
  }
  out.PutBytes(records_);
  out.PutBytes(cluster_records_);
  return out.Take();
}

Result<DirectoryReader> DirectoryReader::Open(std::vector<std::byte> bytes,
                                              std::uint64_t units_end) {
  io::ByteReader in(bytes, kDirectoryText);
  DirectoryReader reader;
  DLV_ASSIGN(reader.entry_count_, in.Get<std::uint32_t>());
  DLV_ASSIGN(reader.cluster_count_, in.Get<std::uint32_t>());
  DLV_ASSIGN(const std::uint64_t record_bytes, in.Get<std::uint64_t>());
  const std::uint64_t n = reader.entry_count_, k = reader.cluster_count_;
  const std::uint64_t tables = Directory::kHeadSize + n * Directory::kEntryTableSize + k * 4;
  if (tables > bytes.size() || bytes.size() - tables != record_bytes)
    return in.Bad("tables do not fit its length");
  reader.sorted_table_ = Directory::kHeadSize + n * 32;
  reader.offset_table_ = reader.sorted_table_ + n * 4;
  reader.cluster_table_ = reader.offset_table_ + n * 4;
  reader.records_ = tables;
  reader.units_end_ = units_end;
  reader.bytes_ = std::move(bytes);
  DLV_TRY(reader.CheckTables());
  return reader;
}

Status DirectoryReader::CheckTables() const {
  const std::uint64_t record_bytes = bytes_.size() - records_;
  std::uint64_t last = 0;
  for (std::uint64_t i = 0; i < std::uint64_t{entry_count_} + cluster_count_; ++i) {
    const std::uint64_t offset =
        U32At(offset_table_, i);  // the cluster table follows the offset table
    if (i == 0 ? offset != 0 : offset <= last) return Malformed("records out of order", i);
    if (offset >= record_bytes) return Malformed("record outside the directory", i);
    last = offset;
  }
  for (std::uint64_t i = 0; i < entry_count_; ++i) {
    const std::uint32_t entry = U32At(sorted_table_, i);
    if (entry >= entry_count_) return Malformed("sorted list names no entry", i);
    if (i == 0) continue;
    const std::uint32_t before = U32At(sorted_table_, i - 1);
    const int order = std::memcmp(IdAt(before).data(), IdAt(entry).data(), 32);
    if (order > 0 || (order == 0 && KindByte(before) >= KindByte(entry)))
      return Malformed("ids out of order", i);
  }
  return Ok();
}

Error DirectoryReader::Malformed(const char* why, std::uint64_t index) const {
  return {ErrorCode::kCorruption,
          std::string(kDirectoryText) + ": " + why + " at " + std::to_string(index)};
}

std::uint32_t DirectoryReader::U32At(std::uint64_t table, std::uint64_t index) const {
  std::uint32_t value = 0;
  std::memcpy(&value, bytes_.data() + table + index * 4, sizeof value);
  return value;
}

std::span<const std::byte> DirectoryReader::IdAt(std::uint32_t entry) const {
  return std::span(bytes_).subspan(Directory::kHeadSize + std::size_t{entry} * 32, 32);
}

std::uint8_t DirectoryReader::KindByte(std::uint32_t entry) const {
  return static_cast<std::uint8_t>(bytes_[records_ + U32At(offset_table_, entry)]);
}

std::span<const std::byte> DirectoryReader::RecordAt(std::uint64_t index) const {
  const std::uint64_t begin = U32At(offset_table_, index);
  const bool last = index + 1 == std::uint64_t{entry_count_} + cluster_count_;
  const std::uint64_t end = last ? bytes_.size() - records_ : U32At(offset_table_, index + 1);
  return std::span(bytes_).subspan(records_ + begin, end - begin);
}

std::optional<std::uint32_t> DirectoryReader::FindRaw(const std::array<std::uint8_t, 32>& id,
                                                      EntryKind kind) const {
  std::uint64_t low = 0, high = entry_count_;
  while (low < high) {
    const std::uint64_t middle = (low + high) / 2;
    const std::uint32_t entry = U32At(sorted_table_, middle);
    int order = std::memcmp(IdAt(entry).data(), id.data(), 32);
    if (order == 0) order = int{KindByte(entry)} - static_cast<int>(kind);
    if (order == 0) return entry;
    (order < 0 ? low : high) = order < 0 ? middle + 1 : middle;
  }
  return std::nullopt;
}

std::optional<std::uint32_t> DirectoryReader::Find(const TensorId& id) const {
  return FindRaw(id.bytes, EntryKind::kTensor);
}

std::optional<std::uint32_t> DirectoryReader::Find(const BlobId& id) const {
  return FindRaw(id.bytes, EntryKind::kBlob);
}

Result<EntryKind> DirectoryReader::Kind(std::uint32_t entry) const {
  if (entry >= entry_count_) return Malformed("no such entry", entry);
  const std::uint8_t kind = KindByte(entry);
  if (kind != 1 && kind != 2) return Malformed("unknown kind of entry", entry);
  return static_cast<EntryKind>(kind);
}

Result<TensorEntry> DirectoryReader::Tensor(std::uint32_t entry) const {
  DLV_ASSIGN(const EntryKind kind, Kind(entry));
  if (kind != EntryKind::kTensor) return Malformed("entry is no tensor", entry);
  TensorEntry tensor;
  std::memcpy(tensor.id.bytes.data(), IdAt(entry).data(), 32);
  io::ByteReader in(RecordAt(entry).subspan(1), kDirectoryText);
  DLV_ASSIGN(const std::uint8_t flags, in.Get<std::uint8_t>());
  constexpr unsigned kAll = kTensorHasBase | kTensorClustered | kTensorPart | kTensorHasSecondBase;
  if ((flags & ~kAll) != 0 ||
      (flags & (kTensorClustered | kTensorPart)) == (kTensorClustered | kTensorPart) ||
      (flags & (kTensorHasBase | kTensorHasSecondBase)) == kTensorHasSecondBase) {
    return in.Bad("unknown flags");
  }
  tensor.clustered = (flags & kTensorClustered) != 0;
  tensor.is_part = (flags & kTensorPart) != 0;
  DLV_ASSIGN(tensor.dtype, GetDType(in));
  DLV_ASSIGN(tensor.element_count, in.GetVarint());
  if (tensor.element_count > kMaxElementCount) return in.Bad("too many elements");
  DLV_ASSIGN(tensor.depth, in.Get<std::uint8_t>());
  if ((tensor.depth != 0) != ((flags & kTensorHasBase) != 0))
    return in.Bad("depth does not fit the base");
  if ((flags & kTensorHasBase) != 0) {
    DLV_ASSIGN(tensor.base, in.GetDigest<TensorId>());
    if (*tensor.base == tensor.id) return in.Bad("tensor is its own base");
  }
  if ((flags & kTensorHasSecondBase) != 0) {
    DLV_ASSIGN(tensor.second_base, in.GetDigest<TensorId>());
    if (*tensor.second_base == tensor.id || *tensor.second_base == *tensor.base)
      return in.Bad("second base is the tensor itself or its base");
    if (tensor.depth < 2) return in.Bad("depth does not fit two bases");
  }
  DLV_TRY(tensor.clustered ? ReadMembership(in, tensor) : ReadChunkList(in, units_end_, tensor));
  DLV_TRY(in.ExpectEnd());
  return tensor;
}

Result<BlobEntry> DirectoryReader::Blob(std::uint32_t entry) const {
  DLV_ASSIGN(const EntryKind kind, Kind(entry));
  if (kind != EntryKind::kBlob) return Malformed("entry is no blob", entry);
  BlobEntry blob;
  std::memcpy(blob.id.bytes.data(), IdAt(entry).data(), 32);
  io::ByteReader in(RecordAt(entry).subspan(1), kDirectoryText);
  DLV_ASSIGN(const std::uint8_t codec, in.Get<std::uint8_t>());
  if (codec != 0 && codec != 2 && codec != 3) {
    return Error{ErrorCode::kUnsupported,
                 "blob codec " + std::to_string(codec) + ": this release does not know it"};
  }
  blob.codec = static_cast<BlobCodec>(codec);
  DLV_ASSIGN(blob.raw_bytes, in.GetVarint());
  if (blob.codec == BlobCodec::kZstdPrefix) {
    DLV_ASSIGN(blob.prefix, in.GetDigest<BlobId>());
    if (*blob.prefix == blob.id) return in.Bad("blob is its own prefix");
  }
  const std::uint64_t frames =
      blob.raw_bytes / kBlobFrameBytes + (blob.raw_bytes % kBlobFrameBytes != 0);
  if (frames > in.remaining() / kMinFrameBytes) return in.Bad("more frames than the record holds");
  blob.frames.resize(static_cast<std::size_t>(frames));
  PlaceReader places(in, units_end_);
  for (std::size_t i = 0; i < blob.frames.size(); ++i) {
    UnitPlace& frame = blob.frames[i];
    DLV_ASSIGN(const std::uint64_t offset, places.Offset());
    DLV_ASSIGN(const std::uint64_t coded, in.GetVarint());
    const std::uint64_t raw = std::min(kBlobFrameBytes, blob.raw_bytes - i * kBlobFrameBytes);
    if (coded > raw || (blob.codec == BlobCodec::kRaw && coded != raw))
      return in.Bad("impossible frame length");
    DLV_TRY(places.Close(frame, offset, coded));
    DLV_ASSIGN(frame.checksum, in.Get<std::uint64_t>());
  }
  DLV_TRY(in.ExpectEnd());
  return blob;
}

Result<ClusterEntry> DirectoryReader::Cluster(std::uint32_t cluster) const {
  if (cluster >= cluster_count_) return Malformed("no such cluster", cluster);
  io::ByteReader in(RecordAt(std::uint64_t{entry_count_} + cluster), kDirectoryText);
  ClusterEntry result;
  DLV_ASSIGN(const std::uint8_t flags, in.Get<std::uint8_t>());
  if (flags > 1) return in.Bad("unknown flags");
  result.uses_base = flags == 1;
  DLV_ASSIGN(result.dtype, GetDType(in));
  DLV_ASSIGN(const std::uint64_t elements, in.GetVarint());
  DLV_ASSIGN(result.depth, in.Get<std::uint8_t>());
  DLV_ASSIGN(const std::uint64_t first, in.GetVarint());
  DLV_ASSIGN(const std::uint64_t members, in.GetVarint());
  if (elements == 0 || elements > kClusterElements || members == 0 || members > elements ||
      first > entry_count_ || members > entry_count_ - first ||
      (result.depth != 0) != result.uses_base) {
    return in.Bad("impossible cluster");
  }
  result.element_count = static_cast<std::uint32_t>(elements);
  result.first_entry = static_cast<std::uint32_t>(first);
  result.member_count = static_cast<std::uint32_t>(members);
  PlaceReader places(in, units_end_);
  DLV_ASSIGN(const std::uint64_t offset, places.Offset());
  DLV_ASSIGN(const std::uint64_t coded, in.GetVarint());
  DLV_TRY(places.Close(result.place, offset, coded));
  DLV_ASSIGN(result.place.checksum, in.Get<std::uint64_t>());
  DLV_TRY(in.ExpectEnd());
  return result;
}

Result<std::vector<TensorEntry>> DirectoryReader::Members(std::uint32_t cluster) const {
  DLV_ASSIGN(const ClusterEntry head, Cluster(cluster));
  std::vector<TensorEntry> members;
  members.reserve(head.member_count);
  std::uint64_t next = 0;
  for (std::uint32_t i = 0; i < head.member_count; ++i) {
    DLV_ASSIGN(TensorEntry member, Tensor(head.first_entry + i));
    if (!member.clustered || member.cluster != cluster || member.first_element != next ||
        member.dtype != head.dtype || member.depth != head.depth) {
      return Malformed("member does not fit its cluster", head.first_entry + i);
    }
    next += member.element_count;
    members.push_back(std::move(member));
  }
  if (next != head.element_count) return Malformed("members do not fill their cluster", cluster);
  return members;
}

}  // namespace dlv::archive

#include "storage/archive/section_sink.h"

#include <algorithm>

#include "storage/archive/blob_coder.h"
#include "storage/io/byte_io.h"
#include "storage/io/hash.h"

namespace dlv::archive {
namespace {

/// Codec, length, bytes: see "Manifest area".
Result<std::vector<std::byte>> CodeManifest(std::span<const std::byte> manifest, int zstd_level) {
  if (manifest.empty()) return std::vector<std::byte>();
  DLV_ASSIGN(const std::vector<std::byte> coded, BlobCoder(zstd_level).Encode(manifest, {}));
  io::ByteWriter out;
  // A reader does not believe that a manifest expands a thousand times.
  const bool compress = !coded.empty() && manifest.size() / 1024 <= coded.size();
  out.Put(static_cast<std::uint8_t>(compress ? BlobCodec::kZstd : BlobCodec::kRaw));
  out.PutVarint(manifest.size());
  out.PutBytes(compress ? std::span<const std::byte>(coded) : manifest);
  return out.Take();
}

}  // namespace

Status SectionSink::OpenPack() {
  DLV_ASSIGN(NewPack next, factory_());
  DLV_ASSIGN(pack_, PackFileWriter::Create(std::move(next)));
  DLV_TRY(pack_->BeginSection());
  directory_ = DirectoryBuilder();
  section_empty_ = true;
  return Ok();
}

Status SectionSink::ClosePack(SectionTail tail) {
  tail.directory = directory_.Encode();
  tail.features = directory_.features();
  DLV_TRY(pack_->EndSection(tail));
  DLV_ASSIGN(WrittenPack written, pack_->Finish());
  result_.packs.push_back(std::move(written));
  pack_.reset();
  return Ok();
}

Status SectionSink::MakeRoom(std::uint64_t coded_bytes) {
  if (pack_ && !section_empty_ && pack_->position() + coded_bytes > target_bytes_) {
    if (tensor_) ClosePart(false);
    DLV_TRY(ClosePack({}));
  }
  if (!pack_) DLV_TRY(OpenPack());
  return Ok();
}

Result<UnitPlace> SectionSink::AppendUnit(std::span<const std::byte> coded,
                                          std::uint64_t checksum) {
  DLV_CHECK(!coded.empty() && coded.size() <= kMaxUnitBytes, "units have a bounded length");
  DLV_ASSIGN(const std::uint64_t offset, pack_->AppendUnit(coded));
  section_empty_ = false;
  return UnitPlace{offset, static_cast<std::uint32_t>(coded.size()), checksum};
}

WrittenObject& SectionSink::Remember(std::uint32_t entry) {
  section_empty_ = false;
  WrittenObject& object = result_.objects.emplace_back();
  object.pack = static_cast<std::uint32_t>(result_.packs.size());
  object.section_offset = pack_->section_offset();
  object.entry = entry;
  return object;
}

Status SectionSink::BeginTensor(TensorEntry entry) {
  DLV_TRY(MakeRoom(0));
  tensor_ = std::move(entry);
  tensor_split_ = false;
  part_needs_second_ = false;
  tensor_depth_ = 0;
  return Ok();
}

Status SectionSink::WriteChunk(std::span<const std::byte> coded, std::uint64_t checksum,
                               const codec::ChunkHeader& header, const ChunkId& id) {
  DLV_TRY(MakeRoom(coded.size()));
  DLV_ASSIGN(const UnitPlace place, AppendUnit(coded, checksum));
  tensor_->chunks.push_back({place, header.needs_base, id});
  part_needs_second_ = part_needs_second_ || header.needs_second_base;
  result_.tensor_coded_bytes += coded.size();
  return Ok();
}

/// Writes the entry of the chunks gathered so far. `last`: the tensor ends here.
void SectionSink::ClosePart(bool last) {
  if (!last && tensor_->chunks.empty())
    return;  // nothing here yet: the tensor begins in the next pack
  TensorEntry part = *tensor_;
  part.is_part = tensor_split_ || !last;
  if (std::ranges::none_of(part.chunks, &ChunkEntry::uses_base)) {
    part.base.reset();
    part.depth = 0;
  }
  if (!part_needs_second_) part.second_base.reset();
  part_needs_second_ = false;
  WrittenObject& object = Remember(directory_.AddTensor(part));
  object.tensor = part.id;
  object.dtype = part.dtype;
  object.element_count = part.element_count;
  object.depth = part.depth;
  object.base = part.base;
  object.second_base = part.second_base;
  object.is_part = part.is_part;
  object.part = part.part;
  for (const ChunkEntry& chunk : part.chunks) object.coded_bytes += chunk.place.coded_bytes;
  tensor_depth_ = std::max<unsigned>(tensor_depth_, part.depth);
  tensor_split_ = true;
  tensor_->part += 1;
  tensor_->first_chunk += part.chunks.size();
  tensor_->chunks.clear();
}

Result<unsigned> SectionSink::EndTensor() {
  ClosePart(true);
  tensor_.reset();
  return tensor_depth_;
}

Status SectionSink::WriteCluster(ClusterEntry cluster, std::vector<TensorEntry>& members,
                                 std::span<const std::byte> coded) {
  DLV_TRY(MakeRoom(coded.size()));
  DLV_ASSIGN(cluster.place, AppendUnit(coded, io::Xxh3(coded)));
  cluster.first_entry = directory_.entry_count();
  const std::uint32_t number = directory_.AddCluster(cluster);
  for (TensorEntry& member : members) {
    member.cluster = number;
    WrittenObject& object = Remember(directory_.AddTensor(member));
    object.tensor = member.id;
    object.dtype = member.dtype;
    object.element_count = member.element_count;
    object.coded_bytes = coded.size() * member.element_count / cluster.element_count;
    object.depth = member.depth;
    object.base = member.base;
    object.second_base = member.second_base;
  }
  result_.tensor_coded_bytes += coded.size();
  return Ok();
}

Status SectionSink::BeginBlob(std::uint64_t raw_bytes) { return MakeRoom(raw_bytes); }

Result<UnitPlace> SectionSink::WriteFrame(std::span<const std::byte> coded) {
  result_.blob_coded_bytes += coded.size();
  return AppendUnit(coded, io::Xxh3(coded));
}

void SectionSink::EndBlob(const BlobEntry& entry) {
  WrittenObject& object = Remember(directory_.AddBlob(entry));
  object.kind = EntryKind::kBlob;
  object.blob = entry.id;
  object.element_count = entry.raw_bytes;
  for (const UnitPlace& frame : entry.frames) object.coded_bytes += frame.coded_bytes;
}

std::uint64_t SectionSink::bytes_written() const {
  std::uint64_t total = pack_ ? pack_->position() : 0;
  for (const WrittenPack& pack : result_.packs) total += pack.size_bytes;
  return total;
}

Result<WriteResult> SectionSink::Finish(std::vector<std::byte> manifest,
                                        std::vector<std::byte> envelope) {
  if (!pack_ && !manifest.empty()) DLV_TRY(OpenPack());
  if (!pack_) return std::move(result_);
  SectionTail tail;
  DLV_ASSIGN(tail.manifest, CodeManifest(manifest, zstd_level_));
  tail.envelope = std::move(envelope);
  DLV_TRY(ClosePack(std::move(tail)));
  return std::move(result_);
}

}  // namespace dlv::archive

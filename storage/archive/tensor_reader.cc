#include "storage/archive/tensor_reader.h"

#include <algorithm>
#include <cstring>
#include <mutex>
#include <set>

#include "storage/archive/read_plan.h"
#include "storage/archive/reader_caches.h"
#include "storage/io/hash.h"
#include "storage/io/parallel.h"

namespace dlv::archive {
namespace {

/// How often a tensor is looked for again whose chain has changed while it was read.
constexpr int kMostAttempts = 3;

Error BadEntry(const SectionReader& section, const TensorId& id, const std::string& why) {
  return {ErrorCode::kCorruption, section.Name() + ", tensor " + id.Hex(12) + ": " + why};
}

/// The chunks of the parts follow each other and are all of the tensor.
Status CheckParts(const std::vector<TensorHandle::Part>& parts, const TensorId& id) {
  const TensorHandle::Part& first = parts.front();
  const std::uint64_t all = ChunkCount(first.entry.element_count);
  std::uint64_t next = 0;
  std::optional<TensorId> base, second_base;
  const auto differ = [](std::optional<TensorId>& known, const std::optional<TensorId>& found) {
    const bool other = known && found && *known != *found;
    if (found) known = found;
    return other;
  };
  for (const TensorHandle::Part& part : parts) {
    const TensorEntry& entry = part.entry;
    if (entry.id != id) return BadEntry(*part.section, id, "the entry found is another tensor");
    if (entry.dtype != first.entry.dtype || entry.element_count != first.entry.element_count) {
      return BadEntry(*part.section, id, "parts disagree about type or size");
    }
    if (parts.size() > 1 && !entry.is_part)
      return BadEntry(*part.section, id, "a whole tensor beside parts");
    if (entry.first_chunk != next)
      return BadEntry(*part.section, id, "a part is missing or out of order");
    next += entry.clustered ? all : part.chunks.size();
    if (differ(base, entry.base) || differ(second_base, entry.second_base))
      return BadEntry(*part.section, id, "parts name different bases");
  }
  if (next != all) return BadEntry(*parts.back().section, id, "a part is missing");
  return Ok();
}

TensorHandle::Part PartOf(const ObjectPlace& place, TensorEntry entry) {
  TensorHandle::Part part{place.section, place.entry, std::move(entry), {}};
  part.chunks.reserve(part.entry.chunks.size());
  for (const ChunkEntry& chunk : part.entry.chunks)
    part.chunks.push_back({chunk.place, chunk.uses_base});
  part.entry.chunks = {};
  return part;
}

std::uint64_t MemoryOf(const TensorHandle& handle) {
  std::uint64_t bytes = sizeof handle;
  for (const TensorHandle::Part& part : handle.parts()) {
    bytes += sizeof part + part.chunks.size() * sizeof(TensorHandle::Chunk);
  }
  return bytes;
}

/// The exact bytes of a tensor.
class TensorSourceView : public io::ByteSource {
 public:
  TensorSourceView(TensorReader& reader, std::shared_ptr<const TensorHandle> tensor)
      : reader_(reader),
        tensor_(std::move(tensor)),
        chunk_bytes_(kChunkElements * SizeOf(tensor_->dtype())) {}

  std::uint64_t size() const override { return tensor_->size_bytes(); }

  Status ReadAt(std::uint64_t offset, std::span<std::byte> out) const override {
    if (offset > size() || out.size() > size() - offset) {
      return Error{ErrorCode::kCorruption, "tensor " + tensor_->id().Hex(12) + ": ends at byte " +
                                               std::to_string(size()) + ", want " +
                                               std::to_string(offset + out.size())};
    }
    while (!out.empty()) {
      const std::uint64_t index = offset / chunk_bytes_;
      const std::uint64_t begin = index * chunk_bytes_;
      const std::uint64_t length = std::min<std::uint64_t>(chunk_bytes_, size() - begin);
      const auto part = out.first(
          static_cast<std::size_t>(std::min<std::uint64_t>(out.size(), begin + length - offset)));
      DLV_TRY(part.size() == length ? ReadWhole(index, part)
                                    : ReadPiece(index, length, offset - begin, part));
      out = out.subspan(part.size());
      offset += part.size();
    }
    return Ok();
  }

 private:
  Status ReadWhole(std::uint64_t index, std::span<std::byte> out) const {
    DLV_TRY(reader_.Read(*tensor_, index * kChunkElements, out));
    return Ok();
  }
  Status ReadPiece(std::uint64_t index, std::uint64_t chunk_length, std::uint64_t offset,
                   std::span<std::byte> out) const {
    const std::lock_guard lock(mutex_);
    if (!kept_index_ || *kept_index_ != index) {
      kept_index_.reset();
      kept_.resize(static_cast<std::size_t>(chunk_length));
      DLV_TRY(ReadWhole(index, kept_));
      kept_index_ = index;
    }
    std::memcpy(out.data(), kept_.data() + offset, out.size());
    return Ok();
  }

  TensorReader& reader_;
  std::shared_ptr<const TensorHandle> tensor_;
  std::uint64_t chunk_bytes_;
  mutable std::mutex mutex_;
  mutable std::optional<std::uint64_t> kept_index_;
  mutable std::vector<std::byte> kept_;
};

}  // namespace

Result<std::vector<ObjectPlace>> SectionSetLocator::FindTensor(const TensorId& id) {
  std::vector<std::pair<std::uint64_t, ObjectPlace>> parts;
  for (const auto& section : sections_) {
    const auto entry = section->directory().Find(id);
    if (!entry) continue;
    DLV_ASSIGN(const TensorEntry tensor, section->directory().Tensor(*entry));
    if (!tensor.is_part) return std::vector<ObjectPlace>{{section, *entry}};
    const auto same = [&](const auto& part) { return part.first == tensor.first_chunk; };
    if (std::none_of(parts.begin(), parts.end(), same))
      parts.push_back({tensor.first_chunk, {section, *entry}});
  }
  if (parts.empty())
    return Error{ErrorCode::kNotFound, "tensor " + id.Hex(12) + " is in none of the sections"};
  std::sort(parts.begin(), parts.end(),
            [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<ObjectPlace> places;
  for (auto& part : parts) places.push_back(std::move(part.second));
  return places;
}

Result<ObjectPlace> SectionSetLocator::FindBlob(const BlobId& id) {
  for (const auto& section : sections_) {
    if (const auto entry = section->directory().Find(id)) return ObjectPlace{section, *entry};
  }
  return Error{ErrorCode::kNotFound, "blob " + id.Hex(12) + " is in none of the sections"};
}

std::vector<TensorId> TensorHandle::Bases() const {
  std::vector<TensorId> bases;
  for (const auto* one : {&base_, &second_base_})
    if (*one) bases.push_back(**one);
  return bases;
}

const TensorHandle::Part& TensorHandle::PartOfChunk(std::uint64_t index) const {
  const auto after = std::upper_bound(
      parts_.begin(), parts_.end(), index,
      [](std::uint64_t at, const Part& part) { return at < part.entry.first_chunk; });
  return *std::prev(after);  // the first part begins at chunk 0
}

TensorReader::TensorReader(ObjectLocator& locator, ReaderOptions options)
    : shared_(std::make_unique<Shared>(locator, options)) {}
TensorReader::~TensorReader() = default;

std::uint64_t TensorReader::fetched_bytes() const {
  return shared_->fetched_bytes.load(std::memory_order_relaxed);
}

std::uint64_t TensorReader::decoded_units() const {
  return shared_->decoded_units.load(std::memory_order_relaxed);
}

void TensorReader::KeepCoded(std::uint64_t limit_bytes) { shared_->prefixes.SetLimit(limit_bytes); }

void TensorReader::ForgetHandles() { shared_->handles.Clear(); }

Result<std::shared_ptr<const TensorHandle>> TensorReader::Open(const TensorId& id) {
  std::shared_ptr<const TensorHandle> cached;
  if (shared_->handles.Get(id, &cached)) return cached;
  if (const auto slice = shared_->locator.FindSlice(id)) {
    auto opened = OpenSlice(id, *slice);
    // The strip may be gone meanwhile, and the tensor stored as itself.
    if (opened.ok() || opened.error().code != ErrorCode::kNotFound) return opened;
  }
  return OpenStored(id);
}

Result<std::shared_ptr<const TensorHandle>> TensorReader::OpenSlice(const TensorId& id,
                                                                    const TensorSlice& slice) {
  std::shared_ptr<const TensorHandle> strip;
  if (!shared_->handles.Get(slice.strip, &strip)) {
    DLV_ASSIGN(strip, OpenStored(slice.strip));
  }
  if (slice.first_element > strip->element_count() ||
      slice.element_count > strip->element_count() - slice.first_element) {
    return Error{ErrorCode::kCorruption, "tensor " + id.Hex(12) + ": leaves its strip"};
  }
  auto handle = std::make_shared<TensorHandle>();
  handle->id_ = id;
  handle->dtype_ = strip->dtype();
  handle->element_count_ = slice.element_count;
  handle->depth_ = strip->depth();
  handle->first_in_strip_ = slice.first_element;
  handle->strip_ = std::move(strip);
  shared_->handles.Put(id, handle, sizeof *handle);
  return std::shared_ptr<const TensorHandle>(std::move(handle));
}

Result<std::shared_ptr<const TensorHandle>> TensorReader::OpenStored(const TensorId& id) {
  DLV_ASSIGN(const std::vector<ObjectPlace> places, shared_->locator.FindTensor(id));
  if (places.empty()) return Error{ErrorCode::kNotFound, "tensor " + id.Hex(12) + " is not stored"};
  auto handle = std::make_shared<TensorHandle>();
  for (const ObjectPlace& place : places) {
    auto entry = place.section->directory().Tensor(place.entry);
    if (!entry.ok())
      return Error{entry.error().code, place.section->Name() + ": " + entry.error().message};
    handle->depth_ = std::max<unsigned>(handle->depth_, entry->depth);
    if (entry->base) handle->base_ = entry->base;
    if (entry->second_base) handle->second_base_ = entry->second_base;
    handle->parts_.push_back(PartOf(place, std::move(*entry)));
  }
  DLV_TRY(CheckParts(handle->parts_, id));
  handle->id_ = id;
  handle->dtype_ = handle->parts_.front().entry.dtype;
  handle->element_count_ = handle->parts_.front().entry.element_count;
  shared_->handles.Put(id, handle, MemoryOf(*handle));
  return std::shared_ptr<const TensorHandle>(std::move(handle));
}

Result<unsigned> TensorReader::ReadChunk(const TensorHandle& tensor, std::uint64_t index,
                                         unsigned planes, std::span<std::byte> out) {
  if (tensor.strip_) return Read(tensor, index * kChunkElements, out, planes);
  ReadPlan plan(*this, *shared_);
  auto read = plan.Run(tensor, index, planes, out);
  bool outdated = plan.is_outdated();
  for (int attempt = 0; outdated && attempt < kMostAttempts; ++attempt) {
    if (attempt > 0) ForgetHandles();  // the first time another thread may have done so
    DLV_ASSIGN(const auto fresh, Open(tensor.id()));
    if (fresh->strip_) return Read(*fresh, index * kChunkElements, out, planes);
    ReadPlan again(*this, *shared_);
    read = again.Run(*fresh, index, planes, out);
    outdated = again.is_outdated();
  }
  return read;
}

Status TensorReader::ReadPair(const TensorHandle& first, const TensorHandle& second,
                              std::uint64_t index, unsigned planes, const PairSink& sink) {
  if (first.element_count() != second.element_count() ||
      index >= ChunkCount(first.element_count())) {
    return Error{ErrorCode::kInvalidArgument, "tensors " + first.id().Hex(12) + " and " +
                                                  second.id().Hex(12) + ": no such pair of chunks"};
  }
  if (first.strip_ || second.strip_) {  // small, and their strips are decoded once all the same
    const std::uint64_t count = ChunkLength(first.element_count(), index);
    std::vector<std::byte> a(static_cast<std::size_t>(count) * SizeOf(first.dtype()));
    std::vector<std::byte> b(static_cast<std::size_t>(count) * SizeOf(second.dtype()));
    DLV_ASSIGN(const unsigned a_planes, ReadChunk(first, index, planes, a));
    DLV_ASSIGN(const unsigned b_planes, ReadChunk(second, index, planes, b));
    return sink(a, a_planes, b, b_planes);
  }
  ReadPlan plan(*this, *shared_);
  Status read = plan.RunPair(first, second, index, planes, sink);
  bool outdated = plan.is_outdated();
  for (int attempt = 0; outdated && attempt < kMostAttempts; ++attempt) {
    if (attempt > 0) ForgetHandles();
    DLV_ASSIGN(const auto first_now, Open(first.id()));
    DLV_ASSIGN(const auto second_now, Open(second.id()));
    ReadPlan again(*this, *shared_);
    read = again.RunPair(*first_now, *second_now, index, planes, sink);
    outdated = again.is_outdated();
  }
  return read;
}

Result<unsigned> TensorReader::Read(const TensorHandle& tensor, std::uint64_t first_element,
                                    std::span<std::byte> out, unsigned planes) {
  const std::size_t element_bytes = SizeOf(tensor.dtype());
  const std::uint64_t count = out.size() / element_bytes;
  if (out.size() % element_bytes != 0 || first_element > tensor.element_count() ||
      count > tensor.element_count() - first_element) {
    return Error{ErrorCode::kInvalidArgument,
                 "tensor " + tensor.id().Hex(12) + ": range outside its elements"};
  }
  if (tensor.strip_)
    return Read(*tensor.strip_, tensor.first_in_strip_ + first_element, out, planes);
  unsigned given = codec::FullPlanes(tensor.dtype());
  Buffer scratch;
  while (!out.empty()) {
    const std::uint64_t index = first_element / kChunkElements;
    const std::uint64_t skip = first_element - index * kChunkElements;
    const std::uint64_t length = ChunkLength(tensor.element_count(), index);
    const auto part = out.first(static_cast<std::size_t>(std::min<std::uint64_t>(
                                    out.size() / element_bytes, length - skip)) *
                                element_bytes);
    const bool whole = part.size() == length * element_bytes;
    if (!whole) {
      if (scratch.capacity() == 0) scratch = shared_->buffers.Take();
      scratch.Resize(static_cast<std::size_t>(length) * element_bytes);
    }
    DLV_ASSIGN(const unsigned got,
               ReadChunk(tensor, index, planes, whole ? part : scratch.bytes()));
    given = std::min(given, got);
    if (!whole)
      std::memcpy(part.data(), scratch.bytes().data() + skip * element_bytes, part.size());
    out = out.subspan(part.size());
    first_element += part.size() / element_bytes;
  }
  if (scratch.capacity() != 0) shared_->buffers.Give(std::move(scratch));
  return given;
}

Result<unsigned> TensorReader::Stream(
    const TensorHandle& tensor, unsigned planes, unsigned threads,
    const std::function<Status(std::span<const std::byte>)>& sink) {
  if (threads == 0) threads = io::DefaultThreads();
  const std::uint64_t count = ChunkCount(tensor.element_count());
  const std::uint64_t window = std::min<std::uint64_t>(count, std::uint64_t{threads} * 3);
  std::vector<Buffer> slots(static_cast<std::size_t>(window));
  std::atomic<unsigned> given{codec::FullPlanes(tensor.dtype())};
  const auto body = [&](std::uint64_t index, unsigned) -> Status {
    Buffer& slot = slots[index % window];
    if (slot.capacity() == 0) slot = shared_->buffers.Take();
    slot.Resize(static_cast<std::size_t>(ChunkLength(tensor.element_count(), index)) *
                SizeOf(tensor.dtype()));
    DLV_ASSIGN(const unsigned got, ReadChunk(tensor, index, planes, slot.bytes()));
    unsigned least = given.load();
    while (got < least && !given.compare_exchange_weak(least, got)) {
    }
    return Ok();
  };
  const auto finish = [&](std::uint64_t index) { return sink(slots[index % window].bytes()); };
  const Status status = io::ParallelOrdered(count, threads, window, body, finish);
  for (Buffer& slot : slots) {
    if (slot.capacity() != 0) shared_->buffers.Give(std::move(slot));
  }
  DLV_TRY(status);
  return given.load();
}

Result<std::unique_ptr<io::ByteSource>> TensorReader::OpenSource(const TensorId& id) {
  DLV_ASSIGN(auto tensor, Open(id));
  return std::unique_ptr<io::ByteSource>(
      std::make_unique<TensorSourceView>(*this, std::move(tensor)));
}

Status TensorReader::Verify(const TensorHandle& tensor, unsigned threads) {
  if (threads == 0) threads = io::DefaultThreads();
  const std::uint64_t count = ChunkCount(tensor.element_count());
  std::vector<ChunkId> ids(static_cast<std::size_t>(count));
  const auto body = [&](std::uint64_t index, unsigned) -> Status {
    Buffer buffer = shared_->buffers.Take();
    buffer.Resize(static_cast<std::size_t>(ChunkLength(tensor.element_count(), index)) *
                  SizeOf(tensor.dtype()));
    DLV_TRY(ReadChunk(tensor, index, 0, buffer.bytes()));
    ids[index] = io::HashChunk(tensor.dtype(), buffer.bytes());
    shared_->buffers.Give(std::move(buffer));
    return Ok();
  };
  DLV_TRY(io::ParallelFor(count, threads, body));
  DLV_ASSIGN(const std::vector<ChunkId> want, ChunkIds(tensor));
  for (std::size_t index = 0; index < want.size(); ++index) {
    if (want[index] == ids[index]) continue;
    return BadEntry(*tensor.PartOfChunk(index).section, tensor.id(),
                    "chunk " + std::to_string(index) + " is not what its id says");
  }
  if (io::HashTensor(tensor.dtype(), tensor.element_count(), ids) != tensor.id()) {
    const TensorHandle& stored = tensor.strip_ ? *tensor.strip_ : tensor;
    return BadEntry(*stored.parts().front().section, tensor.id(),
                    "content is not what its id says");
  }
  return Ok();
}

Result<std::vector<ChunkId>> TensorReader::ChunkIds(const TensorHandle& tensor) {
  std::vector<ChunkId> ids;
  for (const TensorHandle::Part& part : tensor.parts()) {
    DLV_ASSIGN(const TensorEntry entry, part.section->directory().Tensor(part.number));
    for (const ChunkEntry& chunk : entry.chunks) ids.push_back(chunk.id);
  }
  return ids;
}

void TensorReader::ExpectReads(std::span<const std::shared_ptr<const TensorHandle>> tensors) {
  shared_->kept.Clear();
  std::set<TensorId> seen;
  std::vector<std::shared_ptr<const TensorHandle>> open;
  for (const auto& tensor : tensors) {
    open.push_back(tensor->strip_ ? tensor->strip_ : tensor);
    shared_->kept.Expect(open.back()->id(), ChunkCount(open.back()->element_count()));
    while (!open.empty()) {
      const std::shared_ptr<const TensorHandle> at = std::move(open.back());
      open.pop_back();
      // A tensor that serves several is made from its bases once.
      if (!seen.insert(at->id()).second) continue;
      for (const TensorId& id : at->Bases()) {
        auto base = Open(id);
        if (!base.ok()) continue;  // reading it will say why
        shared_->kept.Expect((*base)->id(), ChunkCount((*base)->element_count()));
        open.push_back(std::move(*base));
      }
    }
  }
}

Result<std::uint64_t> TensorReader::CodedBytesOf(
    std::span<const std::shared_ptr<const TensorHandle>> tensors) {
  std::set<TensorId> seen;
  std::set<std::pair<const SectionReader*, std::uint32_t>> clusters;
  std::uint64_t bytes = 0;
  std::vector<std::shared_ptr<const TensorHandle>> open;
  for (const auto& tensor : tensors) open.push_back(tensor->strip_ ? tensor->strip_ : tensor);
  while (!open.empty()) {
    const std::shared_ptr<const TensorHandle> at = std::move(open.back());
    open.pop_back();
    if (!seen.insert(at->id()).second) continue;
    for (const TensorHandle::Part& part : at->parts()) {
      for (const TensorHandle::Chunk& chunk : part.chunks) bytes += chunk.place.coded_bytes;
      if (!part.entry.clustered) continue;
      if (!clusters.insert({part.section.get(), part.entry.cluster}).second) continue;
      DLV_ASSIGN(const ClusterEntry cluster, part.section->directory().Cluster(part.entry.cluster));
      bytes += cluster.place.coded_bytes;
    }
    for (const TensorId& id : at->Bases()) {
      DLV_ASSIGN(auto base, Open(id));
      open.push_back(std::move(base));
    }
  }
  return bytes;
}

namespace {

/// Coded bytes of the tensor's own units; of a cluster its share.
Result<std::uint64_t> OwnCodedBytes(const TensorHandle& tensor) {
  std::uint64_t own = 0;
  for (const TensorHandle::Part& part : tensor.parts()) {
    for (const TensorHandle::Chunk& chunk : part.chunks) own += chunk.place.coded_bytes;
    if (!part.entry.clustered) continue;
    DLV_ASSIGN(const ClusterEntry cluster, part.section->directory().Cluster(part.entry.cluster));
    own +=
        std::uint64_t{cluster.place.coded_bytes} * tensor.element_count() / cluster.element_count;
  }
  return own;
}

}  // namespace

Result<ReadCost> TensorReader::Cost(const TensorHandle& tensor) {
  ReadCost cost;
  cost.depth = tensor.depth();
  if (tensor.strip_) {
    DLV_ASSIGN(const ReadCost all, Cost(*tensor.strip_));
    const auto share = [&](std::uint64_t bytes) {
      return bytes * tensor.element_count() / tensor.strip_->element_count();
    };
    return ReadCost{share(all.coded_bytes), share(all.chain_coded_bytes), cost.depth};
  }
  DLV_ASSIGN(cost.coded_bytes, OwnCodedBytes(tensor));
  cost.chain_coded_bytes = cost.coded_bytes;
  std::set<TensorId> seen = {tensor.id()};
  std::vector<TensorId> open = tensor.Bases();
  while (!open.empty()) {
    const TensorId id = open.back();
    open.pop_back();
    if (!seen.insert(id).second) continue;
    DLV_ASSIGN(const auto base, Open(id));
    DLV_ASSIGN(const std::uint64_t own, OwnCodedBytes(*base));
    cost.chain_coded_bytes += own;
    for (const TensorId& below : base->Bases()) open.push_back(below);
  }
  return cost;
}

}  // namespace dlv::archive

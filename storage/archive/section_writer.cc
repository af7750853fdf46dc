#include "storage/archive/section_writer.h"

#include <algorithm>
#include <compare>
#include <cstring>
#include <map>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "storage/archive/blob_coder.h"
#include "storage/archive/section_sink.h"
#include "storage/io/byte_io.h"
#include "storage/io/hash.h"
#include "storage/io/parallel.h"

namespace dlv::archive {
namespace {

/// Gathers small tensors of one dtype, with or without bases.
struct OpenCluster {
  struct Member {
    TensorId id;
    std::uint32_t element_count = 0;
    std::optional<TensorId> base, second_base;
  };
  DType dtype = DType::kOpaque;
  std::vector<Member> members;
  std::vector<std::byte> raw, base;
  std::vector<std::byte> second_base;  // of members without one, their base
  std::uint32_t element_count = 0;
  unsigned base_depth = 0;  // greatest of the members' bases
  bool by_significance = false;
  bool is_cold = false;

  bool has_second_bases() const {
    return std::ranges::any_of(members,
                               [](const Member& one) { return one.second_base.has_value(); });
  }
};

/// What the members of a cluster have in common.
struct ClusterKey {
  DType dtype = DType::kOpaque;
  bool has_bases = false;
  bool repeats = false;  // codec::RepeatsItself
  bool is_cold = false;
  auto operator<=>(const ClusterKey&) const = default;
};

/// What this writer knows of a tensor that it was given.
struct KnownTensor {
  unsigned depth = 0;
  std::optional<ClusterKey> open_in;  // not written yet; depth not known yet
};

/// One thread's tools and memory.
struct Worker {
  codec::ChunkEncoder encoder;
  codec::ChunkDecoder decoder;
  std::vector<std::byte> raw, base, second_base, again;
};

/// A coded chunk on its way from a worker to the file.
struct Slot {
  codec::EncodedChunk coded;
  std::uint64_t checksum = 0;
};

Error Changed() {
  return {ErrorCode::kConflict, "tensor: its bytes changed while they were being committed"};
}

/// Encodes, decodes again and compares: a defect of a codec must never reach the disk.
Status EncodeChecked(Worker& worker, DType dtype, std::span<const std::byte> raw,
                     std::span<const std::byte> base, const codec::EncodeOptions& options,
                     codec::EncodedChunk& out) {
  DLV_TRY(worker.encoder.Encode(dtype, raw, base, options, out));
  worker.again.resize(raw.size());
  DLV_ASSIGN(const codec::ChunkHeader header, codec::ChunkDecoder::ParseHeader(out.bytes));
  const Status decoded =
      header.raw_bytes() != raw.size() || header.EncodedBytes() != out.bytes.size()
          ? Status(Error{ErrorCode::kCorruption, "header says another size"})
          : worker.decoder.Decode(header, out.bytes, header.level_count - 1u,
                                  header.needs_base ? base : std::span<const std::byte>(),
                                  worker.again, options.second_base);
  if (!decoded.ok() || std::memcmp(worker.again.data(), raw.data(), raw.size()) != 0) {
    return Error{ErrorCode::kInternal,
                 "codec: a coded chunk does not decode to what was coded" +
                     (decoded.ok() ? std::string() : ": " + decoded.error().message)};
  }
  return Ok();
}

}  // namespace

class SectionWriter::Impl {
 public:
  Impl(PackFactory factory, WriterOptions options)
      : options_(std::move(options)),
        sink_(std::move(factory), options_.pack_target_bytes, options_.zstd_level) {
    if (options_.threads == 0) options_.threads = io::DefaultThreads();
    workers_.resize(options_.threads);
    slots_.resize(std::size_t{options_.threads} * 3);
  }

  Status AddTensor(const TensorPlan& plan, const io::ByteSource& raw);
  Result<BlobId> AddBlob(const io::ByteSource& bytes, const std::optional<BlobId>& prefix,
                         const io::ByteSource* prefix_bytes);
  Result<WriteResult> Finish();
  Status EndClusters() {
    for (auto& [key, cluster] : clusters_) DLV_TRY(FlushCluster(cluster));
    return Ok();
  }

  bool Has(const TensorId& id) const { return tensors_.contains(id); }
  bool Has(const BlobId& id) const { return blobs_.contains(id); }
  void SetManifest(std::vector<std::byte> canonical, const Envelope& envelope) {
    manifest_ = std::move(canonical);
    envelope_ = EncodeEnvelope(envelope);
  }
  std::uint64_t bytes_written() const { return sink_.bytes_written(); }
  void Spend() { spent_ = true; }
  bool spent() const { return spent_; }

 private:
  Status CheckPlan(const TensorPlan& plan, const io::ByteSource& raw) const;
  /// Which bases of a plan are used: none, the first, both.
  struct UsedBases {
    std::optional<unsigned> depth;  // of the base; nothing: none is used
    bool second = false;
  };
  Result<unsigned> DepthOf(const TensorId& base, unsigned stored_depth);
  Result<UsedBases> BasesToUse(const TensorPlan& plan);
  Status AddSmall(const TensorPlan& plan, const io::ByteSource& raw, const UsedBases& bases);
  Status AddChunked(const TensorPlan& plan, const io::ByteSource& raw, const UsedBases& bases);
  Status EncodeChunk(const TensorPlan& plan, const io::ByteSource& raw, const UsedBases& bases,
                     std::uint64_t index, Worker& worker, Slot& slot);
  Status FlushCluster(OpenCluster& cluster);
  Status CheckCancelled() const {
    if (options_.cancel != nullptr && options_.cancel->cancelled())
      return Error{ErrorCode::kCancelled, "stopped on request"};
    return Ok();
  }
  void Progress(std::uint64_t raw_bytes) const {
    if (options_.on_progress) options_.on_progress(raw_bytes);
  }
  struct FrameJob;
  Status EncodeFrame(FrameJob& job, std::uint64_t index, unsigned worker);
  Status WriteFrame(FrameJob& job, std::uint64_t index);

  WriterOptions options_;
  SectionSink sink_;
  std::vector<Worker> workers_;
  std::vector<Slot> slots_;
  std::map<ClusterKey, OpenCluster> clusters_;
  std::unordered_map<TensorId, KnownTensor> tensors_;
  std::unordered_set<BlobId> blobs_;
  CheckedTensors checked_;
  std::vector<std::byte> manifest_, envelope_;
  std::uint64_t tensor_raw_bytes_ = 0;
  bool spent_ = false;
};

Status SectionWriter::Impl::CheckPlan(const TensorPlan& plan, const io::ByteSource& raw) const {
  const std::uint64_t chunks = ChunkCount(plan.element_count);
  if (plan.element_count > kMaxElementCount || plan.hash.chunks.size() != chunks ||
      plan.hash.checksums.size() != chunks ||
      io::HashTensor(plan.dtype, plan.element_count, plan.hash.chunks) != plan.hash.id) {
    return Error{ErrorCode::kInvalidArgument, "tensor plan: its id is not that of its chunks"};
  }
  const std::uint64_t size = plan.element_count * SizeOf(plan.dtype);
  if (raw.size() != size) {
    return Error{ErrorCode::kInvalidArgument, "tensor plan: source has " +
                                                  std::to_string(raw.size()) + " bytes, want " +
                                                  std::to_string(size)};
  }
  if (plan.base && (plan.base_bytes == nullptr || plan.base_bytes->size() != size ||
                    *plan.base == plan.hash.id)) {
    return Error{ErrorCode::kInvalidArgument,
                 "tensor plan: base without bytes, of another size, or the tensor itself"};
  }
  if (plan.second_base &&
      (!plan.base || plan.second_base_bytes == nullptr || plan.second_base_bytes->size() != size ||
       *plan.second_base == plan.hash.id || *plan.second_base == *plan.base)) {
    return Error{ErrorCode::kInvalidArgument,
                 "tensor plan: second base without bytes or a first, of another size, or no other"};
  }
  return Ok();
}

/// A tensor that this writer has counts with the depth that it got here.
Result<unsigned> SectionWriter::Impl::DepthOf(const TensorId& base, unsigned stored_depth) {
  const auto known = tensors_.find(base);
  if (known == tensors_.end()) return stored_depth;
  if (known->second.open_in) DLV_TRY(FlushCluster(clusters_[*known->second.open_in]));
  return known->second.depth;
}

Result<SectionWriter::Impl::UsedBases> SectionWriter::Impl::BasesToUse(const TensorPlan& plan) {
  UsedBases bases;
  if (!plan.base) return bases;
  DLV_ASSIGN(const unsigned depth, DepthOf(*plan.base, plan.base_depth));
  if (depth >= std::min(options_.max_depth, kMaxDepth)) return bases;
  bases.depth = depth;
  if (!plan.second_base) return bases;
  // Where the base ended up without one of its own, the second would be an extra load.
  DLV_ASSIGN(const unsigned second_depth, DepthOf(*plan.second_base, plan.second_base_depth));
  bases.second = second_depth < depth;
  return bases;
}

Status SectionWriter::Impl::AddTensor(const TensorPlan& plan, const io::ByteSource& raw) {
  DLV_TRY(CheckCancelled());
  DLV_TRY(CheckPlan(plan, raw));
  if (Has(plan.hash.id)) return Ok();
  DLV_ASSIGN(const UsedBases bases, BasesToUse(plan));
  tensor_raw_bytes_ += raw.size();
  const bool small = plan.element_count != 0 && plan.element_count < kSmallTensorElements;
  return small ? AddSmall(plan, raw, bases) : AddChunked(plan, raw, bases);
}

Status SectionWriter::Impl::AddSmall(const TensorPlan& plan, const io::ByteSource& raw,
                                     const UsedBases& bases) {
  std::vector<std::byte>& bytes = workers_[0].raw;
  bytes.resize(static_cast<std::size_t>(raw.size()));
  DLV_TRY(raw.ReadAt(0, bytes));
  if (io::Xxh3(bytes) != plan.hash.checksums[0]) return Changed();
  const ClusterKey key{plan.dtype, bases.depth.has_value(), codec::RepeatsItself(plan.dtype, bytes),
                       plan.is_cold};
  OpenCluster& cluster = clusters_[key];
  cluster.dtype = plan.dtype;
  cluster.is_cold = plan.is_cold;
  if (cluster.element_count + plan.element_count > kClusterElements) DLV_TRY(FlushCluster(cluster));
  const std::size_t at = cluster.raw.size();
  cluster.raw.insert(cluster.raw.end(), bytes.begin(), bytes.end());
  OpenCluster::Member member{plan.hash.id, static_cast<std::uint32_t>(plan.element_count), {}, {}};
  if (bases.depth) {
    member.base = plan.base;
    if (bases.second) member.second_base = plan.second_base;
    cluster.base.resize(cluster.raw.size());
    cluster.second_base.resize(cluster.raw.size());
    const auto base = std::span(cluster.base).subspan(at);
    const auto second = std::span(cluster.second_base).subspan(at);
    DLV_TRY(plan.base_bytes->ReadAt(0, base));
    if (bases.second) {
      DLV_TRY(plan.second_base_bytes->ReadAt(0, second));
    } else {
      std::ranges::copy(base, second.begin());
    }
    cluster.base_depth = std::max(cluster.base_depth, *bases.depth);
  }
  cluster.by_significance = plan.by_significance && cluster.members.empty();
  cluster.element_count += static_cast<std::uint32_t>(plan.element_count);
  cluster.members.push_back(std::move(member));
  tensors_[plan.hash.id] = {0, key};
  Progress(raw.size());
  return Ok();
}

Status SectionWriter::Impl::FlushCluster(OpenCluster& cluster) {
  if (cluster.members.empty()) return Ok();
  Slot& slot = slots_[0];
  codec::EncodeOptions encode = options_.encode;
  encode.cluster = true;
  encode.by_significance = encode.by_significance || cluster.by_significance;
  if (cluster.has_second_bases()) encode.second_base = cluster.second_base;
  encode.cold = cluster.is_cold;
  DLV_TRY(EncodeChecked(workers_[0], cluster.dtype, cluster.raw, cluster.base, encode, slot.coded));
  const bool delta = slot.coded.header.needs_base;
  const auto depth = static_cast<std::uint8_t>(delta ? cluster.base_depth + 1 : 0);
  ClusterEntry entry;
  entry.dtype = cluster.dtype;
  entry.element_count = cluster.element_count;
  entry.depth = depth;
  entry.uses_base = delta;
  entry.member_count = static_cast<std::uint32_t>(cluster.members.size());
  std::vector<TensorEntry> members;
  members.reserve(cluster.members.size());
  std::uint32_t next = 0;
  for (const OpenCluster::Member& member : cluster.members) {
    TensorEntry tensor;
    tensor.id = member.id;
    tensor.dtype = cluster.dtype;
    tensor.element_count = member.element_count;
    tensor.depth = depth;
    if (delta) tensor.base = member.base;
    if (slot.coded.header.needs_second_base) tensor.second_base = member.second_base;
    tensor.clustered = true;
    tensor.first_element = next;
    next += member.element_count;
    members.push_back(std::move(tensor));
    tensors_[member.id] = {depth, std::nullopt};
  }
  DLV_TRY(sink_.WriteCluster(entry, members, slot.coded.bytes));
  const DType dtype = cluster.dtype;
  const bool is_cold = cluster.is_cold;
  cluster = OpenCluster();
  cluster.dtype = dtype;
  cluster.is_cold = is_cold;
  return Ok();
}

Status SectionWriter::Impl::EncodeChunk(const TensorPlan& plan, const io::ByteSource& raw,
                                        const UsedBases& bases, std::uint64_t index, Worker& worker,
                                        Slot& slot) {
  DLV_TRY(CheckCancelled());
  const std::size_t element_bytes = SizeOf(plan.dtype);
  const std::uint64_t offset = index * kChunkElements * element_bytes;
  worker.raw.resize(static_cast<std::size_t>(ChunkLength(plan.element_count, index)) *
                    element_bytes);
  DLV_TRY(raw.ReadAt(offset, worker.raw));
  if (codec::Checksum(worker.raw) != plan.hash.checksums[index]) return Changed();
  worker.base.resize(bases.depth ? worker.raw.size() : 0);
  worker.second_base.resize(bases.second ? worker.raw.size() : 0);
  if (bases.depth) DLV_TRY(plan.base_bytes->ReadAt(offset, worker.base));
  if (bases.second) DLV_TRY(plan.second_base_bytes->ReadAt(offset, worker.second_base));
  codec::EncodeOptions encode = options_.encode;
  encode.second_base = worker.second_base;
  encode.cold = plan.is_cold;
  encode.hurry = tensor_raw_bytes_ - raw.size() + offset > options_.patient_bytes;
  encode.by_significance = encode.by_significance || plan.by_significance;
  DLV_TRY(EncodeChecked(worker, plan.dtype, worker.raw, worker.base, encode, slot.coded));
  slot.checksum = codec::Checksum(slot.coded.bytes);
  return Ok();
}

Status SectionWriter::Impl::AddChunked(const TensorPlan& plan, const io::ByteSource& raw,
                                       const UsedBases& bases) {
  TensorEntry entry;
  entry.id = plan.hash.id;
  entry.dtype = plan.dtype;
  entry.element_count = plan.element_count;
  if (bases.depth) {
    entry.base = plan.base;
    entry.depth = static_cast<std::uint8_t>(*bases.depth + 1);
  }
  if (bases.second) entry.second_base = plan.second_base;
  DLV_TRY(sink_.BeginTensor(std::move(entry)));
  const auto body = [&](std::uint64_t index, unsigned worker) {
    return EncodeChunk(plan, raw, bases, index, workers_[worker], slots_[index % slots_.size()]);
  };
  std::vector<CheckedChunk>& checked = checked_[plan.hash.id];
  const auto finish = [&](std::uint64_t index) -> Status {
    const Slot& slot = slots_[index % slots_.size()];
    checked.push_back({plan.hash.checksums[static_cast<std::size_t>(index)], slot.checksum,
                       static_cast<std::uint32_t>(slot.coded.bytes.size())});
    DLV_TRY(sink_.WriteChunk(slot.coded.bytes, slot.checksum, slot.coded.header,
                             plan.hash.chunks[index]));
    Progress(slot.coded.header.raw_bytes());
    return Ok();
  };
  DLV_TRY(io::ParallelOrdered(ChunkCount(plan.element_count), options_.threads, slots_.size(), body,
                              finish));
  DLV_ASSIGN(const unsigned depth, sink_.EndTensor());
  tensors_[plan.hash.id] = {depth, std::nullopt};
  return Ok();
}

/// A blob on its way into the pack.
struct SectionWriter::Impl::FrameJob {
  struct Frame {
    std::vector<std::byte> raw, prefix, coded;
  };
  const io::ByteSource& bytes;
  const io::ByteSource* prefix_bytes;    // may be null
  std::vector<std::uint64_t> checksums;  // of the frames' raw bytes, taken when the id was
  std::vector<Frame> frames;             // a window of them
  std::vector<BlobCoder> coders;
  BlobEntry entry;
  bool any_coded = false;
};

Status SectionWriter::Impl::EncodeFrame(FrameJob& job, std::uint64_t index, unsigned worker) {
  DLV_TRY(CheckCancelled());
  FrameJob::Frame& frame = job.frames[index % job.frames.size()];
  frame.raw.resize(static_cast<std::size_t>(FrameLength(job.bytes.size(), index)));
  DLV_TRY(job.bytes.ReadAt(index * kBlobFrameBytes, frame.raw));
  if (io::Xxh3(frame.raw) != job.checksums[index]) {
    return Error{ErrorCode::kConflict, "blob: its bytes changed while they were being committed"};
  }
  frame.prefix.clear();
  if (job.prefix_bytes != nullptr) {
    const PrefixRange range = PrefixOfFrame(job.prefix_bytes->size(), index);
    frame.prefix.resize(static_cast<std::size_t>(range.length));
    DLV_TRY(job.prefix_bytes->ReadAt(range.offset, frame.prefix));
  }
  DLV_ASSIGN(frame.coded, job.coders[worker].Encode(frame.raw, frame.prefix));
  return Ok();
}

Status SectionWriter::Impl::WriteFrame(FrameJob& job, std::uint64_t index) {
  const FrameJob::Frame& frame = job.frames[index % job.frames.size()];
  job.any_coded = job.any_coded || !frame.coded.empty();
  DLV_ASSIGN(const UnitPlace place,
             sink_.WriteFrame(frame.coded.empty() ? frame.raw : frame.coded));
  job.entry.frames.push_back(place);
  return Ok();
}

Result<BlobId> SectionWriter::Impl::AddBlob(const io::ByteSource& bytes,
                                            const std::optional<BlobId>& prefix,
                                            const io::ByteSource* prefix_bytes) {
  FrameJob job{bytes, prefix && prefix_bytes != nullptr ? prefix_bytes : nullptr, {}, {}, {}, {},
               false};
  DLV_ASSIGN(job.entry.id, HashBlobSource(bytes, &job.checksums));
  if (Has(job.entry.id)) return job.entry.id;
  if (prefix && *prefix == job.entry.id) job.prefix_bytes = nullptr;
  job.entry.raw_bytes = bytes.size();
  const std::uint64_t count = FrameCount(bytes.size());
  const auto threads = static_cast<unsigned>(
      std::min<std::uint64_t>(options_.threads, std::max<std::uint64_t>(count, 1)));
  job.frames.resize(
      static_cast<std::size_t>(std::min<std::uint64_t>(count, std::uint64_t{threads} * 3)));
  for (unsigned i = 0; i < threads; ++i) job.coders.emplace_back(options_.zstd_level);
  DLV_TRY(sink_.BeginBlob(bytes.size()));
  DLV_TRY(io::ParallelOrdered(
      count, threads, std::max<std::size_t>(job.frames.size(), 1),
      [&](std::uint64_t index, unsigned worker) { return EncodeFrame(job, index, worker); },
      [&](std::uint64_t index) { return WriteFrame(job, index); }));
  if (job.any_coded)
    job.entry.codec = job.prefix_bytes != nullptr ? BlobCodec::kZstdPrefix : BlobCodec::kZstd;
  if (job.entry.codec == BlobCodec::kZstdPrefix) job.entry.prefix = prefix;
  sink_.EndBlob(job.entry);
  blobs_.insert(job.entry.id);
  return job.entry.id;
}

Result<WriteResult> SectionWriter::Impl::Finish() {
  DLV_TRY(EndClusters());
  DLV_ASSIGN(WriteResult result, sink_.Finish(std::move(manifest_), std::move(envelope_)));
  result.tensor_raw_bytes = tensor_raw_bytes_;
  result.checked = std::move(checked_);
  return result;
}

SectionWriter::SectionWriter(PackFactory factory, WriterOptions options)
    : impl_(std::make_unique<Impl>(std::move(factory), std::move(options))) {}
SectionWriter::~SectionWriter() = default;
SectionWriter::SectionWriter(SectionWriter&&) noexcept = default;
SectionWriter& SectionWriter::operator=(SectionWriter&&) noexcept = default;

namespace {
Error SpentError() {
  return {ErrorCode::kInternal, "section writer: used after an error or after Finish"};
}
}  // namespace

Status SectionWriter::AddTensor(const TensorPlan& plan, const io::ByteSource& raw) {
  if (impl_->spent()) return SpentError();
  Status status = impl_->AddTensor(plan, raw);
  if (!status.ok()) impl_->Spend();
  return status;
}

Result<BlobId> SectionWriter::AddBlob(std::span<const std::byte> bytes) {
  return AddBlob(*io::MakeViewSource(bytes));
}

Result<BlobId> SectionWriter::AddBlob(const io::ByteSource& bytes, std::optional<BlobId> prefix,
                                      const io::ByteSource* prefix_bytes) {
  if (impl_->spent()) return SpentError();
  Result<BlobId> id = impl_->AddBlob(bytes, prefix, prefix_bytes);
  if (!id.ok()) impl_->Spend();
  return id;
}

Status SectionWriter::EndClusters() {
  if (impl_->spent()) return SpentError();
  Status status = impl_->EndClusters();
  if (!status.ok()) impl_->Spend();
  return status;
}

bool SectionWriter::Has(const TensorId& id) const { return impl_->Has(id); }
bool SectionWriter::Has(const BlobId& id) const { return impl_->Has(id); }

void SectionWriter::SetManifest(std::vector<std::byte> canonical, const Envelope& envelope) {
  impl_->SetManifest(std::move(canonical), envelope);
}

std::uint64_t SectionWriter::bytes_written() const { return impl_->bytes_written(); }

Result<WriteResult> SectionWriter::Finish() {
  if (impl_->spent()) return SpentError();
  impl_->Spend();
  return impl_->Finish();
}

}  // namespace dlv::archive

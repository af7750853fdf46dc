#include "storage/store/commit_writer.h"

#include "storage/io/hash.h"
#include "storage/store/staged_locator.h"

namespace dlv::store {
namespace {

constexpr unsigned kMaxPrefixDepth = 8;           // docs/format/archive.md, "Blob record"
constexpr std::uint64_t kMinPrefixedBytes = 256;  // below, a prefix gains less than it costs

}  // namespace

Result<std::unique_ptr<CommitWriter>> CommitWriter::Begin(Store& store, std::string_view command,
                                                          archive::WriterOptions options) {
  std::unique_ptr<CommitWriter> writer(new CommitWriter(store));
  DLV_ASSIGN(writer->packs_, NewPacks::Begin(store, command));
  writer->writer_.emplace(writer->packs_->Factory(), std::move(options));
  return writer;
}

Result<bool> CommitWriter::IsStored(const TensorId& id) {
  if (stored_tensors_.contains(id)) return true;
  DLV_ASSIGN(const auto number, FindNumber(store_, id));
  if (!number) return false;
  stored_tensors_.emplace(id, *number);
  return true;
}

Result<bool> CommitWriter::IsStored(const BlobId& id) {
  if (stored_blobs_.contains(id)) return true;
  DLV_ASSIGN(const auto number, FindNumber(store_, id));
  if (!number) return false;
  stored_blobs_.emplace(id, *number);
  return true;
}

Status CommitWriter::NeedTensor(const TensorId& id) {
  ++tensors_total_;
  if (new_tensors_.contains(id)) return Ok();
  DLV_ASSIGN(const bool stored, IsStored(id));
  if (stored) return Ok();
  return Error{ErrorCode::kConflict, "tensor " + id.Hex(16) + " was removed meanwhile"};
}

Status CommitWriter::NeedStrip(const TensorId& id, std::size_t members) {
  DLV_TRY(NeedTensor(id));
  tensors_total_ += members - 1;
  return Ok();
}

Status CommitWriter::AddStrip(const archive::TensorHash& hash, DType dtype,
                              std::uint64_t element_count, const std::optional<BaseTensor>& base,
                              const io::ByteSource& raw, std::size_t members) {
  DLV_TRY(AddTensor(hash, dtype, element_count, base, raw));
  strips_[hash.id] = members;
  tensors_total_ += members - 1;
  return Ok();
}

Status CommitWriter::NeedBlob(const BlobId& id) {
  if (new_blobs_.contains(id)) return Ok();
  DLV_ASSIGN(const bool stored, IsStored(id));
  if (stored) return Ok();
  return Error{ErrorCode::kConflict, "blob " + id.Hex(16) + " was removed meanwhile"};
}

Status CommitWriter::AddTensor(const archive::TensorHash& hash, DType dtype,
                               std::uint64_t element_count, const std::optional<BaseTensor>& base,
                               const io::ByteSource& raw) {
  ++tensors_total_;
  if (new_tensors_.contains(hash.id)) return Ok();
  DLV_ASSIGN(const bool stored, IsStored(hash.id));
  if (stored) return Ok();
  archive::TensorPlan plan;
  plan.hash = hash;
  plan.dtype = dtype;
  plan.element_count = element_count;
  std::unique_ptr<io::ByteSource> base_bytes;
  if (base && base->id != hash.id) {
    bool usable = new_tensors_.contains(base->id);
    if (!usable) {
      DLV_ASSIGN(usable, IsStored(base->id));
      if (usable) {
        DLV_ASSIGN(const auto handle, store_.tensors().Open(base->id));
        plan.base_depth = handle->depth();
        usable = handle->depth() < archive::kCommitDepth;
      }
    }
    if (usable) {
      plan.base = base->id;
      plan.base_bytes = base->bytes;
      if (base->bytes == nullptr) {
        DLV_ASSIGN(base_bytes, store_.tensors().OpenSource(base->id));
        plan.base_bytes = base_bytes.get();
      }
    }
  }
  DLV_TRY(writer_->AddTensor(plan, raw));
  new_tensors_.insert(hash.id);
  return Ok();
}

Result<unsigned> CommitWriter::PrefixDepth(const BlobId& id) {
  unsigned depth = 0;
  for (std::optional<BlobId> next = id; next && depth <= kMaxPrefixDepth;) {
    if (const auto own = new_blobs_.find(*next); own != new_blobs_.end())
      return depth + own->second;
    DLV_ASSIGN(const auto place, store_.locator().FindBlob(*next));
    DLV_ASSIGN(const auto entry, place.section->directory().Blob(place.entry));
    next = entry.prefix;
    if (next) ++depth;
  }
  return depth;
}

Result<bool> CommitWriter::IsUsablePrefix(const PrefixBlob& prefix, unsigned& depth) {
  // What this commit wrote cannot be read back yet: its bytes must be at hand.
  if (new_blobs_.contains(prefix.id)) {
    depth = new_blobs_.at(prefix.id) + 1;
    return prefix.bytes != nullptr && depth <= kMaxPrefixDepth;
  }
  DLV_ASSIGN(const bool stored, IsStored(prefix.id));
  if (!stored) return false;
  DLV_ASSIGN(depth, PrefixDepth(prefix.id));
  return ++depth <= kMaxPrefixDepth;
}

Status CommitWriter::AddBlob(const BlobId& id, const io::ByteSource& bytes,
                             std::optional<PrefixBlob> prefix) {
  if (new_blobs_.contains(id)) return Ok();
  DLV_ASSIGN(const bool stored, IsStored(id));
  if (stored) return Ok();
  unsigned depth = 0;
  bool use_prefix = prefix && prefix->id != id && bytes.size() >= kMinPrefixedBytes;
  if (use_prefix) {
    DLV_ASSIGN(use_prefix, IsUsablePrefix(*prefix, depth));
  }
  if (!use_prefix) {
    DLV_ASSIGN(const BlobId written, writer_->AddBlob(bytes));
    return Written(id, written, 0);
  }
  std::unique_ptr<io::ByteSource> opened;
  if (prefix->bytes == nullptr) {
    DLV_ASSIGN(opened, store_.blobs().OpenSource(prefix->id));
  }
  DLV_ASSIGN(const BlobId written,
             writer_->AddBlob(bytes, prefix->id, opened ? opened.get() : prefix->bytes));
  return Written(id, written, depth);
}

Status CommitWriter::Written(const BlobId& want, const BlobId& got, unsigned depth) {
  if (want != got) {
    return Error{ErrorCode::kConflict, "a file was written to while it was read"};
  }
  new_blobs_.emplace(got, depth);
  return Ok();
}

Result<BlobId> CommitWriter::AddBlob(std::span<const std::byte> bytes) {
  const BlobId id = io::HashBlob(bytes);
  const auto source = io::MakeViewSource(bytes);
  DLV_TRY(AddBlob(id, *source));
  return id;
}

Status CommitWriter::Finish(std::vector<std::byte> manifest, const archive::Envelope& envelope) {
  writer_->SetManifest(std::move(manifest), envelope);
  DLV_ASSIGN(result_, writer_->Finish());
  std::vector<std::shared_ptr<const archive::SectionReader>> sections;
  for (const archive::WrittenPack& pack : result_.packs) {
    DLV_ASSIGN(auto file, store_.file_system().OpenForReading(pack.path));
    DLV_ASSIGN(const auto reader, archive::PackReader::Open(std::move(file)));
    for (std::size_t i = 0; i < reader.sections().size(); ++i) {
      DLV_ASSIGN(auto section, reader.OpenSection(i));
      sections.push_back(std::move(section));
    }
  }
  locator_ = std::make_unique<StagedLocator>(std::move(sections), store_.locator());
  return Ok();
}

}  // namespace dlv::store

#include "storage/store/stored_file.h"

#include <algorithm>
#include <list>
#include <optional>
#include <span>

#include "storage/archive/format.h"
#include "storage/interchange/recipe.h"
#include "storage/interchange/recipe_check.h"
#include "storage/store/chunk_prefetcher.h"

namespace dlv::store {
namespace {

using interchange::Instruction;

/// What replay makes before its turn (recipe.h): only the order of reading depends on it, so a
/// wrong guess costs time alone.
constexpr std::uint64_t kLookAheadBytes = 32u << 20;

Error UnknownLiteral(std::uint32_t literal, std::size_t count) {
  return {ErrorCode::kCorruption,
          "recipe: names literal " + std::to_string(literal) + " of " + std::to_string(count)};
}

/// Lists the chunks that a replay reads, in its order.
class ReadOrder {
 public:
  ReadOrder(std::span<const std::shared_ptr<const archive::TensorHandle>> tensors,
            std::vector<ChunkNumber>& order)
      : tensors_(tensors), order_(order) {}

  void AddList(std::span<const Instruction> list) {
    std::vector<char> made(list.size(), 0);  // 1: its checksum is known, 2: its bytes as well
    for (std::size_t i = 0; i < list.size(); ++i) {
      if (const auto* crc = std::get_if<interchange::Crc32>(&list[i].body)) {
        for (std::size_t k = crc->first; k < std::size_t{crc->first} + crc->count; ++k) {
          if (k < i || k >= list.size() || made[k] != 0) continue;
          Add(list[k]);
          const std::uint64_t size = interchange::OutputSizeOf(list[k]);
          made[k] = size <= kLookAheadBytes - ahead_ ? 2 : 1;
          if (made[k] == 2) ahead_ += size;
        }
      } else if (made[i] == 2) {
        ahead_ -= interchange::OutputSizeOf(list[i]);
      } else {
        Add(list[i]);
      }
    }
  }

 private:
  void Add(const Instruction& item) {
    if (const auto* part = std::get_if<interchange::TensorPart>(&item.body)) {
      if (part->count == 0 || part->tensor >= tensors_.size()) return;
      const std::uint64_t end =
          std::min(archive::ChunkCount(tensors_[part->tensor]->element_count()),
                   (part->first + part->count - 1) / archive::kChunkElements + 1);
      for (std::uint64_t c = part->first / archive::kChunkElements; c < end; ++c) {
        const ChunkNumber number{part->tensor, static_cast<std::uint32_t>(c)};
        if (order_.empty() || order_.back() != number) order_.push_back(number);
      }
    } else if (const auto* deflate = std::get_if<interchange::Deflate>(&item.body)) {
      AddList(deflate->inner);
    } else if (const auto* inner = std::get_if<interchange::Inner>(&item.body)) {
      AddList(inner->inner);
    }
  }

  std::span<const std::shared_ptr<const archive::TensorHandle>> tensors_;
  std::vector<ChunkNumber>& order_;
  std::uint64_t ahead_ = 0;
};

class StoredTensors : public interchange::TensorProvider {
 public:
  StoredTensors(std::span<const std::shared_ptr<const archive::TensorHandle>> handles,
                ChunkPrefetcher& prefetcher)
      : handles_(handles), prefetcher_(prefetcher) {}
  Result<std::uint64_t> SizeBytes(std::uint32_t tensor) override {
    if (tensor >= handles_.size()) return Unknown(tensor);
    return handles_[tensor]->size_bytes();
  }
  Status Read(std::uint32_t tensor, std::uint64_t offset, std::span<std::byte> out) override {
    if (tensor >= handles_.size()) return Unknown(tensor);
    return prefetcher_.Read(tensor, offset, out);
  }

 private:
  Error Unknown(std::uint32_t tensor) const {
    return Error{ErrorCode::kCorruption, "recipe: names tensor " + std::to_string(tensor) + " of " +
                                             std::to_string(handles_.size())};
  }
  std::span<const std::shared_ptr<const archive::TensorHandle>> handles_;
  ChunkPrefetcher& prefetcher_;
};

/// Keeps the last few literals whole: they are at most interchange::kMaxLiteralBytes each.
class StoredLiterals : public interchange::LiteralProvider {
 public:
  StoredLiterals(archive::BlobReader& blobs, const std::vector<BlobId>& ids)
      : blobs_(blobs), ids_(ids) {}
  Status Read(std::uint32_t literal, std::uint64_t offset, std::span<std::byte> out) override {
    DLV_ASSIGN(const auto* bytes, Whole(literal));
    if (offset > bytes->size() || out.size() > bytes->size() - offset) {
      return Error{ErrorCode::kCorruption, "recipe: a read of " + std::to_string(out.size()) +
                                               " bytes at " + std::to_string(offset) +
                                               " leaves literal " + std::to_string(literal)};
    }
    const auto from = bytes->begin() + static_cast<std::ptrdiff_t>(offset);
    std::copy(from, from + static_cast<std::ptrdiff_t>(out.size()), out.begin());
    return Ok();
  }

 private:
  Result<const std::vector<std::byte>*> Whole(std::uint32_t literal) {
    for (auto it = recent_.begin(); it != recent_.end(); ++it) {
      if (it->first != literal) continue;
      recent_.splice(recent_.begin(), recent_, it);
      return &recent_.front().second;
    }
    if (literal >= ids_.size()) return UnknownLiteral(literal, ids_.size());
    DLV_ASSIGN(auto bytes, blobs_.ReadAll(ids_[literal], interchange::kMaxLiteralBytes));
    recent_.emplace_front(literal, std::move(bytes));
    if (recent_.size() > 4) recent_.pop_back();
    return &recent_.front().second;
  }

  archive::BlobReader& blobs_;
  const std::vector<BlobId>& ids_;
  std::list<std::pair<std::uint32_t, std::vector<std::byte>>> recent_;
};

bool OnlyJoins(std::span<const Instruction> list) {
  return std::ranges::all_of(list, [](const Instruction& item) {
    const auto* inner = std::get_if<interchange::Inner>(&item.body);
    return inner != nullptr ? OnlyJoins(inner->inner)
                            : !std::holds_alternative<interchange::Deflate>(item.body);
  });
}

}  // namespace

Result<Assembly> ReadAssembly(archive::BlobReader& blobs, const BlobId& id) {
  DLV_ASSIGN(const auto bytes, blobs.ReadAll(id, kMaxRecipeBytes));
  return DecodeAssembly(bytes);
}

Result<StoredFile> StoredFile::Open(Readers readers, const archive::ManifestFile& file,
                                    const std::vector<TensorId>& tensors) {
  StoredFile stored(readers);
  if (file.form == archive::FileForm::kNone) {
    return Error{ErrorCode::kNotFound,
                 file.path +
                     ": its bytes were not kept (committed without "
                     "optimizer state)",
                 "get its tensors with --format safetensors"};
  }
  if (file.form == archive::FileForm::kBlob) {
    stored.blob_ = file.content;
    return stored;
  }
  DLV_ASSIGN(Assembly assembly, ReadAssembly(readers.blobs, file.content));
  stored.literals_ = std::move(assembly.literals);
  DLV_ASSIGN(const auto bytes, readers.blobs.ReadAll(assembly.recipe, kMaxRecipeBytes));
  DLV_ASSIGN(stored.recipe_, interchange::DecodeRecipe(bytes));
  const std::uint32_t named = interchange::RecipeTensorCount(stored.recipe_);
  if (named > tensors.size()) {
    return Error{ErrorCode::kCorruption, file.path + ": its recipe names " + std::to_string(named) +
                                             " tensors, the file has " +
                                             std::to_string(tensors.size())};
  }
  for (const TensorId& id : tensors) {
    DLV_ASSIGN(auto handle, readers.tensors.Open(id));
    stored.tensors_.push_back(std::move(handle));
  }
  return stored;
}

bool StoredFile::IsProvedByParts() const { return !blob_ && OnlyJoins(recipe_.instructions); }

Result<std::vector<std::byte>> StoredFile::ReadLiteral(std::uint32_t number) const {
  if (number >= literals_.size()) return UnknownLiteral(number, literals_.size());
  return readers_.blobs.ReadAll(literals_[number], interchange::kMaxLiteralBytes);
}

Status StoredFile::ReadTensor(std::uint32_t number, std::uint64_t first_element,
                              std::span<std::byte> out) const {
  DLV_TRY(readers_.tensors.Read(*tensors_[number], first_element, out));
  return Ok();
}

Status StoredFile::Write(unsigned threads, io::ByteSink& sink) const {
  return Replay(threads, sink, nullptr);
}

Status StoredFile::WriteProved(unsigned threads, io::ByteSink& sink) const {
  TensorProof proof(tensors_);
  DLV_TRY(Replay(threads, sink, &proof));
  return proof.Finish(readers_.tensors);
}

Status StoredFile::Replay(unsigned threads, io::ByteSink& sink, TensorProof* proof) const {
  if (blob_) {
    return readers_.blobs.Stream(
        *blob_, [&](std::span<const std::byte> bytes) { return sink.Write(bytes); });
  }
  std::vector<ChunkNumber> order;
  ReadOrder(tensors_, order).AddList(recipe_.instructions);
  ChunkPrefetcher prefetcher(readers_.tensors, tensors_, std::move(order), threads, 0,
                             readers_.checked, proof);
  StoredTensors provider(tensors_, prefetcher);
  StoredLiterals literals(readers_.blobs, literals_);
  return interchange::Replay(recipe_, provider, literals, sink);
}

Status WriteStoredFile(Readers readers, const archive::ManifestFile& file,
                       const std::vector<TensorId>& tensors, unsigned threads, io::ByteSink& sink) {
  DLV_ASSIGN(const StoredFile stored, StoredFile::Open(readers, file, tensors));
  return stored.Write(threads, sink);
}

}  // namespace dlv::store

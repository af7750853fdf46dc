#include "storage/store/file_skeleton.h"

#include <algorithm>
#include <list>
#include <variant>

#include "storage/interchange/recipe.h"
#include "storage/interchange/recipe_check.h"

namespace dlv::store {
namespace {

using interchange::Instruction;

constexpr std::uint64_t kMaxWholeBytes = 2u << 30;
constexpr std::size_t kLiteralsKept = 4;

/// Bytes of the file that come from one place.
struct Piece {
  std::uint64_t begin = 0;
  std::uint64_t size = 0;
  enum class Kind : std::uint8_t { kZeros, kLiteral, kTensor } kind = Kind::kZeros;
  std::uint32_t index = 0;   ///< of the literal or tensor
  std::uint64_t offset = 0;  ///< in it, bytes
};

class SkeletonSource : public io::ByteSource {
 public:
  SkeletonSource(Readers readers, std::vector<TensorId> tensors, std::uint64_t min_hidden)
      : readers_(readers), tensors_(std::move(tensors)), min_hidden_(min_hidden) {}

  Status Load(const archive::ManifestFile& file) {
    if (file.form == archive::FileForm::kBlob) {
      literals_ = {file.content};
      pieces_.push_back({0, file.size_bytes, Piece::Kind::kLiteral, 0, 0});
      limit_ = kMaxWholeBytes;
      size_ = file.size_bytes;
      return Ok();
    }
    DLV_ASSIGN(Assembly assembly, ReadAssembly(readers_.blobs, file.content));
    DLV_ASSIGN(const auto bytes, readers_.blobs.ReadAll(assembly.recipe, kMaxRecipeBytes));
    DLV_ASSIGN(const interchange::Recipe recipe, interchange::DecodeRecipe(bytes));
    literals_ = std::move(assembly.literals);
    DLV_TRY(AddList(recipe.instructions));
    if (size_ == file.size_bytes) return Ok();
    return Error{ErrorCode::kCorruption, file.path + ": its recipe makes " + std::to_string(size_) +
                                             " bytes, want " + std::to_string(file.size_bytes)};
  }

  std::uint64_t size() const override { return size_; }

  Status ReadAt(std::uint64_t offset, std::span<std::byte> out) const override {
    if (offset > size_ || out.size() > size_ - offset) {
      return Error{ErrorCode::kCorruption, "a read of " + std::to_string(out.size()) +
                                               " bytes at " + std::to_string(offset) +
                                               " leaves the file"};
    }
    auto piece = std::upper_bound(
        pieces_.begin(), pieces_.end(), offset,
        [](std::uint64_t at, const Piece& candidate) { return at < candidate.begin; });
    if (piece != pieces_.begin()) --piece;
    while (!out.empty()) {
      const std::uint64_t skip = offset - piece->begin;
      const std::size_t count = static_cast<std::size_t>(
          std::min<std::uint64_t>(out.size(), piece->size - std::min(skip, piece->size)));
      DLV_TRY(ReadPiece(*piece, skip, out.first(count)));
      out = out.subspan(count);
      offset += count;
      ++piece;
    }
    return Ok();
  }

 private:
  Status AddList(const std::vector<Instruction>& list) {
    for (const Instruction& item : list) {
      if (const auto* inner = std::get_if<interchange::Inner>(&item.body)) {
        DLV_TRY(AddList(inner->inner));
        continue;
      }
      if (std::holds_alternative<interchange::Deflate>(item.body)) {
        return Error{ErrorCode::kUnsupported, "the file is compressed inside"};
      }
      Piece piece;
      piece.begin = size_;
      piece.size = interchange::OutputSizeOf(item);
      if (const auto* literal = std::get_if<interchange::LiteralPart>(&item.body)) {
        piece.kind = Piece::Kind::kLiteral;
        piece.index = literal->literal;
        piece.offset = literal->offset;
      } else if (const auto* part = std::get_if<interchange::TensorPart>(&item.body)) {
        const bool plain = part->swap_size == 0 && part->axes.empty();
        if (plain && piece.size < min_hidden_) piece.kind = Piece::Kind::kTensor;
        piece.index = part->tensor;
        piece.offset = part->first * part->element_size;
      }
      size_ += piece.size;
      if (piece.size != 0) pieces_.push_back(piece);
    }
    return Ok();
  }

  Status ReadPiece(const Piece& piece, std::uint64_t skip, std::span<std::byte> out) const {
    if (out.empty()) return Ok();
    if (piece.kind == Piece::Kind::kLiteral) return ReadLiteral(piece, skip, out);
    if (piece.kind == Piece::Kind::kTensor && piece.index < tensors_.size()) {
      return ReadTensor(piece, skip, out);
    }
    std::fill(out.begin(), out.end(), std::byte{0});
    return Ok();
  }

  /// Tensors are read by whole elements.
  Status ReadTensor(const Piece& piece, std::uint64_t skip, std::span<std::byte> out) const {
    DLV_ASSIGN(const auto handle, readers_.tensors.Open(tensors_[piece.index]));
    const std::uint64_t width = SizeOf(handle->dtype());
    const std::uint64_t begin = piece.offset + skip;
    const std::uint64_t first = begin / width;
    const std::uint64_t end = (begin + out.size() + width - 1) / width;
    std::vector<std::byte> elements(static_cast<std::size_t>((end - first) * width));
    const auto read = readers_.tensors.Read(*handle, first, elements);
    if (!read.ok()) return read.error();
    const auto from = elements.begin() + static_cast<std::ptrdiff_t>(begin - first * width);
    std::copy(from, from + static_cast<std::ptrdiff_t>(out.size()), out.begin());
    return Ok();
  }

  Status ReadLiteral(const Piece& piece, std::uint64_t skip, std::span<std::byte> out) const {
    DLV_ASSIGN(const auto* bytes, Literal(piece.index));
    const std::uint64_t begin = piece.offset + skip;
    if (begin > bytes->size() || out.size() > bytes->size() - begin) {
      return Error{ErrorCode::kCorruption, "recipe: literal " + std::to_string(piece.index) +
                                               " is shorter than the recipe says"};
    }
    const auto from = bytes->begin() + static_cast<std::ptrdiff_t>(begin);
    std::copy(from, from + static_cast<std::ptrdiff_t>(out.size()), out.begin());
    return Ok();
  }

  Result<const std::vector<std::byte>*> Literal(std::uint32_t index) const {
    for (const auto& [kept, bytes] : recent_) {
      if (kept == index) return &bytes;
    }
    if (index >= literals_.size()) {
      return Error{ErrorCode::kCorruption, "recipe: names literal " + std::to_string(index) +
                                               " of " + std::to_string(literals_.size())};
    }
    DLV_ASSIGN(auto bytes, readers_.blobs.ReadAll(literals_[index], limit_));
    recent_.emplace_front(index, std::move(bytes));
    if (recent_.size() > kLiteralsKept) recent_.pop_back();
    return &recent_.front().second;
  }

  Readers readers_;
  std::vector<TensorId> tensors_;
  std::uint64_t min_hidden_;
  std::vector<BlobId> literals_;
  std::vector<Piece> pieces_;
  std::uint64_t size_ = 0;
  std::uint64_t limit_ = interchange::kMaxLiteralBytes;
  mutable std::list<std::pair<std::uint32_t, std::vector<std::byte>>> recent_;
};

}  // namespace

Result<std::unique_ptr<io::ByteSource>> OpenSkeleton(Readers readers,
                                                     const archive::ManifestFile& file,
                                                     std::vector<TensorId> tensors,
                                                     std::uint64_t min_hidden_bytes) {
  if (file.form == archive::FileForm::kNone) {
    return Error{ErrorCode::kNotFound, file.path + ": its bytes were not kept"};
  }
  auto source = std::make_unique<SkeletonSource>(readers, std::move(tensors), min_hidden_bytes);
  DLV_TRY(source->Load(file));
  return std::unique_ptr<io::ByteSource>(std::move(source));
}

}  // namespace dlv::store

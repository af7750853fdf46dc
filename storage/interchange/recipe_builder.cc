#include "storage/interchange/recipe_builder.h"

#include <algorithm>

#include "storage/interchange/sources.h"

namespace dlv::interchange {
namespace {

constexpr std::uint64_t kMaxFramePiece = 64u << 10;

void Rebase(std::vector<Instruction>& list, std::uint32_t literals, std::uint32_t tensors) {
  for (Instruction& item : list) {
    if (auto* literal = std::get_if<LiteralPart>(&item.body)) literal->literal += literals;
    if (auto* tensor = std::get_if<TensorPart>(&item.body)) tensor->tensor += tensors;
    if (auto* deflate = std::get_if<Deflate>(&item.body)) Rebase(deflate->inner, literals, tensors);
    if (auto* inner = std::get_if<Inner>(&item.body)) Rebase(inner->inner, literals, tensors);
  }
}

}  // namespace

void RecipeBuilder::Frame(std::span<const std::byte> bytes) {
  if (bytes.empty()) return;
  if (frames_.empty() || frames_.back().bytes.size() + bytes.size() > kMaxLiteralBytes) {
    frames_.push_back({static_cast<std::uint32_t>(literals_.size()), {}});
    literals_.push_back(nullptr);
    sizes_.push_back(0);
    may_merge_ = false;
  }
  FrameLiteral& frame = frames_.back();
  if (may_merge_) {
    std::get<LiteralPart>(lists_.back().back().body).size += bytes.size();
  } else {
    Append({LiteralPart{frame.literal, frame.bytes.size(), bytes.size()}});
    may_merge_ = true;
  }
  frame.bytes.insert(frame.bytes.end(), bytes.begin(), bytes.end());
}

Status RecipeBuilder::FrameRange(const io::ByteSource& file, std::uint64_t begin,
                                 std::uint64_t end) {
  if (end - begin > kMaxFramePiece) {
    LiteralRange(file, begin, end);
    return Ok();
  }
  std::vector<std::byte> bytes(static_cast<std::size_t>(end - begin));
  DLV_TRY(file.ReadAt(begin, bytes));
  Frame(bytes);
  return Ok();
}

void RecipeBuilder::Literal(std::shared_ptr<const io::ByteSource> source) {
  for (std::uint64_t offset = 0; offset < source->size(); offset += kMaxLiteralBytes) {
    const std::uint64_t size = std::min(kMaxLiteralBytes, source->size() - offset);
    Append({LiteralPart{static_cast<std::uint32_t>(literals_.size()), 0, size}});
    literals_.push_back(MakeRange(source, offset, size));
    sizes_.push_back(size);
  }
}

void RecipeBuilder::LiteralRange(const io::ByteSource& file, std::uint64_t begin,
                                 std::uint64_t end) {
  if (begin < end) Literal(MakeRange(file, begin, end - begin));
}

void RecipeBuilder::Tensor(TensorPart part) {
  if (part.count != 0) Append({std::move(part)});
}

void RecipeBuilder::Crc(std::uint32_t first, std::uint32_t count, bool inflated) {
  Append({Crc32{first, count, inflated}});
}

void RecipeBuilder::Append(Instruction instruction) {
  may_merge_ = false;
  lists_.back().push_back(std::move(instruction));
}

void RecipeBuilder::AppendInner(const FileDescription& inner, std::uint32_t first_tensor) {
  std::vector<Instruction> list = inner.recipe->instructions;
  Rebase(list, static_cast<std::uint32_t>(literals_.size()), first_tensor);
  for (const auto& literal : inner.literals) {
    literals_.push_back(literal);
    sizes_.push_back(literal->size());
  }
  Append({Inner{std::move(list)}});
}

std::uint32_t RecipeBuilder::NextIndex() {
  may_merge_ = false;
  return static_cast<std::uint32_t>(lists_.back().size());
}

void RecipeBuilder::OpenList() {
  may_merge_ = false;
  lists_.emplace_back();
}

std::vector<Instruction> RecipeBuilder::CloseList() {
  may_merge_ = false;
  std::vector<Instruction> list = std::move(lists_.back());
  lists_.pop_back();
  return list;
}

void RecipeBuilder::Finish(FileDescription& description) {
  for (FrameLiteral& frame : frames_) {
    sizes_[frame.literal] = frame.bytes.size();
    literals_[frame.literal] = MakeSharedBuffer(std::move(frame.bytes));
  }
  description.literals = std::move(literals_);
  description.recipe = Recipe{std::move(sizes_), std::move(lists_.front())};
}

std::optional<TensorPart> WholeTensor(const DescribedTensor& tensor, std::uint32_t index) {
  TensorPart part;
  part.tensor = index;
  part.element_size = static_cast<std::uint8_t>(SizeOf(tensor.dtype));
  part.count = tensor.source->size() / part.element_size;
  if (part.count == 0) return std::nullopt;
  if (tensor.big_endian) part.swap_size = SwapSizeOf(tensor.dtype);
  return part;
}

}  // namespace dlv::interchange

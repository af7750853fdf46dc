#include "storage/interchange/block_types.h"

#include <optional>

#include "storage/interchange/gguf_types.h"

namespace dlv::interchange {
namespace {

struct Block {
  std::int64_t elements = 1, bytes = 1;
  bool padded = false;  ///< the last byte of a tensor may be partly used
};

struct PackedType {
  std::string_view name;
  std::int64_t elements_in_byte = 1;
};

// Of ONNX, beside those of PackedFloat; the others are in gguf_types.h.
constexpr std::array<PackedType, 5> kPackedTypes = {
    {{"UINT4", 2}, {"INT4", 2}, {"FLOAT4E2M1", 2}, {"UINT2", 4}, {"INT2", 4}}};

std::optional<Block> BlockOf(std::string_view type) {
  for (const GgufType& known : kGgufTypes) {
    if (known.dtype == DType::kOpaque && known.name == type)
      return Block{known.block_elements, known.block_bytes, false};
  }
  if (const PackedFloat* known = FindPackedFloat(type))
    return Block{known->block_elements, known->block_bytes, false};
  for (const PackedType& known : kPackedTypes) {
    if (known.name == type) return Block{known.elements_in_byte, 1, known.elements_in_byte > 1};
  }
  return std::nullopt;
}

}  // namespace

const PackedFloat* FindPackedFloat(std::string_view name) {
  for (const PackedFloat& known : kPackedFloats) {
    if (known.name == name || (known.onnx == name && !name.empty())) return &known;
  }
  return nullptr;
}

std::vector<std::int64_t> ShapeOfBlocks(const std::vector<std::int64_t>& elements,
                                        std::uint64_t block_elements, std::uint64_t block_bytes,
                                        std::uint64_t bytes) {
  const auto in_block = static_cast<std::int64_t>(block_elements);
  if (elements.empty() || elements.back() % in_block != 0)
    return {static_cast<std::int64_t>(bytes)};
  std::vector<std::int64_t> shape = elements;
  shape.back() = shape.back() / in_block * static_cast<std::int64_t>(block_bytes);
  return shape;
}

std::vector<std::int64_t> ShapeOfElements(std::string_view type,
                                          const std::vector<std::int64_t>& bytes) {
  const std::optional<Block> block = BlockOf(type);
  if (!block || bytes.empty() || bytes.back() % block->bytes != 0) return {};
  // One axis is also what a shape becomes whose last axis is no multiple of the block.
  if (block->padded && bytes.size() == 1) return {};
  std::vector<std::int64_t> shape = bytes;
  if (__builtin_mul_overflow(shape.back() / block->bytes, block->elements, &shape.back()))
    return {};
  return shape;
}

}  // namespace dlv::interchange

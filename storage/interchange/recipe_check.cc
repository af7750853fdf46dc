#include "storage/interchange/recipe_check.h"

#include <algorithm>
#include <string>

namespace dlv::interchange {
namespace {

Error BadRecipe(const std::string& why) { return Error{ErrorCode::kCorruption, "recipe: " + why}; }

// A range of CRC-32 may be named by a local header, a data descriptor and a directory entry; more
// is not made by any format, and would let a small recipe ask for quadratic work.
constexpr std::uint64_t kMaxCrcUses = 8;

Status CheckLiteral(const Recipe& recipe, const LiteralPart& part) {
  if (part.literal >= recipe.literal_sizes.size()) {
    return BadRecipe("literal " + std::to_string(part.literal) + ", want below " +
                     std::to_string(recipe.literal_sizes.size()));
  }
  const std::uint64_t size = recipe.literal_sizes[part.literal];
  if (part.size == 0 || part.offset > size || part.size > size - part.offset) {
    return BadRecipe("range outside literal " + std::to_string(part.literal) + " of " +
                     std::to_string(size) + " bytes");
  }
  return Ok();
}

Status CheckAxes(const TensorPart& part) {
  if (part.shape.size() > kMaxRank || part.shape.size() != part.axes.size())
    return BadRecipe("bad rank");
  std::uint64_t product = 1;
  std::uint64_t seen = 0;
  bool moved = false;
  for (std::size_t k = 0; k < part.axes.size(); ++k) {
    const std::uint64_t bit =
        part.axes[k] < part.axes.size() ? std::uint64_t{1} << part.axes[k] : 0;
    if (bit == 0 || (seen & bit) != 0) return BadRecipe("axes are not a permutation");
    seen |= bit;
    moved = moved || part.axes[k] != k;
    if (__builtin_mul_overflow(product, part.shape[k], &product))
      return BadRecipe("shape overflows");
  }
  if (!moved) return BadRecipe("permutation that moves nothing");
  if (part.first != 0 || part.count != product)
    return BadRecipe("permutation of a part of a tensor");
  return Ok();
}

Status CheckTensor(const TensorPart& part) {
  const unsigned size = part.element_size;
  if (size == 0 || size > 16 || (size & (size - 1)) != 0) return BadRecipe("element size");
  const unsigned swap = part.swap_size;
  if (swap != 0 && (swap < 2 || (swap != size && swap * 2 != size))) return BadRecipe("swap size");
  if (part.count == 0) return BadRecipe("empty tensor range");
  std::uint64_t end = 0;
  if (__builtin_add_overflow(part.first, part.count, &end) ||
      __builtin_mul_overflow(end, std::uint64_t{size}, &end) || end > INT64_MAX) {
    return BadRecipe("tensor range overflows");
  }
  return part.shape.empty() ? Ok() : CheckAxes(part);
}

Status CheckCrc(std::span<const Instruction> list, const Crc32& crc, std::uint64_t& uses) {
  if (crc.first > list.size() || crc.count > list.size() - crc.first)
    return BadRecipe("CRC-32 of nothing");
  const auto range = list.subspan(crc.first, crc.count);
  for (const Instruction& item : range) {
    if (std::holds_alternative<Crc32>(item.body)) return BadRecipe("CRC-32 of a CRC-32");
  }
  if (crc.inflated && (crc.count != 1 || !std::holds_alternative<Deflate>(range[0].body))) {
    return BadRecipe("inflated CRC-32 of what is not deflated");
  }
  uses += crc.count;
  if (uses > kMaxCrcUses * (list.size() + 1)) return BadRecipe("too many CRC-32");
  return Ok();
}

Status CheckDeflate(const Deflate& body) {
  if (body.level > 9 || body.window_bits < 9 || body.window_bits > 15 || body.memory_level < 1 ||
      body.memory_level > 9 || body.strategy > 4 || body.size == 0) {
    return BadRecipe("deflate settings");
  }
  return Ok();
}

Result<std::uint64_t> CheckList(const Recipe& recipe, std::span<const Instruction> list,
                                unsigned depth) {
  if (depth > kMaxRecipeDepth) return BadRecipe("deeper than " + std::to_string(kMaxRecipeDepth));
  if (list.size() > UINT32_MAX) return BadRecipe("too many instructions");
  std::uint64_t total = 0;
  std::uint64_t uses = 0;
  for (const Instruction& item : list) {
    if (const auto* literal = std::get_if<LiteralPart>(&item.body)) {
      DLV_TRY(CheckLiteral(recipe, *literal));
    } else if (const auto* tensor = std::get_if<TensorPart>(&item.body)) {
      DLV_TRY(CheckTensor(*tensor));
    } else if (const auto* crc = std::get_if<Crc32>(&item.body)) {
      DLV_TRY(CheckCrc(list, *crc, uses));
    } else if (const auto* deflate = std::get_if<Deflate>(&item.body)) {
      DLV_TRY(CheckDeflate(*deflate));
      DLV_TRY(CheckList(recipe, deflate->inner, depth + 1));
    } else {
      DLV_TRY(CheckList(recipe, std::get<Inner>(item.body).inner, depth + 1));
    }
    if (__builtin_add_overflow(total, OutputSizeOf(item), &total) || total > INT64_MAX) {
      return BadRecipe("output size overflows");
    }
  }
  return total;
}

std::uint32_t TensorCountOf(std::span<const Instruction> list) {
  std::uint32_t count = 0;
  for (const Instruction& item : list) {
    if (const auto* tensor = std::get_if<TensorPart>(&item.body)) {
      count = std::max(count, tensor->tensor + 1);
    } else if (const auto* deflate = std::get_if<Deflate>(&item.body)) {
      count = std::max(count, TensorCountOf(deflate->inner));
    } else if (const auto* inner = std::get_if<Inner>(&item.body)) {
      count = std::max(count, TensorCountOf(inner->inner));
    }
  }
  return count;
}

}  // namespace

std::uint64_t OutputSizeOf(std::span<const Instruction> list) {
  std::uint64_t total = 0;
  for (const Instruction& item : list) total += OutputSizeOf(item);
  return total;
}

std::uint64_t OutputSizeOf(const Instruction& instruction) {
  if (const auto* literal = std::get_if<LiteralPart>(&instruction.body)) return literal->size;
  if (const auto* tensor = std::get_if<TensorPart>(&instruction.body)) {
    return tensor->count * tensor->element_size;
  }
  if (std::holds_alternative<Crc32>(instruction.body)) return 4;
  if (const auto* deflate = std::get_if<Deflate>(&instruction.body)) return deflate->size;
  return OutputSizeOf(std::get<Inner>(instruction.body).inner);
}

Result<std::uint64_t> RecipeOutputSize(const Recipe& recipe) {
  for (const std::uint64_t size : recipe.literal_sizes) {
    if (size == 0 || size > kMaxLiteralBytes)
      return BadRecipe("literal size " + std::to_string(size));
  }
  return CheckList(recipe, recipe.instructions, 1);
}

std::uint32_t RecipeTensorCount(const Recipe& recipe) { return TensorCountOf(recipe.instructions); }

}  // namespace dlv::interchange

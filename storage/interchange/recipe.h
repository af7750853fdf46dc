#pragma once
/// \file
/// Recipes: how the bytes of a file are made again from its tensors and a few literals.
///
/// On disk: docs/format/recipe.md. A recipe names tensors by their place in the file's list and
/// literals by their place in the file's list of blobs, never by id, so that files of one structure
/// (a training series) share one recipe.

#include <cstdint>
#include <memory>
#include <span>
#include <variant>
#include <vector>

#include "dlv/result.h"
#include "storage/io/byte_source.h"

namespace dlv::interchange {

/// Nested lists (DEFLATE, INNER) may be this deep; the outermost list is depth 1.
inline constexpr unsigned kMaxRecipeDepth = 4;
/// Literals are cut into blobs of at most this many bytes, so that a blob always fits into memory.
inline constexpr std::uint64_t kMaxLiteralBytes = 8u << 20;
/// Tensors of any rank up to this.
inline constexpr std::size_t kMaxRank = 32;

struct Instruction;

/// Bytes [offset, offset + size) of literal `literal`.
struct LiteralPart {
  std::uint32_t literal = 0;
  std::uint64_t offset = 0;
  std::uint64_t size = 0;
  bool operator==(const LiteralPart&) const = default;
};

/// Elements [first, first + count) of a tensor in C order. With a permutation the whole tensor:
/// `shape` is the tensor's shape, and axis k of the bytes written is axis `axes[k]` of the tensor
/// (numpy.transpose(tensor, axes) in C order).
struct TensorPart {
  std::uint32_t tensor = 0;
  std::uint8_t element_size = 1;  ///< 1, 2, 4, 8 or 16
  std::uint8_t swap_size =
      0;  ///< 0: little-endian; else bytes reversed together (half an element of complex)
  std::uint64_t first = 0;
  std::uint64_t count = 0;
  std::vector<std::uint64_t> shape;  ///< empty: no permutation
  std::vector<std::uint8_t> axes;
  bool operator==(const TensorPart&) const = default;
};

/// Four bytes: the CRC-32 (zip's), little-endian, of what instructions [first, first + count) of
/// the same list write. They may stand before or after this one, and are not Crc32 themselves.
/// `inflated`: of what the one DEFLATE instruction `first` compresses.
struct Crc32 {
  std::uint32_t first = 0;
  std::uint32_t count = 0;
  bool inflated = false;
  bool operator==(const Crc32&) const = default;
};

/// The raw deflate stream that zlib makes of what `inner` writes, with these settings; `size`
/// bytes.
struct Deflate {
  std::uint8_t level = 6;
  std::uint8_t window_bits = 15;
  std::uint8_t memory_level = 8;
  std::uint8_t strategy = 0;
  std::uint64_t size = 0;
  std::vector<Instruction> inner;
  bool operator==(const Deflate&) const;
};

/// What `inner` writes; Crc32 in it count within it. For files inside files.
struct Inner {
  std::vector<Instruction> inner;
  bool operator==(const Inner&) const;
};

struct Instruction {
  std::variant<LiteralPart, TensorPart, Crc32, Deflate, Inner> body;
  bool operator==(const Instruction&) const = default;
};

inline bool Deflate::operator==(const Deflate& other) const {
  return level == other.level && window_bits == other.window_bits &&
         memory_level == other.memory_level && strategy == other.strategy && size == other.size &&
         inner == other.inner;
}
inline bool Inner::operator==(const Inner& other) const { return inner == other.inner; }

struct Recipe {
  std::vector<std::uint64_t> literal_sizes;  ///< of the file's literal blobs, in order
  std::vector<Instruction> instructions;
  bool operator==(const Recipe&) const = default;
};

/// Returns the number of bytes that the recipe makes.  Errors: kCorruption where it is not valid
/// (as DecodeRecipe).
Result<std::uint64_t> RecipeOutputSize(const Recipe& recipe);

/// Returns one past the largest tensor index that the recipe names; 0 where it names none.
std::uint32_t RecipeTensorCount(const Recipe& recipe);

/// Returns the canonical encoding: equal recipes give equal bytes, different ones different bytes.
std::vector<std::byte> EncodeRecipe(const Recipe& recipe);

/// Returns the recipe.  Errors: kCorruption with offset: not canonical, sizes that do not add up or
/// overflow, ranges outside their literal, references outside their list, depth over
/// kMaxRecipeDepth; kUnsupported: a newer version.
Result<Recipe> DecodeRecipe(std::span<const std::byte> bytes);

/// Where a replay gets tensors from. May be read more than once at the same place (CRC-32 that
/// stand before their data). Reads of one tensor ascend and are cut at multiples of 2^17 elements,
/// so that a chunk need be decoded once, except under an axis permutation of a tensor over 64 MiB.
class TensorProvider {
 public:
  virtual ~TensorProvider() = default;
  /// Returns the size of tensor `tensor` in bytes.
  virtual Result<std::uint64_t> SizeBytes(std::uint32_t tensor) = 0;
  /// Fills `out` from byte `offset` of the tensor (C order, little-endian).
  virtual Status Read(std::uint32_t tensor, std::uint64_t offset, std::span<std::byte> out) = 0;
};

/// Where a replay gets literals from.
class LiteralProvider {
 public:
  virtual ~LiteralProvider() = default;
  virtual Status Read(std::uint32_t literal, std::uint64_t offset, std::span<std::byte> out) = 0;
};

/// Writes the file. Memory: below 160 MiB whatever the size of the file.
/// Errors: kCorruption where the recipe is not valid or a tensor has another size than the recipe
/// needs, or where zlib makes other bytes than it did; what the providers and the sink say.
Status Replay(const Recipe& recipe, TensorProvider& tensors, LiteralProvider& literals,
              io::ByteSink& sink);

}  // namespace dlv::interchange

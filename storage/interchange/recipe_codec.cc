// The encoding of recipes. On disk: do not renumber (docs/format/recipe.md).

#include <bit>
#include <string>

#include "storage/interchange/recipe.h"
#include "storage/io/byte_io.h"

namespace dlv::interchange {
namespace {

constexpr std::uint64_t kRecipeVersion = 1;

enum class CodedOp : std::uint8_t {
  kLiteral = 1,
  kTensor = 2,
  kCrc32 = 3,
  kDeflate = 4,
  kInner = 5
};

constexpr unsigned kOpBits = 3;
constexpr std::uint8_t kFlagInflated = 1;  // of kCrc32
constexpr std::uint8_t kFlagSwap =
    8;  // of kTensor; the low three bits are log2 of the element size
constexpr std::uint8_t kFlagAxes = 16;

std::uint8_t OpByte(CodedOp op, unsigned flags) {
  return static_cast<std::uint8_t>(static_cast<unsigned>(op) | flags << kOpBits);
}

// Places are written as differences to where a file most often goes on, so that most are one byte.
struct RecipeCursor {
  std::vector<std::uint64_t> literal_ends;  // where the last range of each literal ended
  std::uint32_t next_tensor = 0;
};

class Encoder {
 public:
  explicit Encoder(const Recipe& recipe) {
    cursor_.literal_ends.assign(recipe.literal_sizes.size(), 0);
    out_.PutVarint(kRecipeVersion);
    out_.PutVarint(recipe.literal_sizes.size());
    for (const std::uint64_t size : recipe.literal_sizes) out_.PutVarint(size);
    PutList(recipe.instructions);
  }
  std::vector<std::byte> Take() { return out_.Take(); }

 private:
  void PutList(std::span<const Instruction> list) {
    out_.PutVarint(list.size());
    for (std::size_t i = 0; i < list.size(); ++i) {
      std::visit([&](const auto& body) { Put(body, i); }, list[i].body);
    }
  }
  void Put(const LiteralPart& part, std::size_t) {
    DLV_CHECK(part.literal < cursor_.literal_ends.size(), "an encoded recipe is valid");
    std::uint64_t& end = cursor_.literal_ends[part.literal];
    out_.Put(OpByte(CodedOp::kLiteral, 0));
    out_.PutVarint(part.literal);
    out_.PutSignedVarint(static_cast<std::int64_t>(part.offset - end));
    out_.PutVarint(part.size);
    end = part.offset + part.size;
  }
  void Put(const TensorPart& part, std::size_t) {
    unsigned flags = static_cast<unsigned>(std::countr_zero(unsigned{part.element_size}));
    if (part.swap_size != 0) flags |= kFlagSwap;
    if (!part.shape.empty()) flags |= kFlagAxes;
    out_.Put(OpByte(CodedOp::kTensor, flags));
    out_.PutSignedVarint(static_cast<std::int64_t>(part.tensor) - cursor_.next_tensor);
    cursor_.next_tensor = part.tensor + 1;
    if (part.swap_size != 0) out_.Put(part.swap_size);
    if (part.shape.empty()) {
      out_.PutVarint(part.first);
      out_.PutVarint(part.count);
      return;
    }
    out_.PutVarint(part.shape.size());
    for (const std::uint64_t extent : part.shape) out_.PutVarint(extent);
    for (const std::uint8_t axis : part.axes) out_.Put(axis);
  }
  void Put(const Crc32& crc, std::size_t index) {
    out_.Put(OpByte(CodedOp::kCrc32, crc.inflated ? kFlagInflated : 0));
    out_.PutSignedVarint(static_cast<std::int64_t>(crc.first) - static_cast<std::int64_t>(index));
    out_.PutVarint(crc.count);
  }
  void Put(const Deflate& body, std::size_t) {
    out_.Put(OpByte(CodedOp::kDeflate, 0));
    out_.Put(body.level);
    out_.Put(body.window_bits);
    out_.Put(body.memory_level);
    out_.Put(body.strategy);
    out_.PutVarint(body.size);
    PutList(body.inner);
  }
  void Put(const Inner& body, std::size_t) {
    out_.Put(OpByte(CodedOp::kInner, 0));
    PutList(body.inner);
  }

  RecipeCursor cursor_;
  io::ByteWriter out_;
};

class Decoder {
 public:
  explicit Decoder(std::span<const std::byte> bytes) : in_(bytes, "recipe") {}

  Result<Recipe> Run() {
    DLV_ASSIGN(const std::uint64_t version, in_.GetVarint());
    if (version != kRecipeVersion) {
      return Error{version > kRecipeVersion ? ErrorCode::kUnsupported : ErrorCode::kCorruption,
                   "recipe: version " + std::to_string(version) + ", this release reads 1"};
    }
    Recipe recipe;
    DLV_ASSIGN(const std::uint64_t count, in_.GetCount(1));
    for (std::uint64_t i = 0; i < count; ++i) {
      DLV_ASSIGN(const std::uint64_t size, in_.GetVarint());
      recipe.literal_sizes.push_back(size);
    }
    cursor_.literal_ends.assign(recipe.literal_sizes.size(), 0);
    DLV_ASSIGN(recipe.instructions, GetList(1));
    DLV_TRY(in_.ExpectEnd());
    DLV_TRY(RecipeOutputSize(recipe));
    return recipe;
  }

 private:
  Result<std::vector<Instruction>> GetList(unsigned depth) {
    if (depth > kMaxRecipeDepth) return in_.Bad("lists nest too deep");
    DLV_ASSIGN(const std::uint64_t count, in_.GetCount(2));
    std::vector<Instruction> list;
    for (std::uint64_t i = 0; i < count; ++i) {
      DLV_ASSIGN(Instruction item, GetInstruction(i, depth));
      list.push_back(std::move(item));
    }
    return list;
  }

  Result<Instruction> GetInstruction(std::uint64_t index, unsigned depth) {
    DLV_ASSIGN(const std::uint8_t byte, in_.Get<std::uint8_t>());
    const unsigned flags = byte >> kOpBits;
    switch (static_cast<CodedOp>(byte & ((1u << kOpBits) - 1))) {
      case CodedOp::kLiteral:
        if (flags == 0) return GetLiteral();
        break;
      case CodedOp::kTensor:
        return GetTensor(flags);
      case CodedOp::kCrc32:
        if (flags <= kFlagInflated) return GetCrc(flags == kFlagInflated, index);
        break;
      case CodedOp::kDeflate:
        if (flags == 0) return GetDeflate(depth);
        break;
      case CodedOp::kInner:
        if (flags == 0) {
          Inner inner;
          DLV_ASSIGN(inner.inner, GetList(depth + 1));
          return Instruction{std::move(inner)};
        }
        break;
    }
    return in_.Bad("unknown instruction " + std::to_string(byte));
  }

  Result<Instruction> GetLiteral() {
    LiteralPart part;
    DLV_ASSIGN(part.literal, GetIndex());
    if (part.literal >= cursor_.literal_ends.size()) return in_.Bad("no such literal");
    std::uint64_t& end = cursor_.literal_ends[part.literal];
    DLV_ASSIGN(const std::int64_t difference, in_.GetSignedVarint());
    part.offset = end + static_cast<std::uint64_t>(difference);
    DLV_ASSIGN(part.size, in_.GetVarint());
    // Unsigned arithmetic wraps; a place outside the literal is refused by the check of the whole
    // recipe, but the encoding of an accepted one must be unique.
    if (part.offset > kMaxLiteralBytes || part.size > kMaxLiteralBytes)
      return in_.Bad("literal range");
    end = part.offset + part.size;
    return Instruction{part};
  }

  Result<Instruction> GetTensor(unsigned flags) {
    if ((flags & 7) > 4 || flags >= 32) return in_.Bad("tensor flags");
    TensorPart part;
    part.element_size = static_cast<std::uint8_t>(1u << (flags & 7));
    DLV_ASSIGN(const std::int64_t difference, in_.GetSignedVarint());
    std::int64_t tensor = 0;
    if (__builtin_add_overflow(difference, std::int64_t{cursor_.next_tensor}, &tensor) ||
        tensor < 0 || tensor >= UINT32_MAX) {
      return in_.Bad("tensor index");
    }
    part.tensor = static_cast<std::uint32_t>(tensor);
    cursor_.next_tensor = part.tensor + 1;
    if ((flags & kFlagSwap) != 0) {
      DLV_ASSIGN(part.swap_size, in_.Get<std::uint8_t>());
      if (part.swap_size == 0) return in_.Bad("swap size 0");
    }
    if ((flags & kFlagAxes) == 0) {
      DLV_ASSIGN(part.first, in_.GetVarint());
      DLV_ASSIGN(part.count, in_.GetVarint());
      return Instruction{std::move(part)};
    }
    DLV_TRY(GetAxes(part));
    return Instruction{std::move(part)};
  }

  Status GetAxes(TensorPart& part) {
    DLV_ASSIGN(const std::uint64_t rank, in_.GetVarint());
    if (rank == 0 || rank > kMaxRank) return in_.Bad("rank " + std::to_string(rank));
    part.count = 1;
    for (std::uint64_t k = 0; k < rank; ++k) {
      DLV_ASSIGN(const std::uint64_t extent, in_.GetVarint());
      if (__builtin_mul_overflow(part.count, extent, &part.count))
        return in_.Bad("shape overflows");
      part.shape.push_back(extent);
    }
    for (std::uint64_t k = 0; k < rank; ++k) {
      DLV_ASSIGN(const std::uint8_t axis, in_.Get<std::uint8_t>());
      part.axes.push_back(axis);
    }
    return Ok();
  }

  Result<Instruction> GetCrc(bool inflated, std::uint64_t index) {
    Crc32 crc;
    crc.inflated = inflated;
    DLV_ASSIGN(const std::int64_t difference, in_.GetSignedVarint());
    std::int64_t first = 0;
    if (__builtin_add_overflow(difference, static_cast<std::int64_t>(index), &first) || first < 0 ||
        first > UINT32_MAX) {
      return in_.Bad("range of a CRC-32");
    }
    crc.first = static_cast<std::uint32_t>(first);
    DLV_ASSIGN(crc.count, GetIndex());
    return Instruction{crc};
  }

  Result<Instruction> GetDeflate(unsigned depth) {
    Deflate body;
    DLV_ASSIGN(body.level, in_.Get<std::uint8_t>());
    DLV_ASSIGN(body.window_bits, in_.Get<std::uint8_t>());
    DLV_ASSIGN(body.memory_level, in_.Get<std::uint8_t>());
    DLV_ASSIGN(body.strategy, in_.Get<std::uint8_t>());
    DLV_ASSIGN(body.size, in_.GetVarint());
    DLV_ASSIGN(body.inner, GetList(depth + 1));
    return Instruction{std::move(body)};
  }

  Result<std::uint32_t> GetIndex() {
    DLV_ASSIGN(const std::uint64_t value, in_.GetVarint());
    if (value > UINT32_MAX) return in_.Bad("index over 32 bits");
    return static_cast<std::uint32_t>(value);
  }

  RecipeCursor cursor_;
  io::ByteReader in_;
};

}  // namespace

std::vector<std::byte> EncodeRecipe(const Recipe& recipe) { return Encoder(recipe).Take(); }

Result<Recipe> DecodeRecipe(std::span<const std::byte> bytes) { return Decoder(bytes).Run(); }

}  // namespace dlv::interchange

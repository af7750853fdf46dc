// links: dlv_interchange dlv_io
// Decoding of recipes: what is accepted is canonical, and a replay of it ends, within its stated
// size or with an error.

#include "storage/interchange/recipe.h"
#include "tests/fuzz/describe_input.h"

namespace dlv::interchange {
namespace {

// Tensors of any size that the recipe asks for, of one repeated byte.
class AnyTensors final : public TensorProvider {
 public:
  Result<std::uint64_t> SizeBytes(std::uint32_t tensor) override {
    return std::uint64_t{tensor % 7} * 1024;
  }
  Status Read(std::uint32_t tensor, std::uint64_t, std::span<std::byte> out) override {
    std::fill(out.begin(), out.end(), static_cast<std::byte>(tensor));
    return Ok();
  }
};

class AnyLiterals final : public LiteralProvider {
 public:
  Status Read(std::uint32_t literal, std::uint64_t, std::span<std::byte> out) override {
    std::fill(out.begin(), out.end(), static_cast<std::byte>(literal));
    return Ok();
  }
};

class CountingSink final : public io::ByteSink {
 public:
  Status Write(std::span<const std::byte> bytes) override {
    count_ += bytes.size();
    return Ok();
  }
  std::uint64_t count() const { return count_; }

 private:
  std::uint64_t count_ = 0;
};

void Run(std::span<const std::byte> bytes) {
  const auto recipe = DecodeRecipe(bytes);
  if (!recipe.ok()) return;
  const auto encoded = EncodeRecipe(*recipe);
  DLV_CHECK(std::equal(encoded.begin(), encoded.end(), bytes.begin(), bytes.end()),
            "the encoding is canonical");
  const auto size = RecipeOutputSize(*recipe);
  DLV_CHECK(size.ok(), "a decoded recipe is valid");
  if (*size > (1u << 22)) return;
  AnyTensors tensors;
  AnyLiterals literals;
  CountingSink sink;
  if (Replay(*recipe, tensors, literals, sink).ok())
    DLV_CHECK(sink.count() == *size, "a replay has the stated size");
}

}  // namespace
}  // namespace dlv::interchange

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  dlv::interchange::Run(dlv::interchange::InputBytes(data, size));
  return 0;
}

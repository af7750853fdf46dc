#include "storage/interchange/recipe.h"

#include <map>
#include <random>

#include "storage/interchange/sources.h"
#include "storage/interchange/zlib_streams.h"
#include "tests/unit/storage/interchange/test_files.h"

namespace dlv::interchange {
namespace {

class MapProvider final : public TensorProvider {
 public:
  std::map<std::uint32_t, Bytes> tensors;
  std::map<std::uint32_t, Bytes> literals;
  std::uint64_t read_bytes = 0;
  std::uint64_t largest_read = 0;

  Result<std::uint64_t> SizeBytes(std::uint32_t tensor) override { return tensors[tensor].size(); }

  struct Literals final : LiteralProvider {
    explicit Literals(MapProvider& from) : owner(from) {}
    Status Read(std::uint32_t literal, std::uint64_t offset, std::span<std::byte> out) override {
      std::memcpy(out.data(), owner.literals[literal].data() + offset, out.size());
      return Ok();
    }
    MapProvider& owner;
  };
  Status Read(std::uint32_t tensor, std::uint64_t offset, std::span<std::byte> out) override {
    read_bytes += out.size();
    largest_read = std::max<std::uint64_t>(largest_read, out.size());
    std::memcpy(out.data(), tensors[tensor].data() + offset, out.size());
    return Ok();
  }
};

Result<Bytes> Rebuild(const Recipe& recipe, MapProvider& from) {
  VectorSink sink;
  MapProvider::Literals literals(from);
  const Status status = Replay(recipe, from, literals, sink);
  if (!status.ok()) return status.error();
  return sink.bytes();
}

Recipe SampleRecipe() {
  Recipe recipe;
  recipe.literal_sizes = {10, 4};
  Deflate deflate;
  deflate.inner = {{TensorPart{1, 4, 0, 0, 1000, {}, {}}}};
  deflate.size = 5;
  TensorPart permuted{0, 2, 2, 0, 6, {2, 3}, {1, 0}};
  recipe.instructions = {
      {LiteralPart{0, 0, 4}}, {Crc32{3, 2, false}},
      {LiteralPart{0, 4, 6}}, {permuted},
      {LiteralPart{1, 0, 4}}, {deflate},
      {Crc32{5, 1, true}},    {Inner{{{LiteralPart{0, 2, 3}}, {Crc32{0, 1, false}}}}}};
  return recipe;
}

TEST(Recipe, EncodingComesBack) {
  const Recipe recipe = SampleRecipe();
  const Bytes bytes = EncodeRecipe(recipe);
  const auto decoded = DecodeRecipe(bytes);
  ASSERT_TRUE(decoded.ok()) << decoded.error().message;
  EXPECT_EQ(*decoded, recipe);
  EXPECT_EQ(RecipeTensorCount(recipe), 2u);
}

TEST(Recipe, DamagedEncodingsAreRefusedOrStillCanonical) {
  const Bytes good = EncodeRecipe(SampleRecipe());
  for (std::size_t size = 0; size < good.size(); ++size) {
    EXPECT_FALSE(DecodeRecipe(std::span(good).first(size)).ok());
  }
  for (std::size_t i = 0; i < good.size(); ++i) {
    for (int bit = 0; bit < 8; ++bit) {
      Bytes bad = good;
      bad[i] ^= static_cast<std::byte>(1 << bit);
      const auto decoded = DecodeRecipe(bad);
      if (decoded.ok()) {
        EXPECT_EQ(EncodeRecipe(*decoded), bad) << "byte " << i << " bit " << bit;
      }
    }
  }
}

TEST(Recipe, NewerVersionIsUnsupported) {
  Bytes bytes = EncodeRecipe(Recipe{});
  bytes[0] = std::byte{2};
  const auto decoded = DecodeRecipe(bytes);
  ASSERT_FALSE(decoded.ok());
  EXPECT_EQ(decoded.error().code, ErrorCode::kUnsupported);
}

TEST(Recipe, LawsAreChecked) {
  const auto bad = [](Instruction instruction) {
    Recipe recipe;
    recipe.literal_sizes = {8};
    recipe.instructions = {std::move(instruction)};
    return !RecipeOutputSize(recipe).ok();
  };
  EXPECT_FALSE(bad({LiteralPart{0, 0, 8}}));
  EXPECT_TRUE(bad({LiteralPart{0, 0, 9}}));
  EXPECT_TRUE(bad({LiteralPart{0, UINT64_MAX, 2}}));
  EXPECT_TRUE(bad({LiteralPart{1, 0, 1}}));
  EXPECT_TRUE(bad({LiteralPart{0, 0, 0}}));
  EXPECT_FALSE(bad({TensorPart{0, 4, 0, 0, 1, {}, {}}}));
  EXPECT_TRUE(bad({TensorPart{0, 3, 0, 0, 1, {}, {}}}));
  EXPECT_TRUE(bad({TensorPart{0, 4, 1, 0, 1, {}, {}}}));
  EXPECT_TRUE(bad({TensorPart{0, 4, 8, 0, 1, {}, {}}}));
  EXPECT_TRUE(bad({TensorPart{0, 4, 0, UINT64_MAX, 1, {}, {}}}));
  EXPECT_TRUE(bad({TensorPart{0, 4, 0, 0, UINT64_MAX / 4, {}, {}}}));
  EXPECT_TRUE(bad({TensorPart{0, 4, 0, 0, 6, {2, 3}, {0, 1}}}))
      << "a permutation that moves nothing";
  EXPECT_TRUE(bad({TensorPart{0, 4, 0, 0, 6, {2, 3}, {0, 0}}}));
  EXPECT_TRUE(bad({TensorPart{0, 4, 0, 0, 6, {2, 3}, {2, 0}}}));
  EXPECT_TRUE(bad({TensorPart{0, 4, 0, 1, 6, {2, 3}, {1, 0}}}));
  EXPECT_TRUE(bad({Crc32{0, 1, false}})) << "of itself";
  EXPECT_TRUE(bad({Crc32{1, 1, false}}));
  EXPECT_TRUE(bad({Deflate{10, 15, 8, 0, 1, {}}}));
  EXPECT_TRUE(bad({Inner{{{Inner{{{Inner{{{Inner{}}}}}}}}}}})) << "too deep";
  Recipe large;
  large.literal_sizes = {kMaxLiteralBytes + 1};
  EXPECT_FALSE(RecipeOutputSize(large).ok());
}

TEST(Recipe, TooManyCrcAreRefused) {
  Recipe recipe;
  recipe.literal_sizes = {1};
  for (int i = 0; i < 1000; ++i) recipe.instructions.push_back({LiteralPart{0, 0, 1}});
  for (int i = 0; i < 1000; ++i) recipe.instructions.push_back({Crc32{0, 1000, false}});
  EXPECT_FALSE(RecipeOutputSize(recipe).ok());
}

TEST(Replay, CrcBeforeAndBehindTheirData) {
  MapProvider from;
  from.literals[0] = ToBytes("hello");
  Recipe recipe;
  recipe.literal_sizes = {5};
  recipe.instructions = {
      {Crc32{1, 2, false}}, {LiteralPart{0, 0, 2}}, {LiteralPart{0, 2, 3}}, {Crc32{1, 2, false}}};
  const auto out = Rebuild(recipe, from);
  ASSERT_TRUE(out.ok()) << out.error().message;
  Bytes want;
  PutLittle<std::uint32_t>(want, 0x3610a686);  // of "hello"
  Append(want, ToBytes("hello"));
  PutLittle<std::uint32_t>(want, 0x3610a686);
  EXPECT_EQ(*out, want);
}

TEST(Replay, LargeTensorBehindItsCrcIsReadTwiceButNeverHeld) {
  MapProvider from;
  from.tensors[0] = Bytes(40u << 20, std::byte{7});
  Recipe recipe;
  recipe.instructions = {{Crc32{1, 1, false}}, {TensorPart{0, 4, 0, 0, 10u << 20, {}, {}}}};
  const auto out = Rebuild(recipe, from);
  ASSERT_TRUE(out.ok()) << out.error().message;
  EXPECT_EQ(out->size(), (40u << 20) + 4);
  EXPECT_EQ(from.read_bytes, 80u << 20);
  EXPECT_LE(from.largest_read, 1u << 20);
}

TEST(Replay, ReadsAreCutAtChunks) {
  MapProvider from;
  from.tensors[0] = Bytes(300'000 * 2);
  Recipe recipe;
  recipe.instructions = {{TensorPart{0, 2, 0, 100'000, 200'000, {}, {}}}};
  ASSERT_TRUE(Rebuild(recipe, from).ok());
  EXPECT_EQ(from.largest_read, (1u << 17) * 2);
}

TEST(Replay, TensorOfAnotherSizeIsCorruption) {
  MapProvider from;
  from.tensors[0] = Bytes(12);
  Recipe recipe;
  recipe.instructions = {{TensorPart{0, 4, 0, 0, 4, {}, {}}}};
  const auto out = Rebuild(recipe, from);
  ASSERT_FALSE(out.ok());
  EXPECT_EQ(out.error().code, ErrorCode::kCorruption);
}

TEST(Replay, DeflateThatComesOutDifferentIsCorruption) {
  MapProvider from;
  from.literals[0] = Bytes(100);
  Recipe recipe;
  recipe.literal_sizes = {100};
  Deflate deflate;
  deflate.inner = {{LiteralPart{0, 0, 100}}};
  deflate.size = DeflateRaw(Bytes(100), 6).size();
  recipe.instructions = {{deflate}};
  const auto out = Rebuild(recipe, from);
  ASSERT_TRUE(out.ok()) << out.error().message;
  EXPECT_EQ(*out, DeflateRaw(Bytes(100), 6));
  std::get<Deflate>(recipe.instructions[0].body).size += 1;
  EXPECT_FALSE(Rebuild(recipe, from).ok());
}

// --- sources ---

Bytes PickAll(const Bytes& base, const StridedView& view) {
  DescribedTensor tensor;
  tensor.dtype = DType::kU16;
  tensor.shape.assign(view.shape.begin(), view.shape.end());
  tensor.view = TensorView{0, view.offset, view.strides};
  return PickView(base, tensor);
}

TEST(StridedSource, AnyViewReadInAnyPieces) {
  std::mt19937 random(7);
  Bytes base(2 * 4000);
  for (std::byte& byte : base) byte = static_cast<std::byte>(random());
  const std::shared_ptr<const io::ByteSource> source = MakeSharedBuffer(base);
  for (int round = 0; round < 300; ++round) {
    StridedView view;
    view.element_size = 2;
    const std::size_t rank = random() % 5;
    std::uint64_t reach = 0;
    for (std::size_t k = 0; k < rank; ++k) {
      view.shape.push_back(1 + random() % 6);
      view.strides.push_back(random() % 100);
      reach += (view.shape[k] - 1) * view.strides[k];
    }
    view.offset = random() % (4000 - reach);
    ASSERT_LE(*ViewEnd(view), 4000u);
    const auto strided = MakeStrided(source, view, std::make_shared<SlabCache>());
    const Bytes want = PickAll(base, view);
    ASSERT_EQ(strided->size(), want.size());
    EXPECT_EQ(ReadAllOf(*strided), want);
    for (int part = 0; part < 5; ++part) {
      const std::size_t begin = random() % want.size();
      Bytes piece(1 + random() % (want.size() - begin));
      ASSERT_TRUE(strided->ReadAt(begin, piece).ok());
      EXPECT_TRUE(std::equal(piece.begin(), piece.end(),
                             want.begin() + static_cast<std::ptrdiff_t>(begin)));
    }
  }
}

// A source whose bytes are computed, so that views far larger than memory limits can be tested.
class FormulaSource final : public io::ByteSource {
 public:
  explicit FormulaSource(std::uint64_t size) : size_(size) {}
  std::uint64_t size() const override { return size_; }
  Status ReadAt(std::uint64_t offset, std::span<std::byte> out) const override {
    largest_ = std::max(largest_, out.size());
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = At(offset + i);
    return Ok();
  }
  static std::byte At(std::uint64_t i) { return static_cast<std::byte>(i * 2654435761u >> 16); }
  mutable std::size_t largest_ = 0;

 private:
  std::uint64_t size_;
};

TEST(StridedSource, LargeTransposeStaysWithinItsMemory) {
  constexpr std::uint64_t kRows = 8'300;
  constexpr std::uint64_t kColumns = 8'200;  // 65 MiB: just beyond what is read at once
  const auto source = std::make_shared<FormulaSource>(kRows * kColumns);
  StridedView view;
  view.shape = {kColumns, kRows};
  view.strides = {1, kColumns};
  view.element_size = 1;
  const auto transposed = MakeStrided(source, view, std::make_shared<SlabCache>());
  Bytes piece(1u << 20);
  for (const std::uint64_t offset :
       {std::uint64_t{0}, kRows * kColumns / 2 + 17, kRows * kColumns - piece.size()}) {
    ASSERT_TRUE(transposed->ReadAt(offset, piece).ok());
    for (std::size_t i = 0; i < piece.size(); i += 997) {
      const std::uint64_t at = offset + i;
      EXPECT_EQ(piece[i], FormulaSource::At(at % kRows * kColumns + at / kRows));
    }
  }
  EXPECT_LE(source->largest_, 64u << 20);
}

TEST(InflatedSource, RandomAccessGivesTheSameBytes) {
  std::mt19937 random(3);
  Bytes plain(40u << 20);
  for (std::size_t i = 0; i < plain.size(); i += 64) plain[i] = static_cast<std::byte>(random());
  const std::shared_ptr<const io::ByteSource> packed = MakeSharedBuffer(DeflateRaw(plain, 1));
  const auto inflated = MakeInflated(packed, plain.size());
  for (int round = 0; round < 20; ++round) {
    Bytes piece(100'000);
    const std::size_t at = random() % (plain.size() - piece.size());
    ASSERT_TRUE(inflated->ReadAt(at, piece).ok());
    EXPECT_TRUE(
        std::equal(piece.begin(), piece.end(), plain.begin() + static_cast<std::ptrdiff_t>(at)));
  }
  Bytes end(1);
  ASSERT_TRUE(inflated->ReadAt(plain.size() - 1, end).ok());
}

}  // namespace
}  // namespace dlv::interchange

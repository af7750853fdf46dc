#include "storage/codec/delta_kernels.h"

#include <gtest/gtest.h>

#include <bit>
#include <cstring>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "storage/codec/cpu_dispatch.h"
#include "storage/codec/delta_format.h"

namespace dlv::codec {
namespace {

constexpr std::size_t kSlack = 256;

/// What a form of the loops makes of a tile.
struct CodedDelta {
  std::vector<std::uint8_t> block_scale;
  std::vector<std::uint8_t> block_ratio;
  std::vector<std::vector<std::uint8_t>> streams;  // symbols, contexts, fields of each level
  std::vector<std::uint8_t> elements;              // after decoding

  bool operator==(const CodedDelta&) const = default;
};

std::vector<std::uint8_t> Finish(const std::vector<std::uint8_t>& memory, DeltaBits& bits) {
  std::memcpy(bits.at, &bits.pending, sizeof bits.pending);
  const auto size = static_cast<std::size_t>(bits.at - memory.data()) + (bits.used + 7) / 8;
  return {memory.begin(), memory.begin() + static_cast<std::ptrdiff_t>(size)};
}

class TileCoder {
 public:
  TileCoder(const DeltaKernels& kernels, const DeltaShape& shape, std::size_t n, float ratio,
            bool second_bits)
      : kernels_(kernels),
        shape_(shape),
        n_(n),
        ratio_(ratio),
        second_bits_(second_bits),
        tile_(std::make_unique<DeltaTile>()) {}

  CodedDelta Run(const std::vector<std::uint8_t>& child, const std::vector<std::uint8_t>& base) {
    result_.block_scale.resize(kDeltaTileBlocks);
    result_.block_ratio.resize(kDeltaTileBlocks);
    for (unsigned level = 0; level < shape_.level_count; ++level) {
      values_[level].assign(2 * kDeltaTile + kSlack, 0);
      tile_->child[level] = values_[level].data();
    }
    kernels_.model(&shape_, child.data(), base.data(), n_, ratio_, result_.block_scale.data(),
                   result_.block_ratio.data(), tile_.get());
    for (unsigned level = 0; level < shape_.level_count; ++level) EncodeLevel(level);
    Decode(base);
    return result_;
  }

 private:
  void EncodeLevel(unsigned level) {
    std::vector<std::uint8_t> symbols(kDeltaTile + kSlack);
    std::vector<std::uint8_t> contexts(kDeltaTile + kSlack);
    std::vector<std::uint8_t> low(kDeltaTile + kSlack);
    std::vector<std::uint8_t> high(kDeltaTile + kSlack);
    DeltaBits low_bits{low.data(), 0, 0};
    DeltaBits high_bits{high.data(), 0, 0};
    const std::size_t count = kernels_.encode_level(
        LevelAt(level), tile_->child[level], tile_->base[level], tile_->scale, tile_->state,
        result_.block_scale.data(), n_, symbols.data(), contexts.data(), &low_bits, &high_bits);
    symbols.resize(count);
    contexts.resize(count);
    result_.streams.insert(result_.streams.end(),
                           {symbols, contexts, Finish(low, low_bits), Finish(high, high_bits)});
  }

  void Decode(const std::vector<std::uint8_t>& base) {
    std::vector<std::uint8_t> scale(kDeltaTile + kSlack);
    std::vector<std::uint8_t> state(kDeltaTile + kSlack);
    const std::uint8_t* values[kDeltaMaxLevels] = {};
    std::uint8_t* predictions[kDeltaMaxLevels] = {};
    for (unsigned level = 0; level < shape_.level_count; ++level) {
      values_[level].assign(2 * kDeltaTile + kSlack, 0);
      values[level] = predictions[level] = values_[level].data();
    }
    kernels_.predict(&shape_, (1u << shape_.level_count) - 1, base.data(), n_, ratio_,
                     result_.block_scale.data(), result_.block_ratio.data(), predictions,
                     scale.data());
    for (unsigned level = 0; level < shape_.level_count; ++level) {
      DecodeLevel(level, scale, state);
    }
    result_.elements.resize(n_ * shape_.element_bytes);
    kernels_.join(&shape_, shape_.level_count, values, n_, result_.elements.data());
  }

  void DecodeLevel(unsigned level, const std::vector<std::uint8_t>& scale,
                   std::vector<std::uint8_t>& state) {
    const auto* streams = &result_.streams[4 * level];
    std::vector<std::uint8_t> contexts(kDeltaTile + kSlack);
    const std::size_t count = kernels_.contexts(scale.data(), state.data(),
                                                result_.block_scale.data(), n_, contexts.data());
    contexts.resize(count);
    ASSERT_EQ(contexts, streams[1]) << kernels_.name << " level " << level;
    auto symbols = streams[0];
    auto low = streams[2];
    auto high = streams[3];
    for (auto* stream : {&symbols, &low, &high}) stream->resize(stream->size() + kSlack);
    DeltaBitsIn low_in{low.data(), 0};
    DeltaBitsIn high_in{high.data(), 0};
    const std::size_t taken =
        kernels_.decode_level(LevelAt(level), values_[level].data(), state.data(),
                              result_.block_scale.data(), n_, symbols.data(), &low_in, &high_in);
    ASSERT_EQ(taken, count);
    ASSERT_EQ((low_in.position + 7) / 8, streams[2].size()) << kernels_.name << " level " << level;
    ASSERT_EQ((high_in.position + 7) / 8, streams[3].size()) << kernels_.name << " level " << level;
  }

  DeltaLevel LevelAt(unsigned level) const {
    return {level, shape_.level_bytes[level], second_bits_};
  }

  const DeltaKernels& kernels_;
  const DeltaShape& shape_;
  std::size_t n_;
  float ratio_;
  bool second_bits_;
  std::unique_ptr<DeltaTile> tile_;
  std::vector<std::uint8_t> values_[kDeltaMaxLevels];
  CodedDelta result_;
};

std::vector<const DeltaKernels*> FormsOfThisMachine() {
  std::vector<const DeltaKernels*> forms = {&PortableDeltaKernels()};
#if defined(__x86_64__)
  const KernelLevel now = ActiveKernelLevel();
  if (SetKernelLevel(KernelLevel::kAvx2)) forms.push_back(&Avx2PlainDeltaKernels());
  for (const KernelLevel level : kKernelLevels) {
    if (level != KernelLevel::kReference && SetKernelLevel(level))
      forms.push_back(&ActiveDeltaKernels());
  }
  SetKernelLevel(now);
#endif
  return forms;
}

/// Differences of all lengths; changes of sign; special values; equal blocks.
void Fill(std::mt19937_64& random, unsigned width, std::vector<std::uint8_t>& child,
          std::vector<std::uint8_t>& base) {
  const unsigned bits = 8 * width;
  for (std::size_t i = 0; i < base.size() / width; ++i) {
    std::uint64_t from = random();
    if (random() % 4 != 0) from = (from >> 3) | (from & (std::uint64_t{1} << (bits - 1)));
    std::uint64_t to = from + (random() & ((std::uint64_t{1} << (random() % bits)) - 1));
    if (random() % 8 == 0) to = from;
    if (random() % 16 == 0) to ^= std::uint64_t{1} << (bits - 1);
    if (random() % 32 == 0) to = random() % 2 != 0 ? 0 : ~std::uint64_t{0};
    if (random() % 32 == 0) from = random() % 2 != 0 ? 0 : std::uint64_t{1} << (bits - 1);
    if (i % 512 < 64) to = from;
    std::memcpy(base.data() + i * width, &from, width);
    std::memcpy(child.data() + i * width, &to, width);
  }
}

/// Weights as networks have them, whose products with a ratio are all ordinary numbers, and
/// children near such products.
void FillOrdinary(std::mt19937_64& random, unsigned width, std::vector<std::uint8_t>& child,
                  std::vector<std::uint8_t>& base) {
  for (std::size_t i = 0; i < base.size() / width; ++i) {
    const auto bits = static_cast<std::uint32_t>(
        (random() % 2) << 31 | (100 + random() % 30) << 23 | (random() & 0x7fffff));
    std::uint32_t from = bits;
    std::uint32_t to = std::bit_cast<std::uint32_t>(std::bit_cast<float>(bits) * 0.999F) +
                       static_cast<std::uint32_t>(random() % (i % 192 < 64 ? 3 : 3000));
    if (i % 512 < 64) to = from;
    if (width == 2) {
      from >>= 16;
      to >>= 16;
    }
    std::memcpy(base.data() + i * width, &from, width);
    std::memcpy(child.data() + i * width, &to, width);
  }
}

/// Blocks of one or two exponents next to each other, near the smallest and the largest ones, where
/// products leave what counts.
void FillNearLimits(std::mt19937_64& random, unsigned width, std::vector<std::uint8_t>& child,
                    std::vector<std::uint8_t>& base) {
  unsigned exponent = 0;
  for (std::size_t i = 0; i < base.size() / width; ++i) {
    if (i % kDeltaBlock == 0) {
      exponent = static_cast<unsigned>(random() % 9);
      if (random() % 2 != 0) exponent = 254 - exponent;
    }
    const std::uint32_t mantissa = random() % 4 == 0 ? 0x7fffff : random() & 0x7fffff;
    const auto from = static_cast<std::uint32_t>((random() % 2) << 31 |
                                                 (exponent + random() % 2) << 23 | mantissa);
    const auto to = static_cast<std::uint32_t>(from + random() % 3000);
    std::memcpy(base.data() + i * width, reinterpret_cast<const char*>(&from) + 4 - width, width);
    std::memcpy(child.data() + i * width, reinterpret_cast<const char*>(&to) + 4 - width, width);
  }
}

void ExpectAgreement(const DeltaShape& shape, float ratio, bool second_bits,
                     const std::vector<std::uint8_t>& child,
                     const std::vector<std::uint8_t>& base) {
  const std::size_t n = base.size() / shape.element_bytes;
  const CodedDelta want =
      TileCoder(ReferenceDeltaKernels(), shape, n, ratio, second_bits).Run(child, base);
  ASSERT_EQ(want.elements, child);
  for (const DeltaKernels* form : FormsOfThisMachine()) {
    const CodedDelta got = TileCoder(*form, shape, n, ratio, second_bits).Run(child, base);
    for (std::size_t b = 0; b * kDeltaBlock < n; ++b) {
      ASSERT_EQ(got.block_scale[b], want.block_scale[b]) << form->name << " block " << b;
      ASSERT_EQ(got.block_ratio[b], want.block_ratio[b]) << form->name << " block " << b;
    }
    ASSERT_EQ(got.streams, want.streams) << form->name;
    ASSERT_EQ(got.elements, want.elements) << form->name;
  }
}

TEST(DeltaKernels, AllFormsAgreeWithTheReference) {
  std::mt19937_64 random(17);
  for (const DType dtype : {DType::kF32, DType::kBF16, DType::kF16, DType::kF64, DType::kF8E4M3}) {
    const DeltaShape shape = *DeltaShapeOf(dtype);
    for (const std::size_t n : {1u, 31u, 63u, 64u, 65u, 127u, 1000u, 2047u, 2048u}) {
      for (const float ratio : {0.0f, 0.999f, 1.25f, 3e-20f, 700.0f}) {
        if (ratio != 0 && shape.has_ratio == 0) continue;
        SCOPED_TRACE(std::string(NameOf(dtype)) + " n " + std::to_string(n));
        std::vector<std::uint8_t> base(n * shape.element_bytes);
        std::vector<std::uint8_t> child(base.size());
        Fill(random, shape.element_bytes, child, base);
        ASSERT_NO_FATAL_FAILURE(ExpectAgreement(shape, ratio, false, child, base));
        ASSERT_NO_FATAL_FAILURE(ExpectAgreement(shape, ratio, true, child, base));
        if (shape.element_bytes != 4 && shape.element_bytes != 2) continue;
        FillOrdinary(random, shape.element_bytes, child, base);
        ASSERT_NO_FATAL_FAILURE(ExpectAgreement(shape, ratio, false, child, base));
        ASSERT_NO_FATAL_FAILURE(ExpectAgreement(shape, ratio, true, child, base));
      }
    }
  }
}

/// One element of a level without a state, against a prediction of 0x100 or 0x10.
struct OneCoded {
  unsigned symbol;
  std::vector<std::uint8_t> low, high;
  unsigned bits;  ///< of both
};

OneCoded CodeOne(const DeltaKernels& kernels, DeltaLevel level, std::uint16_t child,
                 std::uint16_t base) {
  std::vector<std::uint8_t> to(2 * kDeltaBlock), from(2 * kDeltaBlock), scale(kDeltaBlock),
      state(kDeltaBlock), symbols(kDeltaBlock + kSlack), contexts(kDeltaBlock + kSlack),
      low(kSlack), high(kSlack);
  std::memcpy(to.data(), &child, sizeof child);
  std::memcpy(from.data(), &base, sizeof base);
  const std::uint8_t block_scale = 1;
  DeltaBits low_bits{low.data(), 0, 0};
  DeltaBits high_bits{high.data(), 0, 0};
  EXPECT_EQ(
      kernels.encode_level(level, to.data(), from.data(), scale.data(), state.data(), &block_scale,
                           1, symbols.data(), contexts.data(), &low_bits, &high_bits),
      1u);
  const auto bits = [](const std::vector<std::uint8_t>& memory, const DeltaBits& plane) {
    return static_cast<unsigned>(8 * (plane.at - memory.data())) + plane.used;
  };
  const unsigned all = bits(low, low_bits) + bits(high, high_bits);
  return {symbols[0], Finish(low, low_bits), Finish(high, high_bits), all};
}

TEST(DeltaKernels, AgreeWhereProductsLeaveTheRangeOfNumbers) {
  std::mt19937_64 random(29);
  for (const DType dtype : {DType::kF32, DType::kBF16}) {
    const DeltaShape shape = *DeltaShapeOf(dtype);
    for (const float ratio : {0.5F, 0.50001F, 0.999F, 1.999F, 2.0F, 0.49F, 2.01F}) {
      for (int round = 0; round < 8; ++round) {
        SCOPED_TRACE(std::string(NameOf(dtype)) + " ratio " + std::to_string(ratio));
        std::vector<std::uint8_t> base(kDeltaTile * shape.element_bytes);
        std::vector<std::uint8_t> child(base.size());
        FillNearLimits(random, shape.element_bytes, child, base);
        ASSERT_NO_FATAL_FAILURE(ExpectAgreement(shape, ratio, false, child, base));
      }
    }
  }
}

TEST(DeltaKernels, SecondBitsAreAsTheDocumentHasThem) {
  std::vector<const DeltaKernels*> forms = FormsOfThisMachine();
  forms.push_back(&ReferenceDeltaKernels());
  for (const DeltaKernels* form : forms) {
    SCOPED_TRACE(form->name);
    const DeltaLevel first{0, 2, true}, second{1, 1, true};
    // Lengths 0 and 1 have none; a field of one bit is the sign alone.
    EXPECT_EQ(CodeOne(*form, second, 0x10, 0x10).symbol, 0u);
    EXPECT_EQ(CodeOne(*form, second, 0x11, 0x10).symbol, 1u);
    EXPECT_EQ(CodeOne(*form, second, 0x12, 0x10).symbol, 2u);
    EXPECT_EQ(CodeOne(*form, second, 0x13, 0x10).symbol, 3u);
    // -0b1101: length 4, second bit 1, below it 01; the sign above these.
    const OneCoded coded = CodeOne(*form, second, 0x10 - 13, 0x10);
    EXPECT_EQ(coded.symbol, 7u);
    EXPECT_EQ(coded.bits, 3u);
    EXPECT_EQ(coded.low, std::vector<std::uint8_t>{0b101});
    // 0b1011010110: length 10, so that what is stored has a bit in the high plane: the sign.
    const OneCoded wide = CodeOne(*form, first, 0x100 + 0b1011010110, 0x100);
    EXPECT_EQ(wide.symbol, 18u);
    EXPECT_EQ(wide.bits, 9u);
    EXPECT_EQ(wide.low, std::vector<std::uint8_t>{0b11010110});
    EXPECT_EQ(wide.high, std::vector<std::uint8_t>{0});
    // A change of sign keeps its second bit in the field.
    const OneCoded flip = CodeOne(*form, first, 0x8100 + 0b110, 0x100);
    EXPECT_EQ(flip.symbol, 2 * 16 - 2 + 3u);
    EXPECT_EQ(flip.low, std::vector<std::uint8_t>{0b010});
  }
}

TEST(DeltaKernels, TablesAndHistogramsAgree) {
  std::mt19937 random(3);
  std::vector<std::uint16_t> frequencies(32);
  unsigned left = 1024;
  for (std::size_t s = 0; s < 31; ++s) {
    frequencies[s] = static_cast<std::uint16_t>(random() % (left / 4 + 1));
    left -= frequencies[s];
  }
  frequencies[31] = static_cast<std::uint16_t>(left);
  std::vector<std::uint8_t> symbols(20011);
  std::vector<std::uint8_t> contexts(symbols.size());
  for (std::size_t i = 0; i < symbols.size(); ++i) {
    symbols[i] = static_cast<std::uint8_t>(random() % 32);
    contexts[i] = static_cast<std::uint8_t>(random() % (2 * kDeltaScales));
  }
  std::vector<std::uint32_t> table(1024);
  std::vector<std::uint32_t> histogram(64 * kDeltaScales);
  ReferenceDeltaKernels().fill_table(frequencies.data(), 32, table.data());
  ReferenceDeltaKernels().count(symbols.data(), contexts.data(), symbols.size(), histogram.data());
  for (const DeltaKernels* form : FormsOfThisMachine()) {
    std::vector<std::uint32_t> other_table(1024);
    std::vector<std::uint32_t> other_histogram(histogram.size());
    form->fill_table(frequencies.data(), 32, other_table.data());
    form->count(symbols.data(), contexts.data(), symbols.size(), other_histogram.data());
    EXPECT_EQ(other_table, table) << form->name;
    EXPECT_EQ(other_histogram, histogram) << form->name;
  }
}

}  // namespace
}  // namespace dlv::codec

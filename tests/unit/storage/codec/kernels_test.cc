#include "storage/codec/kernels.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <string>

#include "storage/codec/cpu_dispatch.h"
#include "storage/codec/float_format.h"
#include "storage/codec/rans.h"
#include "tests/unit/storage/codec/sample_data.h"

namespace dlv::codec {
namespace {

constexpr std::size_t kKernelSizes[] = {1,    2,    7,    8,    63,   64,   65,     127,
                                        128,  129,  255,  256,  257,  511,  512,    513,
                                        1000, 1024, 4095, 4096, 4097, 5000, 131071, 131072};

std::vector<KernelLevel> FastLevels() {
  const KernelLevel active = ActiveKernelLevel();
  std::vector<KernelLevel> levels;
  for (const KernelLevel level : kKernelLevels) {
    if (level != KernelLevel::kReference && SetKernelLevel(level)) levels.push_back(level);
  }
  SetKernelLevel(active);
  return levels;
}

class KernelsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    before_ = ActiveKernelLevel();
    if (FastLevels().empty()) GTEST_SKIP() << "this machine has neither AVX2 nor AVX-512";
  }
  void TearDown() override { SetKernelLevel(before_); }

  template <class Check>
  void ForEachFast(const Check& check) {
    for (const KernelLevel level : FastLevels()) {
      ASSERT_TRUE(SetKernelLevel(level));
      SCOPED_TRACE(NameOf(level));
      check(ActiveKernels());
    }
  }

 private:
  KernelLevel before_ = KernelLevel::kReference;
};

const std::uint8_t* U8(const std::vector<std::byte>& bytes) {
  return reinterpret_cast<const std::uint8_t*>(bytes.data());
}

constexpr DType kFloats[] = {DType::kF8E4M3, DType::kF8E5M2, DType::kF16,
                             DType::kBF16,   DType::kF32,    DType::kF64};

TEST_F(KernelsTest, Planes_AgreeWithReferenceAndReturn) {
  for (const DType dtype : kFloats) {
    const FloatFormat format = FormatOf(dtype);
    for (const std::size_t n : kKernelSizes) {
      SCOPED_TRACE(std::string(NameOf(dtype)) + " n=" + std::to_string(n));
      const auto elements = test::Awkward(dtype, n);
      const std::size_t plane_bytes = (n + 7) / 8;
      const auto make = [&](const Kernels& kernels) {
        std::vector<std::uint8_t> planes(plane_bytes * 64, 0xee);
        std::uint8_t* plane[kMaxPlanes] = {};
        for (unsigned bit = 0; bit < 8 * format.width; ++bit) {
          if (bit % 5 != 3) plane[bit] = planes.data() + bit * plane_bytes;
        }
        kernels.to_planes(U8(elements), n, format.width, plane);
        return planes;
      };
      const auto expected = make(ReferenceKernels());
      for (std::size_t i = 0; i < std::min<std::size_t>(n, 300); ++i) {
        const unsigned bit = 8 * format.width - 1;
        if (bit % 5 == 3) break;
        const bool sign = (U8(elements)[(i + 1) * format.width - 1] & 0x80) != 0;
        ASSERT_EQ(sign, ((expected[bit * plane_bytes + i / 8] >> (i % 8)) & 1) != 0) << i;
      }
      const auto join = [&](const Kernels& kernels) {
        std::vector<std::uint8_t> out(n * format.width + 8, 0xcd);
        const std::uint8_t* plane[kMaxPlanes] = {};
        for (unsigned bit = 0; bit < 8 * format.width; ++bit) {
          if (bit % 5 != 3) plane[bit] = expected.data() + bit * plane_bytes;
        }
        kernels.from_planes(plane, n, format.width, out.data());
        return out;
      };
      const auto joined = join(ReferenceKernels());
      for (std::size_t i = 0; i < n * format.width; ++i) {
        std::uint8_t mask = 0;
        for (unsigned bit = 0; bit < 8; ++bit) {
          if ((8 * (i % format.width) + bit) % 5 != 3) mask |= static_cast<std::uint8_t>(1u << bit);
        }
        ASSERT_EQ(joined[i], U8(elements)[i] & mask) << i;
      }
      // A prefix: the planes of the upper half, or of a little more.
      const auto join_upper = [&](const Kernels& kernels, unsigned least) {
        std::vector<std::uint8_t> out(n * format.width + 8, 0xcd);
        const std::uint8_t* plane[kMaxPlanes] = {};
        for (unsigned bit = least; bit < 8 * format.width; ++bit) {
          if (bit % 5 != 3) plane[bit] = expected.data() + bit * plane_bytes;
        }
        kernels.from_planes(plane, n, format.width, out.data());
        return out;
      };
      const unsigned half = 4 * format.width;
      const auto upper = join_upper(ReferenceKernels(), half);
      for (std::size_t i = 0; format.width > 1 && i < n * format.width; ++i) {
        ASSERT_EQ(upper[i], i % format.width >= format.width / 2 ? joined[i] : 0) << i;
      }
      ForEachFast([&](const Kernels& kernels) {
        EXPECT_EQ(make(kernels), expected);
        EXPECT_EQ(join(kernels), joined);
        EXPECT_EQ(join_upper(kernels, half), upper);
        EXPECT_EQ(join_upper(kernels, half - 1), join_upper(ReferenceKernels(), half - 1));
      });
    }
  }
}

/// Element `i`, of any width.
std::uint64_t ElementAt(const std::vector<std::byte>& elements, unsigned width, std::size_t i) {
  std::uint64_t bits = 0;
  std::memcpy(&bits, elements.data() + i * width, width);
  return bits;
}

struct PlainScan {
  FloatScan scan{0, 0xffffffff, 0, 0};
  std::vector<std::uint8_t> symbols;
};

/// What kernels.h says, element by element.
PlainScan ScanPlainly(const std::vector<std::byte>& elements, const FloatFormat& format,
                      unsigned zero_rule) {
  PlainScan plain;
  std::vector<std::uint32_t> exponents;
  for (std::size_t i = 0; i < elements.size() / format.width; ++i) {
    const std::uint64_t bits = ElementAt(elements, format.width, i);
    const auto exponent = static_cast<std::uint32_t>(bits >> format.mantissa_bits) &
                          ((1u << format.exponent_bits) - 1);
    exponents.push_back(exponent);
    plain.scan.any_bits |= bits;
    plain.scan.zero_count += bits == 0 ? 1 : 0;
    plain.scan.max_exponent = std::max(plain.scan.max_exponent, exponent);
    if (exponent != 0) plain.scan.min_exponent = std::min(plain.scan.min_exponent, exponent);
  }
  for (std::size_t i = 0; i < exponents.size(); ++i) {
    const std::uint32_t above = exponents[i] == 0 ? 0 : exponents[i] - plain.scan.min_exponent + 1;
    const bool zero = ElementAt(elements, format.width, i) == 0;
    plain.symbols.push_back(static_cast<std::uint8_t>(above + (zero ? 0 : zero_rule)));
  }
  return plain;
}

TEST_F(KernelsTest, ScanAndSymbols_AreWhatAPlainLoopFinds) {
  for (const DType dtype : kFloats) {
    for (const FloatFormat& format : {FormatOf(dtype), WithWideSymbols(FormatOf(dtype))}) {
      for (const std::size_t n : {1u, 7u, 8u, 9u, 15u, 16u, 17u, 100u, 1000u, 131072u}) {
        for (const auto& elements : {test::Awkward(dtype, n), test::Weights(dtype, n)}) {
          for (const unsigned rule : {0u, 1u}) {
            SCOPED_TRACE(std::string(NameOf(dtype)) + " n=" + std::to_string(n));
            const PlainScan want = ScanPlainly(elements, format, rule);
            const std::size_t components = n * format.components;
            const auto check = [&](const Kernels& kernels) {
              const auto found = kernels.scan(U8(elements), components, format.width,
                                              format.mantissa_bits, format.exponent_bits);
              EXPECT_EQ(found.any_bits, want.scan.any_bits);
              EXPECT_EQ(found.min_exponent, want.scan.min_exponent);
              EXPECT_EQ(found.max_exponent, want.scan.max_exponent);
              EXPECT_EQ(found.zero_count, want.scan.zero_count);
              std::vector<std::uint8_t> symbols(components + 64);
              const SymbolMap map = {format.mantissa_bits, format.exponent_bits,
                                     want.scan.min_exponent, rule};
              kernels.to_symbols(U8(elements), components, format.width, map, symbols.data());
              symbols.resize(components);
              EXPECT_EQ(symbols, want.symbols);
            };
            check(ReferenceKernels());
            ForEachFast(check);
          }
        }
      }
    }
  }
}

TEST_F(KernelsTest, ElementPasses_AgreeWithReference) {
  for (const DType dtype : kFloats) {
    const FloatFormat format = FormatOf(dtype);
    for (const std::size_t n : kKernelSizes) {
      SCOPED_TRACE(std::string(NameOf(dtype)) + " n=" + std::to_string(n));
      const auto elements = test::Sparse(dtype, n, 300);
      const auto scan = ReferenceKernels().scan(U8(elements), n, format.width, format.mantissa_bits,
                                                format.exponent_bits);
      for (const unsigned rule : {0u, 1u}) {
        const SymbolMap map = {format.mantissa_bits, format.exponent_bits,
                               scan.max_exponent == 0 ? 1 : scan.min_exponent, rule};
        const auto run = [&](const Kernels& kernels) {
          const auto found = kernels.scan(U8(elements), n, format.width, format.mantissa_bits,
                                          format.exponent_bits);
          EXPECT_EQ(found.any_bits, scan.any_bits);
          EXPECT_EQ(found.min_exponent, scan.min_exponent);
          EXPECT_EQ(found.max_exponent, scan.max_exponent);
          EXPECT_EQ(found.zero_count, scan.zero_count);
          std::vector<std::uint8_t> symbols(n + 64);
          kernels.to_symbols(U8(elements), n, format.width, map, symbols.data());
          symbols.resize(n);
          std::vector<std::uint8_t> kept(n * format.width + 64);
          const std::size_t count =
              kernels.keep_nonzero(U8(elements), n, format.width, kept.data());
          EXPECT_EQ(count, n - scan.zero_count);
          kept.resize(count * format.width + 64);
          std::vector<std::uint8_t> out(n * format.width, 0xab);
          if (rule == 1) {
            kernels.spread_kept(symbols.data(), n, format.width, kept.data(), out.data());
          } else {
            std::copy_n(U8(elements), n * format.width, out.begin());
          }
          kernels.add_exponents(symbols.data(), n, format.width, map, out.data());
          EXPECT_TRUE(std::equal(out.begin(), out.end(), U8(elements)));
          return symbols;
        };
        const auto expected = run(ReferenceKernels());
        ForEachFast([&](const Kernels& kernels) { EXPECT_EQ(run(kernels), expected); });
      }
    }
  }
}

struct SymbolRun {
  std::vector<std::uint8_t> symbols;
  std::vector<std::uint8_t> contexts;
  std::vector<std::uint32_t> encode_tables;
  std::vector<std::uint32_t> decode_tables;
};

SymbolRun MakeSymbols(std::size_t n, unsigned alphabet, unsigned context_count, unsigned scale) {
  std::mt19937_64 random(test::kSeed + n + alphabet);
  SymbolRun coded;
  std::geometric_distribution<int> skewed(0.4);
  for (std::size_t i = 0; i < n; ++i) {
    const auto context = static_cast<unsigned>(random() % context_count);
    const auto symbol = (static_cast<unsigned>(skewed(random)) + context * 3) % alphabet;
    coded.contexts.push_back(static_cast<std::uint8_t>(context));
    coded.symbols.push_back(static_cast<std::uint8_t>(symbol));
  }
  for (unsigned context = 0; context < context_count; ++context) {
    std::vector<std::uint32_t> counts(256, 0);
    for (unsigned s = 0; s < alphabet; ++s) counts[s] = 1;
    for (std::size_t i = 0; i < n; ++i) {
      if (coded.contexts[i] == context) counts[coded.symbols[i]] += 20;
    }
    std::vector<std::uint16_t> frequencies(256);
    NormalizeFrequencies(counts, scale, frequencies);
    const std::size_t e = coded.encode_tables.size();
    coded.encode_tables.resize(e + 256);
    // One table: the order that the AVX-512 form keeps in registers.
    const SlotOrder order = context_count == 1 ? SlotOrder::kByFrequency : SlotOrder::kBySymbol;
    BuildRansEncodeTable(frequencies,
                         std::span<std::uint32_t, 256>(coded.encode_tables.data() + e, 256), order);
    const std::size_t d = coded.decode_tables.size();
    coded.decode_tables.resize(d + (std::size_t{1} << scale));
    BuildRansDecodeTable(frequencies, scale, coded.decode_tables.data() + d, order);
  }
  return coded;
}

TEST_F(KernelsTest, Rans_SameBytesInAllForms) {
  for (const unsigned scale : {10u, 11u, 12u}) {
    for (const unsigned alphabet : {1u, 2u, 30u, 64u, 65u, 256u}) {
      for (const unsigned context_count : {0u, 5u}) {
        for (const std::size_t n : kKernelSizes) {
          if (n > 5000 && scale == 11) continue;
          SCOPED_TRACE("scale " + std::to_string(scale) + " alphabet " + std::to_string(alphabet) +
                       " contexts " + std::to_string(context_count) + " n " + std::to_string(n));
          const SymbolRun data = MakeSymbols(n, alphabet, std::max(1u, context_count), scale);
          const std::uint8_t* contexts = context_count == 0 ? nullptr : data.contexts.data();
          for (const unsigned lanes : {4u, 32u, 64u}) {
            const auto encode = [&](const Kernels& kernels) {
              std::vector<std::uint8_t> out(4 * lanes + 2 * n + 64);
              out.resize(kernels.rans_encode(data.symbols.data(), contexts, n, lanes, scale,
                                             data.encode_tables.data(), out.data()));
              return out;
            };
            const auto expected = encode(ReferenceKernels());
            const auto decode = [&](const Kernels& kernels) {
              std::vector<std::uint8_t> symbols(n);
              EXPECT_TRUE(kernels.rans_decode(expected.data(), expected.size(), contexts, n, lanes,
                                              scale, data.decode_tables.data(), symbols.data()));
              EXPECT_EQ(symbols, data.symbols);
              std::vector<std::uint8_t> shorter(expected.begin(), expected.end() - 2);
              if (shorter.size() >= 4 * lanes) {
                EXPECT_FALSE(kernels.rans_decode(shorter.data(), shorter.size(), contexts, n, lanes,
                                                 scale, data.decode_tables.data(), symbols.data()));
              }
              std::vector<std::uint8_t> longer = expected;
              longer.insert(longer.end(), {1, 2});
              EXPECT_FALSE(kernels.rans_decode(longer.data(), longer.size(), contexts, n, lanes,
                                               scale, data.decode_tables.data(), symbols.data()));
            };
            decode(ReferenceKernels());
            ForEachFast([&](const Kernels& kernels) {
              EXPECT_EQ(encode(kernels), expected);
              decode(kernels);
            });
          }
        }
      }
    }
  }
}

TEST_F(KernelsTest, RansChained_AgreesWithContextsGivenOutright) {
  constexpr unsigned kLow = 2;
  constexpr unsigned kCount = 9;
  for (const std::size_t n : kKernelSizes) {
    for (const unsigned lanes : {4u, 64u}) {
      SCOPED_TRACE("n " + std::to_string(n) + " lanes " + std::to_string(lanes));
      SymbolRun data = MakeSymbols(n, 20, 1, 10);
      for (std::size_t i = 0; i < n; ++i) {
        const unsigned previous = i < lanes ? 0 : data.symbols[i - lanes];
        data.contexts[i] =
            static_cast<std::uint8_t>(std::min(previous > kLow ? previous - kLow : 0, kCount - 1));
      }
      const std::vector<std::uint32_t> first_encode = data.encode_tables;
      const std::vector<std::uint32_t> first_decode = data.decode_tables;
      for (unsigned c = 1; c < kCount; ++c) {
        data.encode_tables.insert(data.encode_tables.end(), first_encode.begin(),
                                  first_encode.end());
        data.decode_tables.insert(data.decode_tables.end(), first_decode.begin(),
                                  first_decode.end());
      }
      std::vector<std::uint8_t> out(4 * lanes + 2 * n + 64);
      out.resize(ReferenceKernels().rans_encode(data.symbols.data(), data.contexts.data(), n, lanes,
                                                10, data.encode_tables.data(), out.data()));
      const auto decode = [&](const Kernels& kernels) {
        std::vector<std::uint8_t> symbols(n);
        EXPECT_TRUE(kernels.rans_decode_chained(out.data(), out.size(), kLow, kCount, n, lanes, 10,
                                                data.decode_tables.data(), symbols.data()));
        EXPECT_EQ(symbols, data.symbols);
      };
      decode(ReferenceKernels());
      ForEachFast(decode);
    }
  }
}

struct BitRun {
  BitModel model{};
  std::vector<std::uint8_t> contexts;
  std::vector<std::uint8_t> pairs;
  std::vector<std::uint8_t> plane;
  std::vector<std::uint32_t> table;
};

// Contexts on both sides of those of the model, too.
BitRun MakeBits(std::size_t n, unsigned low, unsigned count) {
  std::mt19937_64 random(test::kSeed + n + count);
  BitRun run;
  run.model.low = static_cast<std::uint8_t>(low);
  run.model.count = static_cast<std::uint8_t>(count);
  run.table.resize(256);
  for (unsigned k = 0; k <= count; ++k) {
    const auto chance =
        k == count ? kEvenChance : static_cast<std::uint8_t>(2 * (random() % 64) + 1);
    if (k < count) run.model.ones[k] = chance;
    run.table[2 * k] = (1024u - 8u * chance) | 8u * chance << 16;
    run.table[2 * k + 1] = 8u * chance;
  }
  run.plane.resize((n + 7) / 8);
  for (std::size_t i = 0; i < n; ++i) {
    run.contexts.push_back(static_cast<std::uint8_t>(low + random() % (count + 6) - 3));
    const unsigned k = static_cast<std::uint8_t>(run.contexts[i] - low);
    const unsigned chance = k < count ? run.model.ones[k] : kEvenChance;
    const unsigned bit = random() % 128 < chance ? 1 : 0;
    run.pairs.push_back(static_cast<std::uint8_t>(2 * std::min(k, count) + bit));
    run.plane[i / 8] = static_cast<std::uint8_t>(run.plane[i / 8] | bit << (i % 8));
  }
  return run;
}

TEST_F(KernelsTest, Bits_AreTheSameInAllForms) {
  for (const auto& [low, count] : {std::pair{4u, 1u}, {0u, 3u}, {110u, 16u}, {240u, 16u}}) {
    for (const std::size_t n : kKernelSizes) {
      const BitRun run = MakeBits(n, low, count);
      for (const unsigned lanes : {4u, 16u, 32u}) {
        SCOPED_TRACE("n " + std::to_string(n) + " low " + std::to_string(low) + " lanes " +
                     std::to_string(lanes));
        const auto encode = [&](const Kernels& kernels) {
          std::vector<std::uint8_t> pairs(n + 8);
          kernels.pair_bits(run.contexts.data(), run.plane.data(), n, run.model, pairs.data());
          pairs.resize(n);
          EXPECT_EQ(pairs, run.pairs);
          std::vector<std::uint8_t> out(4 * lanes + 2 * n + 64);
          out.resize(kernels.rans_encode(run.pairs.data(), nullptr, n, lanes, 10, run.table.data(),
                                         out.data()));
          return out;
        };
        const auto coded = encode(ReferenceKernels());
        const auto decode = [&](const Kernels& kernels) {
          std::vector<std::uint8_t> plane(run.plane.size(), 0xa5);
          const auto decodes = [&](const std::vector<std::uint8_t>& from) {
            const std::vector<std::uint8_t> exact(from);  // sanitizers see what is read behind it
            return kernels.decode_bits(exact.data(), exact.size(), run.contexts.data(), n, lanes,
                                       run.model, plane.data());
          };
          EXPECT_TRUE(decodes(coded));
          EXPECT_EQ(plane, run.plane);
          const std::vector<std::uint8_t> shorter(coded.begin(), coded.end() - 2);
          EXPECT_FALSE(shorter.size() >= 4 * lanes && decodes(shorter));
          std::vector<std::uint8_t> longer = coded;
          longer.insert(longer.end(), {1, 2});
          EXPECT_FALSE(decodes(longer));
          // Damage may go unnoticed here, but no two forms read it differently.
          std::vector<std::uint8_t> changed = coded;
          changed[4 * lanes / 2] ^= 1;
          const bool noticed = !decodes(changed);
          return noticed ? std::vector<std::uint8_t>{} : plane;
        };
        const auto of_changed = decode(ReferenceKernels());
        ForEachFast([&](const Kernels& kernels) {
          EXPECT_EQ(encode(kernels), coded);
          EXPECT_EQ(decode(kernels), of_changed);
        });
      }
    }
  }
}

TEST_F(KernelsTest, Checksum_IsTheSameInAllForms) {
  for (const std::size_t n : kKernelSizes) {
    const auto bytes = test::Weights(DType::kF32, n);
    const std::uint64_t expected = ReferenceKernels().checksum(bytes.data(), bytes.size());
    ForEachFast([&](const Kernels& kernels) {
      EXPECT_EQ(kernels.checksum(bytes.data(), bytes.size()), expected);
    });
  }
}

}  // namespace
}  // namespace dlv::codec

#include "storage/codec/rans.h"

#include <gtest/gtest.h>

#include <numeric>
#include <random>
#include <vector>

#include "storage/codec/cpu_dispatch.h"
#include "storage/codec/symbol_coding.h"
#include "tests/unit/storage/codec/sample_data.h"

namespace dlv::codec {
namespace {

std::vector<std::uint16_t> Normalized(const std::vector<std::uint32_t>& counts, unsigned scale) {
  std::vector<std::uint16_t> frequencies(counts.size());
  NormalizeFrequencies(counts, scale, frequencies);
  return frequencies;
}

TEST(Rans, NormalizeFrequencies_SumsToScaleAndKeepsEverySymbol) {
  std::mt19937 random(test::kSeed);
  for (int round = 0; round < 200; ++round) {
    const unsigned scale = 10 + static_cast<unsigned>(round % 3);
    std::vector<std::uint32_t> counts(2 + random() % 255);
    for (std::uint32_t& count : counts) {
      count = random() % 3 == 0
                  ? 0
                  : static_cast<std::uint32_t>(random() % 5 == 0 ? random() % 100000 : 1);
    }
    counts[random() % counts.size()] = 100000;
    const auto frequencies = Normalized(counts, scale);
    EXPECT_EQ(std::accumulate(frequencies.begin(), frequencies.end(), 0u), 1u << scale);
    for (std::size_t i = 0; i < counts.size(); ++i) {
      EXPECT_EQ(frequencies[i] == 0 && counts[i] != 0, false);
      EXPECT_LT(frequencies[i], 1u << scale);
    }
  }
}

TEST(Rans, NormalizeFrequencies_LoneSymbolLeavesOneSlot) {
  EXPECT_EQ(Normalized({0, 7, 0}, 10), (std::vector<std::uint16_t>{1, 1023, 0}));
  EXPECT_EQ(Normalized({7, 0, 0}, 12), (std::vector<std::uint16_t>{4095, 1, 0}));
}

TEST(Rans, FrequencyTable_ReturnsAndRefusesDamage) {
  std::mt19937 random(test::kSeed);
  for (int round = 0; round < 100; ++round) {
    std::vector<std::uint32_t> counts(40, 0);
    for (std::size_t i = static_cast<std::size_t>(round % 7); i < 33; ++i)
      counts[i] = static_cast<std::uint32_t>(random() % 1000);
    counts[20] = 1;
    const auto frequencies = Normalized(counts, 12);
    std::vector<std::byte> bytes;
    BitWriter out(bytes);
    WriteFrequencies(frequencies, out);
    out.Finish();
    std::vector<std::uint16_t> read(40);
    BitReader in(bytes);
    ASSERT_TRUE(ReadFrequencies(in, 12, read));
    EXPECT_TRUE(in.Finish());
    EXPECT_EQ(in.consumed(), bytes.size());
    EXPECT_EQ(read, frequencies);
    BitReader narrow(bytes);
    const std::span wide(read);
    EXPECT_FALSE(ReadFrequencies(narrow, 12, wide.first(20)));
    BitReader other_scale(bytes);
    EXPECT_FALSE(ReadFrequencies(other_scale, 11, read));
    const std::span whole(bytes);
    BitReader cut(whole.first(bytes.size() / 2));
    EXPECT_FALSE(ReadFrequencies(cut, 12, read));
  }
}

// Contexts and symbols of the delta coder's range are coded from tables that an encoder gathers
// first; the same in other contexts is not, and gives the same bytes.
TEST(Rans, WhichContextsThereAreDoesNotMatter) {
  constexpr unsigned kScale = 10;
  constexpr std::size_t kContexts = 68, kElsewhere = 100;
  std::mt19937_64 random(20);
  std::vector<std::uint32_t> tables(256 * 256);
  for (std::size_t context = 0; context < kContexts; ++context) {
    std::vector<std::uint32_t> counts(32);
    // A lone symbol leaves its neighbour a frequency of 1.
    for (std::uint32_t& count : counts)
      count = context % 4 == 0 ? 0 : static_cast<std::uint32_t>(random() % 3 * random() % 2000);
    counts[context % 32] += 1;
    const auto frequencies = Normalized(counts, kScale);
    for (const std::size_t at : {context, context + kElsewhere})
      BuildRansEncodeTable(frequencies, std::span(tables).subspan(256 * at).first<256>());
  }
  for (const std::size_t n : {4096u, 4097u, 5003u, 131072u}) {
    std::vector<std::uint8_t> symbols(n), contexts(n), elsewhere(n);
    for (std::size_t i = 0; i < n; ++i) {
      const std::size_t context = random() % kContexts;
      contexts[i] = static_cast<std::uint8_t>(context);
      elsewhere[i] = static_cast<std::uint8_t>(context + kElsewhere);
      do {
        symbols[i] = static_cast<std::uint8_t>(random() % 32);
      } while ((tables[256 * context + symbols[i]] & 0xffff) == 0);
    }
    const auto coded = [&](const std::vector<std::uint8_t>& in) {
      std::vector<std::byte> out(RansBound(n) + 64);
      out.resize(RansEncode(symbols.data(), in.data(), n, kScale, tables.data(), out.data()));
      return out;
    };
    const KernelLevel before = ActiveKernelLevel();
    const auto active = coded(contexts);
    ASSERT_TRUE(SetKernelLevel(KernelLevel::kReference));
    EXPECT_EQ(coded(contexts), active) << n;
    EXPECT_EQ(coded(elsewhere), active) << n;
    SetKernelLevel(before);
  }
}

TEST(Rans, DecodeRefusesWrongSizes) {
  const std::vector<std::uint16_t> frequencies = Normalized({5, 3, 2}, 12);
  std::vector<std::uint32_t> encode(256);
  std::vector<std::uint32_t> decode(4096);
  BuildRansEncodeTable(frequencies, std::span<std::uint32_t, 256>(encode.data(), 256));
  BuildRansDecodeTable(frequencies, 12, decode.data());
  std::vector<std::uint8_t> symbols(5000);
  for (std::size_t i = 0; i < symbols.size(); ++i)
    symbols[i] = static_cast<std::uint8_t>(i * i % 3);
  std::vector<std::byte> coded(RansBound(symbols.size()) + 64);
  coded.resize(
      RansEncode(symbols.data(), nullptr, symbols.size(), 12, encode.data(), coded.data()));
  std::vector<std::uint8_t> out(symbols.size());
  const auto decodes = [&](std::size_t size, std::size_t n) {
    return RansDecode(std::span(coded).first(size), nullptr, n, 12, decode.data(), out.data());
  };
  EXPECT_TRUE(decodes(coded.size(), symbols.size()));
  EXPECT_EQ(out, symbols);
  EXPECT_FALSE(decodes(coded.size() - 1, symbols.size()));
  EXPECT_FALSE(decodes(coded.size() - 2, symbols.size()));
  EXPECT_FALSE(decodes(coded.size(), symbols.size() - 1));
  EXPECT_FALSE(decodes(100, symbols.size()));
  EXPECT_FALSE(decodes(0, symbols.size()));
  EXPECT_FALSE(decodes(4, 0));
  EXPECT_TRUE(decodes(0, 0));
}

TEST(SymbolCoding, BothContextsReturn) {
  std::mt19937 random(test::kSeed);
  for (const std::size_t n : {1, 3, 4, 63, 64, 4095, 4096, 4159, 8192, 131072}) {
    for (const unsigned max_symbol : {1u, 40u, 255u}) {
      std::vector<std::uint8_t> symbols(n);
      unsigned level = 0;
      for (std::uint8_t& symbol : symbols) {
        level =
            std::min(max_symbol, level + static_cast<unsigned>(random() % 3)) - (level > 2 ? 1 : 0);
        symbol = static_cast<std::uint8_t>(level);
      }
      SymbolEncoder encoder;
      SymbolDecoder decoder;
      encoder.Estimate(symbols);
      for (const SymbolContext context : {SymbolContext::kNone, SymbolContext::kNeighbour}) {
        std::vector<std::byte> coded;
        encoder.Encode(context, symbols, max_symbol, coded);
        std::vector<std::uint8_t> out(n + 64);
        ASSERT_TRUE(decoder.Decode(coded, context, max_symbol, n, out.data()));
        out.resize(n);
        EXPECT_EQ(out, symbols);
        coded.pop_back();
        std::vector<std::uint8_t> again(n + 64);
        EXPECT_FALSE(decoder.Decode(coded, context, max_symbol, n, again.data()));
      }
    }
  }
}

TEST(SymbolCoding, LaneMajorOrderReturns) {
  for (const std::size_t n : {1, 5, 64, 100, 4096, 5000}) {
    for (const unsigned lanes : {4u, 64u}) {
      std::vector<std::uint8_t> symbols(n);
      for (std::size_t i = 0; i < n; ++i) symbols[i] = static_cast<std::uint8_t>(i * 7 + i / 256);
      std::vector<std::uint8_t> stream(n);
      std::vector<std::uint8_t> back(n);
      ToLaneMajor(symbols.data(), n, lanes, stream.data());
      const std::size_t rows = n / lanes;
      if (rows > 1) {
        EXPECT_EQ(stream[lanes], symbols[1]);
        EXPECT_EQ(stream[1], symbols[rows]);
      }
      FromLaneMajor(stream.data(), n, lanes, back.data());
      EXPECT_EQ(back, symbols);
    }
  }
}

}  // namespace
}  // namespace dlv::codec

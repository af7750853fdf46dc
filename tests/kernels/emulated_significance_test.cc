// The bodies of the CUDA kernels for chunks by significance, run on the processor, against the
// codec and engine/bounds.

#include <gtest/gtest.h>

#include <cstring>
#include <random>
#include <set>

#include "storage/codec/significance_codec.h"
#include "tests/kernels/emulated_significance.h"
#include "tests/kernels/significance_case.h"

namespace dlv::kernels::test {
namespace {

using Order = cuda::EmulatedWarp::Order;

const std::vector<SignificanceCase>& SignificanceCases() {
  static const std::vector<SignificanceCase> cases = MakeSignificanceCases(false);
  return cases;
}

/// Arrays of exactly the size stated, so that what lies beyond is seen.
struct Memory {
  Memory(const SignificanceCase& one, std::uint32_t levels)
      : symbols(one.symbols),
        bits(StoredBits(one, levels)),
        out(std::size_t{one.job.count} * one.format.bytes),
        ranks(std::size_t{cuda::RankTiles(one.job.count)} * cuda::kSymbolKinds),
        places(std::size_t{cuda::kSymbolKinds} * one.job.stored_bits, 0xdeadbeef),
        job(JobOf(one, levels)) {
    bits.shrink_to_fit();
    job.symbols = symbols.data();
    job.bits = bits.data();
    job.ranks = ranks.data();
    job.places = places.data();
    job.out = out.data();
  }
  Bytes Out(std::size_t bytes) const {
    return {out.begin(), out.begin() + static_cast<std::ptrdiff_t>(bytes)};
  }
  Bytes symbols, bits, out;
  std::vector<std::uint32_t> ranks, places;
  cuda::SignificanceJob job;
};

/// Whether a level is looked at.
bool IsTaken(const SignificanceCase& one, std::uint32_t level) {
  const std::uint32_t last = one.job.level_count - 1;
  return level == 0 || level == last || (one.job.count < 1100 ? level % 3 == 1 : level == last / 2);
}

TEST(EmulatedSignificance, CasesHaveEveryFeature) {
  std::size_t zero_rule = 0, absent = 0, tiles = 0, unsigned_ = 0;
  std::set<std::uint32_t> levels;
  for (const SignificanceCase& one : SignificanceCases()) {
    zero_rule += one.job.zero_rule;
    absent += one.job.stored_bits < 1 + one.format.mantissa_bits ? 1 : 0;
    tiles += cuda::RankTiles(one.job.count) > 1 ? 1 : 0;
    levels.insert(one.job.level_count);
    const std::uint32_t first = one.job.origin + one.job.depths[0];
    for (unsigned c = 1; c + 1 < 1u << one.format.exponent_bits; ++c) {
      if (cuda::KnownMantissa(one.format, c, first) >= 0) continue;
      ++unsigned_;
      break;
    }
  }
  EXPECT_GT(SignificanceCases().size(), 200u);
  EXPECT_GT(zero_rule, 50u);
  EXPECT_GT(absent, 20u);
  EXPECT_GT(tiles, 30u);
  EXPECT_GT(unsigned_, 100u);
  EXPECT_GT(levels.size(), 4u);
  EXPECT_GE(*levels.rbegin(), 27u);
}

TEST(EmulatedSignificance, ElementsAreTheCodecs) {
  for (const SignificanceCase& one : SignificanceCases()) {
    for (std::uint32_t level = 0; level < one.job.level_count; ++level) {
      if (!IsTaken(one, level)) continue;
      SCOPED_TRACE(one.name + ", level " + std::to_string(level));
      for (const Order order : {Order::kForward, Order::kBackward}) {
        if (order == Order::kBackward && one.job.count > 1100) continue;
        Memory memory(one, level + 1);
        std::size_t faults = 0;
        ASSERT_EQ(EmulateSignificance(one.format, cuda::PlaneOutput::kElements, memory.job, order,
                                      faults),
                  cuda::SignificanceFault::kNone);
        ASSERT_EQ(faults, 0u);
        ASSERT_EQ(memory.Out(one.elements[level].size()), one.elements[level]);
      }
    }
  }
}

bool IsNan(std::uint64_t bits, const cuda::ElementFormat& format) {
  const std::uint64_t ones = (std::uint64_t{1} << format.exponent_bits) - 1;
  const std::uint64_t mantissa = bits & ((std::uint64_t{1} << format.mantissa_bits) - 1);
  return (bits >> format.mantissa_bits & ones) == ones && mantissa != 0;
}

void ExpectCentres(const Bytes& want, const Bytes& got, const cuda::ElementFormat& format) {
  for (std::size_t at = 0; at < want.size(); at += format.bytes) {
    std::uint64_t bits[2] = {};
    std::memcpy(&bits[0], want.data() + at, format.bytes);
    std::memcpy(&bits[1], got.data() + at, format.bytes);
    if (IsNan(bits[0], format) && IsNan(bits[1], format)) continue;
    ASSERT_EQ(bits[0], bits[1]) << "element " << at / format.bytes;
  }
}

TEST(EmulatedSignificance, CentresAreThoseOfBounds) {
  for (const SignificanceCase& one : SignificanceCases()) {
    for (std::uint32_t level = 0; level < one.job.level_count; ++level) {
      if (!IsTaken(one, level)) continue;
      SCOPED_TRACE(one.name + ", level " + std::to_string(level));
      const bool whole = level + 1 == one.job.level_count;
      const Bytes& want = whole ? one.elements[level] : one.centres[level];
      Memory memory(one, level + 1);
      std::size_t faults = 0;
      ASSERT_EQ(EmulateSignificance(one.format, cuda::PlaneOutput::kCentres, memory.job,
                                    Order::kForward, faults),
                cuda::SignificanceFault::kNone);
      ExpectCentres(want, memory.Out(want.size()), one.format);
      if (one.format.bytes != 4) continue;
      ASSERT_EQ(EmulateSignificance(one.format, cuda::PlaneOutput::kCentresBf16, memory.job,
                                    Order::kForward, faults),
                cuda::SignificanceFault::kNone);
      const Bytes narrow = memory.Out(want.size() / 2);
      for (std::size_t i = 0; i < one.job.count; ++i) {
        std::uint32_t bits;
        std::uint16_t got;
        std::memcpy(&bits, want.data() + 4 * i, 4);
        std::memcpy(&got, narrow.data() + 2 * i, 2);
        if (IsNan(bits, one.format)) bits = 0x7fc00000, got &= 0x7fc0;
        ASSERT_EQ(got, cuda::Bf16Bits(bits)) << "element " << i;
      }
    }
  }
}

/// The verdict of the codec on sizes of levels.
bool SizesFit(const SignificanceCase& one, const Bytes& symbols) {
  codec::SignificanceLayout layout;
  layout.format = {one.format.bytes, one.format.exponent_bits, one.format.mantissa_bits, 1};
  layout.components = one.job.count;
  layout.map = {one.format.mantissa_bits, one.format.exponent_bits, one.job.first,
                one.job.zero_rule};
  layout.absent_mantissa = one.format.mantissa_bits + 1 - one.job.stored_bits;
  layout.origin = one.job.origin;
  codec::SymbolOrder order;
  order.Sort(symbols);
  const codec::BitPlaces places(layout, order.counts(),
                                std::span(one.job.depths).first(one.job.level_count));
  for (std::uint32_t i = 0; i < one.job.level_count; ++i) {
    if (places.level_bytes()[i] != one.job.level_bytes[i]) return false;
  }
  return true;
}

TEST(EmulatedSignificance, WrongSymbolsAreToldAndStayInBounds) {
  std::mt19937 random(17);
  std::size_t told = 0, taken = 0;
  for (const SignificanceCase& good : SignificanceCases()) {
    if (good.job.count < 31 || good.job.count > 4097) continue;
    SCOPED_TRACE(good.name);
    for (int turn = 0; turn < 4; ++turn) {
      SignificanceCase one = good;
      std::uint8_t& symbol = one.symbols[random() % one.symbols.size()];
      if (turn % 2 == 0) {
        symbol = static_cast<std::uint8_t>(random() % (one.job.max_symbol + 1));
      } else {  // a like number of each symbol: other elements, of the same size
        std::swap(symbol, one.symbols[random() % one.symbols.size()]);
      }
      Memory memory(one, one.job.level_count);
      std::size_t faults = 0;
      const auto fault = EmulateSignificance(one.format, cuda::PlaneOutput::kElements, memory.job,
                                             Order::kForward, faults);
      ASSERT_EQ(faults, 0u);
      ASSERT_EQ(fault, SizesFit(one, one.symbols) ? cuda::SignificanceFault::kNone
                                                  : cuda::SignificanceFault::kLevels);
      (fault == cuda::SignificanceFault::kNone ? taken : told) += 1;
    }
  }
  EXPECT_GT(told, 50u);
  EXPECT_GT(taken, 100u);
}

TEST(EmulatedSignificance, SymbolsWithoutAnExponentAreTold) {
  for (SignificanceCase one : SignificanceCases()) {
    if (one.job.max_symbol == 255) continue;
    one.symbols.back() = static_cast<std::uint8_t>(one.job.max_symbol + 1);
    Memory memory(one, one.job.level_count);
    std::size_t faults = 0;
    ASSERT_EQ(EmulateSignificance(one.format, cuda::PlaneOutput::kElements, memory.job,
                                  Order::kForward, faults),
              cuda::SignificanceFault::kSymbols)
        << one.name;
  }
}

TEST(EmulatedSignificance, LevelsOfOtherSizesAreTold) {
  for (const SignificanceCase& one : SignificanceCases()) {
    if (one.job.count > 1100) continue;
    for (std::uint32_t level = 0; level < one.job.level_count; ++level) {
      for (const std::uint32_t by : {1u, ~0u}) {
        Memory memory(one, one.job.level_count);
        memory.job.level_bytes[level] += by;
        std::size_t faults = 0;
        ASSERT_EQ(EmulateSignificance(one.format, cuda::PlaneOutput::kElements, memory.job,
                                      Order::kForward, faults),
                  cuda::SignificanceFault::kLevels)
            << one.name;
      }
    }
  }
}

}  // namespace
}  // namespace dlv::kernels::test

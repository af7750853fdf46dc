// The bodies of the CUDA kernels, run on the processor, against the codec and engine/bounds: bit
// for bit, with threads in both orders. What this cannot show is in docs/gpu.md.

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <random>

#include "engine/bounds/rounding.h"
#include "storage/codec/chunk_header.h"
#include "storage/codec/symbol_coding.h"
#include "tests/kernels/emulated_kernels.h"
#include "tests/kernels/make_cases.h"

namespace dlv::kernels::test {
namespace {

constexpr Order kOrders[] = {Order::kForward, Order::kBackward};

const std::vector<FloatCase>& Cases() {
  static const std::vector<FloatCase> cases = MakeCases(false);
  return cases;
}

/// Memory aligned as the kernels want it, of exactly the size asked for.
struct Aligned {
  explicit Aligned(std::size_t size) : bytes(new (std::align_val_t{16}) std::uint8_t[size]) {
    std::memset(bytes, 0x5a, size);
  }
  explicit Aligned(const Bytes& from) : Aligned(from.size()) {
    if (!from.empty()) std::memcpy(bytes, from.data(), from.size());
  }
  ~Aligned() { ::operator delete[](bytes, std::align_val_t{16}); }
  Aligned(const Aligned&) = delete;
  Aligned& operator=(const Aligned&) = delete;
  std::uint8_t* bytes;
};

const std::uint8_t* OrNull(const Bytes& bytes) { return bytes.empty() ? nullptr : bytes.data(); }

/// What AssemblePlanes gets for a level. The planes are copied, so that reads behind them are seen.
struct LevelJob {
  LevelJob(const FloatCase& one, const FloatLevel& level, std::size_t out_bytes)
      : symbols(one.symbols),
        out(out_bytes),
        mantissa(one.mantissa.begin(),
                 one.mantissa.begin() +
                     static_cast<std::ptrdiff_t>(level.stored_planes * ((one.job.kept + 7) / 8))),
        kept_before(one.job.count / cuda::kPlaneTile + 1),
        job(one.job) {
    job.symbols = symbols.bytes;
    job.signs = OrNull(one.signs);
    job.zero_signs = OrNull(one.zero_signs);
    job.mantissa = OrNull(mantissa);
    job.tail = level.has_tail ? OrNull(one.tail) : nullptr;
    job.out = out.bytes;
    job.kept_before = kept_before.data();
    job.stored_planes = level.stored_planes;
    job.known_planes = level.known_planes;
  }
  Aligned symbols, out;
  Bytes mantissa;
  std::vector<std::uint32_t> kept_before;
  cuda::PlaneJob job;
};

/// Whether both are NaN of the format, or equal.
bool SameNumber(const std::uint8_t* a, const std::uint8_t* b, const cuda::ElementFormat& format) {
  std::uint64_t bits[2] = {};
  std::memcpy(&bits[0], a, format.bytes);
  std::memcpy(&bits[1], b, format.bytes);
  if (bits[0] == bits[1]) return true;
  bool nan[2];
  for (int k = 0; k < 2; ++k) {
    const std::uint64_t mantissa = bits[k] & ((std::uint64_t{1} << format.mantissa_bits) - 1);
    const std::uint64_t ones = (std::uint64_t{1} << format.exponent_bits) - 1;
    nan[k] = (bits[k] >> format.mantissa_bits & ones) == ones && mantissa != 0;
  }
  return nan[0] && nan[1];
}

std::size_t FirstDifference(const Bytes& want, const std::uint8_t* got,
                            const cuda::ElementFormat& format) {
  std::size_t i = 0;
  while (i < want.size() && SameNumber(want.data() + i, got + i, format)) i += format.bytes;
  return i / format.bytes;
}

TEST(EmulatedKernels, CasesHaveEveryFeature) {
  std::size_t zero_rule = 0, signed_zeros = 0, tail = 0, wide = 0, unsigned_ = 0, small = 0;
  for (const FloatCase& one : Cases()) {
    zero_rule += one.job.zero_rule;
    signed_zeros += one.zero_signs.empty() ? 0 : 1;
    tail += one.coded_tail.empty() ? 0 : 1;
    wide += one.job.wide_symbols / 2;
    unsigned_ += one.signs.empty() ? 1 : 0;
    small += one.job.count < 4096 ? 1 : 0;
  }
  EXPECT_GT(Cases().size(), 300u);
  EXPECT_GT(zero_rule, 20u);
  EXPECT_GT(signed_zeros, 5u);
  EXPECT_GT(tail, 3u);
  EXPECT_GT(wide, 1u);
  EXPECT_GT(unsigned_, 10u);
  EXPECT_GT(small, 100u);
}

void ExpectSymbols(const Bytes& coded, unsigned max_symbol, const Bytes& want) {
  for (const Order order : kOrders) {
    Bytes got(want.size());
    const cuda::SymbolJob job{coded.data(), got.data(), static_cast<std::uint32_t>(coded.size()),
                              static_cast<std::uint32_t>(want.size()), max_symbol};
    cuda::SymbolFault fault{};
    EXPECT_EQ(EmulateSymbols(job, order, fault), 0u);
    EXPECT_EQ(fault, cuda::SymbolFault::kNone);
    EXPECT_EQ(got, want);
  }
}

TEST(EmulatedKernels, SymbolsAreTheCodecs) {
  for (const FloatCase& one : Cases()) {
    SCOPED_TRACE(one.name);
    ExpectSymbols(one.coded_symbols, one.max_symbol, one.symbols);
    if (!one.coded_tail.empty()) ExpectSymbols(one.coded_tail, 255, one.tail);
  }
}

TEST(EmulatedKernels, ElementsAreTheCodecs) {
  for (const FloatCase& one : Cases()) {
    for (const FloatLevel& level : one.levels) {
      SCOPED_TRACE(one.name + ", planes " + std::to_string(level.known_planes));
      for (const Order order : kOrders) {
        LevelJob level_job(one, level, level.elements.size());
        ASSERT_EQ(EmulateCountKept(level_job.job, order), cuda::PlaneFault::kNone);
        EmulateAssembly(one.format, cuda::PlaneOutput::kElements, level_job.job, order);
        ASSERT_EQ(std::memcmp(level_job.out.bytes, level.elements.data(), level.elements.size()),
                  0);
      }
    }
  }
}

TEST(EmulatedKernels, CentresAreThoseOfBounds) {
  for (const FloatCase& one : Cases()) {
    for (const FloatLevel& level : one.levels) {
      SCOPED_TRACE(one.name + ", planes " + std::to_string(level.known_planes));
      LevelJob level_job(one, level, level.centres.size());
      ASSERT_EQ(EmulateCountKept(level_job.job, Order::kForward), cuda::PlaneFault::kNone);
      EmulateAssembly(one.format, cuda::PlaneOutput::kCentres, level_job.job, Order::kForward);
      ASSERT_EQ(FirstDifference(level.centres, level_job.out.bytes, one.format),
                level.centres.size() / one.format.bytes);
    }
  }
}

TEST(EmulatedKernels, CentresInBf16AreTheNearest) {
  for (const FloatCase& one : Cases()) {
    if (one.format.bytes != 4) continue;
    for (const FloatLevel& level : one.levels) {
      SCOPED_TRACE(one.name + ", planes " + std::to_string(level.known_planes));
      LevelJob level_job(one, level, 2 * std::size_t{one.job.count});
      ASSERT_EQ(EmulateCountKept(level_job.job, Order::kForward), cuda::PlaneFault::kNone);
      EmulateAssembly(one.format, cuda::PlaneOutput::kCentresBf16, level_job.job, Order::kForward);
      for (std::uint32_t i = 0; i < one.job.count; ++i) {
        float centre, below, above;
        std::uint16_t got;
        std::memcpy(&centre, level.centres.data() + 4 * std::size_t{i}, 4);
        std::memcpy(&got, level_job.out.bytes + 2 * std::size_t{i}, 2);
        const std::uint32_t wide = static_cast<std::uint32_t>(got) << 16;
        float value;
        std::memcpy(&value, &wide, 4);
        if (std::isnan(centre)) {
          ASSERT_TRUE(std::isnan(value));
          continue;
        }
        if (std::isinf(value)) {
          ASSERT_TRUE(std::fabs(centre) >= 0x1.ffp127f);
          continue;
        }
        const std::uint32_t lower = wide - 0x10000, upper = wide + 0x10000;
        std::memcpy(&below, &lower, 4);
        std::memcpy(&above, &upper, 4);
        const double error = std::fabs(double{value} - centre);
        if ((wide & 0x7fff0000) != 0) {
          ASSERT_LE(error, std::fabs(double{below} - centre));
        }
        if (std::isfinite(above)) {
          ASSERT_LE(error, std::fabs(double{above} - centre));
        }
      }
    }
  }
}

/// What SplitPlanes gets for a case: room for planes of all components, whatever is kept.
struct SplitMaterial {
  explicit SplitMaterial(const FloatCase& one)
      : plane((std::size_t{one.job.count} + 7) / 8),
        stored(StoredPlanesOf(one)),
        in(one.levels.back().elements),
        symbols(one.job.count),
        signs(plane, 0x5a),
        zero_signs(plane, 0x5a),
        mantissa(plane * stored, 0x5a),
        tail(one.job.count, 0x5a),
        kept_before(one.job.count / cuda::kPlaneTile + 1) {
    job.elements = in.bytes;
    job.symbols = symbols.bytes;
    job.signs = one.signs.empty() ? nullptr : signs.data();
    job.mantissa = mantissa.data();
    job.count = one.job.count;
    job.first = one.job.first;
    job.stored_planes = stored;
    job.zero_rule = one.job.zero_rule;
    job.wide_symbols = one.job.wide_symbols;
    job.tail = one.tail.empty() ? nullptr : tail.data();
    job.zero_signs = one.zero_signs.empty() ? nullptr : zero_signs.data();
    job.kept_before = kept_before.data();
    job.kept = &kept;
  }
  static std::uint32_t StoredPlanesOf(const FloatCase& one) {
    const std::size_t of_kept = (std::size_t{one.job.kept} + 7) / 8;
    return of_kept == 0 ? 0 : static_cast<std::uint32_t>(one.mantissa.size() / of_kept);
  }
  std::size_t plane;
  std::uint32_t stored;
  Aligned in, symbols;
  Bytes signs, zero_signs, mantissa, tail;
  std::vector<std::uint32_t> kept_before;
  std::uint32_t kept = 0xdeadbeef;
  cuda::SplitJob job;
};

/// Whether `whole` is `part`, and behind it the 0x5a that it had.
bool StartsWith(const Bytes& whole, const Bytes& part) {
  return whole.size() >= part.size() && std::equal(part.begin(), part.end(), whole.begin()) &&
         std::all_of(whole.begin() + std::ssize(part), whole.end(),
                     [](std::uint8_t byte) { return byte == 0x5a; });
}

template <class T>
void ExpectSplit(const FloatCase& one) {
  for (const Order order : kOrders) {
    SplitMaterial split(one);
    std::size_t faults = 0;
    EXPECT_FALSE(EmulateSplit<T>(one.format, split.job, order, faults));
    EXPECT_EQ(faults, 0u);
    if (one.job.zero_rule != 0) {
      EXPECT_EQ(split.kept, one.job.kept);
    }
    EXPECT_EQ(std::memcmp(split.symbols.bytes, one.symbols.data(), one.symbols.size()), 0);
    EXPECT_TRUE(StartsWith(split.signs, one.signs));
    EXPECT_TRUE(StartsWith(split.zero_signs, one.zero_signs));
    EXPECT_TRUE(StartsWith(split.mantissa, one.mantissa));
    EXPECT_TRUE(StartsWith(split.tail, one.tail));
  }
}

TEST(EmulatedKernels, SplittingGivesTheCodecsPlanes) {
  for (const FloatCase& one : Cases()) {
    SCOPED_TRACE(one.name);
    if (one.format.bytes == 1) ExpectSplit<std::uint8_t>(one);
    if (one.format.bytes == 2) ExpectSplit<std::uint16_t>(one);
    if (one.format.bytes == 4) ExpectSplit<std::uint32_t>(one);
    if (one.format.bytes == 8) ExpectSplit<std::uint64_t>(one);
  }
}

// Kept elements and zeros far from each other, whole tiles of either, one of either at the ends.
TEST(EmulatedKernels, SplittingFindsElementsInDistantTiles) {
  for (const std::uint32_t every : {1u, 2u, 255u, 256u, 257u, 1000u, 5000u}) {
    for (const bool zeros_are_rare : {false, true}) {
      for (const Order order : kOrders) {
        SCOPED_TRACE(std::to_string(every) + (zeros_are_rare ? ", zeros rare" : ""));
        std::vector<float> elements(3001);
        Bytes want_symbols, want_signs(376), want_zero_signs(376);
        std::uint32_t kept = 0, zeros = 0;
        for (std::uint32_t i = 0; i < elements.size(); ++i) {
          const bool zero = (i % every == every / 2) == zeros_are_rare;
          const bool negative = i * i % 7 < 3;
          elements[i] = zero ? 0.0f : 1.5f;
          if (negative) elements[i] = -elements[i];
          want_symbols.push_back(zero ? 0 : 2);
          std::uint32_t& rank = zero ? zeros : kept;
          Bytes& signs = zero ? want_zero_signs : want_signs;
          signs[rank / 8] =
              static_cast<std::uint8_t>(signs[rank / 8] | (negative ? 1 : 0) << rank % 8);
          ++rank;
        }
        FloatCase one;
        one.job.count = static_cast<std::uint32_t>(elements.size());
        one.job.kept = kept;
        one.job.first = 127;
        one.job.zero_rule = 1;
        one.signs = one.zero_signs = Bytes(1);  // both wanted
        one.levels.resize(1);
        one.levels[0].elements.resize(4 * elements.size());
        std::memcpy(one.levels[0].elements.data(), elements.data(), 4 * elements.size());
        SplitMaterial split(one);
        std::size_t faults = 0;
        EXPECT_FALSE(
            EmulateSplit<std::uint32_t>(cuda::FormatOf(DType::kF32), split.job, order, faults));
        EXPECT_EQ(faults, 0u);
        EXPECT_EQ(split.kept, kept);
        EXPECT_EQ(std::memcmp(split.symbols.bytes, want_symbols.data(), want_symbols.size()), 0);
        want_signs.resize((kept + 7) / 8);
        want_zero_signs.resize((zeros + 7) / 8);
        EXPECT_TRUE(StartsWith(split.signs, want_signs));
        EXPECT_TRUE(StartsWith(split.zero_signs, want_zero_signs));
      }
    }
  }
}

TEST(EmulatedKernels, SplittingTellsExponentsWithoutASymbol) {
  const float numbers[] = {1.0f, 0x1p-20f, 0.0f};  // 2^-20 is below the first exponent
  for (const std::uint32_t zero_rule : {0u, 1u}) {
    FloatCase one;
    one.job.count = 3;
    one.job.first = 120;
    one.job.zero_rule = zero_rule;
    one.levels.resize(1);
    one.levels[0].elements.resize(12);
    std::memcpy(one.levels[0].elements.data(), numbers, 12);
    SplitMaterial split(one);
    std::size_t faults = 0;
    const auto format = cuda::FormatOf(DType::kF32);
    EXPECT_TRUE(EmulateSplit<std::uint32_t>(format, split.job, Order::kForward, faults));
    split.job.first = 100;
    EXPECT_FALSE(EmulateSplit<std::uint32_t>(format, split.job, Order::kForward, faults));
    EXPECT_EQ(faults, 0u);
  }
}

/// A stream that the codec refuses must be refused, one that it takes must give its symbols.
void ExpectSameVerdict(const Bytes& coded, const FloatCase& one) {
  const std::size_t n = one.symbols.size();
  codec::SymbolDecoder decoder;
  Bytes want(n + 64), got(n);
  const bool taken = decoder.Decode(std::as_bytes(std::span(coded)), codec::SymbolContext::kNone,
                                    one.max_symbol, n, want.data());
  const cuda::SymbolJob job{coded.data(), got.data(), static_cast<std::uint32_t>(coded.size()),
                            static_cast<std::uint32_t>(n), one.max_symbol};
  cuda::SymbolFault fault{};
  ASSERT_EQ(EmulateSymbols(job, Order::kForward, fault), 0u);
  ASSERT_EQ(taken, fault == cuda::SymbolFault::kNone);
  if (taken) {
    want.resize(n);
    ASSERT_EQ(want, got);
  }
}

TEST(EmulatedKernels, DamagedSymbolsAreToldAsByTheCodec) {
  std::size_t seen = 0;
  for (const char* name : {"f32 weights 65", "f8_e4m3 awkward 257", "f32 weights 4097"}) {
    for (const FloatCase& one : Cases()) {
      if (one.name != name) continue;
      SCOPED_TRACE(name);
      ++seen;
      const std::size_t size = one.coded_symbols.size();
      const std::size_t step = size > 600 ? 37 : 1;
      for (std::size_t length = 0; length < size; length += length < 80 ? 1 : step) {
        ExpectSameVerdict({one.coded_symbols.begin(),
                           one.coded_symbols.begin() + static_cast<std::ptrdiff_t>(length)},
                          one);
      }
      for (const std::size_t more : {1u, 2u, 4u}) {  // bytes that nobody takes
        Bytes longer = one.coded_symbols;
        longer.resize(size + more);
        ExpectSameVerdict(longer, one);
      }
      std::mt19937 random(7);
      for (std::size_t at = 0; at < size; at += at < 80 ? 1 : step) {
        Bytes damaged = one.coded_symbols;
        damaged[at] = static_cast<std::uint8_t>(damaged[at] ^ (1u + random() % 255));
        ExpectSameVerdict(damaged, one);
      }
    }
  }
  EXPECT_EQ(seen, 3u);
}

TEST(EmulatedKernels, WrongZerosAreToldAndStayInBounds) {
  std::size_t seen = 0;
  for (const FloatCase& one : Cases()) {
    if (one.job.zero_rule == 0 || one.job.count < 8) continue;
    SCOPED_TRACE(one.name);
    ++seen;
    const FloatLevel& level = one.levels.back();
    for (const std::uint8_t symbol : {std::uint8_t{0}, std::uint8_t{1}}) {
      LevelJob level_job(one, level, level.elements.size());
      std::memset(level_job.symbols.bytes, symbol, one.job.count);
      const bool same = one.job.kept == (symbol == 0 ? 0 : one.job.count);
      EXPECT_EQ(EmulateCountKept(level_job.job, Order::kForward),
                same ? cuda::PlaneFault::kNone : cuda::PlaneFault::kKept);
      EmulateAssembly(one.format, cuda::PlaneOutput::kElements, level_job.job, Order::kForward);
    }
  }
  EXPECT_GT(seen, 10u);
}

TEST(EmulatedKernels, HashIsXxh3) {
  std::mt19937_64 random(11);
  Bytes bytes(70000);
  for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(random());
  for (std::uint32_t size : {241u, 255u, 256u, 257u, 320u, 1023u, 1024u, 1025u, 1087u, 1088u, 1089u,
                             2047u, 2048u, 2049u, 5000u, 65536u, 69990u}) {
    for (const std::size_t from : {0u, 1u, 8u, 9u}) {
      SCOPED_TRACE(std::to_string(size) + " bytes from " + std::to_string(from));
      const auto part = std::as_bytes(std::span(bytes)).subspan(from, size);
      for (const Order order : kOrders) {
        EXPECT_EQ(EmulateHash({bytes.data() + from, size}, order), codec::Checksum(part));
      }
    }
  }
  EXPECT_EQ(EmulateHash({bytes.data(), 240}, Order::kForward), 0u);
}

TEST(EmulatedKernels, HashOfDecodedElementsIsTheChunks) {
  for (const FloatCase& one : Cases()) {
    const Bytes& elements = one.levels.back().elements;
    if (elements.size() <= cuda::kShortHashBytes) continue;
    SCOPED_TRACE(one.name);
    EXPECT_EQ(EmulateHash({elements.data(), static_cast<std::uint32_t>(elements.size())},
                          Order::kForward),
              one.checksum);
  }
}

TEST(EmulatedKernels, SquaresAreWithinTheirBound) {
  std::mt19937_64 random(13);
  std::normal_distribution<float> normal(0.0f, 0.05f);
  for (const std::size_t n : {1u, 2u, 31u, 32u, 33u, 1000u, 8191u, 8192u, 8193u, 50001u}) {
    std::vector<float> values(n), centres(n);
    for (float& value : values) value = normal(random);
    for (std::size_t i = 0; i < n; ++i) centres[i] = values[i] * 0.99f;
    long double plain = 0, residual = 0;
    for (std::size_t i = 0; i < n; ++i) {
      const long double value = values[i], difference = value - centres[i];
      plain += value * value;
      residual += difference * difference;
    }
    const auto operations = static_cast<double>(n) + 1;
    for (const Order order : kOrders) {
      const double squares = EmulateSquares({values.data(), nullptr, n}, order);
      const double of_residual = EmulateSquares({values.data(), centres.data(), n}, order);
      EXPECT_GE(bounds::Above(squares, operations), plain);
      EXPECT_GE(bounds::Above(of_residual, operations), residual);
      EXPECT_NEAR(squares, static_cast<double>(plain), 1e-12 * squares);
      EXPECT_NEAR(of_residual, static_cast<double>(residual), 1e-12 * of_residual);
    }
  }
  EXPECT_EQ(EmulateSquares({nullptr, nullptr, 0}, Order::kForward), 0.0);
  const float nan = std::numeric_limits<float>::quiet_NaN();
  EXPECT_TRUE(std::isnan(EmulateSquares({&nan, nullptr, 1}, Order::kForward)));
}

// The emulation itself: it must see what it is there to see.

TEST(EmulatedWarp, SeesUnorderedAndWrongAccesses) {
  using Warp = cuda::EmulatedWarp;
  Warp warp(Order::kForward);
  Warp::Shared<std::uint32_t> cells(warp, 32);
  warp.Each([&](unsigned thread) { cells.Set(thread, thread, thread); });
  EXPECT_EQ(warp.faults(), 0u);
  warp.Each([&](unsigned thread) { (void)cells.Get(thread, (thread + 1) % 32); });
  EXPECT_EQ(warp.faults(), 32u);  // no Sync between
  warp.Sync();
  warp.Each([&](unsigned thread) { (void)cells.Get(thread, (thread + 1) % 32); });
  EXPECT_EQ(warp.faults(), 32u);
  warp.Each([&](unsigned thread) { cells.Set(thread, thread, 0); });  // read by another since
  EXPECT_EQ(warp.faults(), 64u);
  warp.Sync();
  cells.Set(0, 32, 0);
  EXPECT_EQ(warp.faults(), 65u);
}

}  // namespace
}  // namespace dlv::kernels::test

// The bodies of the CUDA kernels for deltas, run on the processor, against the codec.

#include <gtest/gtest.h>

#include <cstring>
#include <random>

#include "engine/bounds/centre.h"
#include "tests/kernels/delta_case.h"
#include "tests/kernels/emulated_delta.h"

namespace dlv::kernels::test {
namespace {

using Order = cuda::EmulatedWarp::Order;

const std::vector<DeltaCase>& DeltaCases() {
  static const std::vector<DeltaCase> cases = MakeDeltaCases(false);
  return cases;
}

/// What the levels of a case share.
struct Scratch {
  explicit Scratch(const DeltaCase& one)
      : base(Words(one.base)),
        second_base(Words(one.second_base)),
        states(one.count, 0x5a),
        symbols(one.count, 0x5a) {}
  cuda::DeltaJob Job(const DeltaCase& one, const DeltaLevel& level, void* values) {
    cuda::DeltaJob job;
    job.base = base.data();
    job.second_base = one.second_base.empty() ? nullptr : second_base.data();
    job.beta = one.beta;
    job.block_scales = one.block_scales.data();
    job.block_ratios = one.ratio != 0 ? one.block_ratios.data() : nullptr;
    job.states = states.data();
    job.symbols = symbols.data();
    job.values = values;
    job.coded = level.coded.data();
    job.low = level.low.data();
    job.high = level.high.data();
    job.frequencies = level.frequencies.data();
    job.coded_bytes = static_cast<std::uint32_t>(level.coded.size());
    job.low_bytes = static_cast<std::uint32_t>(level.low.size());
    job.high_bytes = static_cast<std::uint32_t>(level.high.size());
    job.count = one.count;
    job.ratio = one.ratio;
    job.mode = level.mode;
    return job;
  }
  static std::vector<std::uint64_t> Words(const Bytes& bytes) {
    std::vector<std::uint64_t> words(bytes.size() / 8 + 1);
    if (!bytes.empty()) std::memcpy(words.data(), bytes.data(), bytes.size());
    return words;
  }
  std::vector<std::uint64_t> base, second_base;
  Bytes states, symbols;
};

template <class T>
void ExpectLevels(const DeltaCase& one, Order order) {
  const cuda::DeltaFormat format = cuda::DeltaFormatOf(one.dtype);
  Scratch scratch(one);
  std::vector<std::vector<std::uint16_t>> values(one.levels.size(),
                                                 std::vector<std::uint16_t>(one.count));
  cuda::JoinJob join;
  join.count = one.count;
  for (unsigned level = 0; level < one.levels.size(); ++level) {
    std::size_t shared_faults = 0;
    const cuda::DeltaJob job = scratch.Job(one, one.levels[level], values[level].data());
    ASSERT_EQ(EmulateDeltaLevel<T>(format, level, job, order, shared_faults),
              cuda::DeltaFault::kNone)
        << "level " << level;
    ASSERT_EQ(shared_faults, 0u);
    join.values[level] = values[level].data();
    std::vector<T> out(one.count);
    join.out = out.data();
    EmulateJoin<T>(cuda::FormatOf(one.dtype), format, level + 1, cuda::PlaneOutput::kElements,
                   join);
    ASSERT_EQ(std::memcmp(out.data(), one.levels[level].elements.data(), one.count * sizeof(T)), 0)
        << "level " << level;
  }
}

void ExpectLevels(const DeltaCase& one, Order order) {
  switch (cuda::DeltaFormatOf(one.dtype).bytes) {
    case 1:
      return ExpectLevels<std::uint8_t>(one, order);
    case 2:
      return ExpectLevels<std::uint16_t>(one, order);
    case 4:
      return ExpectLevels<std::uint32_t>(one, order);
    default:
      return ExpectLevels<std::uint64_t>(one, order);
  }
}

TEST(EmulatedDelta, CasesHaveEveryFeature) {
  std::size_t modes[3] = {}, ratios = 0, mixed = 0, wide = 0, unscaled = 0, extrapolated = 0;
  std::size_t coded = 0;
  for (const DeltaCase& one : DeltaCases()) {
    for (const DeltaLevel& level : one.levels) ++modes[static_cast<unsigned>(level.mode)];
    const auto of_ratio = std::count(one.block_ratios.begin(), one.block_ratios.end(), 1);
    ratios += one.ratio != 0 ? 1 : 0;
    mixed += of_ratio != 0 && of_ratio != std::ssize(one.block_ratios) ? 1 : 0;
    wide += one.levels[0].coded.size() >= 256 ? 1 : 0;
    const bool two = !one.second_base.empty();
    extrapolated += two && one.beta != 0 ? 1 : 0;
    coded += two && one.levels[0].mode == cuda::DeltaMode::kCoded ? 1 : 0;
    unscaled += std::count(one.block_scales.begin(), one.block_scales.end(), 0) != 0 ? 1 : 0;
  }
  EXPECT_GT(modes[0], 10u);
  EXPECT_GT(modes[1], 100u);
  EXPECT_GT(modes[2], 10u);
  EXPECT_GT(ratios, 5u);
  EXPECT_GT(mixed, 2u);
  EXPECT_GT(wide, 50u);
  EXPECT_GT(unscaled, 50u);
  EXPECT_GT(extrapolated, 100u);
  EXPECT_GT(coded, 50u);
}

TEST(EmulatedDelta, EveryLevelIsTheCodecs) {
  for (const DeltaCase& one : DeltaCases()) {
    SCOPED_TRACE(one.name);
    ExpectLevels(one, Order::kForward);
    if (one.count < 5000) ExpectLevels(one, Order::kBackward);
  }
}

// A level needs no more of the base than itself.
TEST(EmulatedDelta, LowerBitsOfTheBasesDoNotMatter) {
  std::size_t of_two = 0;
  for (DeltaCase one : DeltaCases()) {
    if (one.dtype != DType::kF32 || one.count != 4097) continue;
    SCOPED_TRACE(one.name);
    one.levels.resize(1);
    of_two += one.second_base.empty() ? 0 : 1;
    for (Bytes* base : {&one.base, &one.second_base}) {
      for (std::size_t i = 0; i < base->size(); i += 4) (*base)[i] ^= 0xff, (*base)[i + 1] ^= 0x5a;
    }
    ExpectLevels(one, Order::kForward);
  }
  EXPECT_EQ(of_two, 2u);
}

TEST(EmulatedDelta, DamageStaysInBoundsAndCutStreamsAreTold) {
  std::mt19937 random(3);
  std::size_t told = 0;
  for (const DeltaCase& good : DeltaCases()) {
    if (good.dtype != DType::kF32 || good.levels[0].mode != cuda::DeltaMode::kCoded) continue;
    for (int turn = 0; turn < 24; ++turn) {
      DeltaCase one = good;
      DeltaLevel& level = one.levels[0];
      Bytes& part = turn % 3 == 0 ? level.coded : turn % 3 == 1 ? level.low : level.high;
      if (part.empty()) continue;
      const bool cut = turn % 2 == 0;
      if (cut) {
        part.resize(random() % part.size());
        part.shrink_to_fit();
      } else {
        part[random() % part.size()] ^= static_cast<std::uint8_t>(1 + random() % 255);
      }
      Scratch scratch(one);
      std::vector<std::uint16_t> values(one.count);
      std::size_t shared_faults = 0;
      const auto fault = EmulateDeltaLevel<std::uint32_t>(cuda::DeltaFormatOf(one.dtype), 0,
                                                          scratch.Job(one, level, values.data()),
                                                          Order::kForward, shared_faults);
      EXPECT_EQ(shared_faults, 0u);
      if (cut) {
        EXPECT_NE(fault, cuda::DeltaFault::kNone) << one.name;
      }
      told += fault != cuda::DeltaFault::kNone ? 1 : 0;
    }
  }
  EXPECT_GT(told, 100u);
}

TEST(EmulatedDelta, BytesLeftOverAreTold) {
  for (const DeltaCase& good : DeltaCases()) {
    if (good.dtype != DType::kF32 || good.levels[0].mode != cuda::DeltaMode::kCoded) continue;
    for (Bytes DeltaLevel::*part : {&DeltaLevel::coded, &DeltaLevel::low, &DeltaLevel::high}) {
      DeltaCase one = good;
      (one.levels[0].*part).resize((one.levels[0].*part).size() + 2);
      Scratch scratch(one);
      std::vector<std::uint16_t> values(one.count);
      std::size_t shared_faults = 0;
      EXPECT_NE(EmulateDeltaLevel<std::uint32_t>(cuda::DeltaFormatOf(one.dtype), 0,
                                                 scratch.Job(one, one.levels[0], values.data()),
                                                 Order::kForward, shared_faults),
                cuda::DeltaFault::kNone);
    }
  }
}

TEST(EmulatedDelta, WrongTablesAreTold) {
  for (DeltaCase one : DeltaCases()) {
    if (one.name != "f32 step weights 300") continue;
    one.levels[0].frequencies[40] ^= 1;
    Scratch scratch(one);
    std::vector<std::uint16_t> values(one.count);
    std::size_t shared_faults = 0;
    EXPECT_EQ(EmulateDeltaLevel<std::uint32_t>(cuda::DeltaFormatOf(one.dtype), 0,
                                               scratch.Job(one, one.levels[0], values.data()),
                                               Order::kForward, shared_faults),
              cuda::DeltaFault::kTable);
    return;
  }
  ADD_FAILURE() << "no such case";
}

}  // namespace
}  // namespace dlv::kernels::test

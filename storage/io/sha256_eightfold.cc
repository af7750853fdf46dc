#include "storage/io/sha256_eightfold.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "storage/io/sha256_lanes.h"

namespace dlv::io {

#if defined(__x86_64__)

namespace {

constexpr std::size_t kTimedBlocks = 64;  ///< of each message
constexpr int kTimings = 5;

/// The shortest of some runs: what disturbs them only adds.
template <class Run>
std::chrono::nanoseconds ShortestTime(const Run& run) {
  auto least = std::chrono::nanoseconds::max();
  for (int i = 0; i < kTimings; ++i) {
    const auto begin = std::chrono::steady_clock::now();
    run();
    least = std::min<std::chrono::nanoseconds>(least, std::chrono::steady_clock::now() - begin);
  }
  return least;
}

/// Whether it takes less time than pairs of a long message's part and a short one.
bool BeatsPairs(const EightfoldSha256& form, const Sha256Lanes& pairs) {
  const std::vector<std::uint8_t> bytes(EightfoldSha256::kLanes * kTimedBlocks * 64, 1);
  std::array<const std::uint8_t*, EightfoldSha256::kLanes> blocks{};
  for (std::size_t lane = 0; lane < blocks.size(); ++lane) {
    blocks[lane] = bytes.data() + lane * kTimedBlocks * 64;
  }
  std::array<std::uint32_t, 8 * EightfoldSha256::kLanes> lanes{};
  std::array<std::uint32_t, 16> state{};
  const auto together = ShortestTime([&] {
    form.compress(blocks.data(), kTimedBlocks, lanes.data(), bytes.data(), state.data());
  });
  const auto paired = ShortestTime([&] {
    const std::array<const std::uint8_t*, 2> both = {bytes.data(), bytes.data()};
    pairs.compress(both.data(), bytes.size() / 64, state.data());
  });
  return together < paired;
}

const EightfoldSha256* ChooseEightfold() {
  const char* const wish = std::getenv("DLV_KERNELS");
  const std::string_view only = wish == nullptr ? "" : wish;
  const EightfoldSha256& form = Avx512EightfoldSha256();
  if (only == "reference" || only == "avx2" || !CanRun(form)) return nullptr;
  return BeatsPairs(form, ShaInstructionLanes()) ? &form : nullptr;
}

}  // namespace

bool CanRun(const EightfoldSha256&) {
  return CanRun(ShaInstructionLanes()) && __builtin_cpu_supports("avx512f") &&
         __builtin_cpu_supports("avx512vl");
}

const EightfoldSha256* FastEightfoldSha256() {
  static const EightfoldSha256* const kForm = ChooseEightfold();
  return kForm;
}

#else

bool CanRun(const EightfoldSha256&) { return false; }
const EightfoldSha256* FastEightfoldSha256() { return nullptr; }

#endif

}  // namespace dlv::io

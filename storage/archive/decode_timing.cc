#include "storage/archive/decode_timing.h"

#include <algorithm>
#include <bit>
#include <chrono>
#include <cmath>
#include <cstring>
#include <vector>

#include "storage/codec/chunk_codec.h"

namespace dlv::archive {
namespace {

constexpr std::size_t kTinyElements = 64;
constexpr int kFewestRuns = 3;

/// Weights as trained networks have them: bell-shaped, of scale 0.05. Sums of four uniform values
/// are near enough, and the same everywhere.
class MadeUpWeights {
 public:
  explicit MadeUpWeights(std::uint64_t seed) : state_(seed) {}

  float Next(float scale) {
    float sum = 0;
    for (int i = 0; i < 4; ++i) {
      state_ = state_ * 6364136223846793005U + 1442695040888963407U;
      sum += static_cast<float>(state_ >> 40) / static_cast<float>(1U << 24) - 0.5F;
    }
    return sum * 1.7320508F * scale;
  }

 private:
  std::uint64_t state_;
};

struct Pair {
  std::vector<std::byte> base;
  std::vector<std::byte> child;  ///< a step of training further
};

void AppendValue(std::vector<std::byte>& bytes, float value, std::size_t width) {
  const auto bits = std::bit_cast<std::uint32_t>(value);
  std::byte raw[4];
  std::memcpy(raw, &bits, 4);
  bytes.insert(bytes.end(), raw + 4 - width, raw + 4);
}

Pair MakePair(std::size_t count, std::size_t width) {
  MadeUpWeights weights(1);
  Pair pair;
  for (std::size_t i = 0; i < count; ++i) {
    const float value = weights.Next(0.05F);
    AppendValue(pair.base, value, width);
    AppendValue(pair.child, value + weights.Next(0.0005F), width);
  }
  return pair;
}

/// Returns the seconds of the fastest of many decodings.
Result<double> FastestDecoding(DType dtype, std::span<const std::byte> raw,
                               std::span<const std::byte> base, int milliseconds) {
  codec::ChunkEncoder encoder;
  codec::ChunkDecoder decoder;
  codec::EncodedChunk chunk;
  DLV_TRY(encoder.Encode(dtype, raw, base, {}, chunk));
  std::vector<std::byte> out(raw.size());
  const std::size_t level = chunk.header.levels().size() - 1;
  const auto used = chunk.header.needs_base ? base : std::span<const std::byte>();
  using Clock = std::chrono::steady_clock;
  const auto end = Clock::now() + std::chrono::milliseconds(milliseconds);
  double fastest = HUGE_VAL;
  for (int run = 0; run < kFewestRuns || Clock::now() < end; ++run) {
    const auto start = Clock::now();
    DLV_TRY(decoder.Decode(chunk.header, chunk.bytes, level, used, out));
    fastest = std::min(fastest, std::chrono::duration<double>(Clock::now() - start).count());
  }
  return std::max(fastest, 1e-9);
}

}  // namespace

Result<DecodeTiming> MeasureDecoding(int milliseconds) {
  const Pair wide = MakePair(codec::kMaxChunkElements, 4);
  const Pair narrow = MakePair(codec::kMaxChunkElements, 2);
  const Pair tiny = MakePair(kTinyElements, 4);
  const auto seconds = [&](DType dtype, const std::vector<std::byte>& raw,
                           std::span<const std::byte> base) -> Result<double> {
    DLV_ASSIGN(const double fastest, FastestDecoding(dtype, raw, base, milliseconds));
    return fastest / static_cast<double>(raw.size());
  };
  DecodeTiming timing;
  DLV_ASSIGN(timing.base_f32, seconds(DType::kF32, wide.child, {}));
  DLV_ASSIGN(timing.delta_f32, seconds(DType::kF32, wide.child, wide.base));
  DLV_ASSIGN(timing.base_bf16, seconds(DType::kBF16, narrow.child, {}));
  DLV_ASSIGN(timing.delta_bf16, seconds(DType::kBF16, narrow.child, narrow.base));
  DLV_ASSIGN(timing.other, seconds(DType::kI32, wide.child, {}));
  DLV_ASSIGN(timing.seconds_per_chunk,
             FastestDecoding(DType::kF32, tiny.child, tiny.base, milliseconds));
  return timing;
}

}  // namespace dlv::archive

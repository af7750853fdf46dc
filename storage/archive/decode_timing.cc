#include "storage/archive/decode_timing.h"

#include <algorithm>
#include <bit>
#include <chrono>
#include <cmath>
#include <cstring>
#include <ctime>
#include <functional>
#include <memory>
#include <numeric>
#include <optional>
#include <span>
#include <vector>

#include "storage/codec/chunk_codec.h"
#include "storage/codec/chunk_header.h"
#include "storage/io/fresh_slices.h"
#include "storage/io/parallel.h"

namespace dlv::archive {
namespace {

constexpr std::size_t kTinyElements = 64;
constexpr std::size_t kSampleChunks = 2;  // more than the caches next to a core hold
constexpr float kStepNoise = 0.4F;
constexpr int kFewestPasses = 4;  // the first of which does not count

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
  std::vector<std::byte> child;   ///< a step of training further
  std::vector<std::byte> parent;  ///< of the base: a step much like that before it
};

/// Puts as many of the upper bytes of a value as there is room for; in one byte, the value rounded
/// to steps of 1/30 of the scale.
void PutValue(std::span<std::byte> out, float value) {
  if (out.size() == 1) {
    const auto steps = std::lround(std::clamp(value * 600, -127.0F, 127.0F));
    out[0] = static_cast<std::byte>(steps);
    return;
  }
  const auto bits = std::bit_cast<std::uint32_t>(value);
  std::memcpy(out.data(), reinterpret_cast<const std::byte*>(&bits) + 4 - out.size(), out.size());
}

/// The child is at that distance from the base, relative to its size.
Pair MakePair(std::size_t count, std::size_t width, float distance) {
  MadeUpWeights weights(1);
  const std::size_t bytes = count * width;
  Pair pair{std::vector<std::byte>(bytes), std::vector<std::byte>(bytes),
            std::vector<std::byte>(bytes)};
  for (std::size_t at = 0; at < bytes; at += width) {
    const auto of = [&](std::vector<std::byte>& all) { return std::span(&all[at], width); };
    const float value = weights.Next(0.05F), step = weights.Next(0.05F * distance);
    PutValue(of(pair.base), value);
    PutValue(of(pair.child), value + step);
    PutValue(of(pair.parent), value - step + weights.Next(kStepNoise * 0.05F * distance));
  }
  return pair;
}

/// The forms that are timed.
enum class Form : std::uint8_t { kBase, kDelta, kColdBase, kColdDelta, kTwoBases };

/// Coded chunks with the bases that they need.
struct Samples {
  std::vector<codec::EncodedChunk> chunks;
  /// Of all of them, one after the other; empty: none.
  std::span<const std::byte> base, second_base;
  std::size_t chunk_bytes = 0;  ///< uncoded, of each

  std::span<const std::byte> BaseOf(std::size_t index) const {
    if (!chunks[index].header.needs_base) return {};
    return base.subspan(index * chunk_bytes, chunk_bytes);
  }
  std::span<const std::byte> SecondBaseOf(std::size_t index) const {
    if (!chunks[index].header.needs_second_base) return {};
    return second_base.subspan(index * chunk_bytes, chunk_bytes);
  }
};

Result<Samples> Encode(DType dtype, const Pair& pair, Form form, std::size_t chunk_bytes) {
  Samples samples;
  samples.chunk_bytes = chunk_bytes;
  if (form != Form::kBase && form != Form::kColdBase) samples.base = pair.base;
  if (form == Form::kTwoBases) samples.second_base = pair.parent;
  codec::ChunkEncoder encoder;
  codec::EncodeOptions options;
  options.cold = form == Form::kColdBase || form == Form::kColdDelta;
  options.hurry = !options.cold;  // as most of a large model is coded
  for (std::size_t at = 0; at < pair.child.size(); at += chunk_bytes) {
    const auto part = [&](std::span<const std::byte> all) {
      return all.empty() ? all : all.subspan(at, chunk_bytes);
    };
    options.second_base = part(samples.second_base);
    DLV_TRY(encoder.Encode(dtype, part(pair.child), part(samples.base), options,
                           samples.chunks.emplace_back()));
  }
  return samples;
}

/// Decodes all samples once.
Status DecodeAll(const Samples& samples, codec::ChunkDecoder& decoder,
                 std::vector<std::byte>& coded, std::span<std::byte> out) {
  for (std::size_t i = 0; i < samples.chunks.size(); ++i) {
    const codec::EncodedChunk& chunk = samples.chunks[i];
    coded.assign(chunk.bytes.begin(), chunk.bytes.end());
    DLV_TRY(decoder.Decode(chunk.header, coded, chunk.header.level_count - 1U, samples.BaseOf(i),
                           out.subspan(i * samples.chunk_bytes, samples.chunk_bytes),
                           samples.SecondBaseOf(i)));
  }
  return Ok();
}

/// Processor time of this thread: other work on the machine is not counted.
double ThreadSeconds() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

double MedianOf(std::vector<double>& values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

class Work {
 public:
  Work() = default;
  Work(const Work&) = delete;
  Work& operator=(const Work&) = delete;
  virtual ~Work() = default;
  virtual Status Pass() = 0;
};

/// Decodes all samples: without bases, to fresh memory.
class Decoding : public Work {
 public:
  Decoding(const Samples& samples, unsigned threads)
      : samples_(samples), memory_(samples.chunks.size() * samples.chunk_bytes, threads) {}
  Status Pass() override {
    if (!memory_.ok()) return Error{ErrorCode::kInternal, "no memory to measure decoding in"};
    const auto out = samples_.base.empty() ? memory_.Next() : memory_.Current();
    return DecodeAll(samples_, decoder_, coded_, out);
  }

 private:
  const Samples& samples_;
  codec::ChunkDecoder decoder_;
  std::vector<std::byte> coded_;
  io::FreshSlices memory_;
};

/// Copies what lies in no cache next to a core, as a read from a file's memory does, and checks it.
class Fetching : public Work {
 public:
  explicit Fetching(std::span<const std::byte> bytes) : bytes_(bytes), segment_(kSegmentBytes) {}
  Status Pass() override {
    for (std::size_t at = 0; at < bytes_.size(); at += kSegmentBytes) {
      std::memcpy(segment_.data(), bytes_.data() + at, kSegmentBytes);
      sum_ ^= codec::Checksum(segment_);
    }
    // What the bytes are made of has no such sum; the compiler cannot know.
    return sum_ == 1 ? Status(Error{ErrorCode::kInternal, "a sum of copies"}) : Ok();
  }

  static constexpr std::size_t kSegmentBytes = std::size_t{1} << 18;

 private:
  std::span<const std::byte> bytes_;
  std::vector<std::byte> segment_;
  std::uint64_t sum_ = 0;
};

/// What one thread does over and over; returns what is to be known of it.
using Pass = std::function<Result<double>()>;

/// Calls one pass again and again on each of `threads` threads; returns the mean of their medians.
Result<double> MedianOfPasses(int milliseconds, unsigned threads,
                              const std::function<Pass()>& make_pass) {
  using Clock = std::chrono::steady_clock;  // for how long; what a pass takes is processor time
  const auto end = Clock::now() + std::chrono::milliseconds(milliseconds);
  std::vector<double> medians(threads);
  const auto repeat = [&](std::uint64_t thread, unsigned) -> Status {
    const Pass once = make_pass();
    std::vector<double> passes;
    for (int pass = 0; pass < kFewestPasses || Clock::now() < end; ++pass) {
      DLV_ASSIGN(const double taken, once());
      if (pass > 0) passes.push_back(taken);
    }
    medians[thread] = MedianOf(passes);
    return Ok();
  };
  DLV_TRY(io::ParallelFor(threads, threads, repeat));
  return std::accumulate(medians.begin(), medians.end(), 0.0) / threads;
}

Result<double> SecondsOf(Work& work) {
  const double start = ThreadSeconds();
  DLV_TRY(work.Pass());
  return std::max(ThreadSeconds() - start, 1e-9);
}

/// Returns the seconds of the median pass.
Result<double> MedianPass(int milliseconds, unsigned threads,
                          const std::function<std::unique_ptr<Work>()>& make_work) {
  return MedianOfPasses(milliseconds, threads, [&]() -> Pass {
    return [work = std::shared_ptr<Work>(make_work())] { return SecondsOf(*work); };
  });
}

Result<double> DecodingPass(const Samples& samples, int milliseconds, unsigned threads) {
  return MedianPass(milliseconds, threads,
                    [&] { return std::make_unique<Decoding>(samples, threads); });
}

Result<double> SecondsPerFetchedByte(int milliseconds, unsigned threads) {
  constexpr std::size_t kBytes = 64 * Fetching::kSegmentBytes;
  const std::vector<std::byte> bytes(kBytes, std::byte{1});
  DLV_ASSIGN(const double seconds,
             MedianPass(milliseconds, threads, [&] { return std::make_unique<Fetching>(bytes); }));
  return seconds / static_cast<double>(kBytes);
}

/// Returns the seconds that a byte of such chunks takes.
Result<double> SecondsPerByte(DType dtype, const Pair& pair, Form form, int milliseconds,
                              unsigned threads) {
  const std::size_t chunk_bytes = codec::kMaxChunkElements * SizeOf(dtype);
  DLV_ASSIGN(const Samples samples, Encode(dtype, pair, form, chunk_bytes));
  DLV_ASSIGN(const double seconds, DecodingPass(samples, milliseconds, threads));
  return seconds / static_cast<double>(pair.child.size());
}

/// Returns how many times as long as those of `usual` such chunks take: the median of passes of
/// both by turns, as a machine is another one from moment to moment.
Result<double> TimesAsLong(DType dtype, const Pair& pair, Form form, Form usual, int milliseconds,
                           unsigned threads) {
  const std::size_t chunk_bytes = codec::kMaxChunkElements * SizeOf(dtype);
  DLV_ASSIGN(const Samples samples, Encode(dtype, pair, form, chunk_bytes));
  DLV_ASSIGN(const Samples usual_samples, Encode(dtype, pair, usual, chunk_bytes));
  // A function is copied; what it works with is not.
  return MedianOfPasses(2 * milliseconds, threads, [&]() -> Pass {
    return [work = std::make_shared<Decoding>(samples, threads),
            usual_work = std::make_shared<Decoding>(usual_samples, threads)]() -> Result<double> {
      DLV_ASSIGN(const double seconds, SecondsOf(*usual_work));
      DLV_ASSIGN(const double of_form, SecondsOf(*work));
      return of_form / seconds;
    };
  });
}

struct Measured {
  double DecodeTiming::*into;
  DType dtype;
  Form form;
  float distance;
  /// The form that it is compared with. Without: the seconds themselves are wanted.
  std::optional<Form> usual = std::nullopt;
};
using Timing = DecodeTiming;
constexpr Measured kMeasured[] = {
    {&Timing::base_f32, DType::kF32, Form::kBase, 0.01F},
    {&Timing::base_bf16, DType::kBF16, Form::kBase, 0.01F},
    {&Timing::delta_f32, DType::kF32, Form::kDelta, 0.01F},
    {&Timing::delta_bf16, DType::kBF16, Form::kDelta, 0.01F},
    {&Timing::other, DType::kI32, Form::kBase, 0.01F},
    {&Timing::delta_other, DType::kI8, Form::kDelta, 0.05F},
    {&Timing::near_delta_f32, DType::kF32, Form::kDelta, 3e-4F},
    {&Timing::nearest_delta_f32, DType::kF32, Form::kDelta, 3e-6F},
    {&Timing::near_delta_bf16, DType::kBF16, Form::kDelta, 1e-3F},
    {&Timing::cold_base_f32, DType::kF32, Form::kColdBase, 0.01F, Form::kBase},
    {&Timing::cold_base_bf16, DType::kBF16, Form::kColdBase, 0.01F, Form::kBase},
    {&Timing::cold_delta_f32, DType::kF32, Form::kColdDelta, 3e-4F, Form::kDelta},
    {&Timing::cold_delta_bf16, DType::kBF16, Form::kColdDelta, 0.01F, Form::kDelta},
    {&Timing::two_bases_f32, DType::kF32, Form::kTwoBases, 3e-4F, Form::kDelta},
    {&Timing::two_bases_bf16, DType::kBF16, Form::kTwoBases, 0.003F, Form::kDelta}};

}  // namespace

Result<DecodeTiming> MeasureDecoding(int milliseconds, const Operation& operation) {
  const unsigned threads = operation.threads == 0 ? io::DefaultThreads() : operation.threads;
  DecodeTiming timing;
  for (const Measured& what : kMeasured) {
    if (operation.cancel != nullptr && operation.cancel->cancelled())
      return Error{ErrorCode::kCancelled, "stopped on request"};
    const Pair pair =
        MakePair(kSampleChunks * codec::kMaxChunkElements, SizeOf(what.dtype), what.distance);
    if (what.usual) {
      DLV_ASSIGN(const double times,
                 TimesAsLong(what.dtype, pair, what.form, *what.usual, milliseconds, threads));
      timing.*what.into = std::max(times, 1.0);
    } else {
      DLV_ASSIGN(timing.*what.into,
                 SecondsPerByte(what.dtype, pair, what.form, milliseconds, threads));
    }
  }
  const Pair tiny = MakePair(kTinyElements, 4, 0.01F);
  DLV_ASSIGN(const Samples one, Encode(DType::kF32, tiny, Form::kDelta, tiny.child.size()));
  DLV_ASSIGN(timing.seconds_per_chunk, DecodingPass(one, milliseconds, threads));
  DLV_ASSIGN(timing.fetch, SecondsPerFetchedByte(milliseconds, threads));
  return timing;
}

}  // namespace dlv::archive

// How far coded chunks are from the ideal code length of the codec's own models.
//
//   bench_ideal DTYPE FILE [BASE]
//
// FILE and BASE as for bench_codec. The ideal: each symbol costs -log2 of (its count so far in its
// context + 1/2) / (count of the context so far + half of the alphabet), the estimator of
// Krichevsky and Trofimov, over the whole file, so that contexts need no tables; fields, signs and
// mantissas as they are. The same predictors, contexts and levels: those that the chunk chose.
// Beside it what the chunks take with headers, tables and checksums. Chunks in other modes than
// exponents by themselves (5) and deltas (16) are left out and counted.

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <limits>
#include <string>
#include <vector>

#include "storage/codec/chunk_codec.h"
#include "storage/codec/delta_format.h"
#include "storage/codec/delta_kernels.h"
#include "storage/codec/delta_tables.h"
#include "storage/codec/float_format.h"

namespace dlv::codec {
namespace {

using Bytes = std::vector<std::byte>;

[[noreturn]] void Fail(const std::string& what) {
  std::fprintf(stderr, "bench_ideal: %s\n", what.c_str());
  std::exit(1);
}

Bytes ReadAll(const char* path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) Fail(std::string("cannot open ") + path);
  const std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  const auto bytes = std::as_bytes(std::span(text));
  return {bytes.begin(), bytes.end()};
}

/// Adaptive code length of symbols in contexts.
class AdaptiveModel {
 public:
  AdaptiveModel(unsigned contexts, unsigned symbols)
      : symbols_(symbols), counts_(std::size_t{contexts} * symbols), totals_(contexts) {}
  void Code(unsigned context, unsigned symbol) {
    double& count = counts_[std::size_t{context} * symbols_ + symbol];
    double& total = totals_[context];
    bits_ += std::log2((total + 0.5 * symbols_) / (count + 0.5));
    ++count;
    ++total;
  }
  double bits() const { return bits_; }

 private:
  unsigned symbols_;
  std::vector<double> counts_;
  std::vector<double> totals_;
  double bits_ = 0;
};

/// Deltas: symbols by level, block scales, and fields.
class IdealDelta {
 public:
  explicit IdealDelta(const DeltaShape& shape) : shape_(shape), scales_(1, 256) {
    for (unsigned level = 0; level < shape.level_count; ++level)
      levels_.emplace_back(DeltaContextsOf(level), DeltaSymbolsOf(level, shape.level_bytes[level]));
  }

  void Add(const ChunkHeader& header, const std::byte* child, const std::byte* base) {
    const DeltaPayload payload = ReadDeltaPayload(header.payload()).value_or(DeltaPayload{});
    if (payload.equal) return;
    const std::size_t count = header.raw_bytes() / shape_.element_bytes;
    const bool has_flags = payload.ratio != 0 && !payload.ratio_everywhere;
    for (std::size_t first = 0; first < count; first += kDeltaTile) {
      const std::size_t at = first * shape_.element_bytes;
      AddTile(child + at, base + at, std::min(kDeltaTile, count - first), payload.ratio, has_flags);
    }
  }

  double bits() const {
    double sum = scales_.bits() + field_bits_;
    for (const AdaptiveModel& level : levels_) sum += level.bits();
    return sum;
  }

 private:
  void AddTile(const std::byte* child, const std::byte* base, std::size_t n, float ratio,
               bool has_flags) {
    const DeltaKernels& kernels = ActiveDeltaKernels();
    std::uint8_t scales[kDeltaTileBlocks], ratios[kDeltaTileBlocks];
    std::vector<std::uint8_t> values[kDeltaMaxLevels];
    for (unsigned level = 0; level < shape_.level_count; ++level) {
      values[level].resize(2 * kDeltaTile);
      tile_.child[level] = values[level].data();
    }
    kernels.model(&shape_, reinterpret_cast<const std::uint8_t*>(child),
                  reinterpret_cast<const std::uint8_t*>(base), n, ratio, scales, ratios, &tile_);
    for (std::size_t block = 0; block * kDeltaBlock < n; ++block) scales_.Code(0, scales[block]);
    if (has_flags) field_bits_ += static_cast<double>((n + kDeltaBlock - 1) / kDeltaBlock);
    for (unsigned level = 0; level < shape_.level_count; ++level) AddLevel(level, scales, n);
  }

  void AddLevel(unsigned level, const std::uint8_t* scales, std::size_t n) {
    std::vector<std::uint8_t> symbols(kDeltaTile + 128), contexts(kDeltaTile + 128);
    std::vector<std::uint8_t> low(kDeltaTile + 128), high(kDeltaTile + 128);
    DeltaBits low_bits{low.data(), 0, 0}, high_bits{high.data(), 0, 0};
    const std::size_t coded = ActiveDeltaKernels().encode_level(
        {level, shape_.level_bytes[level], false}, tile_.child[level], tile_.base[level],
        tile_.scale, tile_.state, scales, n, symbols.data(), contexts.data(), &low_bits,
        &high_bits);
    for (std::size_t i = 0; i < coded; ++i) levels_[level].Code(contexts[i], symbols[i]);
    field_bits_ += static_cast<double>(8 * (low_bits.at - low.data()) + low_bits.used +
                                       8 * (high_bits.at - high.data()) + high_bits.used);
  }

  DeltaShape shape_;
  DeltaTile tile_;
  AdaptiveModel scales_;
  std::vector<AdaptiveModel> levels_;
  double field_bits_ = 0;
};

/// Exponents by themselves; signs and mantissas as they are.
class IdealFloats {
 public:
  IdealFloats(DType dtype, const Bytes& raw) : format_(FormatOf(dtype)) {
    for (std::size_t at = 0; at < raw.size(); at += format_.width) {
      least_ = std::min(least_, ExponentAt(raw.data() + at));
      greatest_ = std::max(greatest_, ExponentAt(raw.data() + at));
    }
    model_ = AdaptiveModel(1, greatest_ - least_ + 1);
  }
  void Add(const ChunkHeader& header, const std::byte* raw) {
    for (std::size_t at = 0; at < header.raw_bytes(); at += format_.width)
      model_.Code(0, ExponentAt(raw + at) - least_);
    plain_bits_ += static_cast<double>(header.raw_bytes() / format_.width) *
                   (8.0 * format_.width - format_.exponent_bits);
  }
  double bits() const { return model_.bits() + plain_bits_; }

 private:
  unsigned ExponentAt(const std::byte* element) const {
    std::uint64_t bits = 0;
    std::memcpy(&bits, element, format_.width);
    return static_cast<unsigned>(bits >> format_.mantissa_bits) &
           ((1u << format_.exponent_bits) - 1);
  }

  FloatFormat format_;
  unsigned least_ = std::numeric_limits<unsigned>::max();
  unsigned greatest_ = 0;
  AdaptiveModel model_{1, 1};
  double plain_bits_ = 0;
};

void Print(const char* what, std::size_t elements, double coded_bits, double ideal_bits) {
  if (elements == 0) return;
  const auto count = static_cast<double>(elements);
  std::printf("| %s | %zu | %.3f | %.3f | %+.2f %% |\n", what, elements, coded_bits / count,
              ideal_bits / count, 100 * (coded_bits / ideal_bits - 1));
}

void Run(DType dtype, const Bytes& raw, const Bytes& base) {
  const auto shape = DeltaShapeOf(dtype);
  if (!shape) Fail("want a floating-point type");
  IdealDelta ideal_delta(*shape);
  IdealFloats ideal_floats(dtype, raw);
  ChunkEncoder encoder;
  EncodedChunk chunk;
  std::size_t elements[2] = {}, others = 0;
  double coded[2] = {};
  const std::size_t chunk_bytes = kMaxChunkElements * SizeOf(dtype);
  for (std::size_t at = 0; at < raw.size(); at += chunk_bytes) {
    const std::size_t size = std::min(chunk_bytes, raw.size() - at);
    const auto below =
        base.empty() ? std::span<const std::byte>() : std::span(base).subspan(at, size);
    const Status status = encoder.Encode(dtype, std::span(raw).subspan(at, size), below, {}, chunk);
    if (!status.ok()) Fail(status.error().message);
    const bool is_delta = chunk.header.mode == ChunkMode::kDelta;
    if (!is_delta && chunk.header.mode != ChunkMode::kFloat) {
      ++others;
      continue;
    }
    elements[is_delta] += chunk.header.count;
    coded[is_delta] += 8.0 * static_cast<double>(chunk.bytes.size());
    if (is_delta) {
      ideal_delta.Add(chunk.header, raw.data() + at, base.data() + at);
    } else {
      ideal_floats.Add(chunk.header, raw.data() + at);
    }
  }
  std::printf("| | elements | coded, bits an element | ideal | |\n|---|--:|--:|--:|--:|\n");
  Print("without a base", elements[0], coded[0], ideal_floats.bits());
  Print("against the base", elements[1], coded[1], ideal_delta.bits());
  if (others > 0) std::printf("%zu chunks in other modes are left out\n", others);
}

}  // namespace
}  // namespace dlv::codec

int main(int argc, char** argv) {
  if (argc != 3 && argc != 4) {
    std::fprintf(stderr, "usage: bench_ideal DTYPE FILE [BASE]\n");
    return 2;
  }
  const auto dtype = dlv::DTypeFromName(argv[1]);
  if (!dtype) dlv::codec::Fail(std::string("unknown type ") + argv[1]);
  auto raw = dlv::codec::ReadAll(argv[2]);
  raw.resize(raw.size() / SizeOf(*dtype) * SizeOf(*dtype));
  const auto base = argc == 4 ? dlv::codec::ReadAll(argv[3]) : dlv::codec::Bytes();
  if (argc == 4 && base.size() != raw.size()) dlv::codec::Fail("FILE and BASE differ in size");
  dlv::codec::Run(*dtype, raw, base);
  return 0;
}

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <memory>

#include "storage/codec/bit_stream.h"
#include "storage/codec/block_scales.h"
#include "storage/codec/delta_codec.h"
#include "storage/codec/delta_format.h"
#include "storage/codec/delta_ratio.h"
#include "storage/codec/delta_tables.h"
#include "storage/codec/rans.h"

namespace dlv::codec {
namespace {

constexpr std::size_t kSlack = 128;  // kernels write whole vectors
/// A coded level must be at least this much smaller than a plain one: 1/64.
constexpr unsigned kPlainShift = 6;
/// Row length of histograms of symbols with second bits.
constexpr unsigned kPairedRow = 64;
static_assert(kPairedRow >= kDeltaMostSecondSymbols);

/// Bits appended to memory that grows only between chunks.
struct Plane {
  std::vector<std::uint8_t> memory;
  DeltaBits bits{};

  void Start(std::size_t limit_bytes) {
    if (memory.size() < limit_bytes + kSlack) memory.resize(limit_bytes + kSlack);
    bits = {memory.data(), 0, 0};
  }
  std::span<const std::byte> Finish() {
    std::memcpy(bits.at, &bits.pending, sizeof bits.pending);
    const std::uint8_t* end = bits.at + (bits.used + 7) / 8;
    return std::as_bytes(std::span(memory.data(), static_cast<std::size_t>(end - memory.data())));
  }
};

/// What one level of a chunk gathers.
struct LevelStreams {
  DeltaLevelMode mode = DeltaLevelMode::kCoded;
  std::vector<std::uint8_t> values;  // the child's, for the checksum and for plain levels
  std::vector<std::uint8_t> symbols;
  std::vector<std::uint8_t> contexts;
  std::size_t coded = 0;
  Plane low;
  Plane high;
  DeltaTableSet tables;
  SecondBitShares shares;

  /// No field, and no symbol but 0 (a mere change of sign has no field).
  bool IsZero() const {
    if (low.bits.at != low.memory.data() || low.bits.used != 0) return false;
    return std::all_of(symbols.begin(), symbols.begin() + static_cast<std::ptrdiff_t>(coded),
                       [](std::uint8_t symbol) { return symbol == 0; });
  }

  void Start(std::size_t elements, unsigned bytes) {
    const std::size_t padded = elements + kDeltaTile + kSlack;
    if (symbols.size() < padded) {
      symbols.resize(padded);
      contexts.resize(padded);
    }
    if (values.size() < padded * bytes) values.resize(padded * bytes);
    low.Start(elements);
    high.Start(bytes == 2 ? elements : 0);
    coded = 0;
  }
};

/// What coding with one choice of predictor would take, from a sample.
struct Estimate {
  std::uint64_t bits = 0;  // of the sample
  std::array<DeltaLevelMode, kDeltaMaxLevels> modes{};
};

}  // namespace

struct DeltaEncoder::State {
  const DeltaKernels* kernels = nullptr;
  DeltaShape shape{};
  DeltaPayload payload;
  bool second_bits = false;
  std::size_t count = 0;  // components
  DeltaTile tile;
  std::array<LevelStreams, kDeltaMaxLevels> levels;
  std::vector<std::uint8_t> block_scale;
  std::vector<std::uint8_t> block_ratio;
  std::vector<std::uint8_t> sample_child;
  std::vector<std::uint8_t> sample_base;
  std::vector<std::uint8_t> extrapolated;  // from two bases: what takes the place of the base
  DeltaHistogram histogram;
  std::array<std::array<std::uint32_t, kDeltaMaxContexts * kPairedRow>, 2> pair_counts;
  std::vector<std::uint32_t> rans_tables;
  std::vector<std::byte> coded;
  BlockScaleEncoder scales;

  void EncodeTiles(const std::uint8_t* child, const std::uint8_t* base, std::size_t n);
  void EncodeTileLevel(unsigned level, const std::uint8_t* scale, std::size_t size);
  unsigned DroppedBits(unsigned level) const {
    return DeltaDroppedBits(shape, payload.zero_bits, level);
  }
  /// Bits of a value of the level that are stored.
  unsigned KeptBits(unsigned level) const {
    return 8u * shape.level_bytes[level] - DroppedBits(level);
  }
  Estimate EstimateSample(std::size_t n, float ratio);
  std::size_t TakeSample(const std::uint8_t* child, const std::uint8_t* base);
  void CountLevel(unsigned level);
  void CountPairs(const LevelStreams& streams);
  void CountSecondBits(unsigned level);
  std::uint64_t EstimateLevel(unsigned level);
  const std::uint8_t* Extrapolate(const std::uint8_t* base, const std::uint8_t* second,
                                  std::size_t n, int beta);
  std::int8_t ChooseBeta(const std::uint8_t* child, const std::uint8_t* base,
                         const std::uint8_t* second);
  void ChooseModes(const std::uint8_t* child, const std::uint8_t* base, Estimate& out);
  void NeedCoded(std::size_t symbols);
  void WriteScales(std::vector<std::byte>& out);
  void WriteLevel(unsigned level, std::vector<std::byte>& out);
  void WriteCoded(unsigned level, std::vector<std::byte>& out);
  void WritePlain(unsigned level, std::vector<std::byte>& out) const;
  void WriteNarrow(unsigned level, std::vector<std::byte>& out) const;
  std::uint64_t ScaleBits(std::size_t n);
};

namespace {

std::size_t BlocksOf(std::size_t n) { return (n + kDeltaBlock - 1) / kDeltaBlock; }

}  // namespace

// Runs model and level coding over `n` elements; afterwards block_scale, block_ratio and the
// streams hold everything.
void DeltaEncoder::State::EncodeTiles(const std::uint8_t* child, const std::uint8_t* base,
                                      std::size_t n) {
  block_scale.resize(BlocksOf(n) + kDeltaTileBlocks);
  block_ratio.resize(BlocksOf(n) + kDeltaTileBlocks);
  for (unsigned level = 0; level < shape.level_count; ++level)
    levels[level].Start(n, shape.level_bytes[level]);
  for (std::size_t first = 0; first < n; first += kDeltaTile) {
    const std::size_t size = std::min(kDeltaTile, n - first);
    std::uint8_t* scale = block_scale.data() + first / kDeltaBlock;
    for (unsigned level = 0; level < shape.level_count; ++level) {
      tile.child[level] = levels[level].values.data() + first * shape.level_bytes[level];
    }
    kernels->model(&shape, child + first * shape.element_bytes, base + first * shape.element_bytes,
                   size, payload.ratio, scale, block_ratio.data() + first / kDeltaBlock, &tile);
    for (unsigned level = 0; level < shape.level_count; ++level) {
      EncodeTileLevel(level, scale, size);
    }
  }
}

void DeltaEncoder::State::EncodeTileLevel(unsigned level, const std::uint8_t* scale,
                                          std::size_t size) {
  LevelStreams& streams = levels[level];
  const unsigned dropped = DroppedBits(level);
  DropDeltaBits(tile.child[level], shape.level_bytes[level], size, dropped);
  if (streams.mode == DeltaLevelMode::kPlain) {
    return AdvanceDeltaState(streams.mode, tile.state);
  }
  if (KeptBits(level) == 0) return;
  DropDeltaBits(tile.base[level], shape.level_bytes[level], size, dropped);
  streams.coded += kernels->encode_level(
      {level, shape.level_bytes[level], second_bits}, tile.child[level], tile.base[level],
      tile.scale, tile.state, scale, size, streams.symbols.data() + streams.coded,
      streams.contexts.data() + streams.coded, &streams.low.bits, &streams.high.bits);
}

// Chooses the tables of a level.
void DeltaEncoder::State::CountLevel(unsigned level) {
  LevelStreams& streams = levels[level];
  histogram.fill(0);
  if (second_bits) {
    CountSecondBits(level);
  } else {
    kernels->count(streams.symbols.data(), streams.contexts.data(), streams.coded,
                   histogram.data());
  }
  ChooseDeltaTables(DeltaTableKindOf(shape, level), DeltaContextsOf(level),
                    DeltaSymbolsOf(level, shape.level_bytes[level]), histogram, streams.tables);
}

// Of symbols with second bits, in rows of kPairedRow; two in turn, so that equal neighbours do not
// wait for each other.
void DeltaEncoder::State::CountPairs(const LevelStreams& streams) {
  for (auto& turn : pair_counts) turn.fill(0);
  const auto add = [&](std::size_t turn, std::size_t i) {
    ++pair_counts[turn][streams.contexts[i] * kPairedRow + streams.symbols[i]];
  };
  for (std::size_t i = 0; i + 1 < streams.coded; i += 2) {
    add(0, i);
    add(1, i + 1);
  }
  if (streams.coded % 2 != 0) add(0, streams.coded - 1);
}

// Fills the histogram, of bit lengths, and the shares.
void DeltaEncoder::State::CountSecondBits(unsigned level) {
  LevelStreams& streams = levels[level];
  CountPairs(streams);
  const unsigned bytes = shape.level_bytes[level];
  const unsigned flips = level == 0 ? DeltaFirstFlip(bytes) : kPairedRow;
  std::array<std::array<std::uint64_t, 2>, kSecondBitSteps> counts{};
  for (unsigned context = 0; context < DeltaContextsOf(level); ++context) {
    for (unsigned symbol = 0; symbol < DeltaSecondSymbolsOf(level, bytes); ++symbol) {
      const std::size_t cell = context * kPairedRow + symbol;
      const std::uint32_t n = pair_counts[0][cell] + pair_counts[1][cell];
      const bool flip = symbol >= flips;
      const unsigned length = flip ? symbol - flips : DeltaLengthOfSecond(symbol);
      histogram[context * kDeltaHistogramRow + length + (flip ? 8 * bytes : 0)] += n;
      if (flip || length < 2) continue;
      counts[SecondBitStep(shape, level, context % kDeltaScales, length)][symbol & 1] += n;
    }
  }
  for (unsigned step = 0; step < kSecondBitSteps; ++step) {
    const std::uint64_t zeros = counts[step][0], all = zeros + counts[step][1];
    const std::uint64_t share = all == 0 ? 8 : (zeros * kSecondBitParts + all / 2) / all;
    streams.shares.zeros[step] =
        static_cast<std::uint8_t>(std::clamp<std::uint64_t>(share, 1, kSecondBitParts - 1));
  }
}

// The same without choosing, for a sample.
std::uint64_t DeltaEncoder::State::EstimateLevel(unsigned level) {
  LevelStreams& streams = levels[level];
  histogram.fill(0);
  kernels->count(streams.symbols.data(), streams.contexts.data(), streams.coded, histogram.data());
  return EstimateDeltaTables(DeltaContextsOf(level),
                             DeltaSymbolsOf(level, shape.level_bytes[level]), histogram);
}

// Order-0 cost of the block scales, in bits.
std::uint64_t DeltaEncoder::State::ScaleBits(std::size_t n) {
  std::array<std::uint32_t, 256> counts{};
  for (std::size_t i = 0; i < BlocksOf(n); ++i) ++counts[block_scale[i]];
  std::uint64_t bits = 0;
  for (const std::uint32_t c : counts) {
    if (c != 0) bits += c * static_cast<std::uint64_t>(std::bit_width(BlocksOf(n) / c));
  }
  return bits;
}

// A sixteenth of the blocks, spread evenly, but at least a tile.
std::size_t DeltaEncoder::State::TakeSample(const std::uint8_t* child, const std::uint8_t* base) {
  const std::size_t blocks = count / kDeltaBlock;  // whole ones
  const std::size_t wanted =
      std::min(blocks, std::max<std::size_t>(2 * kDeltaTileBlocks, blocks / 16));
  const std::size_t bytes = kDeltaBlock * shape.element_bytes;
  if (blocks == 0) {
    sample_child.assign(child, child + count * shape.element_bytes);
    sample_base.assign(base, base + count * shape.element_bytes);
    return count;
  }
  sample_child.resize(wanted * bytes);
  sample_base.resize(wanted * bytes);
  for (std::size_t i = 0; i < wanted; ++i) {
    const std::size_t at = (i * blocks / wanted) * bytes;
    std::memcpy(sample_child.data() + i * bytes, child + at, bytes);
    std::memcpy(sample_base.data() + i * bytes, base + at, bytes);
  }
  return wanted * kDeltaBlock;
}

Estimate DeltaEncoder::State::EstimateSample(std::size_t n, float ratio) {
  payload.ratio = ratio;
  for (LevelStreams& level : levels) level.mode = DeltaLevelMode::kCoded;
  EncodeTiles(sample_child.data(), sample_base.data(), n);
  Estimate estimate;
  estimate.bits = ScaleBits(n) + (ratio != 0 ? BlocksOf(n) : 0);
  std::size_t live = 0;
  for (std::size_t i = 0; i < BlocksOf(n); ++i) live += block_scale[i] != 0 ? kDeltaBlock : 0;
  for (unsigned level = 0; level < shape.level_count; ++level) {
    LevelStreams& streams = levels[level];
    const std::uint64_t fields =
        8 * (streams.low.Finish().size() +
             (shape.level_bytes[level] == 2 ? streams.high.Finish().size() : 0));
    const std::uint64_t bits = (EstimateLevel(level) >> 8) + fields;
    const std::uint64_t plain = live * KeptBits(level);
    // A level after a plain one finds nothing to predict from.
    const bool after_plain = level > 0 && estimate.modes[level - 1] == DeltaLevelMode::kPlain;
    const bool is_plain =
        level > 0 && live != 0 && (after_plain || bits + (plain >> kPlainShift) >= plain);
    estimate.modes[level] = is_plain ? DeltaLevelMode::kPlain : DeltaLevelMode::kCoded;
    estimate.bits += is_plain ? plain : bits;
  }
  return estimate;
}

const std::uint8_t* DeltaEncoder::State::Extrapolate(const std::uint8_t* base,
                                                     const std::uint8_t* second, std::size_t n,
                                                     int beta) {
  extrapolated.resize(n * shape.element_bytes);
  kernels->extrapolate(&shape, shape.level_count, base, second, n, beta, extrapolated.data());
  return extrapolated.data();
}

// The best of some, then of its neighbours. Bits as a function of beta are flat near the best one,
// and have one valley.
std::int8_t DeltaEncoder::State::ChooseBeta(const std::uint8_t* child, const std::uint8_t* base,
                                            const std::uint8_t* second) {
  constexpr std::array<int, 8> kFirst = {-6, -2, 2, 5, 8, 11, 14, 18};
  TakeSample(child, second);
  const std::vector<std::uint8_t> sample_second = sample_base;
  const std::size_t n = TakeSample(child, base);
  const std::vector<std::uint8_t> sample_first = sample_base;
  int best = 0;
  std::uint64_t least = UINT64_MAX;
  const auto consider = [&](int beta) {
    Extrapolate(sample_first.data(), sample_second.data(), n, beta);
    sample_base.assign(extrapolated.begin(), extrapolated.end());
    const std::uint64_t bits = EstimateSample(n, 0).bits;
    if (bits >= least) return;
    least = bits;
    best = beta;
  };
  for (const int beta : kFirst) consider(beta);
  const int middle = best;
  for (const int beta : {middle - 1, middle + 1}) consider(beta);
  return static_cast<std::int8_t>(best);
}

void DeltaEncoder::State::ChooseModes(const std::uint8_t* child, const std::uint8_t* base,
                                      Estimate& out) {
  const std::size_t n = TakeSample(child, base);
  out = EstimateSample(n, 0);
  float chosen = 0;
  if (shape.has_ratio != 0 && payload.beta == 0) {
    const float ratio =
        MedianRatio(shape.element_bytes, sample_child.data(), sample_base.data(), n);
    if (ratio != 0) {
      const Estimate with_ratio = EstimateSample(n, ratio);
      // Half a percent pays for the slower reading.
      if (with_ratio.bits + out.bits / 200 < out.bits) {
        out = with_ratio;
        chosen = ratio;
      }
    }
  }
  payload.ratio = chosen;
  for (unsigned level = 0; level < shape.level_count; ++level)
    levels[level].mode = out.modes[level];
  out.bits = out.bits * count / std::max<std::size_t>(n, 1);
}

// Grows alone: what is resized back and forth is zeroed each time.
void DeltaEncoder::State::NeedCoded(std::size_t symbols) {
  const std::size_t size = RansBound(symbols) + kSlack;
  if (coded.size() < size) coded.resize(size);
}

void DeltaEncoder::State::WriteScales(std::vector<std::byte>& out) {
  const std::size_t blocks = BlocksOf(count);
  if (payload.ratio != 0 && !payload.ratio_everywhere) {
    BitWriter flags(out);
    for (std::size_t i = 0; i < blocks; ++i) flags.Put(block_ratio[i], 1);
    flags.Finish();
  }
  scales.Write(std::span(block_scale).first(blocks), out);
}

void DeltaEncoder::State::WritePlain(unsigned level, std::vector<std::byte>& out) const {
  if (DroppedBits(level) != 0) return WriteNarrow(level, out);
  const std::size_t bytes = shape.level_bytes[level];
  const auto values = std::as_bytes(std::span(levels[level].values));
  const std::size_t blocks = BlocksOf(count);
  for (std::size_t block = 0; block < blocks; ++block) {
    if (block_scale[block] == 0) continue;
    std::size_t end = block;
    while (end < blocks && block_scale[end] != 0) ++end;
    const std::size_t first = block * kDeltaBlock;
    const auto part =
        values.subspan(first * bytes, (std::min(end * kDeltaBlock, count) - first) * bytes);
    out.insert(out.end(), part.begin(), part.end());
    block = end;
  }
}

// The bits of plain values that are not dropped.
void DeltaEncoder::State::WriteNarrow(unsigned level, std::vector<std::byte>& out) const {
  const std::size_t bytes = shape.level_bytes[level];
  BitWriter bits(out);
  for (std::size_t i = 0; i < count; ++i) {
    if (block_scale[i / kDeltaBlock] == 0) continue;
    std::uint16_t value = 0;
    std::memcpy(&value, levels[level].values.data() + i * bytes, bytes);
    bits.Put(value, KeptBits(level));
  }
  bits.Finish();
}

void DeltaEncoder::State::WriteCoded(unsigned level, std::vector<std::byte>& out) {
  LevelStreams& streams = levels[level];
  const unsigned contexts = DeltaContextsOf(level);
  const unsigned bytes = shape.level_bytes[level];
  BitWriter bits(out);
  WriteDeltaTables(streams.tables, contexts, bits);
  if (second_bits) {
    for (const std::uint8_t zeros : streams.shares.zeros) bits.Put(zeros, kSecondBitWidth);
    SplitDeltaTables(shape, level, streams.shares, streams.tables);
  }
  const unsigned symbols =
      second_bits ? DeltaSecondSymbolsOf(level, bytes) : DeltaSymbolsOf(level, bytes);
  bits.Finish();
  rans_tables.resize(256 * kDeltaMaxContexts);
  for (unsigned context = 0; context < contexts; ++context) {
    BuildRansEncodeTable(std::span(streams.tables.frequencies[context]).first(symbols),
                         std::span(rans_tables).subspan(context * 256).first<256>());
  }
  std::size_t size = 0;
  if (streams.coded != 0) {
    NeedCoded(streams.coded);
    size = RansEncode(streams.symbols.data(), streams.contexts.data(), streams.coded,
                      kDeltaTableBits, rans_tables.data(), coded.data());
  }
  const auto low = streams.low.Finish();
  PutVarint(out, size);
  PutVarint(out, low.size());
  out.insert(out.end(), coded.begin(), coded.begin() + static_cast<std::ptrdiff_t>(size));
  out.insert(out.end(), low.begin(), low.end());
  if (shape.level_bytes[level] == 2) {
    const auto high = streams.high.Finish();
    out.insert(out.end(), high.begin(), high.end());
  }
}

void DeltaEncoder::State::WriteLevel(unsigned level, std::vector<std::byte>& out) {
  LevelStreams& streams = levels[level];
  if (level == 0) WriteScales(out);
  if (KeptBits(level) == 0) return;
  if (streams.mode == DeltaLevelMode::kCoded && streams.IsZero()) {
    streams.mode = DeltaLevelMode::kZero;
  }
  out.push_back(static_cast<std::byte>(streams.mode));
  if (streams.mode == DeltaLevelMode::kPlain) WritePlain(level, out);
  if (streams.mode == DeltaLevelMode::kCoded) {
    CountLevel(level);
    WriteCoded(level, out);
  }
}

namespace {

template <class Element>
unsigned ZeroBitsOf(std::span<const std::byte> elements) {
  Element all = 0;
  for (std::size_t at = 0; at < elements.size(); at += sizeof all) {
    Element one;
    std::memcpy(&one, elements.data() + at, sizeof one);
    all |= one;
  }
  return static_cast<unsigned>(std::countr_zero(all));
}

/// Low bits that are 0 in every element, as far as a payload can have them.
std::uint8_t ZeroBitsOf(const DeltaShape& shape, std::span<const std::byte> elements) {
  const unsigned most = DeltaMostZeroBits(shape);
  if (most == 0) return 0;
  const unsigned zeros = shape.element_bytes == 4 ? ZeroBitsOf<std::uint32_t>(elements)
                                                  : ZeroBitsOf<std::uint64_t>(elements);
  return static_cast<std::uint8_t>(std::min(zeros, most));
}

}  // namespace

DeltaEncoder::DeltaEncoder() : state_(std::make_unique<State>()) {}
DeltaEncoder::~DeltaEncoder() = default;
DeltaEncoder::DeltaEncoder(DeltaEncoder&&) noexcept = default;
DeltaEncoder& DeltaEncoder::operator=(DeltaEncoder&&) noexcept = default;

bool SupportsDelta(DType dtype) { return DeltaShapeOf(dtype).has_value(); }

bool CanExtrapolate(DType dtype) {
  const auto shape = DeltaShapeOf(dtype);
  return shape && shape->mantissa_bits != 0;
}

bool DeltaEncoder::Encode(DType dtype, std::span<const std::byte> raw,
                          std::span<const std::byte> base, const DeltaOptions& options,
                          ChunkHeader& header, std::vector<std::byte>& body) {
  const auto shape = DeltaShapeOf(dtype);
  if (!shape || raw.size() != base.size() || raw.empty()) return false;
  State& state = *state_;
  state.kernels = &ActiveDeltaKernels();
  state.shape = *shape;
  state.count = raw.size() / shape->element_bytes;
  state.payload = {};
  state.second_bits = false;  // estimates do without
  state.payload.zero_bits = ZeroBitsOf(*shape, raw);
  const auto* child_bytes = reinterpret_cast<const std::uint8_t*>(raw.data());
  const auto* base_bytes = reinterpret_cast<const std::uint8_t*>(base.data());
  if (!options.second_base.empty()) {
    if (shape->mantissa_bits == 0 || options.second_base.size() != base.size()) return false;
    const auto* second = reinterpret_cast<const std::uint8_t*>(options.second_base.data());
    state.payload.beta = state.ChooseBeta(child_bytes, base_bytes, second);
    base_bytes = state.Extrapolate(base_bytes, second, state.count, state.payload.beta);
  }
  const std::size_t start = body.size();
  ChunkHeader result = header;
  result.mode = options.second_bits ? ChunkMode::kDeltaSecond : ChunkMode::kDelta;
  result.dtype = dtype;
  result.count = static_cast<std::uint32_t>(raw.size() / SizeOf(dtype));
  result.needs_base = true;
  result.needs_second_base = state.payload.beta != 0;
  result.level_count = 0;
  state.payload.equal =
      state.payload.beta == 0 && std::memcmp(raw.data(), base.data(), raw.size()) == 0;
  if (state.payload.equal) state.payload.zero_bits = 0;
  if (state.payload.equal) {
    for (LevelStreams& level : state.levels) level.mode = DeltaLevelMode::kPlain;
  } else {
    Estimate estimate;
    state.ChooseModes(child_bytes, base_bytes, estimate);
    // Estimates are good to a few percent; what is hopeless is not coded in full.
    if (estimate.bits / 8 > options.limit_bytes + options.limit_bytes / 16) return false;
  }
  state.second_bits = options.second_bits;
  state.EncodeTiles(child_bytes, base_bytes, state.count);
  state.payload.ratio_everywhere =
      state.payload.ratio != 0 &&
      !std::count(state.block_ratio.begin(),
                  state.block_ratio.begin() + static_cast<std::ptrdiff_t>(BlocksOf(state.count)),
                  0);
  for (unsigned level = 0; level < shape->level_count; ++level) {
    const std::size_t before = body.size();
    if (!state.payload.equal) state.WriteLevel(level, body);
    const bool last = level + 1u == shape->level_count;
    const auto values = std::as_bytes(std::span(state.levels[level].values))
                            .first(state.count * shape->level_bytes[level]);
    const std::uint64_t checksum = last ? 0 : Checksum(values);
    result.AddLevel(DeltaPlanes(*shape, level), body.size() - before,
                    result.count >= kWideChecksumElements ? checksum : checksum & 0xffffffff);
  }
  std::array<std::byte, 8> payload{};
  const std::size_t payload_size = WriteDeltaPayload(state.payload, payload);
  result.SetPayload(std::span(payload).first(payload_size));
  result.is_narrow = state.payload.zero_bits != 0;
  // Header: 40 bytes are more than this mode takes.
  if (body.size() - start + 40 >= options.limit_bytes && !state.payload.equal) {
    body.resize(start);
    return false;
  }
  header = result;
  return true;
}

}  // namespace dlv::codec

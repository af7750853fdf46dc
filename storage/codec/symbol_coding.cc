#include "storage/codec/symbol_coding.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "storage/codec/bit_stream.h"
#include "storage/codec/kernels.h"
#include "storage/codec/log2_table.h"
#include "storage/codec/rans.h"

namespace dlv::codec {
namespace {

// On disk (docs/format/codec.md §6.2): scales and the largest number of contexts.
constexpr unsigned kPlainScale = 12;
constexpr unsigned kSmallScale = 10;
constexpr unsigned kNeighbourScale = 10;
constexpr unsigned kMaxContexts = 48;

constexpr std::size_t kTurns = 4;

// The histogram takes every eighth block of 64 symbols, from this many symbols on.
constexpr std::size_t kSampleBlock = 64;
constexpr std::size_t kSampleStride = 8;
constexpr std::size_t kSampleFirst = 3;
constexpr std::size_t kSampleFrom = 32768;
// With more symbols than this, giving each a slot it may not need costs too much: count all.
constexpr unsigned kFloorSymbols = 64;

// zstd levels: for a first look at many symbols (so many of them), and at few; at commit; for few
// symbols that promise to repeat, and for `archive`.
constexpr int kFastestZstd = 1;
constexpr int kQuickZstd = 3;
constexpr std::size_t kQuickSymbols = 1u << 14;
constexpr int kFairZstd = 12;
constexpr int kGoodZstd = 17;
constexpr int kBestZstd = 19;

unsigned PlainScale(std::size_t n) { return n < kRansWideElements ? kSmallScale : kPlainScale; }

void CountSampled(std::span<const std::uint8_t> symbols, std::span<std::uint32_t, 256> counts) {
  std::uint32_t partial[4][256] = {};
  const std::size_t step = kSampleBlock * kSampleStride;
  for (std::size_t at = kSampleFirst * kSampleBlock; at + kSampleBlock <= symbols.size();
       at += step) {
    for (std::size_t i = 0; i < kSampleBlock; i += 4) {
      ++partial[0][symbols[at + i]];
      ++partial[1][symbols[at + i + 1]];
      ++partial[2][symbols[at + i + 2]];
      ++partial[3][symbols[at + i + 3]];
    }
  }
  for (std::size_t s = 0; s < 256; ++s) {
    counts[s] = partial[0][s] + partial[1][s] + partial[2][s] + partial[3][s];
  }
}

void CountAll(std::span<const std::uint8_t> symbols, std::span<std::uint32_t, 256> counts) {
  std::uint32_t partial[4][256] = {};
  std::size_t i = 0;
  for (; i + 4 <= symbols.size(); i += 4) {
    for (std::size_t k = 0; k < 4; ++k) ++partial[k][symbols[i + k]];
  }
  for (; i < symbols.size(); ++i) ++partial[0][symbols[i]];
  for (std::size_t s = 0; s < 256; ++s) {
    counts[s] = partial[0][s] + partial[1][s] + partial[2][s] + partial[3][s];
  }
}

bool UsesSample(std::size_t n, unsigned max_symbol) {
  return n >= kSampleFrom && max_symbol < kFloorSymbols;
}

ContextWindow ChooseWindow(std::span<const std::uint32_t, 256> counts) {
  std::uint64_t total = 0;
  for (const std::uint32_t count : counts) total += count;
  const std::uint64_t rare = total / 512;
  unsigned low = 0;
  std::uint64_t below = 0;
  while (low < 255 && below + counts[low] <= rare) below += counts[low++];
  unsigned high = 255;
  std::uint64_t above = 0;
  while (high > low && above + counts[high] <= rare) above += counts[high--];
  ContextWindow window;
  window.low = high - low + 1 > kMaxContexts ? high + 1 - kMaxContexts : low;
  window.count = high - window.low + 1;
  return window;
}

constexpr std::uint64_t kBitsPerTableEntry = 7;

}  // namespace

void ToLaneMajor(const std::uint8_t* symbols, std::size_t n, unsigned lanes, std::uint8_t* stream) {
  const std::size_t rows = n / lanes;
  constexpr std::size_t kTile = 64;
  std::uint8_t tile[kRansMaxLanes][kTile];
  for (std::size_t t = 0; t < rows; t += kTile) {
    const std::size_t width = std::min(kTile, rows - t);
    for (unsigned lane = 0; lane < lanes; ++lane) {
      std::memcpy(tile[lane], symbols + lane * rows + t, width);
    }
    for (std::size_t k = 0; k < width; ++k) {
      std::uint8_t* const to = stream + (t + k) * lanes;
      for (unsigned lane = 0; lane < lanes; ++lane) to[lane] = tile[lane][k];
    }
  }
  std::memcpy(stream + rows * lanes, symbols + rows * lanes, n - rows * lanes);
}

void FromLaneMajor(const std::uint8_t* stream, std::size_t n, unsigned lanes,
                   std::uint8_t* symbols) {
  const std::size_t rows = n / lanes;
  constexpr std::size_t kTile = 64;
  std::uint8_t tile[kRansMaxLanes][kTile];
  for (std::size_t t = 0; t < rows; t += kTile) {
    const std::size_t width = std::min(kTile, rows - t);
    for (std::size_t k = 0; k < width; ++k) {
      const std::uint8_t* const from = stream + (t + k) * lanes;
      for (unsigned lane = 0; lane < lanes; ++lane) tile[lane][k] = from[lane];
    }
    for (unsigned lane = 0; lane < lanes; ++lane) {
      std::memcpy(symbols + lane * rows + t, tile[lane], width);
    }
  }
  std::memcpy(symbols + rows * lanes, stream + rows * lanes, n - rows * lanes);
}

SymbolEstimate SymbolEncoder::Estimate(std::span<const std::uint8_t> symbols) {
  std::array<std::uint32_t, 256>& counts = counts_of_estimate_;
  const bool sampled = symbols.size() >= kSampleFrom;
  if (sampled) {
    CountSampled(symbols, counts);
  } else {
    CountAll(symbols, counts);
  }
  window_ = ChooseWindow(counts);
  const ContextWindow window = window_;
  counts_.assign(window.count * 256, 0);
  const std::size_t step = kSampleBlock * (sampled ? kSampleStride : 1);
  std::uint64_t pairs = 0;
  for (std::size_t at = sampled ? kSampleFirst * kSampleBlock : 0; at < symbols.size();
       at += step) {
    const std::size_t stop = std::min(symbols.size(), at + kSampleBlock);
    for (std::size_t i = at + 1; i < stop; ++i) {
      ++counts_[window.Of(symbols[i - 1]) * 256 + symbols[i]];
    }
    pairs += stop - at - 1;
  }
  SymbolEstimate estimate;
  const std::uint64_t n = symbols.size();
  const std::uint64_t states = 16 * RansLanes(n);
  std::uint64_t total = 0;
  std::uint64_t used = 0;
  for (const std::uint32_t count : counts) {
    total += count;
    used += count != 0 ? 1 : 0;
  }

  const auto scaled = [n](std::uint64_t bits, std::uint64_t of) {
    return of == 0 ? 0 : bits * n / of;
  };
  estimate.plain_bits = scaled(EntropyBits(counts), total) + used * kBitsPerTableEntry + states;
  std::uint64_t bits = 0;
  std::uint64_t cells = 0;
  for (unsigned context = 0; context < window.count; ++context) {
    const auto row = std::span(counts_).subspan(context * 256, 256);
    bits += EntropyBits(row);
    cells += static_cast<std::uint64_t>(
        std::count_if(row.begin(), row.end(), [](std::uint32_t count) { return count != 0; }));
  }
  // A sample shows each context too few of its symbols: the entropy of m cells is low by about m /
  // (2 ln 2) bits.
  bits += cells * 3 / 4;
  estimate.neighbour_bits = scaled(bits, pairs) + cells * kBitsPerTableEntry + states;
  return estimate;
}

void SymbolEncoder::AppendRans(const std::uint8_t* symbols, const std::uint8_t* contexts,
                               std::size_t n, unsigned scale, std::vector<std::byte>& out) {
  coded_.resize(RansBound(n) + 64);
  const std::size_t size = RansEncode(symbols, contexts, n, scale, tables_.data(), coded_.data());
  out.insert(out.end(), coded_.begin(), coded_.begin() + static_cast<std::ptrdiff_t>(size));
}

void SymbolEncoder::EncodePlain(std::span<const std::uint8_t> symbols, unsigned max_symbol,
                                std::vector<std::byte>& out) {
  std::array<std::uint32_t, 256> counts = counts_of_estimate_;
  if (UsesSample(symbols.size(), max_symbol)) {
    for (unsigned s = 0; s <= max_symbol; ++s) counts[s] = counts[s] * 16 + 1;
  } else if (symbols.size() >= kSampleFrom) {
    CountAll(symbols, counts);
  }
  std::array<std::uint16_t, 256> frequencies;
  const unsigned scale = PlainScale(symbols.size());
  NormalizeFrequencies(counts, scale, frequencies);
  BitWriter bits(out);
  WriteFrequencies(frequencies, bits);
  bits.Finish();
  tables_.resize(256);
  BuildRansEncodeTable(frequencies, std::span<std::uint32_t, 256>(tables_.data(), 256),
                       SlotOrder::kByFrequency);
  AppendRans(symbols.data(), nullptr, symbols.size(), scale, out);
}

void SymbolEncoder::EncodeNeighbour(std::span<const std::uint8_t> symbols,
                                    std::vector<std::byte>& out) {
  const std::size_t n = symbols.size();
  const unsigned lanes = RansLanes(n);
  stream_.resize(n);
  contexts_.resize(n);
  ToLaneMajor(symbols.data(), n, lanes, stream_.data());
  const ContextWindow window = window_;
  std::array<std::uint8_t, 256> context_of;
  for (unsigned s = 0; s < 256; ++s) context_of[s] = static_cast<std::uint8_t>(window.Of(s));
  // Four histograms in turn, so that equal neighbours do not wait for each other.
  const std::size_t cells = window.count * 256;
  counts_.assign(kTurns * cells, 0);
  for (std::size_t i = 0; i < n; ++i) {
    contexts_[i] = i < lanes ? std::uint8_t{0} : context_of[stream_[i - lanes]];
    ++counts_[i % kTurns * cells + contexts_[i] * 256u + stream_[i]];
  }
  for (std::size_t k = 0; k < cells; ++k) {
    for (std::size_t turn = 1; turn < kTurns; ++turn) counts_[k] += counts_[turn * cells + k];
  }
  out.push_back(static_cast<std::byte>(window.low));
  out.push_back(static_cast<std::byte>(window.count));
  tables_.assign(window.count * 256, 0);
  BitWriter bits(out);
  for (unsigned context = 0; context < window.count; ++context) {
    const auto counts = std::span(counts_).subspan(context * 256, 256);
    const bool used = std::any_of(counts.begin(), counts.end(), [](auto c) { return c != 0; });
    bits.Put(used ? 1 : 0, 1);
    if (!used) continue;
    std::array<std::uint16_t, 256> frequencies;
    NormalizeFrequencies(counts, kNeighbourScale, frequencies);
    WriteFrequencies(frequencies, bits);
    BuildRansEncodeTable(frequencies,
                         std::span<std::uint32_t, 256>(tables_.data() + context * 256, 256));
  }
  bits.Finish();
  AppendRans(stream_.data(), contexts_.data(), n, kNeighbourScale, out);
}

// Whether a part of the symbols, under a faster level, promises a size clearly below the limit.
// What the fastest level is a quarter above the limit with has never been below it with a slower
// one, which takes twenty times as long to say so.
bool SymbolEncoder::PromisesZstd(std::span<const std::uint8_t> symbols, std::size_t limit_bytes,
                                 int level) {
  const std::size_t n = std::min(symbols.size(), kQuickSymbols);
  const auto part = symbols.subspan((symbols.size() - n) / 2, n);
  const auto is_below = [&](int at_level, std::size_t numerator, std::size_t denominator) {
    const std::size_t size = zstd_.Compress(std::as_bytes(part), at_level).size();
    return size * symbols.size() * denominator < limit_bytes * n * numerator;
  };
  const bool is_slow = level > kQuickZstd && symbols.size() >= kTryAllBelow;
  return (!is_slow || is_below(kFastestZstd, 5, 4)) && is_below(level, 63, 64);
}

bool SymbolEncoder::FitsZstd(std::span<const std::uint8_t> symbols, std::size_t limit_bytes,
                             SymbolEffort effort, std::span<const std::byte>& frame) {
  const bool most = effort == SymbolEffort::kMost;
  const bool few = (most || effort == SymbolEffort::kFew) && symbols.size() < kTryAllBelow;
  const bool promising = PromisesZstd(symbols, limit_bytes, most || few ? kFairZstd : kQuickZstd);
  if (!promising && !few) return false;
  // Of few symbols any frame may be the shortest: it has no states of 64 lanes.
  const int level = effort == SymbolEffort::kHurry ? kQuickZstd
                    : !promising                   ? kFairZstd
                    : few || most                  ? kBestZstd
                                                   : kGoodZstd;
  frame = zstd_.Compress(std::as_bytes(symbols), level);
  return !frame.empty() && frame.size() < limit_bytes;
}

std::optional<SymbolEncoder::ZstdChoice> SymbolEncoder::TryZstd(
    std::span<const std::uint8_t> symbols, std::size_t limit_bytes, SymbolEffort effort) {
  std::optional<ZstdChoice> choice;
  std::span<const std::byte> frame;
  if (FitsZstd(symbols, limit_bytes, effort, frame)) {
    zstd_result_.assign(frame.begin(), frame.end());
    choice = {SymbolContext::kZstd, frame.size()};
    limit_bytes = frame.size();
  }
  const std::size_t low_bytes = (symbols.size() + 7) / 8;
  if (limit_bytes <= low_bytes) return choice;
  stream_.resize(symbols.size());
  std::transform(symbols.begin(), symbols.end(), stream_.begin(),
                 [](std::uint8_t symbol) { return static_cast<std::uint8_t>(symbol >> 1); });
  if (!FitsZstd(stream_, limit_bytes - low_bytes, effort, frame)) return choice;
  zstd_result_.clear();
  BitWriter low(zstd_result_);
  for (const std::uint8_t symbol : symbols) low.Put(symbol & 1u, 1);
  low.Finish();
  zstd_result_.insert(zstd_result_.end(), frame.begin(), frame.end());
  return ZstdChoice{SymbolContext::kZstdHigh, zstd_result_.size()};
}

void SymbolEncoder::Encode(SymbolContext context, std::span<const std::uint8_t> symbols,
                           unsigned max_symbol, std::vector<std::byte>& out) {
  switch (context) {
    case SymbolContext::kNone:
      return EncodePlain(symbols, max_symbol, out);
    case SymbolContext::kNeighbour:
      return EncodeNeighbour(symbols, out);
    case SymbolContext::kZstd:
    case SymbolContext::kZstdHigh:
      out.insert(out.end(), zstd_result_.begin(), zstd_result_.end());
      return;
  }
}

bool SymbolDecoder::DecodePlain(std::span<const std::byte> coded, unsigned max_symbol,
                                std::size_t n, std::uint8_t* symbols) {
  const unsigned scale = PlainScale(n);
  BitReader bits(coded);
  std::array<std::uint16_t, 256> frequencies{};
  if (!ReadFrequencies(bits, scale, std::span(frequencies).first(max_symbol + 1))) return false;
  if (!bits.Finish()) return false;
  tables_.resize(std::size_t{1} << scale);
  BuildRansDecodeTable(frequencies, scale, tables_.data(), SlotOrder::kByFrequency);
  return RansDecode(coded.subspan(bits.consumed()), nullptr, n, scale, tables_.data(), symbols);
}

bool SymbolDecoder::DecodeNeighbour(std::span<const std::byte> coded, unsigned max_symbol,
                                    std::size_t n, std::uint8_t* symbols) {
  if (coded.size() < 2) return false;
  const auto low = static_cast<unsigned>(coded[0]);
  const auto count = static_cast<unsigned>(coded[1]);
  if (count == 0 || count > kMaxContexts) return false;
  const auto after = coded.subspan(2);
  BitReader bits(after);
  const std::size_t slots = std::size_t{1} << kNeighbourScale;
  tables_.resize(count * slots);
  std::array<std::uint16_t, 256> frequencies{};
  for (unsigned context = 0; context < count; ++context) {
    const bool used = bits.Get(1) != 0;
    // An unused context repeats the table before it, so that every look-up is defined.
    if (!used && context == 0) return false;
    if (used &&
        !ReadFrequencies(bits, kNeighbourScale, std::span(frequencies).first(max_symbol + 1))) {
      return false;
    }
    BuildRansDecodeTable(frequencies, kNeighbourScale, tables_.data() + context * slots);
  }
  if (!bits.Finish()) return false;
  const auto words = after.subspan(bits.consumed());
  const unsigned lanes = RansLanes(n);
  const std::size_t states = 4 * lanes;
  if (words.size() < states || words.size() > RansBound(n) || words.size() % 2 != 0) return false;
  stream_.resize(n + 64);
  const bool decoded = ActiveKernels().rans_decode_chained(
      reinterpret_cast<const std::uint8_t*>(words.data()), words.size(), low, count, n, lanes,
      kNeighbourScale, tables_.data(), stream_.data());
  if (decoded) FromLaneMajor(stream_.data(), n, lanes, symbols);
  return decoded;
}

bool SymbolDecoder::DecodeZstd(std::span<const std::byte> coded, unsigned max_symbol, std::size_t n,
                               std::uint8_t* symbols) {
  const auto out = std::span(symbols, n);
  if (!zstd_.Decompress(coded, std::as_writable_bytes(out)).ok()) return false;
  return *std::max_element(out.begin(), out.end()) <= max_symbol;
}

bool SymbolDecoder::DecodeZstdHigh(std::span<const std::byte> coded, unsigned max_symbol,
                                   std::size_t n, std::uint8_t* symbols) {
  const std::size_t low_bytes = (n + 7) / 8;
  if (coded.size() < low_bytes) return false;
  const auto out = std::span(symbols, n);
  if (!zstd_.Decompress(coded.subspan(low_bytes), std::as_writable_bytes(out)).ok()) return false;
  if (*std::max_element(out.begin(), out.end()) > max_symbol / 2) return false;
  for (std::size_t i = 0; i < n; ++i) {
    const unsigned low = static_cast<unsigned>(coded[i / 8]) >> (i % 8) & 1u;
    out[i] = static_cast<std::uint8_t>(2u * out[i] | low);
  }
  return *std::max_element(out.begin(), out.end()) <= max_symbol;
}

bool SymbolDecoder::Decode(std::span<const std::byte> coded, SymbolContext context,
                           unsigned max_symbol, std::size_t n, std::uint8_t* symbols) {
  switch (context) {
    case SymbolContext::kNone:
      return DecodePlain(coded, max_symbol, n, symbols);
    case SymbolContext::kNeighbour:
      return DecodeNeighbour(coded, max_symbol, n, symbols);
    case SymbolContext::kZstd:
      return DecodeZstd(coded, max_symbol, n, symbols);
    case SymbolContext::kZstdHigh:
      return DecodeZstdHigh(coded, max_symbol, n, symbols);
  }
  return false;
}

}  // namespace dlv::codec

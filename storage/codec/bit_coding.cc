#include "storage/codec/bit_coding.h"

#include <algorithm>

#include "storage/codec/bit_stream.h"
#include "storage/codec/log2_table.h"

namespace dlv::codec {
namespace {

// On disk (docs/format/codec.md §5.4).
constexpr unsigned kBitScale = 10;
constexpr unsigned kBitSlots = 1u << kBitScale;
constexpr unsigned kLowBits = 8, kCountBits = 4, kShareBits = 6;
constexpr unsigned kSlotsOfChance = kBitSlots / 128;  // BitModel::ones is of 128

constexpr std::int64_t kOneBit = std::int64_t{1} << kLog2FractionBits;

std::uint8_t ChanceOf(std::uint64_t ones, std::uint64_t all) {
  constexpr std::uint64_t kShares = 1u << kShareBits;
  const std::uint64_t share = std::min(ones * kShares / all, kShares - 1);
  return static_cast<std::uint8_t>(2 * share + 1);
}

/// What `count` values take that have a chance of `of_128`, in units of Log2Fixed.
std::int64_t CostOf(std::uint32_t count, unsigned of_128) {
  return std::int64_t{count} * (7 * kOneBit - Log2Fixed(of_128));
}

/// What a context of its own saves of the bits with `symbol`, without its share.
std::int64_t SavedBy(const BitCounts& counts, unsigned symbol) {
  const std::uint32_t zeros = counts[2 * symbol];
  const std::uint32_t ones = counts[2 * symbol + 1];
  const std::int64_t all = std::int64_t{zeros} + ones;
  if (all == 0) return 0;
  const unsigned chance = ChanceOf(ones, static_cast<std::uint64_t>(all));
  return all * kOneBit - CostOf(ones, chance) - CostOf(zeros, 128 - chance);
}

void SetModel(const BitCounts& counts, unsigned low, unsigned count, BitModel& model) {
  model.low = static_cast<std::uint8_t>(low);
  model.count = static_cast<std::uint8_t>(count);
  for (unsigned k = 0; k < count; ++k) {
    const std::uint64_t zeros = counts[2 * (low + k)];
    const std::uint64_t ones = counts[2 * (low + k) + 1];
    model.ones[k] = zeros + ones == 0 ? kEvenChance + 1 : ChanceOf(ones, zeros + ones);
  }
}

void WriteModel(const BitModel& model, std::vector<std::byte>& out) {
  BitWriter bits(out);
  bits.Put(model.low, kLowBits);
  bits.Put(model.count - 1u, kCountBits);
  for (unsigned k = 0; k < model.count; ++k) bits.Put(model.ones[k] / 2u, kShareBits);
  bits.Finish();
}

/// Returns false where it is malformed.
bool ReadModel(BitReader& bits, BitModel& model) {
  model.low = static_cast<std::uint8_t>(bits.Get(kLowBits));
  model.count = static_cast<std::uint8_t>(bits.Get(kCountBits) + 1);
  for (unsigned k = 0; k < model.count; ++k) {
    model.ones[k] = static_cast<std::uint8_t>(2 * bits.Get(kShareBits) + 1);
  }
  return bits.Finish() && model.low + model.count <= 256;
}

/// Of Kernels::pair_bits; see BuildRansEncodeTable.
std::array<std::uint32_t, 256> EncodeTableOf(const BitModel& model) {
  std::array<std::uint32_t, 256> table{};
  for (unsigned k = 0; k <= model.count; ++k) {
    const std::uint32_t ones = kSlotsOfChance * (k < model.count ? model.ones[k] : kEvenChance);
    table[2 * k] = (kBitSlots - ones) | ones << 16;
    table[2 * k + 1] = ones;
  }
  return table;
}

}  // namespace

std::optional<BitPlan> PlanBits(const BitCounts& counts, std::size_t n) {
  std::uint64_t seen = 0;
  for (const std::uint32_t count : counts) seen += count;
  if (seen == 0) return std::nullopt;
  std::array<std::int64_t, 256> saved;
  for (unsigned symbol = 0; symbol < 256; ++symbol) {
    const std::int64_t of_sample = SavedBy(counts, symbol);
    saved[symbol] = of_sample * static_cast<std::int64_t>(n) / static_cast<std::int64_t>(seen) -
                    kShareBits * kOneBit;
  }
  std::int64_t best = 0;
  unsigned low = 0;
  unsigned count = 0;
  for (unsigned from = 0; from < 256; ++from) {
    if (saved[from] <= 0) continue;
    std::int64_t sum = 0;
    for (unsigned k = 0; k < kMaxBitContexts && from + k < 256; ++k) {
      sum += saved[from + k];
      if (sum <= best) continue;
      best = sum;
      low = from;
      count = k + 1;
    }
  }
  // A state begins with 16 bits, and takes 32 for the 24 that it has in the end.
  const std::int64_t fixed = (kLowBits + kCountBits + 8 + 24 * BitLanes(n)) * kOneBit;
  if (best <= fixed) return std::nullopt;
  BitPlan plan;
  SetModel(counts, low, count, plan.model);
  plan.saved_bits = static_cast<std::uint64_t>(best - fixed) >> kLog2FractionBits;
  return plan;
}

void BitEncoder::Encode(const BitModel& model, std::span<const std::uint8_t> symbols,
                        const std::uint8_t* plane, std::vector<std::byte>& out) {
  WriteModel(model, out);
  const std::size_t n = symbols.size();
  pairs_.resize(n + 8);
  ActiveKernels().pair_bits(symbols.data(), plane, n, model, pairs_.data());
  const unsigned lanes = BitLanes(n);
  coded_.resize(4 * lanes + 2 * n + 64);
  const std::array<std::uint32_t, 256> table = EncodeTableOf(model);
  const std::size_t size =
      ActiveKernels().rans_encode(pairs_.data(), nullptr, n, lanes, kBitScale, table.data(),
                                  reinterpret_cast<std::uint8_t*>(coded_.data()));
  out.insert(out.end(), coded_.begin(), coded_.begin() + static_cast<std::ptrdiff_t>(size));
}

bool DecodeBits(std::span<const std::byte> coded, std::span<const std::uint8_t> symbols,
                std::uint8_t* plane) {
  BitReader bits(coded);
  BitModel model{};
  if (!ReadModel(bits, model)) return false;
  const auto stream = coded.subspan(bits.consumed());
  const std::size_t n = symbols.size();
  const unsigned lanes = BitLanes(n);
  const std::size_t states = 4 * lanes;
  if (stream.size() < states || stream.size() > states + 2 * n || stream.size() % 2 != 0) {
    return false;
  }
  return ActiveKernels().decode_bits(reinterpret_cast<const std::uint8_t*>(stream.data()),
                                     stream.size(), symbols.data(), n, lanes, model, plane);
}

}  // namespace dlv::codec

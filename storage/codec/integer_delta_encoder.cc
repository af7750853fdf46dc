#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <limits>

#include "storage/codec/bit_stream.h"
#include "storage/codec/block_scales.h"
#include "storage/codec/delta_format.h"
#include "storage/codec/integer_delta_codec.h"
#include "storage/codec/integer_delta_format.h"
#include "storage/codec/integer_delta_loops.h"
#include "storage/codec/integer_delta_model.h"
#include "storage/codec/log2_table.h"
#include "storage/codec/rans.h"

namespace dlv::codec {
namespace {

using TableOfContext = std::array<std::uint8_t, kMostIntegerContexts>;

constexpr TableOfContext kEachItsOwn = [] {
  TableOfContext all{};
  for (unsigned context = 0; context < all.size(); ++context)
    all[context] = static_cast<std::uint8_t>(context);
  return all;
}();

// A scale for each octave of the mean size of a block's differences, from a quarter on; 0: no unit
// differs.
std::uint8_t ScaleOf(std::uint64_t sum, std::size_t size) {
  if (sum == 0) return 0;
  return static_cast<std::uint8_t>(std::bit_width(4 * sum / size) + 1);
}

void CountSymbols(std::span<const std::uint8_t> symbols, SymbolCounts& counts) {
  std::array<SymbolCounts, 4> turns{};  // equal neighbours do not wait for each other
  for (std::size_t i = 0; i < symbols.size(); ++i) ++turns[i % 4][symbols[i]];
  for (std::size_t symbol = 0; symbol < counts.size(); ++symbol)
    counts[symbol] = turns[0][symbol] + turns[1][symbol] + turns[2][symbol] + turns[3][symbol];
}

// Puts values between which every second limit is dropped together.
void HalveLimits(IntegerDeltaLayout& layout, std::vector<SymbolCounts>& by_context) {
  const std::size_t before = layout.limits + 1;
  const std::size_t after = (before + 1) / 2;
  for (unsigned step = 0; step < kIntegerSteps; ++step) {
    for (std::size_t bucket = 0; bucket < after; ++bucket) {
      SymbolCounts joined = by_context[step * before + 2 * bucket];
      if (2 * bucket + 1 < before) {
        const SymbolCounts& other = by_context[step * before + 2 * bucket + 1];
        for (std::size_t symbol = 0; symbol < joined.size(); ++symbol)
          joined[symbol] += other[symbol];
      }
      by_context[step * after + bucket] = joined;  // never behind what is still to be read
    }
  }
  for (std::size_t bucket = 1; bucket < after; ++bucket)
    layout.limit_values[bucket - 1] = layout.limit_values[2 * bucket - 1];
  layout.limits = after - 1;
  by_context.resize(layout.contexts());
}

}  // namespace

struct IntegerDeltaEncoder::State {
  /// What is written, or might be.
  struct Model {
    IntegerDeltaLayout layout;
    bool has_scales = false;
    std::vector<IntegerTables> groups;
    std::uint64_t bits = std::numeric_limits<std::uint64_t>::max();
  };

  IntegerDeltaLayout layout;
  const std::uint8_t* base = nullptr;
  std::vector<std::uint8_t> differences;  // of all units, group by group
  std::vector<std::uint8_t> scales;
  std::vector<std::uint8_t> symbols;  // of the active units, group by group
  std::vector<std::uint8_t> open;
  std::vector<std::uint8_t> contexts;
  std::size_t active = 0;
  std::vector<std::uint8_t> used_scales;  // those of `scales`, or all 1
  std::vector<SymbolCounts> by_context;
  IntegerTables tables;
  Model best;
  std::vector<std::uint32_t> encode_tables;
  std::vector<std::byte> coded;
  BlockScaleEncoder block_scales;
  SymbolEncoder zstd;

  void Split(const IntegerDeltaLayout& wanted, const std::uint8_t* child);
  std::uint64_t PlainBits() const;
  void ChooseWidth(DType dtype, std::size_t count, const std::uint8_t* child);
  void Activate(bool has_scales);
  void OpenBelow(unsigned group);
  void CountContexts(unsigned group);
  void Weigh(bool has_scales);
  void WeighLimits(Model& model);
  void WeighGroups(Model& model);
  void WriteGroup(unsigned group, SymbolEffort effort, std::vector<std::byte>& out);
  void WriteRans(unsigned group, std::vector<std::byte>& out);
  std::span<const std::uint8_t> SymbolsOf(unsigned group) const {
    return std::span(symbols).subspan(group * active, active);
  }
};

// Differences in units of the layout, and the scales of its blocks.
void IntegerDeltaEncoder::State::Split(const IntegerDeltaLayout& wanted,
                                       const std::uint8_t* child) {
  layout = wanted;
  differences.resize(layout.units * layout.width);
  scales.resize(layout.blocks());
  for (std::size_t block = 0; block < scales.size(); ++block) {
    const std::size_t size = layout.BlockSize(block);
    const std::size_t first = block * kIntegerBlock;
    const std::uint8_t* const to = child + first * layout.width;
    const std::uint8_t* const from = base + first * layout.width;
    const std::uint64_t sum =
        SplitIntegers(layout.width, to, from, size, layout.units, differences.data() + first);
    scales[block] = ScaleOf(sum, size);
  }
}

// What the groups take without contexts.
std::uint64_t IntegerDeltaEncoder::State::PlainBits() const {
  std::uint64_t bits = 0;
  for (unsigned group = 0; group < layout.width; ++group) {
    SymbolCounts counts;
    CountSymbols(std::span(differences).subspan(group * layout.units, layout.units), counts);
    bits += EntropyBits(counts);
  }
  return bits;
}

// Numbers are subtracted as such; of what is packed into them, bytes are.
void IntegerDeltaEncoder::State::ChooseWidth(DType dtype, std::size_t count,
                                             const std::uint8_t* child) {
  const IntegerDeltaLayout bytes = IntegerLayoutOf(dtype, count, 1);
  Split(bytes, child);
  if (SizeOf(dtype) == 1) return;
  const std::uint64_t of_bytes = PlainBits();
  Split(IntegerLayoutOf(dtype, count, static_cast<unsigned>(SizeOf(dtype))), child);
  if (of_bytes < PlainBits()) Split(bytes, child);
}

// Gathers the symbols of blocks with a scale, or of all.
void IntegerDeltaEncoder::State::Activate(bool has_scales) {
  used_scales = scales;
  if (!has_scales) std::ranges::fill(used_scales, std::uint8_t{1});
  active = CountActive(layout, used_scales);
  symbols.resize(active * layout.width);
  contexts.resize(active);
  open.assign(layout.width > 1 ? active : 0, 0);
  std::uint8_t* to = symbols.data();
  for (unsigned group = 0; group < layout.width; ++group) {
    const std::uint8_t* const from = differences.data() + group * layout.units;
    for (std::size_t block = 0; block < used_scales.size(); ++block) {
      if (used_scales[block] == 0) continue;
      const std::size_t size = layout.BlockSize(block);
      std::memcpy(to, from + block * kIntegerBlock, size);
      to += size;
    }
  }
}

void IntegerDeltaEncoder::State::OpenBelow(unsigned group) {
  const auto above = SymbolsOf(group);
  for (std::size_t i = 0; i < open.size(); ++i)
    open[i] = static_cast<std::uint8_t>(open[i] | above[i]);
}

void IntegerDeltaEncoder::State::CountContexts(unsigned group) {
  FillIntegerContexts(layout, group, used_scales, base, open.data(), kEachItsOwn, contexts.data());
  by_context.assign(layout.contexts(), SymbolCounts{});
  const auto of_group = SymbolsOf(group);
  for (std::size_t i = 0; i < active; ++i) ++by_context[contexts[i]][of_group[i]];
}

// With as many limits as are worth it.
void IntegerDeltaEncoder::State::WeighLimits(Model& model) {
  SymbolCounts values;
  CountSymbols(std::span(base, layout.units), values);
  if (layout.flip != 0) std::rotate(values.begin(), values.begin() + layout.flip, values.end());
  layout.limits = ChooseLimits(values, layout.limit_values);
  CountContexts(0);
  for (;;) {
    tables.Choose(by_context);
    if (tables.bits < model.bits) {
      model.bits = tables.bits;
      model.layout = layout;
      model.groups = {tables};
    }
    if (layout.limits == 0) return;
    HalveLimits(layout, by_context);
  }
}

void IntegerDeltaEncoder::State::WeighGroups(Model& model) {
  model.layout = layout;
  model.bits = 0;
  for (unsigned group = 0; group < layout.width; ++group) {
    CountContexts(group);
    tables.Choose(by_context);
    model.bits += tables.bits;
    model.groups.push_back(tables);
    OpenBelow(group);
  }
}

// Keeps the model where it is the best one.
void IntegerDeltaEncoder::State::Weigh(bool has_scales) {
  Model model;
  model.has_scales = has_scales;
  Activate(has_scales);
  layout.limits = 0;
  layout.width == 1 ? WeighLimits(model) : WeighGroups(model);
  if (has_scales) {
    coded.clear();
    block_scales.Write(scales, coded);
    model.bits += 8 * coded.size();
  }
  if (model.bits < best.bits) best = std::move(model);
}

void IntegerDeltaEncoder::State::WriteRans(unsigned group, std::vector<std::byte>& out) {
  const IntegerTables& chosen = best.groups[group];
  BitWriter bits(out);
  encode_tables.assign(256 * chosen.counts.size(), 0);
  for (std::size_t context = 0; context < chosen.table_of.size(); ++context) {
    const std::size_t table = chosen.table_of[context];
    const bool is_own = context == 0 || table != chosen.table_of[context - 1];
    bits.Put(is_own ? 1 : 0, 1);
    if (!is_own) continue;
    std::array<std::uint16_t, 256> frequencies;
    NormalizeFrequencies(chosen.counts[table], kDeltaTableBits, frequencies);
    WriteFrequencies(frequencies, bits);
    BuildRansEncodeTable(frequencies,
                         std::span<std::uint32_t, 256>(encode_tables.data() + 256 * table, 256));
  }
  bits.Finish();
  TableOfContext table_of{};
  std::ranges::copy(chosen.table_of, table_of.begin());
  FillIntegerContexts(layout, group, used_scales, base, open.data(), table_of, contexts.data());
  constexpr std::size_t kSlack = 64;  // as RansEncode asks for
  coded.resize(std::max(coded.size(), RansBound(active) + kSlack));
  const std::size_t size = RansEncode(SymbolsOf(group).data(), contexts.data(), active,
                                      kDeltaTableBits, encode_tables.data(), coded.data());
  PutVarint(out, size);
  out.insert(out.end(), coded.begin(), coded.begin() + static_cast<std::ptrdiff_t>(size));
}

void IntegerDeltaEncoder::State::WriteGroup(unsigned group, SymbolEffort effort,
                                            std::vector<std::byte>& out) {
  const auto of_group = SymbolsOf(group);
  const auto put_kind = [&](IntegerGroupKind kind) { out.push_back(static_cast<std::byte>(kind)); };
  if (std::ranges::all_of(of_group, [&](auto symbol) { return symbol == of_group[0]; })) {
    put_kind(IntegerGroupKind::kConstant);
    out.push_back(static_cast<std::byte>(of_group[0]));
    return;
  }
  // As SymbolEstimate: two bytes of each state are no symbols.
  const std::size_t as_rans = best.groups[group].bits / 8 + 2 * RansLanes(active) + 4;
  const std::size_t limit = std::min(as_rans, active);
  if (const auto choice = zstd.TryZstd(of_group, limit, effort)) {
    put_kind(choice->context == SymbolContext::kZstd ? IntegerGroupKind::kZstd
                                                     : IntegerGroupKind::kZstdHigh);
    PutVarint(out, choice->size_bytes);
    zstd.Encode(choice->context, of_group, 255, out);
  } else if (as_rans < active) {
    put_kind(IntegerGroupKind::kRans);
    WriteRans(group, out);
  } else {
    put_kind(IntegerGroupKind::kRaw);
    const auto raw = std::as_bytes(of_group);
    out.insert(out.end(), raw.begin(), raw.end());
  }
}

IntegerDeltaEncoder::IntegerDeltaEncoder() : state_(std::make_unique<State>()) {}
IntegerDeltaEncoder::~IntegerDeltaEncoder() = default;
IntegerDeltaEncoder::IntegerDeltaEncoder(IntegerDeltaEncoder&&) noexcept = default;
IntegerDeltaEncoder& IntegerDeltaEncoder::operator=(IntegerDeltaEncoder&&) noexcept = default;

bool IntegerDeltaEncoder::Encode(DType dtype, std::span<const std::byte> raw,
                                 std::span<const std::byte> base, std::size_t limit_bytes,
                                 SymbolEffort effort, ChunkHeader& header,
                                 std::vector<std::byte>& body) {
  if (limit_bytes == 0) return false;
  State& state = *state_;
  const std::size_t start = body.size();
  std::vector<std::byte> payload = {std::byte{0}};
  if (!std::ranges::equal(raw, base)) {
    state.base = reinterpret_cast<const std::uint8_t*>(base.data());
    state.ChooseWidth(dtype, raw.size() / SizeOf(dtype),
                      reinterpret_cast<const std::uint8_t*>(raw.data()));
    state.best = {};
    for (const bool has_scales : {true, false}) state.Weigh(has_scales);
    state.layout = state.best.layout;
    state.Activate(state.best.has_scales);
    payload = {static_cast<std::byte>(state.layout.width)};
    for (const auto limit : std::span(state.layout.limit_values).first(state.layout.limits))
      payload.push_back(static_cast<std::byte>(limit));
    if (state.best.has_scales)
      state.block_scales.Write(state.scales, body);
    else
      body.push_back(static_cast<std::byte>(DeltaScaleMode::kNone));
    for (unsigned group = 0; group < state.layout.width; ++group) {
      state.WriteGroup(group, effort, body);
      state.OpenBelow(group);
    }
    if (body.size() - start >= limit_bytes) {
      body.resize(start);
      return false;
    }
  }
  header.mode = ChunkMode::kIntegerDelta;
  header.dtype = dtype;
  header.count = static_cast<std::uint32_t>(raw.size() / SizeOf(dtype));
  header.needs_base = true;
  header.level_count = 0;
  header.SetPayload(payload);
  header.AddLevel(FullPlanes(dtype), body.size() - start);
  return true;
}

}  // namespace dlv::codec

#include "storage/codec/significance_layout.h"

#include <algorithm>
#include <numeric>
#include <string>

#include "storage/codec/bit_stream.h"

namespace dlv::codec {
namespace {

// On disk: docs/format/codec.md §6.5.
constexpr unsigned kZeroRule = 1, kContextShift = 2, kContextMask = 7;
constexpr unsigned kMostOrigin = 0x7fff;
constexpr unsigned kKnownFlags = kZeroRule | kContextMask << kContextShift;

Error Bad(const std::string& why) {
  return Error{ErrorCode::kCorruption, "chunk by significance: " + why};
}

/// A run of bits and its place in the order.
struct BitRun {
  unsigned step, exponent_class, symbol, bit;
};

std::vector<BitRun> RunsInOrder(const SignificanceLayout& layout, const SymbolCounts& counts) {
  std::vector<BitRun> runs;
  for (unsigned symbol = layout.map.zero_rule; symbol < counts.size(); ++symbol) {
    if (counts[symbol] == 0) continue;
    const unsigned of = layout.ClassOf(symbol);
    for (unsigned bit = 0; bit < layout.bit_count(); ++bit)
      runs.push_back({StepOf(layout.format, of, bit), of, symbol, bit});
  }
  std::ranges::sort(runs, [](const BitRun& a, const BitRun& b) {
    return a.step != b.step ? a.step < b.step : a.exponent_class > b.exponent_class;
  });
  return runs;
}

}  // namespace

unsigned StepOf(const FloatFormat& format, unsigned exponent_class, unsigned bit) {
  const unsigned classes = 1U << format.exponent_bits;
  const unsigned octave = bit == 0 ? classes - 1 - exponent_class : classes + bit - exponent_class;
  return 2 * octave + exponent_class % 2;
}

unsigned SignificanceLayout::max_symbol() const {
  const unsigned top = (1U << format.exponent_bits) - 1;
  return std::clamp(top - map.first + 1 + map.zero_rule, 1U, 255U);
}

BitPlaces::BitPlaces(const SignificanceLayout& layout, const SymbolCounts& counts,
                     std::span<const std::uint8_t> depths)
    : bits_(layout.bit_count()),
      first_(counts.size() * bits_, 0),
      level_(first_.size(), 0),
      level_bytes_(depths.size(), 0) {
  std::size_t level = 0, begin = 0, at = 0;  // in bits
  const auto end_level = [&] {
    level_bytes_[level++] = (at - begin + 7) / 8;
    at = begin = (at + 7) / 8 * 8;
  };
  for (const BitRun& run : RunsInOrder(layout, counts)) {
    while (depths[level] != kWholeDepth && run.step > layout.origin + depths[level]) end_level();
    first_[run.symbol * bits_ + run.bit] = static_cast<std::uint32_t>(at);
    level_[run.symbol * bits_ + run.bit] = static_cast<std::uint8_t>(level);
    at += counts[run.symbol];
  }
  while (level < depths.size()) end_level();
}

Result<SignificanceLayout> ReadSignificanceLayout(const ChunkHeader& header) {
  SignificanceLayout layout;
  layout.format = FormatOf(header.dtype);
  if (!layout.format.valid()) return Bad("element type has no exponent");
  layout.components = header.raw_bytes() / layout.format.width;
  FieldReader in(header.payload());
  const unsigned flags = in.Get<std::uint8_t>();
  layout.absent_mantissa = in.Get<std::uint8_t>();
  layout.map.first = in.Get<std::uint16_t>();
  layout.origin = in.Get<std::uint16_t>();
  layout.symbol_bytes = in.GetVarint(static_cast<std::uint32_t>(header.raw_bytes()));
  if (!in.ok() || in.remaining() != 0) return Bad("parameters are malformed");
  const unsigned context = flags >> kContextShift & kContextMask;
  if ((flags & ~kKnownFlags) != 0 || context >= kSymbolContexts) {
    return Error{ErrorCode::kUnsupported, "chunk by significance: flags " + std::to_string(flags)};
  }
  layout.context = static_cast<SymbolContext>(context);
  layout.map.zero_rule = flags & kZeroRule;
  layout.map.exponent_shift = layout.format.mantissa_bits;
  layout.map.exponent_bits = layout.format.exponent_bits;
  if (layout.absent_mantissa > layout.format.mantissa_bits) return Bad("absent bits");
  if (layout.origin > kMostOrigin) return Bad("origin " + std::to_string(layout.origin));
  if (layout.map.first == 0 || layout.map.first >= 1U << layout.format.exponent_bits)
    return Bad("first exponent " + std::to_string(layout.map.first));
  if (layout.symbol_bytes > header.level_table[0].size_bytes)
    return Bad("the first level is shorter than its symbols");
  return layout;
}

Result<std::vector<unsigned>> StepsOfLevels(const ChunkHeader& header) {
  std::vector<unsigned> steps;
  if (header.mode == ChunkMode::kSignificance) {
    DLV_ASSIGN(const SignificanceLayout layout, ReadSignificanceLayout(header));
    for (const LevelEntry& level : header.levels()) {
      if (level.depth != kWholeDepth) steps.push_back(layout.origin + level.depth);
    }
  }
  steps.push_back(kWholeStep);
  return steps;
}

void WriteSignificanceLayout(const SignificanceLayout& layout, ChunkHeader& header) {
  std::vector<std::byte> payload;
  const unsigned flags = layout.map.zero_rule | static_cast<unsigned>(layout.context)
                                                    << kContextShift;
  PutField(payload, static_cast<std::uint8_t>(flags));
  PutField(payload, static_cast<std::uint8_t>(layout.absent_mantissa));
  PutField(payload, static_cast<std::uint16_t>(layout.map.first));
  PutField(payload, static_cast<std::uint16_t>(layout.origin));
  PutVarint(payload, layout.symbol_bytes);
  header.SetPayload(payload);
}

}  // namespace dlv::codec

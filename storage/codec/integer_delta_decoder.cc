#include <algorithm>
#include <array>
#include <cstring>
#include <string>
#include <string_view>

#include "storage/codec/bit_stream.h"
#include "storage/codec/block_scales.h"
#include "storage/codec/delta_format.h"
#include "storage/codec/integer_delta_codec.h"
#include "storage/codec/integer_delta_format.h"
#include "storage/codec/integer_delta_loops.h"
#include "storage/codec/rans.h"

namespace dlv::codec {
namespace {

constexpr std::size_t kDecoderSlack = 128;  // kernels read and write whole vectors

Error BadIntegers(std::string_view what) {
  return Error{ErrorCode::kCorruption, "integer delta: " + std::string(what)};
}

}  // namespace

struct IntegerDeltaDecoder::State {
  IntegerDeltaLayout layout;
  std::size_t active = 0;  // units of blocks with a scale
  std::vector<std::uint8_t> scales;
  std::vector<std::uint8_t> symbols;  // of the active units, group by group, `stride` apart
  std::size_t stride = 0;
  std::vector<std::uint8_t> contexts;
  std::vector<std::uint8_t> open;
  std::vector<std::uint32_t> tables;
  SymbolDecoder coded_symbols;

  Status ReadScales(FieldReader& in);
  Status ReadGroups(FieldReader& in, const std::uint8_t* base);
  Status ReadGroup(unsigned group, FieldReader& in, const std::uint8_t* base);
  Status ReadRans(unsigned group, FieldReader& in, const std::uint8_t* base);
  bool ReadTables(BitReader& in, std::array<std::uint8_t, kMostIntegerContexts>& table_of);
  void Join(const std::uint8_t* base, std::uint8_t* out) const;
  std::uint8_t* SymbolsOf(unsigned group) { return symbols.data() + group * stride; }
};

Status IntegerDeltaDecoder::State::ReadScales(FieldReader& in) {
  scales.assign(layout.blocks(), 1);
  const auto form = in.Get<std::uint8_t>();
  if (!in.ok() || form != static_cast<std::uint8_t>(DeltaScaleMode::kNone)) {
    const std::string_view wrong = ReadBlockScales(in, form, tables, scales);
    if (!wrong.empty()) return BadIntegers(wrong);
  }
  active = CountActive(layout, scales);
  return active > 0 ? Ok() : Status(BadIntegers("no block has a scale"));
}

bool IntegerDeltaDecoder::State::ReadTables(
    BitReader& in, std::array<std::uint8_t, kMostIntegerContexts>& table_of) {
  unsigned count = 0;
  std::array<std::uint16_t, 256> frequencies{};
  for (unsigned context = 0; context < layout.contexts(); ++context) {
    if (in.Get(1) != 0) {
      if (count == kMostIntegerTables) return false;
      frequencies = {};
      if (!ReadFrequencies(in, kDeltaTableBits, frequencies)) return false;
      tables.resize(std::max(tables.size(), (count + std::size_t{1}) << kDeltaTableBits));
      BuildRansDecodeTable(frequencies, kDeltaTableBits,
                           tables.data() + (std::size_t{count} << kDeltaTableBits));
      ++count;
    } else if (count == 0) {
      return false;
    }
    table_of[context] = static_cast<std::uint8_t>(count - 1);
  }
  return in.Finish();
}

Status IntegerDeltaDecoder::State::ReadRans(unsigned group, FieldReader& in,
                                            const std::uint8_t* base) {
  const FieldReader here = in;
  BitReader bits(FieldReader(here).Rest());
  std::array<std::uint8_t, kMostIntegerContexts> table_of{};
  if (!ReadTables(bits, table_of)) return BadIntegers("bad tables");
  (void)in.GetBytes(bits.consumed());
  const auto coded = in.GetBytes(in.GetVarint(static_cast<std::uint32_t>(RansBound(active))));
  if (!in.ok()) return BadIntegers("symbols are cut off");
  FillIntegerContexts(layout, group, scales, base, open.data(), table_of, contexts.data());
  const bool decoded =
      RansDecode(coded, contexts.data(), active, kDeltaTableBits, tables.data(), SymbolsOf(group));
  return decoded ? Ok() : Status(BadIntegers("bad symbols"));
}

Status IntegerDeltaDecoder::State::ReadGroup(unsigned group, FieldReader& in,
                                             const std::uint8_t* base) {
  const auto kind = static_cast<IntegerGroupKind>(in.Get<std::uint8_t>());
  std::uint8_t* const out = SymbolsOf(group);
  if (!in.ok()) return BadIntegers("groups are cut off");
  switch (kind) {
    case IntegerGroupKind::kConstant:
      std::memset(out, in.Get<std::uint8_t>(), active);
      break;
    case IntegerGroupKind::kRaw: {
      const auto raw = in.GetBytes(active);
      std::copy(raw.begin(), raw.end(), reinterpret_cast<std::byte*>(out));
      break;
    }
    case IntegerGroupKind::kZstd:
    case IntegerGroupKind::kZstdHigh: {
      const auto coded = in.GetBytes(in.GetVarint(static_cast<std::uint32_t>(in.remaining())));
      const auto context =
          kind == IntegerGroupKind::kZstd ? SymbolContext::kZstd : SymbolContext::kZstdHigh;
      if (in.ok() && !coded_symbols.Decode(coded, context, 255, active, out))
        return BadIntegers("bad frame");
      break;
    }
    case IntegerGroupKind::kRans:
      return ReadRans(group, in, base);
    default:
      return Error{ErrorCode::kUnsupported, "integer delta: kind of a group"};
  }
  return in.ok() ? Ok() : Status(BadIntegers("symbols are cut off"));
}

Status IntegerDeltaDecoder::State::ReadGroups(FieldReader& in, const std::uint8_t* base) {
  stride = active + kDecoderSlack;
  symbols.resize(std::max(symbols.size(), stride * layout.width));
  contexts.resize(std::max(contexts.size(), stride));
  open.assign(layout.width > 1 ? active : 0, 0);
  for (unsigned group = 0; group < layout.width; ++group) {
    DLV_TRY(ReadGroup(group, in, base));
    for (std::size_t i = 0; i < open.size(); ++i)
      open[i] = static_cast<std::uint8_t>(open[i] | SymbolsOf(group)[i]);
  }
  return in.remaining() == 0 ? Ok() : Status(BadIntegers("bytes left over"));
}

void IntegerDeltaDecoder::State::Join(const std::uint8_t* base, std::uint8_t* out) const {
  const std::uint8_t* from = symbols.data();
  for (std::size_t block = 0; block < scales.size(); ++block) {
    const std::size_t size = layout.BlockSize(block);
    const std::size_t at = block * kIntegerBlock * layout.width;
    if (scales[block] == 0) {
      std::memcpy(out + at, base + at, size * layout.width);
      continue;
    }
    JoinIntegers(layout.width, from, stride, size, base + at, out + at);
    from += size;
  }
}

IntegerDeltaDecoder::IntegerDeltaDecoder() : state_(std::make_unique<State>()) {}
IntegerDeltaDecoder::~IntegerDeltaDecoder() = default;
IntegerDeltaDecoder::IntegerDeltaDecoder(IntegerDeltaDecoder&&) noexcept = default;
IntegerDeltaDecoder& IntegerDeltaDecoder::operator=(IntegerDeltaDecoder&&) noexcept = default;

Status IntegerDeltaDecoder::Decode(const ChunkHeader& header, std::span<const std::byte> body,
                                   std::span<const std::byte> base, std::span<std::byte> out) {
  State& state = *state_;
  if (header.level_count != 1) return BadIntegers("more levels than the mode has");
  const auto layout = ReadIntegerPayload(header.dtype, header.count, header.payload());
  if (!layout) return BadIntegers("bad parameters");
  state.layout = *layout;
  const auto coded = body.first(header.level_table[0].size_bytes);
  if (layout->width == 0) {
    if (!coded.empty()) return BadIntegers("bytes where all is equal");
    std::ranges::copy(base, out.begin());
    return Ok();
  }
  FieldReader in(coded);
  const auto* base_bytes = reinterpret_cast<const std::uint8_t*>(base.data());
  DLV_TRY(state.ReadScales(in));
  DLV_TRY(state.ReadGroups(in, base_bytes));
  state.Join(base_bytes, reinterpret_cast<std::uint8_t*>(out.data()));
  return Ok();
}

}  // namespace dlv::codec

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>

#include "storage/codec/bit_stream.h"
#include "storage/codec/block_scales.h"
#include "storage/codec/delta_codec.h"
#include "storage/codec/delta_format.h"
#include "storage/codec/delta_tables.h"
#include "storage/codec/rans.h"

namespace dlv::codec {
namespace {

constexpr std::size_t kSlack = 128;  // kernels read and write whole vectors

Error Bad(unsigned level, std::string_view what) {
  return Error{ErrorCode::kCorruption,
               "delta level " + std::to_string(level) + ": " + std::string(what)};
}

void Need(std::vector<std::uint8_t>& memory, std::size_t size) {
  if (memory.size() < size + kSlack) memory.resize(size + kSlack);
}

}  // namespace

/// Decoding tables of one level. Built-in ones stay from chunk to chunk.
constexpr std::uint8_t kOwnTable = 254;
constexpr std::uint8_t kNoTable = 255;

struct LevelTables {
  std::vector<std::uint32_t> entries;
  std::array<std::uint8_t, kDeltaMaxContexts> holds;  // a DeltaTableKind, or one of the above
  LevelTables() { holds.fill(kNoTable); }
};

struct DeltaDecoder::State {
  const DeltaKernels* kernels = nullptr;
  DeltaShape shape{};
  DeltaPayload payload;
  bool second_bits = false;
  std::size_t count = 0;
  std::size_t blocks = 0;
  std::array<std::vector<std::uint8_t>, kDeltaMaxLevels> memory;
  /// Each level's predictions, then its values: in `memory`, or where the result goes.
  std::array<std::uint8_t*, kDeltaMaxLevels> values{};
  std::vector<std::uint8_t> extrapolated;
  std::vector<std::uint8_t> block_scale;
  std::vector<std::uint8_t> block_ratio;
  std::vector<std::uint8_t> scale;
  std::vector<std::uint8_t> state;
  std::vector<std::uint8_t> symbols;
  std::vector<std::uint8_t> contexts;
  std::vector<std::uint8_t> low;
  std::vector<std::uint8_t> high;
  std::vector<std::uint32_t> rans_tables;
  std::array<LevelTables, kDeltaMaxLevels> level_tables;
  DeltaTableSet tables;

  Status Start(const ChunkHeader& header, std::size_t body_size, std::size_t level,
               std::span<std::byte> out);
  Status ReadScales(FieldReader& in);
  void Predict(std::span<const std::span<const std::byte>> levels, const std::uint8_t* base);
  Status ReadLevel(unsigned level, FieldReader& in);
  Status ReadPlain(unsigned level, FieldReader& in);
  Status ReadNarrow(unsigned level, FieldReader& in);
  unsigned DroppedBits(unsigned level) const {
    return DeltaDroppedBits(shape, payload.zero_bits, level);
  }
  /// Bits of a value of the level that are stored.
  unsigned KeptBits(unsigned level) const {
    return 8u * shape.level_bytes[level] - DroppedBits(level);
  }
  Status ReadCoded(unsigned level, FieldReader& in);
  Status ReadSymbols(unsigned level, std::span<const std::byte> coded, std::size_t expected);
  bool ReadShares(unsigned level, BitReader& in);
};

Status DeltaDecoder::State::Start(const ChunkHeader& header, std::size_t body_size,
                                  std::size_t level, std::span<std::byte> out) {
  const auto found = DeltaShapeOf(header.dtype);
  if (!found)
    return Error{ErrorCode::kCorruption, "delta of dtype " + std::string(NameOf(header.dtype))};
  second_bits = header.mode == ChunkMode::kDeltaSecond;
  if (header.mode != ChunkMode::kDelta && !second_bits)
    return Error{ErrorCode::kUnsupported, "delta: all bits in one level (mode 17)"};
  shape = *found;
  if (header.level_count != shape.level_count || !header.needs_base) {
    return Error{ErrorCode::kCorruption, "delta header: got " + std::to_string(header.level_count) +
                                             " levels, want " + std::to_string(shape.level_count)};
  }
  if (level >= header.level_count)
    return Error{ErrorCode::kInvalidArgument, "delta: no level " + std::to_string(level)};
  std::size_t need = 0;
  for (unsigned i = 0; i < shape.level_count; ++i) {
    const LevelEntry& entry = header.level_table[i];
    if (entry.planes != DeltaPlanes(shape, i)) return Bad(i, "wrong number of planes");
    if (i <= level) need += entry.size_bytes;
  }
  if (need > body_size)
    return Error{ErrorCode::kCorruption, "delta: body has " + std::to_string(body_size) +
                                             " bytes, want " + std::to_string(need)};
  const auto parsed = ReadDeltaPayload(header.payload());
  if (!parsed || (parsed->ratio != 0 && shape.has_ratio == 0) ||
      (parsed->beta != 0 && shape.mantissa_bits == 0) ||
      parsed->zero_bits > DeltaMostZeroBits(shape))
    return Error{ErrorCode::kCorruption, "delta: bad payload"};
  if ((parsed->beta != 0) != header.needs_second_base)
    return Error{ErrorCode::kCorruption, "delta: second base where none is needed, or none"};
  if ((parsed->zero_bits != 0) != header.is_narrow)
    return Error{ErrorCode::kCorruption, "delta: header and payload differ in zero bits"};
  payload = *parsed;
  count = std::size_t{header.count} * DeltaComponentsOf(header.dtype);
  blocks = (count + kDeltaBlock - 1) / kDeltaBlock;
  kernels = &ActiveDeltaKernels();
  const std::size_t padded = blocks * kDeltaBlock;
  for (unsigned i = 0; i <= level; ++i) {
    Need(memory[i], padded * shape.level_bytes[i]);
    values[i] = memory[i].data();
  }
  // Where the one level is the elements themselves, and kernels write nothing behind them.
  if (shape.element_bytes == 2 && padded == count) {
    values[0] = reinterpret_cast<std::uint8_t*>(out.data());
  }
  for (auto* one : {&scale, &state, &symbols, &contexts}) Need(*one, padded);
  Need(block_scale, blocks);
  Need(block_ratio, blocks);
  std::memset(state.data(), 0, padded);
  std::memset(block_scale.data(), 0, blocks);
  std::memset(block_ratio.data(), payload.ratio_everywhere ? 1 : 0, blocks);
  return Ok();
}

Status DeltaDecoder::State::ReadScales(FieldReader& in) {
  if (payload.ratio != 0 && !payload.ratio_everywhere) {
    BitReader flags(in.GetBytes((blocks + 7) / 8));
    for (std::size_t i = 0; i < blocks; ++i)
      block_ratio[i] = static_cast<std::uint8_t>(flags.Get(1));
    if (!in.ok() || !flags.Finish()) return Bad(0, "bad ratio flags");
  }
  const auto form = in.Get<std::uint8_t>();
  const std::string_view wrong =
      ReadBlockScales(in, form, rans_tables, std::span(block_scale).first(blocks));
  return wrong.empty() ? Ok() : Status(Bad(0, wrong));
}

// The bits of plain values that are not dropped.
Status DeltaDecoder::State::ReadNarrow(unsigned level, FieldReader& in) {
  const std::size_t bytes = shape.level_bytes[level];
  const auto part = in.Rest();
  BitReader bits(part);
  for (std::size_t i = 0; i < count; ++i) {
    if (block_scale[i / kDeltaBlock] == 0) continue;
    const auto value = static_cast<std::uint16_t>(bits.Get(KeptBits(level)));
    std::memcpy(values[level] + i * bytes, &value, bytes);
  }
  if (!bits.Finish() || bits.consumed() != part.size())
    return Bad(level, "plain values are cut off, or too many");
  AdvanceDeltaState(DeltaLevelMode::kPlain, std::span(state).first(count));
  return Ok();
}

Status DeltaDecoder::State::ReadPlain(unsigned level, FieldReader& in) {
  if (DroppedBits(level) != 0) return ReadNarrow(level, in);
  const std::size_t bytes = shape.level_bytes[level];
  for (std::size_t block = 0; block < blocks; ++block) {
    if (block_scale[block] == 0) continue;
    std::size_t end = block;
    while (end < blocks && block_scale[end] != 0) ++end;
    const std::size_t first = block * kDeltaBlock;
    const auto part = in.GetBytes((std::min(end * kDeltaBlock, count) - first) * bytes);
    if (!in.ok()) return Bad(level, "plain values are cut off");
    std::memcpy(values[level] + first * bytes, part.data(), part.size());
    block = end;
  }
  AdvanceDeltaState(DeltaLevelMode::kPlain, std::span(state).first(count));
  return Ok();
}

Status DeltaDecoder::State::ReadSymbols(unsigned level, std::span<const std::byte> coded,
                                        std::size_t expected) {
  if (expected == 0)
    return coded.empty() ? Ok() : Status(Bad(level, "symbols where none are expected"));
  const unsigned bytes = shape.level_bytes[level];
  const unsigned symbol_count =
      second_bits ? DeltaSecondSymbolsOf(level, bytes) : DeltaSymbolsOf(level, bytes);
  LevelTables& built = level_tables[level];
  const DeltaTableKind kind = DeltaTableKindOf(shape, level);
  const unsigned context_count = DeltaContextsOf(level);
  built.entries.resize(std::size_t{context_count} << kDeltaTableBits);
  for (unsigned context = 0; context < context_count; ++context) {
    const bool own = second_bits || tables.own[context];
    const std::uint8_t want = own ? kOwnTable : static_cast<std::uint8_t>(kind);
    if (want != kOwnTable && built.holds[context] == want) continue;
    kernels->fill_table(tables.frequencies[context].data(), symbol_count,
                        built.entries.data() + (std::size_t{context} << kDeltaTableBits));
    built.holds[context] = want;
  }
  if (!RansDecode(coded, contexts.data(), expected, kDeltaTableBits, built.entries.data(),
                  symbols.data())) {
    return Bad(level, "bad symbols");
  }
  return Ok();
}

// Splits the tables by them.
bool DeltaDecoder::State::ReadShares(unsigned level, BitReader& in) {
  SecondBitShares shares;
  for (std::uint8_t& zeros : shares.zeros) {
    zeros = static_cast<std::uint8_t>(in.Get(kSecondBitWidth));
    if (zeros == 0) return false;
  }
  SplitDeltaTables(shape, level, shares, tables);
  return true;
}

Status DeltaDecoder::State::ReadCoded(unsigned level, FieldReader& in) {
  const unsigned bytes = shape.level_bytes[level];
  FieldReader here = in;
  BitReader bits(here.Rest());
  if (!ReadDeltaTables(bits, DeltaTableKindOf(shape, level), DeltaContextsOf(level),
                       DeltaSymbolsOf(level, bytes), tables) ||
      (second_bits && !ReadShares(level, bits)) || !bits.Finish()) {
    return Bad(level, "bad tables");
  }
  (void)in.GetBytes(bits.consumed());
  const std::uint32_t coded_size = in.GetVarint(static_cast<std::uint32_t>(RansBound(count)));
  const std::uint32_t low_size = in.GetVarint(static_cast<std::uint32_t>(count));
  const auto coded = in.GetBytes(coded_size);
  const auto low_bytes = in.GetBytes(low_size);
  const auto high_bytes = in.Rest();
  if (!in.ok()) return Bad(level, "cut off");
  if (high_bytes.size() > count) return Bad(level, "bytes left over");
  const std::size_t expected =
      kernels->contexts(scale.data(), state.data(), block_scale.data(), count, contexts.data());
  DLV_TRY(ReadSymbols(level, coded, expected));
  // Symbols that do not match the fields would read past them: there is room for the longest ones.
  Need(low, count + kSlack);
  Need(high, count + kSlack);
  std::copy_n(reinterpret_cast<const std::uint8_t*>(low_bytes.data()), low_bytes.size(),
              low.data());
  std::copy_n(reinterpret_cast<const std::uint8_t*>(high_bytes.data()), high_bytes.size(),
              high.data());
  DeltaBitsIn low_in{low.data(), 0};
  DeltaBitsIn high_in{high.data(), 0};
  kernels->decode_level({level, bytes, second_bits}, values[level], state.data(),
                        block_scale.data(), count, symbols.data(), &low_in, &high_in);
  if (low_bytes.size() != (low_in.position + 7) / 8 ||
      high_bytes.size() != (high_in.position + 7) / 8) {
    return Bad(level, "fields do not match the symbols");
  }
  return Ok();
}

// One pass over the base for all levels. Plain levels need it only for blocks that are not stored.
void DeltaDecoder::State::Predict(std::span<const std::span<const std::byte>> levels,
                                  const std::uint8_t* base) {
  const bool all_stored = std::memchr(block_scale.data(), 0, blocks) == nullptr;
  unsigned wanted = 1;
  std::array<std::uint8_t*, kDeltaMaxLevels> predictions{values[0]};
  for (unsigned level = 1; level < levels.size(); ++level) {
    const bool plain = !levels[level].empty() &&
                       levels[level][0] == static_cast<std::byte>(DeltaLevelMode::kPlain);
    if (KeptBits(level) != 0 && (!plain || !all_stored)) wanted |= 1u << level;
    predictions[level] = values[level];
  }
  kernels->predict(&shape, wanted, base, count, payload.ratio, block_scale.data(),
                   block_ratio.data(), predictions.data(), scale.data());
  for (unsigned level = 1; level < levels.size(); ++level) {
    if (KeptBits(level) == 0) {
      std::memset(values[level], 0, count * shape.level_bytes[level]);
    } else {
      DropDeltaBits(values[level], shape.level_bytes[level], count, DroppedBits(level));
    }
  }
}

Status DeltaDecoder::State::ReadLevel(unsigned level, FieldReader& in) {
  const bool is_stored = !payload.equal && KeptBits(level) != 0;
  const std::uint8_t mode = is_stored ? in.Get<std::uint8_t>() : 0;
  if (!in.ok()) return Bad(level, "cut off");
  switch (mode) {
    case static_cast<std::uint8_t>(DeltaLevelMode::kZero):
      AdvanceDeltaState(DeltaLevelMode::kZero, std::span(state).first(count));
      break;
    case static_cast<std::uint8_t>(DeltaLevelMode::kCoded):
      DLV_TRY(ReadCoded(level, in));
      break;
    case static_cast<std::uint8_t>(DeltaLevelMode::kPlain):
      DLV_TRY(ReadPlain(level, in));
      break;
    default:
      return Bad(level, "unknown mode");
  }
  return in.remaining() == 0 ? Ok() : Status(Bad(level, "bytes left over"));
}

DeltaDecoder::DeltaDecoder() : state_(std::make_unique<State>()) {}
DeltaDecoder::~DeltaDecoder() = default;
DeltaDecoder::DeltaDecoder(DeltaDecoder&&) noexcept = default;
DeltaDecoder& DeltaDecoder::operator=(DeltaDecoder&&) noexcept = default;

Status DeltaDecoder::Decode(const ChunkHeader& header, std::span<const std::byte> body,
                            std::size_t level, std::span<const std::byte> base,
                            std::span<const std::byte> second_base, std::span<std::byte> out) {
  if (base.size() != header.raw_bytes() || out.size() != header.raw_bytes()) {
    return Error{ErrorCode::kInvalidArgument, "delta: base has " + std::to_string(base.size()) +
                                                  " bytes, result " + std::to_string(out.size()) +
                                                  ", want " + std::to_string(header.raw_bytes())};
  }
  State& state = *state_;
  DLV_TRY(state.Start(header, body.size(), level, out));
  const auto* base_bytes = reinterpret_cast<const std::uint8_t*>(base.data());
  if (state.payload.beta != 0) {
    if (second_base.size() != base.size())
      return Error{ErrorCode::kInvalidArgument, "delta: second base has " +
                                                    std::to_string(second_base.size()) +
                                                    " bytes, want " + std::to_string(base.size())};
    Need(state.extrapolated, base.size());
    state.kernels->extrapolate(&state.shape, static_cast<unsigned>(level) + 1, base_bytes,
                               reinterpret_cast<const std::uint8_t*>(second_base.data()),
                               state.count, state.payload.beta, state.extrapolated.data());
    base_bytes = state.extrapolated.data();
  }
  std::array<std::span<const std::byte>, kDeltaMaxLevels> parts;
  std::array<const std::uint8_t*, kDeltaMaxLevels> values{};
  const std::size_t levels = level + 1;
  std::size_t at = 0;
  for (std::size_t i = 0; i < levels; ++i) {
    parts[i] = body.subspan(at, header.level_table[i].size_bytes);
    at += parts[i].size();
    values[i] = state.values[i];
  }
  for (unsigned i = 0; i < levels; ++i) {
    FieldReader in(parts[i]);
    if (i == 0) {
      if (!state.payload.equal) DLV_TRY(state.ReadScales(in));
      state.Predict(std::span(parts).first(levels), base_bytes);
    }
    DLV_TRY(state.ReadLevel(i, in));
    if (i + 1u == header.level_count) continue;
    const auto bytes =
        std::as_bytes(std::span(state.values[i], state.count * state.shape.level_bytes[i]));
    if (!ChecksumMatches(header, i, Checksum(bytes))) {
      return Bad(i, "checksum of the decoded bits differs (wrong base?)");
    }
  }
  for (unsigned i = 0; i < levels; ++i) {
    RestoreDeltaBits(state.values[i], state.shape.level_bytes[i], state.count,
                     state.DroppedBits(i));
  }
  auto* const elements = reinterpret_cast<std::uint8_t*>(out.data());
  if (values[0] != elements) {
    state.kernels->join(&state.shape, static_cast<unsigned>(levels), values.data(), state.count,
                        elements);
  }
  return Ok();
}

}  // namespace dlv::codec

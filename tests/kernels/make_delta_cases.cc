#include <algorithm>
#include <bit>
#include <cstring>
#include <random>

#include "storage/codec/bit_stream.h"
#include "storage/codec/delta_codec.h"
#include "storage/codec/delta_format.h"
#include "storage/codec/delta_tables.h"
#include "storage/codec/rans.h"
#include "tests/kernels/delta_case.h"
#include "tests/kernels/element_kinds.h"

namespace dlv::kernels::test {
namespace {

std::size_t BlocksOf(const DeltaCase& one) {
  return (std::size_t{one.count} + cuda::kDeltaBlock - 1) / cuda::kDeltaBlock;
}

/// What stands before the first level's mode (docs/format/delta.md §6).
void TakeScales(codec::FieldReader& in, const codec::DeltaPayload& payload, DeltaCase& one) {
  const std::size_t blocks = BlocksOf(one);
  one.block_scales.assign(blocks, 0);
  one.block_ratios.assign(blocks, payload.ratio_everywhere ? 1 : 0);
  one.ratio = payload.ratio;
  if (payload.equal) return;
  if (payload.ratio != 0 && !payload.ratio_everywhere) {
    codec::BitReader flags(in.GetBytes((blocks + 7) / 8));
    for (auto& flag : one.block_ratios) flag = static_cast<std::uint8_t>(flags.Get(1));
  }
  if (in.Get<std::uint8_t>() == 0) {
    one.block_scales = CopyOf(in.GetBytes(blocks));
    return;
  }
  const codec::FieldReader here = in;
  codec::BitReader bits(codec::FieldReader(here).Rest());
  std::array<std::uint16_t, 256> frequencies{};
  DLV_CHECK(codec::ReadFrequencies(bits, 10, frequencies) && bits.Finish(), "a valid table");
  (void)in.GetBytes(bits.consumed());
  const std::uint32_t size = in.GetVarint(1u << 20);
  std::vector<std::uint32_t> table(1024);
  codec::BuildRansDecodeTable(frequencies, 10, table.data());
  DLV_CHECK(codec::RansDecode(in.GetBytes(size), nullptr, blocks, 10, table.data(),
                              one.block_scales.data()),
            "valid scales");
}

DeltaLevel TakeLevel(codec::FieldReader& in, const codec::DeltaShape& shape, unsigned level,
                     bool equal) {
  DeltaLevel taken;
  taken.mode = static_cast<cuda::DeltaMode>(equal ? 0 : in.Get<std::uint8_t>());
  if (taken.mode == cuda::DeltaMode::kPlain) taken.low = CopyOf(in.Rest());
  if (taken.mode != cuda::DeltaMode::kCoded) return taken;
  const codec::FieldReader here = in;
  codec::BitReader bits(codec::FieldReader(here).Rest());
  codec::DeltaTableSet tables;
  const unsigned contexts = codec::DeltaContextsOf(level);
  DLV_CHECK(
      codec::ReadDeltaTables(bits, codec::DeltaTableKindOf(shape, level), contexts,
                             codec::DeltaSymbolsOf(level, shape.level_bytes[level]), tables) &&
          bits.Finish(),
      "valid tables");
  (void)in.GetBytes(bits.consumed());
  for (unsigned context = 0; context < contexts; ++context) {
    const auto row = std::span(tables.frequencies[context]).first<cuda::kDeltaTableRow>();
    taken.frequencies.insert(taken.frequencies.end(), row.begin(), row.end());
  }
  const std::uint32_t coded = in.GetVarint(1u << 20), low = in.GetVarint(1u << 20);
  taken.coded = CopyOf(in.GetBytes(coded));
  taken.low = CopyOf(in.GetBytes(low));
  taken.high = CopyOf(in.Rest());
  return taken;
}

}  // namespace

DeltaCase MakeDeltaCase(const std::string& name, DType dtype, std::span<const std::byte> child,
                        std::span<const std::byte> base, std::span<const std::byte> second_base) {
  codec::ChunkHeader header;
  std::vector<std::byte> body, written;
  codec::DeltaOptions options;
  options.second_base = second_base;
  DLV_CHECK(codec::DeltaEncoder().Encode(dtype, child, base, options, header, body), "no limit");
  if (header.is_narrow) {  // the kernels for devices have no such elements: one more bit
    std::vector<std::byte> wide(child.begin(), child.end());
    wide[0] |= std::byte{1};
    return MakeDeltaCase(name, dtype, wide, base, second_base);
  }
  codec::WriteChunkHeader(header, written);  // cuts checksums to what is stored
  const auto payload = codec::ReadDeltaPayload(header.payload());
  const auto shape = codec::DeltaShapeOf(dtype);
  DLV_CHECK(payload && shape, "valid parameters");
  DeltaCase one;
  one.name = name;
  one.dtype = dtype;
  one.count = header.count * codec::DeltaComponentsOf(dtype);
  one.base = CopyOf(base);
  one.second_base = CopyOf(second_base);
  one.beta = payload->beta;
  codec::DeltaDecoder decoder;
  std::size_t at = 0;
  for (unsigned level = 0; level < header.level_count; ++level) {
    const std::size_t size = header.level_table[level].size_bytes;
    const auto stored = std::span<const std::byte>(body).subspan(at, size);
    codec::FieldReader in(stored);
    at += size;
    if (level == 0) TakeScales(in, *payload, one);
    DeltaLevel taken = TakeLevel(in, *shape, level, payload->equal);
    std::vector<std::byte> out(child.size());
    const Status decoded = decoder.Decode(header, body, level, base, second_base, out);
    DLV_CHECK(decoded.ok(), (name + ": " + decoded.error().message).c_str());
    taken.elements = CopyOf(out);
    one.levels.push_back(std::move(taken));
  }
  return one;
}

namespace {

/// Integers of a component's size, little-endian.
std::uint64_t Get(const std::vector<std::byte>& bytes, std::size_t i, std::size_t width) {
  std::uint64_t value = 0;
  std::memcpy(&value, bytes.data() + i * width, width);
  return value;
}
void Set(std::vector<std::byte>& bytes, std::size_t i, std::size_t width, std::uint64_t value) {
  std::memcpy(bytes.data() + i * width, &value, width);
}

std::size_t WidthOf(DType dtype) { return cuda::DeltaFormatOf(dtype).bytes; }

/// Small differences of the bits, some blocks as they were, some signs changed.
std::vector<std::byte> Step(DType dtype, std::vector<std::byte> bytes) {
  const std::size_t width = WidthOf(dtype);
  std::mt19937_64 random(5);
  for (std::size_t i = 0; i < bytes.size() / width; ++i) {
    if (i / 64 % 5 == 3) continue;
    const unsigned reach = static_cast<unsigned>(random() % (width < 2 ? 3 : 3 * width));
    std::uint64_t value = Get(bytes, i, width) + random() % (std::uint64_t{1} << reach);
    value -= (std::uint64_t{1} << reach) / 2;
    if (random() % 50 == 0) value ^= std::uint64_t{1} << (8 * width - 1);
    Set(bytes, i, width, value);
  }
  return bytes;
}

/// 0.9375 of most elements, some blocks as they were.
std::vector<std::byte> Decay(DType dtype, std::vector<std::byte> bytes) {
  const std::size_t width = WidthOf(dtype);
  if (dtype != DType::kF32 && dtype != DType::kBF16 && dtype != DType::kComplex64) return bytes;
  for (std::size_t i = 0; i < bytes.size() / width; ++i) {
    if (i / 64 % 7 == 5) continue;
    const auto bits = static_cast<std::uint32_t>(Get(bytes, i, width) << (width == 2 ? 16 : 0));
    const auto scaled = std::bit_cast<std::uint32_t>(std::bit_cast<float>(bits) * 0.9375f);
    Set(bytes, i, width, width == 2 ? (scaled + 0x7fff + (scaled >> 16 & 1)) >> 16 : scaled);
  }
  return bytes;
}

/// What `bytes` were before a step: most elements come from a little below or above, some from the
/// other sign, from farther than an octave, or from anything.
std::vector<std::byte> Before(DType dtype, std::vector<std::byte> bytes) {
  const std::size_t width = WidthOf(dtype);
  std::mt19937_64 random(6);
  for (std::size_t i = 0; i < bytes.size() / width; ++i) {
    std::uint64_t value = Get(bytes, i, width);
    value -= random() % (std::uint64_t{1} << 3 * width);
    const auto kind = static_cast<unsigned>(random() % 40);
    if (kind < 2) value ^= std::uint64_t{1} << (8 * width - 1);
    if (kind == 2) value += std::uint64_t{3} << (8 * width - 6);
    if (kind == 3) value = random();
    Set(bytes, i, width, value);
  }
  return bytes;
}

/// Where `base` goes from `before`, about: half of the step again, and noise.
std::vector<std::byte> GoOn(DType dtype, const std::vector<std::byte>& before,
                            std::vector<std::byte> base) {
  const std::size_t width = WidthOf(dtype);
  std::mt19937_64 random(7);
  for (std::size_t i = 0; i < base.size() / width; ++i) {
    const std::uint64_t value = Get(base, i, width);
    const std::uint64_t step = value - Get(before, i, width);
    Set(base, i, width, value + step / 2 + random() % (std::uint64_t{1} << width));
  }
  return base;
}

std::vector<std::byte> Other(DType dtype, std::vector<std::byte> bytes) {
  return codec::test::Awkward(dtype, bytes.size() / SizeOf(dtype), 99);
}

void AddExtrapolated(std::vector<DeltaCase>& cases) {
  const DType types[] = {DType::kF32, DType::kBF16,      DType::kF16,
                         DType::kF64, DType::kComplex64, DType::kComplex128};
  for (const DType dtype : types) {
    for (const bool awkward : {false, true}) {
      for (const std::size_t n : {1u, 31u, 63u, 64u, 65u, 300u, 4095u, 4097u, 9000u}) {
        const auto base = awkward ? codec::test::Awkward(dtype, n) : codec::test::Weights(dtype, n);
        const auto before = Before(dtype, base);
        cases.push_back(MakeDeltaCase(std::string(NameOf(dtype)) + " extrapolated" +
                                          (awkward ? " awkward " : " weights ") + std::to_string(n),
                                      dtype, GoOn(dtype, before, base), base, before));
      }
    }
  }
}

}  // namespace

std::vector<DeltaCase> MakeDeltaCases(bool large) {
  struct Change {
    const char* name;
    std::vector<std::byte> (*make)(DType, std::vector<std::byte>);
  };
  const Change changes[] = {{"equal", [](DType, std::vector<std::byte> same) { return same; }},
                            {"step", Step},
                            {"decay", Decay},
                            {"other", Other}};
  std::vector<DeltaCase> cases;
  for (const DType dtype : kFloatTypes) {
    for (const Change& change : changes) {
      for (const bool awkward : {false, true}) {
        for (const std::size_t n : {1u, 31u, 63u, 64u, 65u, 300u, 4095u, 4097u, 9000u}) {
          const auto base =
              awkward ? codec::test::Awkward(dtype, n) : codec::test::Weights(dtype, n);
          cases.push_back(MakeDeltaCase(std::string(NameOf(dtype)) + " " + change.name +
                                            (awkward ? " awkward " : " weights ") +
                                            std::to_string(n),
                                        dtype, change.make(dtype, base), base));
        }
      }
    }
  }
  AddExtrapolated(cases);
  if (!large) return cases;
  const auto base = codec::test::Weights(DType::kF32, 131072);
  cases.push_back(
      MakeDeltaCase("f32 step weights 131072", DType::kF32, Step(DType::kF32, base), base));
  const auto before = Before(DType::kF32, base);
  cases.push_back(MakeDeltaCase("f32 extrapolated weights 131072", DType::kF32,
                                GoOn(DType::kF32, before, base), base, before));
  return cases;
}

}  // namespace dlv::kernels::test

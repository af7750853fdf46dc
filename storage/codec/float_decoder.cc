#include <algorithm>
#include <string>

#include "storage/codec/bit_stream.h"
#include "storage/codec/float_codec.h"
#include "storage/codec/signed_zeros.h"

namespace dlv::codec {
namespace {

// Elements put together at a time, so that the second pass finds them in the first-level cache.
constexpr std::size_t kTile = 2048;

Error Bad(const std::string& why) { return Error{ErrorCode::kCorruption, "float chunk: " + why}; }

// The level before the last must end where the tail begins.
Status CheckTail(const ChunkHeader& header, const FloatLayout& layout) {
  if (layout.format.width < 4 || layout.wide_symbols || layout.absent_mantissa != 0) {
    return Bad("its type or parameters have no coded tail");
  }
  const std::size_t levels = header.level_count;
  const unsigned begin = 1 + layout.format.exponent_bits + layout.plane_bits();
  if (levels < 2 || header.level_table[levels - 2].planes != begin) return Bad("tail of a level");
  return Ok();
}

// The coded plane must be there, and in a level behind the symbols that are its contexts.
Status CheckCodedPlane(const ChunkHeader& header, const FloatLayout& layout) {
  if (layout.wide_symbols || layout.kept == 0 || layout.StoredPlanes(0, 1) == 0) {
    return Bad("its parameters have no coded plane");
  }
  if (header.level_table[0].planes != 1 + layout.format.exponent_bits) {
    return Bad("coded plane in the first level");
  }
  return Ok();
}

Result<FloatLayout> ReadLayout(const ChunkHeader& header) {
  FloatLayout layout;
  layout.format = FormatOf(header.dtype);
  if (!layout.format.valid()) return Bad("element type has no exponent");
  layout.components = header.raw_bytes() / layout.format.width;
  FieldReader in(header.payload());
  const auto flags = in.Get<std::uint8_t>();
  layout.absent_mantissa = in.Get<std::uint8_t>();
  layout.map.first = in.Get<std::uint16_t>();
  layout.map.zero_rule = flags & FloatFlags::kZeroRule;
  layout.wide_symbols = (flags & FloatFlags::kWideSymbols) != 0;
  if (layout.wide_symbols) {
    if (layout.format.mantissa_bits < kWideBits) return Bad("wide symbols");
    layout.format = WithWideSymbols(layout.format);
  }
  layout.map.exponent_shift = layout.format.mantissa_bits;
  layout.map.exponent_bits = layout.format.exponent_bits;
  layout.sign_absent = (flags & FloatFlags::kNoSigns) != 0;
  layout.signed_zeros = (flags & FloatFlags::kSignedZeros) != 0;
  layout.coded_plane = (flags & FloatFlags::kCodedPlane) != 0;
  const unsigned context = flags >> FloatFlags::kContextShift & FloatFlags::kContextMask;
  const auto limit = static_cast<std::uint32_t>(layout.components);
  const std::uint32_t zeros = layout.map.zero_rule != 0 ? in.GetVarint(limit) : 0;
  const bool packed = (flags & FloatFlags::kPackedSigns) != 0;
  if (packed) layout.packed_sign_bytes = in.GetVarint(limit);
  if (!in.ok() || in.remaining() != 0) return Bad("parameters are malformed");
  if (layout.signed_zeros && layout.map.zero_rule == 0) return Bad("signs of zeros without zeros");
  if (layout.absent_mantissa > layout.format.mantissa_bits) return Bad("absent planes");
  if (layout.map.first == 0 || layout.map.first >= 1u << layout.format.exponent_bits) {
    return Bad("first exponent " + std::to_string(layout.map.first));
  }
  layout.context = static_cast<SymbolContext>(context);
  layout.kept = layout.components - zeros;
  layout.coded_tail = header.mode == ChunkMode::kFloatTail;
  if (layout.coded_tail) DLV_TRY(CheckTail(header, layout));
  if (layout.coded_plane) DLV_TRY(CheckCodedPlane(header, layout));
  if (packed && (layout.packed_sign_bytes == 0 || layout.sign_bytes() == 0)) {
    return Bad("packed signs");
  }
  return layout;
}

// Of what has no size of its own.
struct CodedBytes {
  std::size_t symbols = 0;
  std::size_t plane = 0;  // the coded one
};

// Every level must have exactly the bytes that its planes take; the first has the symbols before
// them, and the second may have a coded plane in the place of its first.
Result<CodedBytes> CodedBytesOf(const ChunkHeader& header, const FloatLayout& layout) {
  const unsigned fixed = 1 + layout.format.exponent_bits;
  const std::size_t plane_bytes = layout.plane_bytes();
  unsigned known = 0;
  CodedBytes coded;
  for (std::size_t i = 0; i < header.level_count; ++i) {
    const LevelEntry& level = header.level_table[i];
    if (level.planes < fixed) return Bad("a level without the whole exponent");
    const unsigned bits = level.planes - fixed;
    std::size_t size = layout.StoredPlanes(known, bits) * plane_bytes;
    if (i == 0) {
      size += layout.stored_sign_bytes();
      if (level.size_bytes < size) return Bad("the first level is too short");
      coded.symbols = level.size_bytes - size;
    } else if (layout.coded_plane && i == 1) {
      size -= plane_bytes;
      if (level.size_bytes < size) return Bad("the level of the coded plane is too short");
      coded.plane = level.size_bytes - size;
    } else if (layout.coded_tail && i + 1u == header.level_count) {
      continue;  // as many as they are
    } else if (level.size_bytes != size) {
      return Bad("level " + std::to_string(i) + " has " + std::to_string(level.size_bytes) +
                 " bytes, want " + std::to_string(size));
    }
    known = bits;
  }
  return coded;
}

// Planes up to mantissa depth `bits`, as the kernel wants them. `uppermost`: null, or the first of
// them; then `mantissa` has those below it.
void PointToPlanes(const FloatLayout& layout, unsigned bits, std::span<const std::byte> signs,
                   const std::byte* uppermost, const std::byte* mantissa,
                   const std::uint8_t* plane[kMaxPlanes]) {
  if (!layout.sign_absent) {
    plane[layout.format.sign_bit()] = reinterpret_cast<const std::uint8_t*>(signs.data());
  }
  const auto* next = reinterpret_cast<const std::uint8_t*>(mantissa);
  const unsigned stored = layout.StoredPlanes(0, bits);
  unsigned k = 0;
  if (uppermost != nullptr) {
    plane[layout.format.mantissa_bits - 1 - k++] = reinterpret_cast<const std::uint8_t*>(uppermost);
  }
  for (; k < stored; ++k, next += layout.plane_bytes()) {
    plane[layout.format.mantissa_bits - 1 - k] = next;
  }
}

void PutTail(const std::uint8_t* tail, std::size_t n, unsigned width, std::uint8_t* elements) {
  for (std::size_t i = 0; i < n; ++i) elements[i * width] = tail[i];
}

// Checksum of what the first level adds: `planes` are its bytes after the symbols.
std::uint64_t FirstChecksum(const FloatLayout& layout, std::span<const std::byte> signs,
                            std::span<const std::byte> planes) {
  if (!layout.signs_apart()) return Checksum(planes);
  return Checksum(signs) ^ Checksum(planes.subspan(layout.stored_sign_bytes()));
}

// `second`: the planes of the second level where one of them is coded, else empty.
Status VerifyLevels(const ChunkHeader& header, const FloatLayout& layout,
                    std::span<const std::byte> body, std::size_t symbol_bytes,
                    std::span<const std::byte> signs, std::span<const std::uint8_t> symbols,
                    std::span<const std::byte> second, std::size_t level) {
  std::size_t at = 0;
  for (std::size_t i = 0; i <= level; ++i) {
    const std::size_t size = header.level_table[i].size_bytes;
    const std::uint64_t got =
        i == 0 ? FirstChecksum(layout, signs, body.first(size).subspan(symbol_bytes)) ^
                     Checksum(std::as_bytes(symbols))
               : Checksum(i == 1 && layout.coded_plane ? second : body.subspan(at, size));
    if (!ChecksumMatches(header, i, got)) {
      return Bad("level " + std::to_string(i) + ": checksum differs");
    }
    at += size;
  }
  return Ok();
}

bool HasFlag(const ChunkHeader& header, unsigned flag) {
  const bool is_float = header.mode == ChunkMode::kFloat || header.mode == ChunkMode::kFloatTail;
  return is_float && !header.payload().empty() &&
         (std::to_integer<unsigned>(header.payload()[0]) & flag) != 0;
}

}  // namespace

bool HasWideSymbols(const ChunkHeader& header) { return HasFlag(header, FloatFlags::kWideSymbols); }

bool HasCodedPlane(const ChunkHeader& header) { return HasFlag(header, FloatFlags::kCodedPlane); }

// Sets sign_planes_: the sign plane of what is kept, then that of the zeros.
Status FloatDecoder::ReadSigns(const FloatLayout& layout, std::span<const std::byte> stored) {
  sign_planes_ = stored;
  if (layout.packed_sign_bytes == 0) return Ok();
  signs_.resize(layout.sign_bytes() + 64);
  const auto unpacked = std::as_writable_bytes(std::span(signs_)).first(layout.sign_bytes());
  sign_planes_ = unpacked;
  return zstd_.Decompress(stored, unpacked);
}

// Sets tail_ to the lowest bytes of what is kept.
Status FloatDecoder::ReadTail(const FloatLayout& layout, std::span<const std::byte> coded) {
  tail_.resize(layout.kept + 64);
  if (layout.kept == 0) return coded.empty() ? Ok() : Bad("tail without elements");
  if (!tail_decoder_.Decode(coded, SymbolContext::kNone, 255, layout.kept, tail_.data())) {
    return Bad("its tail is malformed");
  }
  return Ok();
}

// Sets uppermost_ to the planes of the second level `stored`, of which the first is coded in so
// many bytes.
Status FloatDecoder::ReadCodedPlane(const FloatLayout& layout, std::span<const std::byte> stored,
                                    std::size_t coded_bytes) {
  std::span<const std::uint8_t> symbols = std::span(symbols_).first(layout.components);
  if (layout.map.zero_rule != 0) {
    kept_symbols_.resize(layout.components + 64);
    ActiveKernels().keep_nonzero(symbols.data(), symbols.size(), 1, kept_symbols_.data());
    symbols = std::span(kept_symbols_).first(layout.kept);
  }
  uppermost_.resize(layout.plane_bytes());
  if (!DecodeBits(stored.first(coded_bytes), symbols,
                  reinterpret_cast<std::uint8_t*>(uppermost_.data()))) {
    return Bad("its coded plane is malformed");
  }
  const auto others = stored.subspan(coded_bytes);
  uppermost_.insert(uppermost_.end(), others.begin(), others.end());
  return Ok();
}

Status FloatDecoder::CheckZeros(const FloatLayout& layout) const {
  const std::size_t zeros = ActiveKernels().count_zero_bytes(symbols_.data(), layout.components);
  if (zeros == layout.components - layout.kept) return Ok();
  return Bad(std::to_string(zeros) + " zeros, want " +
             std::to_string(layout.components - layout.kept));
}

Status FloatDecoder::Decode(const ChunkHeader& header, std::span<const std::byte> body,
                            std::size_t level, std::span<std::byte> out) {
  DLV_ASSIGN(const FloatLayout layout, ReadLayout(header));
  DLV_ASSIGN(const CodedBytes coded, CodedBytesOf(header, layout));
  symbols_.resize(layout.components + 64);
  if (!symbol_decoder_.Decode(body.first(coded.symbols), layout.context, layout.max_symbol(),
                              layout.components, symbols_.data())) {
    return Bad("exponents are malformed");
  }
  const auto symbols = std::span<const std::uint8_t>(symbols_).first(layout.components);
  const bool last = level + 1 == header.level_count;
  if (layout.map.zero_rule != 0) DLV_TRY(CheckZeros(layout));
  DLV_TRY(ReadSigns(layout, body.subspan(coded.symbols, layout.stored_sign_bytes())));
  const bool coded_plane = layout.coded_plane && level > 0;
  if (coded_plane) {
    const auto second =
        body.subspan(header.level_table[0].size_bytes, header.level_table[1].size_bytes);
    DLV_TRY(ReadCodedPlane(layout, second, coded.plane));
  }
  if (!last) {
    DLV_TRY(VerifyLevels(header, layout, body, coded.symbols, sign_planes_, symbols, uppermost_,
                         level));
  }

  const bool tail = last && layout.coded_tail;
  if (tail) {
    DLV_TRY(ReadTail(layout, body.subspan(body.size() - header.level_table[level].size_bytes)));
  }

  const Kernels& kernels = ActiveKernels();
  const unsigned width = layout.format.width;
  const unsigned bits = header.level_table[level].planes - 1 - layout.format.exponent_bits;
  const std::uint8_t* plane[kMaxPlanes] = {};
  const auto mantissa = body.subspan(coded.symbols + layout.stored_sign_bytes());
  PointToPlanes(layout, bits, sign_planes_, coded_plane ? uppermost_.data() : nullptr,
                mantissa.data() + (coded_plane ? coded.plane : 0), plane);
  auto* elements = reinterpret_cast<std::uint8_t*>(out.data());
  if (layout.map.zero_rule != 0) {
    kept_.resize(layout.kept * width + 64);
    kernels.from_planes(plane, layout.kept, width, kept_.data());
    if (tail) PutTail(tail_.data(), layout.kept, width, kept_.data());
    kernels.spread_kept(symbols.data(), symbols.size(), width, kept_.data(), elements);
    kernels.add_exponents(symbols.data(), symbols.size(), width, layout.map, elements);
    if (layout.signed_zeros) {
      const std::size_t signs_of_kept = layout.sign_absent ? 0 : layout.plane_bytes();
      JoinSignsOfZeros(symbols, width, sign_planes_.subspan(signs_of_kept), elements);
    }
    return Ok();
  }
  for (std::size_t at = 0; at < layout.components; at += kTile) {
    const std::size_t n = std::min(kTile, layout.components - at);
    kernels.from_planes(plane, n, width, elements + at * width);
    if (tail) PutTail(tail_.data() + at, n, width, elements + at * width);
    kernels.add_exponents(symbols.data() + at, n, width, layout.map, elements + at * width);
    for (const std::uint8_t*& from : plane) from = from == nullptr ? nullptr : from + kTile / 8;
  }
  return Ok();
}

}  // namespace dlv::codec

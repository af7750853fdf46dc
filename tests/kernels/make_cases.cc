#include "tests/kernels/make_cases.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>

#include "engine/bounds/centre.h"
#include "storage/codec/bit_coding.h"
#include "storage/codec/float_codec.h"
#include "storage/codec/symbol_coding.h"
#include "storage/codec/zstd_coder.h"
#include "tests/kernels/element_kinds.h"

namespace dlv::kernels::test {

DType ComponentOf(DType dtype) {
  return dtype == DType::kComplex64    ? DType::kF32
         : dtype == DType::kComplex128 ? DType::kF64
                                       : dtype;
}

namespace {

/// The bits of a number of the format that has the value of `centre`, which is one of its numbers.
std::uint64_t BitsOfCentre(double centre, const cuda::ElementFormat& format) {
  const unsigned planes = 8 * format.bytes;
  const std::uint64_t ones = (std::uint64_t{1} << format.exponent_bits) - 1;
  if (std::isnan(centre))
    return (ones << format.mantissa_bits | ((std::uint64_t{1} << format.mantissa_bits) - 1));
  const std::uint64_t sign = std::signbit(centre) ? std::uint64_t{1} << (planes - 1) : 0;
  if (std::isinf(centre)) return sign | ones << format.mantissa_bits;
  if (centre == 0) return sign;
  const auto bias = static_cast<int>(ones / 2);
  int exponent = std::ilogb(centre) + bias;
  if (exponent < 1) exponent = 0;
  const int unit = std::max(exponent, 1) - bias - static_cast<int>(format.mantissa_bits);
  const auto whole = static_cast<std::uint64_t>(std::ldexp(std::fabs(centre), -unit));
  const std::uint64_t hidden = exponent > 0 ? std::uint64_t{1} << format.mantissa_bits : 0;
  return sign | static_cast<std::uint64_t>(exponent) << format.mantissa_bits | (whole - hidden);
}

}  // namespace

Bytes BytesOfCentres(std::span<const double> centres, const cuda::ElementFormat& format) {
  Bytes bytes(centres.size() * format.bytes);
  for (std::size_t i = 0; i < centres.size(); ++i) {
    const std::uint64_t bits = BitsOfCentre(centres[i], format);
    std::memcpy(bytes.data() + i * format.bytes, &bits, format.bytes);
  }
  return bytes;
}

namespace {

/// What the codec makes of coded symbols.
Bytes Decoded(std::span<const std::byte> coded, codec::SymbolContext context, unsigned max_symbol,
              std::size_t n) {
  codec::SymbolDecoder decoder;
  Bytes symbols(n + 64);
  DLV_CHECK(n == 0 || decoder.Decode(coded, context, max_symbol, n, symbols.data()),
            "the codec decodes what it made");
  symbols.resize(n);
  return symbols;
}

/// Symbols coded in context 0, which is the device's, whatever the chunk chose.
Bytes CodedPlainly(const Bytes& symbols, unsigned max_symbol) {
  codec::SymbolEncoder encoder;
  (void)encoder.Estimate(symbols);
  std::vector<std::byte> coded;
  encoder.Encode(codec::SymbolContext::kNone, symbols, max_symbol, coded);
  return CopyOf(coded);
}

Bytes CentresOf(DType dtype, const cuda::ElementFormat& format, unsigned planes,
                const Bytes& elements) {
  std::vector<double> centres(elements.size() / format.bytes);
  const bool exact = planes == 8 * format.bytes;
  DLV_CHECK(bounds::CentreOf(ComponentOf(dtype), planes, exact, std::as_bytes(std::span(elements)),
                             centres, {})
                .ok(),
            "levels of a float chunk have centres");
  return BytesOfCentres(centres, format);
}

/// How much of the second level is its coded plane.
std::size_t CodedPlaneBytes(const codec::ChunkHeader& header, const codec::FloatLayout& layout) {
  if (!layout.coded_plane) return 0;
  const codec::LevelEntry& level = header.level_table[1];
  const unsigned bits = level.planes - 1 - layout.format.exponent_bits;
  return level.size_bytes - (layout.StoredPlanes(0, bits) - 1) * layout.plane_bytes();
}

std::vector<std::uint8_t> DecodedPlane(std::span<const std::byte> coded,
                                       std::span<const std::uint8_t> symbols,
                                       const codec::FloatLayout& layout) {
  std::vector<std::uint8_t> contexts;
  for (const std::uint8_t symbol : symbols) {
    if (layout.map.zero_rule == 0 || symbol != 0) contexts.push_back(symbol);
  }
  std::vector<std::uint8_t> plane(layout.plane_bytes());
  DLV_CHECK(codec::DecodeBits(coded, contexts, plane.data()), "decodes what it coded");
  return plane;
}

/// Cuts the body into its parts, and takes off what the host does for the device: packed signs are
/// unpacked, symbols of other contexts and a coded plane decoded.
void TakeParts(const codec::ChunkHeader& header, std::span<const std::byte> body,
               const codec::FloatLayout& layout, FloatCase& one) {
  const std::size_t coded_plane = CodedPlaneBytes(header, layout);
  const std::size_t raw_planes =
      layout.StoredPlanes(0, layout.format.mantissa_bits) - (layout.coded_plane ? 1 : 0);
  const std::size_t planes = coded_plane + raw_planes * layout.plane_bytes();
  const std::size_t tail =
      layout.coded_tail ? header.level_table[header.level_count - 1u].size_bytes : 0;
  const std::size_t signs = layout.stored_sign_bytes();
  const std::size_t symbols = body.size() - tail - planes - signs;
  one.coded_tail = CopyOf(body.last(tail));
  one.symbols = Decoded(body.first(symbols), layout.context, one.max_symbol, layout.components);
  one.coded_symbols = layout.context == codec::SymbolContext::kNone
                          ? CopyOf(body.first(symbols))
                          : CodedPlainly(one.symbols, one.max_symbol);
  one.mantissa = CopyOf(body.subspan(symbols + signs + coded_plane, planes - coded_plane));
  if (layout.coded_plane) {
    const std::vector<std::uint8_t> plane =
        DecodedPlane(body.subspan(symbols + signs, coded_plane), one.symbols, layout);
    one.mantissa.insert(one.mantissa.begin(), plane.begin(), plane.end());
  }
  if (tail != 0) {
    one.tail = Decoded(body.last(tail), codec::SymbolContext::kNone, 255, layout.kept);
  }
  std::vector<std::byte> both(body.begin() + static_cast<std::ptrdiff_t>(symbols),
                              body.begin() + static_cast<std::ptrdiff_t>(symbols + signs));
  if (layout.packed_sign_bytes != 0) {
    const std::vector<std::byte> frame = both;
    both.resize(layout.sign_bytes());
    DLV_CHECK(codec::ZstdDecompressor().Decompress(frame, both).ok(), "unpacks what it packed");
  }
  const std::size_t of_kept = layout.sign_absent ? 0 : layout.plane_bytes();
  one.signs = CopyOf(std::span(both).first(of_kept));
  one.zero_signs = CopyOf(std::span(both).subspan(of_kept));
}

FloatCase CaseOf(const std::string& name, DType dtype, const codec::FloatLayout& layout) {
  FloatCase one;
  one.name = name;
  one.format = cuda::FormatOf(dtype);
  one.job.count = static_cast<std::uint32_t>(layout.components);
  one.job.kept = static_cast<std::uint32_t>(layout.kept);
  one.job.first = layout.map.first;
  one.job.zero_rule = layout.map.zero_rule;
  one.job.wide_symbols = layout.wide_symbols ? 2 : 0;
  one.max_symbol = layout.max_symbol();
  return one;
}

FloatLevel LevelOf(const codec::ChunkHeader& header, std::size_t i,
                   const codec::FloatLayout& layout) {
  FloatLevel level;
  level.known_planes = header.level_table[i].planes;
  level.stored_planes =
      layout.StoredPlanes(0, level.known_planes - 1 - layout.format.exponent_bits);
  level.has_tail = layout.coded_tail && i + 1u == header.level_count;
  return level;
}

}  // namespace

std::optional<FloatCase> MakeCase(const std::string& name, DType dtype,
                                  std::span<const std::byte> elements) {
  codec::FloatEncoder encoder;
  if (!encoder.Plan(dtype, elements, codec::SymbolEffort::kLeast)) return std::nullopt;
  codec::ChunkHeader header;
  header.dtype = dtype;
  header.count = static_cast<std::uint32_t>(elements.size() / SizeOf(dtype));
  std::vector<std::byte> body;
  encoder.Encode(header, body);
  std::vector<std::byte> written;
  codec::WriteChunkHeader(header, written);  // cuts checksums to what is stored
  const codec::FloatLayout& layout = encoder.layout();
  FloatCase one = CaseOf(name, dtype, layout);
  TakeParts(header, body, layout, one);
  one.checksum = codec::Checksum(elements);

  codec::FloatDecoder decoder;
  for (std::size_t i = 0; i < header.level_count; ++i) {
    if (i != 0 && i != 2 && i + 2u < header.level_count) continue;
    FloatLevel level = LevelOf(header, i, layout);
    std::vector<std::byte> out(elements.size());
    const Status decoded = decoder.Decode(header, body, i, out);
    DLV_CHECK(decoded.ok(), (name + ": " + decoded.error().message).c_str());
    level.elements = CopyOf(out);
    level.centres = CentresOf(dtype, one.format, level.known_planes, level.elements);
    one.levels.push_back(std::move(level));
  }
  return one;
}

namespace {

using codec::test::Weights;

std::vector<std::byte> Positive(DType dtype, std::size_t n) {
  std::vector<std::byte> bytes = Weights(dtype, n);
  const std::size_t width = cuda::FormatOf(dtype).bytes;
  for (std::size_t i = width - 1; i < bytes.size(); i += width) bytes[i] &= std::byte{0x7f};
  return bytes;
}

/// The lowest byte mostly 0 or 1, so that coding it pays.
std::vector<std::byte> UnevenTail(DType dtype, std::size_t n) {
  std::vector<std::byte> bytes = Weights(dtype, n);
  const std::size_t width = cuda::FormatOf(dtype).bytes;
  for (std::size_t i = 0; i < bytes.size(); i += width) {
    bytes[i] = static_cast<std::byte>(static_cast<unsigned>(bytes[i]) % 7 == 0
                                          ? static_cast<unsigned>(bytes[i])
                                          : static_cast<unsigned>(bytes[i]) & 1);
  }
  return bytes;
}

}  // namespace

std::vector<FloatCase> MakeCases(bool large) {
  const std::size_t sizes[] = {1,   2,   7,   8,    9,    31,   33,   64,   65,
                               255, 256, 257, 1023, 1025, 4095, 4096, 4097, 5003};
  const auto kinds = KindsWith({{"positive", Positive}, {"tail", UnevenTail}});
  std::vector<FloatCase> cases;
  const auto add = [&](DType dtype, const ElementKind& kind, std::size_t n) {
    std::string name = std::string(NameOf(dtype)) + " " + kind.name + " " + std::to_string(n);
    auto one = MakeCase(name, dtype, kind.make(dtype, n));
    if (one) cases.push_back(*std::move(one));
  };
  for (const DType dtype : kFloatTypes) {
    for (const ElementKind& kind : kinds) {
      for (const std::size_t n : sizes) add(dtype, kind, n);
    }
  }
  if (!large) return cases;
  for (const ElementKind& kind : kinds) add(DType::kF32, kind, 40001);
  add(DType::kF32, kWeightKind, 131072);
  add(DType::kF32, kSparseKind, 131071);
  add(DType::kBF16, kWeightKind, 131072);
  add(DType::kF16, kWeightKind, 131072);
  return cases;
}

}  // namespace dlv::kernels::test

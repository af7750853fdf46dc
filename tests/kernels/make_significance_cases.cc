#include <cstring>

#include "engine/bounds/centre.h"
#include "storage/codec/significance_codec.h"
#include "tests/kernels/element_kinds.h"
#include "tests/kernels/make_cases.h"
#include "tests/kernels/significance_case.h"

namespace dlv::kernels::test {
namespace {

void TakeLayout(const codec::ChunkHeader& header, const codec::SignificanceLayout& layout,
                SignificanceCase& one) {
  cuda::SignificanceJob& job = one.job;
  job.count = static_cast<std::uint32_t>(layout.components);
  job.first = layout.map.first;
  job.zero_rule = layout.map.zero_rule;
  job.max_symbol = layout.max_symbol();
  job.stored_bits = layout.bit_count();
  job.origin = layout.origin;
  job.level_count = job.levels_read = header.level_count;
  for (std::uint32_t i = 0; i < job.level_count; ++i) {
    job.level_bytes[i] = header.level_table[i].size_bytes;
    job.depths[i] = header.level_table[i].depth;
  }
  job.level_bytes[0] -= static_cast<std::uint32_t>(layout.symbol_bytes);
}

Bytes CentresTo(DType dtype, const cuda::ElementFormat& format, unsigned last,
                const Bytes& elements) {
  std::vector<double> centres(elements.size() / format.bytes);
  DLV_CHECK(bounds::CentreBySignificance(ComponentOf(dtype), last,
                                         std::as_bytes(std::span(elements)), centres, {})
                .ok(),
            "floats have centres");
  return BytesOfCentres(centres, format);
}

}  // namespace

std::optional<SignificanceCase> MakeSignificanceCase(const std::string& name, DType dtype,
                                                     std::span<const std::byte> elements) {
  codec::SignificanceEncoder encoder;
  if (!encoder.Plan(dtype, elements)) return std::nullopt;
  codec::ChunkHeader header;
  std::vector<std::byte> body, written;
  encoder.Encode(header, body);
  codec::WriteChunkHeader(header, written);  // cuts checksums to what is stored
  const auto layout = codec::ReadSignificanceLayout(header);
  if (!layout.ok()) return std::nullopt;  // so few elements that coding makes them longer
  SignificanceCase one;
  one.name = name;
  one.format = cuda::FormatOf(dtype);
  TakeLayout(header, *layout, one);
  const std::size_t n = layout->components;
  one.symbols.resize(n + 64);
  DLV_CHECK(
      codec::SymbolDecoder().Decode(std::span(body).first(layout->symbol_bytes), layout->context,
                                    layout->max_symbol(), n, one.symbols.data()),
      "the codec decodes what it made");
  one.symbols.resize(n);
  one.bits = CopyOf(std::span(body).subspan(layout->symbol_bytes));
  codec::SignificanceDecoder decoder;
  for (std::size_t i = 0; i < header.level_count; ++i) {
    std::vector<std::byte> out(elements.size());
    const Status decoded = decoder.Decode(header, body, i, out);
    DLV_CHECK(decoded.ok(), (name + ": " + decoded.error().message).c_str());
    one.elements.push_back(CopyOf(out));
    if (i + 1u == header.level_count) continue;
    one.centres.push_back(CentresTo(dtype, one.format, layout->origin + header.level_table[i].depth,
                                    one.elements.back()));
  }
  return one;
}

namespace {

/// Weights times 2^0 to 2^-100, some of them zero, the lower half of the mantissa too: many
/// symbols, signs of some known late.
std::vector<std::byte> Spread(DType dtype, std::size_t n) {
  std::vector<std::byte> bytes = codec::test::Sparse(dtype, n, 200);
  const cuda::ElementFormat format = cuda::FormatOf(dtype);
  const std::uint64_t ones = (std::uint64_t{1} << format.exponent_bits) - 1;
  for (std::size_t i = 0; i < bytes.size() / format.bytes; ++i) {
    std::uint64_t bits = 0;
    std::memcpy(&bits, bytes.data() + i * format.bytes, format.bytes);
    const std::uint64_t field = bits >> format.mantissa_bits & ones;
    const std::uint64_t fall = i * i % 101;
    if (field > fall) bits -= fall << format.mantissa_bits;
    bits = bits >> format.mantissa_bits / 2 << format.mantissa_bits / 2;
    std::memcpy(bytes.data() + i * format.bytes, &bits, format.bytes);
  }
  return bytes;
}

}  // namespace

std::vector<SignificanceCase> MakeSignificanceCases(bool large) {
  const std::size_t sizes[] = {1, 31, 33, 257, 1023, 1025, 4095, 4097, 9000};
  const auto kinds = KindsWith({{"spread", Spread}});
  std::vector<SignificanceCase> cases;
  const auto add = [&](DType dtype, const ElementKind& kind, std::size_t n) {
    const std::string name =
        std::string(NameOf(dtype)) + " by significance " + kind.name + " " + std::to_string(n);
    auto one = MakeSignificanceCase(name, dtype, kind.make(dtype, n));
    if (one) cases.push_back(*std::move(one));
  };
  for (const DType dtype : kFloatTypes) {
    for (const ElementKind& kind : kinds) {
      for (const std::size_t n : sizes) {
        if (SizeOf(dtype) == cuda::FormatOf(dtype).bytes || n == 1025) add(dtype, kind, n);
      }
    }
  }
  add(DType::kF32, kWeightKind, 33001);  // all depths that are written
  if (!large) return cases;
  add(DType::kF32, kWeightKind, 131072);
  return cases;
}

}  // namespace dlv::kernels::test

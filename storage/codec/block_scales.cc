#include "storage/codec/block_scales.h"

#include <algorithm>
#include <array>

#include "storage/codec/delta_format.h"
#include "storage/codec/rans.h"

namespace dlv::codec {

void BlockScaleEncoder::Write(std::span<const std::uint8_t> scales, std::vector<std::byte>& out) {
  std::array<std::uint32_t, 256> counts{};
  for (const std::uint8_t scale : scales) ++counts[scale];
  std::array<std::uint16_t, 256> frequencies{};
  NormalizeFrequencies(counts, kDeltaTableBits, frequencies);
  tables_.resize(256);
  BuildRansEncodeTable(frequencies, std::span<std::uint32_t, 256>(tables_.data(), 256));
  constexpr std::size_t kSlack = 64;  // as RansEncode asks for
  coded_.resize(std::max(coded_.size(), RansBound(scales.size()) + kSlack));
  std::vector<std::byte> table;
  BitWriter bits(table);
  WriteFrequencies(frequencies, bits);
  bits.Finish();
  const std::size_t size = RansEncode(scales.data(), nullptr, scales.size(), kDeltaTableBits,
                                      tables_.data(), coded_.data());
  if (table.size() + size + 2 >= scales.size()) {
    out.push_back(static_cast<std::byte>(DeltaScaleMode::kRaw));
    const auto raw = std::as_bytes(scales);
    out.insert(out.end(), raw.begin(), raw.end());
    return;
  }
  out.push_back(static_cast<std::byte>(DeltaScaleMode::kRans));
  out.insert(out.end(), table.begin(), table.end());
  PutVarint(out, size);
  out.insert(out.end(), coded_.begin(), coded_.begin() + static_cast<std::ptrdiff_t>(size));
}

std::string_view ReadBlockScales(FieldReader& in, std::uint8_t form,
                                 std::vector<std::uint32_t>& tables,
                                 std::span<std::uint8_t> scales) {
  if (form == static_cast<std::uint8_t>(DeltaScaleMode::kRaw)) {
    const auto raw = in.GetBytes(scales.size());
    if (!in.ok()) return "block scales are cut off";
    std::copy(raw.begin(), raw.end(), std::as_writable_bytes(scales).begin());
    return {};
  }
  if (!in.ok() || form != static_cast<std::uint8_t>(DeltaScaleMode::kRans))
    return "unknown form of block scales";
  const FieldReader here = in;
  BitReader bits(FieldReader(here).Rest());
  std::array<std::uint16_t, 256> frequencies{};
  if (!ReadFrequencies(bits, kDeltaTableBits, frequencies) || !bits.Finish())
    return "bad table of block scales";
  (void)in.GetBytes(bits.consumed());
  const std::uint32_t size = in.GetVarint(static_cast<std::uint32_t>(RansBound(scales.size())));
  const auto coded = in.GetBytes(size);
  if (!in.ok()) return "block scales are cut off";
  tables.resize(std::max(tables.size(), std::size_t{1} << kDeltaTableBits));
  BuildRansDecodeTable(frequencies, kDeltaTableBits, tables.data());
  if (!RansDecode(coded, nullptr, scales.size(), kDeltaTableBits, tables.data(), scales.data()))
    return "bad block scales";
  return {};
}

}  // namespace dlv::codec

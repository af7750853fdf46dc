#include <array>
#include <cstddef>
#include <cstdint>

#include "storage/codec/delta_tables.h"

namespace dlv::codec {
namespace {

#include "storage/codec/delta_built_in_tables.inc"

constexpr std::uint32_t kSum = 1u << kDeltaTableBits;

constexpr DeltaFrequencies Flat(unsigned symbols) {
  DeltaFrequencies flat{};
  for (unsigned s = 0; s < symbols; ++s) flat[s] = static_cast<std::uint16_t>(kSum / symbols);
  flat[0] = static_cast<std::uint16_t>(flat[0] + kSum % symbols);
  return flat;
}

constexpr DeltaFrequencies kFlat16 = Flat(16);
constexpr DeltaFrequencies kFlat17 = Flat(17);

template <std::size_t kContexts, std::size_t kSymbols>
constexpr auto Expand(const std::uint16_t (&rows)[kContexts][kSymbols]) {
  std::array<DeltaFrequencies, kContexts> tables{};
  for (std::size_t c = 0; c < kContexts; ++c) {
    for (std::size_t s = 0; s < kSymbols; ++s) tables[c][s] = rows[c][s];
  }
  return tables;
}

constexpr auto kFirst32Tables = Expand(kFirst32);
constexpr auto kSecond32Tables = Expand(kSecond32);
constexpr auto kThird32Tables = Expand(kThird32);
constexpr auto kFirst16Tables = Expand(kFirst16);

}  // namespace

const DeltaFrequencies& BuiltInDeltaTable(DeltaTableKind kind, unsigned context) {
  switch (kind) {
    case DeltaTableKind::kFirst32:
      return kFirst32Tables[context];
    case DeltaTableKind::kSecond32:
      return kSecond32Tables[context];
    case DeltaTableKind::kThird32:
      return kThird32Tables[context];
    case DeltaTableKind::kFirst16:
      return kFirst16Tables[context];
    case DeltaTableKind::kFirst8:
      return kFlat16;
    case DeltaTableKind::kFlat17:
      break;
  }
  return kFlat17;
}

}  // namespace dlv::codec

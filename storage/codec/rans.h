#pragma once
/// \file
/// Interleaved rANS of bytes (docs/format/codec.md §5).
///
/// Element i uses lane i mod L, with L = RansLanes(n). A state is 32 bits, in [2^16, 2^32) between
/// elements; renormalisation moves 16-bit words. Frequencies of a table sum to 2^scale
/// (scale 10..12), each below 2^scale. The optional context of an element selects its table. The
/// decoder is defined for i = 0..n-1 in turn, reading at most one word an element, so any n works
/// and every SIMD form reads the same bytes. Coded form: L states (u32), then the words (u16). A
/// decoder ends with all states at 2^16 and all words consumed; anything else is corruption.

#include <cstddef>
#include <cstdint>
#include <span>

#include "dlv/result.h"
#include "storage/codec/bit_stream.h"

namespace dlv::codec {

inline constexpr std::uint32_t kRansLower = 1u << 16;
inline constexpr std::size_t kRansWideElements = 4096;
inline constexpr unsigned kRansMaxLanes = 64;
inline constexpr unsigned kRansMaxScale = 12;
inline constexpr unsigned kRansMinScale = 10;

/// Lanes for n elements: 64 from 4096 elements on, else 4 (states cost 4 bytes each).
constexpr unsigned RansLanes(std::size_t n) { return n >= kRansWideElements ? 64 : 4; }

/// No coded form of n elements is longer.
constexpr std::size_t RansBound(std::size_t n) { return 4 * RansLanes(n) + 2 * n; }

/// Scales counts (any size up to 256, not all zero) to frequencies with sum 2^scale; nonzero counts
/// get at least 1, no frequency reaches 2^scale (a lone symbol shares one slot with its neighbour).
/// Integer arithmetic: the same on every machine. At most 2^(scale-1) nonzero counts.
void NormalizeFrequencies(std::span<const std::uint32_t> counts, unsigned scale,
                          std::span<std::uint16_t> frequencies);

/// Writes a table; zero frequencies outside [first used, last used] cost nothing.
void WriteFrequencies(std::span<const std::uint16_t> frequencies, BitWriter& out);

/// Reads a table into `frequencies` (which says how many symbols are allowed; the rest is zeroed).
/// Refuses a sum other than 2^scale, a frequency of 2^scale or more, symbols out of range. Returns
/// false if malformed or cut off.
[[nodiscard]] bool ReadFrequencies(BitReader& in, unsigned scale,
                                   std::span<std::uint16_t> frequencies);

/// The order in which symbols get their slots: ascending, or by falling frequency (equal ones
/// ascending), which lets a decoder keep the table in registers.
enum class SlotOrder { kBySymbol, kByFrequency };

/// Encoder entry of a symbol: frequency | start << 16. One table is 256 entries: index = context *
/// 256 + symbol.
void BuildRansEncodeTable(std::span<const std::uint16_t> frequencies,
                          std::span<std::uint32_t, 256> table,
                          SlotOrder order = SlotOrder::kBySymbol);

/// Decoder entry of a slot: symbol | frequency << 8 | (slot - start) << 20. One table is 2^scale
/// entries: index = context << scale | slot. `frequencies` must be valid (see ReadFrequencies).
void BuildRansDecodeTable(std::span<const std::uint16_t> frequencies, unsigned scale,
                          std::uint32_t* table, SlotOrder order = SlotOrder::kBySymbol);

/// Encodes `n` symbols; every symbol must have a nonzero frequency in its table. `contexts` is null
/// (table 0) or one byte an element. Writes at `out`, which has room for RansBound(n) + 64 bytes;
/// returns the coded size. All forms of the kernel give the same bytes. `symbols` and `contexts`
/// need no padding.
std::size_t RansEncode(const std::uint8_t* symbols, const std::uint8_t* contexts, std::size_t n,
                       unsigned scale, const std::uint32_t* tables, std::byte* out);

/// Decodes exactly `coded`, which must hold n symbols. Returns false unless it was consumed to the
/// last word and the states end where an encoder starts. Every context must be below the number of
/// tables built (the caller's duty, as contexts never come from the coded bytes unchecked).
/// `symbols` has room for n bytes.
[[nodiscard]] bool RansDecode(std::span<const std::byte> coded, const std::uint8_t* contexts,
                              std::size_t n, unsigned scale, const std::uint32_t* tables,
                              std::uint8_t* symbols);

}  // namespace dlv::codec

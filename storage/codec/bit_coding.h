#pragma once
/// \file
/// Coding of bits in the context of symbols that are known already (docs/format/codec.md §5.4).

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "storage/codec/kernels.h"

namespace dlv::codec {

/// How often a bit was 0 and 1 with each symbol: [2 * symbol + bit].
using BitCounts = std::array<std::uint32_t, 512>;

/// Lanes of the stream of n bits.
constexpr unsigned BitLanes(std::size_t n) {
  if (n >= 1u << 16) return 32;
  return n >= 1u << 15 ? 16 : 4;
}

/// The contexts that save most, and how many of `n` bits that is, model and states counted.
struct BitPlan {
  BitModel model{};
  std::uint64_t saved_bits = 0;
};

/// From the counts of all `n` bits, or of a sample. Nothing where coding saves nothing. The same on
/// every machine.
std::optional<BitPlan> PlanBits(const BitCounts& counts, std::size_t n);

/// Holds scratch memory; one per thread.
class BitEncoder {
 public:
  /// Appends the bits of `plane` (LSB first), one for each symbol; there is at least one.
  void Encode(const BitModel& model, std::span<const std::uint8_t> symbols,
              const std::uint8_t* plane, std::vector<std::byte>& out);

 private:
  std::vector<std::uint8_t> pairs_;
  std::vector<std::byte> coded_;
};

/// Decodes exactly `coded`, which must hold a bit for each symbol; there is at least one. `plane`:
/// one bit each, LSB first, padded with zeros to a byte. Returns false on anything malformed.
[[nodiscard]] bool DecodeBits(std::span<const std::byte> coded,
                              std::span<const std::uint8_t> symbols, std::uint8_t* plane);

}  // namespace dlv::codec

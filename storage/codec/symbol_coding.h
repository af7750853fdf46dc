#pragma once
/// \file
/// Coding of the symbols of a chunk (docs/format/codec.md §6.2): tables, then rANS; or zstd.

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "storage/codec/zstd_coder.h"

namespace dlv::codec {

/// How a symbol finds its table. On disk: do not renumber (docs/format/codec.md §6.2).
enum class SymbolContext : std::uint8_t {
  kNone = 0,       ///< one table
  kNeighbour = 1,  ///< by the element before; coded in lane-major order, so that a lane walks along
                   ///< a run of elements
  kZstd = 2,       ///< a zstd frame: finds patterns that come again row by row
  kZstdHigh = 3,   ///< the same without the lowest bit, which is apart: patterns that come about
};
inline constexpr unsigned kSymbolContexts = 4;

/// How much time zstd may take.
enum class SymbolEffort {
  kHurry,  ///< low levels only, where a part is promising
  kLeast,  ///< only where a part is promising
  kFew,    ///< also for fewer than kTryAllBelow symbols: such chunks are few
  kMost,   ///< the same with a better look at the part, and then the highest level
};
inline constexpr std::size_t kTryAllBelow = 1u << 15;

/// What coding would cost, from a sample.
struct SymbolEstimate {
  std::uint64_t plain_bits = 0;
  std::uint64_t neighbour_bits = 0;
};

/// Contexts are a window of symbol values; what lies outside shares the first and the last.
struct ContextWindow {
  unsigned low = 0;
  unsigned count = 1;
  unsigned Of(unsigned previous) const {
    const unsigned above = previous > low ? previous - low : 0;
    return above < count ? above : count - 1;
  }
};

/// Holds scratch memory; one per thread. Symbols are arrays of n bytes (n > 0).
class SymbolEncoder {
 public:
  /// Estimates both forms, tables and states included.
  SymbolEstimate Estimate(std::span<const std::uint8_t> symbols);
  /// Returns how often the last Estimate saw a symbol (in its sample).
  std::uint32_t CountOf(unsigned symbol) const { return counts_of_estimate_[symbol]; }
  /// What TryZstd found.
  struct ZstdChoice {
    SymbolContext context;
    std::size_t size_bytes;
  };
  /// Tries the contexts of zstd; the result is kept for Encode. Nothing unless it is below
  /// `limit_bytes`.
  std::optional<ZstdChoice> TryZstd(std::span<const std::uint8_t> symbols, std::size_t limit_bytes,
                                    SymbolEffort effort);
  /// Appends the coded symbols, those of the last call of Estimate (or of TryZstd).
  void Encode(SymbolContext context, std::span<const std::uint8_t> symbols, unsigned max_symbol,
              std::vector<std::byte>& out);

 private:
  void EncodePlain(std::span<const std::uint8_t> symbols, unsigned max_symbol,
                   std::vector<std::byte>& out);
  void EncodeNeighbour(std::span<const std::uint8_t> symbols, std::vector<std::byte>& out);
  bool PromisesZstd(std::span<const std::uint8_t> symbols, std::size_t limit_bytes, int level);
  bool FitsZstd(std::span<const std::uint8_t> symbols, std::size_t limit_bytes, SymbolEffort effort,
                std::span<const std::byte>& frame);
  void AppendRans(const std::uint8_t* symbols, const std::uint8_t* contexts, std::size_t n,
                  unsigned scale, std::vector<std::byte>& out);

  std::array<std::uint32_t, 256> counts_of_estimate_{};
  ContextWindow window_;
  std::vector<std::uint8_t> stream_;
  std::vector<std::uint8_t> contexts_;
  std::vector<std::uint32_t> counts_;
  std::vector<std::uint32_t> tables_;
  std::vector<std::byte> coded_;
  ZstdCompressor zstd_;
  std::vector<std::byte> zstd_result_;  ///< of the last TryZstd
};

class SymbolDecoder {
 public:
  /// Decodes exactly `coded` into n symbols (room for 64 bytes more is required), each at most
  /// `max_symbol`. Returns false on anything malformed.
  [[nodiscard]] bool Decode(std::span<const std::byte> coded, SymbolContext context,
                            unsigned max_symbol, std::size_t n, std::uint8_t* symbols);

 private:
  bool DecodePlain(std::span<const std::byte> coded, unsigned max_symbol, std::size_t n,
                   std::uint8_t* symbols);
  bool DecodeNeighbour(std::span<const std::byte> coded, unsigned max_symbol, std::size_t n,
                       std::uint8_t* symbols);
  bool DecodeZstd(std::span<const std::byte> coded, unsigned max_symbol, std::size_t n,
                  std::uint8_t* symbols);
  bool DecodeZstdHigh(std::span<const std::byte> coded, unsigned max_symbol, std::size_t n,
                      std::uint8_t* symbols);

  std::vector<std::uint8_t> stream_;
  std::vector<std::uint32_t> tables_;
  ZstdDecompressor zstd_;
};

/// Element order to lane-major order: with L lanes and R = n / L whole rows, element l * R + t goes
/// to place L * t + l; the n - L * R last elements stay where they are. And back.
void ToLaneMajor(const std::uint8_t* symbols, std::size_t n, unsigned lanes, std::uint8_t* stream);
void FromLaneMajor(const std::uint8_t* stream, std::size_t n, unsigned lanes,
                   std::uint8_t* symbols);

}  // namespace dlv::codec

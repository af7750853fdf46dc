#pragma once
/// \file
/// ChunkMode::kPalette (docs/format/codec.md §8): a list of the few values that occur, ascending,
/// and for each component its place in the list: the upper eight bits as a symbol, the rest raw.

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "dlv/dtype.h"
#include "dlv/result.h"
#include "storage/codec/chunk_header.h"
#include "storage/codec/symbol_coding.h"

namespace dlv::codec {

/// More values than this have another mode.
inline constexpr std::size_t kMaxPaletteValues = 1u << 15;

/// Encodes in two steps, as FloatEncoder does. Holds scratch memory; one per thread.
class PaletteEncoder {
 public:
  /// Looks for the values. Returns false where there is only one, or too many, which is known
  /// soon.
  bool Plan(DType dtype, std::span<const std::byte> raw, SymbolEffort effort);
  /// Estimated size of the level, after Plan.
  std::size_t estimated_bytes() const { return estimated_bytes_; }
  std::size_t value_count() const { return values_.size(); }
  /// After Plan of the same elements: fills `header` (without the checksum) and appends the level.
  void Encode(ChunkHeader& header, std::vector<std::byte>& body);

 private:
  template <class Word>
  bool Collect(std::span<const std::byte> raw);
  void SplitNumbers();
  void ChooseContext(SymbolEffort effort);

  DType dtype_ = DType::kOpaque;
  std::uint32_t count_ = 0;
  std::size_t width_ = 0;  ///< bytes of a component
  std::size_t estimated_bytes_ = 0;
  SymbolContext context_ = SymbolContext::kNone;
  unsigned low_bits_ = 0;              ///< of a number, below the symbol
  std::vector<std::uint64_t> values_;  ///< ascending
  std::vector<std::uint16_t> numbers_;
  std::vector<std::uint8_t> symbols_;
  SymbolEncoder encoder_;
};

class PaletteDecoder {
 public:
  /// See ChunkDecoder::Decode. Does not verify the checksum.
  Status Decode(const ChunkHeader& header, std::span<const std::byte> body,
                std::span<std::byte> out);

 private:
  std::vector<std::uint8_t> symbols_;
  SymbolDecoder decoder_;
};

}  // namespace dlv::codec

#pragma once
/// \file
/// ChunkMode::kSignificance (docs/format/codec.md §6.5): exponents entropy-coded, then signs and
/// mantissas in the order of what they say about the elements.

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "dlv/dtype.h"
#include "dlv/result.h"
#include "storage/codec/chunk_header.h"
#include "storage/codec/significance_layout.h"
#include "storage/codec/symbol_coding.h"

namespace dlv::codec {

/// The components of a chunk, sorted by symbol: those of one are a run, in their order.
class SymbolOrder {
 public:
  void Sort(std::span<const std::uint8_t> symbols);
  const SymbolCounts& counts() const { return counts_; }
  std::span<const std::uint32_t> Of(unsigned symbol) const {
    return std::span(indices_).subspan(begins_[symbol], counts_[symbol]);
  }

 private:
  SymbolCounts counts_{};
  std::array<std::uint32_t, 256> begins_{};
  std::vector<std::uint32_t> indices_;
};

/// The planes of the components of one symbol.
class SymbolPlanes {
 public:
  /// Room for the planes of `count` components of `width` bytes.
  void Make(std::size_t count, unsigned width);
  std::uint8_t* Of(unsigned plane) { return bytes_.data() + plane * stride_; }
  std::uint8_t* elements() { return elements_.data(); }

 private:
  std::size_t stride_ = 0;
  std::vector<std::uint8_t> bytes_, elements_;
};

class SignificanceEncoder {
 public:
  /// Looks at the elements. Returns false where the mode does not apply: no float, exponents too
  /// far apart.
  bool Plan(DType dtype, std::span<const std::byte> raw);
  /// After Plan of the same elements: fills `header` (all but the last checksum) and appends the
  /// levels.
  void Encode(ChunkHeader& header, std::vector<std::byte>& body);

 private:
  void ChooseOrigin();
  std::vector<std::uint8_t> ChooseDepths() const;
  void PutBits(const BitPlaces& places, std::span<std::byte> bits);

  const std::uint8_t* elements_ = nullptr;
  DType dtype_ = DType::kOpaque;
  std::uint32_t count_ = 0;
  SignificanceLayout layout_;
  std::vector<std::uint8_t> symbols_;
  SymbolOrder order_;
  SymbolPlanes planes_;
  SymbolEncoder symbol_encoder_;
};

class SignificanceDecoder {
 public:
  /// See ChunkDecoder::Decode; `body` holds at least the levels up to `level`. Does not verify the
  /// last level's checksum.
  Status Decode(const ChunkHeader& header, std::span<const std::byte> body, std::size_t level,
                std::span<std::byte> out);

 private:
  void Join(const SignificanceLayout& layout, const BitPlaces& places,
            std::span<const std::byte> bits, std::size_t level, std::span<std::byte> out);

  std::vector<std::uint8_t> symbols_;
  SymbolOrder order_;
  SymbolPlanes planes_;
  SymbolDecoder symbol_decoder_;
};

}  // namespace dlv::codec

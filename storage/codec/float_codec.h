#pragma once
/// \file
/// ChunkMode::kFloat (docs/format/codec.md §6): exponents entropy-coded, sign and mantissa as bit
/// planes, one contiguous run of bytes per readable level.

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "dlv/dtype.h"
#include "dlv/result.h"
#include "storage/codec/chunk_header.h"
#include "storage/codec/float_format.h"
#include "storage/codec/kernels.h"
#include "storage/codec/symbol_coding.h"

namespace dlv::codec {

/// How the elements of one chunk become symbols and planes; what the payload says.
struct FloatLayout {
  FloatFormat format;
  std::size_t components = 0;
  std::size_t kept = 0;  ///< components that have sign and mantissa bits: all, or under the zero
                         ///< rule those not +0.0
  SymbolMap map{};
  SymbolContext context = SymbolContext::kNone;
  bool sign_absent = false;      ///< no sign bit is set
  unsigned absent_mantissa = 0;  ///< lowest mantissa planes without a set bit; not stored

  std::size_t plane_bytes() const { return (kept + 7) / 8; }
  /// Largest symbol whose exponent exists; at least 1.
  unsigned max_symbol() const;
  /// Stored planes between mantissa depths `from` and `to` (0: none read yet).
  unsigned StoredPlanes(unsigned from, unsigned to) const;
};

/// Encodes in two steps, so that the caller can compare the size with other modes in between. Holds
/// scratch memory.
class FloatEncoder {
 public:
  /// Looks at the elements. Returns false where the mode does not apply (no float, exponents too
  /// far apart).
  bool Plan(DType dtype, std::span<const std::byte> raw);
  /// Estimated size of the levels, after Plan.
  std::size_t estimated_bytes() const { return estimated_bytes_; }
  const FloatLayout& layout() const { return layout_; }
  /// After Plan of the same elements: fills `header` (all but the last checksum) and appends the
  /// levels.
  void Encode(ChunkHeader& header, std::vector<std::byte>& body);

 private:
  void ChooseContext();
  void WritePayload(ChunkHeader& header) const;

  const std::uint8_t* elements_ = nullptr;
  DType dtype_ = DType::kOpaque;
  std::uint32_t count_ = 0;
  std::uint64_t any_bits_ = 0;
  unsigned highest_symbol_ = 0;
  FloatLayout layout_;
  std::size_t estimated_bytes_ = 0;
  std::vector<std::uint8_t> symbols_;
  std::vector<std::uint8_t> kept_;
  SymbolEncoder symbol_encoder_;
};

class FloatDecoder {
 public:
  /// See ChunkDecoder::Decode; `body` holds at least the levels up to `level`. Does not verify the
  /// last level's checksum.
  Status Decode(const ChunkHeader& header, std::span<const std::byte> body, std::size_t level,
                std::span<std::byte> out);

 private:
  std::vector<std::uint8_t> symbols_;
  std::vector<std::uint8_t> kept_;
  SymbolDecoder symbol_decoder_;
};

}  // namespace dlv::codec

#pragma once
/// \file
/// ChunkMode::kFloat (docs/format/codec.md §6): exponents entropy-coded, sign and mantissa as bit
/// planes, one contiguous run of bytes per readable level; and kFloatTail (§6.4), where the lowest
/// byte is entropy-coded, too. The uppermost mantissa plane may be, in either (§6.3).

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "dlv/dtype.h"
#include "dlv/result.h"
#include "storage/codec/bit_coding.h"
#include "storage/codec/chunk_header.h"
#include "storage/codec/float_format.h"
#include "storage/codec/kernels.h"
#include "storage/codec/symbol_coding.h"

namespace dlv::codec {

/// What the first byte of the payload says. On disk: do not renumber (docs/format/codec.md §6.1).
struct FloatFlags {
  static constexpr unsigned kZeroRule = 1, kNoSigns = 2, kSignedZeros = 32, kPackedSigns = 64,
                            kWideSymbols = 128;
  static constexpr unsigned kContextShift = 2, kContextMask = 3, kCodedPlane = 16;
};

/// How the elements of one chunk become symbols and planes; what the payload says.
struct FloatLayout {
  FloatFormat format;  ///< with wide symbols, their mantissa bits count as exponent bits
  std::size_t components = 0;
  std::size_t kept = 0;  ///< components that have sign and mantissa bits: all, or under the zero
                         ///< rule those not zero
  SymbolMap map{};
  SymbolContext context = SymbolContext::kNone;
  bool wide_symbols = false;
  bool sign_absent = false;           ///< no sign bit is set
  bool signed_zeros = false;          ///< the zero rule takes -0.0 as well
  std::size_t packed_sign_bytes = 0;  ///< size of the sign planes as a zstd frame; 0: as they are
  unsigned absent_mantissa = 0;       ///< lowest mantissa planes without a set bit; not stored
  bool coded_plane = false;  ///< the uppermost mantissa plane is coded in the context of symbols
  bool coded_tail = false;   ///< the lowest kTailBits of the mantissa are symbols of their own

  std::size_t plane_bytes() const { return (kept + 7) / 8; }
  /// The sign plane of what is kept, then that of the zeros, before zstd.
  std::size_t sign_bytes() const {
    return (sign_absent ? 0 : plane_bytes()) + (signed_zeros ? (components - kept + 7) / 8 : 0);
  }
  std::size_t stored_sign_bytes() const {
    return packed_sign_bytes != 0 ? packed_sign_bytes : sign_bytes();
  }
  /// Whether sign planes have a checksum of their own.
  bool signs_apart() const { return signed_zeros || packed_sign_bytes != 0; }
  /// Largest symbol whose exponent exists; at least 1.
  unsigned max_symbol() const;
  /// Mantissa bits that have planes if they are stored at all.
  unsigned plane_bits() const { return format.mantissa_bits - (coded_tail ? kTailBits : 0); }
  /// Stored planes between mantissa depths `from` and `to` (0: none read yet).
  unsigned StoredPlanes(unsigned from, unsigned to) const;
};

/// Of a chunk of any mode.
bool HasWideSymbols(const ChunkHeader& header);
bool HasCodedPlane(const ChunkHeader& header);

/// Encodes in two steps, so that the caller can compare the size with other modes in between. Holds
/// scratch memory.
class FloatEncoder {
 public:
  /// Looks at the elements. Returns false where the mode does not apply (no float, exponents too
  /// far apart). `cold`: wide symbols where they are smaller, whatever the type.
  bool Plan(DType dtype, std::span<const std::byte> raw, SymbolEffort effort, bool cold = false);
  /// Plans the same elements once more, without wide symbols. Returns false where Plan did.
  bool PlanWithoutWideSymbols() { return PlanPlain(FormatOf(dtype_)); }
  /// Estimated size of the levels, after Plan.
  std::size_t estimated_bytes() const { return estimated_bytes_; }
  /// What of that are planes: less than that no effort with symbols makes it.
  std::size_t plane_bytes() const { return plane_bytes_; }
  const FloatLayout& layout() const { return layout_; }
  /// Whether signs are likely to be packed, which the estimate does not know.
  bool signs_repeat() const { return signs_repeat_; }
  /// Whether patterns come again in signs or exponents, and so perhaps in the mantissa.
  bool repeats() const { return signs_repeat_ || layout_.context >= SymbolContext::kZstd; }
  /// After Plan of the same elements: fills `header` (all but the last checksum) and appends the
  /// levels.
  void Encode(ChunkHeader& header, std::vector<std::byte>& body);

 private:
  bool PlanPlain(const FloatFormat& format);
  bool PlanFormat(const FloatFormat& format, bool wide_symbols);
  bool TakeSignsOfZeros();
  void ShiftSymbols(int by);
  std::uint64_t TryZstd(std::uint64_t bits);
  void ChooseContext();
  bool TriesAll() const;
  bool SignsRepeat();
  void PlanTail();
  bool LowBytesLookEven() const;
  void PlanCodedPlane();
  bool MustBeFast() const;
  BitCounts CountUppermostBits() const;
  void WritePlanes(std::vector<std::byte>& body);
  void CodePlane(std::size_t at, std::vector<std::byte>& body);
  std::size_t LevelBytes(std::size_t level, unsigned from, unsigned to) const;
  void PackSigns(std::size_t at, std::vector<std::byte>& body);
  void AddLevels(std::size_t level0, std::size_t symbol_end, std::size_t planes_end,
                 std::span<const std::byte> body, ChunkHeader& header) const;
  void WritePayload(ChunkHeader& header) const;

  const std::uint8_t* elements_ = nullptr;
  DType dtype_ = DType::kOpaque;
  SymbolEffort effort_ = SymbolEffort::kLeast;
  bool cold_ = false;
  std::uint32_t count_ = 0;
  std::uint64_t any_bits_ = 0;
  unsigned highest_symbol_ = 0;
  FloatLayout layout_;
  std::size_t estimated_bytes_ = 0, plane_bytes_ = 0;
  bool signs_repeat_ = false;
  std::uint64_t sign_checksum_ = 0;  ///< of the sign planes before zstd
  std::vector<std::uint8_t> symbols_;
  std::vector<std::uint8_t> kept_;
  std::vector<std::uint8_t> kept_symbols_;
  BitModel plane_model_{};
  std::vector<std::byte> coded_plane_;
  std::uint64_t plane_checksum_ = 0;  ///< of the level with the coded plane, as it would be without
  std::vector<std::uint8_t> positive_;    ///< the elements with +0.0 for each -0.0
  std::vector<std::uint8_t> zero_signs_;  ///< one bit for each zero
  std::vector<std::uint8_t> sign_sample_;
  std::vector<std::uint8_t> tail_;  ///< the lowest byte of what is kept
  SymbolEncoder symbol_encoder_;
  SymbolEncoder tail_encoder_;
  BitEncoder bit_encoder_;
  ZstdCompressor zstd_;
};

class FloatDecoder {
 public:
  /// See ChunkDecoder::Decode; `body` holds at least the levels up to `level`. Does not verify the
  /// last level's checksum.
  Status Decode(const ChunkHeader& header, std::span<const std::byte> body, std::size_t level,
                std::span<std::byte> out);

 private:
  Status ReadSigns(const FloatLayout& layout, std::span<const std::byte> stored);
  Status ReadTail(const FloatLayout& layout, std::span<const std::byte> coded);
  Status ReadCodedPlane(const FloatLayout& layout, std::span<const std::byte> stored,
                        std::size_t coded_bytes);
  Status CheckZeros(const FloatLayout& layout) const;

  std::vector<std::uint8_t> symbols_;
  std::vector<std::uint8_t> kept_;
  std::vector<std::uint8_t> kept_symbols_;
  std::vector<std::byte> uppermost_;  ///< the coded plane, then the others of its level
  std::vector<std::uint8_t> signs_;   ///< unpacked
  std::vector<std::uint8_t> tail_;    ///< the lowest byte of what is kept
  std::span<const std::byte> sign_planes_;
  SymbolDecoder symbol_decoder_;
  SymbolDecoder tail_decoder_;
  ZstdDecompressor zstd_;
};

}  // namespace dlv::codec

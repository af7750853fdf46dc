#pragma once
/// \file
/// What the kernels are told: one struct for each chunk or tensor of a call. Pointers are of the
/// device; where alignment is not stated, any will do. Arrays that a call writes overlap nothing
/// else of the call. C++17, for the compilers of older toolkits.

#include <cstddef>
#include <cstdint>

#if defined(__CUDACC__)
#define DLV_EVERYWHERE __host__ __device__
#else
#define DLV_EVERYWHERE
#endif

namespace dlv::kernels::cuda {

// ---- symbols: exponents of float chunks and coded tails (docs/format/codec.md §5, §6.2 context 0)

/// The coded bytes as they are stored: table, states, words.
struct SymbolJob {
  const std::uint8_t* coded = nullptr;  ///< `coded_bytes` bytes
  std::uint8_t* symbols = nullptr;      ///< room for `count` bytes
  std::uint32_t coded_bytes = 0;
  std::uint32_t count = 0;       ///< symbols, 0 to 2^18
  std::uint32_t max_symbol = 1;  ///< the largest allowed, 1 to 255
};

/// What was wrong with a job; 0: nothing. Then all that is written is undefined, but within the
/// job's arrays.
enum class SymbolFault : std::uint32_t {
  kNone = 0,
  kTable = 1,   ///< the table of frequencies is malformed or cut off
  kStream = 2,  ///< words are missing or left over, or states do not end where an encoder starts
};

// ---- planes and elements (§6)

/// Components that one warp puts together: 8 a thread, a byte of each plane.
inline constexpr std::uint32_t kPlaneTile = 256;

/// What becomes of an element of which the leading planes are known.
enum class PlaneOutput : std::uint32_t {
  kElements,     ///< its bits, unknown ones zero: what the codec's decoder gives
  kCentres,      ///< its centre (docs/progressive.md, "Centres"), a number of the same type
  kCentresBf16,  ///< of f32 alone: its centre rounded to nearest even; exact up to 15 planes
};

/// One chunk. Pointers are of the device. A plane has one bit for each kept component, least
/// significant bit first, in (kept + 7) / 8 bytes of any alignment; kept are all components, under
/// the zero rule those whose symbol is not 0.
struct PlaneJob {
  const std::uint8_t* symbols = nullptr;     ///< `count` bytes, aligned to 8
  const std::uint8_t* signs = nullptr;       ///< a plane; null: no sign bit is set
  const std::uint8_t* zero_signs = nullptr;  ///< a bit for each zero; null: all are +0.0
  const std::uint8_t* mantissa = nullptr;  ///< `stored_planes` planes end to end, the top one first
  const std::uint8_t* tail = nullptr;      ///< lowest byte of each kept component; null: none
  void* out = nullptr;                     ///< `count` components, aligned to 16
  /// Zero rule only: for each tile of kPlaneTile components the number of kept ones before it, made
  /// by CountKept.
  std::uint32_t* kept_before = nullptr;
  std::uint32_t count = 0;  ///< components, 1 to 2^18
  std::uint32_t kept = 0;
  std::uint32_t first = 1;          ///< exponent of symbol 1 (with the zero rule: 2)
  std::uint32_t zero_rule = 0;      ///< 0 or 1
  std::uint32_t wide_symbols = 0;   ///< 2: the two uppermost mantissa bits are part of symbols
  std::uint32_t stored_planes = 0;  ///< of the mantissa, at most its bits (less 8 with a tail)
  std::uint32_t known_planes = 0;   ///< leading bits that are known, absent zero planes included
};

/// Whether jobs of a call have the zero rule; without, the kernel is a smaller one.
enum class ZeroRule : bool { kNever, kPerJob };

enum class PlaneFault : std::uint32_t {
  kNone = 0,
  kKept = 1,      ///< the symbols have another number of zeros; what is written is undefined
  kExponent = 2,  ///< SplitPlanes: an exponent has no symbol
};

/// The way back: symbols, sign planes, mantissa planes and tails of elements. A plane has
/// (kept + 7) / 8 bytes, unused bits zero; kept are all components, under the zero rule those that
/// it does not take. How many these are the host cannot know: room is for all of them, and planes
/// lie end to end.
struct SplitJob {
  const void* elements = nullptr;    ///< `count` components, aligned to 8
  std::uint8_t* symbols = nullptr;   ///< room for `count` bytes, aligned to 8
  std::uint8_t* signs = nullptr;     ///< a plane; null: not wanted
  std::uint8_t* mantissa = nullptr;  ///< `stored_planes` planes, the top one first
  std::uint32_t count = 0;           ///< components, 1 to 2^18
  std::uint32_t first = 1;           ///< exponent of symbol 1 (with the zero rule: 2)
  std::uint32_t stored_planes = 0;   ///< of the mantissa
  std::uint32_t zero_rule = 0;       ///< 0 or 1
  std::uint32_t wide_symbols = 0;    ///< 2: the two uppermost mantissa bits are part of symbols
  std::uint8_t* tail = nullptr;      ///< the lowest byte of each kept component; null: not wanted
  /// Zero rule only: a bit for each zero, and -0.0 is one, too; null: +0.0 alone is.
  std::uint8_t* zero_signs = nullptr;
  /// Zero rule only, made by CountNonzero: kept components before each tile of kPlaneTile, and all.
  std::uint32_t* kept_before = nullptr;
  std::uint32_t* kept = nullptr;
};

// ---- checksums and norms

/// Inputs of this many bytes and fewer have other formulas, and are too short for a device: their
/// hash is for the host.
inline constexpr std::uint32_t kShortHashBytes = 240;

/// One array of the device, of any alignment (8 is faster), above kShortHashBytes. The hash of a
/// shorter one is 0, of which the host must not make use.
struct HashJob {
  const std::uint8_t* bytes = nullptr;
  std::uint32_t size_bytes = 0;
};

/// One tensor of the device, f32. With `centres` the squares are those of exact - centre, a
/// difference that is exact in double (docs/progressive.md, "Centres").
struct SquaresJob {
  const float* values = nullptr;
  const float* centres = nullptr;  ///< null: zeros
  std::uint64_t count = 0;         ///< at most 2^40
};

/// Numbers that one warp adds up.
inline constexpr std::uint32_t kSquaresPart = 8192;
/// Parts of so many numbers.
DLV_EVERYWHERE constexpr std::uint64_t SquaresParts(std::uint64_t count) {
  return (count + kSquaresPart - 1) / kSquaresPart;
}

}  // namespace dlv::kernels::cuda

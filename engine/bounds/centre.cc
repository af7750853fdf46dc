#include "engine/bounds/centre.h"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>
#include <limits>
#include <string>

#include "engine/bounds/rounding.h"

namespace dlv::bounds {
namespace {

/// The parts of a floating-point type, from the top: sign, exponent, fraction.
template <class BitsType, int kExponentBits, int kFractionBits, bool kHasInfinity = true>
struct Format {
  using Bits = BitsType;
  static constexpr int kExponent = kExponentBits;
  static constexpr int kFraction = kFractionBits;
  static constexpr int kBias = (1 << (kExponentBits - 1)) - 1;
  static constexpr unsigned kPlanes = 1 + kExponentBits + kFractionBits;
  static constexpr std::uint64_t kFractionMask = (std::uint64_t{1} << kFractionBits) - 1;
  static constexpr std::uint64_t kAllOnes = (std::uint64_t{1} << kExponentBits) - 1;
  static constexpr bool kHasInfinities = kHasInfinity;
};

using F64 = Format<std::uint64_t, 11, 52>;
using F32 = Format<std::uint32_t, 8, 23>;
using F16 = Format<std::uint16_t, 5, 10>;
using BF16 = Format<std::uint16_t, 8, 7>;
using F8E4M3 = Format<std::uint8_t, 4, 3, false>;
using F8E5M2 = Format<std::uint8_t, 5, 2>;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

/// 2^exponent, -1074 <= exponent <= 1023.
double PowerOfTwo(int exponent) {
  const int field = exponent + 1023;
  return std::bit_cast<double>(field >= 1 ? static_cast<std::uint64_t>(field) << 52
                                          : std::uint64_t{1} << (exponent + 1074));
}

template <class F>
std::uint64_t FieldOf(std::uint64_t bits) {
  return (bits >> F::kFraction) & F::kAllOnes;
}

/// The double of a number whose exponent field is neither zeros nor ones.
template <class F>
double Normal(std::uint64_t bits) {
  const std::uint64_t sign = (bits >> (F::kPlanes - 1)) << 63;
  const std::uint64_t exponent = FieldOf<F>(bits) + (1023 - F::kBias);
  return std::bit_cast<double>(sign | exponent << 52 |
                               (bits & F::kFractionMask) << (52 - F::kFraction));
}

template <class F>
bool IsSpecial(std::uint64_t bits, bool exact) {
  if (FieldOf<F>(bits) != F::kAllOnes) return false;
  return !exact || F::kHasInfinities || (bits & F::kFractionMask) == F::kFractionMask;
}

template <class F>
double ExactSpecial(std::uint64_t bits) {
  const bool infinite = F::kHasInfinities && (bits & F::kFractionMask) == 0;
  if (!infinite) return kNan;
  return (bits >> (F::kPlanes - 1)) != 0 ? -kInfinity : kInfinity;
}

template <class F>
double ExactValue(std::uint64_t bits) {
  if (IsSpecial<F>(bits, true)) return ExactSpecial<F>(bits);
  if (FieldOf<F>(bits) != 0) return Normal<F>(bits);
  const double magnitude =
      static_cast<double>(bits & F::kFractionMask) * PowerOfTwo(1 - F::kBias - F::kFraction);
  return (bits >> (F::kPlanes - 1)) != 0 ? -magnitude : magnitude;
}

template <class F>
std::uint64_t Load(const std::byte* at) {
  typename F::Bits bits = 0;
  std::memcpy(&bits, at, sizeof bits);
  return bits;
}

template <class F>
void Exact(std::span<const std::byte> from, std::span<double> centre, std::span<double> radius) {
  for (std::size_t i = 0; i < centre.size(); ++i) {
    const std::uint64_t bits = Load<F>(from.data() + i * sizeof(typename F::Bits));
    centre[i] = ExactValue<F>(bits);
    if (!radius.empty()) radius[i] = IsSpecial<F>(bits, true) ? kInfinity : 0;
  }
}

/// The middle of [t, t + w) has the first unknown bit set and the others zero.
template <class F>
void Middles(unsigned planes, std::span<const std::byte> from, std::span<double> centre,
             std::span<double> radius) {
  const unsigned unknown = F::kPlanes - planes;  // 1 to kFraction
  const std::uint64_t middle = std::uint64_t{1} << (unknown - 1);
  const std::uint64_t mask = ~((std::uint64_t{1} << unknown) - 1);
  const int known = F::kFraction - static_cast<int>(unknown);
  for (std::size_t i = 0; i < centre.size(); ++i) {
    const std::uint64_t bits = Load<F>(from.data() + i * sizeof(typename F::Bits)) & mask;
    const std::uint64_t field = FieldOf<F>(bits);
    const bool special = IsSpecial<F>(bits, false);
    centre[i] = special ? kNan : field == 0 ? 0 : Normal<F>(bits | middle);
    if (radius.empty()) continue;
    radius[i] = special      ? kInfinity
                : field == 0 ? PowerOfTwo(1 - F::kBias)
                             : PowerOfTwo(static_cast<int>(field) - F::kBias - known - 1);
  }
}

/// Mantissa bits of an exponent field that are known where the steps up to `last` are; -1: nor is
/// the sign.
template <class F>
int KnownFraction(std::uint64_t field, unsigned last) {
  const auto classes = static_cast<std::int64_t>(F::kAllOnes) + 1;
  const auto of = static_cast<std::int64_t>(field);
  // Steps of the class: 2 (classes - 1 - of) + its parity for the sign, 2 (classes + k - of) + it
  // for bit k.
  const std::int64_t octaves = static_cast<std::int64_t>(last) - of % 2;
  if (octaves < 2 * (classes - 1 - of)) return -1;
  const std::int64_t bits = octaves / 2 - classes + of;
  return static_cast<int>(std::clamp<std::int64_t>(bits, 0, F::kFraction));
}

template <class F>
void BySignificance(unsigned last, std::span<const std::byte> from, std::span<double> centre,
                    std::span<double> radius) {
  for (std::size_t i = 0; i < centre.size(); ++i) {
    const std::uint64_t bits = Load<F>(from.data() + i * sizeof(typename F::Bits));
    const std::uint64_t field = FieldOf<F>(bits);
    const int exponent = static_cast<int>(field) - F::kBias;
    const int known = KnownFraction<F>(field, last);
    double middle = 0, half = 0;
    if (IsSpecial<F>(bits, false)) {
      middle = kNan;
      half = kInfinity;
    } else if (field == 0) {
      half = PowerOfTwo(1 - F::kBias);
    } else if (known < 0) {
      half = PowerOfTwo(exponent + 1);
    } else if (known == F::kFraction) {
      middle = Normal<F>(bits);
    } else {
      const std::uint64_t first_unknown = std::uint64_t{1} << (F::kFraction - known - 1);
      middle = Normal<F>((bits & ~(2 * first_unknown - 1)) | first_unknown);
      half = PowerOfTwo(exponent - known - 1);
    }
    centre[i] = middle;
    if (!radius.empty()) radius[i] = half;
  }
}

/// Calls `use` with the type's format; false: the type has none.
template <class Use>
bool WithFormat(DType dtype, const Use& use) {
  switch (dtype) {
    case DType::kF64:
      return use(F64{}), true;
    case DType::kF32:
      return use(F32{}), true;
    case DType::kF16:
      return use(F16{}), true;
    case DType::kBF16:
      return use(BF16{}), true;
    case DType::kF8E4M3:
      return use(F8E4M3{}), true;
    case DType::kF8E5M2:
      return use(F8E5M2{}), true;
    default:
      return false;
  }
}

Status CheckCall(DType dtype, unsigned planes, bool exact, std::size_t bytes, std::size_t centres,
                 std::size_t radii) {
  const auto full = static_cast<unsigned>(8 * SizeOf(dtype));
  if (planes > full || (!exact && planes < LeastPlanes(dtype))) {
    return Error{ErrorCode::kInvalidArgument,
                 std::string(NameOf(dtype)) + " to " + std::to_string(planes) +
                     " planes: a centre takes " + std::to_string(LeastPlanes(dtype)) + " to " +
                     std::to_string(full)};
  }
  if (bytes != centres * SizeOf(dtype) || (radii != 0 && radii != centres)) {
    return Error{ErrorCode::kInvalidArgument, "centres of " + std::to_string(bytes) + " bytes of " +
                                                  std::string(NameOf(dtype)) + ": room for " +
                                                  std::to_string(centres) + " centres and " +
                                                  std::to_string(radii) + " radii"};
  }
  return Ok();
}

}  // namespace

bool HasCentre(DType dtype) { return IsFloat(dtype); }

unsigned LeastPlanes(DType dtype) {
  unsigned least = 0;
  WithFormat(dtype, [&]<class F>(F) { least = 1 + F::kExponent; });
  return least;
}

Status CentreOf(DType dtype, unsigned planes, bool exact, std::span<const std::byte> truncated,
                std::span<double> centre, std::span<double> radius) {
  if (!HasCentre(dtype)) {
    return Error{ErrorCode::kUnsupported,
                 "no centre of type " + std::string(NameOf(dtype)) + "; read it whole"};
  }
  DLV_TRY(CheckCall(dtype, planes, exact, truncated.size(), centre.size(), radius.size()));
  WithFormat(dtype, [&]<class F>(F) {
    exact || planes == F::kPlanes ? Exact<F>(truncated, centre, radius)
                                  : Middles<F>(planes, truncated, centre, radius);
  });
  return Ok();
}

Status CentreBySignificance(DType dtype, unsigned last, std::span<const std::byte> truncated,
                            std::span<double> centre, std::span<double> radius) {
  if (!HasCentre(dtype)) {
    return Error{ErrorCode::kUnsupported,
                 "no centre of type " + std::string(NameOf(dtype)) + "; read it whole"};
  }
  DLV_TRY(
      CheckCall(dtype, LeastPlanes(dtype), false, truncated.size(), centre.size(), radius.size()));
  WithFormat(dtype, [&]<class F>(F) { BySignificance<F>(last, truncated, centre, radius); });
  return Ok();
}

bool HasSpecial(DType dtype, unsigned planes, bool exact, std::span<const std::byte> truncated) {
  bool found = false;
  WithFormat(dtype, [&]<class F>(F) {
    const bool whole = exact || planes == F::kPlanes;
    for (std::size_t i = 0; i + sizeof(typename F::Bits) <= truncated.size();
         i += sizeof(typename F::Bits)) {
      found = found || IsSpecial<F>(Load<F>(truncated.data() + i), whole);
    }
  });
  return found;
}

}  // namespace dlv::bounds

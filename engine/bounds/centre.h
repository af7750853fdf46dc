#pragma once
/// \file
/// What the leading bits of floating-point numbers say of them: a centre and a radius.
///
/// An element with sign, exponent and m leading bits of its fraction known lies in an interval
/// [t, t + w) of magnitudes, w = 2^(exponent of the element - m). The centre is its middle, the
/// radius w / 2. Taking the middle instead of t changes no interval, but halves the norm of what is
/// unknown (docs/progressive.md, "Bounds").

#include <cstddef>
#include <span>

#include "dlv/dtype.h"
#include "dlv/result.h"

namespace dlv::bounds {

/// Whether CentreOf knows the type: f64, f32, f16, bf16 and the two f8.
bool HasCentre(DType dtype);

/// Returns the least number of planes that CentreOf accepts: sign and exponent.
unsigned LeastPlanes(DType dtype);

/// Writes centre and radius of elements of which the `planes` leading bits are known and the others
/// are zero in `truncated` (little-endian, one after another). `exact`: all bits are there.
///
/// Shapes: n elements in `truncated`, n in `centre`, n or none in `radius`. Then for the whole
/// element w: |w - centre| <= radius, and w - centre computed in double is exact. In full:
/// - exact: centre = w, radius = 0;
/// - exponent field 0 (zero and denormals): centre 0, radius the least normal number;
/// - exponent field all ones, unless exact and finite: centre NaN, radius infinite. Such a tensor
///   has to be read whole; then NaN and infinities stay what they are in the centre, and nothing
///   that depends on them is proved. HasSpecial tells.
/// Errors: kUnsupported (type), kInvalidArgument (planes below LeastPlanes or above the type's,
/// sizes that do not fit).
Status CentreOf(DType dtype, unsigned planes, bool exact, std::span<const std::byte> truncated,
                std::span<double> centre, std::span<double> radius);

/// The same of elements of which the bits with steps up to `last` are known, by significance
/// (docs/format/codec.md §6.5); further bits in `truncated` are not looked at. An element of which
/// neither sign nor mantissa is known has centre 0 and twice its exponent's power as radius.
/// Errors: kUnsupported (type), kInvalidArgument (sizes that do not fit).
Status CentreBySignificance(DType dtype, unsigned last, std::span<const std::byte> truncated,
                            std::span<double> centre, std::span<double> radius);

/// Whether an element is, or with more bits could turn out, infinite or not a number.
bool HasSpecial(DType dtype, unsigned planes, bool exact, std::span<const std::byte> truncated);

}  // namespace dlv::bounds

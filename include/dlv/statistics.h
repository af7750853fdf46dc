#pragma once
/// \file
/// Figures about the elements of one tensor: what `dlv show` prints and `dlv check` looks at.
///
/// Which numbers count. Elements of all number types are taken as binary64 values; 64-bit integers
/// beyond 2^53 are rounded to the nearest. A bool counts as 0 or 1. A complex number counts as two
/// elements, its real and its imaginary part, one after the other; so norm2 is the usual one, and
/// norm1 is the sum of both parts' magnitudes. Opaque bytes are not numbers: only `count` is set.
///
/// Minimum, maximum, mean, deviation, norms and histogram are those of the finite elements; NaN and
/// infinite elements are counted beside them. Where no element is finite they are NaN, and the
/// norms are 0, as sums over nothing.

#include <cstdint>
#include <limits>
#include <vector>

namespace dlv {

enum class HistogramScale : std::uint8_t {
  kLinear,       ///< bins of one width from the least to the greatest finite element
  kLogarithmic,  ///< bins of one width in log2 |x|, from the least to the greatest magnitude above
                 ///< 0
};

/// Bin k counts what is at or above edges[k] and below edges[k + 1]; the last bin has its upper
/// edge too.  With one value only, the edges stand half a unit (logarithmic: a factor of two)
/// around it.
struct Histogram {
  HistogramScale scale = HistogramScale::kLinear;
  std::vector<double> edges;          ///< one more than counts; empty: no finite element
  std::vector<std::uint64_t> counts;  ///< logarithmic: zeros are in none
};

struct TensorStatistics {
  std::uint64_t count = 0;  ///< elements; parts, where they are complex
  std::uint64_t nan_count = 0;
  std::uint64_t inf_count = 0;       ///< of both signs
  std::uint64_t zero_count = 0;      ///< of both signs
  std::uint64_t negative_count = 0;  ///< finite and below 0
  double min = std::numeric_limits<double>::quiet_NaN();
  double max = std::numeric_limits<double>::quiet_NaN();
  double mean = std::numeric_limits<double>::quiet_NaN();
  double std =
      std::numeric_limits<double>::quiet_NaN();  ///< divided by the number, not by one less
  double least_magnitude = std::numeric_limits<double>::quiet_NaN();  ///< above 0; NaN: all are 0
  double norm1 = 0;                                                   ///< sum of magnitudes
  double norm2 = 0;     ///< root of the sum of squares
  double norm_inf = 0;  ///< greatest magnitude
  Histogram histogram;  ///< where it was asked for

  /// Returns the number of elements that the figures are about.
  std::uint64_t finite_count() const { return count - nan_count - inf_count; }
  /// Returns the share of zeros among all elements; 0 for a tensor without any.
  double sparsity() const {
    return count == 0 ? 0 : static_cast<double>(zero_count) / static_cast<double>(count);
  }
};

}  // namespace dlv

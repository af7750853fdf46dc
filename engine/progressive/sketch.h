#pragma once
/// \file
/// Low-rank sketches of what is not read: the inputs of a fully connected layer lie mostly in a few
/// directions P, and along these the unread part of the weights is kept as U (docs/progressive.md,
/// "Sketches"). Any P and U are sound: what they leave is bounded.

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace dlv::progressive {

/// A matrix in 2 to 8 bits an element with a factor of 16 bits a column, [rows][columns]: its
/// elements are floats, exactly.
struct CoarseMatrix {
  std::int64_t rows = 0, columns = 0;
  unsigned bits = 8;
  std::vector<std::int8_t> elements;
  std::vector<float> factors;

  static CoarseMatrix Round(std::span<const double> matrix, std::int64_t rows, std::int64_t columns,
                            unsigned bits);
  std::vector<double> Values() const;
  std::uint64_t bytes() const {
    return (elements.size() * bits + 7) / 8 + factors.size() * sizeof(float);
  }

  /// The bytes as doubles without meaning, for DerivedData, and back.
  std::vector<double> Packed() const;
  static std::optional<CoarseMatrix> Unpacked(const std::vector<double>& packed);
};

/// Returns about the `rank` directions, [columns][rank], along which the rows of `inputs`,
/// [samples][columns], are the largest: their principal directions, not centred.
std::vector<double> PrincipalDirections(std::span<const double> inputs, std::int64_t samples,
                                        std::int64_t columns, std::int64_t rank);

/// Returns about S = P (P^T P)^-1, [columns][rank], for directions P of that size: S^T x are the
/// factors with which P comes nearest to x. Where P^T P is near singular, some other numbers.
std::vector<double> SolverOf(std::span<const double> directions, std::int64_t columns,
                             std::int64_t rank);

}  // namespace dlv::progressive

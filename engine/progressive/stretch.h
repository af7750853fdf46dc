#pragma once
/// \file
/// Other coordinates for what a fully connected layer reads, x = B y, in which its inputs are about
/// as large in all directions (docs/progressive.md, "Stretched inputs"). Any B is sound.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/progressive/remainder.h"
#include "engine/progressive/sketch.h"

namespace dlv::progressive {

/// What is kept of B = Q (1 + P T S^T): Q = 2^-shift a column; P, [columns][rank], of x / Q; T >= 0
/// one a direction. S comes from P.
struct StretchForm {
  std::vector<std::uint8_t> shifts;
  CoarseMatrix directions;
  std::vector<float> gains;  ///< T

  std::uint64_t bytes() const {
    return (shifts.size() + 3) / 4 + directions.bytes() + 4 * gains.size();
  }
  /// As numbers, for DerivedData, and back.
  std::vector<double> Packed() const;
  static std::optional<StretchForm> Unpacked(const std::vector<double>& packed);
};

/// Returns what makes the rows of `inputs`, [samples][columns], short for a layer of so many
/// outputs whose unread part is about random: with so many directions in so many bits.
StretchForm ChooseStretch(std::span<const double> inputs, std::int64_t columns,
                          std::int64_t outputs, std::int64_t rank, unsigned bits);

class Stretch {
 public:
  /// Returns nothing where the numbers are of no B: shifts above 3, gains that are negative or not
  /// finite, sizes that do not fit.
  static std::optional<Stretch> Of(const StretchForm& form);

  std::int64_t columns() const { return columns_; }
  /// At least ||B||.
  double norm() const { return norm_; }

  /// ||D x|| <= ||D B|| y + ||D|| off for the x of a sample.
  struct Reach {
    double y = 0, off = 0;
  };
  /// Of `samples` rows x, computed in Number.
  template <class Number>
  std::vector<Reach> Reaches(const Number* x, std::size_t samples) const;

  /// At least ||D B|| of a matrix D, [rows][columns].
  double ProductAbove(std::span<const double> matrix, std::int64_t rows) const;

  /// Tells B from others.
  std::string Hash() const;

 private:
  std::int64_t columns_ = 0, rank_ = 0;
  /// 1 / Q, Q, P, S, Q^-1 S, T and 1 / (1 + T) - 1, all of them floats.
  std::vector<double> up_, down_, directions_, solver_, scaled_solver_, gains_, losses_;
  std::vector<float> single_up_, single_scaled_solver_;
  Remainder remainder_;                                     ///< of P
  double directions_norm_ = 0, solver_norm_ = 0;            ///< ||P||, ||S||
  double directions_frobenius_ = 0, solver_frobenius_ = 0;  ///< the same in the Frobenius norm
  double greatest_gain_ = 0, norm_ = 0;
  double leak_ = 0;  ///< ||x - B y|| <= leak ||x / Q|| for y without rounding
};

}  // namespace dlv::progressive

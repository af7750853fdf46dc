#pragma once
/// \file
/// Proofs that Hermitian matrices have no negative eigenvalue. docs/progressive.md, "Norm of a
/// residual block".

#include <cstddef>
#include <vector>

namespace dlv::bounds {

/// A Hermitian matrix, row-major, of which the lower triangle counts; the upper one is zero.
/// Elements are of magnitude 2^100 at most.
struct Hermitian {
  explicit Hermitian(std::size_t n) : size(n), real(n * n, 0), imaginary(n * n, 0) {}
  std::size_t size;
  std::vector<double> real, imaginary;
};

/// Whether every Hermitian matrix within `error` (in the spectral norm) of this one is proved to
/// have no negative eigenvalue. Matrices whose least eigenvalue is below about 1e-9 are not; the
/// greatest should be about 1.
bool IsPositive(const Hermitian& matrix, double error);

}  // namespace dlv::bounds

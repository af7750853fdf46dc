#pragma once
/// \file
/// Intervals through a linear map, as a middle and a radius: the method of ModelHub, as a baseline
/// and a cross-check of the norms.

#include <cstdint>
#include <span>

#include "engine/bounds/blas.h"

namespace dlv::bounds {

/// A matrix of which every element is known up to a radius.
struct IntervalMatrix {
  std::int64_t rows = 0;
  std::int64_t columns = 0;
  const double* centre = nullptr;
  const double* radius = nullptr;  ///< null: zeros
};

/// Writes for y = W x + b, with |W - C| <= R and x within `radius` of `centre`, how far y may be
/// from the product C x + b as MultiplyAdd and one addition compute it:
///     |C| e + R (|x| + e) + gamma (|C| |x| + |b|), rounded up.
/// Shapes: W [m x k]; x and e are k x n, or n x k when `x_transposed`; b m numbers or null; result
/// m x n (n x m when `x_transposed`), rows one after another.
/// Source: Rump, Fast interval matrix multiplication, Numerical Algorithms 61, 2012.
void IntervalRadiusAbove(const IntervalMatrix& weights, Transpose x_transposed, std::int64_t n,
                         const double* x, const double* e, const double* bias, double* result);

}  // namespace dlv::bounds

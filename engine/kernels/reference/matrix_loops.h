#pragma once
/// \file
/// Products of matrices as plain loops, for any type that works like a real number.

#include <cstdint>
#include <vector>

#include "engine/kernels/dispatch.h"

namespace dlv::kernels {

/// A matrix somewhere in memory: element (row, column) is data[row * row_step + column *
/// column_step].
template <class T>
struct Matrix {
  const T* data = nullptr;
  std::int64_t row_step = 0, column_step = 0;
};

/// sums[n] = sum over k of a[row, k] * b[k, n], in the order of k.
/// Shapes: a [., depth], b [depth, sums.size()].
template <class T>
void ProductRow(const Matrix<T>& a, std::int64_t row, const Matrix<T>& b, std::int64_t depth,
                std::vector<Sum<T>>& sums) {
  const auto columns = static_cast<std::int64_t>(sums.size());
  const T* left = a.data + row * a.row_step;
  if (b.column_step == 1) {  // along the rows of b
    std::fill(sums.begin(), sums.end(), Sum<T>(0));
    for (std::int64_t k = 0; k < depth; ++k) {
      const auto factor = static_cast<Sum<T>>(left[k * a.column_step]);
      const T* right = b.data + k * b.row_step;
      for (std::int64_t n = 0; n < columns; ++n) {
        sums[static_cast<std::size_t>(n)] += factor * static_cast<Sum<T>>(right[n]);
      }
    }
    return;
  }
  for (std::int64_t n = 0; n < columns; ++n) {  // along the columns
    const T* right = b.data + n * b.column_step;
    Sum<T> sum = 0;
    for (std::int64_t k = 0; k < depth; ++k) {
      sum +=
          static_cast<Sum<T>>(left[k * a.column_step]) * static_cast<Sum<T>>(right[k * b.row_step]);
    }
    sums[static_cast<std::size_t>(n)] = sum;
  }
}

}  // namespace dlv::kernels

#pragma once
/// \file
/// The product of matrices as loops of our own, for any number type.

#include <algorithm>
#include <cstdint>
#include <vector>

namespace dlv::bounds {

/// C += A B: A m x k and B k x n, rows one after another in their leading dimensions. Each element
/// of C gets its products one after another, four at a time.
template <class Number>
void AddProduct(std::int64_t m, std::int64_t n, std::int64_t k, const Number* a, std::int64_t lda,
                const Number* b, std::int64_t ldb, Number* c, std::int64_t ldc) {
  constexpr std::int64_t kColumns =
      512;                             // of B and C: rows of a block stay in the first-level cache
  constexpr std::int64_t kDepth = 32;  // rows of B that a block takes: 128 KiB of doubles
  for (std::int64_t column = 0; column < n; column += kColumns) {
    const std::int64_t width = std::min(kColumns, n - column);
    for (std::int64_t depth = 0; depth < k; depth += kDepth) {
      const std::int64_t depth_end = std::min(k, depth + kDepth);
      for (std::int64_t i = 0; i < m; ++i) {
        Number* const to = c + i * ldc + column;
        std::int64_t l = depth;
        for (; l + 4 <= depth_end; l += 4) {
          const Number* const factor = a + i * lda + l;
          const Number f0 = factor[0], f1 = factor[1], f2 = factor[2], f3 = factor[3];
          const Number* const b0 = b + l * ldb + column;
          const Number* const b1 = b0 + ldb;
          const Number* const b2 = b1 + ldb;
          const Number* const b3 = b2 + ldb;
          for (std::int64_t j = 0; j < width; ++j) {
            to[j] = to[j] + ((f0 * b0[j] + f1 * b1[j]) + (f2 * b2[j] + f3 * b3[j]));
          }
        }
        for (; l < depth_end; ++l) {
          const Number factor = a[i * lda + l];
          const Number* const from = b + l * ldb + column;
          for (std::int64_t j = 0; j < width; ++j) to[j] = to[j] + factor * from[j];
        }
      }
    }
  }
}

/// Returns the transpose of a rows x columns matrix, without gaps.
template <class Number>
std::vector<Number> Transposed(const Number* from, std::int64_t rows, std::int64_t columns,
                               std::int64_t leading) {
  std::vector<Number> to(static_cast<std::size_t>(rows * columns));
  for (std::int64_t i = 0; i < rows; ++i) {
    for (std::int64_t j = 0; j < columns; ++j) {
      to[static_cast<std::size_t>(j * rows + i)] = from[i * leading + j];
    }
  }
  return to;
}

}  // namespace dlv::bounds

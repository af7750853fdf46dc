#pragma once
/// \file
/// Products of matrices: OpenBLAS where it is installed, a plain loop of our own where it is not.
///
/// What bounds may assume of either (docs/progressive.md, "Bounds"): every element of the result is
/// a sum of the k products of its row and column, and of beta times what stood there, added in some
/// order, with or without fused multiply-add, to nearest, denormals kept. So it differs from the
/// true one by at most gamma_k (gamma_(k+2) with beta) times the sum of the magnitudes, plus the
/// least denormal a product.

#include <cstdint>

namespace dlv::bounds {

enum class Transpose : bool { kNo, kYes };

/// C = op(A) op(B) + beta C. Row-major: op(A) is m x k, op(B) k x n, C m x n; lda, ldb, ldc are the
/// distances of rows as they lie in memory. With beta 0, C need not be initialised. Sizes of 0 are
/// fine. C overlaps neither A nor B. One thread; callers may be many.
void MultiplyAdd(Transpose a_transposed, Transpose b_transposed, std::int64_t m, std::int64_t n,
                 std::int64_t k, const double* a, std::int64_t lda, const double* b,
                 std::int64_t ldb, double beta, double* c, std::int64_t ldc);
void MultiplyAdd(Transpose a_transposed, Transpose b_transposed, std::int64_t m, std::int64_t n,
                 std::int64_t k, const float* a, std::int64_t lda, const float* b, std::int64_t ldb,
                 float beta, float* c, std::int64_t ldc);

/// Whether OpenBLAS does it. It is looked for on the first call of a function of this file;
/// DLV_KERNELS=reference keeps it out.
bool HasBlas();

}  // namespace dlv::bounds

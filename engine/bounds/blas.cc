#include "engine/bounds/blas.h"

#include <algorithm>
#include <limits>

#include "engine/bounds/open_blas.h"
#include "engine/bounds/plain_product.h"

namespace dlv::bounds {
namespace {

template <class Number>
void Scale(std::int64_t m, std::int64_t n, Number beta, Number* c, std::int64_t ldc) {
  if (beta == 1) return;
  for (std::int64_t i = 0; i < m; ++i) {
    Number* const row = c + i * ldc;
    if (beta == 0) {
      std::fill(row, row + n, Number{0});  // whatever stood there, NaN too
    } else {
      for (std::int64_t j = 0; j < n; ++j) row[j] = beta * row[j];
    }
  }
}

template <class Number>
void PlainMultiplyAdd(Transpose a_transposed, Transpose b_transposed, std::int64_t m,
                      std::int64_t n, std::int64_t k, const Number* a, std::int64_t lda,
                      const Number* b, std::int64_t ldb, Number beta, Number* c, std::int64_t ldc) {
  Scale(m, n, beta, c, ldc);
  std::vector<Number> turned_a, turned_b;
  if (a_transposed == Transpose::kYes) {
    turned_a = Transposed(a, k, m, lda);
    a = turned_a.data();
    lda = k;
  }
  if (b_transposed == Transpose::kYes) {
    turned_b = Transposed(b, n, k, ldb);
    b = turned_b.data();
    ldb = n;
  }
  AddProduct(m, n, k, a, lda, b, ldb, c, ldc);
}

int Code(Transpose transposed) {
  return transposed == Transpose::kYes ? OpenBlas::kTransposed : OpenBlas::kNotTransposed;
}

OpenBlas::Dgemm FunctionOf(const OpenBlas& blas, double) { return blas.dgemm; }
OpenBlas::Sgemm FunctionOf(const OpenBlas& blas, float) { return blas.sgemm; }

template <class Number>
void Multiply(Transpose a_transposed, Transpose b_transposed, std::int64_t m, std::int64_t n,
              std::int64_t k, const Number* a, std::int64_t lda, const Number* b, std::int64_t ldb,
              Number beta, Number* c, std::int64_t ldc) {
  if (m <= 0 || n <= 0) return;
  if (k <= 0) return Scale(m, n, beta, c, ldc);
  const OpenBlas* const blas = FindOpenBlas();
  if (blas == nullptr || std::max({m, n, k, lda, ldb, ldc}) > std::numeric_limits<int>::max()) {
    return PlainMultiplyAdd(a_transposed, b_transposed, m, n, k, a, lda, b, ldb, beta, c, ldc);
  }
  const auto whole = [](std::int64_t size) { return static_cast<int>(size); };
  FunctionOf(*blas, beta)(OpenBlas::kRowMajor, Code(a_transposed), Code(b_transposed), whole(m),
                          whole(n), whole(k), Number{1}, a, whole(lda), b, whole(ldb), beta, c,
                          whole(ldc));
}

}  // namespace

void MultiplyAdd(Transpose a_transposed, Transpose b_transposed, std::int64_t m, std::int64_t n,
                 std::int64_t k, const double* a, std::int64_t lda, const double* b,
                 std::int64_t ldb, double beta, double* c, std::int64_t ldc) {
  Multiply(a_transposed, b_transposed, m, n, k, a, lda, b, ldb, beta, c, ldc);
}

void MultiplyAdd(Transpose a_transposed, Transpose b_transposed, std::int64_t m, std::int64_t n,
                 std::int64_t k, const float* a, std::int64_t lda, const float* b, std::int64_t ldb,
                 float beta, float* c, std::int64_t ldc) {
  Multiply(a_transposed, b_transposed, m, n, k, a, lda, b, ldb, beta, c, ldc);
}

bool HasBlas() { return FindOpenBlas() != nullptr; }

}  // namespace dlv::bounds

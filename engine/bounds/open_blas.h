#pragma once
/// \file
/// OpenBLAS, opened when it is first needed: a program that only prints its version does not load
/// it.

namespace dlv::bounds {

/// The two functions of the C interface that are used (cblas.h), with its row-major order and its
/// numbers for "as it is" and "transposed".
struct OpenBlas {
  static constexpr int kRowMajor = 101;
  static constexpr int kNotTransposed = 111;
  static constexpr int kTransposed = 112;

  using Dgemm = void (*)(int order, int a_transposed, int b_transposed, int m, int n, int k,
                         double alpha, const double* a, int lda, const double* b, int ldb,
                         double beta, double* c, int ldc);
  using Sgemm = void (*)(int order, int a_transposed, int b_transposed, int m, int n, int k,
                         float alpha, const float* a, int lda, const float* b, int ldb, float beta,
                         float* c, int ldc);
  Dgemm dgemm = nullptr;
  Sgemm sgemm = nullptr;
};

/// Returns the library's functions, or null where it is not installed or DLV_KERNELS=reference
/// keeps it out. It computes in the thread that calls. Thread-safe.
const OpenBlas* FindOpenBlas();

}  // namespace dlv::bounds

#pragma once
/// \file
/// Operands of matrix products, checked.

#include <cstdint>

#include "engine/kernels/call.h"

namespace dlv::kernels {

/// Gemm: y [rows, columns] = alpha * A B + beta * C, with A [rows, depth] or turned, B [depth,
/// columns] or turned, C broadcast to y or left out.
struct GemmOperands {
  std::int64_t rows = 0, columns = 0, depth = 0;
  bool turn_a = false, turn_b = false;
  double alpha = 1, beta = 1;
  Strides c_strides;  ///< over y; empty: no C
};
/// Errors: kInvalidArgument (numbers of axes, sizes that do not fit, types).
Result<GemmOperands> ReadGemm(const Call& call);

/// MatMul: a batch of products, with numpy's rules for vectors and for the axes before the last
/// two.
struct MatMulOperands {
  std::int64_t rows = 0, columns = 0, depth = 0;
  Shape batch;                   ///< what the leading axes broadcast to
  Strides a_strides, b_strides;  ///< over `batch`, in matrices
  Shape out;
};
/// Errors: as ReadGemm.
Result<MatMulOperands> ReadMatMul(const Call& call);

}  // namespace dlv::kernels

// Gemm (ONNX, operator versions 6 to 13; Caffe's InnerProduct is imported as it) and MatMul (1 to
// 13).

#include <vector>

#include "engine/kernels/dispatch.h"
#include "engine/kernels/reference/matrix_loops.h"
#include "engine/kernels/reference/matrix_operands.h"
#include "engine/kernels/reference/rows.h"
#include "engine/kernels/walk.h"

namespace dlv::kernels {
namespace {

template <class T>
Matrix<T> MatrixOf(const T* data, std::int64_t stored_columns, bool turned) {
  return turned ? Matrix<T>{data, 1, stored_columns} : Matrix<T>{data, stored_columns, 1};
}

template <class T>
Status RunGemm(const Call& call, const GemmOperands& gemm, Value& out) {
  const auto a = MatrixOf(call.In(0).As<T>().data(), call.In(0).shape()[1], gemm.turn_a);
  const auto b = MatrixOf(call.In(1).As<T>().data(), call.In(1).shape()[1], gemm.turn_b);
  const T* c = call.Has(2) ? call.In(2).As<T>().data() : nullptr;
  const auto alpha = static_cast<Sum<T>>(gemm.alpha), beta = static_cast<Sum<T>>(gemm.beta);
  std::vector<Sum<T>> sums(static_cast<std::size_t>(gemm.columns));
  T* y = out.As<T>().data();
  for (std::int64_t row = 0; row < gemm.rows; ++row) {
    DLV_TRY(call.CheckCancelled());
    ProductRow<T>(a, row, b, gemm.depth, sums);
    for (std::int64_t n = 0; n < gemm.columns; ++n) {
      Sum<T> sum = alpha * sums[static_cast<std::size_t>(n)];
      if (c != nullptr) {
        sum += beta * static_cast<Sum<T>>(c[row * gemm.c_strides[0] + n * gemm.c_strides[1]]);
      }
      *y++ = static_cast<T>(sum);
    }
  }
  return Ok();
}

Status Gemm(Call& call) {
  DLV_ASSIGN(const GemmOperands gemm, ReadGemm(call));
  DLV_ASSIGN(Value * out, call.Make(0, call.In(0).dtype(), {gemm.rows, gemm.columns}));
  return OnReal(call, call.In(0).dtype(), [&](auto type) {
    return RunGemm<typename decltype(type)::type>(call, gemm, *out);
  });
}

template <class T>
Status RunMatMul(const Call& call, const MatMulOperands& product, Value& out) {
  std::vector<Sum<T>> sums(static_cast<std::size_t>(product.columns));
  T* y = out.As<T>().data();
  Status status = Ok();
  const auto multiply = [&](std::int64_t at_a, std::int64_t at_b) {
    const auto a = MatrixOf(call.In(0).As<T>().data() + at_a * product.rows * product.depth,
                            product.depth, false);
    const auto b = MatrixOf(call.In(1).As<T>().data() + at_b * product.depth * product.columns,
                            product.columns, false);
    for (std::int64_t row = 0; row < product.rows && status.ok(); ++row) {
      status = call.CheckCancelled();
      ProductRow<T>(a, row, b, product.depth, sums);
      for (const Sum<T>& sum : sums) *y++ = static_cast<T>(sum);
    }
  };
  ForEachRun<2>(product.batch, {product.a_strides, product.b_strides},
                [&](const Places<2>& places, const Places<2>& steps, std::int64_t count) {
                  for (std::int64_t i = 0; i < count; ++i) {
                    multiply(places[0] + i * steps[0], places[1] + i * steps[1]);
                  }
                });
  return status;
}

Status MatMul(Call& call) {
  DLV_ASSIGN(const MatMulOperands product, ReadMatMul(call));
  DLV_ASSIGN(Value * out, call.Make(0, call.In(0).dtype(), product.out));
  return OnReal(call, call.In(0).dtype(), [&](auto type) {
    return RunMatMul<typename decltype(type)::type>(call, product, *out);
  });
}

constexpr KernelRow kMatrixKernels[] = {
    {"", "Gemm", Gemm},
    {"", "MatMul", MatMul},
};

}  // namespace

std::span<const KernelRow> MatrixKernels() { return kMatrixKernels; }

}  // namespace dlv::kernels

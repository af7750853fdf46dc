// Products of matrices by oneDNN.

#include <oneapi/dnnl/dnnl.h>

#include "engine/kernels/cpu/one_thread.h"
#include "engine/kernels/cpu/rows.h"
#include "engine/kernels/reference/matrix_operands.h"
#include "engine/kernels/walk.h"

namespace dlv::kernels {
namespace {

/// c = alpha * a b + beta * c, all in C order. Returns whether oneDNN did it.
bool Multiply(bool turn_a, bool turn_b, std::int64_t rows, std::int64_t columns, std::int64_t depth,
              float alpha, const float* a, const float* b, float beta, float* c) {
  const OneThread one_thread;
  return dnnl_sgemm(turn_a ? 'T' : 'N', turn_b ? 'T' : 'N', rows, columns, depth, alpha, a,
                    turn_a ? rows : depth, b, turn_b ? depth : columns, beta, c,
                    columns) == dnnl_success;
}

Status CpuGemm(Call& call) {
  DLV_ASSIGN(const GemmOperands gemm, ReadGemm(call));
  const bool is_empty = gemm.rows == 0 || gemm.columns == 0 || gemm.depth == 0;
  const Kernel reference = FindKernel(Implementation::kReference, "", "Gemm");
  if (call.In(0).dtype() != DType::kF32 || is_empty) return reference(call);
  DLV_TRY(call.CheckCancelled());
  DLV_ASSIGN(Value * out, call.Make(0, DType::kF32, {gemm.rows, gemm.columns}));
  const bool has_c = call.Has(2);
  if (has_c) {
    CopyElements({gemm.rows, gemm.columns}, sizeof(float), call.In(2).data(), gemm.c_strides,
                 out->data(), {gemm.columns, 1});
  }
  const bool done = Multiply(gemm.turn_a, gemm.turn_b, gemm.rows, gemm.columns, gemm.depth,
                             static_cast<float>(gemm.alpha), call.In(0).As<float>().data(),
                             call.In(1).As<float>().data(),
                             has_c ? static_cast<float>(gemm.beta) : 0, out->As<float>().data());
  return done ? Ok() : reference(call);
}

Status CpuMatMul(Call& call) {
  DLV_ASSIGN(const MatMulOperands product, ReadMatMul(call));
  const bool is_empty = product.rows == 0 || product.columns == 0 || product.depth == 0;
  const Kernel reference = FindKernel(Implementation::kReference, "", "MatMul");
  if (call.In(0).dtype() != DType::kF32 || is_empty) return reference(call);
  DLV_ASSIGN(Value * out, call.Make(0, DType::kF32, product.out));
  const float *a = call.In(0).As<float>().data(), *b = call.In(1).As<float>().data();
  float* c = out->As<float>().data();
  Status status = Ok();
  bool done = true;
  ForEachRun<2>(
      product.batch, {product.a_strides, product.b_strides},
      [&](const Places<2>& places, const Places<2>& steps, std::int64_t count) {
        for (std::int64_t i = 0; i < count && done && status.ok(); ++i) {
          status = call.CheckCancelled();
          const float* left = a + (places[0] + i * steps[0]) * product.rows * product.depth;
          const float* right = b + (places[1] + i * steps[1]) * product.depth * product.columns;
          done = Multiply(false, false, product.rows, product.columns, product.depth, 1, left,
                          right, 0, c);
          c += product.rows * product.columns;
        }
      });
  DLV_TRY(status);
  return done ? Ok() : reference(call);
}

constexpr KernelRow kCpuMatrixKernels[] = {{"", "Gemm", CpuGemm}, {"", "MatMul", CpuMatMul}};

}  // namespace

std::span<const KernelRow> CpuMatrixKernels() { return kCpuMatrixKernels; }

}  // namespace dlv::kernels

// Products of matrices by oneDNN: with factors that are the same in every run packed once
// (fixed_factor.h), else as they stand.

#include "engine/kernels/cpu/fixed_factor.h"
#include "engine/kernels/cpu/rows.h"
#include "engine/kernels/reference/matrix_operands.h"
#include "engine/kernels/walk.h"

namespace dlv::kernels {
namespace {

// ---- any factors ---------------------------------------------------------------------------

/// c = alpha * a b + beta * c, all in C order. Returns whether oneDNN did it.
bool MultiplyMatrices(bool turn_a, bool turn_b, std::int64_t rows, std::int64_t columns,
                      std::int64_t depth, float alpha, const float* a, const float* b, float beta,
                      float* c) {
  return dnnl_sgemm(turn_a ? 'T' : 'N', turn_b ? 'T' : 'N', rows, columns, depth, alpha, a,
                    turn_a ? rows : depth, b, turn_b ? depth : columns, beta, c,
                    columns) == dnnl_success;
}

Status AnyGemm(Call& call, const GemmOperands& gemm) {
  DLV_ASSIGN(Value * out, call.Make(0, DType::kF32, {gemm.rows, gemm.columns}));
  const bool has_c = call.Has(2);
  if (has_c) {
    CopyElements({gemm.rows, gemm.columns}, sizeof(float), call.In(2).data(), gemm.c_strides,
                 out->data(), {gemm.columns, 1});
  }
  const bool done = MultiplyMatrices(
      gemm.turn_a, gemm.turn_b, gemm.rows, gemm.columns, gemm.depth, static_cast<float>(gemm.alpha),
      call.In(0).As<float>().data(), call.In(1).As<float>().data(),
      has_c ? static_cast<float>(gemm.beta) : 0, out->As<float>().data());
  return done ? Ok() : RunReference(call);
}

Status AnyMatMul(Call& call, const MatMulOperands& product) {
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
          done = MultiplyMatrices(false, false, product.rows, product.columns, product.depth, 1,
                                  left, right, 0, c);
          c += product.rows * product.columns;
        }
      });
  DLV_TRY(status);
  return done ? Ok() : RunReference(call);
}

// ---- kernels -------------------------------------------------------------------------------

const Value* BiasOf(const Call& call) { return call.Has(2) ? &call.In(2) : nullptr; }

bool HasFixedFactor(const Call& call, const GemmOperands& gemm) {
  if (!call.IsFixed(1) || gemm.turn_a || gemm.alpha != 1) return false;
  return !call.Has(2) ||
         (gemm.beta == 1 && call.In(2).count() == gemm.columns && gemm.c_strides == Strides{0, 1});
}

Status CpuGemm(Call& call) {
  DLV_ASSIGN(const GemmOperands gemm, ReadGemm(call));
  const bool is_empty = gemm.rows == 0 || gemm.columns == 0 || gemm.depth == 0;
  if (call.In(0).dtype() != DType::kF32 || is_empty) return RunReference(call);
  DLV_TRY(call.CheckCancelled());
  if (HasFixedFactor(call, gemm)) {
    DLV_TRY(UnfoldBesideLarge(call));
    const FactorProduct product = {gemm.rows,          gemm.columns, gemm.depth,
                                   gemm.turn_b,        BiasOf(call), {gemm.rows, gemm.columns},
                                   ImageOf(call.In(0))};
    DLV_ASSIGN(const bool done, RunFactorProduct(call, product));
    if (done) return Ok();
  }
  DLV_TRY(call.MakePlain());
  return AnyGemm(call, gemm);
}

Status CpuMatMul(Call& call) {
  DLV_ASSIGN(const MatMulOperands product, ReadMatMul(call));
  const bool is_empty = product.rows == 0 || product.columns == 0 || product.depth == 0;
  if (call.In(0).dtype() != DType::kF32 || is_empty || CountOf(product.out) == 0) {
    return RunReference(call);
  }
  if (call.IsFixed(1) && call.In(1).rank() == 2) {
    DLV_TRY(call.CheckCancelled());
    DLV_TRY(UnfoldBesideLarge(call));
    const std::int64_t rows = CountOf(product.batch) * product.rows;
    const FactorProduct fixed = {rows,    product.columns, product.depth,      false,
                                 nullptr, product.out,     ImageOf(call.In(0))};
    DLV_ASSIGN(const bool done, RunFactorProduct(call, fixed));
    if (done) return Ok();
  }
  DLV_TRY(call.MakePlain());
  return AnyMatMul(call, product);
}

constexpr KernelRow kCpuMatrixKernels[] = {{"", "Gemm", CpuGemm, false, false, true},
                                           {"", "MatMul", CpuMatMul, false, false, true}};

}  // namespace

std::span<const KernelRow> CpuMatrixKernels() { return kCpuMatrixKernels; }

}  // namespace dlv::kernels

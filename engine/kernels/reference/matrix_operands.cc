#include "engine/kernels/reference/matrix_operands.h"

#include <string>

#include "engine/kernels/dispatch.h"

namespace dlv::kernels {
namespace {

Status CheckFactorTypes(const Call& call) {
  DLV_TRY(call.Want(2));
  for (std::size_t i = 1; i < call.input_count(); ++i) {
    if (call.Has(i) && call.In(i).dtype() != call.In(0).dtype()) {
      return WrongType(call, call.In(i).dtype(), NameOf(call.In(0).dtype()).data());
    }
  }
  return Ok();
}

Error DoNotFit(const Call& call) {
  return call.Bad("factors " + TextOf(call.In(0).shape()) + " and " + TextOf(call.In(1).shape()) +
                  " do not fit together");
}

/// Steps of leading axes, counted in matrices.
Strides BatchStrides(const Shape& shape, const Shape& batch) {
  return BroadcastStrides({shape.begin(), shape.end() - 2}, batch);
}

}  // namespace

Result<GemmOperands> ReadGemm(const Call& call) {
  DLV_TRY(CheckFactorTypes(call));
  const Shape& a = call.In(0).shape();
  const Shape& b = call.In(1).shape();
  if (a.size() != 2 || b.size() != 2) return DoNotFit(call);
  GemmOperands gemm;
  gemm.turn_a = call.Flag("transA");
  gemm.turn_b = call.Flag("transB");
  gemm.alpha = call.Real("alpha", 1);
  gemm.beta = call.Real("beta", 1);
  gemm.rows = a[gemm.turn_a ? 1 : 0];
  gemm.depth = a[gemm.turn_a ? 0 : 1];
  gemm.columns = b[gemm.turn_b ? 0 : 1];
  if (b[gemm.turn_b ? 1 : 0] != gemm.depth) return DoNotFit(call);
  if (!call.Has(2)) return gemm;
  const Shape out = {gemm.rows, gemm.columns};
  const Shape& c = call.In(2).shape();
  if (c.size() > 2 || BroadcastShape(c, out) != out) {
    return call.Bad("bias " + TextOf(c) + " does not broadcast to " + TextOf(out));
  }
  gemm.c_strides = BroadcastStrides(c, out);
  return gemm;
}

Result<MatMulOperands> ReadMatMul(const Call& call) {
  DLV_TRY(CheckFactorTypes(call));
  Shape a = call.In(0).shape(), b = call.In(1).shape();
  if (a.empty() || b.empty()) return DoNotFit(call);
  const bool vector_a = a.size() == 1, vector_b = b.size() == 1;
  if (vector_a) a.insert(a.begin(), 1);
  if (vector_b) b.push_back(1);
  MatMulOperands product;
  product.rows = a[a.size() - 2];
  product.depth = a.back();
  product.columns = b.back();
  const auto batch = BroadcastShape({a.begin(), a.end() - 2}, {b.begin(), b.end() - 2});
  if (b[b.size() - 2] != product.depth || !batch) return DoNotFit(call);
  product.batch = *batch;
  product.a_strides = BatchStrides(a, *batch);
  product.b_strides = BatchStrides(b, *batch);
  product.out = *batch;
  if (!vector_a) product.out.push_back(product.rows);
  if (!vector_b) product.out.push_back(product.columns);
  return product;
}

}  // namespace dlv::kernels

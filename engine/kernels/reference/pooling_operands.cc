#include "engine/kernels/reference/pooling_operands.h"

namespace dlv::kernels {

Result<PoolOperands> ReadPool(const Call& call) {
  DLV_TRY(call.Want(1));
  const Shape& in = call.In(0).shape();
  const auto kernel = call.List("kernel_shape");
  if (!kernel) return call.Bad("has no kernel_shape");
  if (in.size() < 3) return call.Bad("input " + TextOf(in) + ", want at least 3 axes");
  DLV_ASSIGN(const Window window, ReadWindow(call, in, *kernel));
  return PoolOperands{window, OutShape(window, in, in[1])};
}

Result<PoolOperands> ReadGlobalPool(const Call& call) {
  DLV_TRY(call.Want(1));
  const Shape& in = call.In(0).shape();
  if (in.size() < 3) return call.Bad("input " + TextOf(in) + ", want at least 3 axes");
  PoolOperands pool;
  pool.window[2].in = pool.window[2].kernel = CountBetween(in, 2, in.size());
  pool.out = Shape(in.size(), 1);
  pool.out[0] = in[0];
  pool.out[1] = in[1];
  return pool;
}

}  // namespace dlv::kernels

#include "engine/kernels/cpu/plane_forms.h"
#include "engine/kernels/cpu/pool_loops.h"
#include "engine/kernels/cpu/row_loops.h"

namespace dlv::kernels {
namespace {

struct Avx2 {
  static constexpr int kLanes = 8, kRows = 6;  // of 16 registers: 12 sums
};

}  // namespace

constexpr PlaneKernels kAvx2Planes = {"avx2",
                                      Avx2::kLanes,
                                      Avx2::kRows,
                                      plane_loops::Loops<Avx2>::Multiply,
                                      plane_loops::Loops<Avx2>::Slide,
                                      plane_loops::PoolLoops<Avx2>::Pool,
                                      plane_loops::RowLoops<Avx2>::Dot};

}  // namespace dlv::kernels

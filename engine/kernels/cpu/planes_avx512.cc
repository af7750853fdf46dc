#include "engine/kernels/cpu/plane_forms.h"
#include "engine/kernels/cpu/pool_loops.h"
#include "engine/kernels/cpu/row_loops.h"

namespace dlv::kernels {
namespace {

struct Avx512 {
  static constexpr int kLanes = 16, kRows = 12;  // of 32 registers: 24 sums
};

}  // namespace

constexpr PlaneKernels kAvx512Planes = {"avx512",
                                        Avx512::kLanes,
                                        Avx512::kRows,
                                        plane_loops::Loops<Avx512>::Multiply,
                                        plane_loops::Loops<Avx512>::Slide,
                                        plane_loops::PoolLoops<Avx512>::Pool,
                                        plane_loops::RowLoops<Avx512>::Dot};

}  // namespace dlv::kernels

#include "engine/kernels/cpu/plane_forms.h"
#include "engine/kernels/cpu/pool_loops.h"
#include "engine/kernels/cpu/row_loops.h"

namespace dlv::kernels {
namespace {

struct Portable {
  static constexpr int kLanes = 4, kRows = 4;
};

}  // namespace

constexpr PlaneKernels kPortablePlanes = {"portable",
                                          Portable::kLanes,
                                          Portable::kRows,
                                          plane_loops::Loops<Portable>::Multiply,
                                          plane_loops::Loops<Portable>::Slide,
                                          plane_loops::PoolLoops<Portable>::Pool,
                                          plane_loops::RowLoops<Portable>::Dot};

}  // namespace dlv::kernels

#pragma once
/// \file
/// The forms of plane_kernels.h, one a source, the best one last.

#include "engine/kernels/cpu/plane_kernels.h"

namespace dlv::kernels {

extern const PlaneKernels kPortablePlanes;
#if defined(DLV_X86_KERNELS)
extern const PlaneKernels kAvx2Planes, kAvx512Planes;
inline constexpr const PlaneKernels* kPlaneForms[] = {&kPortablePlanes, &kAvx2Planes,
                                                      &kAvx512Planes};
#else
inline constexpr const PlaneKernels* kPlaneForms[] = {&kPortablePlanes};
#endif

}  // namespace dlv::kernels

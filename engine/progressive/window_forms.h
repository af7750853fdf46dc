#pragma once
/// \file
/// The forms of window_product.h, one a source, longest vectors first.

#include "engine/progressive/window_product.h"

namespace dlv::progressive {

#if defined(DLV_X86_KERNELS)
extern const WindowForm kAvx512Windows, kAvx2Windows;
inline constexpr const WindowForm* kWindowForms[] = {&kAvx512Windows, &kAvx2Windows};
#endif

}  // namespace dlv::progressive

#pragma once
/// \file
/// The forms of square_sums.h, one a source, longest vectors first.

#include "engine/progressive/square_sums.h"

namespace dlv::progressive {

extern const SquareForm kPortableSquares;
#if defined(DLV_X86_KERNELS)
extern const SquareForm kAvx512Squares, kAvx2Squares;
inline constexpr const SquareForm* kSquareForms[] = {&kAvx512Squares, &kAvx2Squares,
                                                     &kPortableSquares};
#else
inline constexpr const SquareForm* kSquareForms[] = {&kPortableSquares};
#endif

}  // namespace dlv::progressive

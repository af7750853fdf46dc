#pragma once
/// \file
/// Conv on whole planes (plane_kernels.h), in C order: with groups of channels and a window of one
/// position; or with a group a channel, where the input is in C order.

#include <memory>

#include "engine/kernels/cpu/convolution_tail.h"

namespace dlv::kernels {

/// Returns the convolution with as many of the followers as it can take along, or null where it is
/// none of these, weights or bias are not fixed, or memory is short.
std::shared_ptr<ConvolutionWork> MakePlaneConvolution(const Call& call, const ConvOperands& conv,
                                                      const ConvolutionTail& tail);

}  // namespace dlv::kernels

#pragma once
/// \file
/// Operands and attributes of convolutions, checked.

#include "engine/kernels/reference/convolution_loops.h"

namespace dlv::kernels {

struct ConvOperands {
  Window window;
  ConvChannels channels;
  std::int64_t batch = 0;
  Shape out;
};

/// Conv: x [N, C, ...], weight [M, C / group, kernel...], bias [M] or left out; all of one type.
/// Errors: kInvalidArgument (shapes that do not fit: got, wanted), as ReadWindow.
Result<ConvOperands> ReadConv(const Call& call);
/// ConvTranspose: x [N, C, ...], weight [C, M / group, kernel...], bias [M] or left out.
Result<ConvOperands> ReadConvTranspose(const Call& call);

}  // namespace dlv::kernels

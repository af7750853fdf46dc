#pragma once
/// \file
/// What the device reaches without us: copies, and products of matrices.

#include <cstddef>

namespace dlv::bench {

/// Bytes read and written a second by a copy of `bytes` within the device.
double CopyCeiling(std::size_t bytes);

/// Rows of cuBLAS's products in f32 (without TF32) and f64; says so where cuBLAS is not built in.
void ProductCeilings();

}  // namespace dlv::bench

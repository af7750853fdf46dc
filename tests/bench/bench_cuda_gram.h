#pragma once
/// \file
/// What Gram iteration reaches on a device.

namespace dlv::bench {

/// Bounds' products of f32 residuals of some sizes, with six rounds; to be compared with the
/// product in f64 of cuda_ceilings.h, of which a symmetric one needs half.
void BenchGram();

}  // namespace dlv::bench

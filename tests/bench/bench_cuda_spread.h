#pragma once
/// \file
/// What the kernels of proofs reach on a device.

namespace dlv::bench {

/// Ends and bounds of convolutions and of a wide layer at batch 256. `ceiling`: of copies, in bytes
/// a second.
void BenchSpread(double ceiling);

}  // namespace dlv::bench

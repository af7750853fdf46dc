#pragma once
/// \file
/// End to end: coded chunks in pinned memory of the host become weights on the device.

#include "tests/kernels/float_case.h"

namespace dlv::bench {

/// `gigabytes` (10^9) of elements, as copies of one chunk: copy to the device, symbols, planes,
/// checksum, in batches over several streams. Prints the bus's own speed beside it. Stops the
/// program where a chunk does not decode to its checksum.
void BenchPipeline(const kernels::test::FloatCase& chunk, double gigabytes);

}  // namespace dlv::bench

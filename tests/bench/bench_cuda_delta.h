#pragma once
/// \file
/// What deltas reach on a device.

#include "tests/kernels/delta_case.h"

namespace dlv::bench {

/// All levels of `chunks` copies of a chunk: symbols, values, joining. `ceiling`: of copies, in
/// bytes a second.
void BenchDelta(const kernels::test::DeltaCase& one, std::size_t chunks, double ceiling);

}  // namespace dlv::bench

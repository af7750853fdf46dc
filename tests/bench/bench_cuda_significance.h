#pragma once
/// \file
/// What chunks by significance reach on a device.

#include "tests/kernels/significance_case.h"

namespace dlv::bench {

/// Elements of some levels of `chunks` copies of a chunk, from decoded symbols. `ceiling`: of
/// copies, in bytes a second.
void BenchSignificance(const kernels::test::SignificanceCase& one, std::size_t chunks,
                       double ceiling);

}  // namespace dlv::bench

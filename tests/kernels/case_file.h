#pragma once
/// \file
/// The file of cases that make_vectors writes and the device's tests and benchmark read.

#include <string>
#include <vector>

#include "tests/kernels/delta_case.h"
#include "tests/kernels/float_case.h"
#include "tests/kernels/significance_case.h"

namespace dlv::kernels::test {

struct Cases {
  std::vector<FloatCase> floats;
  std::vector<DeltaCase> deltas;
  std::vector<SignificanceCase> by_significance;
};

/// Both stop the program when the file cannot be written or read: a test without it shows nothing.
void SaveCases(const std::string& path, Cases cases);
Cases LoadCases(const std::string& path);

}  // namespace dlv::kernels::test

#pragma once
/// \file
/// What differs between two versions, as Python sees it.

#include <pybind11/pybind11.h>

namespace dlv::python {

/// Adds the classes Diff, TensorChange, PairStatistics, MetricChange and FileChange to `module`.
void DefineDifferences(pybind11::module_& module);

}  // namespace dlv::python

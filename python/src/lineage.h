#pragma once
/// \file
/// Lineage as Python sees it: ranges are iterators, the rest are read-only records.

#include <pybind11/pybind11.h>

namespace dlv::python {

/// Adds Lineage, its records, and open_lineage to `module`; after DefineRepository.
void DefineLineage(pybind11::module_& module);

}  // namespace dlv::python

#pragma once
/// \file
/// Versions, files, tensors and the like as Python sees them: read-only records.

#include <pybind11/pybind11.h>

namespace dlv::python {

/// Adds the classes to `module`.
void DefineValues(pybind11::module_& module);

}  // namespace dlv::python

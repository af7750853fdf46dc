#pragma once
/// \file
/// The repository as Python's dlv.Repository uses it: one method a call, arguments by position.

#include <pybind11/pybind11.h>

namespace dlv::python {

/// Adds init, open and the class to `module`.
void DefineRepository(pybind11::module_& module);

}  // namespace dlv::python

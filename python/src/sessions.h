#pragma once
/// \file
/// Sessions that run a version's network, on arrays of numpy.

#include <pybind11/pybind11.h>

namespace dlv::python {

/// Adds Session and open_network to `module`; after DefineRepository.
void DefineSessions(pybind11::module_& module);

}  // namespace dlv::python

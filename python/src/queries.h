#pragma once
/// \file
/// Queries as Python sees them. dlv/queries.py makes classes of what comes from here.

#include <pybind11/pybind11.h>

namespace dlv::python {

/// Adds QuerySession, PreparedQuery and search to `module`; after DefineNetworks.
void DefineQueries(pybind11::module_& module);

}  // namespace dlv::python

#pragma once
/// \file
/// Versions, files, tensors and the like as Python sees them: read-only records.

#include <pybind11/pybind11.h>

#include <cstdint>

namespace dlv::python {

/// Returns an aware datetime in UTC.
pybind11::object Moment(std::int64_t seconds);

/// Adds the classes to `module`.
void DefineValues(pybind11::module_& module);

}  // namespace dlv::python

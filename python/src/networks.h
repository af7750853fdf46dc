#pragma once
/// \file
/// Networks as Python sees them: read-only records with their operands by name.

#include <pybind11/pybind11.h>

#include <memory>

#include "dlv/network.h"

namespace dlv::python {

/// Adds Network, its records, read_network and diff_networks to `module`; after DefineRepository.
void DefineNetworks(pybind11::module_& module);

/// Returns a dlv.Network.
pybind11::object NetworkObject(std::shared_ptr<const Network> network);

}  // namespace dlv::python

#pragma once
/// \file
/// Gram iteration and the spreads of layers on a device, against the emulation.

#include <functional>
#include <string>

namespace dlv::kernels::test {

/// Told whether something holds, and what it is.
using Expectation = std::function<void(bool holds, const std::string& what)>;

/// `small`: few and short cases, for compute-sanitizer.
void TestProofs(bool small, const Expectation& expect);

}  // namespace dlv::kernels::test

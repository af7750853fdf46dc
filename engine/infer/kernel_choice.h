#pragma once
/// \file
/// Which implementation of an operator a session runs.

#include <span>
#include <string_view>

#include "dlv/dtype.h"
#include "engine/kernels/kernel_table.h"

namespace dlv::infer {

struct ChosenKernel {
  kernels::Kernel kernel = nullptr;  ///< null: there is none
  kernels::Implementation implementation = kernels::Implementation::kReference;
  bool any_order = false;  ///< as in KernelRow
  bool views = false;
  bool folded = false;
  bool folds = false;
};

/// Returns the implementations that may run for real numbers of type `real`, fastest first. With
/// DLV_KERNELS=reference in the environment, or `only_reference`, or without the library of the
/// fast kernels, it is the reference alone.
std::span<const kernels::Implementation> Candidates(DType real, bool only_reference);

/// Returns the first candidate that has the operator.
ChosenKernel ChooseKernel(std::span<const kernels::Implementation> candidates,
                          std::string_view domain, std::string_view op);

}  // namespace dlv::infer

#pragma once
/// \file
/// The rows of the kernels that oneDNN computes, for kernel_table.cc. Tolerance against the
/// reference: gamma(n) = n u / (1 - n u) times the sum of the absolute products, u = 2^-24 and n
/// the products of one element and one more (tests/unit/engine/kernels/cpu_test.cc).

#include <span>

#include "engine/kernels/kernel_table.h"

namespace dlv::kernels {

/// Conv. Direct algorithms only, and no lower precision inside: products of f32, sums of f32.
std::span<const KernelRow> CpuConvolutionKernels();
/// Gemm and MatMul.
std::span<const KernelRow> CpuMatrixKernels();

}  // namespace dlv::kernels

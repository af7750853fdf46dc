#pragma once
/// \file
/// The rows of the fast kernels, one list a file, for kernel_table.cc. Products and sums are of
/// f32, never less. Tolerances against the reference, u = 2^-24
/// (tests/unit/engine/kernels/cpu_test.cc): sums of products gamma(n) = n u / (1 - n u) times the
/// sum of the absolute products, n the products of one element and one more, and one more for each
/// node taken along; functions of one element 2^-18 of the result or 2^-22, whatever is more;
/// normalisations 16 u of the sum of their absolute terms.

#include <span>

#include "engine/kernels/kernel_table.h"

namespace dlv::kernels {

/// Conv (direct algorithms only), with a scale a channel, a sum and activations behind it.
std::span<const KernelRow> CpuConvolutionKernels();
/// Gemm and MatMul, with activations.
std::span<const KernelRow> CpuMatrixKernels();
std::span<const KernelRow> CpuPoolingKernels();
/// Activations; Add, Sub, Mul, Div of two values, with activations.
std::span<const KernelRow> CpuElementKernels();
/// BatchNormalization, Caffe's BatchNorm, Scale and Bias, with Relu; LRN across and within
/// channels.
std::span<const KernelRow> CpuNormalisingKernels();
std::span<const KernelRow> CpuConcatKernels();
/// Reshape, Transpose, Gather of one place, Split, Slice and their like, as views.
std::span<const KernelRow> CpuViewKernels();
/// Pad with zeros, Resize to the nearest place, Softmax over the last axis.
std::span<const KernelRow> CpuSpatialKernels();

}  // namespace dlv::kernels

#pragma once
/// \file
/// The rows of the kernel table, one list a file of kernels.

#include <span>

#include "engine/kernels/kernel_table.h"

namespace dlv::kernels {

std::span<const KernelRow> ConvolutionKernels();
std::span<const KernelRow> PoolingKernels();
std::span<const KernelRow> MatrixKernels();
std::span<const KernelRow> UnaryKernels();
std::span<const KernelRow> BinaryKernels();
std::span<const KernelRow> LogicalKernels();
std::span<const KernelRow> NormalisingKernels();
std::span<const KernelRow> SoftmaxKernels();
std::span<const KernelRow> LayoutKernels();
std::span<const KernelRow> PartKernels();
std::span<const KernelRow> PadKernels();
std::span<const KernelRow> GatherKernels();
std::span<const KernelRow> SourceKernels();
std::span<const KernelRow> ReductionKernels();
std::span<const KernelRow> OrderKernels();
std::span<const KernelRow> ResizeKernels();
std::span<const KernelRow> RecurrentKernels();
std::span<const KernelRow> GatedUnitKernels();
std::span<const KernelRow> EinsumKernels();
std::span<const KernelRow> QuantisedKernels();
std::span<const KernelRow> DiagonalKernels();
std::span<const KernelRow> ScatterKernels();
std::span<const KernelRow> CaffeKernels();

}  // namespace dlv::kernels

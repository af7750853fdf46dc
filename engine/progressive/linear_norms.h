#pragma once
/// \file
/// Norms of the matrices of a linear layer, never below the true ones: of the groups of rows that
/// see other channels, and of the map of whole values that a convolution is.

#include <cstdint>
#include <span>
#include <vector>

#include "engine/progressive/linear_layer.h"

namespace dlv::progressive {

/// The greatest spectral norm of the groups.
double SpectralOf(const LinearForm& form, const std::vector<double>& matrix);

/// The greatest of `norm` of the groups.
double MaximumOverGroups(const LinearForm& form, const std::vector<double>& matrix,
                         double (*norm)(std::span<const double>, std::int64_t, std::int64_t));

/// Of the map of whole values, padding of zeros included; `spectral`: SpectralOf the matrix.
double OperatorOf(const LinearForm& form, const std::vector<double>& matrix, double spectral);

/// [rows][rows]: of the differences of two rows.
std::vector<double> ContrastNorms(const std::vector<double>& matrix, std::size_t rows,
                                  std::size_t columns);

std::vector<double> RowNorms(const std::vector<double>& matrix, std::size_t columns);

}  // namespace dlv::progressive

#include "engine/progressive/linear_norms.h"

#include <algorithm>

#include "engine/bounds/rounding.h"
#include "engine/bounds/spectral_norm.h"

namespace dlv::progressive {

double SpectralOf(const LinearForm& form, const std::vector<double>& matrix) {
  return bounds::BlockNormAbove(matrix, form.groups, form.rows, form.columns);
}

double MaximumOverGroups(const LinearForm& form, const std::vector<double>& matrix,
                         double (*norm)(std::span<const double>, std::int64_t, std::int64_t)) {
  double greatest = 0;
  const std::size_t size = AsSize(form.rows * form.columns);
  for (std::int64_t group = 0; group < form.groups; ++group) {
    const double one =
        norm(std::span(matrix).subspan(AsSize(group) * size, size), form.rows, form.columns);
    if (!(one <= greatest)) greatest = one;
  }
  return greatest;
}

/// The padded input: as far as windows reach.
double OperatorOf(const LinearForm& form, const std::vector<double>& matrix, double spectral) {
  const Window& window = form.window;
  if (window.is_point()) return spectral;
  bounds::ConvolutionView view;
  view.out_channels = form.outputs();
  view.in_channels = form.group_channels();
  view.kernel = {window.height, window.width};
  view.groups = form.groups;
  view.strides = {window.stride_height, window.stride_width};
  view.dilations = {window.dilation_height, window.dilation_width};
  const auto reach = [](std::int64_t pad, std::int64_t in, std::int64_t out, std::int64_t stride,
                        std::int64_t size, std::int64_t dilation) {
    return std::max(pad + in, (out - 1) * stride + (size - 1) * dilation + 1);
  };
  view.padded = {reach(window.pad_top, form.in.height, form.out.height, window.stride_height,
                       window.height, window.dilation_height),
                 reach(window.pad_left, form.in.width, form.out.width, window.stride_width,
                       window.width, window.dilation_width)};
  return bounds::ConvolutionNormAbove(matrix, view);
}

std::vector<double> ContrastNorms(const std::vector<double>& matrix, std::size_t rows,
                                  std::size_t columns) {
  std::vector<double> norms(rows * rows, 0), difference(columns);
  for (std::size_t i = 0; i < rows; ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      const double* const first = matrix.data() + i * columns;
      const double* const second = matrix.data() + j * columns;
      for (std::size_t k = 0; k < columns; ++k) difference[k] = first[k] - second[k];
      norms[i * rows + j] = norms[j * rows + i] = bounds::Above(bounds::NormAbove(difference));
    }
  }
  return norms;
}

std::vector<double> RowNorms(const std::vector<double>& matrix, std::size_t columns) {
  std::vector<double> norms(matrix.size() / columns);
  for (std::size_t r = 0; r < norms.size(); ++r)
    norms[r] = bounds::NormAbove(std::span(matrix).subspan(r * columns, columns));
  return norms;
}

}  // namespace dlv::progressive

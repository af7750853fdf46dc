#include <gtest/gtest.h>

#include <random>

#include "engine/bounds/spectral_norm.h"
#include "tests/unit/engine/bounds/oracle.h"

namespace dlv::bounds {
namespace {

using oracle::Quad;
using Matrix = std::vector<double>;

struct Case {
  ConvolutionView view;
  std::array<std::int64_t, 2> pad;  // of `padded`, before the input; as much after it
};

std::int64_t Windows(const ConvolutionView& view, std::size_t axis) {
  return (view.padded[axis] - (view.kernel[axis] - 1) * view.dilations[axis] - 1) /
             view.strides[axis] +
         1;
}

struct Dense {
  Matrix matrix;
  std::int64_t rows, columns;
};

/// The convolution written out as a matrix from inputs without their padding.
Dense WrittenOut(const Matrix& kernel, const Case& test) {
  const ConvolutionView& v = test.view;
  const std::int64_t height = v.padded[0] - 2 * test.pad[0], width = v.padded[1] - 2 * test.pad[1];
  const std::int64_t out_height = Windows(v, 0), out_width = Windows(v, 1);
  Dense dense{
      {}, v.out_channels * out_height * out_width, v.groups * v.in_channels * height * width};
  dense.matrix.resize(static_cast<std::size_t>(dense.rows * dense.columns));
  std::size_t at = 0;
  for (std::int64_t out = 0; out < v.out_channels; ++out) {
    for (std::int64_t in = 0; in < v.in_channels; ++in) {
      for (std::int64_t ky = 0; ky < v.kernel[0]; ++ky) {
        for (std::int64_t kx = 0; kx < v.kernel[1]; ++kx, ++at) {
          for (std::int64_t y = 0; y < out_height; ++y) {
            for (std::int64_t x = 0; x < out_width; ++x) {
              const std::int64_t row = (out * out_height + y) * out_width + x;
              const std::int64_t sy = y * v.strides[0] + ky * v.dilations[0] - test.pad[0];
              const std::int64_t sx = x * v.strides[1] + kx * v.dilations[1] - test.pad[1];
              if (sy < 0 || sy >= height || sx < 0 || sx >= width) continue;
              const std::int64_t channel = out / (v.out_channels / v.groups) * v.in_channels + in;
              const std::int64_t column = (channel * height + sy) * width + sx;
              dense.matrix[static_cast<std::size_t>(row * dense.columns + column)] += kernel[at];
            }
          }
        }
      }
    }
  }
  return dense;
}

std::size_t KernelSize(const ConvolutionView& v) {
  return static_cast<std::size_t>(v.out_channels * v.in_channels * v.kernel[0] * v.kernel[1]);
}

const std::vector<Case>& Cases() {
  static const std::vector<Case> kCases = {
      {{2, 3, {3, 3}, 1, {1, 1}, {1, 1}, {7, 7}}, {1, 1}},
      {{3, 2, {3, 3}, 1, {1, 1}, {1, 1}, {6, 5}}, {0, 0}},
      {{2, 2, {5, 5}, 1, {1, 1}, {1, 1}, {8, 8}}, {2, 2}},
      {{2, 2, {3, 3}, 1, {2, 2}, {1, 1}, {8, 8}}, {1, 1}},
      {{2, 2, {3, 3}, 1, {1, 1}, {2, 2}, {9, 9}}, {2, 2}},
      {{2, 2, {2, 2}, 1, {2, 2}, {2, 2}, {8, 8}}, {1, 1}},  // every window of one parity
      {{4, 1, {3, 3}, 4, {1, 1}, {1, 1}, {6, 6}}, {1, 1}},
      {{4, 2, {3, 2}, 2, {1, 2}, {1, 1}, {6, 7}}, {1, 0}},
      {{3, 2, {1, 4}, 1, {1, 1}, {1, 1}, {1, 12}}, {0, 2}},
      {{3, 4, {1, 1}, 1, {1, 1}, {1, 1}, {4, 4}}, {0, 0}},
      {{2, 2, {2, 2}, 1, {2, 2}, {1, 1}, {6, 6}}, {0, 0}},
      {{2, 2, {4, 4}, 1, {1, 1}, {1, 1}, {4, 4}}, {0, 0}},  // one window: a matrix
  };
  return kCases;
}

TEST(ConvolutionNorm, IsNeverBelowThatOfTheMatrixWrittenOut) {
  std::mt19937_64 random(21);
  std::normal_distribution<double> normal;
  for (std::size_t i = 0; i < Cases().size(); ++i) {
    for (const bool constant : {false, true}) {
      Matrix kernel(KernelSize(Cases()[i].view));
      for (double& element : kernel) element = constant ? 1 : normal(random);
      const Dense dense = WrittenOut(kernel, Cases()[i]);
      const Quad norm = oracle::SpectralNormBelow(dense.matrix, dense.rows, dense.columns);
      const double bound = ConvolutionNormAbove(kernel, Cases()[i].view);
      EXPECT_GE(Quad(bound), norm) << "case " << i;
      const bool strided = Cases()[i].view.strides != std::array<std::int64_t, 2>{1, 1};
      EXPECT_LE(Quad(bound), norm * Quad(strided ? 1.8 : 1.6))
          << "case " << i << ": " << bound / double(norm);
    }
  }
}

/// Without its factor for overlapping windows the norm of the kernel as a matrix is too small.
TEST(ConvolutionNorm, OverlapDropped_WouldBeBelow) {
  int below = 0;
  for (const Case& test : Cases()) {
    const Matrix kernel(KernelSize(test.view), 1.0);
    const Dense dense = WrittenOut(kernel, test);
    const ConvolutionView& v = test.view;
    const double as_matrix = BlockNormAbove(kernel, v.groups, v.out_channels / v.groups,
                                            v.in_channels * v.kernel[0] * v.kernel[1]);
    const Quad norm = oracle::SpectralNormBelow(dense.matrix, dense.rows, dense.columns);
    below += Quad(as_matrix) < norm;
    EXPECT_GE(Quad(as_matrix * std::sqrt(WindowOverlap(v)) * (1 + 1e-9)), norm);
  }
  EXPECT_GE(below, 7);
}

TEST(ConvolutionNorm, OverlapCountsWindowsThatReadAnElement) {
  for (const Case& test : Cases()) {
    const ConvolutionView& v = test.view;
    std::int64_t greatest = 1;
    for (std::size_t axis = 0; axis < 2; ++axis) {
      std::vector<std::int64_t> readers(static_cast<std::size_t>(v.padded[axis]));
      for (std::int64_t window = 0; window < Windows(v, axis); ++window) {
        for (std::int64_t tap = 0; tap < v.kernel[axis]; ++tap) {
          ++readers[static_cast<std::size_t>(window * v.strides[axis] + tap * v.dilations[axis])];
        }
      }
      greatest *= *std::max_element(readers.begin(), readers.end());
    }
    EXPECT_GE(WindowOverlap(v), static_cast<double>(greatest));
  }
  EXPECT_EQ(WindowOverlap({1, 1, {3, 3}, 1, {2, 2}, {1, 1}, {9, 9}}), 4);
  EXPECT_EQ(WindowOverlap({1, 1, {3, 3}, 1, {2, 2}, {2, 2}, {9, 9}}), 9);  // not 4
  EXPECT_EQ(WindowOverlap({1, 1, {5, 5}, 1, {1, 1}, {1, 1}, {5, 6}}), 2);  // so many windows
}

TEST(ConvolutionNorm, FallsBackWhereFrequenciesAreTooMany) {
  Matrix kernel(9, 1.0);
  const double small = ConvolutionNormAbove(kernel, {1, 1, {3, 3}, 1, {1, 1}, {1, 1}, {64, 64}});
  const double large =
      ConvolutionNormAbove(kernel, {1, 1, {3, 3}, 1, {1, 1}, {1, 1}, {5000, 5000}});
  EXPECT_GE(small, 9 * 0.99);
  EXPECT_GE(large, 9.0);
  EXPECT_LE(large, 9.0 * (1 + 1e-9));  // a constant kernel reaches the bound by overlap
}

TEST(ConvolutionNorm, OfOddSizes) {
  EXPECT_EQ(ConvolutionNormAbove({}, {}), 0);
  EXPECT_EQ(ConvolutionNormAbove(Matrix(9, 1.0), {2, 1, {3, 3}}), HUGE_VAL);  // 18 are wanted
  EXPECT_EQ(ConvolutionNormAbove(Matrix(9, 1.0), {1, 1, {3, 3}, 1, {1, 1}, {1, 1}, {2, 2}}), 0);
  EXPECT_EQ(ConvolutionNormAbove(Matrix(9), {1, 1, {3, 3}, 1, {1, 1}, {1, 1}, {8, 8}}), 0);
}

}  // namespace
}  // namespace dlv::bounds

// Each form of the loops over planes against sums in double, within the tolerance of
// engine/kernels/cpu/rows.h.

#include "engine/kernels/cpu/plane_kernels.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

namespace dlv::kernels {
namespace {

using PlaneFloats = std::vector<float>;

class PlaneNoise {
 public:
  PlaneFloats operator()(std::int64_t count) {
    PlaneFloats elements(static_cast<std::size_t>(count));
    for (float& one : elements) one = normal_(engine_);
    return elements;
  }

 private:
  std::mt19937 engine_{20};
  std::normal_distribution<float> normal_;
};

/// A sum and that of the absolute terms.
struct Exact {
  double sum = 0, size = 0;
  void Add(double term) {
    sum += term;
    size += std::fabs(term);
  }
};

void ExpectSum(float got, const Exact& exact, const PlaneEnd& end, std::int64_t terms) {
  double want = exact.sum;
  if (end.is_bounded) want = std::clamp(want, double{end.low}, double{end.high});
  const double n = static_cast<double>(terms + 2) * std::ldexp(1, -24);
  ASSERT_NEAR(got, want, n / (1 - n) * exact.size);
}

PlaneEnd Bounded(bool is_bounded) {
  PlaneEnd end;
  end.is_bounded = is_bounded;
  end.low = -0.5F;
  end.high = 1;
  return end;
}

struct ProductCase {
  std::int64_t rows, depth, columns;
  bool has_bias = false, is_bounded = false, adds = false, in_place = false;
};

void CheckProduct(const PlaneKernels& kernels, const ProductCase& is) {
  SCOPED_TRACE(std::string(kernels.name) + " " + std::to_string(is.rows) + " x " +
               std::to_string(is.depth) + " x " + std::to_string(is.columns));
  PlaneNoise noise;
  const PlaneFloats x = noise(is.depth * is.columns), weights = noise(is.rows * is.depth);
  const PlaneFloats bias = noise(is.rows), addend = noise(is.rows * is.columns);
  PlaneFloats packed(weights.size()), tail(static_cast<std::size_t>(is.depth * kMostTail));
  PlaneFloats y(addend.size() + 1, 7);
  PackRows(weights.data(), is.rows, is.depth, kernels.rows_at_once, packed.data());
  if (is.in_place) std::ranges::copy(addend, y.begin());
  PlaneProduct product;
  product.depth = is.depth;
  product.rows = is.rows;
  product.columns = is.columns;
  product.x = x.data();
  product.x_step = product.y_step = is.columns;
  product.weights = packed.data();
  product.bias = is.has_bias ? bias.data() : nullptr;
  product.y = y.data();
  product.end = Bounded(is.is_bounded);
  if (is.adds) product.end.addend = is.in_place ? y.data() : addend.data();
  product.end.addend_step = is.columns;
  product.tail = tail.data();
  kernels.multiply(product);
  EXPECT_EQ(y.back(), 7);  // nothing is written behind the end
  for (std::int64_t m = 0; m < is.rows; ++m) {
    for (std::int64_t p = 0; p < is.columns; ++p) {
      const auto at = static_cast<std::size_t>(m * is.columns + p);
      Exact exact;
      if (is.has_bias) exact.Add(bias[static_cast<std::size_t>(m)]);
      for (std::int64_t k = 0; k < is.depth; ++k) {
        exact.Add(double{weights[static_cast<std::size_t>(m * is.depth + k)]} *
                  double{x[static_cast<std::size_t>(k * is.columns + p)]});
      }
      if (is.adds) exact.Add(addend[at]);
      ExpectSum(y[at], exact, product.end, is.depth);
    }
  }
}

TEST(PlaneProducts, AreSumsInEveryForm) {
  for (const PlaneKernels* const kernels : AllPlaneKernels()) {
    std::printf("form: %s\n", kernels->name);
    for (const std::int64_t rows : {1, 5, 6, 7, 12, 13, 34}) {
      for (const std::int64_t columns : {1, 7, 8, 15, 16, 17, 31, 32, 33, 49, 100}) {
        CheckProduct(*kernels, {rows, 3, columns});
        CheckProduct(*kernels, {rows, 17, columns, true, true});
        CheckProduct(*kernels, {rows, 1, columns, false, true, true});
        CheckProduct(*kernels, {rows, 6, columns, true, false, true, true});
      }
    }
  }
}

void CheckRow(const PlaneKernels& kernels, std::int64_t depth, std::int64_t columns, bool is_bare) {
  SCOPED_TRACE(std::string(kernels.name) + " " + std::to_string(depth) + " x " +
               std::to_string(columns));
  PlaneNoise noise;
  const PlaneFloats x = noise(depth), weights = noise(columns * depth), bias = noise(columns);
  PlaneFloats y(bias.size() + 1, 7);
  RowProduct product;
  product.depth = depth;
  product.columns = columns;
  product.x = x.data();
  product.weights = weights.data();
  product.bias = is_bare ? nullptr : bias.data();
  product.y = y.data();
  product.end = Bounded(!is_bare);
  kernels.dot(product);
  EXPECT_EQ(y.back(), 7);  // nothing is written behind the end
  for (std::size_t n = 0; n < bias.size(); ++n) {
    Exact exact;
    if (!is_bare) exact.Add(bias[n]);
    for (std::size_t k = 0; k < x.size(); ++k) {
      exact.Add(double{weights[n * x.size() + k]} * double{x[k]});
    }
    ExpectSum(y[n], exact, product.end, depth);
  }
}

TEST(RowProducts, AreSumsInEveryForm) {
  for (const PlaneKernels* const kernels : AllPlaneKernels()) {
    for (const std::int64_t columns : {1, 3, 4, 5, 8, 17}) {
      for (const std::int64_t depth : {1, 7, 8, 15, 16, 31, 32, 33, 63, 64, 100, 784, 1000}) {
        CheckRow(*kernels, depth, columns, true);
        CheckRow(*kernels, depth, columns, false);
      }
    }
  }
}

TEST(RowProducts, OfNoNumbersAreNone) {
  for (const PlaneKernels* const kernels : AllPlaneKernels()) {
    const PlaneFloats weights(70, std::numeric_limits<float>::quiet_NaN());
    const PlaneFloats x(70, 1);
    float y = 0;
    RowProduct product = {.depth = 70, .columns = 1, .x = x.data(), .weights = weights.data()};
    product.y = &y;
    product.end = Bounded(true);
    kernels->dot(product);
    EXPECT_TRUE(std::isnan(y)) << kernels->name;
  }
}

struct SlideCase {
  std::int64_t height, width;
  std::int64_t kernel, stride = 1, dilation = 1, pad = 0;
  bool is_bounded = false, adds = false;
};

PlaneWindow SquareWindow(const SlideCase& is) {
  PlaneWindow window;
  const std::int64_t extent = (is.kernel - 1) * is.dilation + 1;
  window.in_height = is.height;
  window.in_width = is.width;
  window.out_height = (is.height + 2 * is.pad - extent) / is.stride + 1;
  window.out_width = (is.width + 2 * is.pad - extent) / is.stride + 1;
  window.kernel_height = window.kernel_width = is.kernel;
  window.stride_height = window.stride_width = is.stride;
  window.dilation_height = window.dilation_width = is.dilation;
  window.top = window.left = is.pad;
  return window;
}

Exact WindowSum(const PlaneWindow& window, const float* x, const float* weights, std::int64_t row,
                std::int64_t column) {
  Exact exact;
  for (std::int64_t i = 0; i < window.kernel_height; ++i) {
    for (std::int64_t k = 0; k < window.kernel_width; ++k) {
      const auto y = row * window.stride_height + i * window.dilation_height - window.top;
      const auto z = column * window.stride_width + k * window.dilation_width - window.left;
      if (y < 0 || y >= window.in_height || z < 0 || z >= window.in_width) continue;
      exact.Add(double{weights[i * window.kernel_width + k]} * double{x[y * window.in_width + z]});
    }
  }
  return exact;
}

void CheckSlide(const PlaneKernels& kernels, const SlideCase& is) {
  const PlaneWindow window = SquareWindow(is);
  SCOPED_TRACE(std::string(kernels.name) + " " + std::to_string(is.width) + " kernel " +
               std::to_string(is.kernel) + " stride " + std::to_string(is.stride) + " dilation " +
               std::to_string(is.dilation) + " pad " + std::to_string(is.pad));
  PlaneNoise noise;
  constexpr std::int64_t kChannels = 2;
  const std::int64_t count = window.out_height * window.out_width;
  const PlaneFloats x = noise(kChannels * is.height * is.width), bias = noise(kChannels);
  const PlaneFloats weights = noise(kChannels * is.kernel * is.kernel);
  const PlaneFloats addend = noise(kChannels * count);
  DepthwisePlanes planes;
  planes.shape = PaddedPlaneOf(window);
  PlaneFloats padded(static_cast<std::size_t>(planes.shape.count()));
  PlaneFloats y(addend.size() + 1, 7);
  planes.count = kChannels;
  planes.x = x.data();
  planes.x_step = is.height * is.width;
  planes.weights = weights.data();
  planes.bias = bias.data();
  planes.y = y.data();
  planes.y_step = count;
  planes.end = Bounded(is.is_bounded);
  planes.end.addend_step = count;
  if (is.adds) planes.end.addend = addend.data();
  planes.padded = padded.data();
  kernels.slide(window, planes);
  EXPECT_EQ(y.back(), 7);
  for (std::int64_t i = 0; i < kChannels * count; ++i) {
    const std::int64_t channel = i / count, place = i % count;
    Exact exact = WindowSum(window, x.data() + channel * planes.x_step,
                            weights.data() + channel * is.kernel * is.kernel,
                            place / window.out_width, place % window.out_width);
    exact.Add(bias[static_cast<std::size_t>(channel)]);
    if (is.adds) exact.Add(addend[static_cast<std::size_t>(i)]);
    ExpectSum(y[static_cast<std::size_t>(i)], exact, planes.end, is.kernel * is.kernel);
  }
}

TEST(PlaneWindows, AreSumsInEveryForm) {
  for (const PlaneKernels* const kernels : AllPlaneKernels()) {
    std::printf("form: %s\n", kernels->name);
    for (const std::int64_t width : {9, 16, 17, 31, 33, 70}) {
      for (const std::int64_t stride : {1, 2, 3}) {
        for (const std::int64_t pad : {0, 1, 2}) {
          CheckSlide(*kernels, {9, width, 3, stride, 1, pad, true, true});
          CheckSlide(*kernels, {10, width, 3, stride, 2, pad});
          CheckSlide(*kernels, {12, width, 5, stride, 1, pad, false, true});
          CheckSlide(*kernels, {4, width, 1, stride, 1, pad, true});
        }
      }
    }
  }
}

struct PoolCase {
  std::int64_t height, width, inner, kernel, stride, before;
  bool is_max, counts_padding = false;
};

/// Of one channel of a plane or block.
Exact PoolOf(const PoolPlanes& pool, std::int64_t row, std::int64_t column, const float* x) {
  const PlaneWindow& window = pool.window;
  Exact exact;
  double greatest = -INFINITY;
  std::int64_t count = 0;
  for (std::int64_t i = 0; i < window.kernel_height; ++i) {
    for (std::int64_t k = 0; k < window.kernel_width; ++k) {
      const auto y = row * window.stride_height + i - window.top;
      const auto z = column * window.stride_width + k - window.left;
      if (y < 0 || y >= window.in_height || z < 0 || z >= window.in_width) continue;
      const double one = x[(y * window.in_width + z) * pool.inner];
      greatest = std::max(greatest, one);
      exact.Add(one);
      ++count;
    }
  }
  if (pool.is_max) return {greatest, 0};
  if (pool.counts_padding) count = window.kernel_height * window.kernel_width;
  return {exact.sum / static_cast<double>(count), exact.size / static_cast<double>(count)};
}

void CheckPool(const PlaneKernels& kernels, const PoolCase& is) {
  SCOPED_TRACE(std::string(kernels.name) + " " + std::to_string(is.width) + " inner " +
               std::to_string(is.inner) + " kernel " + std::to_string(is.kernel) + " stride " +
               std::to_string(is.stride) + " before " + std::to_string(is.before));
  PlaneNoise noise;
  PoolPlanes pool;
  pool.window = SquareWindow({is.height, is.width, is.kernel, is.stride, 1, is.before});
  pool.inner = is.inner;
  pool.count = 3;
  pool.is_max = is.is_max;
  pool.counts_padding = is.counts_padding;
  const std::int64_t outs = pool.window.out_height * pool.window.out_width;
  const PlaneFloats x = noise(pool.count * is.height * is.width * is.inner);
  PlaneFloats y(static_cast<std::size_t>(pool.count * outs * is.inner + 1), 7);
  PlaneFloats room(static_cast<std::size_t>(PoolRoom(pool.window, is.inner)));
  pool.x = x.data();
  pool.y = y.data();
  pool.room = room.data();
  kernels.pool(pool);
  EXPECT_EQ(y.back(), 7);
  for (std::int64_t i = 0; i < pool.count * outs * is.inner; ++i) {
    const std::int64_t channel = i % is.inner, place = i / is.inner % outs;
    const std::int64_t block = i / is.inner / outs;
    const float* const plane = x.data() + block * is.height * is.width * is.inner + channel;
    const Exact exact =
        PoolOf(pool, place / pool.window.out_width, place % pool.window.out_width, plane);
    ExpectSum(y[static_cast<std::size_t>(i)], exact, {}, is.kernel * is.kernel);
  }
}

TEST(PlanePools, AreThoseOfTheirElementsInEveryForm) {
  for (const PlaneKernels* const kernels : AllPlaneKernels()) {
    for (const std::int64_t inner : {std::int64_t{1}, kernels->lanes, 3 * kernels->lanes}) {
      for (const std::int64_t width : {7, 8, 13, 16, 30, 33, 49}) {
        for (const std::int64_t stride : {1, 2, 3}) {
          CheckPool(*kernels, {7, width, inner, 3, stride, 1, true});
          CheckPool(*kernels, {8, width, inner, 2, stride, 0, true});
          CheckPool(*kernels, {9, width, inner, 3, stride, 1, false});
          CheckPool(*kernels, {7, width, inner, 7, stride, 0, false});
          CheckPool(*kernels, {9, width, inner, 5, stride, 2, false, true});
        }
      }
    }
  }
}

}  // namespace
}  // namespace dlv::kernels

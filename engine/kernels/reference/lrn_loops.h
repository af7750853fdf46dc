#pragma once
/// \file
/// Local response normalisation as plain loops.

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "engine/kernels/dispatch.h"
#include "engine/kernels/reference/window.h"

namespace dlv::kernels {

struct LrnSettings {
  std::int64_t size = 5;
  double alpha = 1, beta = 0.75, bias = 1;
};

/// y = x / (bias + alpha / size * sum of x^2 over the channels c - (size - 1) / 2 to
/// c + size / 2)^beta. Shapes: x, y [channels, plane].
template <class T>
void AcrossChannels(const LrnSettings& lrn, std::int64_t channels, std::int64_t plane, const T* x,
                    T* y) {
  for (std::int64_t c = 0; c < channels; ++c) {
    const std::int64_t first = std::max<std::int64_t>(c - (lrn.size - 1) / 2, 0);
    const std::int64_t last = std::min(c + std::min(lrn.size / 2, channels), channels - 1);
    for (std::int64_t k = 0; k < plane; ++k) {
      Sum<T> squares = 0;
      for (std::int64_t i = first; i <= last; ++i) {
        const auto value = static_cast<Sum<T>>(x[i * plane + k]);
        squares += value * value;
      }
      const Sum<T> scale = lrn.bias + lrn.alpha / static_cast<double>(lrn.size) * squares;
      y[c * plane + k] =
          static_cast<T>(static_cast<Sum<T>>(x[c * plane + k]) / std::pow(scale, lrn.beta));
    }
  }
}

/// y = x / (1 + alpha / size^2 * sum of x^2 over the square of `size` around)^beta, for an odd
/// size. Shapes: x, y one plane; `window` slides over it with padding of (size - 1) / 2.
template <class T>
void WithinChannel(const LrnSettings& lrn, const Window& window, const T* x, T* y) {
  const auto area = static_cast<double>(KernelCount(window));
  for (std::int64_t row = 0; row < window[1].out; ++row) {
    for (std::int64_t column = 0; column < window[2].out; ++column) {
      Sum<T> squares = 0;
      ForEachTap(window, 0, row, column, [&](std::int64_t at, std::int64_t) {
        squares += static_cast<Sum<T>>(x[at]) * static_cast<Sum<T>>(x[at]);
      });
      const std::int64_t at = row * window[2].in + column;
      y[at] = static_cast<T>(static_cast<Sum<T>>(x[at]) /
                             std::pow(1 + lrn.alpha / area * squares, lrn.beta));
    }
  }
}

}  // namespace dlv::kernels

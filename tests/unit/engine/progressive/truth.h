#pragma once
/// \file
/// What operators compute, in numbers of 113 bits, on one sample: the truth that bounds must hold.

#include <algorithm>
#include <array>
#include <vector>

#include "engine/progressive/layer.h"
#include "tests/unit/engine/bounds/oracle.h"

namespace dlv::progressive::truth {

using bounds::oracle::Quad;

struct Sample {
  Extent extent;
  std::vector<Quad> values;
  Quad& At(std::int64_t c, std::int64_t y, std::int64_t x) {
    return values[AsSize((c * extent.height + y) * extent.width + x)];
  }
  Quad At(std::int64_t c, std::int64_t y, std::int64_t x) const {
    return values[AsSize((c * extent.height + y) * extent.width + x)];
  }
};

inline Sample Empty(const Extent& extent) {
  return {extent, std::vector<Quad>(AsSize(extent.count()), Quad(0))};
}

/// Windows along both axes: sizes, steps, and what is added at top, left, bottom and right.
struct Windows {
  std::array<std::int64_t, 2> kernel{1, 1}, strides{1, 1}, dilations{1, 1};
  std::array<std::int64_t, 4> pads{0, 0, 0, 0};

  Extent Out(std::int64_t channels, const Extent& in) const {
    const auto along = [&](std::int64_t size, std::size_t axis) {
      const std::int64_t all = size + pads[axis] + pads[axis + 2];
      return (all - (kernel[axis] - 1) * dilations[axis] - 1) / strides[axis] + 1;
    };
    return {channels, along(in.height, 0), along(in.width, 1)};
  }
  bool Fits(const Extent& in) const {
    const Extent out = Out(1, in);
    const auto enough = [&](std::int64_t size, std::size_t axis) {
      return size + pads[axis] + pads[axis + 2] >= (kernel[axis] - 1) * dilations[axis] + 1;
    };
    return enough(in.height, 0) && enough(in.width, 1) && out.count() > 0;
  }
  /// Calls `use(tap, row, column)` for the taps of the window at y, x that lie inside `in`.
  template <class Use>
  void ForTaps(const Extent& in, std::int64_t y, std::int64_t x, const Use& use) const {
    for (std::int64_t dy = 0; dy < kernel[0]; ++dy) {
      for (std::int64_t dx = 0; dx < kernel[1]; ++dx) {
        const std::int64_t row = y * strides[0] + dy * dilations[0] - pads[0];
        const std::int64_t column = x * strides[1] + dx * dilations[1] - pads[1];
        const bool inside = row >= 0 && row < in.height && column >= 0 && column < in.width;
        if (inside) use(dy * kernel[1] + dx, row, column);
      }
    }
  }
};

/// Calls `use(c, y, x)` for every place.
template <class Use>
void ForPlaces(const Extent& extent, const Use& use) {
  for (std::int64_t c = 0; c < extent.channels; ++c) {
    for (std::int64_t y = 0; y < extent.height; ++y) {
      for (std::int64_t x = 0; x < extent.width; ++x) use(c, y, x);
    }
  }
}

inline Sample Convolved(const Sample& in, const std::vector<float>& weights,
                        const std::vector<float>& bias, std::int64_t groups,
                        const Windows& windows) {
  Sample out = Empty(windows.Out(static_cast<std::int64_t>(bias.size()), in.extent));
  const std::int64_t channels = in.extent.channels / groups;
  const std::int64_t rows = out.extent.channels / groups;
  const std::int64_t taps = windows.kernel[0] * windows.kernel[1];
  ForPlaces(out.extent, [&](std::int64_t c, std::int64_t y, std::int64_t x) {
    Quad sum = bias[AsSize(c)];
    windows.ForTaps(in.extent, y, x, [&](std::int64_t tap, std::int64_t row, std::int64_t column) {
      for (std::int64_t i = 0; i < channels; ++i) {
        sum += Quad(weights[AsSize((c * channels + i) * taps + tap)]) *
               in.At(c / rows * channels + i, row, column);
      }
    });
    out.At(c, y, x) = sum;
  });
  return out;
}

inline Sample GreatestOf(const Sample& in, const Windows& windows) {
  Sample out = Empty(windows.Out(in.extent.channels, in.extent));
  ForPlaces(out.extent, [&](std::int64_t c, std::int64_t y, std::int64_t x) {
    Quad greatest = -1e300;
    windows.ForTaps(in.extent, y, x, [&](std::int64_t, std::int64_t row, std::int64_t column) {
      greatest = std::max(greatest, in.At(c, row, column));
    });
    out.At(c, y, x) = greatest;
  });
  return out;
}

inline Sample MeanOf(const Sample& in, const Windows& windows, bool with_padding) {
  Sample out = Empty(windows.Out(in.extent.channels, in.extent));
  ForPlaces(out.extent, [&](std::int64_t c, std::int64_t y, std::int64_t x) {
    Quad sum = 0;
    std::int64_t count = 0;
    windows.ForTaps(in.extent, y, x, [&](std::int64_t, std::int64_t row, std::int64_t column) {
      sum += in.At(c, row, column);
      ++count;
    });
    if (with_padding) count = windows.kernel[0] * windows.kernel[1];
    out.At(c, y, x) = sum / Quad(static_cast<double>(count));
  });
  return out;
}

/// factor x + summand, a pair a channel.
inline Sample Scaled(Sample in, const std::vector<Quad>& factor, const std::vector<Quad>& summand) {
  ForPlaces(in.extent, [&](std::int64_t c, std::int64_t y, std::int64_t x) {
    in.At(c, y, x) = factor[AsSize(c)] * in.At(c, y, x) + summand[AsSize(c)];
  });
  return in;
}

template <class Function>
Sample Mapped(Sample in, const Function& function) {
  for (Quad& value : in.values) value = function(value);
  return in;
}

inline Sample Sum(Sample first, const Sample& second) {
  for (std::size_t i = 0; i < first.values.size(); ++i) first.values[i] += second.values[i];
  return first;
}

/// The second of the same extent, or one number a channel.
inline Sample Product(Sample first, const Sample& second) {
  const std::size_t gate = first.values.size() / second.values.size();
  for (std::size_t i = 0; i < first.values.size(); ++i) first.values[i] *= second.values[i / gate];
  return first;
}

/// x / (bias + alpha / count * the squares around)^(quarters / 4), count elements around: channels
/// (size - 1) / 2 before to size / 2 behind, or the square of `size` within the channel.
inline Sample Responses(const Sample& in, bool within, std::int64_t size, double alpha, double bias,
                        std::int64_t quarters) {
  Sample out = Empty(in.extent);
  const std::int64_t before = (size - 1) / 2, behind = size / 2;
  const Quad count = static_cast<double>(within ? size * size : size);
  ForPlaces(in.extent, [&](std::int64_t c, std::int64_t y, std::int64_t x) {
    Quad squares = 0;
    ForPlaces(in.extent, [&](std::int64_t oc, std::int64_t oy, std::int64_t ox) {
      const bool around = within
                              ? oc == c && std::abs(oy - y) <= before && std::abs(ox - x) <= before
                              : oy == y && ox == x && oc >= c - before && oc <= c + behind;
      if (around) squares += in.At(oc, oy, ox) * in.At(oc, oy, ox);
    });
    const Quad s = Quad(bias) + Quad(alpha) / count * squares;
    const Quad fourth = bounds::oracle::Root(bounds::oracle::Root(s));
    Quad power = 1;
    for (std::int64_t quarter = 0; quarter < quarters; ++quarter) power *= fourth;
    out.At(c, y, x) = in.At(c, y, x) / power;
  });
  return out;
}

inline Sample Joined(Sample first, const Sample& second) {
  first.extent.channels += second.extent.channels;
  first.values.insert(first.values.end(), second.values.begin(), second.values.end());
  return first;
}

/// The part of each axis from `begin` on, in the size of `extent`; zeros beyond.
inline Sample Part(const Sample& in, std::array<std::int64_t, 3> begin, const Extent& extent) {
  Sample out = Empty(extent);
  ForPlaces(extent, [&](std::int64_t c, std::int64_t y, std::int64_t x) {
    const std::int64_t channel = c + begin[0], row = y + begin[1], column = x + begin[2];
    const bool inside = channel >= 0 && channel < in.extent.channels && row >= 0 &&
                        row < in.extent.height && column >= 0 && column < in.extent.width;
    if (inside) out.At(c, y, x) = in.At(channel, row, column);
  });
  return out;
}

/// Every so many rows and columns, from the first one on.
inline Sample Every(const Sample& in, std::int64_t down, std::int64_t across) {
  const Extent& from = in.extent;
  Sample out =
      Empty({from.channels, (from.height + down - 1) / down, (from.width + across - 1) / across});
  ForPlaces(out.extent, [&](std::int64_t c, std::int64_t y, std::int64_t x) {
    out.At(c, y, x) = in.At(c, y * down, x * across);
  });
  return out;
}

inline Sample Flattened(Sample in) {
  in.extent = {in.extent.count(), 1, 1};
  return in;
}

/// alpha W x + beta b; element (r, c) of W is at r * row_step + c * column_step.
inline Sample Multiplied(const Sample& in, const std::vector<float>& weights, std::int64_t row_step,
                         std::int64_t column_step, Quad alpha, const std::vector<float>& bias,
                         Quad beta) {
  Sample out = Empty({static_cast<std::int64_t>(bias.size()), 1, 1});
  for (std::int64_t r = 0; r < out.extent.channels; ++r) {
    Quad sum = 0;
    for (std::int64_t c = 0; c < in.extent.channels; ++c) {
      sum += Quad(weights[AsSize(r * row_step + c * column_step)]) * in.values[AsSize(c)];
    }
    out.values[AsSize(r)] = alpha * sum + beta * Quad(bias[AsSize(r)]);
  }
  return out;
}

}  // namespace dlv::progressive::truth

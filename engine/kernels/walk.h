#pragma once
/// \file
/// Walking over several values of one shape at once, each with steps of its own: what broadcasting,
/// transposing and cutting have in common.

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine/kernels/shape.h"

namespace dlv::kernels {

/// `shape` with axes of size 1 left out and axes put together that every value goes through in
/// equal steps. At least one axis.
struct Loops {
  Shape shape;
  std::vector<Strides> strides;  ///< one a value
};
Loops MakeLoops(const Shape& shape, std::vector<Strides> strides);

template <std::size_t N>
using Places = std::array<std::int64_t, N>;

/// Calls `run(places, steps, count)` for every run along the innermost axis, in C order: element i
/// of the run stands at places[k] + i * steps[k] of value k.
template <std::size_t N, class Run>
void ForEachRun(const Shape& shape, const std::array<Strides, N>& strides, Run&& run) {
  const Loops loops = MakeLoops(shape, {strides.begin(), strides.end()});
  const std::size_t last = loops.shape.size() - 1;
  for (const std::int64_t size : loops.shape) {
    if (size == 0) return;
  }
  Places<N> places{}, steps{};
  for (std::size_t k = 0; k < N; ++k) steps[k] = loops.strides[k][last];
  Shape at(loops.shape.size(), 0);
  while (true) {
    run(places, steps, loops.shape[last]);
    std::size_t axis = last;
    while (axis > 0) {
      --axis;
      for (std::size_t k = 0; k < N; ++k) places[k] += loops.strides[k][axis];
      if (++at[axis] < loops.shape[axis]) break;
      for (std::size_t k = 0; k < N; ++k) {
        places[k] -= loops.strides[k][axis] * loops.shape[axis];
      }
      at[axis] = 0;
      if (axis == 0) return;
    }
    if (last == 0) return;
  }
}

/// Copies elements of `element_bytes` between two values with steps, both given at the place of
/// their first element.
void CopyElements(const Shape& shape, std::size_t element_bytes, const std::byte* from,
                  const Strides& from_strides, std::byte* to, const Strides& to_strides);

}  // namespace dlv::kernels

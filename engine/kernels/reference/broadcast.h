#pragma once
/// \file
/// Functions of two values laid over each other by broadcasting: written once for all operators.

#include <cstdint>
#include <utility>

#include "engine/kernels/call.h"
#include "engine/kernels/walk.h"

namespace dlv::kernels {

/// Shapes of two operands, and what they broadcast to (numpy's rule; ONNX, "Broadcasting").
struct Pair {
  Shape a, b, out;
};
/// Before operator set 7, operand 1 was laid over axes of operand 0 from attribute "axis" on.
/// Errors: kInvalidArgument (shapes that do not broadcast, types that differ).
Result<Pair> ReadPair(const Call& call, std::size_t a, std::size_t b);
Result<Pair> PairOf(const Call& call, Shape a, Shape b);

/// out[i] = function(a[i], b[i]) over the broadcast shape; out has it, without gaps.
template <class Out, class In, class Function>
void Combine(const Pair& pair, const In* a, const In* b, Out* out, Function&& function) {
  ForEachRun<3>(
      pair.out,
      {BroadcastStrides(pair.a, pair.out), BroadcastStrides(pair.b, pair.out), StridesOf(pair.out)},
      [&](const Places<3>& at, const Places<3>& step, std::int64_t count) {
        for (std::int64_t i = 0; i < count; ++i) {
          out[at[2] + i * step[2]] = function(a[at[0] + i * step[0]], b[at[1] + i * step[1]]);
        }
      });
}

}  // namespace dlv::kernels

#pragma once
/// \file
/// What Concat keeps, from which nodes before it know where in its result their outputs belong.

#include <vector>

#include "engine/kernels/cpu/onednn.h"

namespace dlv::kernels {

/// How one operand gets to its place.
struct ConcatWay {
  std::size_t run_bytes = 0;   ///< above 0: it is copied, so many bytes for each of the first axis
  std::size_t first_byte = 0;  ///< of the first run, in the result
  memory::desc to;             ///< else by a reorder to this part of the result
  KeptPrimitive reorder;
};

struct ConcatWork : KeptWork {
  std::vector<memory::desc> inputs;
  memory::desc dst;
  unsigned threads = 1;
  Shape out;
  std::vector<ConcatWay> ways;
};

/// Returns room for the call's output in the result of the Concat that alone reads it, where it is
/// one run there; nothing where it is not, no earlier run has shown what the result is like, or the
/// result was begun for operands of other sizes.
std::optional<Value> RoomInConcat(Call& call, const Shape& shape, const memory::desc& desc);

}  // namespace dlv::kernels

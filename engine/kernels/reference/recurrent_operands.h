#pragma once
/// \file
/// Operands and attributes that LSTM, GRU and RNN have in common, checked.

#include <string_view>
#include <vector>

#include "engine/kernels/call.h"

namespace dlv::kernels {

/// X [steps, batch, features], W [directions, gates hidden, features], R [directions, gates hidden,
/// hidden], B [directions, 2 gates hidden], the first state [directions, batch, hidden].
struct RecurrentSizes {
  std::int64_t steps = 0, batch = 0, features = 0, hidden = 0, directions = 1;
  bool backward_first = false;

  bool IsBackward(std::int64_t direction) const { return backward_first || direction == 1; }
};

/// Errors: kInvalidArgument (shapes: got, wanted), kUnsupported (clip, layout, sequence_lens).
Result<RecurrentSizes> ReadRecurrent(const Call& call, std::int64_t gates);

/// Whether an operand, where there is one, has the shape and the type of X.
Status WantShape(const Call& call, std::size_t operand, const Shape& wanted);

/// The attribute "activations" in small letters, one for each use and direction; `defaults`, those
/// of one direction, where it is left out. Errors: kUnsupported (parameters of activations),
/// kInvalidArgument (another number of them).
Result<std::vector<std::string>> ReadActivations(const Call& call, std::int64_t directions,
                                                 std::initializer_list<const char*> defaults);

double LogisticOf(double x);

}  // namespace dlv::kernels

#pragma once
/// \file
/// Slices of tensors: `[0:16, 3]` behind a tensor's name, as Python writes basic slices.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dlv/result.h"
#include "dlv/tensor.h"

namespace dlv::store {

/// Takes the slice off a tensor pattern. A bracket at the end is a slice where it holds only
/// digits, colons, commas, minus signs, dots and blanks, and at least one digit, colon or dot:
/// a set of digits at the end of a glob is written `[0-9]*`. Returns pattern and what stands in
/// the bracket; nothing in the second where there is none.
std::pair<std::string, std::optional<std::string>> SplitSlice(std::string_view pattern);

/// The elements of one axis: start, start + step, ...
struct AxisRange {
  std::uint64_t start = 0;
  std::uint64_t count = 0;
  std::uint64_t step = 1;
  bool dropped = false;  ///< given as one index: the axis is gone from the result
};

/// A slice of a tensor of known shape.
struct TensorSlice {
  std::vector<AxisRange> axes;  ///< one an axis of the tensor
  Shape shape;                  ///< of the result
  std::uint64_t element_count = 0;

  /// Calls visit(first, count, step) for each row of the last axis, in C order: elements first,
  /// first + step, ... of the flat tensor. Stops at the first error.
  Status ForEachRow(const Shape& tensor,
                    const std::function<Status(std::uint64_t first, std::uint64_t count,
                                               std::uint64_t step)>& visit) const;
};

/// Understands `text` for a tensor of that shape: per axis `start:stop:step` (each may be left out,
/// negative ones count from the end, what lies outside is cut off) or one index; `...` stands for
/// all axes not named.  Errors: kSyntax, kInvalidArgument (too many axes, an index outside, a step
/// below 1).
Result<TensorSlice> ParseSlice(std::string_view text, const Shape& tensor);

}  // namespace dlv::store

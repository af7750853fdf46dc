#pragma once
/// \file
/// Sums of squares over all elements of a value, which most of the cost of bounds is: one source
/// (square_loops.h) for vectors of several lengths. Sixteen sums in doubles, without fused
/// operations, added up in the end in one order: every form gives the same.

#include <cstddef>
#include <span>
#include <vector>

namespace dlv::progressive {

/// How far an element at x can move: the spread, less what lies between x and where elements move,
/// from `below` to `above`, both finite; not below 0.
struct MovingRange {
  double spread = 0, below = 0, above = 0;
};

/// The loops in one form, over `count` elements.
template <class Number>
struct SquareLoops {
  double (*sum)(const Number* elements, std::size_t count);
  double (*sum_moved)(const Number* elements, std::size_t count, const MovingRange& range);
};
struct SquareForm {
  const char* name;
  SquareLoops<double> doubles;
  SquareLoops<float> floats;
};

/// All that this machine can run, the best first and a portable one last; DLV_KERNELS limits them.
const std::vector<const SquareForm*>& SquareForms();

/// The sums by the best form. Each of `count` terms is off by the rounding of its square, for
/// SumOfMoved of its differences, too, and by that of as many sums. NaN among the elements, or in
/// the range, gives NaN.
double SumOfSquares(std::span<const double> elements);
double SumOfSquares(std::span<const float> elements);
double SumOfMovedSquares(std::span<const double> elements, const MovingRange& range);
double SumOfMovedSquares(std::span<const float> elements, const MovingRange& range);

/// At least the Euclidean length.
double LengthAbove(std::span<const double> elements);
double LengthAbove(std::span<const float> elements);

}  // namespace dlv::progressive

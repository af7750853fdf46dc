#pragma once
/// \file
/// Sums of squares over all elements of a value, or over the channels at each position, which most
/// of the cost of bounds is: one source (square_loops.h) for vectors of several lengths. In
/// doubles, without fused operations; over all elements eight or sixteen sums that are added up in
/// the end in one order. Every form gives the same, and lengths are those of bounds::NormAbove,
/// which kernels for devices have, too.

#include <cstddef>
#include <span>
#include <vector>

namespace dlv::progressive {

/// How far an element at x can move: the spread, less what lies between x and where elements move,
/// from `below` to `above`, both finite; not below 0.
struct MovingRange {
  double spread = 0, below = 0, above = 0;
};

/// The loops in one form, over `count` elements; the last two add the square of each element, and
/// of how far it can move with a spread of its own, to `sums` [count].
template <class Number>
struct SquareLoops {
  double (*sum)(const Number* elements, std::size_t count);
  double (*sum_moved)(const Number* elements, std::size_t count, const MovingRange& range);
  void (*add)(const Number* elements, std::size_t count, double* sums);
  void (*add_moved)(const Number* elements, const double* spreads, std::size_t count, double below,
                    double above, double* sums);
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

/// Adds the squares of elements [rows, sums.size()] of each column to `sums`, row by row.
void AddSquares(std::span<const double> elements, std::span<double> sums);
void AddSquares(std::span<const float> elements, std::span<double> sums);
/// Of how far elements move, each with the spread of its column.
void AddMovedSquares(std::span<const double> elements, std::span<const double> spreads,
                     double below, double above, std::span<double> sums);
void AddMovedSquares(std::span<const float> elements, std::span<const double> spreads, double below,
                     double above, std::span<double> sums);

/// At least the Euclidean length.
double LengthAbove(std::span<const double> elements);
double LengthAbove(std::span<const float> elements);

}  // namespace dlv::progressive

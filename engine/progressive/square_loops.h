#pragma once
/// \file
/// The loops of square_sums.h over vectors of some length. Included once by each source that is
/// compiled for an instruction set; everything here is in terms of a `Form` of that source alone,
/// and nothing of the C++ library is used, so that no function of one set is taken for another's.
///
/// Form: kBytes of a vector.

#include "engine/progressive/square_sums.h"

namespace dlv::progressive::square_loops {

template <class Form, class Number>
struct Loops {
  static constexpr int kLanes = Form::kBytes / sizeof(double), kSums = 16;
  static constexpr int kVectors = kSums / kLanes;
  using Vector [[gnu::vector_size(Form::kBytes)]] = double;
  using Piece [[gnu::vector_size(kLanes * sizeof(Number))]] = Number;

  static Vector Load(const Number* from) {
    Piece piece;
    __builtin_memcpy(&piece, from, sizeof piece);
    return __builtin_convertvector(piece, Vector);
  }
  static Vector All(double number) { return number - Vector{}; }  // -0 stays

  struct Squares {
    Vector Of(Vector x) const { return x * x; }
  };
  struct MovedSquares {
    explicit MovedSquares(const MovingRange& range)
        : spread(All(range.spread)), below(All(range.below)), above(All(range.above)) {}
    /// The number, or 0 where it is below; NaN stays NaN.
    static Vector Positive(Vector number) { return number < Vector{} ? Vector{} : number; }
    Vector Of(Vector x) const {
      const Vector moved = Positive(spread - (Positive(below - x) + Positive(x - above)));
      return moved * moved;
    }
    Vector spread, below, above;
  };

  template <class Term>
  static double Sum(const Number* elements, std::size_t count, const Term& term) {
    Vector sums[kVectors] = {};
    for (; count >= kSums; count -= kSums, elements += kSums) {
      for (int v = 0; v < kVectors; ++v) sums[v] += term.Of(Load(elements + v * kLanes));
    }
    double lanes[kSums];
    __builtin_memcpy(lanes, sums, sizeof lanes);
    for (std::size_t i = 0; i < count; ++i) {
      const Vector alone = term.Of(All(static_cast<double>(elements[i])));
      double same[kLanes];
      __builtin_memcpy(same, &alone, sizeof same);
      lanes[i] += same[0];
    }
    for (int width = kSums / 2; width > 0; width /= 2) {
      for (int i = 0; i < width; ++i) lanes[i] += lanes[i + width];
    }
    return lanes[0];
  }

  static double SumOfSquares(const Number* elements, std::size_t count) {
    return Sum(elements, count, Squares());
  }
  static double SumOfMoved(const Number* elements, std::size_t count, const MovingRange& range) {
    return Sum(elements, count, MovedSquares(range));
  }
};

template <class Form>
constexpr SquareForm FormOf(const char* name) {
  using Doubles = Loops<Form, double>;
  using Floats = Loops<Form, float>;
  return {name,
          {Doubles::SumOfSquares, Doubles::SumOfMoved},
          {Floats::SumOfSquares, Floats::SumOfMoved}};
}

}  // namespace dlv::progressive::square_loops

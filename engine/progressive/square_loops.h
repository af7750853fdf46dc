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
  static constexpr int kLanes = Form::kBytes / sizeof(double);
  using Vector [[gnu::vector_size(Form::kBytes)]] = double;
  using Piece [[gnu::vector_size(kLanes * sizeof(Number))]] = Number;

  static Vector Load(const Number* from) {
    Piece piece;
    __builtin_memcpy(&piece, from, sizeof piece);
    return __builtin_convertvector(piece, Vector);
  }
  static Vector All(double number) { return number - Vector{}; }  // -0 stays

  struct Squares {
    static constexpr int kSums = 8;
    Vector Of(Vector x) const { return x * x; }
  };
  struct MovedSquares {
    static constexpr int kSums = 16;
    explicit MovedSquares(const MovingRange& range)
        : spread(All(range.spread)), below(All(range.below)), above(All(range.above)) {}
    /// The number, or 0 where it is below; NaN stays NaN.
    static Vector Positive(Vector number) { return number < Vector{} ? Vector{} : number; }
    Vector Of(Vector x) const { return Of(x, spread); }
    Vector Of(Vector x, Vector own_spread) const {
      const Vector moved = Positive(own_spread - (Positive(below - x) + Positive(x - above)));
      return moved * moved;
    }
    Vector spread, below, above;
  };

  static Vector LoadDoubles(const double* from) {
    Vector vector;
    __builtin_memcpy(&vector, from, sizeof vector);
    return vector;
  }

  /// sums[i] += term(i) for each i, `term` of a vector from i on or of one element.
  template <class OfVector, class OfOne>
  static void AddEach(std::size_t count, double* sums, OfVector&& of_vector, OfOne&& of_one) {
    std::size_t i = 0;
    for (; i + kLanes <= count; i += kLanes) {
      const Vector sum = LoadDoubles(sums + i) + of_vector(i);
      __builtin_memcpy(sums + i, &sum, sizeof sum);
    }
    for (; i < count; ++i) sums[i] += First(of_one(i));
  }
  static double First(const Vector& vector) {
    double lanes[kLanes];
    __builtin_memcpy(lanes, &vector, sizeof lanes);
    return lanes[0];
  }

  /// So many sums; what is left of the elements goes to the first one, neighbours are added up.
  template <class Term>
  static double Sum(const Number* elements, std::size_t count, const Term& term) {
    constexpr int kSums = Term::kSums, kVectors = kSums / kLanes;
    Vector sums[kVectors] = {};
    for (; count >= kSums; count -= kSums, elements += kSums) {
      for (int v = 0; v < kVectors; ++v) sums[v] += term.Of(Load(elements + v * kLanes));
    }
    double lanes[kSums];
    __builtin_memcpy(lanes, sums, sizeof lanes);
    for (std::size_t i = 0; i < count; ++i) {
      lanes[0] += First(term.Of(All(static_cast<double>(elements[i]))));
    }
    for (int width = 1; width < kSums; width *= 2) {
      for (int i = 0; i < kSums; i += 2 * width) lanes[i] += lanes[i + width];
    }
    return lanes[0];
  }

  static double SumOfSquares(const Number* elements, std::size_t count) {
    return Sum(elements, count, Squares());
  }
  static double SumOfMoved(const Number* elements, std::size_t count, const MovingRange& range) {
    return Sum(elements, count, MovedSquares(range));
  }
  static void AddSquares(const Number* elements, std::size_t count, double* sums) {
    const Squares term;
    AddEach(
        count, sums, [&](std::size_t i) { return term.Of(Load(elements + i)); },
        [&](std::size_t i) { return term.Of(All(static_cast<double>(elements[i]))); });
  }
  static void AddMoved(const Number* elements, const double* spreads, std::size_t count,
                       double below, double above, double* sums) {
    const MovedSquares term({0, below, above});
    AddEach(
        count, sums,
        [&](std::size_t i) { return term.Of(Load(elements + i), LoadDoubles(spreads + i)); },
        [&](std::size_t i) {
          return term.Of(All(static_cast<double>(elements[i])), All(spreads[i]));
        });
  }
};

template <class Form>
constexpr SquareForm FormOf(const char* name) {
  using Doubles = Loops<Form, double>;
  using Floats = Loops<Form, float>;
  return {name,
          {Doubles::SumOfSquares, Doubles::SumOfMoved, Doubles::AddSquares, Doubles::AddMoved},
          {Floats::SumOfSquares, Floats::SumOfMoved, Floats::AddSquares, Floats::AddMoved}};
}

}  // namespace dlv::progressive::square_loops

#pragma once
/// \file
/// The product of a row and a matrix (plane_kernels.h) over vectors of some length: what
/// plane_loops.h says of its loops is true of these.

#include "engine/kernels/cpu/plane_loops.h"

namespace dlv::kernels::plane_loops {

template <class Form>
struct RowLoops : Loops<Form> {
  using typename Loops<Form>::Vector;
  using Loops<Form>::kLanes, Loops<Form>::Load, Loops<Form>::Copy;
  /// Vectors of a column that are summed apart, so that a product need not wait for the one before.
  static constexpr int kApart = 2;
  static constexpr std::int64_t kStep = kApart * kLanes;
  static constexpr int kMostColumns = 4;

  static float SumOf(Vector vector) {
    float lanes[kLanes];
    __builtin_memcpy(lanes, &vector, sizeof lanes);
    for (std::int64_t width = kLanes / 2; width > 0; width /= 2) {
      for (std::int64_t i = 0; i < width; ++i) lanes[i] += lanes[i + width];
    }
    return lanes[0];
  }

  /// The last elements of a row, with zeros up to a step.
  struct Tail {
    float elements[kStep] = {};
  };

  template <int kColumns>
  struct Sums {
    void Add(const float* x, const float* const* weights) {
      for (int v = 0; v < kApart; ++v) {
        const Vector in = Load(x + v * kLanes);
        for (int c = 0; c < kColumns; ++c) apart[c][v] += in * Load(weights[c] + v * kLanes);
      }
    }
    Vector apart[kColumns][kApart] = {};
  };

  template <int kColumns>
  static void DotColumns(const RowProduct& product, std::int64_t first) {
    const std::int64_t whole = product.depth / kStep * kStep, left = product.depth - whole;
    const float* weights[kColumns];
    for (int c = 0; c < kColumns; ++c) weights[c] = product.weights + (first + c) * product.depth;
    Sums<kColumns> sums;
    for (std::int64_t k = 0; k < whole; k += kStep) {
      sums.Add(product.x + k, weights);
      for (int c = 0; c < kColumns; ++c) weights[c] += kStep;
    }
    if (left > 0) {
      Tail x, tails[kColumns];
      Copy(product.x + whole, left, x.elements);
      for (int c = 0; c < kColumns; ++c) {
        Copy(weights[c], left, tails[c].elements);
        weights[c] = tails[c].elements;
      }
      sums.Add(x.elements, weights);
    }
    for (int c = 0; c < kColumns; ++c) {
      float sum = SumOf(sums.apart[c][0] + sums.apart[c][1]);
      if (product.bias != nullptr) sum += product.bias[first + c];
      product.y[first + c] = Bounded(sum, product.end);
    }
  }

  static float Bounded(float sum, const PlaneEnd& end) {
    if (!end.is_bounded) return sum;
    sum = sum < end.low ? end.low : sum;
    return sum > end.high ? end.high : sum;
  }

  static void Dot(const RowProduct& product) {
    std::int64_t first = 0;
    for (; first + kMostColumns <= product.columns; first += kMostColumns) {
      DotColumns<kMostColumns>(product, first);
    }
    for (; first < product.columns; ++first) DotColumns<1>(product, first);
  }
};

}  // namespace dlv::kernels::plane_loops

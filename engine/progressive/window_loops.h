#pragma once
/// \file
/// The loops of window_product.h over vectors of some length. Included once by each source that is
/// compiled for an instruction set; everything here is in terms of a `Form` of that source alone,
/// and nothing of the C++ library is used, so that no function of one set is taken for another's.
///
/// Form: kBytes of a vector, and kRows that are summed at once, in three vectors of positions each.

#include "engine/progressive/window_product.h"

namespace dlv::progressive::window_loops {

template <class Form, class Number>
struct Loops {
  static constexpr std::int64_t kLanes = Form::kBytes / sizeof(Number);
  static constexpr int kMostRows = Form::kRows, kMostVectors = 3;
  using Vector [[gnu::vector_size(Form::kBytes)]] = Number;
  using Product = WindowProduct<Number>;

  static Vector Load(const Number* from) {
    Vector vector;
    __builtin_memcpy(&vector, from, sizeof vector);
    return vector;
  }
  static Vector All(Number element) { return element - Vector{}; }  // -0 stays

  /// Positions that one vector holds.
  struct Place {
    std::int64_t in = 0, out = 0;  ///< of the first one, in x and in y
    std::int64_t count = 0;
  };

  static Place PlaceOf(const Product& product, std::int64_t vector) {
    const std::int64_t in_row = (product.width + kLanes - 1) / kLanes;
    const std::int64_t row = vector / in_row, column = vector % in_row * kLanes;
    const std::int64_t rest = product.width - column;
    return {row * product.row_step + column, row * product.width + column,
            rest < kLanes ? rest : kLanes};
  }

  static void Store(Vector sum, std::int64_t count, Number* y) {
    if (count == kLanes) {
      __builtin_memcpy(y, &sum, sizeof sum);
      return;
    }
    Number all[kLanes];
    __builtin_memcpy(all, &sum, sizeof sum);
    for (std::int64_t i = 0; i < count; ++i) y[i] = all[i];
  }

  template <int kRows, int kVectors>
  static void SumTile(const Product& product, std::int64_t row, const Place* places) {
    const std::int64_t columns = product.channels * product.taps;
    Vector sums[kRows][kVectors];
    for (int r = 0; r < kRows; ++r) {
      for (int v = 0; v < kVectors; ++v) sums[r][v] = All(product.bias[row + r]);
    }
    const Number* weights = product.weights + row * columns;
    const Number* x = product.x;
    for (std::int64_t c = 0; c < product.channels; ++c, x += product.x_step) {
      for (std::int64_t t = 0; t < product.taps; ++t, ++weights) {
        const Number* const from = x + product.taps_at[t];
        Vector in[kVectors];
        for (int v = 0; v < kVectors; ++v) in[v] = Load(from + places[v].in);
        for (int r = 0; r < kRows; ++r) {
          const Vector weight = All(weights[r * columns]);
          for (int v = 0; v < kVectors; ++v) sums[r][v] += weight * in[v];
        }
      }
    }
    Number* const y = product.y + row * product.height * product.width;
    for (int r = 0; r < kRows; ++r) {
      for (int v = 0; v < kVectors; ++v) {
        Store(sums[r][v], places[v].count, y + r * product.height * product.width + places[v].out);
      }
    }
  }

  template <int kRows, int kVectors>
  static void SumRows(const Product& product, std::int64_t row, int rows, const Place* places) {
    if (rows == kRows) return SumTile<kRows, kVectors>(product, row, places);
    if constexpr (kRows > 1) SumRows<kRows - 1, kVectors>(product, row, rows, places);
  }
  template <int kVectors>
  static void SumVectors(const Product& product, std::int64_t row, int rows, std::int64_t vectors,
                         const Place* places) {
    if (vectors == kVectors) return SumRows<kMostRows, kVectors>(product, row, rows, places);
    if constexpr (kVectors > 1) SumVectors<kVectors - 1>(product, row, rows, vectors, places);
  }

  static void Sum(const Product& product) {
    const std::int64_t vectors = (product.width + kLanes - 1) / kLanes * product.height;
    const std::int64_t tiles = (product.rows + kMostRows - 1) / kMostRows;
    for (std::int64_t tile = 0; tile < tiles; ++tile) {
      const std::int64_t row = tile * product.rows / tiles;
      const auto rows = static_cast<int>((tile + 1) * product.rows / tiles - row);
      for (std::int64_t first = 0; first < vectors; first += kMostVectors) {
        const std::int64_t left = vectors - first;
        const std::int64_t count = left < kMostVectors ? left : kMostVectors;
        Place places[kMostVectors];
        for (std::int64_t v = 0; v < count; ++v) places[v] = PlaceOf(product, first + v);
        SumVectors<kMostVectors>(product, row, rows, count, places);
      }
    }
  }
};

}  // namespace dlv::progressive::window_loops

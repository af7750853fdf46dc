#pragma once
/// \file
/// The loops of plane_kernels.h over vectors of some length. Included once by each source that is
/// compiled for an instruction set; everything here is in terms of a `Form` of that source alone,
/// and nothing of the C++ library is used, so that no function of one set is taken for another's.
///
/// Form: kLanes, and kRows, the rows of a product that are summed at once, in two vectors each.

#include <utility>

#include "engine/kernels/cpu/plane_kernels.h"

namespace dlv::kernels::plane_loops {

template <class Form>
struct Loops {
  static constexpr std::int64_t kLanes = Form::kLanes;
  static constexpr int kMostRows = Form::kRows;
  using Vector [[gnu::vector_size(Form::kLanes * sizeof(float))]] = float;
  using Mask [[gnu::vector_size(Form::kLanes * sizeof(float))]] = std::int32_t;

  static Vector Load(const float* from) {
    Vector vector;
    __builtin_memcpy(&vector, from, sizeof vector);
    return vector;
  }
  static void Store(Vector vector, float* to) { __builtin_memcpy(to, &vector, sizeof vector); }
  static Vector All(float element) { return Vector{} + element; }

  /// The end of sums, its bounds in registers.
  struct End {
    explicit End(const PlaneEnd& end)
        : is_bounded(end.is_bounded), low(All(end.low)), high(All(end.high)) {}
    Vector Bounded(Vector sum) const {
      if (!is_bounded) return sum;
      sum = sum < low ? low : sum;
      return sum > high ? high : sum;
    }
    bool is_bounded;
    Vector low, high;
  };

  template <int kCount>
  static void CopySome(const float* from, float* to) {
    float some[kCount];
    __builtin_memcpy(some, from, sizeof some);
    __builtin_memcpy(to, some, sizeof some);
  }
  /// Copies less than two vectors' worth, in few steps.
  template <int kMost>
  static void CopyFew(const float* from, std::int64_t count, float* to) {
    if ((count & kMost) != 0) {
      CopySome<kMost>(from, to);
      from += kMost;
      to += kMost;
    }
    if constexpr (kMost > 1) CopyFew<kMost / 2>(from, count, to);
  }
  static void Copy(const float* from, std::int64_t count, float* to) {
    for (; count >= kLanes; count -= kLanes, from += kLanes, to += kLanes) {
      CopySome<Form::kLanes>(from, to);
    }
    CopyFew<Form::kLanes / 2>(from, count, to);
  }

  /// Gives `count` elements of a sum, at most a vector; `addend` may be null.
  static void Finish(Vector sum, const End& end, const float* addend, std::int64_t count,
                     float* y) {
    if (count >= kLanes) {
      if (addend != nullptr) sum += Load(addend);
      return Store(end.Bounded(sum), y);
    }
    if (count <= 0) return;
    float few[kLanes] = {};
    if (addend != nullptr) {
      CopyFew<Form::kLanes / 2>(addend, count, few);
      sum += Load(few);
    }
    Store(end.Bounded(sum), few);
    CopyFew<Form::kLanes / 2>(few, count, y);
  }

  // ---- products ----------------------------------------------------------------------------

  /// Columns of x that are taken together, from a plane or from the tail.
  struct Columns {
    const float* x = nullptr;
    std::int64_t step = 0;
    std::int64_t first = 0;
    std::int64_t count = 0;  ///< at most two vectors
  };

  template <int kRows, int kVectors>
  static void MultiplyTile(const PlaneProduct& product, const Columns& columns,
                           const float* weights, std::int64_t row) {
    Vector sums[kRows][kVectors];
    for (int r = 0; r < kRows; ++r) {
      const Vector bias = All(product.bias == nullptr ? 0 : product.bias[row + r]);
      for (int v = 0; v < kVectors; ++v) sums[r][v] = bias;
    }
    const float* x = columns.x;
    for (std::int64_t k = 0; k < product.depth; ++k, x += columns.step, weights += kRows) {
      Vector in[kVectors];
      for (int v = 0; v < kVectors; ++v) in[v] = Load(x + v * kLanes);
      for (int r = 0; r < kRows; ++r) {
        for (int v = 0; v < kVectors; ++v) sums[r][v] += weights[r] * in[v];
      }
    }
    const End end(product.end);
    for (int r = 0; r < kRows; ++r) {
      float* const y = product.y + (row + r) * product.y_step + columns.first;
      const float* addend = product.end.addend;
      if (addend != nullptr) addend += (row + r) * product.end.addend_step + columns.first;
      for (int v = 0; v < kVectors; ++v) {
        const std::int64_t done = v * kLanes;
        Finish(sums[r][v], end, addend == nullptr ? nullptr : addend + done, columns.count - done,
               y + done);
      }
    }
  }

  /// The tile with `rows` rows, at most kRows.
  template <int kRows, int kVectors>
  static void MultiplyRows(const PlaneProduct& product, const Columns& columns,
                           const float* weights, std::int64_t row, std::int64_t rows) {
    if constexpr (kRows > 1) {
      if (rows < kRows) {
        return MultiplyRows<kRows - 1, kVectors>(product, columns, weights, row, rows);
      }
    }
    MultiplyTile<kRows, kVectors>(product, columns, weights, row);
  }

  static void MultiplyColumns(const PlaneProduct& product, const Columns& columns) {
    const std::int64_t tiles = RowTiles(product.rows, kMostRows);
    for (std::int64_t tile = 0; tile < tiles; ++tile) {
      const std::int64_t row = FirstRow(tile, product.rows, tiles);
      const std::int64_t rows = FirstRow(tile + 1, product.rows, tiles) - row;
      const float* const weights = product.weights + row * product.depth;
      if (columns.count > kLanes) {
        MultiplyRows<kMostRows, 2>(product, columns, weights, row, rows);
      } else {
        MultiplyRows<kMostRows, 1>(product, columns, weights, row, rows);
      }
    }
  }

  static void Multiply(const PlaneProduct& product) {
    constexpr std::int64_t kTogether = 2 * kLanes;
    std::int64_t first = 0;
    for (; first + kTogether <= product.columns; first += kTogether) {
      MultiplyColumns(product, {product.x + first, product.x_step, first, kTogether});
    }
    const std::int64_t left = product.columns - first;
    if (left == 0) return;
    const std::int64_t step = left > kLanes ? kTogether : kLanes;
    for (std::int64_t k = 0; k < product.depth; ++k) {  // no plane is read beyond its end
      const float* const from = product.x + k * product.x_step + first;
      Copy(from, left, product.tail + k * step);
    }
    MultiplyColumns(product, {product.tail, step, first, left});
  }

  // ---- windows -----------------------------------------------------------------------------

  template <class Pieces, std::size_t... kPlaces>
  static Pieces Every(Pieces a, Pieces b, int first, std::index_sequence<kPlaces...>) {
    return first == 0 ? __builtin_shufflevector(a, b, (2 * kPlaces)...)
                      : __builtin_shufflevector(a, b, (2 * kPlaces + 1)...);
  }
  /// Sorts elements by whether their place is even, some at a time as long as there are enough.
  template <int kSome>
  static void Part(const float* from, std::int64_t count, float* even, float* odd) {
    using Piece [[gnu::vector_size(kSome * sizeof(float))]] = float;
    for (; count >= 2 * kSome; count -= 2 * kSome, from += 2 * kSome) {
      Piece a, b;
      __builtin_memcpy(&a, from, sizeof a);
      __builtin_memcpy(&b, from + kSome, sizeof b);
      const auto places = std::make_index_sequence<kSome>();
      const Piece evens = Every(a, b, 0, places), odds = Every(a, b, 1, places);
      __builtin_memcpy(even, &evens, sizeof evens);
      __builtin_memcpy(odd, &odds, sizeof odds);
      even += kSome;
      odd += kSome;
    }
    if constexpr (kSome > 4) return Part<kSome / 2>(from, count, even, odd);
    for (; count > 0; count -= 2, from += 2) {
      *even++ = from[0];
      if (count > 1) *odd++ = from[1];
    }
  }

  static void PadRow(const PlaneWindow& window, const PaddedPlane& shape, const float* from,
                     float* to) {
    const std::int64_t stride = window.stride_width, left = window.left;
    if (stride == 1) return Copy(from, window.in_width, to + left);
    if (stride == 2 && left <= 1) {
      float* const second = to + shape.phase_width;
      if (left == 0) return Part<Form::kLanes>(from, window.in_width, to, second);
      return Part<Form::kLanes>(from, window.in_width, second, to + 1);
    }
    for (std::int64_t i = 0; i < window.in_width; ++i) {
      const std::int64_t place = i + left;
      to[place % stride * shape.phase_width + place / stride] = from[i];
    }
  }

  static void Pad(const PlaneWindow& window, const PaddedPlane& shape, const float* x,
                  float* padded) {
    for (std::int64_t row = 0; row < window.in_height; ++row) {
      if (row + window.top >= shape.rows) return;
      PadRow(window, shape, x + row * window.in_width,
             padded + (row + window.top) * shape.row_width);
    }
  }

  /// Where the columns of a window are, behind the first one.
  struct ColumnPlaces {
    std::int64_t at[kMostKernelWidth] = {};
  };
  static ColumnPlaces PlacesOf(const PlaneWindow& window, const PaddedPlane& shape) {
    ColumnPlaces places;
    for (std::int64_t k = 0; k < window.kernel_width; ++k) {
      const std::int64_t column = k * window.dilation_width;
      places.at[k] =
          column % window.stride_width * shape.phase_width + column / window.stride_width;
    }
    return places;
  }

  /// One channel, by windows of kSide x kSide with their weights in registers; kSide 0: of any
  /// size.
  template <int kSide>
  static void SlideRows(const PlaneWindow& window, const DepthwisePlanes& planes,
                        const ColumnPlaces& places, const End& end, std::int64_t channel) {
    const std::int64_t height = kSide > 0 ? kSide : window.kernel_height;
    const std::int64_t width = kSide > 0 ? kSide : window.kernel_width;
    const std::int64_t step = window.dilation_height * planes.shape.row_width;
    const std::int64_t row_step = window.stride_height * planes.shape.row_width;
    const std::int64_t out_width = window.out_width, count = window.out_height * out_width;
    const float* const weights = planes.weights + channel * height * width;
    const float* const addend = planes.end.addend == nullptr
                                    ? nullptr
                                    : planes.end.addend + channel * planes.end.addend_step;
    const Vector bias = All(planes.bias == nullptr ? 0 : planes.bias[channel]);
    float* const y = planes.y + channel * planes.y_step;
    const float* from = planes.padded;
    Vector kept[kSide * kSide + 1];
    for (int i = 0; i < kSide * kSide; ++i) kept[i] = All(weights[i]);
    for (std::int64_t row = 0; row < count; row += out_width, from += row_step) {
      for (std::int64_t x = 0; x < out_width; x += kLanes) {
        Vector sum = bias;
        for (std::int64_t i = 0; i < height; ++i) {
          for (std::int64_t k = 0; k < width; ++k) {
            const Vector weight = kSide > 0 ? kept[i * kSide + k] : All(weights[i * width + k]);
            sum += weight * Load(from + i * step + places.at[k] + x);
          }
        }
        // What a vector has behind the end of its row is overwritten by the next row.
        const std::int64_t place = row + x;
        Finish(sum, end, addend == nullptr ? nullptr : addend + place, count - place, y + place);
      }
    }
  }

  static void Slide(const PlaneWindow& window, const DepthwisePlanes& planes) {
    const ColumnPlaces places = PlacesOf(window, planes.shape);
    const End end(planes.end);
    const bool is_square = window.kernel_height == 3 && window.kernel_width == 3;
    for (std::int64_t channel = 0; channel < planes.count; ++channel) {
      Pad(window, planes.shape, planes.x + channel * planes.x_step, planes.padded);
      is_square ? SlideRows<3>(window, planes, places, end, channel)
                : SlideRows<0>(window, planes, places, end, channel);
    }
  }
};

}  // namespace dlv::kernels::plane_loops

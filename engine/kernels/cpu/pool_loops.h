#pragma once
/// \file
/// The loops of plane_kernels.h for pools: first the rows that a window covers become one, then its
/// columns. As plane_loops.h: once for each source, in terms of its `Form`.

#include "engine/kernels/cpu/plane_loops.h"

namespace dlv::kernels::plane_loops {

template <class Form>
struct PoolLoops : Loops<Form> {
  using Base = Loops<Form>;
  using Vector = typename Base::Vector;
  static constexpr std::int64_t kLanes = Form::kLanes;

  template <bool kIsMax>
  static Vector Join(Vector a, Vector b) {
    if constexpr (kIsMax) return a > b ? a : b;
    return a + b;
  }

  /// Elements `from` to before `end` of an axis that the window covers at a position.
  struct Cover {
    Cover(std::int64_t position, std::int64_t stride, std::int64_t before, std::int64_t kernel,
          std::int64_t size)
        : begin(position * stride - before), end(begin + kernel) {
      if (begin < 0) begin = 0;
      if (end > size) end = size;
    }
    std::int64_t count() const { return end - begin; }
    std::int64_t begin, end;
  };

  /// `width` elements of `rows` rows, in which no less than kRows are; all where kRows is 0.
  template <bool kIsMax, int kRows>
  static Vector Column(const float* from, std::int64_t step, std::int64_t rows) {
    Vector joined = Base::Load(from);
    const std::int64_t count = kRows > 0 ? kRows : rows;
    for (std::int64_t row = 1; row < count; ++row) {
      joined = Join<kIsMax>(joined, Base::Load(from + row * step));
    }
    return joined;
  }
  template <bool kIsMax, int kRows>
  static void Columns(const float* from, std::int64_t step, std::int64_t rows, std::int64_t width,
                      float* to) {
    for (std::int64_t i = 0; i < width; i += kLanes) {
      Base::Store(Column<kIsMax, kRows>(from + i, step, rows), to + i);
    }
  }

  /// Joins rows of x, `width` elements each, `step` apart. `readable`: elements from the first one
  /// on that may be read; `to` has room for whole vectors.
  template <bool kIsMax>
  static void JoinRows(const float* from, std::int64_t step, std::int64_t rows, std::int64_t width,
                       std::int64_t readable, float* to) {
    const std::int64_t rest = width % kLanes;
    const bool is_readable = (rows - 1) * step + width - rest + kLanes <= readable;
    const std::int64_t whole = is_readable ? width : width - rest;
    if (rows == 3) {
      Columns<kIsMax, 3>(from, step, rows, whole, to);
    } else if (rows == 2) {
      Columns<kIsMax, 2>(from, step, rows, whole, to);
    } else {
      Columns<kIsMax, 0>(from, step, rows, whole, to);
    }
    for (std::int64_t i = whole; i < width; ++i) {
      float joined = from[i];
      for (std::int64_t row = 1; row < rows; ++row) {
        const float next = from[row * step + i];
        joined = kIsMax ? (joined > next ? joined : next) : joined + next;
      }
      to[i] = joined;
    }
  }

  // ---- several channels at each position ----------------------------------------------------

  template <bool kIsMax>
  static void JoinColumns(const PoolPlanes& pool, const float* row, std::int64_t rows, float* y) {
    const PlaneWindow& window = pool.window;
    const std::int64_t inner = pool.inner;
    for (std::int64_t x = 0; x < window.out_width; ++x) {
      const Cover columns(x, window.stride_width, window.left, window.kernel_width,
                          window.in_width);
      const float factor =
          1 / static_cast<float>(pool.counts_padding ? window.kernel_height * window.kernel_width
                                                     : rows * columns.count());
      const float* const from = row + columns.begin * inner;
      for (std::int64_t i = 0; i < inner; i += kLanes) {
        Vector joined;
        if (columns.count() == 3) {
          joined = Column<kIsMax, 3>(from + i, inner, 3);
        } else {
          joined = Column<kIsMax, 0>(from + i, inner, columns.count());
        }
        Base::Store(kIsMax ? joined : joined * factor, y + x * inner + i);
      }
    }
  }

  template <bool kIsMax>
  static void PoolBlocks(const PoolPlanes& pool) {
    const PlaneWindow& window = pool.window;
    const std::int64_t row = window.in_width * pool.inner, plane = window.in_height * row;
    float* y = pool.y;
    for (std::int64_t block = 0; block < pool.count; ++block) {
      const float* const x = pool.x + block * plane;
      for (std::int64_t i = 0; i < window.out_height; ++i, y += window.out_width * pool.inner) {
        const Cover rows(i, window.stride_height, window.top, window.kernel_height,
                         window.in_height);
        const std::int64_t first = rows.begin * row;
        JoinRows<kIsMax>(x + first, row, rows.count(), row, plane - first, pool.room);
        JoinColumns<kIsMax>(pool, pool.room, rows.count(), y);
      }
    }
  }

  // ---- one channel a plane ------------------------------------------------------------------

  /// The parts of the room: one over the number of columns covered at each position; rows joined;
  /// their columns sorted by their place modulo the stride, with padding.
  struct Room {
    explicit Room(const PoolPlanes& pool)
        : shape(PaddedPlaneOf(pool.window)),
          factors(pool.room),
          row(factors + Whole(pool.window.out_width)),
          padded(row + Whole(pool.window.in_width)) {}
    static std::int64_t Whole(std::int64_t count) {
      return count / kMostLanes * kMostLanes + kMostLanes;
    }
    PaddedPlane shape;
    float *factors, *row, *padded;
  };

  template <bool kIsMax>
  static void Prepare(const PoolPlanes& pool, const Room& room) {
    const PlaneWindow& window = pool.window;
    for (std::int64_t i = 0; i < room.shape.row_width; ++i) {
      room.padded[i] = kIsMax ? -__builtin_inff() : 0;
    }
    for (std::int64_t x = 0; x < window.out_width; ++x) {
      const Cover columns(x, window.stride_width, window.left, window.kernel_width,
                          window.in_width);
      room.factors[x] =
          1 / static_cast<float>(pool.counts_padding ? window.kernel_width : columns.count());
    }
  }

  template <bool kIsMax>
  static void PoolRow(const PoolPlanes& pool, const Room& room,
                      const typename Base::ColumnPlaces& places, std::int64_t rows,
                      std::int64_t left, float* y) {
    const float factor =
        1 / static_cast<float>(pool.counts_padding ? pool.window.kernel_height : rows);
    for (std::int64_t x = 0; x < pool.window.out_width; x += kLanes) {
      Vector joined = Base::Load(room.padded + places.at[0] + x);
      for (std::int64_t k = 1; k < pool.window.kernel_width; ++k) {
        joined = Join<kIsMax>(joined, Base::Load(room.padded + places.at[k] + x));
      }
      if (!kIsMax) joined = joined * Base::Load(room.factors + x) * factor;
      // What a vector has behind the end of its row is overwritten by the next row.
      if (left - x >= kLanes) {
        Base::Store(joined, y + x);
      } else {
        float few[kLanes];
        Base::Store(joined, few);
        Base::Copy(few, left - x, y + x);
      }
    }
  }

  template <bool kIsMax>
  static void PoolChannels(const PoolPlanes& pool) {
    const PlaneWindow& window = pool.window;
    const Room room(pool);
    const auto places = Base::PlacesOf(window, room.shape);
    Prepare<kIsMax>(pool, room);
    const std::int64_t plane = window.in_height * window.in_width;
    std::int64_t left = pool.count * window.out_height * window.out_width;
    float* y = pool.y;
    for (std::int64_t channel = 0; channel < pool.count; ++channel) {
      for (std::int64_t i = 0; i < window.out_height; ++i) {
        const Cover rows(i, window.stride_height, window.top, window.kernel_height,
                         window.in_height);
        const std::int64_t first = channel * plane + rows.begin * window.in_width;
        JoinRows<kIsMax>(pool.x + first, window.in_width, rows.count(), window.in_width,
                         pool.count * plane - first, room.row);
        Base::PadRow(window, room.shape, room.row, room.padded);
        PoolRow<kIsMax>(pool, room, places, rows.count(), left, y);
        y += window.out_width;
        left -= window.out_width;
      }
    }
  }

  static void Pool(const PoolPlanes& pool) {
    if (pool.inner > 1) {
      pool.is_max ? PoolBlocks<true>(pool) : PoolBlocks<false>(pool);
    } else {
      pool.is_max ? PoolChannels<true>(pool) : PoolChannels<false>(pool);
    }
  }
};

}  // namespace dlv::kernels::plane_loops

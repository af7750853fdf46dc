#pragma once
/// \file
/// The bodies of GramIteration (kernels.h). A symmetric product is made in tiles of 32 x 32, each
/// by one warp, of which a thread has 8 x 4; terms are added in order, each product fused with its
/// sum, so that the emulation gives the same bits. Only tiles on and above the diagonal are
/// multiplied, and the product is exactly symmetric.

#include "engine/kernels/cuda/double_bits.h"
#include "engine/kernels/cuda/gram_jobs.h"
#include "engine/kernels/cuda/squares_body.h"
#include "engine/kernels/cuda/warp.h"

#if !defined(__CUDACC__)
#include <cmath>
#endif

namespace dlv::kernels::cuda {

/// a b + c, rounded once.
DLV_DEVICE double FusedSum(double a, double b, double c) {
#if defined(__CUDA_ARCH__)
  return __fma_rn(a, b, c);
#elif defined(__CUDACC__)
  return a * b + c;  // never runs: the host's half of a device's function
#else
  return std::fma(a, b, c);
#endif
}

// ---- scaling: by a power of two, such that the greatest magnitude is in [1/2, 1)

template <class T>
DLV_DEVICE double Residual(const GramMatrix& matrix, uint64_t at) {
  const auto value = static_cast<double>(static_cast<const T*>(matrix.values)[at]);
  if (matrix.centres == nullptr) return value;
  return value - static_cast<double>(static_cast<const T*>(matrix.centres)[at]);
}

/// The greatest of 32 numbers, for all threads.
template <class Warp>
DLV_DEVICE double TreeGreatest(Warp& warp, typename Warp::template PerThread<double> numbers) {
  for (unsigned mask = kWarp / 2; mask > 0; mask /= 2) {
    const auto others = warp.Exchange(numbers, mask);
    warp.Each([&](unsigned thread) {
      if (others[thread] > numbers[thread]) numbers[thread] = others[thread];
    });
  }
  double greatest = 0;
  warp.Each([&](unsigned thread) { greatest = numbers[thread]; });
  return greatest;
}

/// Infinite where a number of the part is not finite.
template <class T, class Warp>
DLV_DEVICE double GreatestOfPart(Warp& warp, const GramMatrix& matrix, uint64_t part) {
  const double infinity = Infinity();
  const uint64_t count = matrix.rows * matrix.columns, begin = part * kSquaresPart;
  const uint64_t end = count - begin < kSquaresPart ? count : begin + kSquaresPart;
  typename Warp::template PerThread<double> greatest;
  warp.Each([&](unsigned thread) {
    greatest[thread] = 0;
    for (uint64_t i = begin + thread; i < end; i += kWarp) {
      const double residual = Residual<T>(matrix, i);
      const double magnitude = residual < 0 ? -residual : residual;
      if (!(magnitude <= greatest[thread]))
        greatest[thread] = magnitude < infinity ? magnitude : infinity;
    }
  });
  return TreeGreatest(warp, greatest);
}

template <class Warp>
DLV_DEVICE void StartRecord(Warp& warp, const double* parts, uint64_t count, GramRecord& record) {
  typename Warp::template PerThread<double> greatest;
  warp.Each([&](unsigned thread) {
    greatest[thread] = 0;
    for (uint64_t i = thread; i < count; i += kWarp) {
      if (parts[i] > greatest[thread]) greatest[thread] = parts[i];
    }
  });
  const double all = TreeGreatest(warp, greatest);
  warp.Each([&](unsigned thread) {
    if (thread != 0) return;
    record.greatest = all;
    const bool scales = all > 0 && all < Infinity();
    record.exponent = scales ? ExponentOf(all) + 1 : 0;
  });
}

// ---- products

/// The scaled residual, turned such that it has no more rows than columns.
template <class T>
struct ResidualSource {
  DLV_DEVICE ResidualSource(const GramMatrix& of, const GramRecord& record)
      : matrix(of), turned(of.rows > of.columns) {
    // In two steps: 2^1074 is not a double. Upwards both are exact; downwards only the first one of
    // them can meet denormals, the second is 1 (engine/bounds/gram.cc does the same).
    const int half = record.exponent < -1000 ? -1000 : record.exponent;
    first = PowerOfTwo(-half);
    second = PowerOfTwo(half - record.exponent);
  }
  DLV_DEVICE double At(uint64_t i, uint64_t j) const {
    const uint64_t at = turned ? j * matrix.columns + i : i * matrix.columns + j;
    return Residual<T>(matrix, at) * first * second;
  }
  const GramMatrix matrix;
  const bool turned;
  double first, second;
};

/// A symmetric matrix times the power of two that its round says.
struct SymmetricSource {
  DLV_DEVICE SymmetricSource(const double* of, uint64_t side, const GramRound& round)
      : matrix(of), n(side), factor(PowerOfTwo(-round.exponent)) {}
  DLV_DEVICE double At(uint64_t i, uint64_t j) const { return matrix[i * n + j] * factor; }
  const double* const matrix;
  const uint64_t n;
  const double factor;
};

/// Shared memory of a warp: a slab of rows, and of those that become columns.
template <class Warp>
struct GramMemory {
  typename Warp::template Shared<double> left, right;  // kGramTile * kGramSlab each
};

template <class Warp, class Source>
class GramMultiplier {
 public:
  DLV_DEVICE GramMultiplier(Warp& warp, GramMemory<Warp>& memory, const Source& source,
                            const GramShape& shape)
      : warp_(warp), memory_(memory), source_(source), shape_(shape) {}

  /// The tile of rows and columns from row_tile, column_tile >= row_tile on, its terms in `part`;
  /// into `out`, n x n, and mirrored.
  DLV_DEVICE void Run(uint64_t row_tile, uint64_t column_tile, uint64_t part, double* out) {
    const uint64_t row = row_tile * kGramTile, column = column_tile * kGramTile;
    const uint64_t begin = part * shape_.part_terms, end = begin + shape_.part_terms;
    PerThread<Sums> sums;
    warp_.Each([&](unsigned thread) { sums[thread] = Sums{}; });
    for (uint64_t term = begin; term < end && term < shape_.k; term += kGramSlab) {
      LoadSlab(memory_.left, row, term);
      LoadSlab(memory_.right, column, term);
      warp_.Sync();
      warp_.Each([&](unsigned thread) { AddSlab(thread, sums[thread]); });
      warp_.Sync();  // before the slabs are written again
    }
    warp_.Each([&](unsigned thread) {
      DLV_UNROLL
      for (unsigned r = 0; r < kRows; ++r) {
        DLV_UNROLL
        for (unsigned c = 0; c < kColumns; ++c) {
          const uint64_t i = row + FirstRow(thread) + r, j = column + FirstColumn(thread) + c;
          if (i > j || j >= shape_.n) continue;
          out[i * shape_.n + j] = out[j * shape_.n + i] = sums[thread].of[r][c];
        }
      }
    });
  }

 private:
  static constexpr unsigned kRows = 8, kColumns = 4;
  template <class U>
  using PerThread = typename Warp::template PerThread<U>;
  using Slab = typename Warp::template Shared<double>;
  struct Sums {
    double of[kRows][kColumns];
  };

  DLV_DEVICE static unsigned FirstRow(unsigned thread) { return thread / 8 * kRows; }
  DLV_DEVICE static unsigned FirstColumn(unsigned thread) { return thread % 8 * kColumns; }

  /// A row a thread; zeros behind the ends.
  DLV_DEVICE void LoadSlab(Slab& slab, uint64_t row, uint64_t term) {
    warp_.Each([&](unsigned thread) {
      DLV_UNROLL
      for (unsigned k = 0; k < kGramSlab; ++k) {
        const bool inside = row + thread < shape_.n && term + k < shape_.k;
        slab.Set(thread, k * kGramTile + thread, inside ? source_.At(row + thread, term + k) : 0.0);
      }
    });
  }

  DLV_DEVICE void AddSlab(unsigned thread, Sums& sums) {
    DLV_UNROLL
    for (unsigned k = 0; k < kGramSlab; ++k) {
      double left[kRows], right[kColumns];
      DLV_UNROLL
      for (unsigned r = 0; r < kRows; ++r)
        left[r] = memory_.left.Get(thread, k * kGramTile + FirstRow(thread) + r);
      DLV_UNROLL
      for (unsigned c = 0; c < kColumns; ++c)
        right[c] = memory_.right.Get(thread, k * kGramTile + FirstColumn(thread) + c);
      DLV_UNROLL
      for (unsigned r = 0; r < kRows; ++r) {
        DLV_UNROLL
        for (unsigned c = 0; c < kColumns; ++c)
          sums.of[r][c] = FusedSum(left[r], right[c], sums.of[r][c]);
      }
    }
  }

  Warp& warp_;
  GramMemory<Warp>& memory_;
  const Source source_;
  const GramShape shape_;
};

/// Adds up the parts of row i of the product, and the squares of its elements. `sums`: for each row
/// its squares, then for each its element on the diagonal.
template <class Warp>
DLV_DEVICE void FoldRow(Warp& warp, const GramShape& shape, const double* parts, uint64_t i,
                        double* product, double* sums) {
  typename Warp::template PerThread<double> squares;
  warp.Each([&](unsigned thread) {
    squares[thread] = 0;
    for (uint64_t j = thread; j < shape.n; j += kWarp) {
      const uint64_t at = i * shape.n + j;
      double sum = parts[at];
      for (uint64_t part = 1; part < shape.parts; ++part)
        sum = RoundedSum(sum, parts[part * shape.n * shape.n + at]);
      product[at] = sum;
      squares[thread] = RoundedSum(squares[thread], RoundedSquare(sum));
      if (j == i) sums[shape.n + i] = sum;
    }
  });
  const double all = TreeSum(warp, squares);
  warp.Each([&](unsigned thread) {
    if (thread == 0) sums[i] = all;
  });
}

/// Trace and squares of the product, and what the next round divides it by: a power of two next to
/// its Frobenius norm.
template <class Warp>
DLV_DEVICE void CloseRound(Warp& warp, const double* sums, uint64_t n, GramRound& round) {
  const double squares = SumOfParts(warp, sums, n);
  const double trace = SumOfParts(warp, sums + n, n);
  warp.Each([&](unsigned thread) {
    if (thread != 0) return;
    round.trace = trace;
    round.squares = squares;
    const bool scales = squares > 0 && squares < Infinity();
    round.exponent = scales ? ExponentOf(squares) >> 1 : 0;  // rounds down, below 0 too
  });
}

}  // namespace dlv::kernels::cuda

#pragma once
/// \file
/// The first two bodies of AssembleBySignificance (kernels.h). One warp counts the symbols of a
/// tile; one warp a chunk adds these up and finds where the bits of each symbol begin: bits come in
/// the order of their steps, those of a step by falling class (docs/format/codec.md §6.5), so a
/// warp goes from step to step, and each thread has one of the classes that have a bit there.

#include "engine/kernels/cuda/element_format.h"
#include "engine/kernels/cuda/significance_jobs.h"
#include "engine/kernels/cuda/warp.h"

namespace dlv::kernels::cuda {

/// A number for each symbol.
template <class Warp>
struct SymbolNumbers {
  typename Warp::template Shared<uint32_t> of;  // kSymbolKinds
};

/// What 32 components in a row find out about each other.
template <class Warp>
struct SymbolStep {
  typename Warp::template PerThread<uint32_t> symbol;  ///< kSymbolKinds behind the end
  typename Warp::template PerThread<uint32_t> rank;    ///< components of the symbol before
};

/// Takes symbols `from` to `from` + 31, with `numbers` the components of each symbol before; counts
/// them.
template <class Warp>
DLV_DEVICE SymbolStep<Warp> TakeSymbols(Warp& warp, SymbolNumbers<Warp>& numbers,
                                        const uint8_t* symbols, uint32_t count, uint32_t from) {
  SymbolStep<Warp> step;
  warp.Each([&](unsigned thread) {
    step.symbol[thread] = from + thread < count ? symbols[from + thread] : kSymbolKinds;
  });
  const auto alike = warp.Match(step.symbol);
  warp.Each([&](unsigned thread) {
    if (step.symbol[thread] == kSymbolKinds) return;
    step.rank[thread] =
        numbers.of.Get(thread, step.symbol[thread]) + CountOnes(alike[thread] & BitsBelow(thread));
  });
  warp.Sync();
  warp.Each([&](unsigned thread) {
    const bool leads = (alike[thread] & BitsBelow(thread)) == 0;
    if (step.symbol[thread] == kSymbolKinds || !leads) return;
    numbers.of.Set(thread, step.symbol[thread], step.rank[thread] + CountOnes(alike[thread]));
  });
  warp.Sync();
  return step;
}

/// Writes how many components of a tile have each symbol.
template <class Warp>
DLV_DEVICE void CountSymbolsOf(Warp& warp, SymbolNumbers<Warp>& numbers, const SignificanceJob& job,
                               uint32_t tile) {
  warp.Each([&](unsigned thread) {
    for (uint32_t symbol = thread; symbol < kSymbolKinds; symbol += kWarp)
      numbers.of.Set(thread, symbol, 0);
  });
  warp.Sync();
  const uint32_t begin = tile * kRankTile;
  const uint32_t end = job.count - begin < kRankTile ? job.count : begin + kRankTile;
  for (uint32_t from = begin; from < end; from += kWarp)
    (void)TakeSymbols(warp, numbers, job.symbols, end, from);
  warp.Each([&](unsigned thread) {
    for (uint32_t symbol = thread; symbol < kSymbolKinds; symbol += kWarp)
      job.ranks[tile * kSymbolKinds + symbol] = numbers.of.Get(thread, symbol);
  });
}

template <class Warp>
class BitPlacer {
 public:
  DLV_DEVICE BitPlacer(Warp& warp, SymbolNumbers<Warp>& numbers, const ElementFormat& format,
                       const SignificanceJob& job)
      : warp_(warp),
        numbers_(numbers),
        job_(job),
        classes_(1u << format.exponent_bits),
        mantissa_bits_(job.stored_bits - 1) {}

  DLV_DEVICE SignificanceFault Run() {
    if (!AddUpTiles()) return SignificanceFault::kSymbols;
    const uint32_t highest = ClassOf(job_.max_symbol);
    const uint32_t last = 2 * (classes_ + mantissa_bits_) + 1;  // of class 0
    for (uint32_t step = 2 * (classes_ - 1 - highest); step <= last; ++step) {
      while (level_ + 1 < job_.level_count && step > job_.origin + job_.depths[level_]) EndLevel();
      PlaceStep(step);
    }
    while (level_ < job_.level_count) EndLevel();
    return sizes_fit_ ? SignificanceFault::kNone : SignificanceFault::kLevels;
  }

 private:
  template <class T>
  using PerThread = typename Warp::template PerThread<T>;

  /// Turns the counts of tiles into sums of those before; false: a symbol is above the largest.
  DLV_DEVICE bool AddUpTiles() {
    PerThread<bool> wrong;
    warp_.Each([&](unsigned thread) {
      wrong[thread] = false;
      for (uint32_t symbol = thread; symbol < kSymbolKinds; symbol += kWarp) {
        uint32_t sum = 0;
        for (uint32_t tile = 0; tile < RankTiles(job_.count); ++tile) {
          uint32_t& cell = job_.ranks[tile * kSymbolKinds + symbol];
          const uint32_t own = cell;
          cell = sum;
          sum += own;
        }
        numbers_.of.Set(thread, symbol, sum);
        wrong[thread] = wrong[thread] || (sum != 0 && symbol > job_.max_symbol);
      }
    });
    warp_.Sync();
    return warp_.Ballot(wrong) == 0;
  }

  DLV_DEVICE uint32_t ClassOf(uint32_t symbol) const {
    return symbol <= job_.zero_rule ? 0 : job_.first + symbol - job_.zero_rule - 1;
  }

  /// kSymbolKinds: none.
  DLV_DEVICE uint32_t SymbolOf(uint32_t of) const {
    if (of == 0) return job_.zero_rule;
    if (of < job_.first || of >= classes_) return kSymbolKinds;
    const uint32_t symbol = of - job_.first + job_.zero_rule + 1;
    return symbol <= job_.max_symbol ? symbol : kSymbolKinds;
  }

  DLV_DEVICE void EndLevel() {
    sizes_fit_ = sizes_fit_ && (at_ - level_begin_ + 7) / 8 == job_.level_bytes[level_];
    at_ = level_begin_ = (at_ + 7) / 8 * 8;
    ++level_;
  }

  /// In the order of the bits: the last mantissa bit of the highest class, ..., the first one of
  /// the lowest, then the sign of a still lower class. Classes have the parity of the step.
  DLV_DEVICE void PlaceStep(uint32_t step) {
    const uint32_t octave = step / 2;
    for (uint32_t from = 0; from <= mantissa_bits_; from += kWarp) {
      PerThread<uint32_t> symbol, bits;
      warp_.Each([&](unsigned thread) {
        const uint32_t bit = BitOf(from + thread);
        // Below zero it wraps, and is no class.
        const uint32_t of = bit == 0 ? classes_ - 1 - octave : classes_ + bit - octave;
        const bool has = from + thread <= mantissa_bits_ && of % 2 == step % 2;
        symbol[thread] = has ? SymbolOf(of) : kSymbolKinds;
        bits[thread] = symbol[thread] == kSymbolKinds ? 0 : numbers_.of.Get(thread, symbol[thread]);
      });
      const PerThread<uint32_t> before = warp_.Before(bits);
      warp_.Each([&](unsigned thread) {
        if (symbol[thread] == kSymbolKinds) return;
        job_.places[symbol[thread] * job_.stored_bits + BitOf(from + thread)] =
            at_ + before[thread];
      });
      at_ += warp_.Sum(bits);
    }
  }

  DLV_DEVICE uint32_t BitOf(uint32_t turn) const {
    return turn < mantissa_bits_ ? mantissa_bits_ - turn : 0;
  }

  Warp& warp_;
  SymbolNumbers<Warp>& numbers_;
  const SignificanceJob& job_;
  const uint32_t classes_;
  const uint32_t mantissa_bits_;
  uint32_t at_ = 0, level_begin_ = 0;  // in bits
  uint32_t level_ = 0;
  bool sizes_fit_ = true;
};

}  // namespace dlv::kernels::cuda

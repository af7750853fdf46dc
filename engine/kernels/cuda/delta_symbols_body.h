#pragma once
/// \file
/// The body of DecodeDeltaSymbols (kernels.h): the symbols of one level of one chunk, by one warp.
/// Symbols belong to coded components only, so components are looked at in order, 64 at a time, and
/// the contexts of the coded ones wait in a ring until a round of the lanes has all of its own.

#include "engine/kernels/cuda/delta_prediction.h"
#include "engine/kernels/cuda/rans_lanes.h"
#include "engine/kernels/cuda/warp.h"

namespace dlv::kernels::cuda {

inline constexpr uint32_t kDeltaContexts = 2 * kDeltaScales;
inline constexpr uint32_t kContextRing = 128;

template <class Warp>
struct DeltaMemory {
  typename Warp::template Shared<uint16_t> starts;  // kDeltaContexts * kDeltaTableRow
  typename Warp::template Shared<uint16_t> ring;    // kContextRing
};

template <class Warp, class T>
class DeltaSymbolDecoder {
 public:
  DLV_DEVICE DeltaSymbolDecoder(Warp& warp, DeltaMemory<Warp>& memory, const DeltaFormat& format,
                                unsigned level, const DeltaJob& job)
      : warp_(warp), memory_(memory), format_(format), level_(level), job_(job), lanes_(warp) {}

  DLV_DEVICE DeltaFault Run() {
    if (job_.mode != DeltaMode::kCoded) return DeltaFault::kNone;
    if (!ReadTables()) return DeltaFault::kTable;
    total_ = CountCoded();
    if (total_ == 0) return job_.coded_bytes == 0 ? DeltaFault::kNone : DeltaFault::kSymbols;
    if (!lanes_.Start(job_.coded, job_.coded_bytes, total_)) return DeltaFault::kSymbols;
    for (uint32_t from = 0; from < job_.count; from += 2 * kWarp) {
      Queue(from);
      Queue(from + kWarp);
      warp_.Sync();
      while (queued_ - done_ >= lanes_.lanes()) Round(lanes_.lanes());
      warp_.Sync();  // before the ring's cells are written again
    }
    if (queued_ != done_) Round(queued_ - done_);
    return lanes_.Finished() ? DeltaFault::kNone : DeltaFault::kSymbols;
  }

 private:
  template <class U>
  using PerThread = typename Warp::template PerThread<U>;

  /// The first slot of each symbol of each context.
  DLV_DEVICE bool ReadTables() {
    const uint32_t contexts = level_ == 0 ? kDeltaScales : kDeltaContexts;
    PerThread<bool> wrong;
    warp_.Each([&](unsigned thread) {
      wrong[thread] = false;
      for (uint32_t context = thread; context < contexts; context += kWarp) {
        uint32_t start = 0;
        for (uint32_t symbol = 0; symbol < kDeltaTableRow; ++symbol) {
          const uint32_t cell = context * kDeltaTableRow + symbol;
          memory_.starts.Set(thread, cell, static_cast<uint16_t>(start));
          start += job_.frequencies[cell];
        }
        wrong[thread] = wrong[thread] || start != 1u << kDeltaTableBits;
      }
    });
    warp_.Sync();
    return warp_.Ballot(wrong) == 0;
  }

  DLV_DEVICE bool IsCoded(uint32_t i) const {
    return i < job_.count && job_.block_scales[i / kDeltaBlock] != 0 &&
           StateOf(job_, level_, i) <= 1;
  }

  DLV_DEVICE uint32_t CountCoded() {
    PerThread<uint32_t> coded;
    warp_.Each([&](unsigned thread) {
      coded[thread] = 0;
      for (uint32_t i = thread; i < job_.count; i += kWarp) coded[thread] += IsCoded(i) ? 1 : 0;
    });
    return warp_.Sum(coded);
  }

  /// Puts the contexts of coded components `from` to `from` + 31 into the ring.
  DLV_DEVICE void Queue(uint32_t from) {
    PerThread<bool> coded;
    warp_.Each([&](unsigned thread) { coded[thread] = IsCoded(from + thread); });
    const uint32_t mask = warp_.Ballot(coded);
    warp_.Each([&](unsigned thread) {
      if (!coded[thread]) return;
      const uint32_t i = from + thread;
      const uint32_t state = StateOf(job_, level_, i);
      const uint32_t place = queued_ + CountOnes(mask & BitsBelow(thread));
      const uint32_t context = ScaleOf<T>(format_, job_, i) + kDeltaScales * state;
      memory_.ring.Set(thread, place % kContextRing, static_cast<uint16_t>(context));
    });
    queued_ += CountOnes(mask);
  }

  /// One symbol of each of the first `taking` lanes.
  DLV_DEVICE void Round(uint32_t taking) {
    PerThread<bool> took[2];
    warp_.Each([&](unsigned thread) {
      for (unsigned half = 0; half < 2; ++half) {
        const unsigned lane = thread + half * kWarp;
        took[half][thread] = lane < taking;
        if (lane >= taking) continue;
        const uint32_t row =
            memory_.ring.Get(thread, (done_ + lane) % kContextRing) * kDeltaTableRow;
        const uint32_t x = lanes_.state[half][thread];
        const uint32_t slot = x & ((1u << kDeltaTableBits) - 1);
        const uint32_t symbol = SymbolOf(thread, row, slot);
        const uint32_t start = memory_.starts.Get(thread, row + symbol);
        const uint32_t end = symbol + 1 < kDeltaTableRow
                                 ? memory_.starts.Get(thread, row + symbol + 1)
                                 : 1u << kDeltaTableBits;
        lanes_.state[half][thread] = (end - start) * (x >> kDeltaTableBits) + slot - start;
        job_.symbols[done_ + lane] = static_cast<uint8_t>(symbol);
      }
    });
    lanes_.Refill(took);
    done_ += taking;
  }

  /// The last symbol that starts at the slot or before: symbols of frequency 0 start where the next
  /// one does.
  DLV_DEVICE uint32_t SymbolOf(unsigned thread, uint32_t row, uint32_t slot) const {
    uint32_t symbol = 0;
    DLV_UNROLL
    for (uint32_t step = kDeltaTableRow / 2; step > 0; step /= 2) {
      if (memory_.starts.Get(thread, row + symbol + step) <= slot) symbol += step;
    }
    return symbol;
  }

  Warp& warp_;
  DeltaMemory<Warp>& memory_;
  const DeltaFormat format_;
  const unsigned level_;
  const DeltaJob job_;
  RansLanes<Warp> lanes_;
  uint32_t total_ = 0;
  uint32_t queued_ = 0, done_ = 0;  // symbols
};

}  // namespace dlv::kernels::cuda

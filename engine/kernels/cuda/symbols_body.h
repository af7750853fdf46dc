#pragma once
/// \file
/// The body of DecodeSymbols (kernels.h): one warp decodes one stream (rans_lanes.h).

#include "engine/kernels/cuda/jobs.h"
#include "engine/kernels/cuda/rans_lanes.h"
#include "engine/kernels/cuda/warp.h"

namespace dlv::kernels::cuda {

/// Shared memory of a warp: frequencies and first slots of symbols, slots, what the table's reader
/// found.
template <class Warp>
struct SymbolMemory {
  typename Warp::template Shared<uint16_t> frequencies;  // 256
  typename Warp::template Shared<uint16_t> starts;       // 256
  typename Warp::template Shared<uint32_t> slots;        // kSymbolSlots
  typename Warp::template Shared<uint32_t> found;        // kTableFacts
};
inline constexpr unsigned kSymbolSlots = 4096;
enum TableFact : unsigned { kTableValid, kTableFirst, kTableLast, kTableBytes, kTableFacts };

/// Bits of the table, least significant first; zeros behind the end, which is remembered.
struct TableBits {
  const uint8_t* bytes;
  uint32_t size;
  uint32_t position = 0;  // in bits

  /// At most 16 bits.
  DLV_DEVICE uint32_t Get(unsigned width) {
    uint32_t window = 0;
    for (uint32_t k = 0; k < 3; ++k) {
      const uint32_t at = position / 8 + k;
      window |= (at < size ? static_cast<uint32_t>(bytes[at]) : 0) << 8 * k;
    }
    const uint32_t value = window >> position % 8 & ((1u << width) - 1);
    position += width;
    return value;
  }
  DLV_DEVICE uint32_t used_bytes() const { return (position + 7) / 8; }
  DLV_DEVICE bool ok() const { return used_bytes() <= size; }
  /// Whether the rest of the last byte is zero.
  DLV_DEVICE bool PaddingIsZero() {
    const unsigned rest = (8 - position % 8) % 8;
    return Get(rest) == 0;
  }
};

template <class Warp>
class SymbolDecoder {
 public:
  DLV_DEVICE SymbolDecoder(Warp& warp, SymbolMemory<Warp>& memory, const SymbolJob& job)
      : warp_(warp), memory_(memory), job_(job), lanes_(warp) {}

  DLV_DEVICE SymbolFault Run() {
    if (job_.count == 0) {
      return job_.coded_bytes == 0 ? SymbolFault::kNone : SymbolFault::kStream;
    }
    scale_ = job_.count >= RansLanes<Warp>::kWideFrom ? 12 : 10;
    if (!ReadTable()) return SymbolFault::kTable;
    FillSlots();
    if (!lanes_.Start(job_.coded + table_bytes_, job_.coded_bytes - table_bytes_, job_.count)) {
      return SymbolFault::kStream;
    }
    for (uint32_t base = 0; base < job_.count; base += lanes_.lanes()) Round(base);
    return lanes_.Finished() ? SymbolFault::kNone : SymbolFault::kStream;
  }

 private:
  template <class T>
  using PerThread = typename Warp::template PerThread<T>;

  // ---- the table (docs/format/codec.md §5.2)

  DLV_DEVICE static unsigned NextClass(TableBits& in, unsigned previous) {
    if (in.Get(1) == 0) return previous;
    if (in.Get(1) == 0) return previous + 1;
    if (in.Get(1) == 0) return previous - 1;  // wraps at 0: too large for any scale
    return in.Get(4);
  }

  /// By one thread. Frequencies outside of first..last stay as they are.
  DLV_DEVICE bool ReadFrequencies(unsigned thread, TableBits& in, uint32_t first, uint32_t last) {
    if (first > last || last > job_.max_symbol) return false;
    uint32_t sum = 0;
    unsigned previous = 4;
    for (uint32_t symbol = first; symbol <= last; ++symbol) {
      const unsigned now = NextClass(in, previous);
      if (now > scale_) return false;
      const uint32_t frequency = now == 0 ? 0 : 1u << (now - 1) | in.Get(now - 1);
      memory_.frequencies.Set(thread, symbol, static_cast<uint16_t>(frequency));
      sum += frequency;
      previous = now;
    }
    return in.ok() && sum == 1u << scale_;
  }

  DLV_DEVICE bool ReadTable() {
    warp_.Each([&](unsigned thread) {
      if (thread != 0) return;
      TableBits in{job_.coded, job_.coded_bytes};
      const uint32_t first = in.Get(8);
      const uint32_t last = in.Get(8);
      const bool valid = ReadFrequencies(thread, in, first, last) && in.PaddingIsZero();
      memory_.found.Set(thread, kTableValid, valid ? 1 : 0);
      memory_.found.Set(thread, kTableFirst, first);
      memory_.found.Set(thread, kTableLast, last);
      memory_.found.Set(thread, kTableBytes, in.used_bytes());
    });
    warp_.Sync();
    bool valid = false;
    warp_.Each([&](unsigned thread) {
      valid = memory_.found.Get(thread, kTableValid) != 0;
      first_ = memory_.found.Get(thread, kTableFirst);
      last_ = memory_.found.Get(thread, kTableLast);
      table_bytes_ = memory_.found.Get(thread, kTableBytes);
    });
    return valid;
  }

  /// A symbol's first slot: the frequencies of all symbols before it, in falling order of
  /// frequency, equal ones ascending.
  DLV_DEVICE void FillSlots() {
    warp_.Each([&](unsigned thread) {
      for (uint32_t symbol = first_ + thread; symbol <= last_; symbol += kWarp) {
        const uint32_t own = memory_.frequencies.Get(thread, symbol);
        uint32_t start = 0;
        for (uint32_t other = first_; other <= last_; ++other) {
          const uint32_t frequency = memory_.frequencies.Get(thread, other);
          const bool before = frequency > own || (frequency == own && other < symbol);
          start += before ? frequency : 0;
        }
        memory_.starts.Set(thread, symbol, static_cast<uint16_t>(start));
      }
    });
    warp_.Sync();
    warp_.Each([&](unsigned thread) {
      for (uint32_t symbol = first_; symbol <= last_; ++symbol) {
        const uint32_t frequency = memory_.frequencies.Get(thread, symbol);
        if (frequency == 0) continue;  // its start may be the end of the slots
        const uint32_t start = memory_.starts.Get(thread, symbol);
        const uint32_t entry = symbol | frequency << 8;
        for (uint32_t k = thread; k < frequency; k += kWarp) {
          memory_.slots.Set(thread, start + k, entry | k << 20);
        }
      }
    });
    warp_.Sync();
  }

  // ---- the stream (§5.1)

  /// One symbol of each lane, from element `base` on.
  DLV_DEVICE void Round(uint32_t base) {
    PerThread<bool> took[2];
    warp_.Each([&](unsigned thread) {
      for (unsigned half = 0; half < 2; ++half) {
        const unsigned lane = thread + half * kWarp;
        took[half][thread] = lane < lanes_.lanes() && base + lane < job_.count;
        if (!took[half][thread]) continue;
        const uint32_t x = lanes_.state[half][thread];
        const uint32_t entry = memory_.slots.Get(thread, x & ((1u << scale_) - 1));
        lanes_.state[half][thread] = (entry >> 8 & 0xfff) * (x >> scale_) + (entry >> 20);
        job_.symbols[base + lane] = static_cast<uint8_t>(entry);
      }
    });
    lanes_.Refill(took);
  }

  Warp& warp_;
  SymbolMemory<Warp>& memory_;
  const SymbolJob job_;
  unsigned scale_ = 0;
  uint32_t first_ = 0, last_ = 0, table_bytes_ = 0;
  RansLanes<Warp> lanes_;
};

}  // namespace dlv::kernels::cuda

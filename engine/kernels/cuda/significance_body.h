#pragma once
/// \file
/// The last body of AssembleBySignificance (kernels.h): one warp puts a tile together, 32
/// components at a time. The bits of one symbol lie in the order of its components, so neighbours
/// of like exponents read the same bytes.

#include "engine/kernels/cuda/centre_bits.h"
#include "engine/kernels/cuda/significance_places_body.h"

namespace dlv::kernels::cuda {

/// Mantissa bits of an exponent that are known where the steps up to `last` are; -1: nor is the
/// sign.
DLV_DEVICE int KnownMantissa(const ElementFormat& format, uint32_t exponent, uint32_t last) {
  const int classes = 1 << format.exponent_bits;
  const auto of = static_cast<int>(exponent), most = static_cast<int>(format.mantissa_bits);
  const int steps = static_cast<int>(last) - of % 2;
  if (steps < 2 * (classes - 1 - of)) return -1;
  const int bits = steps / 2 - classes + of;
  return bits < 0 ? 0 : bits > most ? most : bits;
}

/// The centre of an element of which the bits with steps up to `last` are known and the others zero
/// (docs/progressive.md, "Centres"; engine/bounds/centre.h is the same in doubles).
template <class T>
DLV_DEVICE T SignificanceCentre(T bits, const ElementFormat& format, uint32_t last) {
  if (last == kWholeStep) return bits;
  const T ones = static_cast<T>((T{1} << format.exponent_bits) - 1);
  const T field = static_cast<T>(bits >> format.mantissa_bits) & ones;
  const unsigned least = 1 + format.exponent_bits;
  if (field == 0 || field == ones) return CentreBits(bits, format, least);
  const int known = KnownMantissa(format, static_cast<uint32_t>(field), last);
  return known < 0 ? T{0} : CentreBits(bits, format, least + static_cast<unsigned>(known));
}

template <class Warp, class T>
class SignificanceAssembler {
 public:
  DLV_DEVICE SignificanceAssembler(Warp& warp, SymbolNumbers<Warp>& numbers,
                                   const ElementFormat& format, PlaneOutput output,
                                   const SignificanceJob& job)
      : warp_(warp),
        numbers_(numbers),
        format_(format),
        output_(output),
        job_(job),
        last_(LastStepOf(job)) {}

  DLV_DEVICE void Run(uint32_t tile) {
    warp_.Each([&](unsigned thread) {
      for (uint32_t symbol = thread; symbol < kSymbolKinds; symbol += kWarp)
        numbers_.of.Set(thread, symbol, job_.ranks[tile * kSymbolKinds + symbol]);
    });
    warp_.Sync();
    const uint32_t begin = tile * kRankTile;
    const uint32_t end = job_.count - begin < kRankTile ? job_.count : begin + kRankTile;
    for (uint32_t from = begin; from < end; from += kWarp) {
      const SymbolStep<Warp> step = TakeSymbols(warp_, numbers_, job_.symbols, end, from);
      warp_.Each([&](unsigned thread) {
        if (from + thread >= end) return;
        Put(from + thread, ElementOf(step.symbol[thread], step.rank[thread]));
      });
    }
  }

 private:
  DLV_DEVICE T ElementOf(uint32_t symbol, uint32_t rank) const {
    if (symbol < job_.zero_rule) return 0;
    const uint32_t exponent =
        symbol == job_.zero_rule ? 0 : job_.first + symbol - job_.zero_rule - 1;
    T element = static_cast<T>(static_cast<T>(exponent) << format_.mantissa_bits);
    const int known = KnownMantissa(format_, exponent, last_);
    if (known < 0) return element;
    const uint32_t* const places = job_.places + symbol * job_.stored_bits;
    element =
        static_cast<T>(element | static_cast<T>(BitAt(places[0] + rank) << (8 * sizeof(T) - 1)));
    const auto wanted = static_cast<uint32_t>(known);
    const uint32_t stored = wanted < job_.stored_bits ? wanted : job_.stored_bits - 1;
    for (uint32_t bit = 1; bit <= stored; ++bit) {
      element = static_cast<T>(
          element | static_cast<T>(BitAt(places[bit] + rank) << (format_.mantissa_bits - bit)));
    }
    return element;
  }

  DLV_DEVICE T BitAt(uint32_t place) const {
    return static_cast<T>(job_.bits[place / 8] >> place % 8 & 1);
  }

  DLV_DEVICE void Put(uint32_t i, T element) const {
    if (output_ == PlaneOutput::kElements) {
      static_cast<T*>(job_.out)[i] = element;
      return;
    }
    const T centre = SignificanceCentre(element, format_, last_);
    if (output_ == PlaneOutput::kCentres) {
      static_cast<T*>(job_.out)[i] = centre;
    } else {
      static_cast<uint16_t*>(job_.out)[i] = Bf16Bits(static_cast<uint32_t>(centre));
    }
  }

  Warp& warp_;
  SymbolNumbers<Warp>& numbers_;
  const ElementFormat format_;
  const PlaneOutput output_;
  const SignificanceJob job_;
  const uint32_t last_;
};

}  // namespace dlv::kernels::cuda

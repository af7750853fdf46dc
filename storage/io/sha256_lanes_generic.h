#pragma once
/// \file
/// The rounds of SHA-256 (FIPS 180-4, 6.2.2) over vectors. In an unnamed namespace: each file that
/// includes this compiles its own copy for its own instruction set.

#include "storage/io/sha256_lanes.h"

namespace dlv::io {
namespace {

/// `Ops`: Vector, and Rotate<n>, Shift<n>, Xor3, Choose, Majority, Add, Same on it. `words`: the
/// block, which is overwritten.
template <class Ops>
inline void Sha256Rounds(typename Ops::Vector* words, typename Ops::Vector* state) {
  using V = typename Ops::Vector;
  V a = state[0], b = state[1], c = state[2], d = state[3];
  V e = state[4], f = state[5], g = state[6], h = state[7];
  for (unsigned first = 0; first < 64; first += 16) {
#pragma GCC unroll 16
    for (unsigned i = 0; i < 16; ++i) {
      if (first != 0) {
        const V early = words[(i + 1) & 15];
        const V late = words[(i + 14) & 15];
        const V small0 = Ops::Xor3(Ops::template Rotate<7>(early), Ops::template Rotate<18>(early),
                                   Ops::template Shift<3>(early));
        const V small1 = Ops::Xor3(Ops::template Rotate<17>(late), Ops::template Rotate<19>(late),
                                   Ops::template Shift<10>(late));
        words[i] = Ops::Add(Ops::Add(words[i], small0), Ops::Add(words[(i + 9) & 15], small1));
      }
      const V big1 = Ops::Xor3(Ops::template Rotate<6>(e), Ops::template Rotate<11>(e),
                               Ops::template Rotate<25>(e));
      const V big0 = Ops::Xor3(Ops::template Rotate<2>(a), Ops::template Rotate<13>(a),
                               Ops::template Rotate<22>(a));
      const V known = Ops::Add(Ops::Add(words[i], Ops::Same(kSha256Constants[first + i])), h);
      const V one = Ops::Add(known, Ops::Add(big1, Ops::Choose(e, f, g)));
      const V two = Ops::Add(big0, Ops::Majority(a, b, c));
      h = g;
      g = f;
      f = e;
      e = Ops::Add(d, one);
      d = c;
      c = b;
      b = a;
      a = Ops::Add(one, two);
    }
  }
  const V after[8] = {a, b, c, d, e, f, g, h};
  for (unsigned i = 0; i < 8; ++i) state[i] = Ops::Add(state[i], after[i]);
}

}  // namespace
}  // namespace dlv::io

#pragma once
/// \file
/// An expansion straight from memory is microcode on some processors: InRegister keeps the compiler
/// from merging the load into it. Only for files compiled for AVX-512.

#include <immintrin.h>

namespace dlv::codec {
namespace {

template <typename Vector>
inline Vector InRegister(Vector value) {
  __asm__("" : "+v"(value));
  return value;
}

}  // namespace
}  // namespace dlv::codec

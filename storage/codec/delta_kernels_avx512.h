#pragma once
/// \file
/// The AVX-512 form of the delta coder's loops, in the two variants of kernels_avx512.h.

#include "storage/codec/delta_extrapolation.h"
#include "storage/codec/delta_levels_avx512.h"
#include "storage/codec/delta_model_avx512.h"
#include "storage/codec/delta_tables_avx512.h"

namespace dlv::codec {
namespace {

constexpr DeltaKernels Avx512DeltaKernelsCalled(const char* name) {
  return {name,
          Avx512DeltaModel,
          Avx512DeltaEncodeLevel,
          Avx512DeltaPredict,
          Extrapolate,
          Avx512DeltaContexts,
          Avx512DeltaDecodeLevel,
          Avx512DeltaJoin,
          Avx512DeltaCount,
          Avx512DeltaFillTable};
}

}  // namespace
}  // namespace dlv::codec

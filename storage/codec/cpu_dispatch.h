#pragma once
/// \file
/// Which form of the kernels runs. Files named *_avx2.cc, *_avx512.cc and *_avx512vbmi.cc in this
/// folder are compiled for these instruction sets and may include only the C headers, <immintrin.h>
/// and kernel declarations: an inline function of the standard library compiled there could end up
/// being called on a machine without these instructions.

#include <array>

namespace dlv::codec {

enum class KernelLevel {
  kReference = 0,
  kAvx2 = 1,        ///< AVX2, BMI1, BMI2, LZCNT
  kAvx512 = 2,      ///< AVX-512 F BW VL DQ CD, and all of kAvx2
  kAvx512Vbmi = 3,  ///< and VBMI, VBMI2, GFNI
};

/// All of them, the best last.
inline constexpr std::array kKernelLevels = {KernelLevel::kReference, KernelLevel::kAvx2,
                                             KernelLevel::kAvx512, KernelLevel::kAvx512Vbmi};

/// The best form that this machine can run; DLV_KERNELS=reference|avx2|avx512|avx512vbmi in the
/// environment lowers it.
KernelLevel ActiveKernelLevel();

/// Whether PDEP and PEXT take a cycle or so: not on AMD's Zen 1 and 2, where they are microcode.
bool HasFastPdep();

/// For tests: uses `level` from now on if the machine can; returns whether it can. Not thread-safe.
bool SetKernelLevel(KernelLevel level);

const char* NameOf(KernelLevel level);

}  // namespace dlv::codec

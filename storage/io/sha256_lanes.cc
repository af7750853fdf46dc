#include "storage/io/sha256_lanes.h"

#include <cstdlib>
#include <string_view>

#if defined(__x86_64__)
#include <cpuid.h>
#endif

namespace dlv::io {

#if defined(__x86_64__)

namespace {

/// Instructions for SHA-256 itself: two messages with them are faster than eight in AVX2.
bool HasShaInstructions() {
  unsigned eax = 0;
  unsigned ebx = 0;
  unsigned ecx = 0;
  unsigned edx = 0;
  return __get_cpuid_count(7, 0, &eax, &ebx, &ecx, &edx) != 0 && (ebx >> 29 & 1) != 0;
}

const Sha256Lanes* Choose() {
  const char* const wish = std::getenv("DLV_KERNELS");
  const std::string_view only = wish == nullptr ? "" : wish;
  if (only == "reference") return nullptr;
  if (only != "avx2" && CanRun(Avx512Sha256Lanes())) return &Avx512Sha256Lanes();
  if (CanRun(ShaInstructionLanes())) return &ShaInstructionLanes();
  if (CanRun(Avx2Sha256Lanes())) return &Avx2Sha256Lanes();
  return nullptr;
}

const Sha256Lanes* ChoosePaired() {
  const char* const wish = std::getenv("DLV_KERNELS");
  if (wish != nullptr && std::string_view(wish) == "reference") return nullptr;
  return CanRun(ShaInstructionLanes()) ? &ShaInstructionLanes() : nullptr;
}

}  // namespace

bool CanRun(const Sha256Lanes& form) {
  __builtin_cpu_init();
  if (form.lanes == 2) return HasShaInstructions() && __builtin_cpu_supports("sse4.1");
  if (form.lanes == 8) return __builtin_cpu_supports("avx2");
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw");
}

const Sha256Lanes* FastSha256Lanes() {
  static const Sha256Lanes* const kForm = Choose();
  return kForm;
}

const Sha256Lanes* PairedSha256Lanes() {
  static const Sha256Lanes* const kForm = ChoosePaired();
  return kForm;
}

#else

bool CanRun(const Sha256Lanes&) { return false; }

const Sha256Lanes* FastSha256Lanes() { return nullptr; }
const Sha256Lanes* PairedSha256Lanes() { return nullptr; }

#endif

}  // namespace dlv::io

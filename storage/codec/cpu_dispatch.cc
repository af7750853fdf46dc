#include "storage/codec/cpu_dispatch.h"

#include <atomic>
#include <cstdlib>
#include <string_view>

#include "storage/codec/kernels.h"
#include "storage/codec/possible_kernels.h"

namespace dlv::codec {

bool MachineHas(KernelLevel level) {
#if defined(DLV_X86_KERNELS)
  __builtin_cpu_init();
  const bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") &&
                    __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("popcnt");
  if (level == KernelLevel::kAvx2) return avx2;
  const bool avx512 = avx2 && __builtin_cpu_supports("avx512f") &&
                      __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") &&
                      __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512cd");
  if (level == KernelLevel::kAvx512) return avx512;
  if (level == KernelLevel::kAvx512Vbmi) {
    return avx512 && __builtin_cpu_supports("avx512vbmi") &&
           __builtin_cpu_supports("avx512vbmi2") && __builtin_cpu_supports("gfni");
  }
#endif
  return level == KernelLevel::kReference;
}

namespace {

KernelLevel BestLevel() {
  KernelLevel highest = kKernelLevels.back();
  if (const char* wish = std::getenv("DLV_KERNELS"); wish != nullptr) {
    for (const KernelLevel level : kKernelLevels) {
      if (std::string_view(wish) == NameOf(level)) highest = level;
    }
  }
  KernelLevel best = KernelLevel::kReference;
  for (const KernelLevel level : kKernelLevels) {
    if (level <= highest && MachineHas(level)) best = level;
  }
  return best;
}

std::atomic<KernelLevel>& Level() {
  static std::atomic<KernelLevel> level{BestLevel()};
  return level;
}

}  // namespace

KernelLevel ActiveKernelLevel() { return Level().load(std::memory_order_relaxed); }

bool HasFastPdep() {
#if defined(DLV_X86_KERNELS)
  static const bool kFast = [] {
    __builtin_cpu_init();
    return __builtin_cpu_supports("bmi2") && !__builtin_cpu_is("amdfam17h");
  }();
  return kFast;
#else
  return false;
#endif
}

bool SetKernelLevel(KernelLevel level) {
  if (!MachineHas(level)) return false;
  Level().store(level, std::memory_order_relaxed);
  return true;
}

const char* NameOf(KernelLevel level) {
  switch (level) {
    case KernelLevel::kReference:
      return "reference";
    case KernelLevel::kAvx2:
      return "avx2";
    case KernelLevel::kAvx512:
      return "avx512";
    case KernelLevel::kAvx512Vbmi:
      return "avx512vbmi";
  }
  return "unknown";
}

const Kernels& ActiveKernels() {
#if defined(DLV_X86_KERNELS)
  switch (ActiveKernelLevel()) {
    case KernelLevel::kAvx512Vbmi:
      return Avx512VbmiKernels();
    case KernelLevel::kAvx512:
      return Avx512Kernels();
    case KernelLevel::kAvx2:
      return Avx2Kernels();
    case KernelLevel::kReference:
      break;
  }
#endif
  return ReferenceKernels();
}

}  // namespace dlv::codec
